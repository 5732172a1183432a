#include "cli/man_reference.hpp"

#include "base/text.hpp"
#include "config/knobs.hpp"
#include "model/entity.hpp"
#include "store/view_docs.hpp"

#include <fmt/format.h>

#include <string>

namespace sitrep::cli {
namespace {

using config::Knob;
using config::KnobTable;
using config::KnobType;

/// "string", "one of a, b", "list of integers": what may stand behind the key.
std::string type_of(const Knob& knob) {
  const auto inner = config::find_knob_table(knob.of);
  const std::string kind = inner && !inner->title.empty() ? std::string(knob.of) : "table";
  switch (knob.type) {
    case KnobType::text:
      return "string";
    case KnobType::integer:
      return "integer";
    case KnobType::real:
      return "number";
    case KnobType::boolean:
      return "true or false";
    case KnobType::duration:
      return "duration";
    case KnobType::threshold:
      return "comparison";
    case KnobType::date:
      return "day";
    case KnobType::choice:
      return "one of " + replace_all(knob.of, " ", ", ");
    case KnobType::texts:
      return "string or list of strings";
    case KnobType::integers:
      return "list of integers";
    case KnobType::scalar:
      return "string, number or boolean";
    case KnobType::pairs:
      return knob.of.empty() ? "table of values" : "table of " + replace_all(knob.of, " ", ", ");
    case KnobType::lists:
      return "table of values and lists";
    case KnobType::any:
      return "any";
    case KnobType::table:
      return kind;
    case KnobType::tables:
      return "list of " + kind;
    case KnobType::named:
      return kind + " by name";
  }
  return {};
}

std::string keys_text(const KnobTable& table, const std::string& prefix) {
  std::string text;
  for (const Knob& knob : table.knobs) {
    const auto name = prefix + std::string(knob.key);
    const auto* inner = config::find_knob_table(knob.of);
    if (knob.type == KnobType::table && inner && inner->title.empty()) {
      text += keys_text(*inner, name + ".");
      continue;
    }
    std::string meaning(knob.meaning);
    if (!knob.fallback.empty()) meaning += (meaning.empty() ? "default: " : "; default: ") + std::string(knob.fallback);
    text += fmt::format(".TP\n\\fB{}\\fR ({})\n{}\n.br\n\\fI{}\\fR\n", roff_text(name), roff_text(type_of(knob)),
                        meaning.empty() ? "\\&" : roff_text(meaning) + ".",
                        roff_text(name + " = " + std::string(knob.example)));
  }
  return text;
}

constexpr std::string_view k_configuration_intro = R"(.SH DESCRIPTION
TOML. The folder of the file is the workspace. An unknown key is an error. \fI${NAME}\fR in values of sources is the
environment variable of that name. \fBsitrep config check\fR(1) validates the file, \fBsitrep config schema\fR(1)
prints its JSON Schema for editors.
.PP
A \fIduration\fR is a number with a unit: 500ms, 90s, 5m, 2h, 7d. A \fIcomparison\fR is a sign and a number: > 21.
Every key is shown with an example.
)";

constexpr std::string_view k_entities_intro = R"(.SH DESCRIPTION
The store is an SQLite file of views that any tool can read. Each entity is a view of its name that shows the present
records (with \-\-as\-of, those known then); \fIENTITY\fR_history shows every state that a record had. Times are Unix
seconds in UTC, dates are text YYYY\-MM\-DD. In \fBsitrep query\fR(1) the functions ts, iso, week, month, duration, median
and percentile are there too.
)";

}  // namespace

std::string man_head(std::string_view page, std::string_view section, std::string_view version, std::string_view what) {
  return fmt::format(".TH {} {} \"\" \"sitrep {}\" \"sitrep manual\"\n.SH NAME\n{} \\- {}\n", roff_text(page), section,
                     version, roff_text(page), roff_text(what));
}

ManPage configuration_page(std::string_view version) {
  auto text = man_head("sitrep.toml", "5", version, "the configuration of a sitrep workspace");
  text += k_configuration_intro;
  for (const KnobTable& table : config::knob_tables()) {
    if (table.title.empty()) continue;
    text += fmt::format(".SH \"{}\"\n", roff_text(table.title));
    if (!table.meaning.empty()) text += roff_text(table.meaning) + ".\n";
    text += keys_text(table, "");
  }
  text +=
      ".SH \"SEE ALSO\"\n\\fBsitrep\\fR(1), \\fBsitrep\\-config\\fR(1), \\fBsitrep\\-presets\\fR(7), "
      "\\fBsitrep\\-schema\\fR(7)\n";
  return {"sitrep.toml.5", std::move(text)};
}

namespace {

std::string column_text(std::string_view column, std::string_view type, const std::string& meaning) {
  const auto words = meaning.empty() ? std::string(store::usual_column_doc(column)) : meaning;
  return fmt::format(".TP\n\\fB{}\\fR ({})\n{}.\n", roff_text(column), type, roff_text(words));
}

std::string columns_text(std::span<const store::ColumnDoc> columns) {
  std::string text;
  for (const auto& column : columns) text += column_text(column.name, column.type, std::string(column.doc));
  return text;
}

}  // namespace

ManPage entities_page(std::string_view version) {
  auto text = man_head("sitrep-schema", "7", version, "the entities of sitrep's store");
  text += k_entities_intro;
  text += ".SH COLUMNS OF EVERY ENTITY\n" + columns_text(store::common_column_docs());
  text += ".PP\n\\fIENTITY\\fR_history has besides:\n" + columns_text(store::history_column_docs());
  for (const auto& entity : model::built_in_entities()) {
    text += fmt::format(".SH {}\n{}.\n", roff_text(entity.name), roff_text(entity.doc));
    if (entity.keeping == model::Keeping::corrections) {
      text += "Append\\-only: a correction is a further row with a later observed_at.\n";
    }
    for (const auto& column : entity.columns) {
      auto meaning = column.doc;
      if (!column.values.empty()) meaning += (meaning.empty() ? "" : ": ") + join(column.values, ", ");
      text += column_text(column.name, name(column.type), meaning);
    }
  }
  for (const auto& view : store::view_docs())
    text += fmt::format(".SH {}\n{}.\n", roff_text(view.name), roff_text(view.doc)) + columns_text(view.columns);
  text += ".SH \"SEE ALSO\"\n\\fBsitrep\\-query\\fR(1), \\fBsitrep.toml\\fR(5)\n";
  return {"sitrep-schema.7", std::move(text)};
}

}  // namespace sitrep::cli
