#include "cli/context.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "cli/pager.hpp"
#include "cli/screen.hpp"
#include "cli/spool.hpp"
#include "cli/trust.hpp"
#include "cli/visible_stream.hpp"

#include <fmt/format.h>

#include <array>
#include <ostream>
#include <system_error>

namespace sitrep::cli {
namespace {

namespace fs = std::filesystem;

constexpr auto k_time_forms = "2026-11-16, 2026-11-16T08:00:00Z, -7d, yesterday or last-monday";

/// A moment that needs no zone to be read: most uses of --now, so that reading them opens no configuration.
std::optional<UnixTime> zoneless(std::string_view text) { return parse_rfc3339(text); }

}  // namespace

struct Context::Lazy {
  std::optional<std::optional<fs::path>> config_file;  // outer: looked for; inner: found
  std::optional<config::Config> config;
  std::optional<UnixTime> now;
  std::optional<UnixTime> as_of;
  std::optional<store::Store> store;
  Spool file_text;  // of -o

  const std::optional<fs::path>& find_config(const World& world, const Globals& globals) {
    if (!config_file) {
      if (globals.config)
        config_file.emplace(fs::absolute(*globals.config));
      else
        config_file.emplace(config::find_workspace(world.working_folder));
    }
    return *config_file;
  }
};

Context::Context(World world, Globals globals, const Command& command)
    : world_(std::move(world)), globals_(std::move(globals)), command_(command), lazy_(std::make_unique<Lazy>()) {
  if (globals_.deadline) {
    const auto length = parse_duration(*globals_.deadline);
    if (!length || length->count() == 0) {
      fail(ErrorKind::usage, "--deadline: '{}' is not a duration; write 90s, 10m or 2h", visible(*globals_.deadline));
    }
    deadline_ = std::chrono::steady_clock::now() + *length;
  }
  // Rows for programs stream: they are never gathered.
  const bool streams = globals_.format == "csv" || globals_.format == "ndjson";
  const bool paged = world_.out_is_terminal && globals_.outputs.empty() && command_.is_paged() && !streams;
  // Text is made safe where it is made, with our own colors in it; other forms hold what records say, byte for byte.
  const bool for_programs = globals_.json || globals_.format.value_or("text") != "text";
  if (world_.out_is_terminal && for_programs) visible_ = std::make_unique<VisibleStream>(*world_.out);
  auto* out = visible_ ? visible_.get() : world_.out;
  screen_ = std::make_unique<Screen>(Screen::Terminal{out, world_.err, world_.width, world_.height},
                                     paged ? pager_command(world_.environment).value_or(std::string()) : std::string());
}

Context::~Context() = default;

std::ostream& Context::out() { return goes_to_file() ? lazy_->file_text : screen_->out(); }

std::ostream& Context::err() { return *world_.err; }

UnixTime Context::base_now() {
  auto text = globals_.now;
  std::string_view option = "--now";
  if (!text && world_.environment) {
    text = world_.environment("SITREP_NOW");
    option = "SITREP_NOW";
    if (text && text->empty()) text.reset();
  }
  const auto present = world_.clock->now();
  if (!text) return present;
  if (const auto moment = zoneless(*text)) return *moment;
  const auto moment = parse_time_expression(*text, present, calendar());
  if (!moment) fail(ErrorKind::usage, "{}: '{}' is not a time; write {}", option, visible(*text), k_time_forms);
  return *moment;
}

UnixTime Context::now() {
  if (!lazy_->now) {
    const bool fixed = globals_.now || (world_.environment && !world_.environment("SITREP_NOW").value_or("").empty());
    lazy_->now = fixed || !globals_.as_of ? base_now() : *as_of();
  }
  return *lazy_->now;
}

std::optional<UnixTime> Context::as_of() {
  if (!globals_.as_of) return std::nullopt;
  if (!lazy_->as_of) {
    lazy_->as_of = zoneless(*globals_.as_of);
    if (!lazy_->as_of) lazy_->as_of = parse_time_expression(*globals_.as_of, base_now(), calendar());
    if (!lazy_->as_of) {
      fail(ErrorKind::usage, "--as-of: '{}' is not a time; write {}", visible(*globals_.as_of), k_time_forms);
    }
  }
  return lazy_->as_of;
}

bool Context::has_workspace() { return lazy_->find_config(world_, globals_).has_value(); }

const config::Config& Context::config() {
  if (!lazy_->config) {
    const auto& file = lazy_->find_config(world_, globals_);
    if (!file) {
      fail(ErrorKind::config, "no sitrep.toml in {} or above; run 'sitrep init' here, or name a workspace with -C DIR",
           display(world_.working_folder));
    }
    lazy_->config = config::load(*file, world_.presets, world_.environment);
  }
  return *lazy_->config;
}

std::filesystem::path Context::workspace_folder() {
  const auto& file = lazy_->find_config(world_, globals_);
  return file ? file->parent_path() : config().folder;  // config() says what is missing
}

Calendar Context::calendar() { return has_workspace() ? config().calendar : Calendar{}; }

std::filesystem::path Context::store_file() {
  if (globals_.store) return fs::absolute(*globals_.store);
  return workspace_folder() / ".sitrep" / "store.db";
}

store::Store& Context::store() {
  if (!lazy_->store) {
    store::Options options;
    options.access = store::Access::read_only;
    options.as_of = as_of();
    options.now = now();
    options.calendar = calendar();
    if (has_workspace()) options.own_entities = config().entities;
    lazy_->store.emplace(store::Store::open(store_file(), std::move(options)));
    for (const auto& text : lazy_->store->notes()) note(text);
  }
  return *lazy_->store;
}

store::Store& Context::whole_store() {
  if (globals_.as_of)
    fail(ErrorKind::usage, "--as-of shows the past; '{}' is about the store with all that it holds", command_.path());
  return store();
}

store::Store Context::open_to_change() {
  std::error_code ignored;
  if (!fs::exists(store_file(), ignored))
    fail(ErrorKind::store, "no store yet at {}; run 'sitrep sync'", display(store_file()));
  return open_for_writing();
}

store::Store Context::open_for_writing() {
  if (globals_.as_of) fail(ErrorKind::usage, "--as-of shows the past, which '{}' can't change", command_.path());
  store::Options options;
  options.access = store::Access::read_write;
  options.now = now();
  options.calendar = calendar();
  if (has_workspace()) options.own_entities = config().entities;
  const auto file = store_file();
  if (!globals_.store) {
    const auto folder = file.parent_path();
    make_private_folder(folder);
    // Keeps git away from the store without touching the user's own ignore file.
    if (const auto ignore = folder / ".gitignore"; !fs::exists(ignore)) write_file(ignore, "*\n");
  }
  auto store = store::Store::open(file, std::move(options));
  for (const auto& text : store.notes()) note(text);
  return store;
}

bool Context::is_trusted(const fs::path& file) {
  const auto record = trust_file(world_.environment);
  return record && TrustRecord(*record).trusts(file);
}

UnixTime Context::time(std::string_view option, std::string_view text) {
  if (const auto moment = zoneless(text)) return *moment;
  const auto moment = parse_time_expression(text, now(), calendar());
  if (!moment) fail(ErrorKind::usage, "{}: '{}' is not a time; write {}", option, visible(text), k_time_forms);
  return *moment;
}

std::optional<UnixTime> Context::time_if_given(std::string_view option, const std::optional<std::string>& text) {
  if (!text) return std::nullopt;
  return time(option, std::string_view(*text));
}

Interval Context::last_complete(PeriodLength length) { return last_complete_period(now(), length, calendar()); }

void Context::note(std::string_view text) {
  if (!globals_.quiet) screen_->note(visible(text));
}

void Context::detail(std::string_view text) {
  if (globals_.verbose) err() << visible(text) << '\n';
}

void Context::finish() {
  if (goes_to_file()) write_file(globals_.outputs.front(), lazy_->file_text.view());
  screen_->show();
}

void Context::give_up() { screen_->write(); }

void Context::live() { screen_->live(); }

}  // namespace sitrep::cli
