#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

namespace sitrep::sources {

/// A queue from several producers to one consumer, bounded by the weight of what is in it.
template <class T>
class EventQueue {
 public:
  explicit EventQueue(std::size_t capacity) : capacity_(capacity) {}

  /// Waits for room, which an empty queue has for anything; false, and nothing put, when the consumer has closed the
  /// queue.
  bool push(T&& item) { return push(std::move(item), 1, true); }
  /// An item that the consumer need not see at once: it is woken when the queue is half full, or when its patience
  /// ends. To wake a thread for each of many small items takes longer than they do.
  bool push_lazily(T&& item, std::size_t weight) { return push(std::move(item), weight, false); }

  /// The next item; nullopt when none came in that time.
  std::optional<T> pop(std::chrono::milliseconds patience) {
    std::unique_lock lock(mutex_);
    if (!filled_.wait_for(lock, patience, [&] { return !items_.empty(); })) return std::nullopt;
    auto [item, weight] = std::move(items_.front());
    items_.pop_front();
    weight_ -= weight;
    lock.unlock();
    room_.notify_one();
    return std::move(item);
  }

  /// Drops what is queued: who waits for an answer to it learns that there will be none.
  void close() {
    std::deque<std::pair<T, std::size_t>> dropped;
    const std::scoped_lock lock(mutex_);
    closed_ = true;
    items_.swap(dropped);
    room_.notify_all();
  }

 private:
  bool push(T&& item, std::size_t weight, bool wake) {
    {
      std::unique_lock lock(mutex_);
      room_.wait(lock, [&] { return closed_ || items_.empty() || weight_ < capacity_; });
      if (closed_) return false;
      items_.emplace_back(std::move(item), weight);
      weight_ += weight;
      wake = wake || weight_ * 2 >= capacity_;
    }
    if (wake) filled_.notify_one();  // without the lock: who wakes up needs it
    return true;
  }

  const std::size_t capacity_;
  std::mutex mutex_;
  std::condition_variable room_, filled_;
  std::deque<std::pair<T, std::size_t>> items_;  // with their weights
  std::size_t weight_ = 0;
  bool closed_ = false;
};

}  // namespace sitrep::sources
