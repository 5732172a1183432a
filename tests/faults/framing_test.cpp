// Below HTTP's meaning: lines 15 to 26, 38 and 39.
#include "fixture.hpp"

#include <sys/resource.h>

#include "http/compress.hpp"

using namespace sitrep::test;

namespace {

const std::string k_head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
const std::string k_chunked = k_head + "Transfer-Encoding: chunked\r\n\r\n";
constexpr std::uint64_t k_endless = 1'000'000'000;

Reply cut_off(const std::string& bytes) { return Reply::bytes(bytes).close(); }

Reply coded(const std::string& coding, const std::string& body) {
  return Reply::status(200, body, {{"Content-Type", "application/json"}, {"Content-Encoding", coding}});
}

}  // namespace

TEST_CASE("15: sync stops endless answers at a named limit, at once") {
  const Fault faults[] = {
      {"15: endless array",
       {Reply::bytes(k_head + "\r\n{\"incidents\":[").repeat("{\"id\":\"x\"},", k_endless)},
       4,
       {"max_bytes"},
       1},
      {"15: endless string",
       {Reply::bytes(k_head + "\r\n\"").repeat(std::string(1000, 'x'), k_endless)},
       4,
       {"max_bytes"},
       1},
      {"15: endless headers", {Reply::bytes(k_head).repeat("X-More: 1\r\n", k_endless)}, 4, {"headers"}, 1},
      {"15: endless 1xx", {Reply().repeat("HTTP/1.1 102 Processing\r\n\r\n", k_endless)}, 4, {"headers"}, 1},
  };
  check_fails(faults);
}

TEST_CASE("15: an endless answer takes no more memory than one within the limit") {
  const auto peak_kb = [] {
    rusage usage{};
    ::getrusage(RUSAGE_CHILDREN, &usage);  // the largest of all that were waited for
    return usage.ru_maxrss;
  };
  FaultWorkspace workspace;
  workspace.fill();
  const auto before = peak_kb();
  for (const auto& reply : {Reply::bytes(k_head + "\r\n{\"incidents\":[").repeat("{\"id\":\"x\"},", k_endless),
                            Reply::bytes(k_head + "\r\n\"").repeat(std::string(1000, 'x'), k_endless),
                            Reply::bytes(k_head).repeat("X-More: 1\r\n", k_endless),
                            Reply().repeat("HTTP/1.1 102 Processing\r\n\r\n", k_endless)}) {
    workspace.serve({reply});
    CHECK(workspace.sync().exit_code == 4);
  }
  CHECK(peak_kb() - before < 64 * 1024);
}

TEST_CASE("16-20: sync takes no cut answer for a whole one and bounds its tries") {
  const auto body = page({"a"});
  const Fault faults[] = {
      {"16: body shorter than its length", {cut_off(k_head + "Content-Length: 9999\r\n\r\n" + body)}, 4, {"cut"}, 3},
      {"17: chunked without the last chunk", {cut_off(k_chunked + "3e8\r\n" + body)}, 4, {"cut"}, 3},
      {"18: JSON cut, framing right", {Reply::json(body.substr(0, body.size() - 3))}, 4, {"line 1, column "}, 1},
      {"20: RST for ever", {Reply().reset()}, 4, {"tried 3 times"}, 3},
      {"20: FIN for ever", {Reply().close()}, 4, {"tried 3 times"}, 3},
  };
  check_fails(faults);
}

TEST_CASE("21: a connection closed between pages is no failure") {
  FaultWorkspace workspace;
  workspace.serve({Reply::json(R"({"incidents":[{"id":"a"}],"next":"2"})").close(), Reply::json(page({"b"})).close()});
  const auto result = workspace.sync({"-v"});
  CHECK(result.exit_code == 0);
  CHECK(result.requests == 2);
  CHECK_FALSE(contains(result.said, "try 2"));
  CHECK(workspace.count("select count(*) from incident") == 2);
}

TEST_CASE("22: trailers change nothing") {
  FaultWorkspace workspace;
  workspace.serve({Reply::bytes(k_chunked + "12\r\n{\"incidents\":[    \r\n10\r\n{\"id\":\"a\"}    ]}\r\n0\r\n"
                                            "Authorization: Bearer x\r\nContent-Length: 1\r\n\r\n")});
  const auto result = workspace.sync();
  INFO(result.said);
  CHECK(result.exit_code == 0);
  CHECK(workspace.count("select count(*) from incident") == 1);
}

