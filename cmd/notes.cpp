#include "notes.hpp"

#include "base/text.hpp"
#include "json/writer.hpp"

#include <fmt/format.h>

namespace sitrep::cmd {

std::vector<policy::Note> notes_on(cli::Context& ctx, const std::vector<std::string>& subjects) {
  const auto all = policy::notes_in_force(ctx.store(), ctx.calendar().zone.date_of(ctx.now()), ctx.now());
  const std::vector<std::string_view> views(subjects.begin(), subjects.end());
  return policy::notes_on(all, views);
}

void print_notes(cli::Context& ctx, const std::vector<policy::Note>& notes, std::string_view head) {
  for (const auto& n : notes) {
    ctx.line(head, fmt::format("\"{}\" ({}{})", visible(n.text), n.author.empty() ? "" : visible(n.author) + ", ",
                               format_date(ctx.calendar().zone.date_of(n.at))));
  }
}

std::string notes_json(const std::vector<policy::Note>& notes) {
  json::Writer w;
  w.begin_array();
  for (const auto& n : notes) {
    w.begin_object().member("at", format_utc(n.at)).member("author", n.author).member("subject", n.subject);
    w.member("text", n.text).end_object();
  }
  w.end_array();
  return w.take();
}

}  // namespace sitrep::cmd
