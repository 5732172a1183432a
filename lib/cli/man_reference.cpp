#include "cli/man_reference.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "json/value.hpp"
#include "model/entity.hpp"

#include <fmt/format.h>

#include <array>
#include <optional>

namespace sitrep::cli {
namespace {

struct Section {
  std::string_view title;       ///< as the table is written in the file
  std::string_view definition;  ///< in the schema; a property of the root when there is no such definition
};

// The order of the page; a definition that stands inside another (secret, column) follows it.
constexpr std::array k_sections = {Section{"[workspace]", "workspace"},
                                   Section{"[source.NAME]", "source"},
                                   Section{"auth", "auth"},
                                   Section{"token, username, password", "secret"},
                                   Section{"[[source.NAME.stream]]", "stream"},
                                   Section{"paginator", "paginator"},
                                   Section{"incremental", "incremental"},
                                   Section{"[source.NAME.stream.columns] COLUMN = PATH or table", "column"},
                                   Section{"[source.NAME.action.VERB]", "action"},
                                   Section{"[metric.NAME]", "metric"},
                                   Section{"[[rule]]", "rule"},
                                   Section{"[[exemption]]", "exemption"},
                                   Section{"[entity.NAME]", "entity"},
                                   Section{"[launch]", "launch"}};

std::string text_of(const json::Value& value, std::string_view key) {
  const auto member = value.get(key);
  return member && member->string() ? std::string(*member->string()) : std::string();
}

std::string words_of(const json::Value& list) {
  std::vector<std::string> words;
  for (std::size_t i = 0; i < list.size(); ++i) words.push_back(list.at(i)->to_text());
  return join(words, ", ");
}

/// "string", "one of a, b", "list of integer", "duration": what may stand behind the key.
std::string type_of(const json::Value& value) {
  if (const auto choices = value.get("enum")) return "one of " + words_of(*choices);
  if (const auto reference = text_of(value, "$ref"); !reference.empty()) {
    return reference.substr(reference.rfind('/') + 1);
  }
  if (const auto options = value.get("oneOf")) {
    std::vector<std::string> words;
    for (std::size_t i = 0; i < options->size(); ++i) words.push_back(type_of(*options->at(i)));
    return join(words, " or ");
  }
  const auto type = value.get("type");
  if (!type) return "any";
  if (type->is_array()) return words_of(*type);
  if (const auto items = value.get("items")) return "list of " + type_of(*items);
  return text_of(value, "type") == "object" ? "table" : text_of(value, "type");
}

std::string keys_text(const json::Value& properties, const std::string& prefix) {
  std::string text;
  for (const auto [key, value] : properties.members()) {
    const auto inner = value.get("properties");
    if (inner && !value.get("description")) {
      text += keys_text(*inner, prefix + std::string(key) + ".");
      continue;
    }
    const auto meaning = text_of(value, "description");
    text += fmt::format(".TP\n\\fB{}\\fR ({})\n{}\n", roff_text(prefix + std::string(key)), roff_text(type_of(value)),
                        meaning.empty() ? "\\&" : roff_text(meaning) + ".");
  }
  return text;
}

/// The object among the forms of a definition: a column is a path or a table.
std::optional<json::Value> properties_of(const json::Value& definition) {
  if (const auto properties = definition.get("properties")) return properties;
  if (const auto forms = definition.get("oneOf")) {
    for (std::size_t i = 0; i < forms->size(); ++i) {
      if (const auto properties = forms->at(i)->get("properties")) return properties;
    }
  }
  return std::nullopt;
}

std::string head(std::string_view page, std::string_view section, std::string_view version, std::string_view what) {
  return fmt::format(".TH {} {} \"\" \"sitrep {}\" \"sitrep manual\"\n.SH NAME\n{} \\- {}\n", roff_text(page), section,
                     version, roff_text(page), roff_text(what));
}

constexpr std::string_view k_configuration_intro = R"(.SH DESCRIPTION
TOML. The folder of the file is the workspace. An unknown key is an error. \fI${NAME}\fR in values of sources is the
environment variable of that name. \fBsitrep config check\fR(1) validates the file, \fBsitrep config schema\fR(1)
prints its JSON Schema for editors.
.PP
Further tables: \fB[source.NAME.stream.columns]\fR maps columns of the entity to paths of the record,
\fB[queries]\fR holds named SQL (\fINAME\fR = \fISQL\fR).
)";

constexpr std::string_view k_entities_intro = R"(.SH DESCRIPTION
The store is an SQLite file of views that any tool can read. Each entity is a view of its name that shows the present
records (with \-\-as\-of, those known then); \fIENTITY\fR_history shows every version with \fBobserved_at\fR,
\fBsuperseded_at\fR and \fBdeleted_at\fR. Beside its columns each has \fBsource\fR and \fBid\fR, which identify the
record, \fBurl\fR, \fBextra\fR (JSON of what has no column) and \fBobserved_at\fR. Times are Unix seconds in UTC,
dates are text YYYY\-MM\-DD.
)";

}  // namespace

ManPage configuration_page(std::string_view schema, std::string_view version) {
  json::Document document;
  const auto root = document.parse(schema);
  auto text = head("sitrep.toml", "5", version, "the configuration of a sitrep workspace");
  text += k_configuration_intro;
  const auto definitions = root.get("definitions");
  for (const auto& [title, name] : k_sections) {
    auto definition = definitions ? definitions->get(name) : std::nullopt;
    if (!definition) definition = root.get("properties")->get(name);
    const auto properties = definition ? properties_of(*definition) : std::nullopt;
    if (!properties) fail(ErrorKind::bug, "the schema of sitrep.toml has no keys of '{}'", name);
    text += fmt::format(".SH \"{}\"\n", roff_text(title));
    if (const auto meaning = text_of(*definition, "description"); !meaning.empty()) {
      text += roff_text(meaning) + ".\n";
    }
    text += keys_text(*properties, "");
  }
  text += ".SH \"SEE ALSO\"\n\\fBsitrep\\fR(1), \\fBsitrep\\-config\\fR(1), \\fBsitrep\\-schema\\fR(7)\n";
  return {"sitrep.toml.5", std::move(text)};
}

ManPage entities_page(std::string_view version) {
  auto text = head("sitrep-schema", "7", version, "the entities of sitrep's store");
  text += k_entities_intro;
  for (const auto& entity : model::built_in_entities()) {
    text += fmt::format(".SH {}\n{}.\n", roff_text(entity.name), roff_text(entity.doc));
    if (entity.keeping == model::Keeping::corrections) {
      text += "Append\\-only: a correction is a further row with a later observed_at.\n";
    }
    for (const auto& column : entity.columns) {
      auto meaning = column.doc;
      if (!column.values.empty()) meaning += (meaning.empty() ? "" : ": ") + join(column.values, ", ");
      text += fmt::format(".TP\n\\fB{}\\fR ({})\n{}\n", roff_text(column.name), name(column.type),
                          meaning.empty() ? "\\&" : roff_text(meaning) + ".");
    }
  }
  text += ".SH \"SEE ALSO\"\n\\fBsitrep\\-query\\fR(1), \\fBsitrep.toml\\fR(5)\n";
  return {"sitrep-schema.7", std::move(text)};
}

}  // namespace sitrep::cli
