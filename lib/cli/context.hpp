#pragma once

#include <functional>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "cli/table.hpp"
#include "config/config.hpp"
#include "store/store.hpp"

namespace sitrep::cli {

/// The process around a run, passed in so that tests can replace it.
struct World {
  std::ostream* out = nullptr;
  std::ostream* err = nullptr;
  std::istream* in = nullptr;
  bool out_is_terminal = false;
  bool err_is_terminal = false;
  bool in_is_terminal = false;
  int width = 80;  ///< columns of the terminal; 80 elsewhere
  config::Environment environment;
  const Clock* clock = nullptr;
  std::filesystem::path working_folder;
};

/// Values of the global options.
struct Globals {
  std::optional<std::string> folder, config, store, as_of, now, format, output, deadline, fields;
  bool quiet = false, verbose = false, no_color = false, json = false;
};

/// What a command runs with. Everything opens on first use.
class Context {
 public:
  Context(World world, Globals globals);
  ~Context();

  std::ostream& out();  ///< data; the -o file when given
  std::ostream& err();  ///< progress, notes, errors
  World& world() { return world_; }
  const Globals& globals() const { return globals_; }

  UnixTime now();  ///< --now, SITREP_NOW, --as-of, or the clock
  std::optional<UnixTime> as_of();
  const config::Config& config();  ///< Error{config} outside a workspace
  bool has_workspace();
  std::filesystem::path workspace_folder();
  std::filesystem::path store_file();
  store::Store& store();            ///< read-only, as of --as-of
  store::Store open_for_writing();  ///< takes the writer's lock
  /// TIME of an option; Error{usage} names the option.
  UnixTime time(std::string_view option, std::string_view text);

  /// "text", "json", … as --format and --json say; the command's first format by default.
  std::string format();
  bool color();  ///< for out
  int width();

  /// Prints a table as text, json, csv, ndjson or markdown as asked. `schema` is the command's: "status" →
  /// "sitrep.status/1".
  void print(const Table& table, std::string_view schema);
  /// A note on stderr unless -q.
  void note(std::string_view text);
  /// More detail on stderr with -v.
  void detail(std::string_view text);

  /// Set by the parser: the formats of the command that runs.
  std::vector<std::string> allowed_formats;

 private:
  struct Lazy;
  World world_;
  Globals globals_;
  std::unique_ptr<Lazy> lazy_;
};

}  // namespace sitrep::cli
