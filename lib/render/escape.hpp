#pragma once

#include <optional>
#include <string>
#include <string_view>

// Text from outside, made safe for the place it lands in. One function for each place.
namespace sitrep::render {

/// One line of Markdown that reads as exactly this text anywhere in a document, table cells and link texts included:
/// runs of white space become one blank, control bytes and bidi overrides visible, the private-use characters that mark
/// figures and badges U+FFFD. Only what would act is escaped, so that "checkout_api" stays readable.
std::string escape_markdown(std::string_view text);

/// Text of an HTML element or of a quoted attribute: & < > " '. Control bytes and bidi overrides as visible().
std::string escape_html(std::string_view text);

/// The URL, percent-encoded where Markdown or HTML would trip, when it is http, https, mailto or relative without a
/// scheme or host; nullopt for everything else (javascript:, data:, file:, //host, control bytes).
std::optional<std::string> safe_url(std::string_view url);

/// `[text](url)`, or the escaped text alone when the URL is empty or not safe.
std::string markdown_link(std::string_view text, std::string_view url);

/// A field of CSV (RFC 4180), quoted when it needs to be. Text that a spreadsheet would run (=, +, -, @, tab, return
/// first) gets a leading apostrophe inside quotes, as OWASP advises; a plain number does not.
std::string csv_field(std::string_view text);

}  // namespace sitrep::render
