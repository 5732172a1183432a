#include "sources/presets/preset_world.hpp"

#include "base/numbers.hpp"
#include "http/client.hpp"
#include "http/url.hpp"
#include "sources/presets.hpp"
#include "sources/walk.hpp"
#include "support/fake_clock.hpp"

namespace sitrep::test {
namespace {

constexpr auto k_now = unix_time(1'794'844'800);  // 2026-11-16T16:00:00Z

class Script final : public http::Transport {
 public:
  explicit Script(std::deque<Served> answers) : answers_(std::move(answers)) {}

  http::Response send(const http::Request& request, const http::Limits&) override {
    requests.push_back(request);
    if (answers_.empty()) throw http::TransportError(http::Fault::protocol, "the preset asks for more than there is");
    http::Response response;
    response.status = answers_.front().status;
    response.headers = answers_.front().headers;
    response.body = answers_.front().body;
    response.effective_url = request.url;
    answers_.pop_front();
    return response;
  }

  std::vector<http::Request> requests;

 private:
  std::deque<Served> answers_;
};

std::string text_of(const model::Cell& cell) {
  if (const auto* integer = std::get_if<std::int64_t>(&cell)) return std::to_string(*integer);
  if (const auto* real = std::get_if<double>(&cell)) return format_real(*real);
  return std::string(std::get<std::string_view>(cell));
}

void add_rows(std::vector<Row>& out, const model::RowBatch& batch, const model::Entity& entity) {
  for (std::size_t r = 0; r < batch.size(); ++r) {
    const auto row = batch.row(r);
    Row text{{"id", std::string(row.id)}};
    for (std::size_t c = 0; c < row.cells.size(); ++c) {
      if (!model::is_null(row.cells[c])) text.emplace(entity.columns[c].name, text_of(row.cells[c]));
    }
    if (!row.url.empty()) text.emplace("url", row.url);
    if (!row.extra.empty()) text.emplace("extra", row.extra);
    out.push_back(std::move(text));
  }
}

/// "GET /path?name=value" as people write it.
std::string shown(const http::Request& request) {
  auto rest = std::string_view(request.url);
  rest.remove_prefix(std::min(rest.find('/', rest.find("//") + 2), rest.size()));
  return request.method + " " + http::percent_decode(rest);
}

void take(Walked& walked, const sources::WalkedPage& page, const sources::Mapping& mapping) {
  const auto& read = page.extraction;
  add_rows(walked.rows, read.rows, *mapping.entity);
  for (std::size_t i = 0; i < read.children.size(); ++i) {
    add_rows(walked.children[i], read.children[i], *mapping.children[i]->entity);
  }
  for (const auto& reject : read.rejects) walked.rejects.push_back(reject.reason);
  for (const auto& [what, count] : read.odd) walked.odd.push_back(what.first + ": " + what.second);
  walked.warnings.insert(walked.warnings.end(), page.warnings.begin(), page.warnings.end());
  walked.skipped += read.skipped;
  if (page.total) walked.total = page.total;
}

}  // namespace

std::string Walked::at(std::size_t row, const std::string& column) const {
  if (row >= rows.size()) return "";
  const auto found = rows[row].find(column);
  return found == rows[row].end() ? "" : found->second;
}

config::Source preset_source(std::string_view name, std::string_view more) {
  const auto about = config::read_preset_about(name, sources::preset_lookup(name).value());
  const auto toml = "[source." + about.name + "]\npreset = \"" + about.name + "\"\n" + std::string(more) + about.setup;
  return config::parse(toml, "sitrep.toml", sources::preset_lookup,
                       [](const std::string& variable) {
                         if (variable.ends_with("_PROJECT")) return std::optional<std::string>("PAY");
                         return std::optional(variable.ends_with("_PAGE") ? "p4g3" : "secret-" + variable);
                       })
      .sources.at(0);
}

Walked walk(const config::Source& source, std::string_view stream_name, std::deque<Served> answers,
            const std::optional<sources::Bookmark>& bookmark) {
  const config::Stream* stream = nullptr;
  for (const auto& candidate : source.streams) {
    if (candidate.name == stream_name) stream = &candidate;
  }
  REQUIRE(stream != nullptr);
  const auto mapping = sources::make_mapping(*stream, [](std::string_view name) { return model::find_built_in(name); });
  const auto credentials = sources::read_credentials(
      source, {[](const std::string& variable) { return std::optional("secret-" + variable); }, {}, {}});
  Script script(std::move(answers));
  FakeClock clock(k_now);
  FakeWaiter waiter(clock);
  http::ClientOptions options;
  options.retries = 0;
  http::Client client(script, clock, waiter, options);
  sources::PageState first;
  first.plan = sources::make_plan(*stream, bookmark, {}, clock.now());
  first.slice = sources::first_slice(first.plan).value_or(sources::Bounds{});
  first.position = sources::first_position(stream->paginator);
  Walked walked;
  walked.children.resize(mapping.children.size());
  try {
    sources::WalkInput input;
    input.start = first;
    input.groups = {sources::partition_groups(*stream).front()};
    sources::Session session(source, credentials, client, waiter);
    sources::Walk(source, *stream, mapping, session, client, clock).run(input, [&](sources::WalkedPage&& page) {
      take(walked, page, mapping);
      return true;
    });
  } catch (const Error& e) {
    walked.error = e.what();
    walked.kind = e.kind();
  }
  for (const auto& request : script.requests) walked.requests.push_back(shown(request));
  walked.raw = std::move(script.requests);
  return walked;
}

Walked walk(std::string_view preset, std::string_view stream, std::deque<Served> answers) {
  return walk(preset_source(preset), stream, std::move(answers));
}

void check_errors(std::string_view preset, std::string_view stream, const std::vector<ApiError>& errors) {
  const auto source = preset_source(preset);
  for (const auto& error : errors) {
    INFO(error.name);
    const auto walked = walk(source, stream, {error.answer});
    INFO(walked.error);
    CHECK(walked.error.find(error.says) != std::string::npos);
    CHECK(walked.error.find("secret-") == std::string::npos);
    CHECK(walked.error.find('\n') == std::string::npos);
    CHECK(walked.kind == error.kind);
    CHECK(walked.rows.empty());
  }
}

void check_strange_pages(std::string_view preset, std::string_view stream) {
  check_errors(preset, stream,
               {{"an HTML page", {"<!DOCTYPE html><title>We are down</title>"}, "HTML page"},
                {"a sign-in page", {"<html><form>Password</form></html>"}, "sign-in page", ErrorKind::credentials},
                {"plain text", {"upstream unavailable"}, "not usable JSON"},
                {"an empty body", {""}, "empty body"},
                {"half a body", {"{\"data\":[{\"id\""}, "not usable JSON"},
                {"a bad gateway in HTML", {"<html>502</html>", 502}, "502 Bad Gateway"},
                {"an empty 401", {"", 401}, "401 Unauthorized", ErrorKind::credentials}});
  const auto walked = walk(preset, stream, {{"17"}});
  INFO(walked.error);
  CHECK(walked.kind == ErrorKind::network);
  CHECK(walked.rows.empty());
}

}  // namespace sitrep::test
