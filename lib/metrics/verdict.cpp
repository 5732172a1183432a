#include "metrics/verdict.hpp"

namespace sitrep::metrics {

std::string_view name(Verdict verdict) {
  switch (verdict) {
    case Verdict::improved:
      return "improved";
    case Verdict::worse:
      return "worse";
    case Verdict::changed:
      return "changed";
    case Verdict::no_evidence:
      return "no evidence of change";
    case Verdict::not_reportable:
      break;
  }
  return "not reportable";
}

std::optional<Better> parse_better(std::string_view text) {
  if (text == "lower") return Better::lower;
  if (text == "higher") return Better::higher;
  if (text == "none" || text.empty()) return Better::none;
  return std::nullopt;
}

Verdict direction(double change, Better better) {
  if (change == 0) return Verdict::no_evidence;
  if (better == Better::none) return Verdict::changed;
  return (change < 0) == (better == Better::lower) ? Verdict::improved : Verdict::worse;
}

}  // namespace sitrep::metrics
