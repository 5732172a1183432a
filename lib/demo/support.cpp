#include <algorithm>
#include <array>

#include "demo/organisation.hpp"
#include "demo/random.hpp"

namespace sitrep::demo {
namespace {

using std::chrono::days;
using std::chrono::hours;

constexpr int k_ticket_days = 182;

struct Product {
  const char* name;
  const char* service;
  double per_day;
  int asked;  ///< one solved ticket in so many is rated
};

// Support tooling is in its pilot: so few answers a week that nothing can be said about satisfaction.
constexpr std::array<Product, 4> k_products = {{{"Ledger", "ledger-api", 7.5, 2},
                                                {"Checkout", "checkout-api", 9.0, 2},
                                                {"Edge", "edge-proxy", 7.0, 2},
                                                {"Support console", "support-console", 1.4, 3}}};

constexpr std::array<const char*, 10> k_subjects = {
    "Balance does not match", "Payment shown twice", "Cannot log in",       "Invoice is missing a line",
    "API key refused",        "Page loads slowly",   "Refund has not come", "Webhook arrives late",
    "How do I add a user?",   "Tax looks wrong"};
constexpr std::array<const char*, 6> k_reasons = {"bug", "how-to", "billing", "incident", "account", "feature request"};
constexpr std::array<const char*, 3> k_channels = {"email", "chat", "web"};

Ticket make_ticket(UnixTime created, const Product& product, int number, Random& random) {
  Ticket t;
  t.subject = random.pick(k_subjects);
  t.channel = random.pick(k_channels);
  t.product = product.name;
  t.service = product.service;
  constexpr std::array<double, 4> k_weights = {1, 4, 12, 5};
  constexpr std::array<const char*, 4> k_priorities = {"urgent", "high", "normal", "low"};
  constexpr std::array<int, 4> k_response_hours = {1, 4, 8, 24};
  const auto priority = random.weighted(k_weights);
  t.priority = k_priorities[priority];
  if (!random.chance(0.06)) t.reason = random.pick(k_reasons);
  t.created = created;
  const Seconds promised = hours{k_response_hours[priority]};
  t.response_due = created + promised;
  const double share = std::min(random.lognormal(0.35, 0.5), 1.6);
  t.first_response = created + Seconds{static_cast<std::int64_t>(static_cast<double>(promised.count()) * share)};
  t.resolved = *t.first_response + Seconds{static_cast<std::int64_t>(random.lognormal(15.0, 1.1) * 3600)};
  t.reopened = random.chance(0.05);
  if (number % product.asked == 0) {
    t.rated = *t.resolved + hours{random.whole(1, 30)};
    constexpr std::array<double, 5> k_scores = {1, 2, 3, 34, 60};
    t.score = 1 + static_cast<int>(random.weighted(k_scores));
  }
  return t;
}

/// At most six answers of the pilot in any week that the demo shows.
void thin_pilot(Organisation& org) {
  constexpr int k_most = 6;
  for (UnixTime from = org.now - days{k_ticket_days}; from < org.now; from += days{1}) {
    int answers = 0;
    for (auto& t : org.tickets) {
      if (t.product != std::string_view("Support console") || !t.rated || *t.rated < from || *t.rated >= from + days{7})
        continue;
      if (++answers > k_most) t.rated.reset();
    }
  }
}

}  // namespace

void add_support(Organisation& org) {
  Random random(org.seed, "support");
  std::array<int, k_products.size()> numbers{};
  const Date first = org.zone.date_of(org.now) - days{k_ticket_days};
  for (int d = 0; d <= k_ticket_days; ++d) {
    const std::chrono::weekday weekday{first + days{d}};
    const double calm = weekday == std::chrono::Saturday || weekday == std::chrono::Sunday ? 0.35 : 1.0;
    for (std::size_t p = 0; p < k_products.size(); ++p) {
      const Product& product = k_products[p];
      for (int n = random.poisson(product.per_day * calm); n > 0; --n) {
        const UnixTime created = org.zone.start_of(first + days{d}) + hours{7} + Seconds{random.whole(0, 12 * 3600)};
        ++numbers[p];
        if (created < org.now) org.tickets.push_back(make_ticket(created, product, numbers[p], random));
      }
    }
  }
  std::ranges::stable_sort(org.tickets, {}, &Ticket::created);
  for (std::size_t i = 0; i < org.tickets.size(); ++i) org.tickets[i].id = std::to_string(88'001 + i);
  thin_pilot(org);
}

}  // namespace sitrep::demo
