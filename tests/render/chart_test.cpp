#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <string>

#include "render/figure.hpp"
#include "render/html.hpp"
#include "render/sort_key.hpp"
#include "render/svg.hpp"

using namespace sitrep;
using namespace sitrep::render;

namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }
Date day(int year, unsigned month, unsigned of_month) {
  return Date{std::chrono::year{year} / std::chrono::month{month} / std::chrono::day{of_month}};
}
UnixTime at(int index) { return UnixTime{day(2026, 8, 1)} + std::chrono::days{index}; }

LineChart runway() {
  LineChart chart{"disk", "used and forecast", {false, "TB"}, {}, 40.0, "limit", at(20), "today", {}};
  for (int i = 0; i <= 20; ++i) chart.points.push_back({at(i), 20 + i * 0.5, {}, {}});
  for (int i = 21; i < 40; ++i) chart.points.push_back({at(i), 20 + i * 0.5, 19 + i * 0.5, 22 + i * 0.5});
  return chart;
}

/// Every figure with nothing, one value, equal values, no values, values that are not finite, hostile labels.
std::vector<Figure> hard_figures() {
  const double infinity = std::numeric_limits<double>::infinity();
  const std::vector<std::vector<std::optional<double>>> series{
      {}, {1.0}, {2.0, 2.0, 2.0}, {{}, {}}, {std::nan(""), infinity, -infinity}, {-5.0, 0.0, 1e300}, {1e-300, 2e-300}};
  std::vector<Figure> figures;
  const std::string hostile = "</title><script>alert(1)</script>\"' | ` \x1b[31m ]]>";
  for (const auto& values : series) {
    LineChart line{hostile, hostile, {}, {}, {}, hostile, {}, {}, {}};
    for (std::size_t i = 0; i < values.size(); ++i) line.points.push_back({at(static_cast<int>(i)), values[i], {}, {}});
    figures.emplace_back(line);
    if (!values.empty()) line.limit = values.front();
    figures.emplace_back(line);
    figures.emplace_back(BarChart{
        hostile, hostile, {}, std::vector<std::string>(values.size(), hostile), {{hostile, values}, {"b", values}}});
    figures.emplace_back(BarChart{"", "", {true, ""}, {"one", "two", "three", "four"}, {{"short", values}}});
    figures.emplace_back(Sparkline{hostile, {}, values});
    figures.emplace_back(HeatMap{
        hostile, hostile, {}, std::vector<std::string>(values.size(), hostile), {{hostile, values}, {"x", {}}}});
  }
  for (const auto& values : series) {
    BurnDown burn{hostile, hostile, {}, {}, at(2), {}};
    ControlChart control{hostile, "", {}, {}, values.empty() ? std::nullopt : values.front()};
    for (std::size_t i = 0; i < values.size(); ++i) {
      burn.points.push_back({at(static_cast<int>(i)), values[i], i % 2 ? values[i] : std::nullopt});
      control.points.push_back({hostile, values[i], values.front(), values.back(), i % 2 ? hostile : ""});
    }
    figures.emplace_back(burn);
    figures.emplace_back(control);
  }
  figures.emplace_back(StatusHistory{});
  figures.emplace_back(StatusHistory{hostile, {Status::green, Status::yellow, Status::red, Status::grey}});
  figures.emplace_back(Gantt{});
  figures.emplace_back(Gantt{hostile, hostile, {{hostile, hostile, {}, day(2026, 1, 1), {}, {}, Status::red}}, {}});
  figures.emplace_back(
      Gantt{"g",
            "",
            {{"a", "", day(2026, 3, 1), day(2026, 2, 1), day(2025, 1, 1), day(2027, 1, 1), Status::grey}},
            day(2030, 1, 1)});
  figures.emplace_back(Gantt{"undated", "", {{"a", "", {}, {}, day(2025, 1, 1), {}, Status::grey}}, {}});
  return figures;
}

}  // namespace

TEST_CASE("render::Gantt draws what nobody judges without a color, and says what has no date") {
  const Gantt chart{"g", "", {{"GA", "", {}, day(2026, 1, 1), {}, {}, {}}, {"beta", "", {}, {}, {}, {}, {}}}, {}};
  const auto svg = to_svg(chart, "a", Embedding::page);
  CHECK(has(svg, "class=\"dot\"><title>GA: due 2026-01-01</title>"));
  CHECK(has(svg, ">no date</text>"));
  CHECK_FALSE(has(svg, "class=\"st "));
  CHECK(has(block_markdown(chart), "| GA | 2026-01-01 |  |  |\n| beta | no date |  |  |"));
}

