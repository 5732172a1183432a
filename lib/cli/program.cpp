#include "cli/program.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/located_error.hpp"
#include "base/text.hpp"
#include "cli/help.hpp"
#include "cli/output.hpp"
#include "cli/parse.hpp"
#include "cli/plugin.hpp"
#include "cli/trust.hpp"
#include "json/writer.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <exception>
#include <filesystem>
#include <ostream>
#include <system_error>

namespace sitrep::cli {
namespace {

namespace fs = std::filesystem;

/// Whether the caller reads JSON, also when the command line is too broken to parse.
bool asks_for_json(const std::vector<std::string>& args) {
  for (std::size_t i = 0; i < args.size() && args[i] != "--"; ++i) {
    if (args[i] == "--json" || args[i] == "--format=json") return true;
    if (args[i] == "--format" && i + 1 < args.size() && args[i + 1] == "json") return true;
  }
  return false;
}

int report(std::ostream& err, bool as_json, const Error& error) {
  const int code = exit_code(error.kind());
  if (as_json) {
    json::Writer writer;
    writer.begin_object().key("error").begin_object();
    writer.member("kind", name(error.kind())).member("message", error.what()).member("exit", code);
    writer.end_object().end_object();
    err << writer.text() << '\n';
    return code;
  }
  err << "sitrep: error: " << visible(error.what()) << '\n';
  return code;
}

std::string deadline_message;  // for the signal handler, which may not allocate

extern "C" void stop_at_deadline(int) {
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, deadline_message.data(), deadline_message.size());
  ::_exit(exit_code(ErrorKind::network));
}

/// Ends the process when a command that cannot watch the deadline itself overruns it. The store survives that as it
/// survives a kill.
void arm_deadline(const Context& context, bool as_json) {
  if (!context.deadline()) return;
  const std::string text = "stopped by --deadline " + context.globals().deadline.value_or("");
  deadline_message =
      as_json ? fmt::format("{{\"error\":{{\"kind\":\"network\",\"message\":{},\"exit\":4}}}}\n", json::quoted(text))
              : "sitrep: error: " + text + "\n";
  const auto left = std::chrono::ceil<Seconds>(*context.deadline() - std::chrono::steady_clock::now());
  std::signal(SIGALRM, stop_at_deadline);
  ::alarm(static_cast<unsigned>(std::clamp<std::int64_t>(left.count() + 1, 1, 1'000'000'000)));
}

void enter_folder(World& world, const Globals& globals) {
  if (!globals.folder) return;
  std::error_code error;
  fs::current_path(*globals.folder, error);
  if (error) fail(ErrorKind::usage, "-C {}: {}", display(*globals.folder), error.message());
  world.working_folder = fs::current_path();
}

int run_unknown(const Command& root, const Command& global_flags, const Globals& globals, World& world,
                const Parsed& parsed) {
  const auto path = world.environment ? world.environment("PATH").value_or("") : "";
  const auto plugin = find_plugin(*parsed.unknown, path);
  if (!plugin) refuse_unknown_command(root, *parsed.unknown);
  // Of our options only -C means something for another program; the others it has to read itself.
  const Command bare("sitrep", "");
  parse(bare, global_flags, parsed.before);
  for (const auto& word : parsed.before) {
    if (word.starts_with("-") && !word.starts_with("-C")) {
      fail(ErrorKind::usage, "put '{}' behind '{}': a plug-in reads its own options", visible(word),
           visible(*parsed.unknown));
    }
  }
  enter_folder(world, globals);
  if (const auto config = config::find_workspace(world.working_folder)) {
    check_plugin(*plugin, config->parent_path(), [&](const fs::path& file) {
      const auto record = trust_file(world.environment);
      return record && TrustRecord(*record).trusts(file);
    });
  }
  run_plugin(*plugin, parsed.after);
}

int run_parsed(const Command& root, World world, const std::vector<std::string>& args, bool as_json) {
  Globals globals;
  const auto global_flags = global_options(globals);
  const auto parsed = parse(root, global_flags, args);
  if (parsed.unknown) return run_unknown(root, global_flags, globals, world, parsed);
  if (parsed.version || parsed.help) {
    if (parsed.version)
      *world.out << "sitrep " << world.version << '\n';
    else
      *world.out << help_text(*parsed.command, global_flags,
                              static_cast<std::size_t>(std::clamp(world.width, 40, 120)));
    world.out->flush();
    return 0;
  }
  enter_folder(world, globals);
  Context context(std::move(world), globals, *parsed.command);
  context.check_output_options();
  arm_deadline(context, as_json);
  int code = 0;
  try {
    code = parsed.command->action()(context);
  } catch (...) {
    if (context.world().out->good()) context.give_up();  // else it is the output that failed
    throw;
  }
  ::alarm(0);  // the work is done: nobody reads against the deadline
  context.finish();
  return code;
}

}  // namespace

int run_program(const Command& root, World world, const std::vector<std::string>& args) {
  auto& err = *world.err;
  const bool as_json = asks_for_json(args);
  try {
    return run_parsed(root, std::move(world), args, as_json);
  } catch (const ClosedPipe&) {
    return 0;
  } catch (const LocatedError& e) {
    const int code = report(err, as_json, e);
    if (!as_json) err << e.excerpt();
    return code;
  } catch (const Error& e) {
    return report(err, as_json, e);
  } catch (const fs::filesystem_error& e) {
    return report(err, as_json, Error(ErrorKind::store, fmt::format("{}: {}", display(e.path1()), e.code().message())));
  } catch (const std::exception& e) {
    return report(err, as_json,
                  Error(ErrorKind::bug, fmt::format("this is a bug in sitrep, please report it: {}", e.what())));
  }
}

}  // namespace sitrep::cli
