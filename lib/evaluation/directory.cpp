#include "evaluation/directory.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace sitrep::evaluation {

Directory::Directory(store::Store& store) {
  store::Statement programs(store.db(), "SELECT name, id FROM program ORDER BY name, source, id");
  while (programs.step()) {
    const std::string id(programs.text(1));
    const std::string name = programs.is_null(0) ? id : std::string(programs.text(0));
    if (program_names_.emplace(lower_ascii(name), name).second) programs_.push_back(name);
    program_names_.emplace(lower_ascii(id), name);
  }
  std::sort(programs_.begin(), programs_.end());
  // Names come before aliases: where one service's alias is another's name, the name wins.
  store::Statement services(store.db(),
                            "SELECT name, program, 0 AS alias FROM service WHERE name IS NOT NULL "
                            "UNION ALL SELECT a.value, s.program, 1 FROM service s, json_each(s.aliases) a "
                            "WHERE json_valid(s.aliases) AND a.type = 'text' ORDER BY 3, 1");
  while (services.step()) {
    const std::string written(services.text(1));
    const auto* known = program(written);
    service_programs_.emplace(lower_ascii(services.text(0)), known ? *known : written);
  }
}

const std::string* Directory::program(std::string_view name_or_id) const {
  const auto at = program_names_.find(lower_ascii(name_or_id));
  return at == program_names_.end() ? nullptr : &at->second;
}

const std::string* Directory::program_of_service(std::string_view service) const {
  const auto at = service_programs_.find(lower_ascii(service));
  return at == service_programs_.end() || at->second.empty() ? nullptr : &at->second;
}

bool Directory::knows_service(std::string_view service) const {
  return service_programs_.contains(lower_ascii(service));
}

}  // namespace sitrep::evaluation
