#include "base/words.hpp"

#include <doctest/doctest.h>

#include <string>

#include "base/text.hpp"

using namespace sitrep;

TEST_CASE("search_words folds case and accents and keeps letters and digits") {
  struct Case {
    std::string name, text, words;
  };
  const Case cases[] = {{"nothing", "", ""},
                        {"no word", " -- !\n", ""},
                        {"case, digits, punctuation", "API-gateway: 502s (eu-west1)", "api gateway 502s eu west1"},
                        {"a word at each end", "a b", "a b"},
                        {"accents, composed and not", "Caf\u00e9 cafe\u0301", "cafe cafe"},
                        {"other scripts", "Ёлка, 日本語—ДНК", "елка 日本語 днк"},
                        {"sharp s", "Straße STRASSE", "strasse strasse"},
                        {"bytes that are not UTF-8 part words",
                         "disk\xff"
                         "full\xc3",
                         "disk full"}};
  for (const auto& c : cases) {
    CAPTURE(c.name);
    CHECK(join(search_words(c.text), " ") == c.words);
  }
}
