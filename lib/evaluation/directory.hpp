#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "store/store.hpp"

namespace sitrep::evaluation {

/// A service as its own record names it.
struct Service {
  std::string name, team;
  std::string program;  ///< its name; empty: none
};

/// Where a record belongs; empty: none.
struct Place {
  std::string program;        ///< "*": every one
  std::string service, team;  ///< as the service's record names them
};
const Place& nowhere();
const Place& everywhere();

/// Which program a record belongs to: programs by name or id, services by name or alias, ignoring ASCII case.
class Directory {
 public:
  explicit Directory(store::Store& store);

  /// Names, sorted.
  std::span<const std::string> programs() const { return programs_; }
  /// nullptr when the text names no program.
  const std::string* program(std::string_view name_or_id) const;
  /// By name.
  const std::vector<Service>& services() const { return services_; }
  /// nullptr for a name that is neither a service's nor an alias.
  const Service* service(std::string_view name_or_alias) const;
  /// Where a record belongs that says this: program and team filled in from the service's record, names as their
  /// records spell them; what it says itself stays. `source`: the record's, whose ids of programs come first. The same
  /// place each time, as long as the directory. For one thread.
  const Place& place(std::string_view program, std::string_view service, std::string_view team = {},
                     std::string_view source = {}) const;
  /// The program of a service; nullptr for an unknown service or one without a program.
  const std::string* program_of_service(std::string_view service) const;

 private:
  const std::string* program(std::string_view name_or_id, std::string_view source) const;

  std::vector<std::string> programs_;
  std::map<std::string, std::string> program_names_;  // lower-case name or id → name
  std::map<std::pair<std::string, std::string>, std::string> program_ids_;  // source and id, as written → name
  std::vector<Service> services_;
  std::map<std::string, std::size_t> service_names_;       // lower-case name or alias → index
  mutable std::unordered_map<std::string, Place> places_;  // by what records say
  mutable std::string says_;
};

}  // namespace sitrep::evaluation
