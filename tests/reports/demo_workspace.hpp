#pragma once

#include <map>
#include <string>
#include <vector>

#include "docs/engine.hpp"
#include "docs/report.hpp"

namespace sitrep::test {

/// A standard report as its example shows it.
struct ExampleReport {
  std::string name;
  PeriodLength length = PeriodLength::week;
  std::string program;  ///< empty: all
};
/// Every built-in report.
std::vector<ExampleReport> example_reports();

/// The page of a report over the workspace that `sitrep demo` makes at 2026-11-16T16:00:00Z. The demo runs once in this
/// process, each page is made once.
const render::Page& example_page(const ExampleReport& report);

/// What is made of the same workspace by a profile of redaction: every report, and a document of every type.
struct RedactedDemo {
  std::map<std::string, render::Page> reports;
  std::map<std::string, std::string> documents;
  std::vector<std::string> names;  ///< of people and customers in the store; of an address also the part before the @
  std::vector<std::string> texts;  ///< that people wrote, of 16 bytes and more
};
RedactedDemo redacted_demo();

}  // namespace sitrep::test
