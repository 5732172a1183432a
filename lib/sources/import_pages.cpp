#include "sources/import_pages.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "json/value.hpp"
#include "json/writer.hpp"

namespace sitrep::sources {
namespace {

constexpr std::size_t k_page_bytes = std::size_t{4} << 20;

std::string_view first_line(std::string_view text) { return text.substr(0, text.find('\n')); }

bool is_json(std::string_view text) {
  try {
    json::Document document;
    document.parse(text);
    return true;
  } catch (const json::SyntaxError&) {
    return false;
  }
}

/// Spreadsheets save what they call CSV in the encoding of the country, or as UTF-16.
void require_utf8(std::string_view field, std::string_view file, std::size_t line, std::string_view column) {
  for (auto rest = field; !rest.empty();) {
    const auto step = next_utf8(rest);
    if (step.code == k_invalid_utf8)
      fail(ErrorKind::data, "{}:{}: {} is not UTF-8 (byte 0x{:02X}); save the file as UTF-8 and import it again", file,
           line, column.empty() ? std::string("a column's name") : fmt::format("column '{}'", visible(column)),
           static_cast<unsigned char>(rest.front()));
    rest.remove_prefix(step.length);
  }
}

}  // namespace

FileFormat guess_format(std::string_view name, std::string_view text) {
  const auto lower = lower_ascii(name);
  if (lower.ends_with(".csv")) return FileFormat::csv;
  if (lower.ends_with(".ndjson") || lower.ends_with(".jsonl")) return FileFormat::ndjson;
  if (lower.ends_with(".json")) return FileFormat::json;
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  const auto start = trim_view(text);
  if (start.starts_with('[')) return FileFormat::json;
  if (!start.starts_with('{')) return FileFormat::csv;
  const auto line = first_line(start);
  return line.size() < start.size() && is_json(line) ? FileFormat::ndjson : FileFormat::json;
}

FilePages::FilePages(std::string name, std::string_view text, FileFormat format, std::vector<std::string> json_columns)
    : name_(std::move(name)), text_(text), format_(format), json_columns_(std::move(json_columns)) {
  if (text_.starts_with("\xEF\xBB\xBF")) text_.remove_prefix(3);
  if (format_ == FileFormat::csv) {
    rows_.emplace(text_, name_);
    if (!rows_->next(header_)) fail(ErrorKind::data, "{}: is empty; the first row names the columns", name_);
    for (auto& field : header_.fields) {
      require_utf8(field, name_, 1, {});
      field = trim_view(field);
    }
    if (header_.fields.size() == 1 && header_.fields[0].find_first_of(";\t") != std::string::npos)
      fail(ErrorKind::data, "{}:1: has one column, '{}'; the fields of a CSV file are separated by commas", name_,
           visible(header_.fields[0]));
    auto names = header_.fields;
    std::ranges::sort(names);
    if (const auto twice = std::ranges::adjacent_find(names); twice != names.end())
      fail(ErrorKind::data, "{}:1: two columns are named '{}'", name_, visible(*twice));
  }
}

std::optional<std::string_view> FilePages::next() {
  if (done_) return std::nullopt;
  if (format_ == FileFormat::json) {
    done_ = true;
    return text_;
  }
  page_ = "[";
  done_ = !(format_ == FileFormat::csv ? next_rows() : next_lines());
  if (page_.size() == 1) return std::nullopt;
  page_ += ']';
  return page_;
}

bool FilePages::next_lines() {
  while (!text_.empty()) {
    if (page_.size() >= k_page_bytes) return true;
    const auto end = std::min(text_.find('\n'), text_.size());
    const auto line = trim_view(text_.substr(0, end));
    text_.remove_prefix(std::min(end + 1, text_.size()));
    ++line_;
    if (line.empty()) continue;
    // One line is one object: joined by commas, two broken lines could make a whole one of something else.
    if (!line.starts_with('{') || !is_json(line)) {
      try {
        json::Document().parse(line);
      } catch (const json::NumberError&) {
        // Valid JSON; the record that holds the number is rejected with its reason.
      } catch (const json::SyntaxError& e) {
        fail(ErrorKind::data, "{}:{}: is not JSON: {}", name_, line_, e.what());
      }
      if (!line.starts_with('{')) fail(ErrorKind::data, "{}:{}: is not a JSON object", name_, line_);
    }
    if (page_.size() > 1) page_ += ',';
    page_ += line;
  }
  return false;
}

bool FilePages::next_rows() {
  CsvRecord row;
  while (rows_->next(row)) {
    if (row.fields.size() == 1 && trim_view(row.fields[0]).empty()) continue;
    if (row.fields.size() > header_.fields.size())
      fail(ErrorKind::data, "{}:{}: has {} and the header {}", name_, row.line,
           count_of(static_cast<std::int64_t>(row.fields.size()), "field"), header_.fields.size());
    if (page_.size() > 1) page_ += ',';
    page_ += '{';
    for (std::size_t i = 0; i < row.fields.size(); ++i) {
      if (i > 0) page_ += ',';
      require_utf8(row.fields[i], name_, row.line, header_.fields[i]);
      json::append_quoted(page_, header_.fields[i]);
      page_ += ':';
      const auto& field = row.fields[i];
      const bool structured = (field.starts_with('[') || field.starts_with('{')) &&
                              std::ranges::find(json_columns_, header_.fields[i]) != json_columns_.end();
      if (field.empty())
        page_ += "null";
      else if (structured && is_json(field))
        page_ += field;
      else
        json::append_quoted(page_, field);
    }
    page_ += '}';
    if (page_.size() >= k_page_bytes) return true;
  }
  return false;
}

}  // namespace sitrep::sources
