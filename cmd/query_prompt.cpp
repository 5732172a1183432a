#include "query_prompt.hpp"

#include "base/file.hpp"
#include "base/text.hpp"
#include "cli/trust.hpp"
#include "query_table.hpp"
#include "store/query.hpp"
#include "store/sql_completion.hpp"

#include <histedit.h>
#include <sys/stat.h>

#include <atomic>
#include <clocale>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <ostream>

namespace sitrep::cmd {
namespace {

namespace fs = std::filesystem;

std::atomic<bool> interrupted{false};
static_assert(std::atomic<bool>::is_always_lock_free);
extern "C" void interrupt(int) { interrupted = true; }

/// While it lives Ctrl-C stops the query and not the program.
class Interruptible {
 public:
  Interruptible() {
    interrupted = false;
    struct sigaction action{};
    action.sa_handler = interrupt;
    ::sigaction(SIGINT, &action, &before_);
  }
  ~Interruptible() { ::sigaction(SIGINT, &before_, nullptr); }
  Interruptible(const Interruptible&) = delete;
  Interruptible& operator=(const Interruptible&) = delete;

 private:
  struct sigaction before_{};
};

/// A line editor with the user's history; libedit's handles are closed with it.
class LineEditor {
 public:
  LineEditor(const store::SqlCompletion& completion, fs::path history_file)
      : completion_(completion), history_file_(std::move(history_file)) {
    // libedit drops letters that the locale does not know.
    if (std::setlocale(LC_CTYPE, "") == nullptr || MB_CUR_MAX == 1) std::setlocale(LC_CTYPE, "C.UTF-8");
    editor_.reset(el_init("sitrep", stdin, stdout, stderr));
    history_.reset(history_init());
    if (!editor_ || !history_) fail(ErrorKind::bug, "the line editor did not start");
    HistEvent event;
    history(history_.get(), &event, H_SETSIZE, 1000);
    history(history_.get(), &event, H_SETUNIQUE, 1);
    if (!history_file_.empty()) history(history_.get(), &event, H_LOAD, history_file_.c_str());
    el_set(editor_.get(), EL_CLIENTDATA, this);
    el_set(editor_.get(), EL_PROMPT, &LineEditor::prompt_of);
    el_set(editor_.get(), EL_EDITOR, "emacs");
    el_set(editor_.get(), EL_HIST, history, history_.get());
    el_set(editor_.get(), EL_ADDFN, "sitrep-complete", "Complete a name", &LineEditor::complete);
    el_set(editor_.get(), EL_BIND, "^I", "sitrep-complete", nullptr);
    el_set(editor_.get(), EL_BIND, "^R", "em-inc-search-prev", nullptr);
    el_set(editor_.get(), EL_SIGNAL, 1);
    // Ctrl-C drops what was typed; a signal would end the program.
    el_set(editor_.get(), EL_SETTY, "-d", "-isig", nullptr);
    el_set(editor_.get(), EL_ADDFN, "sitrep-drop", "Drop the statement", &LineEditor::drop);
    el_set(editor_.get(), EL_BIND, "^C", "sitrep-drop", nullptr);
    el_source(editor_.get(), nullptr);  // ~/.editrc
  }

  /// The next line without its end; nullopt at the end of input. was_dropped(): it and those before count no more.
  std::optional<std::string> read(const char* prompt) {
    prompt_ = prompt;
    dropped_ = false;
    int length = 0;
    const char* line = el_gets(editor_.get(), &length);
    if (dropped_) return std::string();
    if (line == nullptr || length <= 0) return std::nullopt;
    std::string text(line, static_cast<std::size_t>(length));
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
    return text;
  }

  bool was_dropped() const { return dropped_; }

  /// At once: a statement that ends the program is in it too.
  void remember(const std::string& statement) {
    HistEvent event;
    history(history_.get(), &event, H_ENTER, statement.c_str());
    if (history_file_.empty()) return;
    const auto mask = ::umask(0077);  // what people look for is theirs
    history(history_.get(), &event, H_SAVE, history_file_.c_str());
    ::umask(mask);
  }

 private:
  struct Close {
    void operator()(EditLine* editor) const noexcept { el_end(editor); }
    void operator()(History* history) const noexcept { history_end(history); }
  };

  static LineEditor& self(EditLine* editor) {
    void* data = nullptr;
    el_get(editor, EL_CLIENTDATA, &data);
    return *static_cast<LineEditor*>(data);
  }
  static char* prompt_of(EditLine* editor) { return self(editor).prompt_.data(); }

  static unsigned char drop(EditLine* editor, int) {
    self(editor).dropped_ = true;
    std::fputs("^C\n", stdout);
    std::fflush(stdout);
    return CC_NEWLINE;
  }

