#include <doctest/doctest.h>
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

// The table of README.md, "Architecture", is the rule: a module includes what its row lists and nothing else.
namespace {

namespace fs = std::filesystem;

using Table = std::map<std::string, std::set<std::string>>;  // module → what it may include

const fs::path k_root = SITREP_SOURCE_DIR;

std::string read(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  return text.str();
}

Table parse_table(const std::string& readme) {
  const std::regex row(R"(\|\s*\d+\s*\|\s*`([a-z_]+)/?`\s*\|[^|]*\|([^|]*)\|)");
  Table table;
  for (std::sregex_iterator it(readme.begin(), readme.end(), row), end; it != end; ++it) {
    auto& allowed = table[(*it)[1].str()];
    const auto list = (*it)[2].str();
    const std::regex word("[a-z_]+");
    for (std::sregex_iterator w(list.begin(), list.end(), word), last; w != last; ++w) allowed.insert(w->str());
  }
  return table;
}

struct Include {
  std::string target;
  bool ours;  // "…", not <…>
};

std::vector<Include> includes_of(const std::string& source) {
  const std::regex line(R"((?:^|\n)\s*#\s*include\s*(["<])([^">]+)[">])");
  std::vector<Include> found;
  for (std::sregex_iterator it(source.begin(), source.end(), line), end; it != end; ++it) {
    found.push_back({(*it)[2].str(), (*it)[1].str() == "\""});
  }
  return found;
}

/// What a file of `module` includes against the table.
std::vector<std::string> breaches(const std::string& module, const std::string& source, const Table& table) {
  std::vector<std::string> found;
  for (const auto& include : includes_of(source)) {
    const auto slash = include.target.find('/');
    if (!include.ours || slash == std::string::npos) continue;
    const auto target = include.target.substr(0, slash);
    const bool allowed = target == module || (module == "cmd" && table.contains(target)) ||
                         (table.contains(module) && table.at(module).contains(target));
    if (!allowed) found.push_back(fmt::format("{} includes {}", module, include.target));
  }
  return found;
}

struct SourceFile {
  std::string module;
  fs::path path;
};

std::vector<SourceFile> source_files() {
  std::vector<SourceFile> files;
  for (const auto* top : {"lib", "cmd"}) {
    for (const auto& entry : fs::recursive_directory_iterator(k_root / top)) {
      const auto extension = entry.path().extension();
      if (extension != ".cpp" && extension != ".hpp") continue;
      const auto relative = entry.path().lexically_relative(k_root / top);
      files.push_back({std::string(top) == "cmd" ? "cmd" : relative.begin()->string(), entry.path()});
    }
  }
  return files;
}

}  // namespace

TEST_CASE("layering: every include of our own follows the table in README.md") {
  const auto table = parse_table(read(k_root / "README.md"));
  REQUIRE(table.contains("base"));
  REQUIRE(table.contains("cmd"));
  for (const auto& file : source_files()) {
    CAPTURE(file.path.string());
    CHECK_MESSAGE(table.contains(file.module), "the module has no row in README.md");
    for (const auto& breach : breaches(file.module, read(file.path), table)) FAIL_CHECK(breach);
  }
}

TEST_CASE("layering: the table has no cycle, rows only point at rows") {
  const auto table = parse_table(read(k_root / "README.md"));
  std::set<std::string> placed;
  while (placed.size() < table.size()) {
    const auto before = placed.size();
    for (const auto& [module, allowed] : table) {
      bool ready = true;
      for (const auto& target : allowed) {
        if (module != "cmd") CHECK_MESSAGE(table.contains(target), module << " may include an unknown " << target);
        ready = ready && (module == "cmd" || placed.contains(target));
      }
      if (ready) placed.insert(module);
    }
    REQUIRE_MESSAGE(placed.size() > before, "the rest of the table is a cycle");
  }
}

TEST_CASE("layering: a library that belongs to one module is included there alone") {
  const std::map<std::string, std::set<std::string>> owners = {
      {"CLI", {"cli"}},   {"simdjson.h", {"json"}}, {"sqlite3.h", {"store"}},
      {"curl", {"http"}}, {"toml++", {"config"}},   {"httplib.h", {}},
  };
  for (const auto& file : source_files()) {
    CAPTURE(file.path.string());
    for (const auto& include : includes_of(read(file.path))) {
      const auto top = include.target.substr(0, include.target.find('/'));
      const auto owner = owners.find(top);
      if (owner != owners.end()) {
        CHECK_MESSAGE(owner->second.contains(file.module), file.module << " includes " << include.target);
        if (top == "CLI") CHECK(file.path.filename() == "parse.cpp");
      }
    }
  }
}

TEST_CASE("layering: a breach is found in any spelling of an include") {
  const Table table{{"base", {}}, {"json", {"base"}}, {"cli", {"base", "json"}}};
  struct Case {
    const char* name;
    const char* module;
    const char* source;
    std::size_t count;
  };
  const Case cases[] = {{"allowed", "cli", "#include \"json/value.hpp\"\n", 0},
                        {"its own", "json", "#include \"json/value.hpp\"\n", 0},
                        {"upward", "base", "// x\n#include \"json/value.hpp\"\n", 1},
                        {"with blanks", "base", "  #  include  \"json/value.hpp\"\n", 1},
                        {"a module without a row", "cli", "#include \"other/x.hpp\"\n", 1},
                        {"a system header", "base", "#include <sys/stat.h>\n", 0},
                        {"cmd takes any module", "cmd", "#include \"cli/x.hpp\"\n#include \"commands.hpp\"\n", 0}};
  for (const auto& c : cases) {
    CAPTURE(c.name);
    CHECK(breaches(c.module, c.source, table).size() == c.count);
  }
}
