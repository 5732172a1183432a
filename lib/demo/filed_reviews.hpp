#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.hpp"
#include "demo/paging.hpp"
#include "demo/views.hpp"

namespace sitrep::demo {

/// Launch reviews that people filed with the API while it ran: the write side of /launches/v1/reviews. Thread-safe.
class FiledReviews {
 public:
  /// Numbers go on after `last_number`: LR-412 after 411.
  explicit FiledReviews(int last_number) : last_number_(last_number) {}

  /// POST. 201 with the new review; the first answer again when `idempotency_key` was seen with the same body (200
  /// would be a second filing to some clients), 409 when it was seen with another body; 400 for what is not a JSON
  /// object, 422 with a list of fields for what a review lacks.
  Answer create(std::string_view body, const std::string& idempotency_key, UnixTime now);
  /// PUT. 200 with the review as it is now; 404 for an unknown id; 400 and 422 as create.
  Answer replace(const std::string& id, std::string_view body, UnixTime now);
  std::optional<Item> find(const std::string& id) const;
  /// Newest first, as the list of reviews is.
  Items items() const;

 private:
  struct Filed {
    std::string id;
    std::vector<std::pair<std::string, std::string>> fields;  // as sent, every value as text
    UnixTime created{}, updated{};
  };
  struct Answered {
    std::string body;
    Answer answer;
  };
  static Item to_item(const Filed& filed);

  mutable std::mutex mutex_;
  int last_number_;
  std::vector<Filed> filed_;
  std::map<std::string, Answered> answered_;  // by idempotency key
};

}  // namespace sitrep::demo
