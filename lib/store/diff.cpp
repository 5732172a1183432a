#include "store/diff.hpp"

#include <algorithm>
#include <cstring>
#include <memory_resource>

#include "store/gc.hpp"
#include "store/schema.hpp"

namespace sitrep::store {
namespace {

/// A version that begins or ends between the moments: what orders it, names it and finds it again. Its values are read
/// when it is compared, cell by cell, since most records that a week changed are new.
struct Edge {
  std::size_t source = 0;  ///< place of its name among all
  std::string_view id, title;
  UnixTime at{};
  std::int64_t key = 0;
  bool past = false;       ///< of the table of ended versions
  std::uint64_t head = 0;  ///< of the id, where ids begin to differ: sort()
};

bool operator<(const Edge& a, const Edge& b) { return a.source != b.source ? a.source < b.source : a.id < b.id; }

/// By source and id. Ids of a source mostly begin alike: eight bytes behind that tell nearly all of them apart.
void sort(std::vector<Edge>& edges) {
  auto alike = edges.empty() ? std::string_view() : edges.front().id;
  for (const auto& edge : edges)
    alike = alike.substr(0, static_cast<std::size_t>(std::ranges::mismatch(alike, edge.id).in1 - alike.begin()));
  for (auto& edge : edges) {
    const auto rest = edge.id.substr(alike.size());
    for (std::size_t i = 0; i < 8; ++i)
      edge.head = edge.head << 8 | (i < rest.size() ? static_cast<unsigned char>(rest[i]) : 0u);
  }
  std::ranges::sort(edges, [](const Edge& a, const Edge& b) {
    if (a.source != b.source) return a.source < b.source;
    return a.head != b.head ? a.head < b.head : a.id < b.id;
  });
}

/// One state of the file for all statements, while somebody else may write. Within a transaction it is a part of that.
class Snapshot {
 public:
  explicit Snapshot(Database& db) : db_(db) { db_.execute("SAVEPOINT diff"); }
  ~Snapshot() {
    try {
      db_.execute("RELEASE diff");
    } catch (const Error&) {  // it has read only: there is nothing to lose
    }
  }
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;

 private:
  Database& db_;
};

/// Names of sources in their order.
class Sources {
 public:
  explicit Sources(Database& db) {
    Statement rows(db, "SELECT id, name FROM main.source_name ORDER BY name");
    while (rows.step()) {
      ids_.push_back(rows.integer(0));
      names_.emplace_back(rows.text(1));
    }
  }
  std::size_t place(std::int64_t id) const {
    return static_cast<std::size_t>(std::ranges::find(ids_, id) - ids_.begin());
  }
  /// "" of one that the file does not know.
  std::string_view name(std::size_t place) const { return place < names_.size() ? names_[place] : std::string_view(); }
  std::int64_t id(std::size_t place) const { return place < ids_.size() ? ids_[place] : 0; }

 private:
  std::vector<std::int64_t> ids_;
  std::vector<std::string> names_;
};

/// The values of one version, in the entity's columns, url and extra; what the file lacks is NULL.
class Row {
 public:
  Row(Database& db, const model::Entity& entity) : db_(db), entity_(entity) {}

  /// Good until the next read().
  std::span<const model::Cell> read(const Edge& edge) {
    auto& statement = edge.past ? past_ : current_;
    if (!statement) {
      const auto table = edge.past ? past_table(entity_) : current_table(entity_);
      statement.emplace(db_,
                        fmt::format("SELECT {} FROM main.{} t WHERE t.key = ?1", values_of(table), quote_name(table)));
    }
    cells_.clear();
    statement->bind(edge.key).step();
    for (int i = 0; i < statement->columns(); ++i) cells_.push_back(statement->cell(i));
    return cells_;
  }

