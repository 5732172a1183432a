#include "commands.hpp"
#include "records.hpp"

namespace sitrep::cmd {

void add_incident_list(cli::Command& noun) {
  auto& command = noun.add("list", "List incidents, the newest first");
  command.example("sitrep incident list --status open", "What is open");
  command.example("sitrep incident list --severity SEV1 --since -90d --json", "The worst of the last 90 days, as JSON");
  add_record_list(command, {.entity = "incident",
                            .schema = "incident.list",
                            .shown = {"id", "severity", "status", "service", "started_at", "resolved_at", "title"},
                            .filters = {"service", "team", "program", "severity", "status"},
                            .time_column = "started_at",
                            .sort = "-started_at"});
}

}  // namespace sitrep::cmd
