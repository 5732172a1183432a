#include "config/knobs.hpp"

namespace sitrep::config {
namespace {

using enum KnobType;

constexpr Knob k_source[] = {
    {"preset", text, "", "built-in connector; any key here overrides its own (sitrep source presets lists them)",
     "\"pagerduty\"", ""},
    {"description", text, "", "what it is, for people", "\"The pager of the platform teams\"", ""},
    {"experimental", boolean, "", "of presets: not yet tried on answers of the real API", "true", "false"},
    {"base_url", text, "", "where the API is; https, or http on loopback", "\"https://launch.internal/api/v1\"", ""},
    {"headers", pairs, "", "headers of every request", "{ Accept = \"application/vnd.api+json\" }", ""},
    {"params", pairs, "", "query parameters of every request", "{ team = \"platform\" }", ""},
    {"command", table, "command", "a program in place of an API; it runs once 'sitrep trust' has recorded it",
     "{ argv = [\"./taps/orders\"], messages = \"singer\" }", ""},
    {"auth", table, "auth", "how requests prove who asks", "{ type = \"bearer\", token = { env = \"LAUNCH_TOKEN\" } }",
     ""},
    {"allow_http", boolean, "", "http:// to another machine, where anybody on the way can read", "true", "false"},
    {"tls", table, "tls", "", "{ ca_file = \"internal-ca.pem\" }", ""},
    {"proxy", text, "", "URL of a proxy", "\"http://proxy.internal:3128\"",
     "http_proxy, https_proxy and no_proxy of the environment"},
    {"unix_socket", text, "", "socket that the server listens on, in place of the host's port",
     "\"/run/launches.sock\"", ""},
    {"timeouts", table, "timeouts", "", "{ total = \"2m\" }", ""},
    {"decode", table, "decode", "", "{ max_bytes = 1000000 }", ""},
    {"rate_limit", table, "rate_limit", "", "{ requests = 50, per = \"10s\" }", ""},
    {"retry", table, "retry", "", "{ max = 3 }", ""},
    {"error", table, "error", "", "{ message_paths = [\"detail\"] }", ""},
    {"stream", tables, "stream", "one list of the API", "[{ name = \"reviews\", entity = \"launch_review\" }]", ""},
    {"action", named, "action", "a request that writes", "{ file = { path = \"reviews\" } }", ""},
};

constexpr Knob k_command[] = {
    {"argv", texts, "", "program and arguments; no shell", "[\"./taps/orders\", \"--all\"]", ""},
    {"messages", choice, "ndjson singer", "what it prints: a record in each line, or Singer's SCHEMA, RECORD and STATE",
     "\"singer\"", "ndjson"},
    {"environment", texts, "", "variables that it may see beside PATH, HOME, LANG, LC_ALL, TZ and TMPDIR",
     "[\"ORDERS_TOKEN\"]", ""},
    {"timeout", duration, "", "longest run", "\"2m\"", "10m"},
    {"memory_bytes", integer, "", "address space of each of its processes", "536870912", "2 GiB"},
    {"output_bytes", integer, "", "most that it may print", "1048576", "256 MiB"},
};

constexpr Knob k_tls[] = {
    {"ca_file", text, "", "authority that signs the server's certificate, PEM", "\"internal-ca.pem\"",
     "the system's authorities"},
    {"client_cert", text, "", "certificate to show to the server, PEM", "\"client.pem\"", ""},
    {"client_key", text, "", "its private key, PEM", "\"client.key\"", ""},
};

constexpr Knob k_timeouts[] = {
    {"connect", duration, "", "until the connection stands, TLS included", "\"5s\"", "10s"},
    {"first_byte", duration, "", "from there until the answer begins", "\"90s\"", "60s"},
    {"idle", duration, "", "silence within an answer", "\"10s\"", "30s"},
    {"total", duration, "", "the whole exchange", "\"2m\"", "5m"},
};

constexpr Knob k_decode[] = {
    {"max_bytes", integer, "", "largest body, decompressed", "67108864", "256 MiB"},
    {"encodings", texts, "", "compressions to ask for", "[\"gzip\"]", "gzip and deflate"},
};

constexpr Knob k_rate_limit[] = {
    {"requests", integer, "", "so many requests in any span of `per`, all streams together", "50", "no limit"},
    {"per", duration, "", "the span of `requests`", "\"10s\"", "1s"},
    {"max_in_flight", integer, "", "requests at once, all streams together", "1", "4"},
    {"statuses", integers, "", "statuses that mean: too many requests", "[420, 429]", "429"},
    {"remaining_header", text, "", "header that counts down the requests that are left", "\"X-RateLimit-Remaining\"",
     ""},
    {"reset_header", text, "", "header that says when there are more", "\"X-RateLimit-Reset\"", ""},
    {"reset_format", choice, "seconds epoch epoch_ms http_date iso8601", "of reset_header", "\"epoch\"", "seconds"},
    {"retry_after_path", text, "", "where the body of such a status says how long to wait",
     "\"rate_limit.retry_after\"", ""},
    {"max_wait", duration, "", "longest wait that a server may ask for", "\"1h\"", "15m"},
};

constexpr Knob k_retry[] = {
    {"max", integer, "", "tries beyond the first", "3", "5"},
    {"statuses", integers, "", "statuses worth another try", "[429, 503]", "408, 425, 429, 500, 502, 503, 504"},
    {"backoff", duration, "", "wait before the first further try; doubles with each", "\"1s\"", "500ms"},
    {"max_backoff", duration, "", "longest wait of our own", "\"30s\"", "60s"},
    {"jitter", real, "", "part of such a wait that is left to chance, 0 to 1", "0.2", "0.5"},
};

constexpr Knob k_error[] = {
    {"message_paths", texts, "", "where an error body keeps its message; tried in order",
     "[\"error.message\", \"detail\"]", "the common places"},
    {"code_path", text, "", "where it keeps a code; shown before the message", "\"error.code\"", ""},
};

constexpr Knob k_auth[] = {
    {"type", choice, "none bearer api_key http_basic oauth2_client_credentials aws_sigv4", "how", "\"api_key\"",
     "bearer when there is a token"},
    {"name", text, "", "header or query parameter of api_key", "\"X-Api-Key\"", "Authorization"},
    {"location", choice, "header query", "where api_key goes", "\"query\"", "header"},
    {"prefix", text, "", "in front of the token, its blank included", "\"Token token=\"",
     "\"Bearer \" for bearer, else none"},
    {"token_url", text, "", "oauth2_client_credentials: where the token is asked for",
     "\"https://login.internal/oauth2/token\"", ""},
    {"scope", text, "", "oauth2_client_credentials: scopes, blank between them", "\"incidents.read\"", ""},
    {"client_id", table, "secret", "of oauth2_client_credentials", "{ env = \"CLIENT_ID\" }", ""},
    {"client_secret", table, "secret", "of oauth2_client_credentials", "{ env = \"CLIENT_SECRET\" }", ""},
    {"region", text, "", "aws_sigv4: of the service", "\"eu-central-1\"", ""},
    {"service", text, "", "aws_sigv4: name that goes into the signature", "\"servicequotas\"", ""},
    {"access_key", table, "secret", "of aws_sigv4", "{ env = \"AWS_ACCESS_KEY_ID\" }", ""},
    {"secret_key", table, "secret", "of aws_sigv4", "{ env = \"AWS_SECRET_ACCESS_KEY\" }", ""},
    {"token", table, "secret", "of bearer and api_key; the session token of aws_sigv4", "{ env = \"PAGERDUTY_TOKEN\" }",
     ""},
    {"username", table, "secret", "of http_basic", "{ env = \"JIRA_USER\" }", ""},
    {"password", table, "secret", "of http_basic", "{ file = \"jira-token\" }", ""},
};

constexpr Knob k_secret[] = {
    {"env", text, "", "environment variable", "\"PAGERDUTY_TOKEN\"", ""},
    {"file", text, "", "file that only its owner can read (mode 0600)", "\"pagerduty-token\"", ""},
    {"command", texts, "", "program that prints it; runs after sitrep trust", "[\"pass\", \"show\", \"pagerduty\"]",
     ""},
    {"keyring", text, "", "entry of the desktop's keyring", "\"pagerduty\"", ""},
};

constexpr Knob k_action[] = {
    {"method", choice, "POST PUT PATCH", "of the request", "\"PUT\"", "POST"},
    {"path", text, "", "below base_url", "\"reviews\"", ""},
    {"json", any, "", "body: a table whose texts, also in inner tables and lists, are templates",
     "{ name = \"{{ title }}\", labels = [\"{{ team }}\"] }", ""},
    {"headers", pairs, "", "further headers", "{ From = \"oncall@example.com\" }", ""},
    {"success_statuses", integers, "", "statuses that mean that it worked", "[201]", "200, 201, 202, 204"},
    {"id_path", text, "", "where the answer holds the id", "\"incident.id\"", ""},
    {"url_path", text, "", "where the answer holds the page for people", "\"incident.html_url\"", ""},
    {"location_header", text, "", "header of the answer that leads to the object; its last part is the id",
     "\"Content-Location\"", "Location"},
    {"if_match", boolean, "",
     "send If-Match with the ETag of the last filing: a change that somebody made there meanwhile is not overwritten",
     "true", "false"},
    {"min_interval", duration, "", "least time between two writes to this source", "\"1s\"", "none"},
    {"dry_run_param", text, "", "parameter by which the API tries a write and keeps nothing: launch file --dry-run",
     "\"dryRun=All\"", "none: a dry run sends nothing"},
    {"poll", table, "poll", "for APIs that answer 202 and work later: how to ask what became of it",
     "{ path = \"requests/{{ id }}\", id_path = \"requestId\", done_path = \"data.processedAt\" }", ""},
    {"idempotency", table, "idempotency", "", "{ in = \"header\", name = \"Idempotency-Key\" }", ""},
};

constexpr Knob k_idempotency[] = {
    {"in", choice, "header body lookup none", "where the key of a filing goes", "\"body\"", "none"},
    {"name", text, "", "header or field of the body that carries it", "\"incident_key\"", ""},
    {"key", text, "",
     "template of the key: the fields of the file, {{ file }}, {{ hash }} of its content and {{ key }}, sitrep's own",
     "\"launch-{{ key }}\"", "sitrep's own"},
};

constexpr Knob k_poll[] = {
    {"path", text, "", "below base_url; {{ id }} is the id of the request", "\"requests/{{ id }}\"",
     "where location_header leads"},
    {"id_path", text, "", "where the 202 holds that id", "\"requestId\"", ""},
    {"done_path", text, "", "where the answer says that the request is over", "\"data.processedAt\"", ""},
    {"done_when", scalar, "", "what it says then", "\"processed\"", "anything but null, false and an empty text"},
    {"success", table, "success", "", "{ path = \"data.isSuccess\", equals = true }", "what is over has worked"},
    {"result_id_path", text, "", "where it holds the id of the object", "\"data.incidentId\"", ""},
    {"result_url_path", text, "", "where it holds the page for people", "\"data.url\"", ""},
    {"interval", duration, "", "time between two questions; it doubles up to 10s", "\"500ms\"", "1s"},
    {"timeout", duration, "", "how long to ask; the next run goes on asking", "\"5m\"", "1m"},
};

constexpr KnobTable k_tables[] = {
    {"source", "[source.NAME]", "", "", k_source},
    {"command", "", "", "argv", k_command},
    {"tls", "", "", "", k_tls},
    {"timeouts", "", "", "", k_timeouts},
    {"decode", "", "", "", k_decode},
    {"rate_limit", "", "", "", k_rate_limit},
    {"retry", "", "", "", k_retry},
    {"error", "", "", "", k_error},
    {"auth", "auth", "", "", k_auth},
    {"secret", "token, username, password", "where a secret comes from, one of these; it never stands in this file", "",
     k_secret},
    {"action", "[source.NAME.action.VERB]", "", "path", k_action},
    {"idempotency", "", "", "", k_idempotency},
    {"poll", "", "", "done_path", k_poll},
};

}  // namespace

std::span<const KnobTable> source_knobs() { return k_tables; }

}  // namespace sitrep::config
