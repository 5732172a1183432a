#include "commands.hpp"
#include "records.hpp"

namespace sitrep::cmd {

void add_launch_list(cli::Command& noun) {
  auto& command = noun.add("list", "List launch reviews by target date");
  command.example("sitrep launch list --status 'in review'", "What is under review");
  command.example("sitrep launch list --since today --until 2027-01-01 --json", "What shall launch this year, as JSON");
  add_record_list(command, {.entity = "launch_review",
                            .schema = "launch.list",
                            .shown = {"id", "status", "tier", "target_date", "owner", "program", "title"},
                            .filters = {"service", "team", "program", "status"},
                            .time_column = "target_date",
                            .sort = "target_date"});
}

}  // namespace sitrep::cmd