TEST_CASE("render charts: labels that would look alike are cut in the middle") {
  CHECK(fit_labels({"ledger-db disk", "ledger-db node", "edge"}, 66) ==
        std::vector<std::string>{"ledge…disk", "ledge…node", "edge"});
  CHECK(fit_labels({"ledger-db disk", "ledger-db disk"}, 66) == std::vector<std::string>{"ledger-db…", "ledger-db…"});
  CHECK(fit_labels({"台北のデータ一", "台北のデータ二"}, 40) == std::vector<std::string>{"台…一", "台…二"});
  CHECK(fit_labels({"ab", "ac"}, 1) == std::vector<std::string>{"…", "…"});
}

TEST_CASE("render charts: no figure prints a number that is none, or lets a label act") {
  for (const auto& figure : hard_figures()) {
    const auto svg = to_svg(figure, "p", Embedding::page);
    CHECK(svg.starts_with("<svg "));
    CHECK(svg.ends_with("</svg>"));
    CHECK_FALSE(has(svg, "nan"));
    CHECK_FALSE(has(svg, "inf"));
    CHECK_FALSE(has(svg, "<script"));
    CHECK_FALSE(has(svg, "\x1b"));
    CHECK_FALSE(has(svg, "style="));
    CHECK(has(svg, "role=\"img\" aria-labelledby=\"p-t"));
    CHECK(has(svg, "<title id=\"p-t\">"));
    const auto markdown = block_markdown(figure) + "\n\n" + inline_text(figure);
    CHECK_FALSE(has(markdown, "nan"));
    CHECK_FALSE(has(markdown, "inf"));
    CHECK_FALSE(has(html_body(parse_markdown(markdown), {}), "<script"));
  }
}

TEST_CASE("render charts: the same figure is the same bytes") {
  CHECK(to_svg(runway(), "a", Embedding::standalone) == to_svg(runway(), "a", Embedding::standalone));
}

TEST_CASE("render::LineChart draws line, forecast, band, limit and mark") {
  const auto svg = to_svg(runway(), "a", Embedding::page);
  for (const char* part : {"class=\"line\"", "class=\"line forecast\"", "class=\"band\"", "class=\"limit\"",
                           "class=\"mark\"", "limit 40 TB", "today"}) {
    CAPTURE(part);
    CHECK(has(svg, part));
  }
  CHECK(has(block_markdown(runway()),
            "20 TB to 30 TB, last 30 TB; limit 40 TB; forecast for 2026-09-09: 38.5 TB to 41.5 TB"));
}

