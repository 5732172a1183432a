#include "sources/prefetch.hpp"

namespace sitrep::sources {

Prefetch::Prefetch(Fetch fetch, std::size_t most) : fetch_(std::move(fetch)), most_(most) {}

Prefetch::~Prefetch() { forget(); }

Prefetch::Key Prefetch::key_of(const PageState& state) {
  return {state.group, state.slice.from ? unix_seconds(*state.slice.from) : 0, state.position.number,
          state.position.text};
}

void Prefetch::ask(const PageState& state) {
  auto [at, fresh] = flights_.emplace(key_of(state), nullptr);
  if (!fresh) return;
  at->second = std::make_shared<Flight>();
  at->second->state = state;
  {
    const std::lock_guard lock(mutex_);
    queue_.push_back(at->second);
  }
  if (threads_.size() < most_ && threads_.size() < flights_.size())
    threads_.emplace_back([this](const std::stop_token& stop) { work(stop); });
  asked_.notify_one();
}

std::optional<Fetched> Prefetch::take(const PageState& state) {
  const auto found = flights_.find(key_of(state));
  if (found == flights_.end()) return std::nullopt;
  const auto flight = found->second;
  flights_.erase(found);
  std::unique_lock lock(mutex_);
  landed_.wait(lock, [&] { return flight->done; });
  if (flight->failure) std::rethrow_exception(flight->failure);
  return std::move(flight->fetched);
}

void Prefetch::forget() {
  flights_.clear();
  const std::lock_guard lock(mutex_);
  queue_.clear();
}

void Prefetch::forget_list(const PageState& page) {
  const auto of_list = [&](const PageState& state) {
    return state.group == page.group && state.slice.from == page.slice.from;
  };
  std::erase_if(flights_, [&](const auto& flight) { return of_list(flight.second->state); });
  const std::lock_guard lock(mutex_);
  std::erase_if(queue_, [&](const auto& flight) { return of_list(flight->state); });
}

void Prefetch::work(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (asked_.wait(lock, stop, [this] { return !queue_.empty(); })) {
    const auto flight = queue_.front();
    queue_.pop_front();
    lock.unlock();
    std::optional<Fetched> fetched;
    std::exception_ptr failure;
    try {
      fetched = fetch_(flight->state);
    } catch (...) {
      failure = std::current_exception();
    }
    lock.lock();
    flight->fetched = std::move(fetched);
    flight->failure = failure;
    flight->done = true;
    lock.unlock();  // who wakes up needs it
    landed_.notify_all();
    lock.lock();
  }
}

}  // namespace sitrep::sources
