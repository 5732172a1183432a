#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sitrep::templating {

// Python's ways to cut a text; the views see the text given.

/// str.split / str.rsplit on white space; at most `limit` cuts (negative: no limit).
std::vector<std::string_view> split_space_views(std::string_view text, std::int64_t limit, bool from_right);
/// str.split / str.rsplit on a separator, which must not be empty.
std::vector<std::string_view> split_on_views(std::string_view text, std::string_view separator, std::int64_t limit,
                                             bool from_right);
/// str.splitlines
std::vector<std::string_view> split_line_views(std::string_view text, bool keep_ends);
/// text.find(what, from) in a time that grows with the length of both, whatever they are like.
std::size_t find_text(std::string_view text, std::string_view what, std::size_t from);
/// str.replace
std::string replace_text(std::string_view text, std::string_view from, std::string_view to, std::int64_t limit);
/// textwrap.wrap of one paragraph, with the options that Jinja passes.
std::vector<std::string> wrap_text(std::string_view text, std::int64_t width, bool break_long_words,
                                   bool break_on_hyphens);

}  // namespace sitrep::templating