  /// Inserts what all candidates have in common; shows them when that is nothing new.
  static unsigned char complete(EditLine* editor, int) {
    const auto* line = el_line(editor);
    const std::string_view before(line->buffer, static_cast<std::size_t>(line->cursor - line->buffer));
    const auto found = self(editor).completion_.candidates(before);
    if (found.empty()) return CC_ERROR;
    const auto typed = store::SqlCompletion::last_word(before);
    std::string common = found.front();
    for (const auto& candidate : found) {
      std::size_t same = 0;
      while (same < common.size() && same < candidate.size() && common[same] == candidate[same]) ++same;
      common.resize(same);
    }
    std::string more = common.substr(typed.size());
    if (found.size() == 1 && !more.ends_with('(')) more += ' ';
    if (!more.empty()) return el_insertstr(editor, more.c_str()) == 0 ? CC_REFRESH : CC_ERROR;
    std::string list = "\n";
    for (const auto& candidate : found) list += visible(candidate) + "  ";
    std::fputs((list + "\n").c_str(), stdout);
    std::fflush(stdout);
    return CC_REDISPLAY;
  }

  const store::SqlCompletion& completion_;
  fs::path history_file_;
  std::string prompt_;
  bool dropped_ = false;
  std::unique_ptr<EditLine, Close> editor_;
  std::unique_ptr<History, Close> history_;
};

/// Beside the record of trusted files, in the user's state folder; empty when there is none.
fs::path history_file(cli::Context& ctx) {
  const auto trusted = cli::trust_file(ctx.world().environment);
  if (!trusted) return {};
  std::error_code ignored;
  const auto folder = trusted->parent_path();
  if (!fs::exists(folder, ignored)) {
    try {
      make_private_folder(folder);
    } catch (const Error&) {
      return {};
    }
  }
  return folder / "query_history";
}

void list_views(const store::SqlCompletion& completion, cli::Context& ctx) {
  for (const auto& [view, columns] : completion.views()) ctx.out() << view << '\n';
}

void list_columns(const store::SqlCompletion& completion, std::string_view view, cli::Context& ctx) {
  const auto found = completion.views().find(view);
  if (found == completion.views().end()) {
    std::vector<std::string_view> names;
    for (const auto& [name, columns] : completion.views()) names.push_back(name);
    ctx.note(fmt::format("there is no view '{}'{}", view, did_you_mean(view, names)));
    return;
  }
  ctx.out() << join(found->second, ", ") << '\n';
}

constexpr std::string_view k_help =
    "Write one SELECT over the views and end it with a semicolon; Tab completes names, the arrows bring back earlier\n"
    "statements, Ctrl-C stops a statement, Ctrl-D ends.\n"
    ".views            the views: one per entity, its _history, sync_run, reject, stream\n"
    ".columns VIEW     the columns of a view; their meaning: man 7 sitrep-schema\n"
    ".quit\n";

/// ".help" and the like; false: leave.
bool obey(std::string_view line, const store::SqlCompletion& completion, cli::Context& ctx) {
  const auto blank = line.find(' ');
  const auto word = line.substr(0, blank);
  const auto rest = blank == std::string_view::npos ? std::string_view() : trim_view(line.substr(blank));
  if (word == ".quit" || word == ".exit" || word == ".q") return false;
  if (word == ".views" || word == ".tables")
    list_views(completion, ctx);
  else if (word == ".columns" || word == ".schema")
    list_columns(completion, rest, ctx);
  else if (word == ".help")
    ctx.out() << k_help;
  else
    ctx.note(fmt::format("there is no '{}'; .help lists what there is", word));
  ctx.out().flush();
  return true;
}

void answer(const std::string& sql, cli::Context& ctx) {
  const Interruptible interruptible;
  try {
    store::QueryLimits limits;
    limits.stopped = &interrupted;
    store::QueryBox box(ctx.store(), limits);
    auto query = box.prepare(sql);
    ctx.print(collect_rows(query), "query");
    ctx.out().flush();
  } catch (const Error& e) {
    if (e.kind() != ErrorKind::user_code && e.kind() != ErrorKind::usage) throw;
    ctx.err() << e.what() << '\n';
  }
  ctx.err().flush();
}

}  // namespace

int query_prompt(cli::Context& ctx) {
  ctx.live();
  const store::SqlCompletion completion(ctx.store());
  LineEditor editor(completion, history_file(ctx));
  ctx.note(ctx.as_of() ? fmt::format("The store as of {}; .help says more", format_utc(*ctx.as_of()))
                       : std::string("SQL over the views, ended by ';'; .help says more"));
  ctx.err().flush();
  std::string statement;
  while (const auto line = editor.read(statement.empty() ? "sitrep> " : "   ...> ")) {
    if (editor.was_dropped()) statement.clear();
    if (statement.empty() && trim_view(*line).empty()) continue;
    if (statement.empty() && trim_view(*line).starts_with('.')) {
      editor.remember(*line);
      if (!obey(trim_view(*line), completion, ctx)) return 0;
      continue;
    }
    statement += (statement.empty() ? "" : "\n") + *line;
    if (!store::is_whole_statement(statement)) continue;
    editor.remember(statement);
    answer(statement, ctx);
    statement.clear();
  }
  ctx.out() << '\n';
  return 0;
}

}  // namespace sitrep::cmd
