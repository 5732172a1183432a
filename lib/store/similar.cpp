#include "store/similar.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <utility>

#include "base/text.hpp"
#include "base/words.hpp"

namespace sitrep::store {
namespace {

constexpr double k_least_similarity = 0.3;  // below it, incidents share a word or two that say little
constexpr double k_same_service = 1.5;
constexpr std::size_t k_candidates = 200;  // of which those of the same service come first
constexpr std::uint32_t k_title_weight = 3, k_cause_weight = 1;
constexpr std::size_t k_short_word = 2;  // bytes

/// What a word says that `with` of `all` texts have: next to nothing when most of them do.
double rarity(std::size_t all, std::size_t with) {
  const auto n = static_cast<double>(all), k = static_cast<double>(with);
  return std::max(std::log((n - k + 0.5) / (k + 0.5)), 1e-6);
}

}  // namespace

IncidentIndex::IncidentIndex(Store& store)
    : details_(store.db(),
               "SELECT coalesce(title, ''), coalesce(service, ''), coalesce(severity, ''), coalesce(cause, ''), "
               "coalesce(url, ''), started_at FROM incident WHERE id = ?2 AND source = ?1") {
  Statement rows(store.db(),
                 "SELECT source, id, coalesce(title, ''), coalesce(cause, ''), coalesce(service, '') FROM incident "
                 "WHERE coalesce(kind, 'incident') = 'incident' ORDER BY started_at, source, id");
  std::unordered_map<std::string, Number> services{{"", 0}};
  std::size_t words = 0;
  while (rows.step()) {
    const auto number = static_cast<Number>(incidents_.size());
    auto& incident = incidents_.emplace_back();
    incident.source = rows.text(0);
    incident.id = rows.text(1);
    incident.service =
        services.try_emplace(lower_ascii(rows.text(4)), static_cast<Number>(services.size())).first->second;
    // Of several sources' incidents of one id, the first source's is meant.
    const auto [known, is_new] = by_id_.try_emplace(incident.id, number);
    if (!is_new && incident.source < incidents_[known->second].source) known->second = number;
    add_words(number, rows.text(2), rows.text(3));
    words += incident.words;
  }
  average_words_ = static_cast<double>(words) / static_cast<double>(std::max<std::size_t>(incidents_.size(), 1));
  scores_.resize(incidents_.size());
}

void IncidentIndex::add_words(Number number, std::string_view title, std::string_view cause) {
  auto& incident = incidents_[number];
  incident.terms_at = terms_.size();
  const auto add = [&](std::string_view text, std::uint32_t weight) {
    for (auto& word : search_words(text)) {
      ++incident.words;
      if (word.size() <= k_short_word) continue;
      const auto [found, is_new] = by_word_.try_emplace(std::move(word), static_cast<Number>(words_.size()));
      if (is_new) words_.emplace_back();
      auto& in = words_[found->second];
      if (in.empty() || in.back().incident != number) {
        in.push_back({number, 0});
        terms_.push_back(found->second);
      }
      in.back().weight += weight;
    }
  };
  add(title, k_title_weight);
  add(cause, k_cause_weight);
  incident.terms_end = terms_.size();
}

/// The scores of all that share a word with the one asked for and came not after it, itself included, by number.
std::vector<IncidentIndex::Hit> IncidentIndex::hits_of(Number asked) {
  constexpr double k1 = 1.2, b = 0.75;
  std::vector<Hit> hits;
  const auto& own = incidents_[asked];
  for (auto t = own.terms_at; t < own.terms_end; ++t) {
    const auto& word = words_[terms_[t]];
    const double weight = rarity(incidents_.size(), word.size());
    for (const auto& [incident, times] : word) {
      if (incident > asked) break;
      if (scores_[incident] == 0) hits.push_back({incident, 0});
      const double length = incidents_[incident].words / average_words_;
      scores_[incident] += weight * (times * (k1 + 1)) / (times + k1 * (1 - b + b * length));
    }
  }
  for (auto& hit : hits) hit.score = std::exchange(scores_[hit.incident], 0);
  return hits;
}

std::vector<SimilarIncident> IncidentIndex::similar(std::string_view id, std::size_t limit) {
  const auto asked = by_id_.find(std::string(id));
  if (asked == by_id_.end()) return {};
  const auto self = asked->second;
  auto hits = hits_of(self);
  const auto own = std::ranges::find(hits, self, &Hit::incident);
  if (own == hits.end()) return {};  // it has no words
  const double full = own->score;
  for (auto& hit : hits) hit.score /= full;
  std::erase_if(hits, [&](const Hit& hit) { return hit.incident == self || hit.score < k_least_similarity; });
  std::ranges::sort(hits, [](const Hit& a, const Hit& c) {
    return a.score != c.score ? a.score > c.score : a.incident > c.incident;  // of equals the latest
  });
  if (hits.size() > k_candidates) hits.resize(k_candidates);
  for (auto& hit : hits) hit.score = std::min(hit.score, 1.0);  // a shorter text may score more than the one asked for
  const auto service = incidents_[self].service;
  const auto same_service = [&](const Hit& hit) { return service != 0 && incidents_[hit.incident].service == service; };
  const auto rank = [&](const Hit& hit) { return hit.score * (same_service(hit) ? k_same_service : 1); };
  std::ranges::stable_sort(hits, std::ranges::greater{}, rank);
  if (hits.size() > limit) hits.resize(limit);
  std::vector<SimilarIncident> all;
  for (const auto& hit : hits) {
    auto& one = all.emplace_back(read(incidents_[hit.incident]));
    one.similarity = hit.score;
    one.same_service = same_service(hit);
  }
  return all;
}

SimilarIncident IncidentIndex::read(const Incident& incident) {
  SimilarIncident one;
  one.source = incident.source;
  one.id = incident.id;
  details_.bind(one.source, one.id);
  if (details_.step()) {
    one.title = details_.text(0);
    one.service = details_.text(1);
    one.severity = details_.text(2);
    one.cause = details_.text(3);
    one.url = details_.text(4);
    one.started_at = details_.time_or_null(5);
  }
  details_.reset();
  return one;
}

}  // namespace sitrep::store
