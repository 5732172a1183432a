#pragma once

namespace sitrep::cli {
class Command;
}

// Each adds one command to the program or to its noun, and stands in a file of its name. main.cpp holds the table that
// calls them.
namespace sitrep::cmd {

void add_complete(cli::Command& root);
void add_completion(cli::Command& root);
void add_config_check(cli::Command& noun);
void add_config_schema(cli::Command& noun);
void add_doctor(cli::Command& root);
void add_help(cli::Command& root);
void add_incident_list(cli::Command& noun);
void add_incident_show(cli::Command& noun);
void add_init(cli::Command& root);
void add_launch_list(cli::Command& noun);
void add_program_list(cli::Command& noun);
void add_program_show(cli::Command& noun);
void add_trust(cli::Command& root);

}  // namespace sitrep::cmd