 private:
  std::string values_of(const std::string& table) const {
    const auto in_file = table_columns(db_, table);
    std::string list;
    for (const auto& column : entity_.columns) {
      const bool there = std::ranges::find(in_file, column.name) != in_file.end();
      list += (there ? "t." + quote_name(column.name) : std::string("NULL")) + ", ";
    }
    return list + "t.url, t.extra";
  }
  Database& db_;
  const model::Entity& entity_;
  std::optional<Statement> current_, past_;
  std::vector<model::Cell> cells_;
};

class Comparison {
 public:
  Comparison(Database& db, const model::Entity& entity, UnixTime from, UnixTime to)
      : db_(db), entity_(entity), from_(from), snapshot_(db), sources_(db), was_(db, entity), is_(db, entity) {
    const auto current = "main." + quote_name(current_table(entity));
    const auto past = "main." + quote_name(past_table(entity));
    const int title = title_column(entity);
    std::string columns = "p.source_id, p.id, p.key, ";
    const auto name = title < 0 ? std::string() : entity.columns[static_cast<std::size_t>(title)].name;
    const auto in_file = table_columns(db, current_table(entity));
    columns += std::ranges::find(in_file, name) == in_file.end() ? "NULL" : "p." + quote_name(name);
    // A state of `from` that still holds at `to` is in neither list. Many an entity has no past: that is soon seen.
    std::string in_past;
    if (is_there(past, "t.superseded_at IS NOT NULL")) {
      Statement ended(db, select_held(columns + ", 1, p.superseded_at", past, "?1", "p.superseded_at <= ?2"));
      before_ = edges(ended.bind(from, to));
      in_past = " UNION ALL " + select_held(columns + ", 1, p.observed_at", past, "?2", "p.observed_at > ?1");
      any_gone_ = is_there(past, "t.deleted_at <= ?1");
    }
    Statement begun(db, fmt::format("SELECT {}, 0, p.observed_at FROM {} p WHERE p.observed_at > ?1 AND "
                                    "p.observed_at <= ?2{}",
                                    columns, current, in_past));
    after_ = edges(begun.bind(from, to));
  }

  void each(const Exclusions& exclusions, const std::function<void(const Change&)>& use) {
    Change change;
    change.entity = entity_.name;
    auto was = before_.begin();
    for (const auto& is : after_) {
      for (; was != before_.end() && *was < is; ++was) use(named(change, *was, Change::Kind::removed));
      if (was != before_.end() && !(is < *was)) {
        change.fields = compare(entity_, was_.read(*was++), is_.read(is));
        std::erase_if(change.fields,
                      [&](const FieldChange& field) { return exclusions.covers(entity_, field.column); });
        if (change.fields.empty()) continue;
        use(named(change, is, Change::Kind::changed));
        change.fields.clear();
      } else {
        use(named(change, is, was_gone(is) ? Change::Kind::restored : Change::Kind::added));
      }
    }
    for (; was != before_.end(); ++was) use(named(change, *was, Change::Kind::removed));
  }

 private:
  std::vector<Edge> edges(Statement& rows) {
    std::vector<Edge> edges;
    while (rows.step()) {
      const auto title = rows.cell(3);
      const auto* text = std::get_if<std::string_view>(&title);
      edges.push_back({sources_.place(rows.integer(0)), kept(rows.text(1)), text == nullptr ? "" : kept(*text),
                       rows.time(5), rows.integer(2), rows.integer(4) != 0, 0});
    }
    sort(edges);
    return edges;
  }

  std::string_view kept(std::string_view text) {
    if (text.empty()) return {};
    auto* copy = static_cast<char*>(texts_.allocate(text.size(), 1));
    std::memcpy(copy, text.data(), text.size());
    return {copy, text.size()};
  }

  const Change& named(Change& change, const Edge& edge, Change::Kind kind) const {
    change.kind = kind;
    change.source = sources_.name(edge.source);
    change.id = edge.id;
    change.title = edge.title.empty() ? edge.id : edge.title;
    change.at = edge.at;
    return change;
  }

