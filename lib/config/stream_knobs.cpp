#include "config/knobs.hpp"

namespace sitrep::config {
namespace {

using enum KnobType;

constexpr Knob k_stream[] = {
    {"name", text, "", "names it in the store and on the command line", "\"approvals\"", ""},
    {"entity", text, "", "what its rows are; see sitrep-schema(7)", "\"launch_review\"", ""},
    {"path", text, "", "below base_url", "\"reviews\"", "base_url itself"},
    {"method", choice, "GET POST", "of the request; a POST that reads is repeated like a GET", "\"POST\"", "GET"},
    {"params", lists, "", "query parameters; a list gives one parameter for each value",
     "{ state = \"all\", statuses = [\"triggered\", \"resolved\"] }", ""},
    {"array_params", choice, "repeat brackets comma", "how a list in params is written: a=1&a=2, a[]=1&a[]=2 or a=1,2",
     "\"brackets\"", "repeat"},
    {"json", any, "", "body of the request, sent as JSON", "{ order = \"asc\", limit = 1000 }", ""},
    {"form", pairs, "", "body of the request, sent as a form", "{ query = \"up\" }", ""},
    {"data_selector", text, "", "where the answer keeps its records; $ is the whole body", "\"data.items\"", "$"},
    {"record_shape", choice, "array object map scalar",
     "what is there: a list of objects, one object, a map of name to record, or a list of anything", "\"map\"",
     "array"},
    {"expand", text, "",
     "path inside a record: one row per element of a list, or per member of an object (its name is $key); ^. leads to "
     "the record around it",
     "\"values\"", ""},
    {"include_from_parent", texts, "",
     "fields of what a record was expanded from, or of its parent; columns parent_FIELD", "[\"id\", \"title\"]", ""},
    {"on_empty", choice, "skip keep", "of expand: a record without elements gives no row, or one", "\"keep\"", "skip"},
    {"primary_key", texts, "", "columns or paths that make the id", "[\"project\", \"iid\"]", "id"},
    {"columns", named, "column", "columns of the entity = where their values are; further names go into extra",
     "{ title = \"summary\", service = \"service.name\" }", ""},
    {"timezone", text, "", "of times that name no zone", "\"America/New_York\"", "UTC"},
    {"nan", choice, "null text error", "what NaN becomes in a number; text keeps it in extra", "\"error\"",
     "null, counted"},
    {"inf", choice, "null text error", "what an infinity becomes in a number", "\"text\"", "as nan"},
    {"success", table, "success", "", "{ path = \"status\", equals = \"success\" }", ""},
    {"warnings_path", text, "", "where a good answer keeps warnings; they are shown", "\"warnings\"", ""},
    {"partial_path", text, "", "true there: the answer is not complete, so nothing is taken for deleted",
     "\"incomplete_results\"", ""},
    {"deleted_when", table, "deleted_when", "", "{ path = \"status\", equals = \"deleted\" }", ""},
    {"skip_when", table, "skip_when", "", "{ path = \"pull_request\" }", ""},
    {"response_actions", tables, "response_action", "what to do about certain answers; the first that fits counts",
     "[{ status = 402, action = \"ignore\" }]", ""},
    {"conditional", choice, "off etag last_modified auto",
     "send If-None-Match or If-Modified-Since and take 304 for unchanged; --full asks for everything", "\"off\"",
     "auto"},
    {"allow_empty", boolean, "", "an empty body, or one without its list, means no records", "true", "false"},
    {"allow_shrink", boolean, "", "the list is a present state and may lose many records at once, or all of them",
     "true", "false"},
    {"paginator", table, "paginator", "how the next page is asked for",
     "{ type = \"offset\", limit_param = \"limit\", limit = 100 }", "one page"},
    {"incremental", table, "incremental", "how to ask only for what changed",
     "{ cursor_path = \"updated_at\", start_param = \"since\" }", "everything each time"},
    {"parent", table, "parent", "", "{ stream = \"reviews\", field = \"id\", param = \"review_id\" }", ""},
    {"partitions", any, "", "one walk for each value {value} or table of values {name} in path, params, json or form",
     "[\"ec2\", \"s3\"]", ""},
    {"contract", choice, "evolve freeze discard",
     "when records get new fields or fields of another type: evolve goes on, freeze fails, discard rejects such a "
     "record",
     "\"freeze\"", "evolve"},
    {"write_disposition", choice, "merge replace append",
     "merge: by id; replace: each answer is the whole state; append: nothing is ever deleted", "\"replace\"", "merge"},
    {"full_every", duration, "", "how often an incremental stream is read whole, to find deletions", "\"1d\"", "7d"},
};

constexpr Knob k_success[] = {
    {"path", text, "", "where an answer with status 200 says whether it is good", "\"status\"", ""},
    {"equals", scalar, "", "what it says then", "\"success\"", ""},
};

constexpr Knob k_deleted_when[] = {
    {"path", text, "", "where a record says that it was deleted", "\"status\"", ""},
    {"equals", scalar, "", "what it says then", "\"deleted\"", ""},
};

constexpr Knob k_skip_when[] = {
    {"path", text, "", "where a record says that it is none of these; it is counted and left out", "\"pull_request\"",
     ""},
    {"equals", scalar, "", "what it says then", "\"bot\"", "anything but null and false"},
};

constexpr Knob k_response_action[] = {
    {"status", integer, "", "of the answer", "402", "any"},
    {"content", text, "", "part of its body", "\"secondary rate limit\"", "any"},
    {"action", choice, "ignore fail retry rate_limited restart end",
     "ignore: no records; retry: as a fault; rate_limited: wait as asked; restart: from the first page; end: no more "
     "pages",
     "\"rate_limited\"", ""},
};

constexpr Knob k_parent[] = {
    {"stream", text, "", "this stream is asked for once for each record of that one; it stands before this one",
     "\"reviews\"", ""},
    {"field", text, "", "path into the parent's record", "\"id\"", "id"},
    {"param", text, "", "its value is {param} in path, params, json or form, else a query parameter", "\"review_id\"",
     ""},
    {"only_changed", boolean, "", "only for records that an incremental pass over the parent brought", "true",
     "false: the parent is always read whole"},
    {"on_404", choice, "skip fail", "what a parent without such a page means", "\"fail\"", "skip"},
};

constexpr Knob k_on_expired[] = {
    {"status", integers, "", "statuses that mean that the server has forgotten the cursor", "[400, 410]", "410"},
    {"action", choice, "restart fail", "restart: once more from the first page", "\"fail\"", "restart"},
};

constexpr Knob k_column[] = {
    {"path", text, "",
     "into the record: a.b, a[0], a[-1], a[*].b, a[id=7].value, \"quoted.key\", ^.a, $key, $index, $now",
     "\"custom_fields[id=27642].value\"", ""},
    {"parts", texts, "",
     "several paths in place of one: the id that a primary_key of them makes, or a text with separator",
     "[\"^.metadata.uid\", \"$key\"]", ""},
    {"separator", text, "", "of parts: what stands between their values", "\" \"", ""},
    {"type", choice, "text integer real boolean timestamp date json", "of the value", "\"date\"", "the column's own"},
    {"format", text, "",
     "of times: auto, epoch, epoch_ms or a strftime pattern; of numbers: quantity (Kubernetes: 500m, 16Gi)",
     "\"%d/%m/%Y %H:%M\"", "auto"},
    {"timezone", text, "", "of a time that names no zone", "\"Europe/Berlin\"", "the stream's"},
    {"default", scalar, "", "the value where the record has none", "\"incident\"", ""},
    {"map", pairs, "", "value of the API = value of the store", "{ triggered = \"open\", ok = \"approved\" }", ""},
    {"null_values", texts, "", "texts that mean nothing", "[\"\", \"N/A\"]", ""},
    {"on_error", choice, "odd reject null",
     "a value that does not fit: odd keeps it in extra with the reason, reject refuses the record, null drops it",
     "\"reject\"", "odd"},
    {"list", choice, "json join first last count rows", "what becomes of a list; rows: a child table", "\"rows\"",
     "the value must not be a list"},
    {"entity", text, "", "list = \"rows\": the child's entity", "\"launch_approval\"", ""},
    {"parent_key", text, "", "list = \"rows\": the child's column that takes the parent's id", "\"launch_id\"", ""},
    {"columns", named, "column", "list = \"rows\": the child's columns", "{ area = \"kind\" }", ""},
    {"primary_key", texts, "", "list = \"rows\": what makes a child's id, together with the parent's", "[\"kind\"]",
     "the child's own id, else its place"},
};

constexpr Knob k_paginator[] = {
    {"type", choice, "single_page page_number offset cursor last_record json_link header_link header_cursor",
     "how pages follow", "\"cursor\"", ""},
    {"page_param", text, "", "page_number: parameter of the number", "\"p\"", "page"},
    {"base_page", integer, "", "page_number: of the first page", "0", "1"},
    {"offset_param", text, "", "offset: parameter of the number of rows to skip", "\"startAt\"", "offset"},
    {"limit_param", text, "", "parameter of the page's size; none is sent without it", "\"per_page\"",
     "limit for offset"},
    {"limit", integer, "", "rows to ask for; ask for the most that the API gives", "100", ""},
    {"maximum_offset", integer, "", "the API serves no rows beyond it; an error says so", "10000", ""},
    {"cursor_path", text, "", "cursor: where the answer holds the next one", "\"meta.after_cursor\"", ""},
    {"cursor_param", text, "", "cursor, last_record: parameter that carries it", "\"starting_after\"", ""},
    {"cursor_body_path", text, "", "or the field of the JSON body that carries it", "\"page.after\"", ""},
    {"cursor_header", text, "", "header_cursor: header of the answer that holds the next one", "\"X-Next-Page\"", ""},
    {"cursor_record_path", text, "", "last_record: field of the page's last record", "\"id\"", ""},
    {"next_url_path", text, "", "json_link: where the answer holds the next page's URL", "'\"@odata.nextLink\"'", ""},
    {"links_rel", text, "", "header_link: relation of the Link header", "\"older\"", "next"},
    {"link_param", text, "", "json_link, header_link: take only this query value out of the link", "\"after\"", ""},
    {"same_origin", boolean, "", "false: links may lead to another origin, which gets no credentials", "false", "true"},
    {"has_more_path", text, "", "where the answer says whether there is more; it has the last word", "\"has_more\"",
     ""},
    {"has_more_when", boolean, "", "what it says when there is more (false for isLast, end_of_stream)", "false",
     "true"},
    {"total_path", text, "", "where the answer says how many rows there are", "\"total_count\"", ""},
    {"total_header", text, "", "header that says it", "\"X-Total-Count\"", ""},
    {"stop_after_empty_page", boolean, "", "page_number, offset: an empty page is the end", "false", "true"},
    {"stop_after_short_page", boolean, "", "a page of fewer rows than `limit` is the end", "true", "false"},
    {"resend_params", choice, "all first_only", "first_only: with a cursor, nothing else is sent", "\"first_only\"",
     "all"},
    {"end_statuses", integers, "", "statuses that mean that there are no more pages", "[404]", ""},
    {"on_expired", table, "on_expired", "", "{ status = [400, 410] }", ""},
    {"max_pages", integer, "", "stop with an error after so many", "500", "100000"},
};

constexpr Knob k_incremental[] = {
    {"source", choice, "record response clock",
     "where the next start comes from: the newest record, the last answer (state_path), or the clock (series)",
     "\"clock\"", "record"},
    {"cursor_path", text, "", "the record's time of change", "\"updated_at\"", ""},
    {"state_path", text, "", "source = \"response\": where the last page holds the next sync's start, a value or a URL",
     "\"after_cursor\"", ""},
    {"start_param", text, "", "parameter of the lower bound, which the API must include", "\"updated[gte]\"", ""},
    {"end_param", text, "", "parameter of the upper bound", "\"until\"", ""},
    {"start_template", text, "", "value of start_param, with {start} and {end} in it",
     "'updated >= \"{start}\" order by updated'", ""},
    {"start_body_path", text, "", "field of the JSON body for the lower bound", "\"filters.updated_after\"", ""},
    {"end_body_path", text, "", "field of the JSON body for the upper bound", "\"filters.updated_before\"", ""},
    {"format", text, "", "of the bounds: rfc3339, epoch, epoch_ms, date or a strftime pattern", "\"epoch\"", "rfc3339"},
    {"initial_value", text, "", "where the first sync starts: a time, or -90d", "\"2025-01-01\"", "no bound"},
    {"lag", duration, "", "look back so far below the newest record, for rows that come late", "\"5m\"", "0s"},
    {"window", duration, "", "ask in slices of this width", "\"30d\"", "one slice"},
    {"max_window", duration, "", "the widest span that the API takes; wider ones are sliced", "\"180d\"", ""},
    {"granularity", duration, "", "bounds are rounded outwards to multiples of it", "\"1m\"",
     "1s; for clock, the parameter step"},
    {"order", choice, "none asc desc",
     "of the records; asc: a broken walk goes on at its newest record; desc without start_param: stop at known ones",
     "\"asc\"", "none"},
    {"filter_field", text, "", "what start_param compares, where that is not cursor_path; config check warns",
     "\"created_at\"", ""},
};

constexpr KnobTable k_tables[] = {
    {"stream", "[[source.NAME.stream]]", "", "name entity", k_stream},
    {"success", "", "", "path equals", k_success},
    {"deleted_when", "", "", "path equals", k_deleted_when},
    {"skip_when", "", "", "path", k_skip_when},
    {"parent", "", "", "stream param", k_parent},
    {"response_action", "response_actions", "", "action", k_response_action},
    {"column", "[source.NAME.stream.columns] COLUMN = PATH or table", "", "", k_column, true},
    {"paginator", "paginator", "", "type", k_paginator},
    {"on_expired", "", "", "", k_on_expired},
    {"incremental", "incremental", "", "", k_incremental},
};

}  // namespace

std::span<const KnobTable> stream_knobs() { return k_tables; }

}  // namespace sitrep::config
