#include "store/listing.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace sitrep::store {
namespace {

std::vector<std::string> view_columns(const model::Entity& entity) {
  std::vector<std::string> columns{"source", "id"};
  for (const auto& column : entity.columns) columns.push_back(column.name);
  for (const auto* column : {"url", "extra", "observed_at"}) columns.emplace_back(column);
  return columns;
}

/// A WHERE clause over ?1, ?2, … and the texts and numbers to bind to them.
struct Condition {
  std::string sql;
  std::vector<OwnedCell> values;

  std::string parameter(OwnedCell value) {
    values.push_back(std::move(value));
    return fmt::format("?{}", values.size());
  }
  void also(const std::string& term) { sql += (sql.empty() ? " WHERE " : " AND ") + term; }
};

class Builder {
 public:
  Builder(Store& store, const Listing& listing)
      : store_(store), listing_(listing), entity_(entity_of(store, listing)), columns_(view_columns(entity_)) {}

  const std::vector<std::string>& columns() const { return columns_; }

  Condition condition() const {
    Condition condition;
    for (const auto& filter : listing_.filters) {
      if (!filter.any_of.empty()) add_filter(condition, filter);
    }
    if (listing_.id) condition.also("e.id = " + condition.parameter(*listing_.id));
    if (listing_.since || listing_.until) add_interval(condition);
    return condition;
  }

  std::string order() const {
    if (listing_.sort.empty()) return " ORDER BY source, id";
    const auto column = checked(listing_.sort, "--sort");
    return fmt::format(" ORDER BY {0} IS NULL, {0} {1}, source, id", column, listing_.descending ? "DESC" : "ASC");
  }

  std::string select() const {
    std::string list;
    for (const auto& column : columns_) list += (list.empty() ? "" : ", ") + quote_name(column);
    return list;
  }

 private:
  static const model::Entity& entity_of(Store& store, const Listing& listing) {
    const auto* entity = store.find_entity(listing.entity);
    if (!entity) fail(ErrorKind::usage, "'{}' is not an entity", visible(listing.entity));
    return *entity;
  }

  /// The quoted name of a column that the view has.
  std::string checked(const std::string& name, std::string_view option) const {
    if (std::ranges::find(columns_, name) == columns_.end()) {
      const std::vector<std::string_view> known(columns_.begin(), columns_.end());
      const auto guess = did_you_mean(name, known);
      fail(ErrorKind::usage, "{}: {} has no column '{}'{}", option, entity_.name, visible(name),
           guess.empty() ? "; it has " + join(columns_, ", ") : guess);
    }
    return "e." + quote_name(name);
  }

  static std::string any_of(Condition& condition, const std::vector<std::string>& values) {
    std::string list;
    for (const auto& value : values) list += (list.empty() ? "" : ", ") + condition.parameter(lower_ascii(value));
    return "(" + list + ")";
  }

  void add_filter(Condition& condition, const Listing::Filter& filter) const {
    const auto column = checked(filter.column, "filter");
    const auto values = any_of(condition, filter.any_of);
    const auto own = fmt::format("lower({}) IN {}", column, values);
    const bool through = filter.through == Listing::Filter::Through::service && entity_.find("service");
    if (!through) {
      condition.also(own);
    } else if (filter.column == "service") {
      const auto asked = fmt::format(
          "lower(s.name) IN {0} OR EXISTS (SELECT 1 FROM json_each(s.aliases) a WHERE "
          "lower(a.value) IN {0})",
          values);
      condition.also(fmt::format("({} OR {})", own, in_names_of(column, asked)));
    } else {
      const auto asked = fmt::format("lower(s.{}) IN {}", quote_name(filter.column), values);
      condition.also(fmt::format("({} OR ({} IS NULL AND {}))", own, column, in_names_of("e.service", asked)));
    }
  }

  /// `column` is a name or an alias of a service for which `asked` holds. Not correlated: computed once, not per row.
  static std::string in_names_of(std::string_view column, std::string_view asked) {
    return fmt::format(
        "{0} IN (SELECT s.name FROM service s WHERE {1} UNION SELECT n.value FROM service s, "
        "json_each(s.aliases) n WHERE {1})",
        column, asked);
  }

