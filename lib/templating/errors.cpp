#include "templating/errors.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "base/utf8.hpp"

namespace sitrep::templating {

namespace {

constexpr std::size_t k_shown_includes = 8;

std::string one_line(const Place& place, const std::string& reason, const std::vector<Place>& chain) {
  std::string message = fmt::format("{}:{}:{}: {}", visible(place.file), place.line, place.column, reason);
  if (chain.empty()) return message;
  message += " (included from ";
  for (std::size_t i = 0; i < chain.size() && i < k_shown_includes; ++i) {
    if (i > 0) message += ", from ";
    message += fmt::format("{}:{}", visible(chain[i].file), chain[i].line);
  }
  if (chain.size() > k_shown_includes) message += fmt::format(", and {} more", chain.size() - k_shown_includes);
  return message + ")";
}

/// The caret stands under the column as a terminal shows the line, so both are made of the visible text.
std::string caret_under(const Place& place, const std::string& source_line) {
  std::size_t bytes = 0;
  for (std::size_t i = 1; i < place.column && bytes < source_line.size(); ++i) {
    bytes += next_utf8(std::string_view(source_line).substr(bytes)).length;
  }
  const auto before = replace_all(source_line.substr(0, bytes), "\t", " ");
  const auto line = visible(replace_all(source_line, "\t", " "));
  return fmt::format("{:5} | {}\n{:5} | {}^\n", place.line, line, "", std::string(display_width(visible(before)), ' '));
}

}  // namespace

TemplateError::TemplateError(ErrorKind kind, Place place, std::string reason, const std::string& source_line,
                             std::vector<Place> chain)
    : LocatedError(kind, one_line(place, reason, chain), caret_under(place, source_line)),
      place_(std::move(place)),
      reason_(std::move(reason)),
      chain_(std::move(chain)) {}

}  // namespace sitrep::templating
