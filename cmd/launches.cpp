#include "launches.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

namespace sitrep::cmd {

std::string this_person(cli::Context& ctx) {
  for (const char* name : {"SITREP_USER", "USER"})
    if (const auto value = ctx.world().environment(name); value && !value->empty()) return *value;
  fail(ErrorKind::usage, "--mine: neither SITREP_USER nor USER says who you are; set SITREP_USER to your name there");
}

bool is_person(const std::string& name, const std::string& person) {
  if (name.empty()) return false;
  const auto local = [](const std::string& text) { return text.substr(0, text.find('@')); };
  const bool full = name.find('@') != std::string::npos && person.find('@') != std::string::npos;
  return full ? equal_ignoring_case(name, person) : equal_ignoring_case(local(name), local(person));
}

cli::Table::Cell text_cell(const std::string& text) {
  return text.empty() ? cli::Table::Cell() : cli::Table::Cell(text);
}

cli::Table::Cell date_cell(std::optional<Date> day) {
  return day ? cli::Table::Cell(format_date(*day)) : cli::Table::Cell();
}

}  // namespace sitrep::cmd
