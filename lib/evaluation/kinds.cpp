#include "evaluation/kinds.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>

#include "base/numbers.hpp"
#include "base/text.hpp"
#include "metrics/counts.hpp"
#include "metrics/judge.hpp"
#include "metrics/proportions.hpp"
#include "metrics/quantiles.hpp"

namespace sitrep::evaluation {
namespace {

constexpr std::string_view k_impossible = "ends before it starts";

void count_exclusion(std::vector<Exclusion>& list, std::string_view reason, std::int64_t n = 1) {
  const auto at = std::find_if(list.begin(), list.end(), [&](const Exclusion& e) { return e.reason == reason; });
  if (at == list.end())
    list.push_back({std::string(reason), n});
  else
    at->n += n;
}

void combine(Totals& totals, Combine how, double value) {
  switch (how) {
    case Combine::sum:
      totals.first += value;
      break;
    case Combine::max:
      totals.first = totals.n == 0 ? value : std::max(totals.first, value);
      break;
    case Combine::min:
      totals.first = totals.n == 0 ? value : std::min(totals.first, value);
      break;
    case Combine::single:
      totals.first = totals.n == 0 ? value : totals.first;
      break;
    case Combine::most:
      break;  // when all of them are summed up
  }
}

/// The sums by id: the largest is the level, and each of them is worth a look.
void combine_most(Totals& totals, const std::map<std::string, double>& sums) {
  for (const auto& [id, sum] : sums) {
    totals.first = std::max(totals.first, sum);
    totals.items.push_back({fmt::format("{}: {}", id, format_amount(sum)), id, {}, sum});
  }
}

/// Puts the worst first, of those that are alike the first, where the kind has an order; others keep the definition's.
template <class List, class Value>
void order(List& list, const RowSet& set, const Value& value) {
  const bool ascending = set.kind == Kind::level && set.combine == Combine::min;
  if (set.kind != Kind::level && set.kind != Kind::duration) return;
  std::ranges::stable_sort(
      list, [&](double a, double b) { return ascending ? a < b : a > b; },
      [&](const auto& one) { return value(one).value_or(0); });
}

/// Of the rows worth a look, and of the sums that are items already, the worst. Thousands of rows are put in order
/// before the few become items.
void keep_worst(Totals& totals, const RowSet& set, std::vector<const Row*>& rows) {
  const auto found = rows.size() + totals.items.size();
  order(rows, set, [](const Row* row) { return row->first; });
  rows.resize(std::min(rows.size(), k_items));
  std::vector<Item> items;
  for (const auto* row : rows) items.push_back({row->label, row->id, row->url, row->first});
  std::ranges::move(totals.items, std::back_inserter(items));
  order(items, set, [](const Item& item) { return item.value; });
  items.resize(std::min(items.size(), k_items));
  totals.items = std::move(items);
  totals.items_left_out = static_cast<std::int64_t>(found - totals.items.size());
}

std::string needs(std::int64_t n, double minimum) { return fmt::format("n = {}, needs {:.0f}", n, minimum); }

double least_n(const config::Metric& metric, Kind kind) {
  const double by_kind = kind == Kind::proportion ? static_cast<double>(metrics::k_least_share_n)
                         : kind == Kind::duration ? static_cast<double>(metrics::k_least_durations)
                                                  : 0;
  return metric.minimum_n.value_or(by_kind);
}

std::vector<std::int64_t> counts_of(std::span<const Totals> baseline) {
  std::vector<std::int64_t> counts;
  for (const auto& t : baseline) counts.push_back(std::llround(t.first));
  return counts;
}

void fill_duration(Result& result, const Totals& totals) {
  auto values = totals.values;
  result.value = metrics::median(values);
  if (const auto ranks = metrics::median_ranks(values.size())) {
    result.interval = metrics::median_interval(values);
    result.interval_method = fmt::format("order statistics {}-{}", ranks->low_rank, ranks->high_rank);
  }
  if (values.size() >= metrics::k_least_p90) result.p90 = metrics::quantile(values, 0.9);
}

/// The value of a period alone; nullopt when it has none. Used for the previous period too.
std::optional<double> value_of(const Totals& totals, const config::Metric& metric, Kind kind) {
  if (!totals.known || static_cast<double>(totals.n) < least_n(metric, kind)) return std::nullopt;
  switch (kind) {
    case Kind::count:
    case Kind::level:
      return totals.first;
    case Kind::rate:
    case Kind::ratio:
    case Kind::proportion:
      if (totals.second > 0) return totals.first / totals.second;
      return std::nullopt;
    case Kind::duration: {
      if (totals.values.empty()) return std::nullopt;
      auto values = totals.values;
      return metrics::median(values);
    }
  }
  return std::nullopt;
}

}  // namespace

Totals add_up(const RowSet& set, const Scope& scope, Detail detail) {
  Totals totals;
  std::map<std::string, double> sums;
  std::vector<const Row*> worth_a_look;
  for (const auto& row : set.rows) {
    if (!belongs(*row.place, scope)) continue;
    if (!row.excluded.empty()) {
      count_exclusion(totals.exclusions, row.excluded, row.records);
      continue;
    }
    totals.coverage.of += row.records;
    if (!row.values.empty()) {  // durations of possible orders
      const auto n = static_cast<std::int64_t>(row.values.size());
      totals.coverage.with += n;
      totals.n += n;
      totals.values.insert(totals.values.end(), row.values.begin(), row.values.end());
      continue;
    }
    if (!row.first) {
      if (detail == Detail::full && !row.label.empty()) worth_a_look.push_back(&row);
      continue;
    }
    totals.coverage.with += row.records;
    if (set.kind == Kind::duration) {
      if (*row.first < 0) {
        --totals.coverage.of;
        --totals.coverage.with;
        count_exclusion(totals.exclusions, k_impossible);
        continue;
      }
      totals.values.push_back(*row.first);
      ++totals.n;
    } else if (set.kind == Kind::level) {
      combine(totals, set.combine, *row.first);
      if (set.combine == Combine::most) sums[row.id] += *row.first;
      totals.n += row.records;
    } else {
      totals.first += *row.first;
      totals.second += row.second;
      totals.n += set.kind == Kind::proportion ? std::llround(row.second)
                  : set.kind == Kind::count    ? std::llround(*row.first)
                                               : 1;
    }
    // Of a sum the rows that add to it are worth a look, of a share those that are not good.
    const bool shown = set.kind == Kind::level && set.combine == Combine::sum ? *row.first != 0
                       : set.kind != Kind::proportion                         ? true
                       : set.lower_is_better                                  ? *row.first > 0
                                                                              : *row.first < row.second;
    if (detail == Detail::full && shown && !row.label.empty()) worth_a_look.push_back(&row);
  }
  if (set.kind == Kind::level && totals.n == 0 && set.combine != Combine::sum && set.combine != Combine::most)
    totals.known = false;
  combine_most(totals, sums);
  if (set.kind == Kind::rate) totals.n = std::llround(totals.first);
  std::sort(totals.exclusions.begin(), totals.exclusions.end(),
            [](const Exclusion& a, const Exclusion& b) { return a.reason < b.reason; });
  std::sort(totals.values.begin(), totals.values.end());
  keep_worst(totals, set, worth_a_look);
  return totals;
}

void fill_value(Result& result, const config::Metric& metric, const Totals& totals) {
  const Kind kind = parse_kind(metric.kind);
  result.n = totals.n;
  result.exclusions = totals.exclusions;
  result.coverage = totals.coverage;
  result.items = totals.items;
  result.items_left_out = totals.items_left_out;
  if (kind == Kind::proportion) result.good = std::llround(totals.first);
  if (totals.coverage.of > 0 && totals.coverage.share() < metric.minimum_coverage) {
    result.not_reportable = fmt::format("the field it needs is there in {} of {} records, needs {:.0f} %",
                                        totals.coverage.with, totals.coverage.of, 100 * metric.minimum_coverage);
    return;
  }
  if (!totals.known) {
    std::string why = "no data";
    for (const auto& e : totals.exclusions) why += fmt::format("; {} {}", e.n, e.reason);
    result.not_reportable = why;
    return;
  }
  if (const double least = least_n(metric, kind); static_cast<double>(totals.n) < least) {
    result.not_reportable = needs(totals.n, least);
    if (kind == Kind::duration) result.values = totals.values;
    return;
  }
  switch (kind) {
    case Kind::duration:
      fill_duration(result, totals);
      return;
    case Kind::count:
      result.value = totals.first;
      result.interval = metrics::poisson_interval(totals.n);
      result.interval_method = "Garwood";
      return;
    case Kind::level:
      result.value = totals.first;
      return;
    case Kind::proportion:
    case Kind::rate:
    case Kind::ratio:
      break;
  }
  if (!(totals.second > 0)) {
    result.not_reportable = kind == Kind::proportion ? needs(0, 1) : "nothing to divide by";
    return;
  }
  result.value = totals.first / totals.second;
  if (kind == Kind::proportion) {
    result.interval = metrics::wilson(std::llround(totals.first), std::llround(totals.second));
    result.interval_method = "Wilson";
  } else if (kind == Kind::rate) {
    const auto counts = metrics::poisson_interval(std::llround(totals.first));
    result.interval = metrics::Bounds{counts.lower / totals.second, counts.upper / totals.second};
    result.interval_method = "Garwood";
  }
}

void fill_verdict(Result& result, const config::Metric& metric, const Totals& now, const Totals& before,
                  std::span<const Totals> baseline, const Window& window) {
  const Kind kind = parse_kind(metric.kind);
  result.previous = value_of(before, metric, kind);
  result.previous_n = before.n;
  const auto better = metrics::parse_better(metric.better).value_or(metrics::Better::none);
  if (!result.value) {
    result.judgement = metrics::Judgement::not_reportable(result.not_reportable);
    return;
  }
  if (before.coverage.of > 0 && before.coverage.share() < metric.minimum_coverage) {
    result.judgement = metrics::Judgement::not_reportable("too few records of the previous period have the field");
    return;
  }
  switch (kind) {
    case Kind::count:
      result.judgement =
          metrics::judge_counts(now.n, static_cast<double>(window.period.length().count()), before.n,
                                static_cast<double>(window.previous.length().count()), counts_of(baseline), better);
      return;
    case Kind::rate:
      if (!(before.second > 0)) break;
      result.judgement = metrics::judge_counts(now.n, now.second, before.n, before.second, counts_of(baseline), better);
      return;
    case Kind::proportion:
      if (!(before.second > 0)) break;
      result.judgement = metrics::judge_shares(std::llround(now.first), std::llround(now.second),
                                               std::llround(before.first), std::llround(before.second), better);
      return;
    case Kind::duration:
      result.judgement = metrics::judge_durations(now.values, before.values, better);
      return;
    case Kind::ratio:
    case Kind::level: {
      std::vector<double> past;
      for (const auto& t : baseline) {
        if (const auto v = value_of(t, metric, kind)) past.push_back(*v);
      }
      if (result.previous) past.push_back(*result.previous);
      result.judgement = metrics::judge_level(*result.value, past, better);
      return;
    }
  }
  result.judgement = metrics::Judgement::not_reportable("no previous period to compare with");
}

std::string formula_of(const config::Metric& metric) {
  switch (parse_kind(metric.kind)) {
    case Kind::count:
      return "number of events; 95 % interval of Garwood (1936); change by the exact conditional test of two Poisson "
             "counts (Przyborowski & Wilenski 1940), quasi-Poisson from 12 baseline periods on (McCullagh & Nelder "
             "6.2.3)";
    case Kind::rate:
      return "events per exposure, ratio of sums; 95 % interval of Garwood (1936); change by the exact conditional "
             "test "
             "(Przyborowski & Wilenski 1940)";
    case Kind::proportion:
      return "good / total, ratio of sums; 95 % interval of Wilson (1927); change by Newcombe (1998), method 10";
    case Kind::duration:
      return "median, type 7 (Hyndman & Fan 1996); 95 % interval by order statistics (Conover 1999, 3.2); change by "
             "the "
             "rank sum test, ratio of Hodges and Lehmann (Hollander & Wolfe 4.1-4.3)";
    case Kind::ratio:
      return "part / whole, ratio of sums; change against XmR limits of 12 or more earlier periods (NIST e-Handbook "
             "6.3.2.2)";
    case Kind::level:
      break;
  }
  return "as the definition combines its rows; change against XmR limits of 12 or more earlier periods (NIST "
         "e-Handbook "
         "6.3.2.2)";
}

}  // namespace sitrep::evaluation
