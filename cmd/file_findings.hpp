#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/context.hpp"
#include "policy/file_finding.hpp"

// What the checks of launch reviews and documents print.
namespace sitrep::cmd {

struct FoundInFile {
  std::string file;  ///< as messages call it
  policy::FileFinding finding;
};

/// "launches/wallets.md:31: error L012 Rollback: "TBD" is a placeholder; replace it by the answer"
std::string finding_line(const std::string& file, const policy::FileFinding& finding);

/// The formats that print_findings knows, text first.
std::vector<std::string> finding_formats();

/// Prints findings as text, json, github (workflow commands), sarif (SARIF 2.1.0 for code scanning) or a table; in text
/// with a count and `where` (the policy) on stderr. Returns the exit code: 1 when there is an error.
int print_findings(cli::Context& ctx, const std::vector<FoundInFile>& all, std::string_view schema,
                   const std::string& where);

}  // namespace sitrep::cmd
