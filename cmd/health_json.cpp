#include "health_json.hpp"

#include "notes.hpp"
#include "numbers.hpp"

namespace sitrep::cmd {
namespace {

void write_finding(json::Writer& w, const policy::Finding& f) {
  w.begin_object();
  w.member("rule", f.rule).member("metric", f.metric).member("color", policy::name(f.color)).member("reason", f.reason);
  w.key("threshold");
  if (f.threshold.empty())
    w.null();
  else
    w.value(f.threshold);
  w.key("exemption");
  if (f.exemption) {
    w.begin_object().member("owner", f.exemption->owner).member("reason", f.exemption->reason);
    w.key("expires");
    if (f.exemption->expires)
      w.value(format_date(*f.exemption->expires));
    else
      w.null();
    w.member("without", policy::name(f.without_exemption.value_or(f.color))).end_object();
  } else {
    w.null();
  }
  w.key("result");
  if (f.result.metric.empty())
    w.null();  // an expired exemption has none
  else
    write_json(w, f.result);
  w.key("notes").raw(notes_json(f.notes));
  w.end_object();
}

std::string dimensions_json(const policy::Health& h) {
  json::Writer w;
  w.begin_array();
  for (const auto& d : h.dimensions) {
    w.begin_object().member("dimension", d.name).member("color", policy::name(d.color)).key("findings").begin_array();
    for (const auto& f : d.findings) write_finding(w, f);
    w.end_array().end_object();
  }
  w.end_array();
  return w.take();
}

std::string reasons_json(const policy::Health& h) {
  json::Writer w;
  w.begin_array();
  for (const auto& reason : h.reasons()) w.value(reason);
  w.end_array();
  return w.take();
}

std::string trend_json(const std::vector<policy::PastColor>& trend) {
  json::Writer w;
  w.begin_array();
  for (const auto& past : trend) {
    w.begin_object().member("at", format_utc(past.at)).key("color");
    if (past.color)
      w.value(policy::name(*past.color));
    else
      w.null();
    w.end_object();
  }
  w.end_array();
  return w.take();
}

}  // namespace

cli::Table health_table(const std::vector<policy::Health>& all, const policy::PastColors& trends) {
  using Column = cli::Table::Column;
  cli::Table table;
  const auto column = [&](const char* name, Column::As as = Column::As::plain,
                          cli::Table::Shown shown = cli::Table::Shown::always) {
    Column c;
    c.name = name;
    c.as = as;
    c.shown = shown;
    table.columns.push_back(c);
  };
  column("program");
  column("color");
  column("declared");
  column("watermelon");
  column("owner");
  column("reasons", Column::As::json);
  column("dimensions", Column::As::json, cli::Table::Shown::structured);
  column("notes", Column::As::json, cli::Table::Shown::structured);
  column("trend", Column::As::json, cli::Table::Shown::structured);
  column("since_last_week", Column::As::plain, cli::Table::Shown::structured);
  const auto text = [](const std::string& t) { return t.empty() ? cli::Table::Cell() : cli::Table::Cell(t); };
  for (const auto& h : all) {
    const auto at = trends.find(h.program);
    const auto past = at == trends.end() ? std::vector<policy::PastColor>{} : at->second;
    table.rows.push_back({h.program, std::string(policy::name(h.color)), text(h.declared), h.watermelon, text(h.owner),
                          reasons_json(h), dimensions_json(h), notes_json(h.notes), trend_json(past),
                          text(policy::since_before(past))});
  }
  return table;
}

}  // namespace sitrep::cmd
