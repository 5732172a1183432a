#include "evaluation/incident_log.hpp"

#include <algorithm>
#include <limits>

namespace sitrep::evaluation {
namespace {

std::uint8_t severity_of(std::string_view text) {
  const bool usual = text.size() == 4 && text.starts_with("SEV") && text[3] >= '1' && text[3] <= '5';
  return usual ? static_cast<std::uint8_t>(text[3] - '0') : 6;
}

}  // namespace

std::uint16_t IncidentNames::kind(std::string_view text) {
  if (text.empty() || text == "incident") return 0;
  const auto known = static_cast<std::size_t>(std::ranges::find(kinds, text) - kinds.begin());
  if (known == kinds.size()) kinds.emplace_back(text);
  return static_cast<std::uint16_t>(known);
}

std::uint32_t IncidentNames::place(std::string_view program, std::string_view service) {
  key_.assign(program).append(1, '\0').append(service);
  const auto [found, fresh] = index_.try_emplace(key_, static_cast<std::uint32_t>(places.size()));
  if (fresh) places.emplace_back(program, service);
  return found->second;
}

std::uint32_t IncidentReader::place_of(const store::PackedIncident& of) {
  auto& service = meanings_[of.service];
  if (service.program != of.program) {
    const auto [place, fresh] = places_.try_emplace(std::uint64_t{of.program} << 32 | of.service, 0);
    if (fresh) place->second = names_.place(words_[of.program], words_[of.service]);
    service.program = of.program;
    service.place = place->second;
  }
  return service.place;
}

IncidentFact IncidentReader::operator()(const store::PackedIncident& of) {
  while (meanings_.size() < words_.size()) {
    const auto text = words_[static_cast<std::uint32_t>(meanings_.size())];
    // Of the word that stands for NULL nothing is said. A kind is numbered when one is seen.
    meanings_.push_back({0xffff, meanings_.empty() ? std::uint8_t{0} : severity_of(text), text == "resolved"});
  }
  auto& kind = meanings_[of.kind].kind;
  if (kind == 0xffff) kind = of.kind == 0 ? std::uint16_t{0} : names_.kind(words_[of.kind]);
  bool late = of.resolved == store::k_no_time, early = false;
  for (const auto time : {of.detected, of.acknowledged, of.mitigated, of.resolved}) {
    if (time == store::k_no_time) continue;
    late = late || time - of.started > k_week;
    early = early || time < of.started;
  }
  const auto details = static_cast<std::uint32_t>(first_ + details_.size());
  details_.push_back({of.key, of.detected, of.acknowledged, of.mitigated, of.resolved, of.severity,
                      meanings_[of.status].resolved, of.past, of.title});
  return {of.started, of.observed, place_of(of), of.cause, details, kind, meanings_[of.severity].severity, late, early};
}

IncidentLog::IncidentLog(store::Database& db, UnixTime since) : from(since) {
  IncidentReader read(words, names, details);
  const auto start = unix_seconds(from);
  const auto about = store::count_incidents(db, start);
  facts.reserve(about);
  details.reserve(about);
  store::read_incidents(db, start, store::Earlier::serious, words, [&](const store::PackedIncident& of) {
    (of.started >= start ? facts : open_before).push_back(read(of));
  });
  const auto by_start = [](const IncidentFact& a, const IncidentFact& b) { return a.started < b.started; };
  for (auto* list : {&facts, &open_before})
    if (!std::ranges::is_sorted(*list, by_start)) std::ranges::stable_sort(*list, by_start);
  constexpr std::size_t k_length = 4096;
  constexpr auto k_least = std::numeric_limits<std::int64_t>::min(), k_most = std::numeric_limits<std::int64_t>::max();
  for (std::size_t begin = 0; begin < facts.size(); begin += k_length) {
    Stretch stretch{begin, std::min(begin + k_length, facts.size()), k_most, 0, k_least};
    for (std::size_t i = begin; i < stretch.end; ++i) {
      const auto& fact = facts[i];
      stretch.first_seen = std::min(stretch.first_seen, fact.observed);
      if (!fact.is_serious()) continue;
      const auto over = details[fact.details].resolved;
      stretch.serious_over = std::max(stretch.serious_over, over == store::k_no_time ? k_most : over);
    }
    stretch.last_start = facts[stretch.end - 1].started;
    stretches.push_back(stretch);
  }
}

}  // namespace sitrep::evaluation
