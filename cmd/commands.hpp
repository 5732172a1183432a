#pragma once

namespace sitrep::cli {
class Command;
}

// Each adds one command to the program or to its noun, and stands in a file of its name. main.cpp holds the table that
// calls them.
namespace sitrep::cmd {

void add_backup(cli::Command& root);
void add_capacity_forecast(cli::Command& noun);
void add_capacity_list(cli::Command& noun);
void add_capacity_plan(cli::Command& noun);
void add_capacity_show(cli::Command& noun);
void add_check(cli::Command& root);
void add_complete(cli::Command& root);
void add_completion(cli::Command& root);
void add_config_check(cli::Command& noun);
void add_config_schema(cli::Command& noun);
void add_diff(cli::Command& root);
void add_demo(cli::Command& root);
void add_doctor(cli::Command& root);
void add_forecast(cli::Command& root);
void add_health(cli::Command& root);
void add_help(cli::Command& root);
void add_history(cli::Command& root);
void add_import(cli::Command& root);
void add_incident_list(cli::Command& noun);
void add_incident_show(cli::Command& noun);
void add_incident_stats(cli::Command& noun);
void add_init(cli::Command& root);
void add_doc_check(cli::Command& noun);
void add_doc_index(cli::Command& noun);
void add_doc_list(cli::Command& noun);
void add_doc_new(cli::Command& noun);
void add_doc_refresh(cli::Command& noun);
void add_launch_check(cli::Command& noun);
void add_launch_file(cli::Command& noun);
void add_launch_list(cli::Command& noun);
void add_metric_explain(cli::Command& noun);
void add_metric_list(cli::Command& noun);
void add_metric_show(cli::Command& noun);
void add_launch_new(cli::Command& noun);
void add_launch_outbox(cli::Command& noun);
void add_launch_show(cli::Command& noun);
void add_launch_status(cli::Command& noun);
void add_note_add(cli::Command& note);
void add_note_list(cli::Command& note);
void add_publish(cli::Command& root);
void add_program_list(cli::Command& noun);
void add_program_show(cli::Command& noun);
void add_query(cli::Command& root);
void add_restore(cli::Command& root);
void add_slo_list(cli::Command& noun);
void add_slo_show(cli::Command& noun);
void add_source_list(cli::Command& noun);
void add_source_presets(cli::Command& noun);
void add_source_record(cli::Command& noun);
void add_source_show(cli::Command& noun);
void add_source_test(cli::Command& noun);
void add_status(cli::Command& root);
void add_store_check(cli::Command& store);
void add_store_gc(cli::Command& store);
void add_store_export(cli::Command& store);
void add_store_forget(cli::Command& store);
void add_store_import(cli::Command& store);
void add_store_stats(cli::Command& store);
void add_sync(cli::Command& root);
void add_report(cli::Command& root);
void add_template_check(cli::Command& noun);
void add_template_copy(cli::Command& noun);
void add_template_diff(cli::Command& noun);
void add_template_functions(cli::Command& noun);
void add_template_list(cli::Command& noun);
void add_template_render(cli::Command& noun);
void add_template_show(cli::Command& noun);
void add_ticket_stats(cli::Command& noun);
void add_trust(cli::Command& root);

}  // namespace sitrep::cmd
