#include "sources/loop_guard.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace sitrep::sources {

using Type = config::Paginator::Type;

std::string LoopGuard::knob() const {
  std::string name = "paginator";
  switch (paginator_.type) {
    case Type::page_number:
      name = "paginator.page_param";
      break;
    case Type::offset:
      name = "paginator.offset_param";
      break;
    case Type::cursor:
    case Type::last_record:
    case Type::header_cursor:
      name = "paginator.cursor_param";
      break;
    case Type::json_link:
      name = "paginator.next_url_path";
      break;
    case Type::header_link:
      name = "paginator.links_rel";
      break;
    case Type::single_page:
      break;
  }
  return paginator_.where.line == 0 ? name : fmt::format("{} in {}", name, paginator_.where.text());
}

std::string LoopGuard::describe(const Position& position) const {
  const auto shown = [](const std::string& text) { return truncate_display(visible(text), 80); };
  switch (paginator_.type) {
    case Type::page_number:
      return fmt::format("{}={}", paginator_.page_param, position.number);
    case Type::offset:
      return fmt::format("{}={}", paginator_.offset_param, position.number);
    case Type::cursor:
    case Type::last_record:
    case Type::header_cursor:
      return fmt::format("{}={}",
                         paginator_.cursor_param.empty() ? paginator_.cursor_body_path : paginator_.cursor_param,
                         shown(position.text));
    case Type::json_link:
    case Type::header_link:
      return shown(http::redact(position.text, {}));
    case Type::single_page:
      break;
  }
  return {};
}

void LoopGuard::received(const Position& position, const Hash128& ids, std::int64_t rows) {
  ++pages_;
  if (rows == 0) return;
  const auto [known, fresh] = contents_.emplace(ids.low, pages_);
  if (fresh) return;
  // With one record a page, a record that moved during the walk is seen twice; only a second repetition is a loop then.
  const bool loop = rows > 1 || repeated_;
  repeated_ = true;
  if (!loop) return;
  fail(ErrorKind::data, "page {} repeats page {} ({}): the API ignores this parameter; see {}", pages_, known->second,
       describe(position), knob());
}

bool LoopGuard::allows(const Position& position) const {
  return pages_ + 1 < paginator_.max_pages && !positions_.contains({position.number, position.text});
}

void LoopGuard::going_to(const Position& position) {
  if (!positions_.emplace(position.number, position.text).second) {
    fail(ErrorKind::data, "page {} leads back to a page that was read before ({}), so the walk would never end; see {}",
         pages_, describe(position), knob());
  }
  if (pages_ >= paginator_.max_pages) {
    fail(ErrorKind::data, "more than {} pages, and still no end; if that is right, raise paginator.max_pages",
         group_thousands(paginator_.max_pages));
  }
}

}  // namespace sitrep::sources
