#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "cli/context.hpp"
#include "commands.hpp"
#include "config/preset.hpp"

#include <fmt/format.h>

#include <istream>
#include <ostream>

namespace sitrep::cmd {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::optional<std::string> folder, name, timezone;
  std::vector<std::string> presets;
};

std::string toml_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
      out += fmt::format("\\u{:04X}", static_cast<int>(c));
    else
      out += c;
  }
  return out + '"';
}

std::string ask(cli::Context& ctx, std::string_view question, std::string_view otherwise) {
  ctx.err() << question << (otherwise.empty() ? "" : fmt::format(" [{}]", visible(otherwise))) << ": ";
  ctx.err().flush();
  std::string answer;
  std::getline(*ctx.world().in, answer);
  const auto trimmed = trim_view(answer);
  return std::string(trimmed.empty() ? otherwise : trimmed);
}

/// [source.NAME] of a preset with the lines that the preset says it needs.
std::string source_table(const std::string& preset, const cli::World& world) {
  const auto text = world.presets ? world.presets(preset) : std::nullopt;
  if (!text) fail(ErrorKind::usage, "there is no preset '{}'; 'sitrep source presets' lists them", visible(preset));
  const auto about = config::read_preset_about(preset, *text);
  return fmt::format("[source.{0}]          # {1}\npreset = \"{0}\"\n{2}", preset, about.description, about.setup);
}

std::string file_text(const std::string& name, const std::string& timezone, const std::vector<std::string>& sources) {
  auto text = fmt::format(
      "# A sitrep workspace. 'sitrep config check' validates this file; sitrep.toml(5) names every key.\n\n"
      "[workspace]\n"
      "name = {}\n"
      "timezone = {}      # of periods and reports\n"
      "week_starts = \"monday\"\n\n",
      toml_string(name), toml_string(timezone));
  for (const auto& source : sources) text += source + "\n";
  if (sources.empty()) {
    text +=
        "# Where data comes from. 'sitrep source presets' lists the connectors that need a few keys only:\n"
        "#\n"
        "# [source.pager]\n"
        "# preset = \"pagerduty\"\n"
        "# auth.token = { env = \"PAGERDUTY_TOKEN\" }   # or { file = \"…\" }, { keyring = \"…\" }, { command = […] "
        "}\n\n";
  }
  return text +
         "# An API without a preset, described by its streams:\n"
         "#\n"
         "# [source.launches]\n"
         "# base_url = \"https://launch.internal/api/v1\"\n"
         "# auth = { type = \"bearer\", token = { env = \"LAUNCH_TOKEN\" } }\n"
         "#\n"
         "# [[source.launches.stream]]\n"
         "# name = \"reviews\"\n"
         "# entity = \"launch_review\"\n"
         "# path = \"reviews\"\n"
         "# data_selector = \"data\"                    # where the response keeps its records\n"
         "# paginator = { type = \"cursor\", cursor_path = \"next\", cursor_param = \"cursor\" }\n"
         "# columns = { title = \"name\", owner = \"owner.email\", target_date = \"launch_on\" }\n\n"
         "# Health: a program is as red as its worst rule. Without rules of yours the built-in ones apply.\n"
         "#\n"
         "# [[rule]]\n"
         "# metric = \"milestone_slip_days\"\n"
         "# scope = \"program\"\n"
         "# yellow = \"> 7\"\n"
         "# red = \"> 21\"\n";
}

int run(Options options, cli::Context& ctx) {
  const auto folder = fs::absolute(options.folder.value_or(".")).lexically_normal();
  const auto file = folder / "sitrep.toml";
  if (fs::exists(file)) {
    fail(ErrorKind::config, "{} is there already; edit it, or take another folder", display(file));
  }
  const auto named = folder.has_filename() ? folder.filename() : folder.parent_path().filename();
  auto& world = ctx.world();
  if (world.in_is_terminal && world.err_is_terminal && !ctx.globals().quiet) {
    if (!options.name) options.name = ask(ctx, "Name of the workspace", display(named));
    if (!options.timezone) options.timezone = ask(ctx, "Time zone of its periods", "UTC");
    if (options.presets.empty()) {
      const auto answer = ask(ctx, "Presets to start from, such as pagerduty jira", "");
      for (const auto word : split_views(answer, ' ')) {
        if (!word.empty()) options.presets.emplace_back(word);
      }
    }
  }
  std::vector<std::string> sources;
  for (const auto& preset : options.presets) sources.push_back(source_table(preset, world));
  const auto text = file_text(options.name.value_or(display(named)), options.timezone.value_or("UTC"), sources);
  config::parse(text, file, world.presets, world.environment);  // a wrong zone is refused before anything is written
  for (const auto* part : {"templates", "launches", "docs", "reports"}) fs::create_directories(folder / part);
  write_file(file, text, Overwrite::no);
  ctx.note(fmt::format("wrote {}", display(file)));
  ctx.note("next: edit it, then 'sitrep doctor' and 'sitrep sync'");
  return 0;
}

}  // namespace

void add_init(cli::Command& root) {
  auto options = std::make_shared<Options>();
  auto& command = root.add("init", "Make a workspace: a commented sitrep.toml and its folders");
  command.positional("DIR", options->folder, "The folder; the current one when omitted").completes("folder");
  command.option("--preset", options->presets, "NAME", "Start with this connector").completes("preset");
  command.option("--name", options->name, "NAME", "Name of the workspace; the folder's when omitted");
  command.option("--timezone", options->timezone, "ZONE",
                 "Zone of its periods, such as Europe/Berlin; UTC when omitted");
  command.description("Asks for what is not given on a terminal, and for nothing elsewhere. Overwrites nothing.");
  command.example("sitrep init payments --name 'Payments infrastructure' --timezone America/Los_Angeles",
                  "A workspace in a new folder");
  command.run([options](cli::Context& ctx) { return run(*options, ctx); });
}

}  // namespace sitrep::cmd
