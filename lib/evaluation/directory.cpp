#include "evaluation/directory.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace sitrep::evaluation {

const Place& nowhere() {
  static const Place k_nowhere;
  return k_nowhere;
}

const Place& everywhere() {
  static const Place k_everywhere{"*", {}, {}};
  return k_everywhere;
}

Directory::Directory(store::Store& store) {
  store::Statement programs(store.db(), "SELECT name, id, source FROM program ORDER BY name, source, id");
  while (programs.step()) {
    const std::string id(programs.text(1));
    const std::string name = programs.is_null(0) ? id : std::string(programs.text(0));
    if (program_names_.emplace(lower_ascii(name), name).second) programs_.push_back(name);
    program_names_.emplace(lower_ascii(id), name);
    program_ids_.emplace(std::pair(std::string(programs.text(2)), id), name);
  }
  std::sort(programs_.begin(), programs_.end());
  // Names come before aliases: where one service's alias is another's name, the name wins.
  store::Statement services(
      store.db(), "SELECT name, team, program, source FROM service WHERE name IS NOT NULL ORDER BY name, source, id");
  while (services.step()) {
    const std::string written(services.text(2));
    const auto* known = program(written, services.text(3));
    if (!service_names_.emplace(lower_ascii(services.text(0)), services_.size()).second) continue;
    services_.push_back({std::string(services.text(0)), std::string(services.text(1)), known ? *known : written});
  }
  store::Statement aliases(store.db(),
                           "SELECT a.value, s.name FROM service s, json_each(s.aliases) a "
                           "WHERE s.name IS NOT NULL AND json_valid(s.aliases) AND a.type = 'text' ORDER BY 1, 2");
  while (aliases.step()) {
    const auto of = service_names_.find(lower_ascii(aliases.text(1)));
    if (of != service_names_.end()) service_names_.emplace(lower_ascii(aliases.text(0)), of->second);
  }
}

const std::string* Directory::program(std::string_view name_or_id) const {
  const auto at = program_names_.find(lower_ascii(name_or_id));
  return at == program_names_.end() ? nullptr : &at->second;
}

const std::string* Directory::program(std::string_view name_or_id, std::string_view source) const {
  if (source.empty()) return program(name_or_id);
  const auto at = program_ids_.find({std::string(source), std::string(name_or_id)});
  return at == program_ids_.end() ? program(name_or_id) : &at->second;
}

const Service* Directory::service(std::string_view name_or_alias) const {
  const auto at = service_names_.find(lower_ascii(name_or_alias));
  return at == service_names_.end() ? nullptr : &services_[at->second];
}

const Place& Directory::place(std::string_view program, std::string_view service, std::string_view team,
                              std::string_view source) const {
  says_.assign(program).append(1, '\0').append(service).append(1, '\0').append(team).append(1, '\0').append(source);
  if (const auto known = places_.find(says_); known != places_.end()) return known->second;
  auto& place = places_[says_];
  place = {std::string(program), std::string(service), std::string(team)};
  if (const auto* known = program.empty() ? nullptr : this->program(program, source)) place.program = *known;
  if (const auto* known = service.empty() ? nullptr : this->service(service)) {
    place.service = known->name;
    if (place.team.empty()) place.team = known->team;
    if (place.program.empty()) place.program = known->program;
  }
  return place;
}

const std::string* Directory::program_of_service(std::string_view name) const {
  const auto* known = service(name);
  return known == nullptr || known->program.empty() ? nullptr : &known->program;
}

}  // namespace sitrep::evaluation
