#pragma once

namespace sitrep::cli {
class Command;
}

// Each adds one command, and stands in a file of its name. main.cpp holds the table that calls them.
namespace sitrep::cmd {

void add_complete(cli::Command& root);
void add_completion(cli::Command& root);
void add_help(cli::Command& root);

}  // namespace sitrep::cmd
