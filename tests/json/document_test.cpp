#include <doctest/doctest.h>

#include <cmath>
#include <string>

#include "json/value.hpp"

using namespace sitrep;
using json::Kind;

namespace {

std::string nested(std::size_t depth, char open, char close) {
  return std::string(depth, open) + std::string(depth, close);
}

}  // namespace

TEST_CASE("json::Document reads every kind of value") {
  json::Document document;
  const auto root = document.parse(
      R"({"n":null,"b":true,"i":-7,"u":18446744073709551615,"r":2.5,"s":"aé\u0000z","a":[1,[2]],"o":{}})");
  CHECK(root.get("n")->is_null());
  CHECK(root.get("b")->boolean() == true);
  CHECK(root.get("i")->integer() == -7);
  CHECK(root.get("u")->kind() == Kind::unsigned_integer);
  CHECK(root.get("u")->integer() == std::nullopt);
  CHECK(root.get("u")->unsigned_integer() == 18446744073709551615U);
  CHECK(root.get("r")->real() == 2.5);
  CHECK(root.get("i")->real() == -7.0);
  CHECK(root.get("s")->string() == std::string_view("a\xc3\xa9\0z", 5));
  CHECK(root.get("a")->size() == 2);
  CHECK(root.get("a")->at(1)->at(0)->integer() == 2);
  CHECK(root.get("a")->at(2) == std::nullopt);
  CHECK(root.get("o")->size() == 0);
  CHECK(root.get("missing") == std::nullopt);
  CHECK(root.get("s")->integer() == std::nullopt);
  CHECK(root.size() == 8);
}

TEST_CASE("json::Value::members walks arrays and objects in document order") {
  json::Document document;
  std::string seen;
  for (const json::Member member : document.parse(R"({"z":[1,2],"a":3})").members()) {
    seen += std::string(member.key) + "=" + member.value.to_json() + ";";
  }
  CHECK(seen == "z=[1,2];a=3;");
  seen.clear();
  for (const json::Member member : document.parse(R"([[],{"k":1},"x"])").members()) {
    seen += member.value.to_json() + ";";
    CHECK(member.key.empty());
  }
  CHECK(seen == "[];{\"k\":1};\"x\";");
  for ([[maybe_unused]] const json::Member member : document.parse("5").members()) FAIL("a scalar has no members");
}

TEST_CASE("json::Value::to_text gives what people read") {
  json::Document document;
  const auto root = document.parse(R"(["plain","",null,true,12,1.0,0.1,-0,[1,"b"],{"a":null}])");
  const char* expected[] = {"plain", "", "", "true", "12", "1", "0.1", "0", "[1,\"b\"]", "{\"a\":null}"};
  for (std::size_t i = 0; i < root.size(); ++i) {
    CAPTURE(i);
    CHECK(root.at(i)->to_text() == expected[i]);
    CHECK(root.at(i)->reads_as(expected[i]));
    CHECK_FALSE(root.at(i)->reads_as("something else"));
  }
}

