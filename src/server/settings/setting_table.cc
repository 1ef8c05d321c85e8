#include "server/settings/setting_table.h"

namespace tandem::server {
namespace {

constexpr double kDay = 86'400'000;

// A field of Settings as a function that finds it.
#define TANDEM_FIELD(member)                                            \
  FieldOf<decltype(Settings::member)> {                                 \
    [](Settings& s) -> decltype(Settings::member)& { return s.member; } \
  }
#define TANDEM_NESTED(member)                                                              \
  FieldOf<std::remove_reference_t<decltype((std::declval<Settings&>().member))>> {         \
    [](Settings& s) -> std::remove_reference_t<decltype((s.member))>& { return s.member; } \
  }

const SettingSpec kTable[] = {
    {"data_dir", TANDEM_FIELD(data_dir), R"("tandem-data")", 1, 4096,
     "Folder for the database, the journal of live calls and spool files. Made when it is missing. A "
     "relative path counts from the working directory."},

    {"log.level", TANDEM_NESTED(log.level), R"("info")", 0, 0, "Least severity that is logged."},
    {"log.json", TANDEM_NESTED(log.json), "false", 0, 0, "One JSON object a line instead of text."},
    {"log.file", TANDEM_NESTED(log.file), R"("")", 0, 4096,
     "File to append the log to; empty: standard error."},

    {"sip.listen", TANDEM_NESTED(sip.listen), R"(["udp:127.0.0.1:5060", "tcp:127.0.0.1:5060"])", 1, 16,
     "Where SIP is spoken: transport (udp, tcp, tls), address and port; IPv6 in brackets. The default serves "
     "this machine only."},
    {"sip.advertised_address", TANDEM_NESTED(sip.advertised_address), R"("")", 0, 0,
     "Address written into Contact behind address translation; empty: the one that the peer is reached "
     "from."},
    {"sip.tls_certificate", TANDEM_NESTED(sip.tls_certificate), R"("")", 0, 4096,
     "PEM file with the certificate chain; needed when listening on tls."},
    {"sip.tls_key", TANDEM_NESTED(sip.tls_key), R"("")", 0, 4096,
     "PEM file with the private key of the certificate."},
    {"sip.tls_ca", TANDEM_NESTED(sip.tls_ca), R"("")", 0, 4096,
     "PEM file with the authorities trusted for outbound TLS; empty: the system's."},
    {"sip.tls_verify_server", TANDEM_NESTED(sip.tls_verify_server), "true", 0, 0,
     "Check the certificates of SIP servers that we connect to."},
    {"sip.max_invites_per_second", TANDEM_NESTED(sip.max_invites_per_second), "0", 0, 100'000,
     "New calls a second from all sources; more get 503 with Retry-After. 0: no limit."},
    {"sip.max_invites_per_second_per_source", TANDEM_NESTED(sip.max_invites_per_second_per_source), "0", 0,
     100'000, "New calls a second from one address; more get 503, ten times as many no answer. 0: no limit."},
    {"sip.max_calls", TANDEM_NESTED(sip.max_calls), "0", 0, 1'000'000,
     "Calls at a time; more get 503 with Retry-After. 0: no limit."},
    {"sip.retry_after_s", TANDEM_NESTED(sip.retry_after_s), "5", 1, 3600, "Retry-After of such refusals."},
    {"sip.session_expires_s", TANDEM_NESTED(sip.session_expires_s), "1800", 90, 86'400,
     "Session timer that we ask for (RFC 4028)."},
    {"sip.min_session_expires_s", TANDEM_NESTED(sip.min_session_expires_s), "90", 90, 86'400,
     "Shortest session timer that we accept; a shorter one gets 422 (RFC 4028)."},
    {"sip.max_message_bytes", TANDEM_NESTED(sip.max_message_bytes), "65536", 4096, 1'048'576,
     "Longest SIP message."},
    {"sip.user_agent", TANDEM_NESTED(sip.user_agent), R"("Tandem")", 0, 100,
     "What we call ourselves in SIP messages."},

    {"media.addresses", TANDEM_NESTED(media.addresses), R"(["127.0.0.1"])", 1, 2,
     "Local addresses for RTP, at most one IPv4 and one IPv6. The default serves this machine only."},
    {"media.advertised_address_v4", TANDEM_NESTED(media.advertised_address_v4), R"("")", 0, 0,
     "IPv4 address written into session descriptions behind address translation; empty: the local one."},
    {"media.advertised_address_v6", TANDEM_NESTED(media.advertised_address_v6), R"("")", 0, 0,
     "The same for IPv6."},
    {"media.port_min", TANDEM_NESTED(media.port_min), "20000", 1024, 65'534,
     "First UDP port for RTP; even. A call takes two ports, for RTP and RTCP."},
    {"media.port_max", TANDEM_NESTED(media.port_max), "39998", 1024, 65'534, "Last UDP port for RTP; even."},
    {"media.port_quarantine_ms", TANDEM_NESTED(media.port_quarantine_ms), "5000", 0, 600'000,
     "How long a port rests after a call, so that late packets do not reach the next one."},
    {"media.workers", TANDEM_NESTED(media.workers), "0", 0, 256, "Media threads; 0: one a processor core."},
    {"media.rtp_timeout_ms", TANDEM_NESTED(media.rtp_timeout_ms), "60000", 0, kDay,
     "A call without any RTP for so long ends; 0: never."},
    {"media.jitter_max_ms", TANDEM_NESTED(media.jitter_max_ms), "200", 20, 1000,
     "Longest delay of the jitter buffer."},
    {"media.prompt_folder", TANDEM_NESTED(media.prompt_folder), R"("")", 0, 4096,
     "Folder that file:// URLs of applications may name files in; empty: file:// is refused."},
    {"media.prompt_cache_mb", TANDEM_NESTED(media.prompt_cache_mb), "256", 1, 1'048'576,
     "Memory for converted prompts."},
    {"media.prompt_max_file_mb", TANDEM_NESTED(media.prompt_max_file_mb), "64", 1, 4096,
     "Largest audio file that is loaded."},
    {"media.idle_packets", TANDEM_NESTED(media.idle_packets), "true", 0, 0,
     "Send silence while nothing is played: keeps address translation open and peers from timing out."},
    {"media.symmetric", TANDEM_NESTED(media.symmetric), "true", 0, 0,
     "Send RTP to where the peer's comes from, once that is certain."},
    {"media.quality_interval_ms", TANDEM_NESTED(media.quality_interval_ms), "10000", 1000, 600'000,
     "Between call.quality events."},
    {"media.rtcp_interval_ms", TANDEM_NESTED(media.rtcp_interval_ms), "5000", 500, 60'000,
     "Mean time between RTCP reports."},
    {"media.blocking_threads", TANDEM_NESTED(media.blocking_threads), "2", 1, 64,
     "Threads that load and convert audio files."},

    {"speech.threads", TANDEM_NESTED(speech.threads), "2", 1, 64, "Threads that synthesise speech."},
    {"speech.cache_mb", TANDEM_NESTED(speech.cache_mb), "128", 1, 1'048'576,
     "Memory for synthesised speech."},
    {"speech.default_voice", TANDEM_NESTED(speech.default_voice), R"("")", 0, 100,
     "Voice for texts that name none; empty: the first English voice."},
    {"speech.espeak_command", TANDEM_NESTED(speech.espeak_command), R"("espeak-ng")", 1, 4096,
     "Program that speaks the languages other than English; runs as a process of its own."},
    {"speech.espeak_processes", TANDEM_NESTED(speech.espeak_processes), "4", 1, 64,
     "Most of these processes at a time."},

    {"http.listen", TANDEM_NESTED(http.listen), R"("127.0.0.1:8080")", 0, 0,
     "Where REST, workers, /health and /metrics are served."},
    {"http.tls_certificate", TANDEM_NESTED(http.tls_certificate), R"("")", 0, 4096,
     "PEM file with the certificate chain; empty: plain HTTP."},
    {"http.tls_key", TANDEM_NESTED(http.tls_key), R"("")", 0, 4096,
     "PEM file with the private key of the certificate."},

    {"net.threads", TANDEM_NESTED(net.threads), "1", 1, 64, "Threads for HTTP and WebSocket connections."},
    {"net.allowed_addresses", TANDEM_NESTED(net.allowed_addresses), "[]", 0, 256,
     "Blocks such as \"10.1.0.0/16\" that URLs of customers may lead to although they are private or local. "
     "Without an entry such addresses are refused."},
    {"net.ca_file", TANDEM_NESTED(net.ca_file), R"("")", 0, 4096,
     "PEM file with the authorities trusted for https and wss; empty: the system's."},
    {"net.connect_timeout_ms", TANDEM_NESTED(net.connect_timeout_ms), "5000", 100, 60'000,
     "For reaching an application, from name resolution to the WebSocket's opening."},
    {"net.max_concurrent_connects", TANDEM_NESTED(net.max_concurrent_connects), "4096", 1, 65'536,
     "Connections in the making at a time; more wait."},

    {"app.resume_ttl_ms", TANDEM_NESTED(app.resume_ttl_ms), "30000", 0, 3'600'000,
     "How long a session whose WebSocket broke can be resumed."},
    {"app.max_ops_per_second", TANDEM_NESTED(app.max_ops_per_second), "100", 1, 100'000,
     "Requests a second of one session; more are refused."},
    {"app.ops_burst", TANDEM_NESTED(app.ops_burst), "200", 1, 100'000,
     "Requests that may come at once beyond that."},
    {"app.max_frame_bytes", TANDEM_NESTED(app.max_frame_bytes), "65536", 1024, 16'777'216,
     "Longest message of an application."},
    {"app.replay_window_events", TANDEM_NESTED(app.replay_window_events), "4000", 40, 400'000,
     "Events of a session kept for replay; with a quarter of them unacknowledged the session counts as "
     "lagging."},
    {"app.replay_window_bytes", TANDEM_NESTED(app.replay_window_bytes), "1048576", 65'536, 1'073'741'824,
     "Bytes waiting for a slow application before its WebSocket is closed; the session can be resumed."},
    {"app.lag_grace_ms", TANDEM_NESTED(app.lag_grace_ms), "10000", 0, 600'000,
     "How long a session may lag before its WebSocket is closed."},
    {"app.session_idle_grace_ms", TANDEM_NESTED(app.session_idle_grace_ms), "30000", 0, kDay,
     "How long a session without calls stays open for the application to close."},
    {"app.resume_ack_timeout_ms", TANDEM_NESTED(app.resume_ack_timeout_ms), "5000", 100, 60'000,
     "How long a resumed WebSocket may take to say which event it saw last."},
    {"app.app_action_timeout_ms", TANDEM_NESTED(app.app_action_timeout_ms), "10000", 100, 600'000,
     "From the session's start to the application's first act on the call; then the call ends with "
     "app_timeout."},
    {"app.max_sessions", TANDEM_NESTED(app.max_sessions), "50000", 1, 1'000'000, "Sessions at a time."},
    {"app.max_calls_per_session", TANDEM_NESTED(app.max_calls_per_session), "1000", 1, 100'000,
     "Calls that one session may hold."},
    {"app.worker_reoffer_ms", TANDEM_NESTED(app.worker_reoffer_ms), "2000", 100, 60'000,
     "How long a session that its worker has not touched stays with it after the worker's socket broke; then "
     "another worker gets it."},
    {"app.worker_wait_ms", TANDEM_NESTED(app.worker_wait_ms), "5000", 0, 60'000,
     "How long a call of an application without URL waits for a worker."},
    {"app.max_workers_per_application", TANDEM_NESTED(app.max_workers_per_application), "100", 1, 10'000,
     "Worker sockets of one application."},
    {"app.worker_max_sessions", TANDEM_NESTED(app.worker_max_sessions), "10000", 1, 100'000,
     "Sessions that one worker may say to have room for."},
    {"app.worker_ready_timeout_ms", TANDEM_NESTED(app.worker_ready_timeout_ms), "10000", 100, 60'000,
     "How long a worker may take to say worker.ready after it has connected."},

    {"registrar.default_expires_s", TANDEM_NESTED(registrar.default_expires_s), "3600", 60, 86'400,
     "How long a registration lasts when the phone does not say."},
    {"registrar.min_expires_s", TANDEM_NESTED(registrar.min_expires_s), "60", 1, 3'600,
     "Shorter registrations are refused with 423."},
    {"registrar.max_expires_s", TANDEM_NESTED(registrar.max_expires_s), "7200", 60, 604'800,
     "Longer registrations are cut to this."},
    {"registrar.max_contacts", TANDEM_NESTED(registrar.max_contacts), "10", 1, 100,
     "Contacts of one endpoint."},
    {"registrar.max_endpoints", TANDEM_NESTED(registrar.max_endpoints), "200000", 1, 10'000'000,
     "Registered endpoints at a time."},
    {"registrar.max_endpoints_per_account", TANDEM_NESTED(registrar.max_endpoints_per_account), "50000", 1,
     10'000'000, "Registered endpoints of one account."},
    {"registrar.probe_interval_ms", TANDEM_NESTED(registrar.probe_interval_ms), "60000", 0, 86'400'000,
     "How often each contact is asked by OPTIONS whether it answers; 0: never."},
    {"registrar.probe_failures", TANDEM_NESTED(registrar.probe_failures), "2", 1, 100,
     "So many probes in a row without an answer make a contact unreachable."},
    {"registrar.offer_sha256", TANDEM_NESTED(registrar.offer_sha256), "true", 0, 1,
     "Challenge with SHA-256 before MD5. Set it to false where phones cannot register because they give up "
     "on "
     "a challenge that they do not know."},

    {"trunks.probe_interval_ms", TANDEM_NESTED(trunks.probe_interval_ms), "30000", 100, 3'600'000,
     "How often a gateway that is well is asked by OPTIONS."},
    {"trunks.probe_timeout_ms", TANDEM_NESTED(trunks.probe_timeout_ms), "4000", 100, 60'000,
     "How long a gateway may take to answer OPTIONS."},
    {"trunks.failures_until_down", TANDEM_NESTED(trunks.failures_until_down), "3", 1, 100,
     "Failures in a row, of calls or probes, after which a gateway is left alone."},
    {"trunks.down_pause_ms", TANDEM_NESTED(trunks.down_pause_ms), "15000", 100, 300'000,
     "How long it is left alone before one trial; twice as long after each that fails, at most 5 minutes."},

    {"recording.folder", TANDEM_NESTED(recording.folder), R"("")", 0, 4096,
     "Folder for recordings until they are fetched or deleted; empty: recordings in data_dir."},
    {"recording.threads", TANDEM_NESTED(recording.threads), "2", 1, 64, "Threads that write recordings."},
    {"recording.max_running", TANDEM_NESTED(recording.max_running), "2000", 1, 100'000,
     "Recordings at a time; more fail with record_failed."},
    {"recording.max_total_mb", TANDEM_NESTED(recording.max_total_mb), "0", 0, 1'000'000'000,
     "Room for all recordings in the folder; a new one fails beyond it. 0: as much as the disk has."},
    {"recording.max_account_mb", TANDEM_NESTED(recording.max_account_mb), "0", 0, 1'000'000'000,
     "Room for the recordings of one account. 0: no limit of its own."},
    {"recording.min_free_mb", TANDEM_NESTED(recording.min_free_mb), "256", 0, 1'000'000,
     "Room on the disk that recordings leave to call detail records and the database: below it none begins "
     "and "
     "those that run end with record_failed."},
    {"recording.retention_ms", TANDEM_NESTED(recording.retention_ms), "86400000", 60'000, 365 * kDay,
     "How long recordings are kept that do not end with a session: those made by setting, and those that "
     "were "
     "found after a crash."},
    {"recording.link_ttl_ms", TANDEM_NESTED(recording.link_ttl_ms), "3600000", 1000, 7 * kDay,
     "How long a signed link to a recording is good."},

    {"rest.max_requests_per_second", TANDEM_NESTED(rest.max_requests_per_second), "50", 1, 100'000,
     "REST requests of one API key; more are answered with 429."},
    {"rest.requests_burst", TANDEM_NESTED(rest.requests_burst), "100", 1, 1'000'000,
     "REST requests that one API key may make at once."},
    {"rest.max_data_bytes", TANDEM_NESTED(rest.max_data_bytes), "65536", 1, 1'048'576,
     "Largest `data` of an outbound call, in bytes."},

    {"store.url", TANDEM_NESTED(store.url), R"("")", 0, 4096,
     "The database: sqlite:// followed by a path, as in sqlite:///var/lib/tandem/tandem.db, or a PostgreSQL "
     "server's address as libpq reads it, as in postgresql://tandem@db.example/tandem; empty: tandem.db in "
     "data_dir. A password is better kept out of it: in PGPASSFILE, or in TANDEM_STORE_URL."},
    {"store.rules_poll_ms", TANDEM_NESTED(store.rules_poll_ms), "200", 50, 60'000,
     "How often changed routing rules are looked for. New numbers work at once in any case."},

    {"call.codecs", TANDEM_NESTED(call.codecs), R"(["pcmu", "pcma", "g722"])", 1, 3,
     "Codecs in order of preference."},
    {"call.max_duration_ms", TANDEM_NESTED(call.max_duration_ms), "14400000", 1000, 7 * kDay,
     "Longest call; an account may set a shorter limit."},
    {"call.ring_timeout_ms", TANDEM_NESTED(call.ring_timeout_ms), "300000", 1000, 3'600'000,
     "From the first ring to the answer."},
    {"call.hold_timeout_ms", TANDEM_NESTED(call.hold_timeout_ms), "3600000", 1000, kDay,
     "Longest time on hold."},
    {"call.drain_deadline_ms", TANDEM_NESTED(call.drain_deadline_ms), "1800000", 0, kDay,
     "Calls still there so long after the server was told to stop are ended."},
    {"call.max_queued_operations", TANDEM_NESTED(call.max_queued_operations), "200", 1, 10'000,
     "Operations waiting on one call; more are refused."},
    {"call.max_conferences", TANDEM_NESTED(call.max_conferences), "1000", 0, 1'000'000,
     "Conferences of one account at once."},
    {"call.max_conference_participants", TANDEM_NESTED(call.max_conference_participants), "1000", 1, 10'000,
     "Members of one conference."},
};
#undef TANDEM_FIELD
#undef TANDEM_NESTED

}  // namespace

std::span<const SettingSpec> setting_table() {
  return kTable;
}

std::string environment_name(std::string_view setting) {
  std::string name = "TANDEM_";
  for (const char c : setting) name += c == '.' ? '_' : c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  return name;
}

}  // namespace tandem::server
