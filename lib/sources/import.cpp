#include "sources/import.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/error.hpp"
#include "base/text.hpp"
#include "json/records.hpp"
#include "sources/extraction.hpp"
#include "sources/mapping.hpp"
#include "store/write_session.hpp"

namespace sitrep::sources {
namespace {

/// A key as a path of one step.
std::string path_to(std::string_view key) {
  std::string path = "\"";
  for (const char c : key) {
    if (c == '"' || c == '\\') path += '\\';
    path += c;
  }
  return path + '"';
}

/// What `sitrep … --json` adds to a record and the store makes itself.
bool is_made_by_store(std::string_view key) {
  return key == "source" || key == "observed_at" || key == "superseded_at" || key == "deleted_at";
}

/// The keys of a record; those of an object `extra` as "extra.KEY". Of a record that we did not write everything is
/// the source's own, whatever it is called.
void add_keys(const json::Value& record, std::set<std::string, std::less<>>& keys) {
  if (!record.is_object()) return;
  const bool ours = record.get("source") && record.get("observed_at");
  for (const json::Member member : record.members()) {
    if (member.key == "extra" && member.value.is_object()) {
      for (const json::Member inner : member.value.members()) keys.insert(fmt::format("extra.{}", inner.key));
    } else if (!ours || !is_made_by_store(member.key)) {
      keys.emplace(member.key);
    }
  }
}

/// The mapping that column names make. Keys are in the order of their bytes, so that the same record has the same
/// `extra` whatever stands beside it in the file.
config::Stream by_names(const model::Entity& entity, const ImportOptions& options,
                        const std::set<std::string, std::less<>>& keys) {
  config::Stream stream;
  stream.name = options.stream;
  stream.entity = entity.name;
  stream.timezone = options.timezone;
  const bool has_key = std::ranges::all_of(entity.key, [&](const std::string& part) { return keys.contains(part); });
  if (entity.keeping == model::Keeping::corrections) {
    stream.primary_key = entity.series_key;
    // Labels that the file does not have tell nothing apart; without its first part a sample is of nothing.
    std::erase_if(stream.primary_key,
                  [&](const std::string& part) { return part != entity.series_key.front() && !keys.contains(part); });
    stream.primary_key.emplace_back("at");
  } else if (!entity.key.empty() && (has_key || !keys.contains("id"))) {
    stream.primary_key = entity.key;
  }
  for (const auto& key : keys) {
    config::ColumnMap column;
    constexpr std::string_view k_extra = "extra.";
    const bool extra = key.starts_with(k_extra) && entity.index_of(key) < 0;
    column.column = extra ? key.substr(k_extra.size()) : key;
    column.path = extra ? "extra." + path_to(column.column) : path_to(key);
    // Inside extra a name may be that of a column, or of what a record is known by: it is neither.
    if (extra && (entity.index_of(column.column) >= 0 || column.column == "id" || column.column == "url"))
      column.column = key;
    if (column.column == "id" && entity.index_of("id") < 0) continue;
    stream.columns.push_back(std::move(column));
  }
  // What stood in extra and what stood beside it are one: in one order.
  std::ranges::stable_sort(stream.columns, {}, &config::ColumnMap::column);
  return stream;
}

class Import {
 public:
  Import(store::Store& store, const model::Entity& entity, const ImportOptions& options)
      : store_(store), entity_(entity), options_(options), one_(store.session()) {
    if (options.mapping) {
      stream_ = *options.mapping;
      stream_.name = options.stream;
      use_mapping();
    }
  }

  void read(const ImportFile& file) {
    FilePages pages(file.name, file.text, file.format, structured_columns());
    while (const auto text = pages.next()) {
      try {
        page(file, *text);
      } catch (const json::SyntaxError& e) {
        fail(ErrorKind::data, "{}:{}:{}: is not usable JSON: {}", file.name, e.line(), e.column(), e.what());
      } catch (const Error& e) {
        if (e.kind() != ErrorKind::data || std::string_view(e.what()).starts_with(file.name)) throw;
        fail(ErrorKind::data, "{}: {}", file.name, e.what());
      }
    }
  }

  /// By column names: those that hold lists and objects.
  std::vector<std::string> structured_columns() const {
    if (options_.mapping) return {};
    std::vector<std::string> names = {"extra"};
    for (const auto& column : entity_.columns)
      if (column.type == model::ColumnType::json) names.push_back(column.name);
    return names;
  }

  std::vector<Imported> finish() {
    if (!mapping_) {  // no file had a record
      stream_ = by_names(entity_, options_, keys_);
      use_mapping();
    }
    open_writers();
    if (results_[0].records > 0 && rows_ == 0)
      fail(ErrorKind::data, "every record is rejected, nothing was written; the first: {}", first_reject_);
    for (auto& writer : writers_) {
      store::RunFacts facts;
      facts.started_at = facts.finished_at = options_.observed_at;
      facts.odd_values = 0;
      for (const auto& [what, count] : results_[0].odd) *facts.odd_values += count;
      writer.set_facts(facts);
    }
    if (options_.shrink == store::Shrink::refuse)
      for (auto& writer : writers_) writer.check_shrink();
    for (std::size_t i = 0; i < writers_.size(); ++i) {
      writers_[i].finish("", store::Shrink::allow);
      results_[i].counts = writers_[i].counts();
    }
    one_.commit();
    return results_;
  }

