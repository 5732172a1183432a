// Serves pages of made-up incident records from memory on loopback: what the bench programs sync from.
//
//   bench_serve --records 100000 --page 1000
//
// /records   pages by number; past the last one 404
// /tagged    the same with an ETag each; If-None-Match is answered with 304
// /slow      the first 300 of them, each 50 ms late, with the number of all records
//
// Prints its URL on the first line of stdout and serves until its stdin ends. Records are about 750 bytes, their ids
// scattered as those of most APIs are, 12 of their fields worth mapping.
#include <fmt/format.h>
#include <httplib.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace {

constexpr std::uint64_t k_slow_pages = 300;
constexpr std::chrono::milliseconds k_latency{50};

std::uint64_t scatter(std::uint64_t n) {  // splitmix64
  n += 0x9E3779B97F4A7C15U;
  n = (n ^ (n >> 30)) * 0xBF58476D1CE4E5B9U;
  n = (n ^ (n >> 27)) * 0x94D049BB133111EBU;
  return n ^ (n >> 31);
}

std::string time_text(std::uint64_t seconds) {
  const auto day = std::chrono::sys_days{std::chrono::days{seconds / 86400}};
  const std::chrono::year_month_day ymd{day};
  const auto left = seconds % 86400;
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(ymd.year()),
                     static_cast<unsigned>(ymd.month()), static_cast<unsigned>(ymd.day()), left / 3600, left / 60 % 60,
                     left % 60);
}

std::string record(std::uint64_t n, std::uint64_t records) {
  constexpr std::uint64_t k_first = 1'735'689'600;  // 2025-01-01
  constexpr std::uint64_t k_span = 690ULL * 86400;
  constexpr const char* k_severities[] = {"SEV1", "SEV2", "SEV3", "SEV3", "SEV4", "SEV4", "SEV5"};
  constexpr const char* k_causes[] = {"bad deploy", "configuration push", "dependency timeout", "disk full",
                                      "retry storm"};
  const std::uint64_t dice = scatter(n * 3 + 1);
  const std::uint64_t started = k_first + n * k_span / records;
  const std::uint64_t detected = started + dice % 900;
  const std::uint64_t mitigated = detected + 300 + (dice >> 10) % 9000;
  const std::uint64_t resolved = mitigated + (dice >> 20) % 20000;
  const auto service = (dice >> 8) % 200;
  const std::string id = fmt::format("{:016x}", scatter(n));
  return fmt::format(
      R"({{"id":"{0}","type":"incident","title":"service-{1}: requests fail after a change, region {2}","summary":"Error )"
      R"(rate above the objective; customers retry. See the timeline for what was tried and by whom.","severity":"{3}",)"
      R"("status":"resolved","kind":"incident","service":{{"id":"SVC{1}","name":"service-{1}","self":"https://api.example.com)"
      R"(/services/SVC{1}"}},"team":{{"id":"T{4}","name":"team-{4}"}},"started_at":"{5}","detected_at":"{6}","mitigated_at":"{7}",)"
      R"("resolved_at":"{8}","updated_at":"{8}","cause":"{9}","assignees":["user-{10}","user-{11}"],"labels":{{"region":"r{2}",)"
      R"("tier":{12},"customer_visible":true}},"urgency":"high","number":{13},"html_url":"https://pager.example.com/i/{0}"}})",
      id, service, dice % 9, k_severities[dice % 7], service % 20, time_text(started), time_text(detected),
      time_text(mitigated), time_text(resolved), k_causes[(dice >> 5) % 5], dice % 300, (dice >> 9) % 300, 1 + dice % 4,
      n);
}

std::vector<std::string> make_pages(std::uint64_t records, std::uint64_t page_size) {
  std::vector<std::string> pages;
  const auto count = (records + page_size - 1) / page_size;
  for (std::uint64_t page = 0; page < count; ++page) {
    std::string text = R"({"data":[)";
    for (std::uint64_t n = page * page_size; n < std::min(records, (page + 1) * page_size); ++n) {
      if (n > page * page_size) text += ',';
      text += record(n, records);
    }
    text += fmt::format(R"(],"page":{},"pages":{}}})", page + 1, count);
    pages.push_back(std::move(text));
  }
  return pages;
}

