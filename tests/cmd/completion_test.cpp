#include "support/run_sitrep.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

using namespace sitrep;

namespace {

/// What bash offers for the last of `words`, blanks between.
std::string offered(const test::TempDir& folder, const std::vector<std::string>& words) {
  std::string line = "source <(sitrep completion bash); COMP_WORDS=(";
  for (const auto& word : words) line += " '" + word + "'";
  line += "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _sitrep; echo -n \"${COMPREPLY[*]}\"";
  test::RunOptions options{.folder = folder.path(), .environment = {}, .input = {}};
  options.environment["PATH"] = test::sitrep_binary().parent_path().string() + ":/usr/bin:/bin";
  const auto result = test::run_program("/bin/bash", {"-c", line}, options);
  CHECK(result.err.empty());
  return result.out;
}

}  // namespace

TEST_CASE("bash completion offers commands, flags, values and files where each can stand") {
  const test::TempDir folder;
  folder.write("notes.toml", "");
  struct Case {
    const char* name;
    std::vector<std::string> words;
    std::string expected;
  };
  const Case cases[] = {{"a command", {"sitrep", "compl"}, "completion"},
                        {"behind a global option and its value", {"sitrep", "-C", "help", "compl"}, "completion"},
                        {"a choice", {"sitrep", "completion", "z"}, "zsh"},
                        {"a flag", {"sitrep", "completion", "--verb"}, "--verbose"},
                        {"a file", {"sitrep", "--config", "no"}, "notes.toml"},
                        {"a file behind =", {"sitrep", "--config", "=", "no"}, "notes.toml"},
                        {"nothing where nothing fits", {"sitrep", "completion", "bash", "x"}, ""}};
  for (const auto& c : cases) {
    CAPTURE(c.name);
    CHECK(offered(folder, c.words) == c.expected);
  }
}
