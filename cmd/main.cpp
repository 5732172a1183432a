#include "base/clock.hpp"
#include "cli/output.hpp"
#include "cli/program.hpp"
#include "commands.hpp"
#include "sources/presets.hpp"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <iostream>

namespace sitrep::cmd {
namespace {

using Add = void (*)(cli::Command&);

/// Commands of the program itself (no noun), or the verbs of a noun: one row per noun.
struct Row {
  const char* heading;
  const char* noun;
  const char* summary;
  std::vector<Add> adds;
};

/// Every command. Its order is the order of help, man pages and completions.
std::vector<Row> table() {
  return {
      {"Start here", "", "", {add_demo, add_init, add_doctor, add_trust}},
      {"Start here", "config", "Check sitrep.toml", {add_config_check, add_config_schema}},
      {"Pull", "", "", {add_sync, add_import}},
      {"Pull",
       "source",
       "Look at the sources of sitrep.toml",
       {add_source_list, add_source_show, add_source_presets, add_source_test, add_source_record}},
      {"Look", "", "", {add_health, add_status, add_diff, add_history, add_query}},
      {"Look", "note", "Words beside the numbers", {add_note_add, add_note_list}},
      {"Look", "incident", "Look at incidents", {add_incident_list, add_incident_show, add_incident_stats}},
      {"Look", "program", "Look at programs", {add_program_list, add_program_show}},
      {"Numbers", "", "", {add_check, add_forecast}},
      {"Numbers",
       "metric",
       "Metrics with interval and verdict",
       {add_metric_list, add_metric_show, add_metric_explain}},
      {"Numbers",
       "capacity",
       "Capacity and runway",
       {add_capacity_list, add_capacity_show, add_capacity_forecast, add_capacity_plan}},
      {"Numbers", "slo", "Service level objectives", {add_slo_list, add_slo_show}},
      {"Numbers", "ticket", "Support", {add_ticket_stats}},
      {"Launches",
       "launch",
       "Launch reviews",
       {add_launch_new, add_launch_check, add_launch_file, add_launch_status, add_launch_outbox, add_launch_list,
        add_launch_show}},
      {"Reports and documents", "", "", {add_report, add_publish}},
      {"Reports and documents",
       "doc",
       "Standard documents",
       {add_doc_new, add_doc_refresh, add_doc_check, add_doc_list, add_doc_index}},
      {"Reports and documents",
       "template",
       "Templates of reports and documents",
       {add_template_list, add_template_show, add_template_copy, add_template_diff, add_template_check,
        add_template_functions, add_template_render}},
      {"The store", "", "", {add_backup, add_restore}},
      {"The store",
       "store",
       "Care of the store",
       {add_store_check, add_store_stats, add_store_gc, add_store_export, add_store_import, add_store_forget}},
      {"About sitrep", "", "", {add_completion, add_help, add_complete}},
  };
}

cli::Command make_tree() {
  cli::Command root("sitrep", "Program operations from a shell");
  root.description(
      "Pulls incidents, launch reviews, capacity, SLOs, programs and support data from HTTP JSON APIs into one local\n"
      "SQLite file that remembers every past state, and turns it into program-health reports and documents.");
  for (const auto& row : table()) {
    auto* group = &root;
    if (*row.noun) group = &root.add(row.noun, row.summary).group(row.heading);
    for (const auto add : row.adds) {
      add(*group);
      if (group == &root) root.children().back()->group(row.heading);
    }
  }
  return root;
}

std::optional<std::string> variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value ? std::optional<std::string>(value) : std::nullopt;
}

void measure_terminal(cli::World& world) {
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) return;
  if (size.ws_col > 0) world.width = size.ws_col;
  if (size.ws_row > 0) world.height = size.ws_row;
}

/// A closed 0, 1 or 2 would be the number of the next file that is opened, the store for one. What is closed stays
/// without use: nothing to read, and writing fails as it does on a closed one.
void open_standard_descriptors() {
  int fd = 0;
  while ((fd = ::open("/dev/null", O_RDONLY)) >= 0 && fd <= 2) {
  }
  if (fd > 2) ::close(fd);
}

int main_with(const std::vector<std::string>& args) {
  open_standard_descriptors();
  std::signal(SIGPIPE, SIG_IGN);  // a closed pipe is met where it is written to
  std::signal(SIGXFSZ, SIG_IGN);  // and so is a limit on a file's size
  cli::OutputStream out(STDOUT_FILENO);
  cli::OutputStream err(STDERR_FILENO, cli::OutputStream::Failures::ignored);
  const SystemClock clock;
  cli::World world;
  world.out = &out;
  world.err = &err;
  world.in = &std::cin;
  world.out_is_terminal = ::isatty(STDOUT_FILENO) == 1;
  world.err_is_terminal = ::isatty(STDERR_FILENO) == 1;
  world.in_is_terminal = ::isatty(STDIN_FILENO) == 1;
  measure_terminal(world);
  // SQL's 'localtime' is the same on every machine; programs that sitrep starts get the zone that it was started in.
  const auto zone = variable("TZ");
  ::setenv("TZ", "UTC0", 1);
  ::tzset();
  world.environment = [zone](const std::string& name) { return name == "TZ" ? zone : variable(name); };
  world.presets = sources::preset_lookup;
  world.clock = &clock;
  std::error_code no_folder;  // a deleted working folder matters only to what needs one
  world.working_folder = std::filesystem::current_path(no_folder);
  world.version = SITREP_VERSION;
  const auto root = make_tree();
  return cli::run_program(root, std::move(world), args);
}

}  // namespace
}  // namespace sitrep::cmd

int main(int argc, char** argv) { return sitrep::cmd::main_with({argv + std::min(argc, 1), argv + argc}); }
