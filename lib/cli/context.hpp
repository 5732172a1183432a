#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/period.hpp"
#include "cli/command.hpp"
#include "cli/table.hpp"
#include "config/config.hpp"
#include "store/store.hpp"

namespace sitrep::cli {

class Screen;
class VisibleStream;

/// The process around a run, passed in so that tests can replace it.
struct World {
  std::ostream* out = nullptr;
  std::ostream* err = nullptr;
  std::istream* in = nullptr;
  bool out_is_terminal = false;
  bool err_is_terminal = false;
  bool in_is_terminal = false;
  int width = 80;   ///< columns of the terminal; 80 elsewhere
  int height = 24;  ///< its lines
  config::Environment environment;
  config::PresetLookup presets;  ///< of lib/sources, which cli does not know
  const Clock* clock = nullptr;
  std::filesystem::path working_folder;  ///< absolute
  std::string version;
};

/// Values of the global options.
struct Globals {
  std::optional<std::string> folder, config, store, as_of, now, format, deadline, fields;
  std::vector<std::string> outputs;  ///< -o; more than one only for commands that write their outputs
  bool quiet = false, verbose = false, no_color = false, json = false;
};

/// The global options as flags of a command of no name.
Command global_options(Globals& globals);

/// What a command runs with. Everything opens on first use.
class Context {
 public:
  using Deadline = std::chrono::steady_clock::time_point;

  Context(World world, Globals globals, const Command& command);
  ~Context();

  std::ostream& out();  ///< data; the -o file when given; long text on a terminal goes through a pager at the end
  std::ostream& err();  ///< progress, notes, errors
  World& world() { return world_; }
  const Globals& globals() const { return globals_; }
  /// The command that runs.
  const Command& command() const { return command_; }

  UnixTime now();  ///< --now, SITREP_NOW, --as-of, or the clock
  std::optional<UnixTime> as_of();
  /// When --deadline ends the run; the process is stopped a second later if the command has not.
  std::optional<Deadline> deadline() const { return deadline_; }
  const config::Config& config();  ///< Error{config} outside a workspace
  bool has_workspace();
  std::filesystem::path workspace_folder();  ///< Error{config} outside a workspace
  Calendar calendar();                       ///< the workspace's; UTC and Mondays outside
  std::filesystem::path store_file();
  store::Store& store();            ///< read-only, as of --as-of
  store::Store& whole_store();      ///< the same for what is about the file itself; Error{usage} with --as-of
  store::Store open_for_writing();  ///< takes the writer's lock; creates .sitrep/ and the store
  store::Store open_to_change();    ///< the same of a store that is there: Error{store} without one
  /// Whether `sitrep trust` recorded this file as it is now: only then may what it names, or itself, run.
  bool is_trusted(const std::filesystem::path& file);
  /// TIME of an option; Error{usage} names the option.
  UnixTime time(std::string_view option, std::string_view text);
  std::optional<UnixTime> time_if_given(std::string_view option, const std::optional<std::string>& text);
  /// The last complete period before now().
  Interval last_complete(PeriodLength length);

  /// "text", "json", … as --format, --json or the extension of -o say; the command's first format by default.
  std::string format();
  /// Error{usage} when --format, --json, --fields or -o do not fit the command; before anything runs.
  void check_output_options();
  bool color();  ///< for out
  int width();   ///< to wrap text for people at: the terminal's columns, 80 elsewhere
  /// How tables are drawn for people: cut to a terminal's width; in a pipe or a file nothing is left out, and what is
  /// too long for 80 columns goes on in the next line.
  TextOptions text_options();
  /// What --fields names; empty: everything.
  std::vector<std::string> fields() const;
  /// Whether rows are to be printed, not sentences about them: another format than text, or --fields.
  bool wants_rows();
  /// Error{usage} when --fields names what is no column of `table`: before a command acts, for those that do.
  void check_fields(const Table& table);

  /// Prints a table as text, json, csv, ndjson or markdown as asked. `schema` is the command's: "status" →
  /// "sitrep.status/1".
  void print(const Table& table, std::string_view schema);
  /// Prints {"schema":…,"as_of":…,<members>} for data that is no table; `members` is JSON without the braces.
  void print_json_object(std::string_view schema, std::string_view members);
  /// A line for people: `head` as it stands (it may hold colours), `text` behind it, continued below itself where the
  /// width ends.
  void line(std::string_view head, std::string_view text);
  /// From here on output goes out as it is written: for a prompt, or what runs until it is stopped.
  void live();
  /// A note on stderr unless -q; below the data that it is about.
  void note(std::string_view text);
  /// More detail on stderr with -v.
  void detail(std::string_view text);

  /// Writes what out() gathered: shows it on the terminal, in a pager when it is long, or replaces the -o file. Called
  /// after the command; one that threw leaves the file as it was.
  void finish();
  /// For a command that threw: what it had printed on the terminal until then.
  void give_up();

 private:
  struct Lazy;
  UnixTime base_now();
  bool on_terminal() const;
  void check_fields_allowed();
  bool goes_to_file() const { return !globals_.outputs.empty() && !command_.writes_its_outputs(); }
  World world_;
  Globals globals_;
  const Command& command_;
  std::optional<Deadline> deadline_;
  std::unique_ptr<Lazy> lazy_;
  std::unique_ptr<VisibleStream> visible_;  // on a terminal, for what programs read; outlives the screen
  std::unique_ptr<Screen> screen_;          // standard output
};

}  // namespace sitrep::cli
