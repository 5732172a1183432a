// The limit: libcurl, simdjson and SQLite in the best layout known, and nothing else. What sitrep is measured against.
//
//   bench_limit sync URL FILE     download, parse, store; a second run on the same file is the re-sync
//   bench_limit report FILE       one pass over what was stored
//   bench_limit unmodified URL    asks for each page by its ETag and nothing else
#include <simdjson.h>

#include <chrono>
#include <cstdio>
#include <exception>
#include <string>

#include "limit_download.hpp"
#include "limit_store.hpp"

namespace {

int digits(std::string_view text, std::size_t at, std::size_t count) {
  int value = 0;
  for (std::size_t i = at; i < at + count; ++i) value = value * 10 + (text[i] - '0');
  return value;
}

/// "2025-01-01T00:00:00Z", the one form bench_serve writes.
std::int64_t seconds_of(std::string_view text) {
  const std::chrono::year_month_day day{std::chrono::year{digits(text, 0, 4)},
                                        std::chrono::month{static_cast<unsigned>(digits(text, 5, 2))},
                                        std::chrono::day{static_cast<unsigned>(digits(text, 8, 2))}};
  return std::chrono::sys_days{day}.time_since_epoch().count() * 86400LL + digits(text, 11, 2) * 3600 +
         digits(text, 14, 2) * 60 + digits(text, 17, 2);
}

void sync(const std::string& url, const std::string& file) {
  bench::Store store(file);
  store.begin();
  bench::Download download(url);
  simdjson::dom::parser parser;
  const auto text = [](const simdjson::dom::element& record, const char* key) { return std::string_view(record[key]); };
  while (auto page = download.next()) {
    page->reserve(page->size() + simdjson::SIMDJSON_PADDING);
    for (const simdjson::dom::element record : parser.parse(page->data(), page->size(), false)["data"].get_array()) {
      bench::Row row;
      row.text = {text(record, "id"),
                  text(record, "title"),
                  std::string_view(record["service"]["name"]),
                  std::string_view(record["team"]["name"]),
                  text(record, "severity"),
                  text(record, "status"),
                  text(record, "kind"),
                  {},
                  {},
                  {},
                  {},
                  text(record, "cause")};
      row.time[7] = seconds_of(text(record, "started_at"));
      row.time[8] = seconds_of(text(record, "detected_at"));
      row.time[9] = seconds_of(text(record, "mitigated_at"));
      row.time[10] = seconds_of(text(record, "resolved_at"));
      store.put(row);
    }
  }
  store.finish();
  std::printf("%lld added, %lld unchanged\n", static_cast<long long>(store.added()),
              static_cast<long long>(store.unchanged()));
}

}  // namespace

int main(int argc, char** argv) {
  const std::string what = argc > 1 ? argv[1] : "";
  try {
    if (what == "sync" && argc == 4) return sync(argv[2], argv[3]), 0;
    if (what == "unmodified" && argc == 3) {
      std::printf("%d not modified\n", bench::count_unmodified(argv[2]));
      return 0;
    }
    if (what == "report" && argc == 3) {
      std::printf("%lld\n", static_cast<long long>(bench::Store(argv[2]).report()));
      return 0;
    }
  } catch (const std::exception& e) {
    std::fprintf(stderr, "bench_limit: %s\n", e.what());
    return 1;
  }
  std::fprintf(stderr, "usage: bench_limit sync URL FILE | bench_limit report FILE | bench_limit unmodified URL\n");
  return 2;
}
