#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>

namespace sitrep::sources {

/// A bounded queue from several producers to one consumer.
template <class T>
class EventQueue {
 public:
  explicit EventQueue(std::size_t capacity) : capacity_(capacity) {}

  enum class Wake {
    now,
    when_half_full,  ///< or when its patience ends: to wake a thread for each of many small items takes longer than
                     ///< they
  };

  /// Waits for room; false, and nothing put, when the consumer has closed the queue.
  bool push(T&& item, Wake wake = Wake::now) {
    bool enough = true;
    {
      std::unique_lock lock(mutex_);
      room_.wait(lock, [&] { return closed_ || items_.size() < capacity_; });
      if (closed_) return false;
      items_.push_back(std::move(item));
      enough = wake == Wake::now || items_.size() * 2 >= capacity_;
    }
    if (enough) filled_.notify_one();  // without the lock: who wakes up needs it
    return true;
  }

  /// The next item; nullopt when none came in that time.
  std::optional<T> pop(std::chrono::milliseconds patience) {
    std::unique_lock lock(mutex_);
    if (!filled_.wait_for(lock, patience, [&] { return !items_.empty(); })) return std::nullopt;
    T item = std::move(items_.front());
    items_.pop_front();
    lock.unlock();
    room_.notify_one();
    return item;
  }

  /// Drops what is queued: who waits for an answer to it learns that there will be none.
  void close() {
    std::deque<T> dropped;
    const std::scoped_lock lock(mutex_);
    closed_ = true;
    items_.swap(dropped);
    room_.notify_all();
  }

 private:
  const std::size_t capacity_;
  std::mutex mutex_;
  std::condition_variable room_, filled_;
  std::deque<T> items_;
  bool closed_ = false;
};

}  // namespace sitrep::sources
