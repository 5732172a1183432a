#include "cli/context.hpp"

namespace sitrep::cli {

Command global_options(Globals& globals) {
  Command options("", "Global options");
  options.option("-C", globals.folder, "DIR", "Run as if started in DIR").completes("folder");
  options.option("--config", globals.config, "FILE", "Use this sitrep.toml; its folder is the workspace")
      .completes("file");
  options.option("--store", globals.store, "FILE", "Use this store instead of .sitrep/store.db of the workspace")
      .completes("file");
  options.option("--as-of", globals.as_of, "TIME", "Show what was known at TIME, which is also the present where --now says no other");
  options.option("--now", globals.now, "TIME", "Treat TIME as the present, for reproducible runs ($SITREP_NOW)");
  options.option("--format", globals.format, "FORMAT", "How data is printed; each command lists its formats");
  options.option("--json", globals.json, "The same as --format json; errors are JSON too");
  options.option("--fields", globals.fields, "A,B", "Print these columns, in this order");
  options.option("-o,--output", globals.outputs, "FILE", "Write data to FILE, replaced as a whole at the end")
      .completes("file");
  options.option("--deadline", globals.deadline, "DURATION", "Stop the whole run after 90s, 10m, 2h …");
  options.option("-q,--quiet", globals.quiet, "No notes and no progress");
  options.option("-v,--verbose", globals.verbose, "More detail on standard error");
  options.option("--no-color", globals.no_color, "No colour ($NO_COLOR)");
  static bool reported_by_the_parser = false;
  options.option("--version", reported_by_the_parser, "Print the version");
  options.option("-h,--help", reported_by_the_parser, "Print help");
  return options;
}

}  // namespace sitrep::cli
