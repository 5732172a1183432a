#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "cli/man_reference.hpp"

namespace sitrep::cli {
namespace {

constexpr std::string_view k_intro = R"roff(.SH DESCRIPTION
Reports and documents are made from templates in the language of Jinja 3: what is supported behaves as Jinja does, to the
byte; what is not is an error that says so. A workspace's \fItemplates/\fR folder stands over the built\-in ones:
\fBsitrep template copy\fR(1) makes one yours, \fBsitrep template check\fR(1) finds mistakes without rendering.
.SH FILES
A template is Markdown. It starts with its own metadata, TOML between two lines of +++:
.PP
.nf
+++
title = "Late launches"
kind = "report"                    # or "document", "partial"
description = "Launches past their date"
[params]
team = { type = "text", default = "", doc = "of this team only" }   # text integer real boolean date list
[queries]
late = "select title, target_date from launch_review where target_date < :today and (:team = '' or team = :team)"
[metrics]
all = "launches_late"
+++
# Late launches: {{ metric("all").text }}

{{ table(query("late"), columns=["title", "target_date"]) }}
.fi
.PP
SQL may name the template's parameters, what the call passes, and :from :to :previous_from :previous_to (Unix seconds of
the period and the one before), :from_date :to_date, :now, :today and :program. Names of templates are paths below
\fItemplates/\fR; nothing outside of it can be read. A render is bounded in steps, depth, time and output. A report that
says nothing without \fB\-\-program\fR declares \fBof_one_program = true\fR.
.SH VARIABLES
.TP
.B now, today
the present: Unix seconds, and the day in the workspace's zone
.TP
.B period
from, to, from_date, last_date, label, length, previous
.TP
.B program
the one program that the report is about, or none
.TP
.B workspace
name, timezone, version, review_days
.PP
and each parameter of the template under its name.
.PP
What is printed is escaped for Markdown, so that data stays text; \fBsafe\fR lets your own Markdown through, never HTML.
.PP
A line that holds only a tag leaves nothing behind (Jinja's trim_blocks and lstrip_blocks are on), and of several blank
lines one stays. range() and what filters give are lists: they print and compare as lists do, and are true when they
hold something.
.PP
Parameters behind a * are options: they are given by name or left out. Those of every chart: \fItitle\fR, \fIdescription\fR
(read out where the drawing can't be seen), \fIunit\fR ("bytes", "seconds" or a word of yours), \fIpercent\fR=true (values are
shares of 1), \fIbeside\fR=true (a table beside the chart holds the same data, so that text forms leave the chart out).
)roff";

std::string part(std::string_view title, std::string_view kind, std::span<const TemplateCallable> all) {
  auto text = fmt::format(".SH {}\n", title);
  for (const auto& each : all) {
    if (each.kind != kind) continue;
    const auto name = kind == "function" ? fmt::format("{}({})", each.name, each.parameters) : each.name;
    auto arguments = each.parameters;
    if (kind != "function") {
      // The first parameter is what is piped in, or tested.
      const auto comma = arguments.find(", ");
      arguments = comma == std::string::npos ? std::string() : "(" + arguments.substr(comma + 2) + ")";
    } else {
      arguments.clear();
    }
    text += fmt::format(".TP\n\\fB{}\\fR{}\n{}.\n", roff_text(name), roff_text(arguments), roff_text(each.doc));
  }
  return text;
}

std::string language(std::span<const TemplateFeature> features, bool supported) {
  std::string text;
  for (const auto& feature : features) {
    if (feature.supported != supported) continue;
    text += fmt::format(".TP\n{}\n\\fI{}\\fR{}\n", roff_text(feature.part), roff_text(feature.example),
                        supported ? "" : roff_text("; instead: " + feature.output));
  }
  return text;
}

}  // namespace

ManPage templates_page(const TemplateReference& reference, std::string_view version) {
  auto text = man_head("sitrep-templates", "7", version, "the language, functions and files of sitrep's templates");
  text += k_intro;
  text += ".SH STANDARD REPORTS\nExamples of all of them, made from the demo, are in man/reports of the source.\n";
  for (const auto& report : reference.reports) {
    text += fmt::format(".TP\n\\fB{}\\fR\n{}.\n", roff_text(report.name), roff_text(report.description));
    for (const auto& [name, doc] : report.parameters)
      text += fmt::format(".br\n\\fI{}\\fR: {}\n", roff_text(name), roff_text(doc));
  }
  text += part("FUNCTIONS", "function", reference.callables);
  text += part("FILTERS", "filter", reference.callables);
  text += part("TESTS", "test", reference.callables);
  text += ".SH \"THE LANGUAGE: SUPPORTED\"\n" + language(reference.features, true);
  text += ".SH \"THE LANGUAGE: NOT SUPPORTED\"\n" + language(reference.features, false);
  text +=
      ".SH \"SEE ALSO\"\n\\fBsitrep\\-template\\fR(1), \\fBsitrep\\-report\\fR(1), \\fBsitrep\\-doc\\fR(1), "
      "\\fBsitrep\\-schema\\fR(7)\n";
  return {"sitrep-templates.7", std::move(text)};
}

}  // namespace sitrep::cli
