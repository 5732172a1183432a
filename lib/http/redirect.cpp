#include "http/redirect.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace sitrep::http {
namespace {

constexpr std::size_t k_max_location_bytes = std::size_t{8} << 10;  // RFC 9110, 4.1 asks for 8,000 at least

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

/// A request may go out again as it is: reads always, others when the status asks for the same method and a repetition
/// does no harm. RFC 9110, 15.4 leaves 301 and 302 of a POST ambiguous, so they are never followed.
bool may_repeat(const Request& request, int status) {
  if (request.method == "GET" || request.method == "HEAD") return true;
  return request.retry_safe && (status == 307 || status == 308);
}

/// Words that only pages for people signing in have in their address.
bool looks_like_sign_in(const Url& url) {
  constexpr std::array words = {std::string_view("login"), std::string_view("log-in"),  std::string_view("log_in"),
                                std::string_view("sso"),   std::string_view("signin"),  std::string_view("sign-in"),
                                std::string_view("saml"),  std::string_view("sign_in"), std::string_view("oauth"),
                                std::string_view("oauth2")};
  const auto is_word = [&](std::string_view part) {
    return std::ranges::find(words, lower_ascii(part)) != words.end();
  };
  const auto in_path = split_views(url.path, '/');
  const auto in_host = split_views(url.host, '.');
  return std::ranges::any_of(in_path, is_word) || std::ranges::any_of(in_host, is_word);
}

}  // namespace

Redirects::Redirects(const Request& request, const Url& start, int max)
    : request_(request), max_(max), visited_{start.text()} {}

void Redirects::refuse(const std::string& why, ErrorKind kind) const {
  throw TransportError(Fault::redirect, describe(request_) + ": " + why, kind);
}

std::optional<Url> Redirects::next(const Url& current, const Response& response) {
  if (!is_redirect(response.status) || !may_repeat(request_, response.status)) return std::nullopt;
  const auto location = response.header("Location");
  if (!location || trim_view(*location).empty()) {
    refuse(fmt::format("the answer is {} without a Location; is base_url right?", status_text(response.status)));
  }
  if (location->size() > k_max_location_bytes) {
    refuse(fmt::format("the answer redirects to an address of {} bytes", location->size()));
  }
  std::optional<Url> target;
  try {
    target = resolve(current, *location, ErrorKind::network);
  } catch (const Error& error) {
    refuse(fmt::format("the answer redirects, and {}", error.what()));
  }
  const auto shown = visible(redact(target->text(), request_.secrets));
  if (target->origin() != current.origin()) {
    if (looks_like_sign_in(*target)) {
      refuse(fmt::format("the answer redirects to a sign-in page ({}): the credentials are missing or refused",
                         visible(target->origin())),
             ErrorKind::credentials);
    }
    refuse(
        fmt::format("the answer redirects to another origin ({}), which is not followed; if it is right, put it "
                    "into base_url",
                    shown));
  }
  const auto text = target->text();
  if (std::ranges::find(visited_, text) != visited_.end()) {
    refuse(fmt::format("the redirects run in a circle (back to {})", shown));
  }
  if (visited_.size() > static_cast<std::size_t>(max_)) refuse(fmt::format("more than {} redirects in a row", max_));
  visited_.push_back(text);
  return target;
}

}  // namespace sitrep::http