  void add_interval(Condition& condition) const {
    const auto column = checked(listing_.time_column, "--since");
    const auto* definition = entity_.find(listing_.time_column);
    const bool date = definition && definition->type == model::ColumnType::date;
    const auto bound = [&](UnixTime t) -> OwnedCell {
      if (date) return format_date(store_.options().calendar.zone.date_of(t));
      return unix_seconds(t);
    };
    if (listing_.since) condition.also(fmt::format("{} >= {}", column, condition.parameter(bound(*listing_.since))));
    if (listing_.until) condition.also(fmt::format("{} < {}", column, condition.parameter(bound(*listing_.until))));
  }

  Store& store_;
  const Listing& listing_;
  const model::Entity& entity_;
  std::vector<std::string> columns_;
};

void bind_all(Statement& statement, const std::vector<OwnedCell>& values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto index = static_cast<int>(i) + 1;
    if (const auto* number = std::get_if<std::int64_t>(&values[i])) statement.bind_one(index, *number);
    if (const auto* text = std::get_if<std::string>(&values[i])) statement.bind_one(index, *text);
  }
}

OwnedCell own(const model::Cell& cell) {
  struct Visitor {
    OwnedCell operator()(std::monostate) const { return {}; }
    OwnedCell operator()(std::int64_t n) const { return n; }
    OwnedCell operator()(double n) const { return n; }
    OwnedCell operator()(std::string_view text) const { return std::string(text); }
  };
  return std::visit(Visitor{}, cell);
}

}  // namespace

int Listed::index_of(std::string_view column) const {
  const auto found = std::ranges::find(columns, column);
  return found == columns.end() ? -1 : static_cast<int>(found - columns.begin());
}

Listed list(Store& store, const Listing& listing) {
  const Builder builder(store, listing);
  const auto condition = builder.condition();
  const auto from = fmt::format(" FROM {} e{}", quote_name(listing.entity), condition.sql);
  Listed listed;
  listed.columns = builder.columns();

  Statement count(store.db(), "SELECT count(*)" + from);
  bind_all(count, condition.values);
  if (count.step()) listed.total = count.integer(0);

  Statement rows(store.db(), "SELECT " + builder.select() + from + builder.order() +
                                 (listing.limit ? fmt::format(" LIMIT {}", *listing.limit) : ""));
  bind_all(rows, condition.values);
  while (rows.step()) {
    auto& row = listed.rows.emplace_back();
    for (int c = 0; c < rows.columns(); ++c) row.push_back(own(rows.cell(c)));
  }
  return listed;
}

bool has_record(Store& store, std::string_view entity, std::string_view id_or_name) {
  const auto* known = store.find_entity(entity);
  if (!known) return false;
  std::string sql = fmt::format("SELECT EXISTS (SELECT 1 FROM {0} WHERE id = ?1)", quote_name(known->name));
  if (known->find("name"))
    sql += fmt::format(" OR EXISTS (SELECT 1 FROM {0} WHERE lower(name) = lower(?1))", quote_name(known->name));
  if (known->find("aliases"))
    sql += fmt::format(" OR EXISTS (SELECT 1 FROM {0} e, json_each(e.aliases) a WHERE lower(a.value) = lower(?1))",
                       quote_name(known->name));
  Statement found(store.db(), sql);
  found.bind(id_or_name);
  return found.step() && found.integer(0) != 0;
}

std::vector<std::string> distinct_texts(Store& store, std::string_view entity, std::string_view column) {
  const auto* known = store.find_entity(entity);
  if (!known || !known->find(column)) return {};
  Statement rows(store.db(), fmt::format("SELECT DISTINCT {0} FROM {1} WHERE typeof({0}) = 'text' ORDER BY {0}",
                                         quote_name(column), quote_name(known->name + "_history")));
  std::vector<std::string> found;
  while (rows.step()) found.emplace_back(rows.text(0));
  return found;
}

std::vector<std::string> names(Store& store, std::string_view entity) {
  const auto* known = store.find_entity(entity);
  if (!known || !known->find("name")) return {};
  Statement rows(store.db(), fmt::format("SELECT DISTINCT name FROM {} WHERE name IS NOT NULL ORDER BY name",
                                         quote_name(known->name)));
  std::vector<std::string> found;
  while (rows.step()) found.emplace_back(rows.text(0));
  return found;
}

}  // namespace sitrep::store
