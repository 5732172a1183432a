#include <algorithm>

#include "evaluation/incident_groups.hpp"

// The records behind a metric that a reader is shown: chosen from the facts, named by the definition.
namespace sitrep::evaluation {

bool IncidentFacts::has_label(const Fact& fact, std::string_view metric) const {
  using Title = store::PackedIncident::Title;
  const auto& of = details(fact);
  if (of.title == Title::absent) return false;
  return of.title == Title::some || of.severity_word != 0 || metric == "hours_sev12" || metric == "repeat_causes" ||
         metric == "incidents_after_launch";
}

/// As SQL orders the column: NULL first, then by bytes.
bool IncidentFacts::severity_before(const Fact& a, const Fact& b) const {
  if (a.severity != 6 && b.severity != 6) return a.severity < b.severity;
  if (a.severity == 0 || b.severity == 0) return a.severity < b.severity;
  return word(details(a).severity_word) < word(details(b).severity_word);
}

bool IncidentFacts::before(const Candidate& a, const Candidate& b, Order order) const {
  if (order == Order::worst_then_severity || order == Order::worst_then_start) {
    if (a.value.value_or(0) != b.value.value_or(0)) return a.value.value_or(0) > b.value.value_or(0);
  }
  if (order == Order::severity || order == Order::worst_then_severity) {
    if (severity_before(*a.fact, *b.fact)) return true;
    if (severity_before(*b.fact, *a.fact)) return false;
  }
  if (a.fact->started != b.fact->started) return a.fact->started < b.fact->started;
  return a.id < b.id;
}

std::string IncidentFacts::id_of(const Fact& fact) {
  const auto& of = details(fact);
  store::Statement row(store_.db(), of.past ? "SELECT id FROM main.incident_past WHERE key = ?1"
                                            : "SELECT id FROM main.incident_current WHERE key = ?1");
  return row.bind(of.key).step() ? std::string(row.text(0)) : std::string();
}

void IncidentFacts::sum_in_order(Totals& totals, const config::Metric& metric, const Interval& span,
                                 const Scope& scope) const {
  if (metric.name == "hours_sev12") totals.first = hours_in_order(span, scope);
}

double IncidentFacts::hours_in_order(const Interval& span, const Scope& scope) const {
  const auto from = unix_seconds(span.from), to = unix_seconds(span.to);
  std::vector<Candidate> all;
  each_lately(from, to, [&](const Fact& f) {
    const auto over = over_at(f);
    if (!f.is_serious() || (over == store::k_no_time ? to : over) <= from) return;
    std::string_view excluded;
    const auto hours = hours_of(f, span, excluded);
    if (hours && excluded.empty() && belongs(*places_[f.place].place, scope)) all.push_back({&f, hours});
  });
  std::ranges::stable_sort(all,
                           [](const Candidate& a, const Candidate& b) { return a.fact->severity < b.fact->severity; });
  double sum = 0;
  for (const auto& one : all) sum += *one.value;
  return sum;
}

void IncidentFacts::items(Totals& totals, const config::Metric& metric, const Interval& span, const Scope& scope,
                          UnixTime now) {
  const auto order = find_duration(metric.name) != nullptr         ? Order::worst_then_start
                     : metric.name == "hours_sev12"                ? Order::worst_then_severity
                     : parse_kind(metric.kind) == Kind::proportion ? Order::start
                                                                   : Order::severity;
  auto found = candidates(metric.name, span, scope);
  const auto first = [&](const Candidate& a, const Candidate& b) { return before(a, b, order); };
  if (found.size() > k_items) {
    totals.items_left_out = static_cast<std::int64_t>(found.size() - k_items);
    std::ranges::nth_element(found, found.begin() + k_items - 1, first);
    // Ids, which decide between those that are alike otherwise, are not known yet.
    const auto last = found[k_items - 1];
    std::erase_if(found, [&](const Candidate& c) { return first(last, c); });
  }
  for (auto& candidate : found) candidate.id = id_of(*candidate.fact);
  std::ranges::sort(found, first);
  if (found.size() > k_items) found.resize(k_items);
  if (found.empty()) return;

  store::Statement row(store_.db(),
                       fmt::format("SELECT label, url, program, service FROM ({}) WHERE id = :item", metric.sql));
  // What joins launches does not find an incident by its id; but the definition asked for one second is quick.
  const bool by_second = metric.name == "incidents_after_launch";
  const auto bind = [&](const char* name, UnixTime time) {
    if (const int at = row.parameter(name); at > 0) row.bind_one(at, time);
  };
  bind(":now", now);
  for (const auto& candidate : found) {
    row.reset();
    bind(":from", by_second ? unix_time(candidate.fact->started) : span.from);
    bind(":to", by_second ? unix_time(candidate.fact->started) + Seconds{1} : span.to);
    row.bind_one(row.parameter(":item"), candidate.id);
    const auto& place = places_[candidate.fact->place];
    while (row.step()) {  // of several sources that use an id, the one that is meant
      if (row.text(2) != place.program || row.text(3) != place.service) continue;
      if (row.text(0).empty()) break;
      totals.items.push_back({std::string(row.text(0)), candidate.id, std::string(row.text(1)), candidate.value});
      break;
    }
  }
}

}  // namespace sitrep::evaluation
