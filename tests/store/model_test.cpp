// Random runs of two streams against a model that is nothing but a map of states per moment.
#include <doctest/doctest.h>

#include <map>
#include <random>

#include "store/stream_writer.hpp"
#include "store/support.hpp"
#include "support/temp_dir.hpp"

using namespace sitrep;
using test::answer;

namespace {

using Records = std::map<std::string, std::string>;  // id → title
using Moments = std::map<std::int64_t, Records>;     // what each logical run left
using Page = std::vector<std::pair<std::string, std::string>>;

struct Stream {
  std::string source;
  Moments moments;
  const Records& latest() const {
    static const Records k_none;
    return moments.empty() ? k_none : moments.rbegin()->second;
  }
};

struct Random {
  std::mt19937 engine;
  int below(int n) { return static_cast<int>(engine() % static_cast<unsigned>(n)); }
  bool chance(int percent) { return below(100) < percent; }
};

/// The versions that follow from the states: "id|title|from|to|deleted …", as the store must tell them.
std::string expected_history(const Moments& moments) {
  std::map<std::string, std::vector<std::string>> lines;
  std::map<std::string, std::pair<std::string, std::int64_t>> open;  // id → title, since
  for (const auto& [at, records] : moments) {
    for (auto it = open.begin(); it != open.end();) {
      const auto now = records.find(it->first);
      if (now != records.end() && now->second == it->second.first) {
        ++it;
        continue;
      }
      lines[it->first].push_back(fmt::format("{}|{}|{}|{}|{}", it->first, it->second.first, it->second.second, at,
                                             now == records.end() ? std::to_string(at) : "-"));
      it = open.erase(it);
    }
    for (const auto& [id, title] : records) open.try_emplace(id, title, at);
  }
  for (const auto& [id, state] : open) lines[id].push_back(fmt::format("{}|{}|{}|-|-", id, state.first, state.second));
  std::string text;
  for (const auto& [id, versions] : lines)
    for (const auto& line : versions) text += (text.empty() ? "" : " ") + line;
  return text;
}

std::string expected_state(const Records& records) {
  std::string text;
  for (const auto& [id, title] : records) text += (text.empty() ? "" : " ") + id + "|" + title;
  return text;
}

std::vector<Page> make_pages(Random& random) {
  std::vector<Page> pages(static_cast<std::size_t>(random.below(5)));
  for (auto& page : pages)
    for (int i = random.below(8); i > 0; --i)  // ids repeat within a run now and then
      page.emplace_back(fmt::format("{:02}", random.below(24)), fmt::format("t{}", random.below(3)));
  return pages;
}

model::RowBatch rows_of(const Page& page) {
  std::vector<test::TestRow> rows;
  for (const auto& [id, title] : page) rows.push_back({id, {{"title", title}}});
  return test::batch(test::entity("risk"), rows);
}

/// One logical run, killed and resumed as chance has it. Adds what it must have left to the model.
void run_once(const std::filesystem::path& file, Stream& stream, std::int64_t at, Random& random) {
  const auto pages = make_pages(random);
  const auto pass = random.chance(60) ? store::Pass::full : store::Pass::partial;
  Records state = stream.latest();
  Records seen;
  std::size_t committed = 0;
  for (bool over = false; !over;) {
    auto store = store::Store::open(file, test::writing());
    store::StreamWriter writer(store, stream.source, "s", test::entity("risk"), pass, unix_time(at));
    CHECK(writer.resumed() == (committed > 0));
    bool killed = false;
    for (std::size_t i = committed; i < pages.size() && !killed; ++i) {
      writer.put(rows_of(pages[i]));
      if (random.chance(50)) {
        writer.commit(std::to_string(i + 1));
        for (; committed <= i; ++committed)
          for (const auto& [id, title] : pages[committed]) seen[id] = state[id] = title;
      }
      killed = random.chance(15);
    }
    if (!killed) {
      writer.finish("{}", store::Shrink::allow);
      for (; committed < pages.size(); ++committed)
        for (const auto& [id, title] : pages[committed]) seen[id] = state[id] = title;
      if (pass == store::Pass::full) state = seen;
      over = true;
    } else if (committed == 0 || random.chance(20)) {
      over = true;  // nothing to resume, or given up
    }
  }
  stream.moments[at] = state;
}

void check(const std::filesystem::path& file, const Stream& stream) {
  {
    auto store = store::Store::open(file, test::reading());
    const auto where = fmt::format(" WHERE source = '{}' ORDER BY id", stream.source);
    CHECK(answer(store, "SELECT id, title FROM risk" + where) == expected_state(stream.latest()));
    CHECK(answer(store, "SELECT id, title, observed_at, superseded_at, deleted_at FROM risk_history" + where +
                            ", observed_at") == expected_history(stream.moments));
    CHECK(answer(store, "PRAGMA integrity_check") == "ok");
  }
  for (const auto& [at, records] : stream.moments) {
    CAPTURE(at);
    auto store = store::Store::open(file, test::reading(at));
    CHECK(answer(store, fmt::format("SELECT id, title FROM risk WHERE source = '{}' ORDER BY id", stream.source)) ==
          expected_state(records));
  }
}

}  // namespace

TEST_CASE("store: random runs, kills and resumes of two streams leave the states and versions of the model") {
  for (unsigned seed = 1; seed <= 8; ++seed) {
    CAPTURE(seed);
    const test::TempDir dir;
    const auto file = dir / "s.db";
    Random random{std::mt19937(seed)};
    Stream streams[] = {{"one", {}}, {"two", {}}};
    {
      auto made = store::Store::open(file, test::writing());
    }
    for (std::int64_t at = 100; at < 1300; at += 100) {
      auto& stream = streams[random.below(2)];
      run_once(file, stream, at, random);
    }
    for (const auto& stream : streams) check(file, stream);
  }
}