TEST_CASE("json::Document refuses what is not JSON, with the place of the first bad byte") {
  struct Case {
    const char* name;
    std::string text;
    std::size_t line, column;
    const char* says;
  };
  const Case cases[] = {
      {"empty", "", 1, 1, "empty"},
      {"blanks only", " \n ", 2, 2, "empty"},
      {"cut in an object", "{\"a\":1", 1, 7, "expected ',' or '}'"},
      {"cut in a string", "[\n \"abc", 2, 2, "not closed"},
      {"trailing comma in an array", "[1,\n2,]", 2, 3, "comma before ']'"},
      {"trailing comma in an object", "{\"a\":1,}", 1, 8, "comma before '}'"},
      {"no colon", "{\"a\" 1}", 1, 6, "expected ':'"},
      {"bare key", "{a:1}", 1, 2, "double quotes"},
      {"single quotes", "['a']", 1, 2, "expected a value"},
      {"comment", "[1] // x", 1, 5, "after the end"},
      {"two values", "1 2", 1, 3, "after the end"},
      {"NaN", "[NaN]", 1, 2, "expected a value"},
      {"Infinity", "[-Infinity]", 1, 3, "digit"},
      {"leading zero", "[01]", 1, 3, "starts with 0"},
      {"plus sign", "[+1]", 1, 2, "expected a value"},
      {"point without digits", "[1.]", 1, 4, "digit"},
      {"capital True", "[True]", 1, 2, "expected a value"},
      {"cut word", "[tru]", 1, 2, "'true'"},
      {"bad escape", "[\"\\x\"]", 1, 3, "escape"},
      {"short \\u", "[\"\\u12\"]", 1, 3, "hexadecimal"},
      {"newline in a string", "[\"a\nb\"]", 1, 4, "control character"},
      {"overlong UTF-8", "[\"\xc0\xaf\"]", 1, 3, "UTF-8"},
      {"UTF-8 surrogate", "[\"\xed\xa0\x80\"]", 1, 3, "UTF-8"},
      {"UTF-8 past U+10FFFF", "[\"\xf4\x90\x80\x80\"]", 1, 3, "UTF-8"},
      {"UTF-8 cut", "[\"\xe2\x82\"]", 1, 3, "UTF-8"},
      {"a lone continuation byte", "[\"\x80\"]", 1, 3, "UTF-8"},
      {"Latin-1", "[\"caf\xe9\"]", 1, 6, "UTF-8"},
      {"UTF-16 with a mark", std::string("\xff\xfe{\0}\0", 6), 1, 1, "UTF-16"},
      {"UTF-16 without a mark", std::string("{\0}\0", 4), 1, 1, "UTF-16"},
      {"HTML", "<!DOCTYPE html>", 1, 1, "expected a value"},
      {"mismatched brackets", "[1}", 1, 3, "expected ',' or ']'"},
      {"513 open arrays", std::string(513, '['), 1, 513, "nested deeper"},
      {"100,000 open arrays", std::string(100'000, '['), 1, 513, "nested deeper"},
      {"100,000 closed arrays", nested(100'000, '[', ']'), 1, 513, "nested deeper"},
  };
  json::Document document;
  for (const auto& c : cases) {
    CAPTURE(c.name);
    try {
      document.parse(c.text);
      FAIL_CHECK("was accepted");
    } catch (const json::SyntaxError& error) {
      CHECK(error.line() == c.line);
      CHECK(error.column() == c.column);
      CHECK(std::string(error.what()).find(c.says) != std::string::npos);
      CHECK(error.kind() == ErrorKind::data);
    }
    CHECK_THROWS_AS(document.root(), Error);
  }
}

TEST_CASE("json::Document reads 512 levels and no more, arrays and objects alike") {
  json::Document document;
  CHECK(document.parse(nested(512, '[', ']')).to_json() == nested(512, '[', ']'));
  std::string objects;
  for (int i = 0; i < 512; ++i) objects += "{\"a\":";
  const std::string closed = objects + "1" + std::string(512, '}');
  CHECK(document.parse(closed).to_json() == closed);
  CHECK_THROWS_AS(document.parse("{\"a\":" + closed + "}"), json::SyntaxError);
  // simdjson does not count an empty container at the bottom.
  CHECK(document.parse(nested(513, '[', ']')).is_array());
  CHECK_THROWS_AS(document.parse(nested(514, '[', ']')), json::SyntaxError);
}

TEST_CASE("json::Document keeps 64-bit integers exact and names the first number out of range") {
  json::Document document;
  CHECK(document.parse("9007199254740993").integer() == 9007199254740993);
  CHECK(document.parse("-9223372036854775808").integer() == INT64_MIN);
  CHECK(document.parse("9223372036854775808").unsigned_integer() == 9223372036854775808U);
  CHECK(document.parse("1e-400").real() == 0.0);
  CHECK(document.parse("1.7976931348623157e308").real() == 1.7976931348623157e308);
  for (const char* number : {"18446744073709551616", "-9223372036854775809", "1e400", "-1E+999",
                             "1e99999999999999999999", "123456789012345678901234567890"}) {
    CAPTURE(number);
    try {
      document.parse(std::string("[0,\n ") + number + "]");
      FAIL_CHECK("was accepted");
    } catch (const json::NumberError& error) {
      CHECK(error.line() == 2);
      CHECK(error.column() == 2);
      CHECK(std::string(error.what()).find("out of range") != std::string::npos);
    }
  }
  // A mistake of grammar anywhere counts more than a number's size.
  try {
    document.parse("[1e400,]");
    FAIL_CHECK("was accepted");
  } catch (const json::NumberError&) {
    FAIL_CHECK("not a matter of range");
  } catch (const json::SyntaxError& error) {
    CHECK(error.column() == 8);
  }
}

TEST_CASE("json::Document lets the last of repeated keys win and counts the others") {
  struct Case {
    const char* text;
    const char* result;
    std::size_t count;
  };
  const Case cases[] = {
      {R"({"a":1,"b":2})", R"({"a":1,"b":2})", 0},
      {R"({"a":1,"b":2,"a":3})", R"({"b":2,"a":3})", 1},
      {R"({"a":1,"a":2,"a":{"x":1,"x":2.0}})", R"({"a":{"x":2}})", 3},
      {R"([{"\u0061":1,"a":2},{"":1,"":2}])", R"([{"a":2},{"":2}])", 2},
      {R"({"a":{"k":1},"b":{"k":1}})", R"({"a":{"k":1},"b":{"k":1}})", 0},
      {R"({"A":1,"a":2})", R"({"A":1,"a":2})", 0},
      // Objects of one shape, of one size, and of a shape that starts like another.
      {R"([{"a":1,"a":2},{"a":1,"b":2},{"a":3,"a":4},{"a":5,"b":6},{"a":7}])",
       R"([{"a":2},{"a":1,"b":2},{"a":4},{"a":5,"b":6},{"a":7}])", 2},
  };
  json::Document document;
  for (const auto& c : cases) {
    CAPTURE(c.text);
    CHECK(document.parse(c.text).to_json() == c.result);
    CHECK(document.notes().duplicate_keys == c.count);
  }
  CHECK(document.parse(R"({"r":1.0,"r":1.0})").get("r")->kind() == Kind::real);

  std::string wide = "{";
  for (int i = 0; i < 5000; ++i) wide += "\"k" + std::to_string(i) + "\":" + std::to_string(i) + ",";
  CHECK(document.parse(wide + "\"last\":0}").size() == 5001);
  CHECK(document.notes().duplicate_keys == 0);
  CHECK(document.parse(wide + "\"k17\":-1}").get("k17")->integer() == -1);
  CHECK(document.notes().duplicate_keys == 1);
}

TEST_CASE("json::Document reads lone surrogates as U+FFFD, counts them and leaves pairs alone") {
  struct Case {
    const char* text;
    const char* result;
    std::size_t count;
  };
  const Case cases[] = {
      {R"("\ud83d\ude00")", "\xf0\x9f\x98\x80", 0},
      {R"("\uD83D\uDE00")", "\xf0\x9f\x98\x80", 0},
      {R"("x\ud83d")", "x\xef\xbf\xbd", 1},
      {R"("\udE00x")", "\xef\xbf\xbdx", 1},
      {R"("\ud83d\u0041")",
       "\xef\xbf\xbd"
       "A",
       1},
      {R"("\ud83d\ud83d\ude00")", "\xef\xbf\xbd\xf0\x9f\x98\x80", 1},
      {R"("\\ud83d")", "\\ud83d", 0},
      {R"("\ud7ff\ue000")", "\xed\x9f\xbf\xee\x80\x80", 0},
  };
  json::Document document;
  for (const auto& c : cases) {
    CAPTURE(c.text);
    CHECK(document.parse(c.text).string() == c.result);
    CHECK(document.notes().lone_surrogates == c.count);
  }
}

TEST_CASE("json::Document skips a byte order mark and can be parsed into again and moved") {
  json::Document document;
  CHECK(document.parse("\xef\xbb\xbf[1]").size() == 1);
  CHECK(document.parse(std::string(100'000, ' ') + "[1,2]").size() == 2);
  json::Document moved = std::move(document);
  CHECK(moved.root().at(1)->integer() == 2);
}

TEST_CASE("json::Value::append_json sorts keys at every level when asked to") {
  json::Document document;
  const auto root = document.parse(R"({"b":{"y":1,"x":[{"d":1,"c":2}]},"a":{},"":0})");
  std::string sorted;
  root.append_json(sorted, json::KeyOrder::sorted);
  CHECK(sorted == R"({"":0,"a":{},"b":{"x":[{"c":2,"d":1}],"y":1}})");
}