  /// Whether a row fulfils the condition, in which ?1 is the first moment.
  bool is_there(const std::string& table, const char* condition) {
    Statement any(db_, fmt::format("SELECT 1 FROM {} t WHERE {} AND ?1 IS NOT NULL LIMIT 1", table, condition));
    return any.bind(from_).step();
  }

  /// Whether the record had been seen to be gone before the first moment.
  bool was_gone(const Edge& edge) {
    if (!any_gone_) return false;
    if (!gone_)
      gone_.emplace(db_, fmt::format("SELECT 1 FROM main.{} t WHERE t.id = ?1 AND t.source_id = ?2 AND "
                                     "t.deleted_at <= ?3 LIMIT 1",
                                     quote_name(past_table(entity_))));
    return gone_->bind(edge.id, sources_.id(edge.source), from_).step();
  }

  Database& db_;
  const model::Entity& entity_;
  UnixTime from_;
  Snapshot snapshot_;
  Sources sources_;
  Row was_, is_;
  std::optional<Statement> gone_;
  bool any_gone_ = false;
  std::pmr::monotonic_buffer_resource texts_;  // ids and titles of the edges
  std::vector<Edge> before_, after_;
};

}  // namespace

std::string_view name(Change::Kind kind) {
  switch (kind) {
    case Change::Kind::added:
      return "added";
    case Change::Kind::changed:
      return "changed";
    case Change::Kind::removed:
      return "removed";
    case Change::Kind::restored:
      return "restored";
  }
  return "changed";
}

int title_column(const model::Entity& entity) {
  for (const char* name : {"title", "name", "subject", "text"})
    if (const int index = entity.index_of(name); index >= 0) return index;
  return -1;
}

Exclusions::Exclusions(const Store& store, const std::vector<std::string>& patterns) {
  for (const auto& pattern : patterns) {
    const auto dot = pattern.find('.');
    const auto name = pattern.substr(0, dot);
    const auto column = pattern.substr(dot + 1);
    const auto* entity = store.find_entity(name);
    const bool in_all = column == "url" || column == "extra" || column.starts_with(k_in_extra);
    if (entity == nullptr && name != "*")
      fail(ErrorKind::config, "[diff] exclude: '{}': there is no entity '{}'", pattern, name);
    if (entity != nullptr && !in_all && entity->index_of(column) < 0)
      fail(ErrorKind::config, "[diff] exclude: '{}': {} has no column '{}'; a key of extra is extra.{}", pattern, name,
           column, column);
    excluded_.emplace_back(name, column);
  }
}

bool Exclusions::covers(const model::Entity& entity, std::string_view column) const {
  return std::ranges::any_of(excluded_, [&](const auto& pattern) {
    if (pattern.first != "*" && pattern.first != entity.name) return false;
    return pattern.second == column || (pattern.second == "extra" && column.starts_with(k_in_extra));
  });
}

void each_change(Store& store, const model::Entity& entity, UnixTime from, UnixTime to, const Exclusions& exclusions,
                 const std::function<void(const Change&)>& use) {
  if (entity.keeping != model::Keeping::versions)
    fail(ErrorKind::usage, "{} is a series: its samples are not compared; look at {}_history", entity.name,
         entity.name);
  if (const auto as_of = store.options().as_of) to = std::min(to, *as_of);
  if (to <= from || table_columns(store.db(), current_table(entity)).empty()) return;
  if (const auto since = whole_since(store.db(), entity.name); since && from < *since)
    fail(ErrorKind::data,
         "what was known of {} at {} is not there any more: 'sitrep store gc' removed its past before {}; compare "
         "with a later moment, or in a backup with --store",
         entity.name, format_utc(from), format_utc(*since));
  Comparison(store.db(), entity, from, to).each(exclusions, use);
}

std::vector<Change> diff(Store& store, const model::Entity& entity, UnixTime from, UnixTime to,
                         const Exclusions& exclusions) {
  std::vector<Change> changes;
  each_change(store, entity, from, to, exclusions, [&](const Change& change) { changes.push_back(change); });
  return changes;
}

}  // namespace sitrep::store
