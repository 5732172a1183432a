#include "sources/extraction.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "json/writer.hpp"

namespace sitrep::sources {
namespace {

using Shape = config::Stream::Shape;

std::string_view kind_name(const json::Value& value) {
  switch (value.kind()) {
    case json::Kind::null:
      return "null";
    case json::Kind::boolean:
      return "a boolean";
    case json::Kind::string:
      return "a text";
    case json::Kind::array:
      return "a list";
    case json::Kind::object:
      return "an object";
    default:
      return "a number";
  }
}

std::string keys_of(const json::Value& value) {
  if (!value.is_object()) return fmt::format("the body is {}", kind_name(value));
  std::string keys;
  std::size_t shown = 0;
  for (const json::Member member : value.members()) {
    if (++shown > 12) return "the body has the keys " + keys + ", …";
    if (!keys.empty()) keys += ", ";
    keys += truncate_display(visible(member.key), 40);
  }
  return keys.empty() ? "the body is an empty object" : "the body has the keys " + keys;
}

}  // namespace

Extraction::Extraction(const Mapping& mapping) : rows(mapping.entity->columns.size()) {
  for (const auto& child : mapping.children) children.emplace_back(child->entity->columns.size());
}

Extractor::Extractor(const config::Stream& stream, const Mapping& mapping)
    : stream_(stream), mapping_(mapping), selector_(json::Path::parse(stream.data_selector)), record_(mapping.names) {
  if (!stream.expand.empty()) expand_ = json::Path::parse(stream.expand);
  if (stream.deleted_when) deleted_ = json::Path::parse(stream.deleted_when->first);
  if (stream.skip_when) skip_ = json::Path::parse(stream.skip_when->first);
}

void Extractor::hash_rows(bool wanted) {
  hashers_.clear();
  if (!wanted) return;
  const auto add = [&](const model::Entity& entity) {
    auto& hasher = hashers_.emplace_back();
    if (entity.keeping == model::Keeping::versions) hasher.emplace(entity);
  };
  add(*mapping_.entity);
  for (const auto& child : mapping_.children) add(*child->entity);
}

void Extractor::set_group(std::string_view json) {
  group_.reset();
  if (!json.empty()) group_ = group_document_.parse(json);
}

json::RecordsIn Extractor::records_in() const {
  if (stream_.record_shape == Shape::object) return json::RecordsIn::whole;
  return stream_.record_shape == Shape::map ? json::RecordsIn::members : json::RecordsIn::elements;
}

std::optional<json::Value> Extractor::Frame::find(const Origin& origin) const {
  const auto level = static_cast<std::size_t>(origin.path.parents());
  if (origin.from != Origin::From::path || level >= k_most || !chain[level]) return std::nullopt;
  return origin.path.find(*chain[level]);
}

std::vector<json::Value> Extractor::Frame::find_all(const Origin& origin) const {
  const auto level = static_cast<std::size_t>(origin.path.parents());
  if (level >= k_most || !chain[level]) return {};
  return origin.path.find_all(*chain[level]);
}

Extractor::Frame Extractor::Frame::inside(const json::Value& element, std::size_t element_index) const {
  Frame frame;
  frame.chain[0] = element;
  std::copy(chain.begin(), chain.end() - 1, frame.chain.begin() + 1);
  frame.index = element_index;
  frame.key = key;
  return frame;
}

std::optional<json::Value> Extractor::find(const Origin& origin, const Frame& frame) const {
  if (!origin.name || !frame.chain[0]) return frame.find(origin);
  const auto member = record_.get(*origin.name);
  return member ? origin.path.find_after_first(*member) : std::nullopt;
}

std::vector<json::Member> Extractor::records_of(const json::Page& page) const {
  const json::Value& root = page.root;
  std::vector<json::Member> records;
  const auto found = selector_.find_all(root);
  if (found.empty() || (found.size() == 1 && found[0].is_null())) {
    if (stream_.allow_empty || (selector_.has_wildcard() && found.empty())) return records;
    fail(ErrorKind::data,
         "no records at '{}' (data_selector): {}; if the API leaves it out when there are none, set allow_empty",
         selector_.text(), found.empty() ? keys_of(root) : "it is null");
  }
  for (const json::Value& value : found) {
    const bool wants_object = stream_.record_shape == Shape::map || stream_.record_shape == Shape::object;
    if (stream_.record_shape == Shape::object || (selector_.has_wildcard() && !value.is_array())) {
      records.push_back({{}, value});
      continue;
    }
    if (wants_object ? !value.is_object() : !value.is_array()) {
      fail(ErrorKind::data, "'{}' (data_selector) is {}, and record_shape needs {}; {}", selector_.text(),
           kind_name(value), wants_object ? "an object" : "a list", keys_of(root));
    }
    for (const json::Member member : value.members()) records.push_back(member);
  }
  return records;
}

Extraction Extractor::extract(const json::Page& page, const std::vector<json::Member>& records) {
  Extraction out(mapping_);
  ids_.reset();
  out.records = static_cast<std::int64_t>(records.size());
  auto bad = page.bad.begin();
  for (std::size_t i = 0; i < records.size(); ++i) {
    place_ = i + 1;
    const auto& [key, record] = records[i];
    if (bad != page.bad.end() && bad->index == i) {
      out.rejects.push_back({bad->reason, bad->raw, fmt::format("record {}", place_), {}});
      ++bad;
      continue;
    }
    const bool fits = record.is_object() || (expand_ && record.is_array());
    if (stream_.record_shape == Shape::array && !fits) {
      reject(out, record, fmt::format("the record is {}, not an object", kind_name(record)), {}, {});
      continue;
    }
    if (skip_ && is_skipped(record)) {
      ++out.skipped;
      Frame skipped;
      skipped.chain[0] = record;
      record_.read(record);
      cursor_of(skipped, out);
      continue;
    }
    (expand_ ? outside_ : record_).read(record);
    if (fields_ && !fits_contract(record, out)) continue;
    Frame frame;
    frame.chain[0] = record;
    frame.chain[1] = group_;
    frame.index = i;
    frame.key = key;
    if (!collected_.empty()) keep_for_children(record, out);
    if (expand_)
      expand(frame, out);
    else
      record_row(frame, out);
  }
  out.ids = ids_.digest();
  hash(out);
  return out;
}

void Extractor::hash(Extraction& out) {
  if (hashers_.empty()) return;
  if (hashers_[0]) hashers_[0]->hash(out.rows);
  for (std::size_t i = 0; i < out.children.size(); ++i)
    if (hashers_[i + 1]) hashers_[i + 1]->hash(out.children[i]);
}

bool Extractor::fits_contract(const json::Value& record, Extraction& out) {
  const auto odd = fields_->observe(expand_ ? outside_ : record_);
  if (!odd || stream_.contract == config::Stream::Contract::evolve) return true;
  if (stream_.contract == config::Stream::Contract::freeze) {
    throw ContractError(ErrorKind::data,
                        fmt::format("record {}: {}, and contract = \"freeze\" allows no change; once it is right, sync "
                                    "with contract = \"evolve\"",
                                    place_, *odd));
  }
  reject(out, record, *odd + " (contract = \"discard\")", {}, {});
  return false;
}

void Extractor::keep_for_children(const json::Value& record, Extraction& out) const {
  if (collected_.front() == "*") {
    out.parents.push_back(record.to_json());
    return;
  }
  json::Writer writer;
  writer.begin_object();
  for (const std::string& key : collected_) {
    if (const auto value = record.get(key)) writer.key(key).raw(value->to_json());
  }
  out.parents.push_back(writer.end_object().take());
}

bool Extractor::is_deleted(const json::Value& record) const {
  const auto found = deleted_->find(record);
  return found && found->reads_as(stream_.deleted_when->second);
}

bool Extractor::is_skipped(const json::Value& record) const {
  const auto found = skip_->find(record);
  if (!found || found->is_null()) return false;
  const auto& equals = stream_.skip_when->second;
  return equals ? found->reads_as(*equals) : found->boolean() != false;
}

/// The time of the record's last change; the page's newest and oldest keep up with it.
std::optional<UnixTime> Extractor::cursor_of(const Frame& frame, Extraction& out) const {
  if (!mapping_.cursor) return std::nullopt;
  const auto found = find(*mapping_.cursor, frame);
  const auto cursor = found ? Converter::time(mapping_.cursor_times, *found) : std::nullopt;
  if (!cursor) return std::nullopt;
  out.newest = std::max(out.newest.value_or(*cursor), *cursor);
  out.oldest = std::min(out.oldest.value_or(*cursor), *cursor);
  return cursor;
}

void Extractor::expand(const Frame& record, Extraction& out) {
  const auto found = expand_->find_all(*record.chain[0]);
  std::size_t index = 0;
  for (const json::Value& list : found) {
    if (list.is_null()) continue;
    if (!list.is_array() && !list.is_object()) {
      reject(out, *record.chain[0],
             fmt::format("'{}' (expand) is {}, not a list or an object", expand_->text(), kind_name(list)), {}, {});
      return;
    }
    for (const json::Member member : list.members()) {
      Frame inner = record.inside(member.value, index++);
      if (list.is_object()) inner.key = member.key;
      record_row(inner, out);
    }
  }
  if (index > 0 || !stream_.keep_empty) return;
  Frame empty = record.inside(*record.chain[0], 0);
  empty.chain[0].reset();
  record_row(empty, out);
}

void Extractor::record_row(const Frame& frame, Extraction& out) {
  if (expand_ && frame.chain[0]) record_.read(*frame.chain[0]);
  if (deleted_ && frame.chain[0] && is_deleted(*frame.chain[0])) {
    if (make_id(mapping_, frame, nullptr))
      out.removed.push_back(id_);
    else
      reject(out, *frame.chain[0], why_, {}, {});
    return;
  }
  if (!row(mapping_, frame, nullptr, out.rows, out)) {
    reject(out, frame.chain[0] ? *frame.chain[0] : *frame.chain[1], why_, {}, {});
    return;
  }
  ids_.add(id_);
  ids_.add("\n");
  if (const auto cursor = cursor_of(frame, out)) out.rows.set_rank(unix_seconds(*cursor));
  if (mapping_.children.empty()) return;
  const std::string parent_id = id_;
  for (const MappedColumn& column : mapping_.columns) {
    if (column.knobs->list == config::ColumnMap::List::rows) child_rows(column, frame, parent_id, out);
  }
}

void Extractor::child_rows(const MappedColumn& column, const Frame& frame, const std::string& parent_id,
                           Extraction& out) {
  const Mapping& child = *mapping_.children[column.child];
  const auto list = find(column.origin, frame);
  if (!list || list->is_null()) return;
  if (!list->is_array()) {
    reject(out, *list, fmt::format("'{}' is {}, not a list", column.knobs->path, kind_name(*list)), column.child,
           column.knobs->column);
    return;
  }
  std::size_t index = 0;
  for (const json::Member member : list->members()) {
    const Frame inner = frame.inside(member.value, index++);
    if (row(child, inner, &parent_id, out.children[column.child], out)) continue;
    reject(out, member.value, why_, column.child, fmt::format("{} {}", column.knobs->column, index));
  }
}

void Extractor::reject(Extraction& out, const json::Value& record, std::string reason, std::optional<std::size_t> child,
                       std::string_view place) const {
  std::string where = fmt::format("record {}", place_);
  if (!place.empty()) where += fmt::format(", {}", place);
  out.rejects.push_back({std::move(reason), record.to_json(), std::move(where), child});
}

}  // namespace sitrep::sources