std::string services() {
  std::string text = R"({"data":[)";
  for (int n = 0; n < 200; ++n) {
    text += fmt::format(R"({}{{"id":"SVC{}","name":"service-{}","program":"Program {}","tier":{}}})", n ? "," : "", n,
                        n, n % 4 + 1, n % 4 + 1);
  }
  return text + "]}";
}

std::string programs() {
  std::string text = R"({"data":[)";
  for (int n = 1; n <= 4; ++n)
    text += fmt::format(R"({}{{"id":"P{}","name":"Program {}","status":"green"}})", n > 1 ? "," : "", n, n);
  return text + "]}";
}

}  // namespace

int main(int argc, char** argv) {
  std::uint64_t records = 100'000, page_size = 1000;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string name = argv[i];
    const auto value = std::strtoull(argv[i + 1], nullptr, 10);
    if (name == "--records" && value > 0)
      records = value;
    else if (name == "--page" && value > 0)
      page_size = value;
    else
      return std::fprintf(stderr, "usage: bench_serve [--records N] [--page N]\n"), 2;
  }
  const auto pages = make_pages(records, page_size);
  const auto slow_pages = std::min<std::size_t>(pages.size(), k_slow_pages);
  const auto slow_total = std::min(records, k_slow_pages * page_size);
  httplib::Server server;
  server.set_tcp_nodelay(true);
  server.set_keep_alive_max_count(10'000'000);
  server.new_task_queue = [] { return new httplib::ThreadPool(32); };  // a kept connection holds one of them
  // A provider: the page is sent from where it lies.
  const auto send = [](const std::string& page, httplib::Response& response) {
    response.set_content_provider(page.size(), "application/json; charset=utf-8",
                                  [&page](std::size_t offset, std::size_t length, httplib::DataSink& sink) {
                                    return sink.write(page.data() + offset, length);
                                  });
  };
  /// The page that a request asks for, from 0; past the last one it is answered 404.
  const auto asked = [](const httplib::Request& request, httplib::Response& response,
                        std::size_t count) -> std::optional<std::size_t> {
    const auto number =
        request.has_param("page") ? std::strtoull(request.get_param_value("page").c_str(), nullptr, 10) : 1;
    if (number >= 1 && number <= count) return number - 1;
    response.status = 404;
    return std::nullopt;
  };
  server.Get("/records", [&](const httplib::Request& request, httplib::Response& response) {
    if (const auto page = asked(request, response, pages.size())) send(pages[*page], response);
  });
  server.Get("/tagged", [&](const httplib::Request& request, httplib::Response& response) {
    const auto page = asked(request, response, pages.size());
    if (!page) return;
    const auto tag = fmt::format("\"page-{}\"", *page + 1);
    response.set_header("ETag", tag);
    if (request.get_header_value("If-None-Match") == tag)
      response.status = 304;
    else
      send(pages[*page], response);
  });
  server.Get("/slow", [&](const httplib::Request& request, httplib::Response& response) {
    std::this_thread::sleep_for(k_latency);
    response.set_header("X-Total-Count", std::to_string(slow_total));
    if (const auto page = asked(request, response, slow_pages)) send(pages[*page], response);
  });
  const auto fixed = [](std::string text) {
    return [text = std::move(text)](const httplib::Request&, httplib::Response& response) {
      response.set_content(text, "application/json; charset=utf-8");
    };
  };
  server.Get("/services", fixed(services()));
  server.Get("/programs", fixed(programs()));
  const int port = server.bind_to_any_port("127.0.0.1");
  if (port <= 0) return std::fprintf(stderr, "bench_serve: no free port\n"), 4;
  std::thread watch([&server] {
    while (std::getchar() != EOF) {
    }
    std::_Exit(0);  // the driver is done: nothing here is worth a tidy end
  });
  std::printf("http://127.0.0.1:%d\n", port);
  std::fflush(stdout);
  server.listen_after_bind();
  watch.join();
  return 0;
}
