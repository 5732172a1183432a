#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "config/config.hpp"
#include "http/http.hpp"
#include "http/waiter.hpp"
#include "sources/field_watch.hpp"
#include "sources/secret.hpp"
#include "store/store.hpp"
#include "store/stream_writer.hpp"

namespace sitrep::sources {

/// What became of a stream, or of a child table of it.
struct StreamResult {
  std::string source, stream, entity;
  bool child = false;
  store::Pass pass = store::Pass::partial;
  bool resumed = false;  ///< went on where an interrupted run stopped
  store::Counts counts;
  std::int64_t pages = 0, records = 0;
  std::int64_t skipped = 0;  ///< of them, that skip_when says are none of the stream's
  std::uint64_t requests = 0, not_modified = 0, bytes = 0;
  std::chrono::milliseconds elapsed{0};
  std::chrono::milliseconds waited{0};   ///< of it, for Retry-After and rate limits
  std::optional<std::int64_t> expected;  ///< records that the API says there are
  /// Values that did not fit their columns: (column, reason) → count.
  std::map<std::pair<std::string, std::string>, std::int64_t> odd;
  std::size_t duplicate_keys = 0, lone_surrogates = 0;
  std::vector<std::string> warnings;        ///< of the API, and ours about its data
  std::vector<FieldChange> field_changes;   ///< fields of the records that are not as they were
  std::optional<UnixTime> unchanged_since;  ///< every page was a 304
  std::optional<ErrorKind> failure;
  std::string error;                     ///< "pager.incidents: page 3: …"
  std::optional<UnixTime> last_good_at;  ///< end of the last run without error before this one
};

struct SyncReport {
  std::vector<StreamResult> streams;  ///< in the order of sitrep.toml, child tables after their stream
  std::size_t failed_sources = 0, sources = 0;
  std::optional<ErrorKind> first_failure;  ///< of the first failed source in the order of sitrep.toml
};

/// Told on the calling thread while the sync runs.
class SyncProgress {
 public:
  virtual ~SyncProgress() = default;
  virtual void started(const StreamResult&) {}
  virtual void advanced(const StreamResult&) {}
  virtual void finished(const StreamResult&) {}
  virtual void detail(std::string_view /*source*/, std::string_view /*text*/) {}
};

struct SyncOptions {
  std::vector<std::string> only;  ///< "pager" or "pager.incidents"; empty: everything
  bool full = false;
  std::optional<UnixTime> since;
  bool dry_run = false;  ///< fetches and compares, writes nothing
  store::Shrink shrink = store::Shrink::refuse;
  std::optional<http::SteadyTime> deadline;
  std::size_t batch_rows = 10'000;              ///< rows of one transaction, rounded up to whole pages …
  std::chrono::milliseconds batch_time{2'000};  ///< … or what came in that time
};

/// What a sync works with. Transports are made and used in the threads of their sources.
struct SyncWorld {
  store::Store& store;
  const Clock& clock;
  SecretContext secrets;
  std::function<std::unique_ptr<http::Transport>(const config::Source&)> transport;
  http::Waiter* waiter = nullptr;    ///< null: waits for real, and no longer than the sync goes on
  SyncProgress* progress = nullptr;  ///< may be null
};

/// Pulls the streams into the store. Each source has a thread that fetches and maps its pages; the calling thread alone
/// writes. What stops one source stops no other and is in the report.
///
/// Errors  Error{usage} for a name in `only` that is not there; Error{store} when the store cannot be written.
SyncReport sync(const config::Config& config, const SyncOptions& options, const SyncWorld& world);

/// The CurlTransport of a source; `user_agent` is "sitrep/VERSION". Relative files start at `folder`.
std::unique_ptr<http::Transport> curl_transport(const config::Source& source, const std::filesystem::path& folder,
                                                const std::string& user_agent);

}  // namespace sitrep::sources
