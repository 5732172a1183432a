#include <fmt/format.h>

#include "json/writer.hpp"
#include "sources/extraction.hpp"

// One record of a page: its id and its cells.
namespace sitrep::sources {
namespace {

using Outcome = Conversion::Outcome;

void append_json_cell(std::string& out, const MappedColumn& column, const model::Cell& cell) {
  using model::ColumnType;
  if (const auto* text = std::get_if<std::string_view>(&cell)) {
    if (!column.type || column.type == ColumnType::json)
      out += *text;
    else
      json::append_quoted(out, *text);
  } else if (const auto* integer = std::get_if<std::int64_t>(&cell)) {
    if (column.type == ColumnType::boolean)
      out += *integer ? "true" : "false";
    else
      out += fmt::format_int(*integer).c_str();
  } else {
    json::Writer writer;
    out += writer.value(std::get<double>(cell)).text();
  }
}

}  // namespace

bool Extractor::row(const Mapping& mapping, const Frame& frame, const std::string* parent_id, model::RowBatch& rows,
                    Extraction& out) {
  if (!make_id(mapping, frame, parent_id)) return false;
  rows.begin_row(id_);
  extra_.clear();
  odd_.clear();
  if (parent_id) rows.set(*mapping.parent_key, std::string_view(*parent_id));
  for (const MappedColumn& column : mapping.columns) {
    if (column.knobs->list == config::ColumnMap::List::rows) continue;
    if (!cell(column, frame, rows, out)) {
      rows.drop_row();
      return false;
    }
  }
  if (!odd_.empty()) extra_ += (extra_.empty() ? "\"$odd\":{" : ",\"$odd\":{") + odd_ + "}";
  if (!extra_.empty()) {
    extra_ = "{" + extra_ + "}";
    rows.set_extra(extra_);
  }
  return true;
}

bool Extractor::cell(const MappedColumn& column, const Frame& frame, model::RowBatch& rows, Extraction& out) {
  std::optional<json::Value> found;
  Conversion converted;
  if (!column.parts.empty()) {
    converted = make_parts(column, frame) ? converter_.convert_text(column, text_) : converter_.fallback(column);
  } else if (column.origin.from == Origin::From::key && !frame.key.empty()) {
    converted = converter_.convert_text(column, frame.key);
  } else if (column.origin.from == Origin::From::index) {
    converted = {Outcome::value, static_cast<std::int64_t>(frame.index), {}};
  } else if (column.origin.from == Origin::From::now) {
    converted = {Outcome::value, unix_seconds(now_), {}};
  } else if (column.gathers && frame.chain[0]) {
    converted = converter_.convert_all(column, frame.find_all(column.origin));
  } else {
    found = find(column.origin, frame);
    converted = converter_.convert(column, found);
  }
  const std::string& name = column.knobs->column;
  switch (converted.outcome) {
    case Outcome::null:
      if (!converted.reason.empty()) ++out.odd[{name, std::string(converted.reason)}];
      return true;
    case Outcome::rejected:
      why_ = fmt::format("{}: {}", name, converted.reason);
      return false;
    case Outcome::odd: {
      ++out.odd[{name, std::string(converted.reason)}];
      if (!odd_.empty()) odd_ += ',';
      json::append_quoted(odd_, name);
      odd_ += ":{\"value\":";
      append_original(odd_, column, frame, found);
      odd_ += ",\"reason\":";
      json::append_quoted(odd_, converted.reason);
      odd_ += '}';
      return true;
    }
    case Outcome::value:
      break;
  }
  if (column.to == MappedColumn::To::entity) {
    rows.set(column.index, converted.cell);
  } else if (column.to == MappedColumn::To::url) {
    rows.set_url(std::get<std::string_view>(converted.cell));
  } else {
    if (!extra_.empty()) extra_ += ',';
    json::append_quoted(extra_, name);
    extra_ += ':';
    append_json_cell(extra_, column, converted.cell);
  }
  return true;
}

void Extractor::append_original(std::string& out, const MappedColumn& column, const Frame& frame,
                                const std::optional<json::Value>& found) {
  if (column.gathers) {
    out += '[';
    for (const json::Value& value : frame.find_all(column.origin)) {
      if (out.back() != '[') out += ',';
      value.append_json(out);
    }
    out += ']';
  } else if (found) {
    found->append_json(out);
  } else {
    json::append_quoted(out, column.knobs->fallback.value_or(""));
  }
}

// Scalars as text, so that 17 and "17" are one; true and false name nothing.
bool Extractor::key_part(const KeyPart& part, const Frame& frame, std::string& out) {
  switch (part.origin.from) {
    case Origin::From::constant:
      out += part.constant;
      if (part.constant.empty()) why_ = "the id is an empty constant";
      return !part.constant.empty();
    case Origin::From::index:
      out += std::to_string(frame.index);
      return true;
    case Origin::From::now:
      out += std::to_string(unix_seconds(now_));
      return true;
    case Origin::From::key:
      out += frame.key;
      if (frame.key.empty()) why_ = "the id ($key) is empty";
      return !frame.key.empty();
    case Origin::From::path:
      break;
  }
  const auto found = find(part.origin, frame);
  const auto refuse = [&](std::string_view why) {
    why_ = fmt::format("the id ({}) is {}", part.origin.path.text(), why);
    return false;
  };
  if (!found) return refuse("missing");
  if (found->is_null() || found->boolean()) return refuse(found->is_null() ? "null" : "a boolean");
  if (const auto text = found->string()) {
    if (text->empty()) return refuse("empty");
    out += *text;
    return true;
  }
  if ((found->is_array() || found->is_object()) && !part.takes_objects)
    return refuse(found->is_array() ? "a list" : "an object");
  found->append_json(out, json::KeyOrder::sorted);
  return true;
}

/// What a column's parts make, in text_; false where they make nothing.
bool Extractor::make_parts(const MappedColumn& column, const Frame& frame) {
  text_.clear();
  const auto& separator = column.knobs->separator;
  if (!separator && column.parts.size() == 1) return key_part(column.parts[0], frame, text_);
  for (const KeyPart& part : column.parts) {
    part_.clear();
    if (!key_part(part, frame, part_)) {
      if (separator) continue;
      return false;
    }
    if (!text_.empty()) text_ += separator ? *separator : ",";
    if (separator)
      text_ += part_;
    else
      json::append_quoted(text_, part_);
  }
  if (!separator) text_ = '[' + text_ + ']';
  return !text_.empty();
}

bool Extractor::make_id(const Mapping& mapping, const Frame& frame, const std::string* parent_id) {
  id_.clear();
  if (parent_id && mapping.key.empty()) return make_child_id(frame, *parent_id);
  const bool under_parent = parent_id && mapping.key_under_parent;
  if (mapping.key.size() == 1 && !under_parent) return key_part(mapping.key[0], frame, id_);
  if (under_parent) {
    id_ = '[';
    json::append_quoted(id_, *parent_id);
  }
  for (const KeyPart& part : mapping.key) {
    part_.clear();
    if (!key_part(part, frame, part_)) return false;
    id_ += id_.empty() ? '[' : ',';
    json::append_quoted(id_, part_);
  }
  id_ += ']';
  return true;
}

// A child record without a stated key: its own id where it has one, else its place under the parent.
bool Extractor::make_child_id(const Frame& frame, const std::string& parent_id) {
  const auto own = frame.chain[0]->get("id");
  if (own && (own->is_string() || own->kind() == json::Kind::integer) && !own->reads_as("")) {
    id_ = own->to_text();
    return true;
  }
  id_ = "[";
  json::append_quoted(id_, parent_id);
  id_ += ',' + json::quoted(std::to_string(frame.index)) + ']';
  return true;
}

}  // namespace sitrep::sources
