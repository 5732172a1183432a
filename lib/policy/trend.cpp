#include "policy/trend.hpp"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <future>
#include <thread>

#include "base/text.hpp"
#include "evaluation/readings.hpp"

namespace sitrep::policy {
namespace {

/// Of the built-in rules: the periods that a verdict is made of.
constexpr Seconds k_looks_back = std::chrono::weeks{15};
constexpr std::size_t k_workers = 4;  // each has a connection

std::vector<std::string> rules_behind(const Health& health) {
  std::vector<std::string> rules;
  if (health.color != Color::yellow && health.color != Color::red) return rules;
  for (const auto& d : health.dimensions) {
    for (const auto& f : d.findings) {
      if (f.color == health.color) rules.push_back(f.rule);
    }
  }
  return rules;
}

std::string in_capitals(Color color) {
  std::string text(name(color));
  for (auto& c : text) c = static_cast<char>(c - 'a' + 'A');
  return text;
}

/// Of runways the built-in rules look at no more than when more has to be ordered.
bool dates_do(const config::Config* config) {
  const auto built_in = rules(nullptr);
  return std::ranges::all_of(rules(config), [&](const config::Rule& rule) {
    return std::ranges::find(built_in, rule.metric, &config::Rule::metric) != built_in.end();
  });
}

/// Of this thread, on Linux: the one that asks for the trend in the end has other things to do first.
void give_way() {
  constexpr int k_a_third_of_the_weight = 5;
  if (::nice(k_a_third_of_the_weight) == -1) return;  // it takes no more than its share then
}

/// Those of `a` that `b` does not have.
std::vector<std::string> without(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  std::vector<std::string> result;
  for (const auto& one : a) {
    if (std::find(b.begin(), b.end(), one) == b.end()) result.push_back(one);
  }
  return result;
}

}  // namespace

std::string since_before(std::span<const PastColor> trend) {
  if (trend.size() < 2) return {};
  const auto& now = trend.back();
  const auto& before = trend[trend.size() - 2];
  if (!now.color || !before.color) return {};
  const bool same = *now.color == *before.color;
  std::string text =
      same ? "unchanged " + in_capitals(*now.color) : in_capitals(*before.color) + " → " + in_capitals(*now.color);
  const auto added = without(now.rules, before.rules);
  const auto gone = without(before.rules, now.rules);
  if (!added.empty()) text += (same ? ", new: " : ": ") + join(added, ", ");
  if (!gone.empty()) text += "; no longer " + join(gone, ", ");
  return text;
}

enum class Beside { no, yes };

struct Trend::State {
  Options options;
  std::vector<UnixTime> moments;
  std::vector<std::vector<Health>> known;  // by moment before the present; each is written by whoever took it
  evaluation::Runways runways;
  std::atomic<std::size_t> next = 0;      // moment that nobody has taken
  std::vector<std::future<void>> others;  // what other processors do, while whoever made us has other things to read
  std::optional<PastColors> colors;
  std::exception_ptr failure;

  explicit State(Options chosen) : options(std::move(chosen)) {
    for (int i = options.weeks - 1; i >= 0; --i) moments.push_back(options.now - std::chrono::weeks{i});
    known.resize(moments.empty() ? 0 : moments.size() - 1);
    runways = dates_do(options.config) ? evaluation::Runways::dates : evaluation::Runways::whole;
    if (!options.readings) options.readings = std::make_shared<evaluation::Readings>();
    if (!moments.empty()) options.readings->expect(moments.front() - k_looks_back, moments.front());
  }

  /// Takes past moments as long as there are any. One store shows all of them.
  void work(Beside beside) {
    if (next >= known.size()) return;
    auto store = options.open(options.now);
    options.readings->read_ahead(store);
    if (beside == Beside::yes) give_way();
    for (std::size_t i = next++; i < known.size(); i = next++) {
      if (store.remembers(moments[i])) known[i] = health_at(store, moments[i]);
    }
  }

  void work_beside() {
    // As many as there are processors, though whoever made us takes one: it waits for the last of them in the end.
    const auto processors = std::min<std::size_t>(std::thread::hardware_concurrency(), k_workers);
    if (processors < 2) return;
    for (std::size_t i = 0; i < std::min(processors, known.size()); ++i)
      others.push_back(std::async(std::launch::async, [this] { work(Beside::yes); }));
  }

  std::vector<Health> health_at(store::Store& store, UnixTime moment) const {
    store.look_at(moment);
    evaluation::Evaluator::Options of;
    of.now = moment;
    of.calendar = options.calendar;
    of.runways = runways;
    of.items = evaluation::Items::no;
    of.readings = options.readings;
    if (options.config) of.own = options.config->metrics;
    evaluation::Evaluator evaluator(store, std::move(of));
    return health(evaluator, store, options.config);
  }

  std::vector<Health> health_now() const {
    auto store = options.open(options.now);
    return health_at(store, options.now);
  }

  PastColors gather(const std::vector<Health>& present) const {
    PastColors result;
    for (std::size_t i = 0; i < moments.size(); ++i) {
      for (const auto& h : i < known.size() ? known[i] : present) {
        auto& colors_of = result[h.program];
        while (colors_of.size() < i) colors_of.push_back({moments[colors_of.size()], std::nullopt, {}});
        colors_of.push_back({moments[i], h.color, rules_behind(h)});
      }
    }
    for (auto& [program, colors_of] : result) {
      while (colors_of.size() < moments.size()) colors_of.push_back({moments[colors_of.size()], std::nullopt, {}});
    }
    return result;
  }
};

Trend::Trend(Options options) : state_(std::make_unique<State>(std::move(options))) { state_->work_beside(); }

Trend::~Trend() {
  state_->next = state_->moments.size();  // what nobody asked for is left; the futures wait for the moments under way
}

const PastColors& Trend::colors(const std::vector<Health>* present) {
  if (state_->failure) std::rethrow_exception(state_->failure);  // some moments are not known: there is no answer
  if (state_->colors) return *state_->colors;
  try {
    std::vector<Health> now;
    if (present == nullptr && !state_->moments.empty()) now = state_->health_now();
    if (state_->others.empty()) state_->work(Beside::no);
    for (auto& other : state_->others) other.wait();
    for (auto& other : state_->others) other.get();
    state_->colors = state_->gather(present == nullptr ? now : *present);
  } catch (...) {
    state_->failure = std::current_exception();
    throw;
  }
  return *state_->colors;
}

}  // namespace sitrep::policy
