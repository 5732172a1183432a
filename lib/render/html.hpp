#pragma once

#include <optional>
#include <span>
#include <string>

#include "render/figure.hpp"
#include "render/markdown.hpp"

namespace sitrep::render {

/// A heading of the page, for its navigation.
struct Section {
  int level = 2;
  std::string id;  ///< unique on the page
  std::string text;
};

/// The inside of a page's <main>. Raw HTML of the body is shown as text, links that safe_url() refuses are text, images
/// are links (a page loads nothing). Figures beyond `figures` are dropped.
std::string html_body(const Node& document, std::span<const Figure> figures, std::optional<Date> today = {});

}  // namespace sitrep::render