 private:
  void use_mapping() {
    mapping_.emplace(make_mapping(stream_, [this](std::string_view name) { return store_.find_entity(name); }));
    extractor_.emplace(stream_, *mapping_);
    extractor_->set_now(options_.observed_at);
  }

  void open_writers() {
    if (!writers_.empty()) return;
    const auto add = [&](const Mapping& mapping) {
      writers_.emplace_back(store_, options_.source, mapping.stream, *mapping.entity,
                            options_.snapshot ? store::Pass::full : store::Pass::partial, options_.observed_at,
                            store::Moment::exact);
      Imported result;
      result.stream = mapping.stream;
      result.entity = mapping.entity->name;
      results_.push_back(std::move(result));
    };
    add(*mapping_);
    for (const auto& child : mapping_->children) add(*child);
  }

  struct Records {
    std::string selector = "$";
    config::Stream::Shape shape = config::Stream::Shape::array;
  };
  /// Where a page's records are, as the file's format and its root say.
  Records records_of(const ImportFile& file, std::string_view text) {
    using Shape = config::Stream::Shape;
    if (file.format != FileFormat::json) return {};
    if (options_.select) return {*options_.select, Shape::array};
    Records mapped =
        options_.mapping ? Records{options_.mapping->data_selector, options_.mapping->record_shape} : Records{};
    if (mapped.shape != Shape::array) return mapped;
    json::Document document;
    try {
      document.parse(text);
    } catch (const json::NumberError&) {
      return mapped;  // parse_page knows what to do with it
    }
    const auto root = document.root();
    if (root.is_array()) return {};
    if (options_.mapping || !root.is_object()) return mapped;
    if (root.get("rows") && root.get("schema")) return {"rows", Shape::array};  // our own --json
    if (root.get("id")) return {"$", Shape::object};
    std::string keys;
    for (const json::Member member : root.members())
      if (member.value.is_array()) keys += (keys.empty() ? "" : ", ") + visible(member.key);
    fail(ErrorKind::data, "{}: holds an object, not a list of records; say where they are with --select{}", file.name,
         keys.empty() ? "" : ": there are lists at " + keys);
  }

  void page(const ImportFile& file, std::string_view text) {
    const auto records = records_of(file, text);
    if (!options_.mapping) learn_names(text, records);
    if (!extractor_ || stream_.data_selector != records.selector || stream_.record_shape != records.shape) {
      stream_.data_selector = records.selector;
      stream_.record_shape = records.shape;
      use_mapping();
    }
    open_writers();
    const auto parsed = json::parse_page(document_, text, extractor_->data_selector(), extractor_->records_in());
    const auto read = extractor_->extract(parsed);
    results_[0].records += read.records;
    rows_ += read.rows.size();
    for (const auto& [what, count] : read.odd) results_[0].odd[what] += count;
    writers_[0].put(read.rows);
    for (std::size_t i = 0; i < read.children.size(); ++i) writers_[i + 1].put(read.children[i]);
    for (const auto& reject : read.rejects) {
      if (first_reject_.empty()) first_reject_ = fmt::format("{}, {}: {}", file.name, reject.where, reject.reason);
      writers_[reject.child ? *reject.child + 1 : 0].reject(reject.reason, reject.raw,
                                                            fmt::format("{}, {}", file.name, reject.where));
    }
  }

  void learn_names(std::string_view text, const Records& records) {
    const auto path = json::Path::parse(records.selector);
    const bool whole = records.shape == config::Stream::Shape::object;
    const auto parsed =
        json::parse_page(document_, text, path, whole ? json::RecordsIn::whole : json::RecordsIn::elements);
    const auto before = keys_.size();
    for (const auto& found : path.find_all(parsed.root)) {
      if (whole) add_keys(found, keys_);
      for (const json::Member record : found.members())
        if (!whole) add_keys(record.value, keys_);
    }
    if (extractor_ && keys_.size() == before) return;
    stream_ = by_names(entity_, options_, keys_);
    extractor_.reset();
  }

  store::Store& store_;
  const model::Entity& entity_;
  const ImportOptions& options_;
  config::Stream stream_;
  std::set<std::string, std::less<>> keys_;
  std::optional<Mapping> mapping_;
  std::optional<Extractor> extractor_;
  json::Document document_;
  store::OneCommit one_;
  std::vector<store::StreamWriter> writers_;
  std::vector<Imported> results_;
  std::size_t rows_ = 0;
  std::string first_reject_;
};

}  // namespace

std::vector<Imported> import_files(store::Store& store, const model::Entity& entity,
                                   const std::vector<ImportFile>& files, const ImportOptions& options) {
  Import import(store, entity, options);
  for (const auto& file : files) import.read(file);
  return import.finish();
}

}  // namespace sitrep::sources