TEST_CASE("23-25: sync refuses broken framing and shows nothing of it") {
  const auto body = page({"a"});
  const auto length = std::to_string(body.size());
  const Fault faults[] = {
      {"23: huge chunk size", {cut_off(k_chunked + "FFFFFFFFFFFFFFFFF\r\n" + body + "\r\n0\r\n\r\n")}},
      {"23: negative chunk size", {cut_off(k_chunked + "-1\r\n" + body + "\r\n0\r\n\r\n")}},
      {"23: chunk size of letters", {cut_off(k_chunked + "zz\r\n" + body + "\r\n0\r\n\r\n")}},
      {"24: two lengths", {cut_off(k_head + "Content-Length: " + length + "\r\nContent-Length: 3\r\n\r\n" + body)}},
      {"24: length of 20 digits", {cut_off(k_head + "Content-Length: 99999999999999999999\r\n\r\n" + body)}},
      {"25: junk", {cut_off("\x1b[31mRED\x1b]0;owned\x07\r\n\r\n" + body)}, 4, {"not HTTP"}},
      {"25: HTTP/0.9", {cut_off(body)}, 4, {"not HTTP"}},
      {"25: escape codes in the reason",
       {Reply::bytes("HTTP/1.1 404 \x1b[31mRED\r\nContent-Length: 0\r\n\r\n")},
       4,
       {"404"}},
  };
  check_fails(faults);
}

TEST_CASE("24: transfer coding wins over a length") {
  FaultWorkspace workspace;
  workspace.serve({cut_off(
      k_head +
      "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n1c\r\n{\"incidents\":[{\"id\":\"a\"}  ]}\r\n0\r\n\r\n")});
  const auto result = workspace.sync();
  INFO(result.said);
  CHECK(result.exit_code == 0);
  CHECK(workspace.count("select count(*) from incident") == 1);
}

TEST_CASE("26: an empty answer is not a list of no records") {
  const Fault faults[] = {
      {"26: 204", {Reply::status(204)}, 4, {"204"}},
      {"26: empty 200", {Reply::status(200)}, 4, {"empty"}},
      {"26: blanks", {Reply::json("  \n")}, 4, {"empty"}},
      {"26: unasked 206", {Reply::status(206, page({}), {{"Content-Type", "application/json"}})}, 4, {"206"}},
      {"26: unasked 304", {Reply::status(304)}, 4, {"304"}},
  };
  check_fails(faults);
}

TEST_CASE("26: where the source allows it, an empty answer is a list of no records") {
  for (const auto& reply : {Reply::status(204), Reply::status(200), Reply::json("{\"total\":0}")}) {
    FaultWorkspace workspace;
    workspace.stream = "allow_empty = true\n";
    workspace.serve({reply});
    const auto result = workspace.sync();
    INFO(result.said);
    CHECK(result.exit_code == 0);
    CHECK(workspace.count("select count(*) from incident") == 0);
  }
}

TEST_CASE("38, 39: sync stops bombs and refuses broken codings") {
  const auto body = page({"a"});
  const auto gzip = compress(body, Wrapper::gzip);
  auto bad_crc = gzip;
  bad_crc[bad_crc.size() - 6] = static_cast<char>(bad_crc[bad_crc.size() - 6] ^ 1);
  const auto bomb = compress(std::string(30'000'000, ' '), Wrapper::gzip);
  const Fault faults[] = {
      {"38: bomb", {coded("gzip", bomb)}, 4, {"max_bytes"}, 1},
      {"38: bomb in a bomb", {coded("gzip, gzip", compress(bomb, Wrapper::gzip))}, 4, {"max_bytes"}, 1},
      {"39: no gzip at all", {coded("gzip", body)}, 4, {"gzip"}},
      {"39: bad CRC", {coded("gzip", bad_crc)}, 4, {"gzip"}},
      {"39: cut", {coded("gzip", gzip.substr(0, gzip.size() - 5))}, 4, {"gzip"}},
      {"39: junk behind", {coded("gzip", gzip + "junk")}, 4, {"gzip"}},
      {"39: unknown coding", {coded("br", body)}, 4, {"coding"}},
  };
  check_fails(faults);
}

TEST_CASE("38: gzip over gzip and both kinds of deflate are read") {
  const auto body = page({"a"});
  for (const auto& reply :
       {coded("gzip, gzip", compress(compress(body, Wrapper::gzip), Wrapper::gzip)),
        coded("deflate", compress(body, Wrapper::zlib)), coded("deflate", compress(body, Wrapper::raw))}) {
    FaultWorkspace workspace;
    workspace.serve({reply});
    CHECK(workspace.sync().exit_code == 0);
    CHECK(workspace.count("select count(*) from incident") == 1);
  }
}
