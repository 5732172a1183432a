#include "config/knobs.hpp"

namespace sitrep::config {
namespace {

using enum KnobType;

constexpr std::string_view k_hows = "keep pseudonym drop";

constexpr Knob k_launch[] = {
    {"required_sections", texts, "", "headings that a review must have, beside those of its template",
     "[\"Rollback\", \"Monitoring\"]", ""},
    {"required_fields", texts, "", "fields of the front matter that must say something", "[\"oncall\"]",
     "oncall; of tiers 1 and 2 also rollback_time and rollback_tested"},
    {"evidence", texts, "", "sections that must link to something: a dashboard, a test, a review", "[\"Monitoring\"]",
     ""},
    {"approvers", texts, "", "areas that need a named approver", "[\"security\", \"sre\"]", ""},
    {"source", text, "", "whose action.file files reviews", "\"launches\"", "the only one that has it"},
    {"review_days", pairs, "", "promised business days by area", "{ security = 5, default = 3 }", ""},
    {"capacity_request_above", real, "", "share of a resource that a launch may add without a capacity request", "0.2",
     "0.1"},
    {"tier", table, "launch_tiers", "what holds for one tier, too", "{ 1 = { required_sections = [\"Capacity\"] } }",
     ""},
    {"phase", table, "launch_phases", "what holds for one phase, too", "{ ga = { approvers = [\"legal\"] } }", ""},
    {"freeze", tables, "launch_span", "days without launches, beside the freezes of the store's calendar",
     "[{ name = \"Year end\", from = 2026-12-15, to = 2027-01-04 }]", ""},
    {"holiday", tables, "launch_span", "days on which nobody reviews, beside those of the store's calendar",
     "[{ name = \"New Year\", from = 2027-01-01 }]", ""},
    {"exception", tables, "launch_exception", "a finding that somebody answers for until a day",
     "[{ review = \"launches/wallets.md\", code = \"L032\", owner = \"dana\", reason = \"law takes effect\", expires = "
     "2026-12-20 }]",
     ""},
};

constexpr Knob k_launch_tiers[] = {
    {"1", table, "launch_demands", "", "{ required_sections = [\"Capacity\"] }", ""},
    {"2", table, "launch_demands", "", "{ evidence = [\"Rollback\"] }", ""},
    {"3", table, "launch_demands", "", "{ required_sections = [\"Support\"] }", ""},
    {"4", table, "launch_demands", "", "{ required_sections = [\"Support\"] }", ""},
};

constexpr Knob k_launch_phases[] = {
    {"alpha", table, "launch_demands", "", "{ required_sections = [\"Summary\"] }", ""},
    {"beta", table, "launch_demands", "", "{ approvers = [\"support\"] }", ""},
    {"ga", table, "launch_demands", "", "{ approvers = [\"legal\"] }", ""},
};

constexpr Knob k_launch_demands[] = {
    {"required_sections", texts, "", "headings that such a review must have", "[\"Capacity\"]", ""},
    {"required_fields", texts, "", "fields that must say something", "[\"rollback_tested\"]", ""},
    {"evidence", texts, "", "sections that must link to something", "[\"Rollback\"]", ""},
    {"approvers", texts, "", "areas that need a named approver", "[\"legal\"]", ""},
};

constexpr Knob k_launch_span[] = {
    {"name", text, "", "what people call it", "\"Year end\"", ""},
    {"from", date, "", "its first day", "2026-12-15", ""},
    {"to", date, "", "its last day", "2027-01-04", "the first"},
};

constexpr Knob k_launch_exception[] = {
    {"review", text, "", "file, id or title of the review", "\"launches/wallets.md\"", ""},
    {"code", text, "", "of the finding", "\"L032\"", ""},
    {"owner", text, "", "who answers for it", "\"dana\"", ""},
    {"reason", text, "", "why", "\"law takes effect on that day\"", ""},
    {"expires", date, "", "its last day", "2026-12-20", ""},
};

constexpr Knob k_redact[] = {
    {"people", choice, k_hows, "owners, authors, approvers, …: their names wherever they stand", "\"drop\"",
     "pseudonym"},
    {"customers", choice, k_hows, "names of `customer_names` and of columns called customer", "\"drop\"", "pseudonym"},
    {"free_text", choice, k_hows, "what people wrote: updates, summaries, causes, reasons, notes", "\"keep\"", "drop"},
    {"columns", pairs, k_hows, "ENTITY.COLUMN by itself", "{ \"incident.title\" = \"drop\" }", ""},
    {"patterns", texts, "", "regular expressions: what matches is dropped", "[\"CUST-[0-9]+\"]", ""},
    {"customer_names", texts, "", "names that must not leave", "[\"Example Bank\"]", ""},
};

constexpr Knob k_publish[] = {
    {"type", choice, "slack webhook put git", "what it is", "\"slack\"", ""},
    {"url", table, "url", "where to; a table where the URL is a secret itself, as Slack's is",
     "\"https://wiki.internal/x\"", ""},
    {"report", text, "", "name of the report", "\"weekly-health\"", ""},
    {"file", text, "", "a file of the workspace in place of a report", "\"docs/index.md\"", ""},
    {"program", text, "", "the report of one program", "\"Ledger migration\"", "all"},
    {"period", choice, "week month quarter", "of the report", "\"month\"", "week"},
    {"format", choice, "md html json text csv", "what is sent", "\"html\"", "html for put, else md"},
    {"json", any, "", "webhook: the body, a table whose texts are templates over title, text, link, period",
     "{ title = \"{{ title }}\", body = \"{{ text }}\" }", "{ title, text }"},
    {"link", text, "", "where people find the whole report", "\"https://reports.internal/weekly.html\"", ""},
    {"redact", text, "", "name of a redaction", "\"partner\"", "nothing is redacted"},
    {"folder", text, "", "git: the repository's folder", "\"../health-pages\"", ""},
    {"path", text, "", "git: the file in it", "\"weekly/health.md\"", ""},
    {"message", text, "", "git: of the commit", "\"Weekly health\"", "the report's title"},
    {"headers", pairs, "", "headers of the request", "{ X-Space = \"OPS\" }", ""},
    {"auth", table, "auth", "how the request proves who sends", "{ token = { env = \"WIKI_TOKEN\" } }", ""},
    {"allow_http", boolean, "", "http:// to another machine, where anybody on the way can read", "true", "false"},
    {"tls", table, "tls", "", "{ ca_file = \"internal-ca.pem\" }", ""},
    {"proxy", text, "", "URL of a proxy", "\"http://proxy.internal:3128\"",
     "http_proxy, https_proxy and no_proxy of the environment"},
    {"unix_socket", text, "", "socket that the server listens on", "\"/run/wiki.sock\"", ""},
    {"timeouts", table, "timeouts", "", "{ total = \"2m\" }", ""},
    {"decode", table, "decode", "", "{ max_bytes = 1000000 }", ""},
    {"rate_limit", table, "rate_limit", "", "{ requests = 1, per = \"1s\" }", ""},
    {"retry", table, "retry", "", "{ max = 3 }", ""},
    {"error", table, "error", "", "{ message_paths = [\"detail\"] }", ""},
};

constexpr Knob k_url[] = {
    {"env", text, "", "environment variable", "\"SLACK_WEBHOOK\"", ""},
    {"file", text, "", "file that only its owner can read (mode 0600)", "\"slack-url\"", ""},
    {"command", texts, "", "program that prints it; runs after sitrep trust", "[\"pass\", \"show\", \"slack\"]", ""},
    {"keyring", text, "", "entry of the desktop's keyring", "\"slack\"", ""},
};

constexpr KnobTable k_tables[] = {
    {"launch", "[launch]", "", "", k_launch},
    {"launch_tiers", "", "", "", k_launch_tiers},
    {"launch_phases", "", "", "", k_launch_phases},
    {"launch_demands", "", "", "", k_launch_demands},
    {"launch_span", "[[launch.freeze]]", "", "name from", k_launch_span},
    {"launch_exception", "[[launch.exception]]", "", "review code owner reason expires", k_launch_exception},
    {"redact", "[redact.NAME]", "what leaves the house when something is shared: sitrep report --redact NAME", "",
     k_redact},
    {"publish", "[publish.NAME]", "where sitrep publish NAME sends a report", "type", k_publish},
    {.name = "url", .title = "", .meaning = "", .required = "", .knobs = k_url, .or_text = true},
};

}  // namespace

std::span<const KnobTable> document_knobs() { return k_tables; }

}  // namespace sitrep::config
