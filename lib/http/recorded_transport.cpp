#include "http/recorded_transport.hpp"

#include <algorithm>
#include <array>

#include "base/file.hpp"
#include "base/hash.hpp"
#include "base/numbers.hpp"
#include "base/text.hpp"
#include "http/mask.hpp"

namespace sitrep::http {
namespace {

constexpr std::string_view k_extension = ".http";
constexpr std::string_view k_body_hash = "body-sha256";

std::string body_hash(const Request& request) {
  return request.body.empty() ? std::string{} : sha256_hex(request.body);
}

/// What must not be kept, what no longer holds for a decoded body, and what only concerns the connection.
bool is_kept(std::string_view name) {
  constexpr std::array dropped = {std::string_view("set-cookie"),      std::string_view("content-encoding"),
                                  std::string_view("content-length"),  std::string_view("transfer-encoding"),
                                  std::string_view("connection"),      std::string_view("keep-alive"),
                                  std::string_view("authorization"),   std::string_view("proxy-authenticate"),
                                  std::string_view("www-authenticate")};
  return std::ranges::find(dropped, lower_ascii(name)) == dropped.end();
}

/// The lines of a recording's text, taken from the front.
class Lines {
 public:
  Lines(std::string_view text, const std::filesystem::path& file) : text_(text), file_(file) {}

  std::string_view next() {
    const auto end = text_.find('\n');
    if (end == std::string_view::npos) refuse("ends before its body");
    const auto line = text_.substr(0, end);
    text_.remove_prefix(end + 1);
    ++number_;
    return line;
  }
  std::string_view rest() const { return text_; }
  [[noreturn]] void refuse(std::string_view why) const {
    fail(ErrorKind::data, "{}:{}: this recording {}", display(file_), number_, why);
  }

 private:
  std::string_view text_;
  const std::filesystem::path& file_;
  int number_ = 0;
};

Headers take_headers(Lines& lines) {
  Headers headers;
  while (true) {
    const auto line = lines.next();
    if (line.empty()) return headers;
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) lines.refuse("has a header without ':'");
    headers.emplace_back(line.substr(0, colon), trim_view(line.substr(colon + 1)));
  }
}

std::vector<std::filesystem::path> recordings_in(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  std::error_code error;
  for (auto entry = std::filesystem::directory_iterator(folder, error);
       !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
    if (entry->path().extension() == k_extension) files.push_back(entry->path());
  }
  if (error) fail(ErrorKind::store, "{}: recordings cannot be read: {}", display(folder), error.message());
  std::ranges::sort(files);
  return files;
}

}  // namespace

Recording parse_recording(std::string_view text, const std::filesystem::path& file) {
  Lines lines(text, file);
  Recording recording;
  const auto request = lines.next();
  const auto blank = request.find(' ');
  if (blank == std::string_view::npos) lines.refuse("does not start with a method and a URL");
  recording.method = request.substr(0, blank);
  recording.url = request.substr(blank + 1);
  for (const auto& [name, value] : take_headers(lines)) {
    if (name != k_body_hash) lines.refuse("has an unknown request line");
    recording.body_sha256 = value;
  }
  const auto status = parse_integer(lines.next());
  if (!status || *status < 100 || *status > 599) lines.refuse("has no status from 100 to 599");
  recording.status = static_cast<int>(*status);
  recording.headers = take_headers(lines);
  recording.body = lines.rest();
  return recording;
}

std::string format_recording(const Recording& recording) {
  std::string out = recording.method + " " + recording.url + "\n";
  if (!recording.body_sha256.empty()) out += fmt::format("{}: {}\n", k_body_hash, recording.body_sha256);
  out += fmt::format("\n{}\n", recording.status);
  for (const auto& [name, value] : recording.headers) out += name + ": " + value + "\n";
  return out + "\n" + recording.body;
}

RecordedTransport::RecordedTransport(const std::filesystem::path& folder) : origin_(display(folder)) {
  for (const auto& file : recordings_in(folder)) entries_.push_back({parse_recording(read_file(file), file)});
}

RecordedTransport::RecordedTransport(std::vector<Recording> recordings) : origin_("the recordings") {
  for (auto& recording : recordings) entries_.push_back({std::move(recording)});
}

Response RecordedTransport::send(const Request& request, const Limits& limits) {
  const auto url = redact(request.url, request.secrets);
  const auto hash = body_hash(request);
  const auto found = std::ranges::find_if(entries_, [&](const Entry& entry) {
    return !entry.used && entry.recording.method == request.method && entry.recording.url == url &&
           entry.recording.body_sha256 == hash;
  });
  if (found == entries_.end()) {
    throw TransportError(Fault::redirect,
                         fmt::format("{}: no recording of this request is left in {}", describe(request), origin_));
  }
  found->used = true;
  if (found->recording.body.size() > limits.body_bytes) {
    throw TransportError(Fault::limit, describe(request) + ": the recorded body is larger than max_bytes");
  }
  Response response;
  response.status = found->recording.status;
  response.headers = found->recording.headers;
  response.body = found->recording.body;
  response.effective_url = request.url;
  response.wire_bytes = found->recording.body.size();
  return response;
}

void RecordedTransport::check_all_used() const {
  std::string unused;
  std::size_t count = 0;
  for (const auto& entry : entries_) {
    if (entry.used) continue;
    if (++count <= 3)
      unused += (unused.empty() ? "" : ", ") + entry.recording.method + " " + visible(entry.recording.url);
  }
  if (count == 0) return;
  fail(ErrorKind::data, "{}: {} never asked for ({}{})", origin_,
       count == 1 ? "1 recording was" : std::to_string(count) + " recordings were", unused, count > 3 ? ", …" : "");
}

RecordingTransport::RecordingTransport(Transport& inner, std::filesystem::path folder)
    : inner_(inner), folder_(std::move(folder)) {
  make_private_folder(folder_);
  for (const auto& file : recordings_in(folder_)) {
    const auto number = parse_integer(file.stem().native()).value_or(0);
    if (number > 0) next_ = std::max(next_, static_cast<std::uint64_t>(number) + 1);
  }
}

Response RecordingTransport::send(const Request& request, const Limits& limits) {
  auto response = inner_.send(request, limits);
  Recording recording;
  recording.method = request.method;
  recording.url = redact(request.url, request.secrets);
  recording.body_sha256 = body_hash(request);
  recording.status = response.status;
  for (const auto& [name, value] : response.headers) {
    if (is_kept(name)) recording.headers.emplace_back(name, redact(value, request.secrets));
  }
  recording.body = mask(response.body, request.secrets);
  write_file(folder_ / fmt::format("{:04}{}", next_++, k_extension), format_recording(recording), Overwrite::no,
             Privacy::owner_only);
  return response;
}

}  // namespace sitrep::http
