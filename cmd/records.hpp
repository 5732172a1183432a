#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/context.hpp"
#include "cli/table.hpp"
#include "store/listing.hpp"

// What `list` and `show` of the entities share.
namespace sitrep::cmd {

/// What a list command shows.
struct RecordList {
  std::string entity;
  std::string schema;                ///< "incident.list"
  std::vector<std::string> shown;    ///< columns on a terminal, in order; json and csv have all
  std::vector<std::string> filters;  ///< of service, team, program, severity, status
  std::string time_column;           ///< of --since and --until
  std::string sort;                  ///< "-started_at": newest first
};

/// Adds the filters, --sort and --limit that the list takes, and runs it.
void add_record_list(cli::Command& command, RecordList list);

/// Rows that belong to a record, such as the updates of an incident.
struct Related {
  std::string entity;
  std::string column;  ///< that holds the record's id
  enum class Key { id, id_or_name } key = Key::id;
  std::string title;  ///< over the table on a terminal; the key in json
  std::vector<std::string> shown;
  std::string sort;
};

/// Prints one record and what belongs to it. `asked` is an id, or a name where the entity has one; Error{usage} when
/// there is no such record.
int show_record(cli::Context& ctx, const std::string& entity, const std::string& schema, const std::string& asked,
                const std::vector<Related>& related);

}  // namespace sitrep::cmd
