#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "config/config.hpp"
#include "http/http.hpp"
#include "http/waiter.hpp"

// Recordings of sources, DIR/SOURCE/0001.http and so on, made by `source record` and read by `sync --replay`.
// DIR/recorded-at holds the moment that was the present then: requests may carry it.
namespace sitrep::cmd {

/// The moment of the recordings in a folder; nullopt when there are none. Error{data} when the file says no time.
std::optional<UnixTime> recorded_at(const std::filesystem::path& folder);
void write_recorded_at(const std::filesystem::path& folder, UnixTime moment);

/// The configuration as the recordings need it: no secret is read, nothing is waited for between requests.
config::Config replayable(config::Config config);
/// The sources that have recordings. Error{usage} when none has.
std::vector<std::string> recorded_sources(const config::Config& config, const std::filesystem::path& folder);
std::unique_ptr<http::Transport> replay_of(const std::filesystem::path& folder, const config::Source& source);
/// Passes requests on to `inner` and writes the answers.
std::unique_ptr<http::Transport> recording_of(const std::filesystem::path& folder, const config::Source& source,
                                              std::unique_ptr<http::Transport> inner);

/// Waiting that takes no time: a recorded 429 need not be sat out again.
std::unique_ptr<http::Waiter> hasty_waiter();

}  // namespace sitrep::cmd
