// What a server can get wrong below HTTP's meaning: lengths, chunks, codings, status lines, endless answers.
#include <doctest/doctest.h>

#include "compress.hpp"
#include "http/http.hpp"
#include "transport_fixture.hpp"

using namespace sitrep;
using namespace std::chrono_literals;
using http::Fault;
using test::contains;
using test::get;
using test::get_error;
using test::Reply;
using test::ScriptedServer;

namespace {

const std::string k_ok = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
const std::string k_chunked = k_ok + "Transfer-Encoding: chunked\r\n\r\n";

std::string with_length(std::string_view length, std::string_view body) {
  return k_ok + "Content-Length: " + std::string(length) + "\r\n\r\n" + std::string(body);
}

}  // namespace

TEST_CASE("http::CurlTransport refuses broken framing") {
  const auto gzip = test::compress("[1,2,3]", test::Wrapper::gzip);
  const auto coded = [](std::string_view coding, std::string_view body) {
    return k_ok + "Content-Encoding: " + std::string(coding) + "\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\n\r\n" + std::string(body);
  };
  struct Case {
    std::string name;
    std::string bytes;
    Fault fault;
  };
  const Case cases[] = {
      {"body shorter than Content-Length", with_length("10", "[1]"), Fault::cut},
      {"chunked without the last chunk, JSON complete", k_chunked + "3\r\n[1]\r\n", Fault::cut},
      {"chunk cut in the middle", k_chunked + "8\r\n[1", Fault::cut},
      {"chunk size of letters", k_chunked + "zz\r\n[1]\r\n0\r\n\r\n", Fault::cut},
      {"negative chunk size", k_chunked + "-1\r\n[1]\r\n0\r\n\r\n", Fault::cut},
      {"chunk size that overflows", k_chunked + "FFFFFFFFFFFFFFFFF\r\n[1]\r\n0\r\n\r\n", Fault::cut},
      {"two lengths", k_ok + "Content-Length: 3\r\nContent-Length: 4\r\n\r\n[1]", Fault::protocol},
      {"length of 20 digits", with_length("99999999999999999999", "[1]"), Fault::protocol},
      {"negative length", with_length("-1", "[1]"), Fault::protocol},
      {"length of letters", with_length("abc", "[1]"), Fault::protocol},
      {"length above the limit", with_length("1000001", "[1]"), Fault::limit},
      {"no answer", "", Fault::cut},
      {"headers cut", "HTTP/1.1 200 OK\r\nContent-Ty", Fault::cut},
      {"junk for a status line", "\x1b[31mhello\x1b]0;title\x07\r\n\r\n[]", Fault::protocol},
      {"HTTP/0.9", "[1,2,3]", Fault::protocol},
      {"another protocol", "SSH-2.0-OpenSSH_9.2\r\n", Fault::protocol},
      {"status that is no number", "HTTP/1.1 abc OK\r\n\r\n[]", Fault::protocol},
      {"unasked 101", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n[1]",
       Fault::protocol},
      {"gzip that is none", coded("gzip", "[1,2,3]"), Fault::protocol},
      {"gzip cut, framing right", coded("gzip", gzip.substr(0, gzip.size() - 4)), Fault::protocol},
      {"junk after gzip", coded("gzip", gzip + "xx"), Fault::protocol},
      {"unknown coding", coded("zstd", "[1,2,3]"), Fault::protocol},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    const ScriptedServer server({Reply::bytes(c.bytes).close()});
    const auto error = get_error(server.url("/x"));
    CAPTURE(std::string(error.what()));
    CHECK(error.fault() == c.fault);
    CHECK(error.kind() == ErrorKind::network);
    CHECK_FALSE(contains(error.what(), "hello"));
  }
}

