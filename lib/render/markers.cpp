#include <fmt/core.h>

#include <array>

#include "base/numbers.hpp"
#include "render/figure.hpp"

namespace sitrep::render {
namespace {

constexpr std::string_view k_figure = "\uE000";
constexpr std::string_view k_badge = "\uE001";
constexpr std::string_view k_end = "\uE002";
constexpr std::string_view k_drawn_only = "d";
constexpr std::string_view k_lead = "\xEE\x80";  // the bytes all three begin with

constexpr std::array<std::string_view, 4> k_names{"green", "yellow", "red", "grey"};

std::optional<Piece> read_figure(std::string_view inside) {
  const bool drawn_only = inside.ends_with(k_drawn_only);
  if (drawn_only) inside.remove_suffix(k_drawn_only.size());
  const auto index = parse_integer(inside);
  if (!index || *index < 0) return std::nullopt;
  return Piece{Piece::Kind::figure, {}, static_cast<std::size_t>(*index), Status::grey, drawn_only};
}

std::optional<Piece> read_badge(std::string_view inside) {
  const auto colon = inside.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto status = parse_status(inside.substr(0, colon));
  if (!status) return std::nullopt;
  return Piece{Piece::Kind::badge, inside.substr(colon + 1), 0, *status, false};
}

}  // namespace

std::optional<Status> parse_status(std::string_view text) {
  for (std::size_t i = 0; i < k_names.size(); ++i)
    if (k_names[i] == text) return static_cast<Status>(i);
  return std::nullopt;
}

std::string_view name(Status status) { return k_names[static_cast<std::size_t>(status)]; }

std::string figure_marker(std::size_t index, bool drawn_only) {
  return fmt::format("{}{}{}{}", k_figure, index, drawn_only ? k_drawn_only : "", k_end);
}

std::string badge_marker(Status status, std::string_view text) {
  if (text.empty()) text = status == Status::grey ? "unknown" : name(status);
  return fmt::format("{}{}:{}{}", k_badge, name(status), text, k_end);
}

std::vector<Piece> split_markers(std::string_view text) {
  std::vector<Piece> pieces;
  const auto add_text = [&](std::string_view part) {
    if (!part.empty()) pieces.push_back({Piece::Kind::text, part, 0, Status::grey, false});
  };
  while (!text.empty()) {
    const auto start = text.find(k_lead);
    if (start == std::string_view::npos || start + k_figure.size() > text.size()) break;
    const auto mark = text.substr(start, k_figure.size());
    if (mark != k_figure && mark != k_badge && mark != k_end) {
      add_text(text.substr(0, start + k_lead.size()));
      text.remove_prefix(start + k_lead.size());
      continue;
    }
    add_text(text.substr(0, start));
    text.remove_prefix(start + mark.size());
    const auto end = text.find(k_end);
    if (mark == k_end || end == std::string_view::npos) continue;
    const auto piece = mark == k_figure ? read_figure(text.substr(0, end)) : read_badge(text.substr(0, end));
    if (!piece) continue;
    pieces.push_back(*piece);
    text.remove_prefix(end + k_end.size());
  }
  add_text(text);
  return pieces;
}

}  // namespace sitrep::render
