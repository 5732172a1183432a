#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/store.hpp"

namespace sitrep::evaluation {

/// Which program a record belongs to: programs by name or id, services by name or alias, ignoring ASCII case.
class Directory {
 public:
  explicit Directory(store::Store& store);

  /// Names, sorted.
  std::span<const std::string> programs() const { return programs_; }
  /// nullptr when the text names no program.
  const std::string* program(std::string_view name_or_id) const;
  /// The program of a service; nullptr for an unknown service or one without a program.
  const std::string* program_of_service(std::string_view service) const;
  bool knows_service(std::string_view service) const;

 private:
  std::vector<std::string> programs_;
  std::map<std::string, std::string> program_names_;     // lower-case name or id → name
  std::map<std::string, std::string> service_programs_;  // lower-case name or alias → program's name or ""
};

}  // namespace sitrep::evaluation