TEST_CASE("http::CurlTransport reads sound framing of every kind") {
  const auto gzip = test::compress("[1,2,3]", test::Wrapper::gzip);
  struct Case {
    std::string name;
    std::string bytes;
    const char* body;
  };
  const Case cases[] = {
      {"length", with_length("7", "[1,2,3]"), "[1,2,3]"},
      {"chunks", k_chunked + "3\r\n[1,\r\n4;ext=1\r\n2,3]\r\n0\r\n\r\n", "[1,2,3]"},
      {"end of connection", k_ok + "\r\n[1,2,3]", "[1,2,3]"},
      {"gzip", k_ok + "Content-Encoding: gzip\r\n\r\n" + gzip, "[1,2,3]"},
      {"the same length twice", k_ok + "Content-Length: 7\r\nContent-Length: 7\r\n\r\n[1,2,3]", "[1,2,3]"},
      {"chunked wins over a length",
       k_ok + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n7\r\n[1,2,3]\r\n0\r\n\r\n", "[1,2,3]"},
      {"1xx first", "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + with_length("7", "[1,2,3]"), "[1,2,3]"},
      {"escape codes in the reason", "HTTP/1.1 200 \x1b[31mRED\r\nContent-Length: 7\r\n\r\n[1,2,3]", "[1,2,3]"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    const ScriptedServer server({Reply::bytes(c.bytes).close()});
    const auto response = get(server.url("/x"));
    CHECK(response.status == 200);
    CHECK(response.body == c.body);
    CHECK_FALSE(response.header("Link"));
  }
}

TEST_CASE("http::CurlTransport ignores trailers") {
  const ScriptedServer server(
      {Reply::bytes(k_ok + "Transfer-Encoding: chunked\r\nTrailer: X-Late\r\n\r\n3\r\n[1]\r\n0\r\n"
                           "X-Late: 1\r\nAuthorization: Bearer x\r\nContent-Length: 9\r\n\r\n")});
  const auto response = get(server.url("/x"));
  CHECK(response.body == "[1]");
  CHECK_FALSE(response.header("X-Late"));
  CHECK_FALSE(response.header("Authorization"));
  CHECK_FALSE(response.header("Content-Length"));
}

TEST_CASE("http::CurlTransport stops endless answers at its limits") {
  struct Case {
    std::string name;
    Reply reply;
  };
  const std::uint64_t endless = 1'000'000'000;
  const std::string block(10'000, 'x');
  const Case cases[] = {
      {"array", Reply::bytes(k_ok + "\r\n[").repeat("1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,", endless)},
      {"string in chunks", Reply::bytes(k_chunked).repeat("2710\r\n" + block + "\r\n", endless)},
      {"headers", Reply::bytes(k_ok).repeat("X-More: 1\r\n", endless)},
      {"one header", Reply::bytes(k_ok + "X-Long: ").repeat(block, endless)},
      {"1xx", Reply().repeat("HTTP/1.1 102 Processing\r\n\r\n", endless)},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    const ScriptedServer server({c.reply});
    const auto start = std::chrono::steady_clock::now();
    const auto error = get_error(server.url("/x"));
    CAPTURE(std::string(error.what()));
    CHECK(error.fault() == Fault::limit);
    CHECK_FALSE(error.retryable());
    CHECK(std::chrono::steady_clock::now() - start < 15s);
  }
}

TEST_CASE("http::CurlTransport stops a gzip bomb at the decoded limit") {
  const auto bomb = test::compress(std::string(20'000'000, ' '), test::Wrapper::gzip);
  const ScriptedServer server({Reply::status(200, bomb, {{"Content-Encoding", "gzip"}})});
  const auto error = get_error(server.url("/x"));
  CHECK(error.fault() == Fault::limit);
  CHECK(contains(error.what(), "max_bytes"));
}

TEST_CASE("http::CurlTransport tells its time limits apart") {
  struct Case {
    std::string name;
    Reply reply;
    http::Limits limits;
    const char* says;
  };
  auto limits = test::short_limits();
  limits.first_byte = 150ms;
  limits.idle = 200ms;
  limits.total = 600ms;
  auto patient = limits;
  patient.idle = 5s;
  patient.first_byte = 5s;
  const Case cases[] = {
      {"no answer at all", Reply().hold(), limits, "first byte limit"},
      {"silence in the body", Reply::bytes(with_length("100", "[1,")).hold(), limits, "idle limit"},
      {"silence in the headers", Reply::bytes("HTTP/1.1 200 OK\r\nA: b\r\nC").hold(), limits, "idle limit"},
      {"a body byte at a time", Reply::bytes(with_length("1000", "[")).drip(std::string(999, ' '), 20ms), limits,
       "idle limit"},
      {"a header byte at a time", Reply().drip("HTTP/1.1 200 OK\r\nX: " + std::string(999, 'x'), 20ms), limits,
       "first byte limit"},
      {"steady but without end", Reply::bytes(with_length("100000", "[")).drip(std::string(999, ' '), 10ms), patient,
       "total limit"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    const ScriptedServer server({c.reply});
    const auto start = std::chrono::steady_clock::now();
    const auto error = get_error(server.url("/x"), c.limits);
    CAPTURE(std::string(error.what()));
    CHECK(error.fault() == Fault::timeout);
    CHECK(contains(error.what(), c.says));
    CHECK(error.retryable());
    CHECK(std::chrono::steady_clock::now() - start < 10s);
  }
}
