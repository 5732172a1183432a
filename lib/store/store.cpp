#include "store/store.hpp"

#include <algorithm>

#include "base/file.hpp"
#include "store/backup.hpp"
#include "store/file_check.hpp"
#include "store/functions.hpp"
#include "store/gc.hpp"
#include "store/incident_counts.hpp"
#include "store/lock.hpp"
#include "store/lost_log.hpp"
#include "store/migrations.hpp"
#include "store/own_entities.hpp"
#include "store/schema.hpp"
#include "store/views.hpp"
#include "store/write_session.hpp"

namespace sitrep::store {
namespace fs = std::filesystem;

struct Store::Impl {
  std::optional<WriterLock> lock;  // declared first: let go after the file is closed
  fs::path file;
  Options options;
  std::vector<model::Entity> entities;
  std::vector<std::string> notes;
  std::shared_ptr<Present> moved;          // for look_at()
  std::shared_ptr<const Present> present;  // as others see it
  std::optional<UnixTime> latest;          // that look_at() may show: what the store was opened as of
  bool logging = false;                    // what is committed goes to a log that the lock file tells of
  Database db;
  WriteSession session;

  Impl(std::optional<WriterLock> held, fs::path path, Options chosen, Database database)
      : lock(std::move(held)),
        file(std::move(path)),
        options(std::move(chosen)),
        moved(std::make_shared<Present>(Present{options.now, options.as_of})),
        present(moved),
        db(std::move(database)),
        session(db, file) {
    const auto built_in = model::built_in_entities();
    entities.assign(built_in.begin(), built_in.end());
    check_names(options.own_entities);
    for (const auto& own : options.own_entities) {
      if (std::ranges::any_of(entities, [&](const auto& e) { return e.name == own.name; }))
        fail(ErrorKind::config, "[entity.{}]: there is a built-in entity of this name; choose another one", own.name);
      entities.push_back(own);
    }
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  ~Impl() {
    if (options.access == Access::read_write) session.roll_back();
    // Leaves no log behind; when a reader is in the way, the next one does it.
    if (logging)
      settle_log(db, *lock);
    else if (!lock && !file.empty())
      settle_left_log(db, file);
  }

  void set_up_writing() {
    db.execute("PRAGMA foreign_keys = ON; PRAGMA secure_delete = FAST; PRAGMA synchronous = NORMAL");
    db.execute("PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY");
    if (!lock) return;
    note_log(db, *lock);
    logging = true;
  }

  void bring_up_to_date() {
    set_up_writing();
    migrate(db, migrations());
    Transaction transaction(db);
    for (auto& note : migrate_own_entities(db, options.own_entities)) notes.push_back(std::move(note));
    ensure_entities(db, entities);
    transaction.commit();
  }

  void show() {
    db.execute(
        "PRAGMA cache_size = -4096; PRAGMA temp_store = MEMORY; PRAGMA query_only = 0");  // TEMP views count as writes
    set_up_reading(db, entities, options.calendar, present);
    if (options.access == Access::read_only) db.execute("PRAGMA query_only = 1");
  }
};

namespace {

/// A whole new store under another name, renamed into place: a kill leaves no half of one.
void create_file(const fs::path& file, std::span<const model::Entity> own) {
  auto fresh = file;
  fresh += ".new";
  for (const char* suffix : {"", "-wal", "-shm", "-journal"}) {
    auto leftover = fresh;
    leftover += suffix;
    std::error_code ignored;
    fs::remove(leftover, ignored);
  }
  {
    Database db = Database::create(fresh);
    // Nothing needs to survive before the rename; one sync before it does for all.
    db.execute("PRAGMA synchronous = OFF");
    db.execute(fmt::format("PRAGMA application_id = {}; PRAGMA journal_mode = WAL", k_application_id));
    migrate(db, migrations());
    const auto built_in = model::built_in_entities();
    std::vector<model::Entity> entities(built_in.begin(), built_in.end());
    entities.insert(entities.end(), own.begin(), own.end());
    Transaction transaction(db);
    migrate_own_entities(db, own);
    ensure_entities(db, entities);
    transaction.commit();
    db.execute("PRAGMA synchronous = FULL; PRAGMA wal_checkpoint(TRUNCATE)");
  }
  std::error_code code;
  fs::rename(fresh, file, code);
  if (code) fail(ErrorKind::store, "cannot create {}: {}", display(file), code.message());
}

/// A store has one lock and one log, whatever name leads to it; a link to nothing leads to where the store will be.
fs::path behind_links(fs::path file) {
  std::error_code code;
  for (int links = 0; links < 40 && fs::is_symlink(file, code); ++links) {
    const auto target = fs::read_symlink(file, code);
    if (code) break;
    file = target.is_absolute() ? target : file.parent_path() / target;
  }
  return file;
}

Database open_checked(const fs::path& file, Access access, UnixTime now) {
  check_file(file);
  return Database::open(file, access, now);
}

/// An older schema: the writer's way brings it up to date; a newer one is refused there.
void upgrade(const fs::path& file, Options options) {
  options.access = Access::read_write;
  options.as_of.reset();
  int found = 0;
  {
    Database db = open_checked(file, Access::read_only, options.now);
    found = schema_version(db);
  }
  try {
    const Store upgraded = Store::open(file, std::move(options));
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::store || found > migrations().back().version) throw;
    fail(ErrorKind::store, "the store {} was written by an older sitrep and is brought up to date first: {}",
         display(file), error.what());
  }
}

}  // namespace

Store::Store(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Store::Store(Store&&) noexcept = default;
Store& Store::operator=(Store&&) noexcept = default;
Store::~Store() = default;

Store Store::open(const fs::path& path, Options options) {
  const auto file = fs::absolute(behind_links(path));  // SQLite reads "file:…" as a URI
  const auto is_there = [](const fs::path& at) {
    std::error_code code;
    const bool there = fs::exists(at, code);
    if (code) fail(ErrorKind::store, "cannot open the store {}: {}", display(at), code.message());
    return there;
  };
  if (options.access == Access::read_only) {
    if (!is_there(file)) fail(ErrorKind::store, "no store yet at {}; run 'sitrep sync'", display(path));
    {
      const auto noted = WriterLock::noted(file);
      const bool lost = lacks_log(file, noted);
      Database db = open_checked(file, Access::read_only, options.now);
      if (schema_version(db) == migrations().back().version) {
        std::vector<std::string> notes;
        if (lost) notes.push_back(describe_lost_log(db, file, noted));
        auto impl = std::make_unique<Impl>(std::nullopt, file, std::move(options), std::move(db));
        impl->notes = std::move(notes);
        if (impl->options.as_of) refuse_removed_past(impl->db, *impl->options.as_of);
        impl->show();
        return Store(std::move(impl));
      }
    }
    upgrade(file, options);
    return open(file, std::move(options));
  }

  if (options.as_of) fail(ErrorKind::bug, "a store as of a past moment cannot be written");
  if (const auto folder = file.parent_path(); !is_there(folder)) make_private_folder(folder);
  if (is_there(file)) check_file(file);  // nothing is left beside a file that is not ours
  WriterLock lock(file, options.patience);
  if (!is_there(file)) {
    check_names(options.own_entities);
    create_file(file, options.own_entities);
    lock.note(LogState::settled);  // what it told of a file that was here before
  }
  const auto noted = lock.log();
  const bool lost = lacks_log(file, noted);
  auto impl =
      std::make_unique<Impl>(std::move(lock), file, options, open_checked(file, Access::read_write, options.now));
  const int found = schema_version(impl->db);
  if (lost) impl->notes.push_back(describe_lost_log(impl->db, file, noted));
  if (found >= 0 && found < migrations().back().version) {
    auto copy = file;
    copy += fmt::format(".v{}.bak", found);
    copy_database(impl->db, copy);
  }
  impl->bring_up_to_date();
  impl->show();
  return Store(std::move(impl));
}

Store Store::memory(Options options) {
  options.access = Access::read_write;
  const auto now = options.now;
  auto impl = std::make_unique<Impl>(std::nullopt, fs::path(), std::move(options), Database::memory(now));
  impl->bring_up_to_date();
  impl->show();
  return Store(std::move(impl));
}

bool Store::remembers(UnixTime moment) { return !find_removed_past(impl_->db, moment); }

void Store::look_at(UnixTime now) {
  if (!impl_->options.as_of) fail(ErrorKind::bug, "a store that shows the present looks at no other moment");
  refuse_removed_past(impl_->db, now);
  auto& shown = *impl_->moved;
  if (!impl_->latest) {
    impl_->latest = *shown.as_of;
    // Tables of our own come and go from moment to moment; to forbid and allow that would undo all that is compiled.
    impl_->db.execute("PRAGMA query_only = 0");
    impl_->db.keep_statements();
  }
  shown = {now, std::min(now, *impl_->latest)};
  impl_->options.now = now;
  impl_->options.as_of = shown.as_of;
  impl_->db.set_now(now);
}

void set_up_reading(Database& db, std::span<const model::Entity> entities, const Calendar& calendar,
                    const std::shared_ptr<const Present>& present) {
  register_functions(db, present, calendar);
  register_incident_counts(db, present, calendar);
  create_temp_views(db, entities, present->as_of ? Shows::past : Shows::present);
}

Database& Store::db() { return impl_->db; }
const std::shared_ptr<const Present>& Store::present() const { return impl_->present; }
const Options& Store::options() const { return impl_->options; }
const fs::path& Store::file() const { return impl_->file; }
std::span<const model::Entity> Store::entities() const { return impl_->entities; }
std::span<const std::string> Store::notes() const { return impl_->notes; }
WriteSession& Store::session() { return impl_->session; }

const model::Entity* Store::find_entity(std::string_view name) const {
  const auto found = std::ranges::find(impl_->entities, name, &model::Entity::name);
  return found == impl_->entities.end() ? nullptr : &*found;
}

}  // namespace sitrep::store
