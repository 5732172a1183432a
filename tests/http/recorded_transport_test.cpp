#include "http/recorded_transport.hpp"

#include <doctest/doctest.h>

#include "base/file.hpp"
#include "support/temp_dir.hpp"

using namespace sitrep;

namespace {

http::Request request_of(std::string url, std::string method = "GET", std::string body = "") {
  http::Request request;
  request.method = std::move(method);
  request.url = std::move(url);
  request.body = std::move(body);
  request.secrets = {"s3cr3t"};
  return request;
}

class Echo final : public http::Transport {
 public:
  http::Response send(const http::Request& request, const http::Limits&) override {
    http::Response response;
    response.status = 200;
    response.headers = {{"Content-Type", "application/json"},
                        {"Set-Cookie", "sid=1"},
                        {"Content-Encoding", "gzip"},
                        {"Link", "<https://h/?page=2&k=s3cr3t>; rel=\"next\""}};
    response.body = "{\"you\":\"s3cr3t\",\"n\":" + std::to_string(++count_) + "}\r\n\n" + request.body;
    return response;
  }

 private:
  int count_ = 0;
};

}  // namespace

TEST_CASE("http::RecordedTransport replays what RecordingTransport wrote, without its secrets") {
  const test::TempDir folder;
  const auto path = folder / "run";
  Echo echo;
  {
    http::RecordingTransport recording(echo, path);
    recording.send(request_of("https://h/x?key=s3cr3t"), {});
    recording.send(request_of("https://h/x?key=s3cr3t"), {});
  }
  http::RecordingTransport(echo, path).send(request_of("https://h/q", "POST", "{\"page\":1}"), {});
  for (const auto& entry : std::filesystem::directory_iterator(path)) {
    CHECK(read_file(entry.path()).find("s3cr3t") == std::string::npos);
    CHECK((entry.status().permissions() & std::filesystem::perms::all) ==
          (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
  }
  http::RecordedTransport replay(path);
  const auto first = replay.send(request_of("https://h/x?key=s3cr3t"), {});
  CHECK(first.status == 200);
  CHECK(first.body == "{\"you\":\"***\",\"n\":1}\r\n\n");
  CHECK(first.header("Content-Type") == "application/json");
  CHECK(first.header("Link") == "<https://h/?page=2&k=***>; rel=\"next\"");
  CHECK_FALSE(first.header("Set-Cookie"));
  CHECK_FALSE(first.header("Content-Encoding"));
  CHECK(replay.send(request_of("https://h/x?key=other"), {}).body.find("\"n\":2") != std::string::npos);
  CHECK_THROWS_AS(replay.check_all_used(), Error);
  CHECK_THROWS_AS(replay.send(request_of("https://h/q", "POST", "{\"page\":2}"), {}), http::TransportError);
  CHECK(replay.send(request_of("https://h/q", "POST", "{\"page\":1}"), {}).body.ends_with("{\"page\":1}"));
  CHECK_NOTHROW(replay.check_all_used());
}

TEST_CASE("http::RecordedTransport fails on a request that was not recorded and on recordings left over") {
  http::Recording recording;
  recording.method = "GET";
  recording.url = "https://h/a";
  recording.status = 200;
  http::RecordedTransport replay({recording});
  try {
    replay.send(request_of("https://h/b?token=s3cr3t"), {});
    FAIL("served");
  } catch (const http::TransportError& error) {
    CHECK(std::string(error.what()).find("https://h/b?token=***") != std::string::npos);
    CHECK_FALSE(error.retryable());
  }
  try {
    replay.check_all_used();
    FAIL("all used");
  } catch (const Error& error) {
    CHECK(std::string(error.what()).find("GET https://h/a") != std::string::npos);
  }
  CHECK(replay.send(request_of("https://h/a"), {}).status == 200);
  CHECK_THROWS_AS(replay.send(request_of("https://h/a"), {}), http::TransportError);
}

TEST_CASE("http::parse_recording gives back what format_recording took") {
  http::Recording recording;
  recording.method = "POST";
  recording.url = "https://h/a?b=c";
  recording.body_sha256 = "00ff";
  recording.status = 503;
  recording.headers = {{"A", "b: c"}, {"D", ""}};
  recording.body = "\n\n{\"x\":\"\0\"}";
  const auto back = http::parse_recording(http::format_recording(recording), "f");
  CHECK(back.method == recording.method);
  CHECK(back.url == recording.url);
  CHECK(back.body_sha256 == recording.body_sha256);
  CHECK(back.status == 503);
  CHECK(back.headers == recording.headers);
  CHECK(back.body == recording.body);
}

TEST_CASE("http::parse_recording names the file and line of what it cannot read") {
  for (const std::string text : {"", "GET\n\n200\n\n", "GET https://h/\nodd: 1\n\n200\n\n", "GET https://h/\n\nabc\n\n",
                                 "GET https://h/\n\n200\nno colon\n\n", "GET https://h/\n\n200\nA: b\n"}) {
    CAPTURE(text);
    try {
      http::parse_recording(text, "0001.http");
      FAIL("read");
    } catch (const Error& error) {
      CHECK(std::string(error.what()).starts_with("0001.http:"));
      CHECK(error.kind() == ErrorKind::data);
    }
  }
}

TEST_CASE("http::RecordingTransport masks a secret in the body however it is spelled") {
  class Speller final : public http::Transport {
   public:
    http::Response send(const http::Request&, const http::Limits&) override {
      http::Response response;
      response.status = 200;
      response.body = R"({"raw":"k/+9=","json":"k\/+9=","url":"?k=k%2F%2B9%3D","small":"?k=k%2f%2b9%3d"})";
      return response;
    }
  } speller;
  const test::TempDir folder;
  auto request = request_of("https://h/x");
  request.secrets = {"k/+9="};
  http::RecordingTransport(speller, folder / "run").send(request, {});
  const auto recorded = http::parse_recording(read_file(folder / "run/0001.http"), "0001.http");
  CHECK(recorded.body == R"({"raw":"***","json":"***","url":"?k=***","small":"?k=***"})");
}
