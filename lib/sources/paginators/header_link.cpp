#include "sources/paginators/link_header.hpp"

#include "base/text.hpp"
#include "sources/paginator.hpp"

namespace sitrep::sources {
namespace {

// Reads one Link field value from left to right (RFC 8288, section 3).
class LinkParser {
 public:
  explicit LinkParser(std::string_view text) : text_(text) {}

  std::optional<Link> next() {
    skip(" \t,");
    if (at_ >= text_.size() || text_[at_] != '<') return std::nullopt;
    const std::size_t close = text_.find('>', at_);
    if (close == std::string_view::npos) return std::nullopt;
    Link link{std::string(text_.substr(at_ + 1, close - at_ - 1)), {}};
    at_ = close + 1;
    for (skip(" \t"); at_ < text_.size() && text_[at_] == ';'; skip(" \t")) {
      ++at_;
      parameter(link);
    }
    return link;
  }

 private:
  void skip(std::string_view bytes) {
    while (at_ < text_.size() && bytes.find(text_[at_]) != std::string_view::npos) ++at_;
  }

  void parameter(Link& link) {
    skip(" \t");
    const std::size_t from = at_;
    while (at_ < text_.size() && std::string_view("=;, \t").find(text_[at_]) == std::string_view::npos) ++at_;
    const std::string name = lower_ascii(text_.substr(from, at_ - from));
    skip(" \t");
    if (at_ >= text_.size() || text_[at_] != '=') return;
    ++at_;
    skip(" \t");
    const std::string value = parameter_value();
    // The first rel counts; it may list several relations.
    if (name != "rel" || !link.relations.empty()) return;
    for (const auto relation : split_views(value, ' ')) {
      if (!relation.empty()) link.relations.push_back(lower_ascii(relation));
    }
  }

  std::string parameter_value() {
    std::string value;
    if (at_ >= text_.size() || text_[at_] != '"') {
      while (at_ < text_.size() && text_[at_] != ';' && text_[at_] != ',') value += text_[at_++];
      return std::string(trim_view(value));
    }
    for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_) {
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
      value += text_[at_];
    }
    ++at_;
    return value;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

std::vector<Link> parse_links(std::string_view field) {
  std::vector<Link> links;
  LinkParser parser(field);
  while (auto link = parser.next()) links.push_back(std::move(*link));
  return links;
}

std::optional<Position> next_header_link(const config::Paginator& p, const Position&, const PageFacts& facts) {
  for (const auto& [name, value] : facts.response->headers) {
    if (!equal_ignoring_case(name, "link")) continue;
    for (const Link& link : parse_links(value)) {
      for (const std::string& relation : link.relations) {
        if (relation == lower_ascii(p.links_rel)) {
          return linked_position(p, facts, link.target, "header Link, paginator.links_rel");
        }
      }
    }
  }
  if (says_more(p, facts) == true) {
    fail(ErrorKind::data,
         "the page says that there are more ({}) but has no Link with rel=\"{}\"; see paginator.links_rel",
         p.has_more_path, p.links_rel);
  }
  return std::nullopt;
}

}  // namespace sitrep::sources
