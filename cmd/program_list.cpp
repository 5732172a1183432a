#include "commands.hpp"
#include "records.hpp"

namespace sitrep::cmd {

void add_program_list(cli::Command& noun) {
  auto& command = noun.add("list", "List programs by name, with the status that their owners declare");
  command.example("sitrep program list", "Every program");
  command.example("sitrep program list --sort target_date --format csv", "By target date, for a spreadsheet");
  add_record_list(command, {.entity = "program",
                            .schema = "program.list",
                            .shown = {"name", "status", "phase", "owner", "team", "target_date"},
                            .filters = {"team", "status"},
                            .time_column = "target_date",
                            .sort = "name"});
}

}  // namespace sitrep::cmd