TEST_CASE("render::LineChart keeps peaks of a long series and stays small") {
  LineChart chart{"long", "", {}, {}, {}, "", {}, "", {}};
  for (int i = 0; i < 100000; ++i)
    chart.points.push_back({unix_time(1'700'000'000 + i * 60), i == 54321 ? 100.0 : 1.0, {}, {}});
  const auto svg = to_svg(chart, "a", Embedding::page);
  CHECK(svg.size() < 60000);
  CHECK(has(svg, " 20L"));  // the top of the frame: the one peak
}

TEST_CASE("render::BarChart tells missing from zero, and patterns tell stacked series apart") {
  const BarChart chart{"b", "", {}, {"a", "b", "c"}, {{"one", {1.0, 0.0, {}}}, {"two", {2.0, 0.0, {}}}}};
  const auto svg = to_svg(chart, "a", Embedding::page);
  CHECK(has(svg, "class=\"missing\""));
  CHECK(has(svg, "fill=\"url(#a-p1)\""));
  CHECK(has(svg, "<pattern id=\"a-p1\""));
  CHECK(has(block_markdown(chart), "| c | no data | no data |"));
  CHECK(has(block_markdown(chart), "| b | 0 | 0 |"));
}

TEST_CASE("render::BurnDown draws what is left as steps beside the plan") {
  const BurnDown chart{"b", "", {}, {{at(0), 5.0, 5.0}, {at(7), 4.0, 2.0}, {at(14), {}, 0.0}}, at(8), {}};
  const auto svg = to_svg(chart, "a", Embedding::page);
  for (const char* part : {"class=\"plan\"", "class=\"line\"", "class=\"mark\"", ">today<", ">4<"}) {
    CAPTURE(part);
    CHECK(has(svg, part));
  }
  CHECK(block_markdown(chart) == "**b**  \n█▁  4 left, planned 2");
}

TEST_CASE("render::ControlChart gives signals a shape of their own and says them in words") {
  ControlChart chart{"c", "", {}, {}, 5.0};
  for (int i = 0; i < 12; ++i) chart.points.push_back({std::to_string(i), 5.0 + i % 2, 1.0, 9.0, ""});
  const auto quiet = to_svg(chart, "a", Embedding::page);
  CHECK(has(quiet, "mean 5"));
  CHECK(has(quiet, "class=\"limit\""));
  CHECK_FALSE(has(quiet, "class=\"st red\""));
  CHECK(has(block_markdown(chart), "mean 5, limits 1 to 9; no signal"));
  chart.points.push_back({"12", 11.0, 1.0, 9.0, "above the limit"});
  CHECK(has(to_svg(chart, "a", Embedding::page), "12: 11, above the limit"));
  CHECK(has(block_markdown(chart), "; signals: 12 (11, above the limit)"));
}

TEST_CASE("render::write_value keeps what is very small or very large readable") {
  CHECK(write_value(1e-12, {}) == "1e-12");
  CHECK(write_value(0.0025, {}) == "0.0025");
  CHECK(write_value(0.25, {}) == "0.25");
  CHECK(write_value(0, {}) == "0");
  CHECK(write_value(1e300, {}) == "1e+288 T");
}

TEST_CASE("render::date_ticks label centuries as few as years") {
  for (const int years : {1, 12, 90, 700, 9000}) {
    CAPTURE(years);
    const auto ticks = date_ticks(UnixTime{day(1000, 3, 1)}, UnixTime{day(1000 + years, 3, 1)}, 7);
    CHECK(ticks.size() >= 2);
    CHECK(ticks.size() <= 8);
  }
}

TEST_CASE("render::value_ticks fit what is counted") {
  CHECK(value_ticks(0, 2, 4, {}) == std::vector<double>{0, 0.5, 1, 1.5, 2});
  CHECK(value_ticks(0, 2, 4, {false, "", true}) == std::vector<double>{0, 1, 2});
  const double mib = 1024 * 1024;
  CHECK(value_ticks(0, 7 * mib, 4, {false, "bytes", false}) ==
        std::vector<double>{0, 2 * mib, 4 * mib, 6 * mib, 8 * mib});
  CHECK(value_ticks(0, 5 * 3600, 4, {false, "seconds", false}) == std::vector<double>{0, 7200, 14400, 21600});
  CHECK(write_value(1536.0 * mib, {false, "bytes", false}) == "1.5 GiB");
  CHECK(write_value(512, {false, "bytes", false}) == "512 B");
  CHECK(write_value(5400, {false, "seconds", false}) == "1 h 30 m");
  CHECK(write_value(0.0312, {true, "", false}) == "3.1 %");
  CHECK(write_value(1'234'567, {}) == "1.23 M");
}

TEST_CASE("render::date_ticks are the zone's days and hours, over changes of its clocks too") {
  const auto zone = Zone::load("America/Los_Angeles");
  // Clocks go back on 2026-11-01: midnight is 07:00 UTC before and 08:00 UTC after.
  const auto days = date_ticks(UnixTime{day(2026, 10, 29)}, UnixTime{day(2026, 11, 5)}, 7, zone);
  REQUIRE(days.size() == 7);
  CHECK(days.front().label == "Oct 29");
  CHECK(format_utc(days.front().at) == "2026-10-29T07:00:00Z");
  CHECK(format_utc(days.back().at) == "2026-11-04T08:00:00Z");
  const auto hours = date_ticks(UnixTime{day(2026, 11, 1)} + std::chrono::hours{6},
                                UnixTime{day(2026, 11, 2)} + std::chrono::hours{9}, 6, zone);
  REQUIRE(hours.size() >= 4);
  CHECK(hours[0].label == "Nov 1");
  CHECK(hours[1].label == "06:00");
  CHECK(format_utc(hours[1].at) == "2026-11-01T14:00:00Z");
}

TEST_CASE("render charts: what has many columns is a line for each row in text") {
  BarChart bars{"b", "", {}, {}, {{"one", {}}, {"two", {}}}};
  HeatMap map{"h", "", {}, {}, {{"row", {}}}};
  for (int i = 0; i < 9; ++i) {
    bars.labels.push_back("w" + std::to_string(i));
    map.columns.push_back("w" + std::to_string(i));
    for (auto& series : bars.series) series.values.emplace_back(i);
    map.rows.front().values.emplace_back(i);
  }
  CHECK(block_markdown(bars) ==
        "**b**\n\n| | w0 – w8 | |\n| --- | --- | --- |\n| one | ▁▂▃▄▅▅▆▇█ | 0 to 8, last 8 |\n"
        "| two | ▁▂▃▄▅▅▆▇█ | 0 to 8, last 8 |");
  CHECK(block_markdown(map) == "**h**\n\n| | w0 – w8 | |\n| --- | --- | --- |\n| row | ▁▂▃▄▅▅▆▇█ | 0 to 8, last 8 |");
}

TEST_CASE("render::sort_key reads what reports print") {
  const auto today = day(2026, 11, 16);
  const std::pair<std::string, std::optional<std::string>> cases[] = {{"45 s", "45"},
                                                                      {"42 min", "2520"},
                                                                      {"3 h 20 m", "12000"},
                                                                      {"1 d 2 h", "93600"},
                                                                      {"22 days", "1900800"},
                                                                      {"5 min (n = 3)", "300"},
                                                                      {"1,214", "1214"},
                                                                      {"12.5 k", "12500"},
                                                                      {"83\u00a0%", "83"},
                                                                      {"-2", "-2"},
                                                                      {"−2", "-2"},
                                                                      {"+14", "14"},
                                                                      {"Dec 5", "20792"},
                                                                      {"Dec 5, 2027", "21157"},
                                                                      {"2026-12-05", "20792"},
                                                                      {"n/a", std::nullopt},
                                                                      {"", std::nullopt},
                                                                      {"Decide", std::nullopt},
                                                                      {"Dec 99", std::nullopt},
                                                                      {"SEV1", std::nullopt},
                                                                      {"3.5 TB", "3.5"}};
  for (const auto& [text, key] : cases) {
    CAPTURE(text);
    CHECK(sort_key(text, today) == key);
  }
}

TEST_CASE("render::sparkline_text shows gaps as gaps and a flat series as flat") {
  CHECK(sparkline_text({1.0, 2.0, 3.0}) == "▁▅█");
  CHECK(sparkline_text({1.0, {}, 3.0}) == "▁░█");
  CHECK(sparkline_text({5.0, 5.0}) == "▄▄");
  CHECK(sparkline_text({}).empty());
  CHECK(history_text({"", {Status::green, Status::yellow, Status::red, Status::grey}}) == "▂▅█░");
}

TEST_CASE("render::split_markers reads what the markers wrote and drops broken ones") {
  const auto text = "a " + figure_marker(3) + " b " + badge_marker(Status::red, "late") + badge_marker(Status::grey);
  const auto pieces = split_markers(text);
  REQUIRE(pieces.size() == 5);
  CHECK(pieces[0].text == "a ");
  CHECK(pieces[1].figure == 3);
  CHECK(pieces[3].status == Status::red);
  CHECK(pieces[3].text == "late");
  CHECK(pieces[4].text == "unknown");
  for (const std::string broken :
       {"\uE000", "\uE000x\uE002", "\uE001red\uE002", "\uE002", "\uE000-1\uE002", "\uE001pink:x\uE002", "\xEE\x80"}) {
    CAPTURE(broken);
    for (const auto& piece : split_markers("x" + broken + "y")) CHECK(piece.kind == Piece::Kind::text);
  }
}

TEST_CASE("render::round_ticks and date_ticks cover their range with round steps") {
  CHECK(round_ticks(0, 38, 4) == std::vector<double>{0, 10, 20, 30, 40});
  CHECK(round_ticks(5, 5, 4).size() >= 2);
  const auto weeks = date_ticks(UnixTime{day(2026, 11, 1)}, UnixTime{day(2026, 11, 29)}, 5);
  REQUIRE(weeks.size() == 5);
  CHECK(weeks[1].label == "Nov 8");
  const auto months = date_ticks(UnixTime{day(2026, 8, 18)}, UnixTime{day(2027, 1, 20)}, 7);
  REQUIRE(months.size() == 5);
  CHECK(months[0].label == "Sep");
  CHECK(months[4].label == "2027");
}

TEST_CASE("render::draw of bars goes below zero, and a unit without room stands above the numbers") {
  BarChart chart{"t", "", {}, {"a", "b", "c"}, {{"y", {-5, 3, std::nullopt}}}};
  chart.style.unit = "requests";
  const auto svg = to_svg(chart, "p", Embedding::page);
  CHECK(svg.find(">-4<") != std::string::npos);
  CHECK(svg.find(">requests<") != std::string::npos);
  CHECK(svg.find("a, y: -5 requests") != std::string::npos);
  CHECK(svg.find("c: no data") != std::string::npos);
  CHECK(svg.find("a: no data") == std::string::npos);
  CHECK(svg.find("a to c, in 3 columns") != std::string::npos);
}
