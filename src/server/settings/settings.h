// What an operator may set. Every setting is declared once, in setting_table.cc; the fields here hold the
// result.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/log.h"
#include "base/result.h"
#include "model/media_description.h"
#include "model/socket_address.h"

namespace tandem::server {

enum class SipTransport : std::uint8_t { udp, tcp, tls };
struct SipListen {
  SipTransport transport = SipTransport::udp;
  model::SocketAddress address;
  friend bool operator==(const SipListen&, const SipListen&) = default;
};

/// Integers are in the unit that the name ends in. A default-constructed object holds the defaults.
struct Settings {
  Settings();

  std::string data_dir;
  struct {
    LogLevel level{};
    bool json{};
    std::string file;
  } log;
  struct {
    std::vector<SipListen> listen;
    std::optional<model::IpAddress> advertised_address;
    std::string tls_certificate;
    std::string tls_key;
    std::string tls_ca;
    bool tls_verify_server{};
    double max_invites_per_second{};
    double max_invites_per_second_per_source{};
    std::int64_t max_calls{};
    std::int64_t retry_after_s{};
    std::int64_t session_expires_s{};
    std::int64_t min_session_expires_s{};
    std::int64_t max_message_bytes{};
    std::string user_agent;
  } sip;
  struct {
    std::vector<model::IpAddress> addresses;
    std::optional<model::IpAddress> advertised_address_v4;
    std::optional<model::IpAddress> advertised_address_v6;
    std::int64_t port_min{};
    std::int64_t port_max{};
    std::int64_t port_quarantine_ms{};
    std::int64_t workers{};
    std::int64_t rtp_timeout_ms{};
    std::int64_t jitter_max_ms{};
    std::string prompt_folder;
    std::int64_t prompt_cache_mb{};
    std::int64_t prompt_max_file_mb{};
    bool idle_packets{};
    bool symmetric{};
    std::int64_t quality_interval_ms{};
    std::int64_t rtcp_interval_ms{};
    std::int64_t blocking_threads{};
  } media;
  struct {
    std::int64_t threads{};
    std::int64_t cache_mb{};
    std::string default_voice;
    std::string espeak_command;
    std::int64_t espeak_processes{};
  } speech;
  struct {
    model::SocketAddress listen;
    std::string tls_certificate;
    std::string tls_key;
  } http;
  struct {
    std::int64_t threads{};
    std::vector<model::IpBlock> allowed_addresses;
    std::string ca_file;
    std::int64_t connect_timeout_ms{};
    std::int64_t max_concurrent_connects{};
  } net;
  struct {
    std::int64_t resume_ttl_ms{};
    double max_ops_per_second{};
    std::int64_t ops_burst{};
    std::int64_t max_frame_bytes{};
    std::int64_t replay_window_events{};
    std::int64_t replay_window_bytes{};
    std::int64_t lag_grace_ms{};
    std::int64_t session_idle_grace_ms{};
    std::int64_t resume_ack_timeout_ms{};
    std::int64_t app_action_timeout_ms{};
    std::int64_t max_sessions{};
    std::int64_t max_calls_per_session{};
    std::int64_t worker_reoffer_ms{};
    std::int64_t worker_wait_ms{};
    std::int64_t max_workers_per_application{};
    std::int64_t worker_max_sessions{};
    std::int64_t worker_ready_timeout_ms{};
  } app;
  struct {
    std::int64_t default_expires_s{};
    std::int64_t min_expires_s{};
    std::int64_t max_expires_s{};
    std::int64_t max_contacts{};
    std::int64_t max_endpoints{};
    std::int64_t max_endpoints_per_account{};
    std::int64_t probe_interval_ms{};
    std::int64_t probe_failures{};
    bool offer_sha256{};
  } registrar;
  struct {
    std::int64_t probe_interval_ms{};
    std::int64_t probe_timeout_ms{};
    std::int64_t failures_until_down{};
    std::int64_t down_pause_ms{};
  } trunks;
  struct {
    std::string folder;  ///< Empty: recordings in data_dir.
    std::int64_t threads{};
    std::int64_t max_running{};
    std::int64_t max_total_mb{};
    std::int64_t max_account_mb{};
    std::int64_t min_free_mb{};
    std::int64_t retention_ms{};
    std::int64_t link_ttl_ms{};
  } recording;
  struct {
    double max_requests_per_second{};
    std::int64_t requests_burst{};
    std::int64_t max_data_bytes{};
  } rest;
  struct {
    std::string url;  ///< Empty: see store_url().
    std::int64_t rules_poll_ms{};
  } store;
  struct {
    std::vector<model::Codec> codecs;
    std::int64_t max_duration_ms{};
    std::int64_t ring_timeout_ms{};
    std::int64_t hold_timeout_ms{};
    std::int64_t drain_deadline_ms{};
    std::int64_t max_queued_operations{};
    std::int64_t max_conferences{};
    std::int64_t max_conference_participants{};
  } call;
};

/// `store.url`, or the SQLite file in data_dir.
[[nodiscard]] std::string store_url(const Settings& settings);

struct SettingError {
  std::string key;      ///< "sip.listen"; empty when the file as a whole is at fault.
  std::string source;   ///< File name or "environment variable TANDEM_SIP_LISTEN".
  int line = 0;         ///< From 1; 0: none.
  std::string message;  ///< What is wrong and what is allowed.
  /// "tandem.toml:12: sip.listen: must be …"
  [[nodiscard]] std::string str() const;
};
using SettingsResult = Result<Settings, std::vector<SettingError>>;

/// Looks up an environment variable; nothing when it is not set.
using EnvironmentLookup = std::function<std::optional<std::string>(const std::string& name)>;
[[nodiscard]] EnvironmentLookup process_environment();
[[nodiscard]] EnvironmentLookup no_environment();

/// Parses TOML; all errors at once. Settings that the text does not name keep their defaults. Variables such
/// as TANDEM_SIP_LISTEN (lists separated by commas) go before the text.
[[nodiscard]] SettingsResult parse_settings(std::string_view text, const std::string& source,
                                            const EnvironmentLookup& environment);
/// The same for a file of at most 1 MiB; with an empty path only the environment counts. Blocking.
[[nodiscard]] SettingsResult load_settings(const std::string& path, const EnvironmentLookup& environment);

}  // namespace tandem::server
