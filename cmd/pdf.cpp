#include "pdf.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "process/process.hpp"

#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>

namespace sitrep::cmd {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr std::array<std::string_view, 5> k_browsers{"chromium", "chromium-browser", "google-chrome",
                                                     "google-chrome-stable", "chrome"};

/// The first program of that name in PATH; empty: none.
std::string find_program(cli::Context& ctx, std::string_view name) {
  const auto path = ctx.world().environment ? ctx.world().environment("PATH").value_or("") : std::string();
  for (const auto folder : split_views(path, ':')) {
    const auto file = (folder.empty() ? fs::path(".") : fs::path(folder)) / name;
    std::error_code error;
    if (fs::is_regular_file(file, error) && ::access(file.c_str(), X_OK) == 0) return file.string();
  }
  return {};
}

struct Printer {
  std::string program;
  bool is_browser = false;
};

Printer find_printer(cli::Context& ctx) {
  for (const auto name : k_browsers)
    if (auto program = find_program(ctx, name); !program.empty()) return {std::move(program), true};
  if (auto program = find_program(ctx, "weasyprint"); !program.empty()) return {std::move(program), false};
  fail(ErrorKind::store,
       "a PDF needs chromium or weasyprint, and neither is in PATH; install one of them, or write .html and print it "
       "in a "
       "browser");
}

/// A folder of its own that goes with it.
class ScratchFolder {
 public:
  ScratchFolder() {
    std::error_code error;
    auto pattern = (fs::temp_directory_path(error) / "sitrep-pdf-XXXXXX").string();
    if (error || ::mkdtemp(pattern.data()) == nullptr)
      fail(ErrorKind::store, "no folder for the PDF's making could be made in {}",
           display(fs::path(pattern).parent_path()));
    path_ = pattern;
  }
  ~ScratchFolder() {
    std::error_code error;
    fs::remove_all(path_, error);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

std::vector<std::string> arguments_of(const Printer& printer, const fs::path& folder) {
  const auto html = (folder / "page.html").string(), pdf = (folder / "page.pdf").string();
  if (!printer.is_browser) return {printer.program, "--quiet", html, pdf};
  std::vector<std::string> argv{printer.program,
                                "--headless",
                                "--disable-gpu",
                                "--no-first-run",
                                "--disable-extensions",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--disable-sync",
                                "--disable-quic",
                                "--user-data-dir=" + (folder / "profile").string(),
                                "--no-pdf-header-footer",
                                "--print-to-pdf=" + pdf,
                                "file://" + html};
  // As root the browser's own sandbox refuses to start; the page runs no code but its own.
  if (::geteuid() == 0) argv.insert(argv.begin() + 1, "--no-sandbox");
  return argv;
}

}  // namespace

void check_pdf_program(cli::Context& ctx) { static_cast<void>(find_printer(ctx)); }

std::string to_pdf(std::string_view html, cli::Context& ctx) {
  constexpr std::size_t k_largest = std::size_t{256} << 20;
  const auto printer = find_printer(ctx);
  const ScratchFolder folder;
  write_file(folder.path() / "page.html", html);
  process::Command command;
  command.argv = arguments_of(printer, folder.path());
  command.folder = folder.path();
  constexpr std::array<std::string_view, 4> k_variables{"PATH", "LANG", "LC_ALL", "FONTCONFIG_FILE"};
  command.environment = process::allowed(ctx.world().environment, k_variables);
  command.environment.emplace_back("HOME", folder.path().string());
  command.time_limit = 120s;
  const auto outcome = process::run(command);
  const auto file = folder.path() / "page.pdf";
  std::error_code error;
  if (!outcome.succeeded() || !fs::is_regular_file(file, error))
    fail(ErrorKind::store, "{} made no PDF: it {}; write .html and print it in a browser", display(printer.program),
         outcome.text(command));
  auto pdf = read_file(file, k_largest);
  if (!pdf.starts_with("%PDF-"))
    fail(ErrorKind::store, "{} made no PDF: what it wrote is none", display(printer.program));
  return pdf;
}

}  // namespace sitrep::cmd
