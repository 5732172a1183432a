#include "demo/random.hpp"

#include <bit>
#include <cmath>
#include <numbers>

namespace sitrep::demo {
namespace {

std::uint64_t splitmix(std::uint64_t& state) {
  state += 0x9E3779B97F4A7C15U;
  std::uint64_t z = state;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
  return z ^ (z >> 31);
}

}  // namespace

Random::Random(std::uint64_t seed, std::string_view stream) {
  std::uint64_t mixed = 0xCBF29CE484222325U;  // FNV-1a: spreads the stream's name over 64 bits
  for (const char c : stream) mixed = (mixed ^ static_cast<unsigned char>(c)) * 0x100000001B3U;
  mixed ^= seed * 0x9E3779B97F4A7C15U;
  for (auto& word : state_) word = splitmix(mixed);
}

std::uint64_t Random::next() {
  const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
  const std::uint64_t shifted = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= shifted;
  state_[3] = std::rotl(state_[3], 45);
  return result;
}

double Random::uniform() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

std::int64_t Random::whole(std::int64_t low, std::int64_t high) {
  const auto width = static_cast<std::uint64_t>(high - low) + 1;
  return low + static_cast<std::int64_t>(next() % width);  // widths are tiny beside 2^64: the bias does not show
}

double Random::real(double low, double high) { return low + (high - low) * uniform(); }

bool Random::chance(double probability) { return uniform() < probability; }

double Random::normal() {
  const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));
  return radius * std::cos(2.0 * std::numbers::pi * uniform());
}

double Random::lognormal(double median, double sigma) { return median * std::exp(sigma * normal()); }

int Random::poisson(double mean) {
  const double limit = std::exp(-mean);
  int count = 0;
  for (double product = uniform(); product > limit; product *= uniform()) ++count;
  return count;
}

std::size_t Random::weighted(std::span<const double> weights) {
  double total = 0;
  for (const double w : weights) total += w;
  double left = uniform() * total;
  for (std::size_t i = 0; i + 1 < weights.size(); ++i) {
    if (left < weights[i]) return i;
    left -= weights[i];
  }
  return weights.size() - 1;
}

}  // namespace sitrep::demo
