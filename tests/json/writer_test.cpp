#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <random>

#include "json/value.hpp"
#include "json/writer.hpp"

using namespace sitrep;

TEST_CASE("json::Writer writes compact and indented text") {
  const auto build = [](json::Layout layout) {
    json::Writer writer(layout);
    writer.begin_object().member("a", 1).key("list").begin_array().value(true).null().end_array();
    writer.key("empty").begin_object().end_object().member("t", "x\"y").end_object();
    return writer.take();
  };
  CHECK(build(json::Layout::compact) == R"({"a":1,"list":[true,null],"empty":{},"t":"x\"y"})");
  CHECK(build(json::Layout::indented) ==
        "{\n  \"a\": 1,\n  \"list\": [\n    true,\n    null\n  ],\n  \"empty\": {},\n  \"t\": \"x\\\"y\"\n}");
}

TEST_CASE("json::append_quoted finds what it has to escape wherever it stands") {
  const auto inner = [](std::string_view text) {
    const auto quoted = json::quoted(text);
    return quoted.substr(1, quoted.size() - 2);
  };
  for (int byte = 0; byte < 256; ++byte)
    for (std::size_t before = 0; before < 17; ++before) {
      CAPTURE(byte);
      CAPTURE(before);
      const std::string odd(1, static_cast<char>(byte)), head(before, 'a'), tail(9, '~');
      REQUIRE(inner(head + odd + tail) == head + inner(odd) + tail);
    }
}

TEST_CASE("json::Writer escapes control bytes and repairs invalid UTF-8") {
  CHECK(json::quoted(std::string_view("a\0\x1b\n\x7f", 5)) == R"("a\u0000\u001b\n\u007f")");
  CHECK(json::quoted("caf\xe9") == "\"caf\xef\xbf\xbd\"");
  json::Writer writer;
  writer.begin_array().value(std::nan("")).value(std::numeric_limits<double>::infinity()).value(0.1).end_array();
  CHECK(writer.text() == "[null,null,0.1]");
}

namespace {

// Random values, written as text together with what reading them must give back.
class Generator {
 public:
  explicit Generator(unsigned seed) : random_(seed) {}

  void write(json::Writer& writer, int depth) {
    switch (pick(depth > 4 ? 6 : 8)) {
      case 0:
        writer.null();
        break;
      case 1:
        writer.value(pick(2) == 1);
        break;
      case 2:
        writer.value(static_cast<std::int64_t>(random_()));
        break;
      case 3:
        writer.value(std::bit_cast<double>(random_()));
        break;
      case 4:
        writer.value(std::ldexp(static_cast<double>(pick(1 << 20)), static_cast<int>(pick(80)) - 20));
        break;
      case 5:
        writer.value(text());
        break;
      case 6: {
        writer.begin_array();
        for (auto n = pick(5); n > 0; --n) write(writer, depth + 1);
        writer.end_array();
        break;
      }
      default: {
        writer.begin_object();
        for (auto n = pick(5); n > 0; --n) {
          writer.key(text() + std::to_string(n));  // numbered, so that no key repeats
          write(writer, depth + 1);
        }
        writer.end_object();
      }
    }
  }

 private:
  std::uint64_t pick(std::uint64_t n) { return random_() % n; }
  std::string text() {
    static constexpr std::string_view k_parts[] = {"a", "\"", "\\", "\n", "é", "😀", "\x1f", "/", "{", ",", "\x7f"};
    std::string out;
    for (auto n = pick(6); n > 0; --n) out += k_parts[pick(std::size(k_parts))];
    if (pick(8) == 0) out += '\0';
    return out;
  }
  std::mt19937_64 random_;
};

}  // namespace

TEST_CASE("what json::Writer writes, json::Document reads back to the same text") {
  json::Document document;
  for (unsigned seed = 1; seed <= 2000; ++seed) {
    CAPTURE(seed);
    json::Writer compact, indented(json::Layout::indented);
    Generator(seed).write(compact, 0);
    Generator(seed).write(indented, 0);
    REQUIRE(document.parse(compact.text()).to_json() == compact.text());
    REQUIRE(document.parse(indented.text()).to_json() == compact.text());
  }
}
