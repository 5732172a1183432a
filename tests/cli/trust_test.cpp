#include "cli/trust.hpp"

#include "base/error.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

using namespace sitrep;

TEST_CASE("cli::TrustRecord trusts a file as it was when it was accepted, and no longer") {
  const test::TempDir folder;
  const auto file = folder.write("ws/sitrep.toml", "command = [\"pass\"]\n");
  const auto record = folder / "state/sitrep/trusted";
  CHECK_FALSE(cli::TrustRecord(record).trusts(file));
  cli::TrustRecord(record).accept(file);
  CHECK(cli::TrustRecord(record).trusts(file));
  folder.write("ws/sitrep.toml", "command = [\"evil\"]\n");
  CHECK_FALSE(cli::TrustRecord(record).trusts(file));
  folder.write("ws/sitrep.toml", "command = [\"pass\"]\n");
  CHECK(cli::TrustRecord(record).trusts(file));
  CHECK_FALSE(cli::TrustRecord(record).trusts(folder.write("other/sitrep.toml", "command = [\"pass\"]\n")));
  CHECK_FALSE(cli::TrustRecord(record).trusts(folder / "nothing"));
}

TEST_CASE("cli::TrustRecord is private, keeps other files and refuses a record it can't read") {
  const test::TempDir folder;
  const auto a = folder.write("a", "a"), b = folder.write("b", "b");
  const auto record = folder / "trusted";
  cli::TrustRecord(record).accept(a);
  cli::TrustRecord(record).accept(b);
  CHECK(cli::TrustRecord(record).trusts(a));
  CHECK((std::filesystem::status(record).permissions() & std::filesystem::perms::mask) ==
        (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
  folder.write("trusted", "all\n");
  CHECK_THROWS_AS(cli::TrustRecord{record}, Error);
}

TEST_CASE("cli::trust_file lies in the user's state folder") {
  std::map<std::string, std::string> variables{{"HOME", "/home/ada"}};
  const config::Environment environment = [&](const std::string& name) -> std::optional<std::string> {
    return variables.contains(name) ? std::optional(variables[name]) : std::nullopt;
  };
  CHECK(cli::trust_file(environment) == "/home/ada/.local/state/sitrep/trusted");
  variables["XDG_STATE_HOME"] = "/state";
  CHECK(cli::trust_file(environment) == "/state/sitrep/trusted");
  variables = {{"XDG_STATE_HOME", "relative"}};
  CHECK_FALSE(cli::trust_file(environment));
}
