#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/store.hpp"

namespace sitrep::store {

/// One write to an API, kept from before it leaves until long after it is settled.
struct OutboxEntry {
  enum class State { pending, done, refused };
  std::int64_t id = 0;
  std::string idempotency_key;
  std::string source, verb;
  std::string subject;  ///< the file, relative to the workspace
  std::string method, path, body, body_hash;
  State state = State::pending;
  std::int64_t tries = 0;
  UnixTime created_at{}, updated_at{};
  std::optional<std::int64_t> status;
  std::string remote_id, remote_url, error;
};

/// "pending", "done", "refused"
const char* name(OutboxEntry::State state) noexcept;

/// The table `outbox` of a store. Changes are on disk when a call returns: the store's connection writes with
/// synchronous = FULL from the first one on.
class OutboxTable {
 public:
  /// Borrows the store.
  explicit OutboxTable(Store& store) : store_(store) {}

  /// Adds a pending entry; returns its id. Error{store} for a key that is there already.
  std::int64_t add(const OutboxEntry& entry);
  /// Counts a try that is about to leave; the entry is pending again.
  void start_try(std::int64_t id, UnixTime now);
  /// State, status, remote id and URL, error and time of change; the rest stays.
  void settle(const OutboxEntry& entry);

  std::optional<OutboxEntry> find_key(std::string_view idempotency_key);
  /// Of one file, the newest first.
  std::vector<OutboxEntry> of_subject(std::string_view source, std::string_view subject);
  /// The newest first; without `all` those that are not done.
  std::vector<OutboxEntry> list(bool all);

 private:
  void write_through();
  Store& store_;
};

}  // namespace sitrep::store
