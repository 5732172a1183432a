#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "demo/filed_reviews.hpp"
#include "demo/organisation.hpp"
#include "demo/paging.hpp"

namespace sitrep::demo {

struct Call {
  std::string method;
  std::string path;
  Query query;
  std::string authorization;  ///< header values; empty when absent
  std::string api_key;
  std::string idempotency_key;
  std::string body;
};

/// What the API answers, without sockets. Thread-safe.
class Routes {
 public:
  /// `base_url` goes into links to further pages. `organisation` and `clock` outlive this.
  Routes(const Organisation& organisation, const Clock& clock, std::string token);

  void set_base_url(std::string base_url) { base_url_ = std::move(base_url); }  // before the first call
  void show(UnixTime moment);
  Answer answer(const Call& call);
  const std::string& token() const { return token_; }

 private:
  struct Shown;  // the lists of one moment
  std::shared_ptr<const Shown> shown() const;
  Answer pager(const Call& call, const Shown& shown) const;
  Answer launches(const Call& call, const Shown& shown);
  Answer capacity(const Call& call, const Shown& shown) const;
  Answer prometheus(const Call& call, const Shown& shown) const;
  Answer telemetry(const Call& call, const Shown& shown) const;
  Answer tracker(const Call& call, const Shown& shown) const;
  Answer desk(const Call& call, const Shown& shown) const;

  const Organisation& organisation_;
  const Clock& clock_;
  std::string token_;
  std::string base_url_;
  // The series never change: rendered once, when first asked for, and shown up to the moment.
  struct Series {
    mutable std::once_flag once;
    mutable Items items;
    const Items& get(Items (*view)(const Organisation&, UnixTime), const Organisation& organisation) const;
  };
  Series samples_, slo_samples_, measures_;
  FiledReviews filed_;
  std::atomic<bool> throttled_ = false;
  mutable std::mutex mutex_;
  std::shared_ptr<const Shown> shown_;
};

}  // namespace sitrep::demo
