#include "store/stream_writer.hpp"

#include "store/past_writer.hpp"
#include "store/schema.hpp"
#include "store/series_writer.hpp"
#include "store/stream_log.hpp"
#include "store/version_writer.hpp"
#include "store/write_session.hpp"

namespace sitrep::store {

struct StreamWriter::State {
  Store& store;
  std::string source, stream;
  model::Entity entity;
  StreamLog log;
  Run run;
  RunFacts facts;
  std::vector<Reject> rejects;
  std::unique_ptr<TableWriter> table;  // from the first write on
  bool dirty = false;                  // wrote since the session's last commit by us
  bool past = false;                   // an import of what was before something that the store knows
  bool over = false;                   // finish() or fail() ended the run
  bool logged = false;                 // its row in sync_run_log is there, committed or not
  bool logged_for_good = false;
  Counts committed;                        // counts at the last commit
  std::optional<std::int64_t> duplicates;  // of the pass that is being confirmed
  int lost = 0;

  State(Store& s, std::string_view source_name, std::string_view stream_name, const model::Entity& e, Pass pass,
        UnixTime observed_at, Moment moment)
      : store(s), source(source_name), stream(stream_name), entity(e), log(s.db(), s.options().now) {
    run.pass = pass;
    run.observed_at = observed_at;
    const auto state = read_stream_state(store, source, stream);
    run.exact = moment == Moment::exact;
    run.resumed = !run.exact && state.interrupted && state.interrupted->pass == pass &&
                  state.interrupted->observed_at == observed_at;
    if (!run.exact && !run.resumed && state.last_observed_at && observed_at <= *state.last_observed_at)
      run.observed_at = *state.last_observed_at + Seconds(1);
    lost = store.session().lost();
    store.session().enter(entity.name);
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  ~State() {
    auto& session = store.session();
    table.reset();  // its statements would keep the transaction open
    if (dirty) {
      session.remove_dirty();
      if (session.dirty() == 0) session.roll_back();
    }
    session.leave(entity.name);
  }

  void check_alive() {
    if (over) sitrep::fail(ErrorKind::bug, "{}.{}: written after the end of its run", source, stream);
    if (store.session().lost() != lost)
      sitrep::fail(ErrorKind::store, "{}.{}: a failure of the store undid rows of this run; sync it again", source,
                   stream);
  }

  void begin() {
    check_alive();
    auto& session = store.session();
    session.begin();
    if (!dirty) {
      session.add_dirty();
      dirty = true;
    }
    if (table) return;
    log.identify(run, source, stream, entity.name);
    log.start(run);
    log.open_run(run);
    logged = true;
    past = run.exact && log.newest_moment(run, entity.name) >= run.observed_at;
    if (entity.keeping == model::Keeping::corrections)
      table = std::make_unique<SeriesWriter>(store.db(), entity, run, past);
    else if (past)
      table = std::make_unique<PastWriter>(store.db(), entity, run);
    else
      table = std::make_unique<VersionWriter>(store.db(), session, entity, run);
    if (run.resumed) table->mark_seen(log.read_seen(run));
  }

  void commit() {
    store.session().commit();
    store.session().remove_dirty();
    dirty = false;
    logged_for_good = true;
    committed = run.counts;
  }

  /// Undoes what was put since the last commit. Together with rows of other writers it cannot be: then they stay, and
  /// are found unchanged when they come again.
  void undo() {
    auto& session = store.session();
    const bool lost_already = session.lost() != lost;
    if (dirty && !lost_already && session.dirty() > 1) return;
    table.reset();
    if (dirty) {
      session.roll_back();
      session.remove_dirty();
      dirty = false;
    }
    lost = session.lost();
    logged = logged_for_good;
    const auto rejected = run.counts.rejected;
    run.counts = committed;
    run.counts.rejected = rejected;
  }

  void write_rejects() {
    log.add_rejects(run, rejects);
    rejects.clear();
  }

  /// The message when removing the rows not seen would be more than a source plausibly loses between two passes.
  std::optional<std::string> refusal(std::int64_t unseen) const {
    constexpr std::int64_t k_least = 5;   // below this a tenth is noise
    constexpr std::int64_t k_share = 10;  // more than one in ten is a broken answer until somebody says otherwise
    const auto of = run.base_rows;
    if (unseen == 0 || (unseen < of && (unseen < k_least || unseen * k_share <= of))) return std::nullopt;
    return fmt::format("{}.{} would delete {} of {} records: {} {}; if that is true, run again with --allow-shrink",
                       source, stream, unseen, of, run.exact ? "the snapshot holds" : "the API returned",
                       of - unseen + run.counts.added);
  }

  std::int64_t rows_now() {
    if (past) return table->count_rows();
    const auto last = log.last_row_count(run);
    const bool exact = run.pass == Pass::full && entity.keeping == model::Keeping::versions;
    if (exact || !last || run.resumed) return table->count_rows();
    return *last + run.counts.added - run.counts.removed;
  }
};

StreamWriter::StreamWriter(Store& store, std::string_view source, std::string_view stream, const model::Entity& entity,
                           Pass pass, UnixTime observed_at, Moment moment)
    : state_(std::make_unique<State>(store, source, stream, entity, pass, observed_at, moment)) {}
StreamWriter::~StreamWriter() = default;
StreamWriter::StreamWriter(StreamWriter&&) noexcept = default;

void StreamWriter::put(const model::RowBatch& rows) {
  state_->begin();
  constexpr std::size_t k_ahead = 8;  // rows: as long as memory takes to answer
  auto& table = *state_->table;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (i + k_ahead < rows.size()) table.expect(rows.row(i + k_ahead));
    table.put(rows.row(i));
  }
}

void StreamWriter::remove(std::string_view id) {
  state_->begin();
  state_->table->remove(id);
}

void StreamWriter::reject(std::string_view reason, std::string_view raw_json, std::string_view where) {
  state_->rejects.push_back({std::string(reason), std::string(raw_json), std::string(where)});
  ++state_->run.counts.rejected;
}

void StreamWriter::set_facts(RunFacts facts) { state_->facts = std::move(facts); }

void StreamWriter::commit(std::string_view page_state) {
  auto& s = *state_;
  s.begin();
  s.log.add_seen(s.run, s.table->take_seen());
  s.table->settle();
  s.write_rejects();
  s.log.set_page_state(s.run, page_state);
  s.log.record(s.run, s.facts, false, std::nullopt, "");
  s.commit();
}

std::int64_t StreamWriter::unseen() {
  auto& s = *state_;
  if (s.run.pass != Pass::full) return 0;
  s.begin();
  return s.table->count_unseen();
}

void StreamWriter::confirm() { state_->duplicates = state_->run.counts.duplicates; }

void StreamWriter::finish(std::string_view next_bookmark, Shrink shrink, Unseen unseen) {
  auto& s = *state_;
  s.begin();
  if (s.duplicates) s.run.counts.duplicates = *s.duplicates;
  std::optional<std::string> refused;
  if (s.run.pass == Pass::full && unseen == Unseen::remove) {
    if (shrink == Shrink::refuse) refused = s.refusal(s.table->count_unseen());
    if (!refused) s.table->remove_unseen();
  }
  const auto rows = s.rows_now();
  s.table->end();
  s.write_rejects();
  if (!refused && s.run.exact && s.run.pass == Pass::full) s.log.split_rejects(s.run);
  if (!refused && !s.run.exact) s.log.set_bookmark(s.run, next_bookmark);
  s.log.record(s.run, s.facts, true, rows, refused.value_or(""));
  s.log.clear_interrupted(s.run);
  if (s.past) s.log.recount_newest(s.run, s.entity);
  s.commit();
  s.over = true;
  if (refused) throw Error(ErrorKind::data, *refused);
}

void StreamWriter::check_shrink() {
  auto& s = *state_;
  s.begin();
  if (s.run.pass != Pass::full) return;
  if (const auto refused = s.refusal(s.table->count_unseen())) throw Error(ErrorKind::data, *refused);
}

void StreamWriter::fail(std::string_view error) {
  auto& s = *state_;
  if (s.over) return;
  s.undo();
  auto& session = s.store.session();
  session.begin();
  if (!s.dirty) {
    session.add_dirty();
    s.dirty = true;
  }
  s.log.identify(s.run, s.source, s.stream, s.entity.name);
  if (!s.logged) s.log.open_run(s.run);  // and the interrupted run stays as it is
  ensure_indexes(s.store.db(), s.entity);
  s.write_rejects();
  s.log.record(s.run, s.facts, true, std::nullopt, error);
  s.commit();
  s.over = true;
}

const Counts& StreamWriter::counts() const { return state_->run.counts; }
UnixTime StreamWriter::observed_at() const { return state_->run.observed_at; }
bool StreamWriter::resumed() const { return state_->run.resumed; }

}  // namespace sitrep::store
