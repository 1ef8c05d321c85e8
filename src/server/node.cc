#include "server/node.h"

#include <fmt/format.h>

#include <filesystem>
#include <future>

#include "artifact/recording/recordings.h"
#include "cluster/single/single_directory.h"
#include "media/player/prompt_library.h"
#include "media/recorder/recorder.h"
#include "model/generated/protocol.h"
#include "server/http_doors.h"
#include "server/worker_door.h"
#include "sip/sofia/agent_factory.h"
#include "speech/synthesizer.h"
#include "store/async/call_store.h"
#include "store/sql/open_store.h"
#include "trunk/router.h"

namespace tandem::server {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kMegabyte = 1UL << 20;
constexpr std::size_t kBlockingQueue = 4096;

sip::Transport transport_of(SipTransport t) {
  switch (t) {
    case SipTransport::udp:
      return sip::Transport::udp;
    case SipTransport::tcp:
      return sip::Transport::tcp;
    case SipTransport::tls:
      return sip::Transport::tls;
  }
  return sip::Transport::udp;
}

sip::AgentOptions agent_options(const Settings& s) {
  sip::AgentOptions options;
  for (const SipListen& listen : s.sip.listen)
    options.listen.push_back({transport_of(listen.transport), listen.address});
  options.advertised = s.sip.advertised_address;
  options.tls_certificate_file = s.sip.tls_certificate;
  options.tls_key_file = s.sip.tls_key;
  options.tls_ca_file = s.sip.tls_ca;
  options.tls_verify_server = s.sip.tls_verify_server;
  options.max_message_bytes = static_cast<std::size_t>(s.sip.max_message_bytes);
  options.user_agent = s.sip.user_agent;
  options.session_expires_s = static_cast<std::uint32_t>(s.sip.session_expires_s);
  options.min_session_expires_s = static_cast<std::uint32_t>(s.sip.min_session_expires_s);
  options.overload.max_invites_per_second = s.sip.max_invites_per_second;
  options.overload.max_invites_per_second_per_source = s.sip.max_invites_per_second_per_source;
  options.overload.max_legs = static_cast<std::size_t>(s.sip.max_calls);
  options.overload.retry_after_s = static_cast<int>(s.sip.retry_after_s);
  return options;
}

media::EngineOptions engine_options(const Settings& s) {
  media::EngineOptions options;
  options.workers = static_cast<std::size_t>(s.media.workers);
  options.port_min = static_cast<std::uint16_t>(s.media.port_min);
  options.port_max = static_cast<std::uint16_t>(s.media.port_max);
  options.port_quarantine = milliseconds(s.media.port_quarantine_ms);
  options.addresses = s.media.addresses;
  options.advertised_v4 = s.media.advertised_address_v4;
  options.advertised_v6 = s.media.advertised_address_v6;
  options.rtp_timeout = milliseconds(s.media.rtp_timeout_ms);
  options.jitter_max = milliseconds(s.media.jitter_max_ms);
  options.idle_packets = s.media.idle_packets;
  options.symmetric = s.media.symmetric;
  options.rtcp_interval = milliseconds(s.media.rtcp_interval_ms);
  options.quality_interval = milliseconds(s.media.quality_interval_ms);
  return options;
}

app::GatewayOptions gateway_options(const Settings& s) {
  app::GatewayOptions options;
  options.capabilities = model::capabilities();
  options.limits.events.window = static_cast<std::size_t>(s.app.replay_window_events) / 4;
  options.limits.events.replay = static_cast<std::size_t>(s.app.replay_window_events);
  options.limits.channel.requests_per_second = s.app.max_ops_per_second;
  options.limits.channel.request_burst = static_cast<double>(s.app.ops_burst);
  options.limits.channel.max_frame_bytes = static_cast<std::size_t>(s.app.max_frame_bytes);
  options.limits.channel.send_queue_bytes = static_cast<std::size_t>(s.app.replay_window_bytes);
  options.limits.connect_timeout = milliseconds(s.net.connect_timeout_ms);
  options.limits.resume_ttl = milliseconds(s.app.resume_ttl_ms);
  options.max_sessions = static_cast<std::size_t>(s.app.max_sessions);
  options.limits.resume_ack_timeout = milliseconds(s.app.resume_ack_timeout_ms);
  options.limits.lag_grace = milliseconds(s.app.lag_grace_ms);
  options.limits.idle_grace = milliseconds(s.app.session_idle_grace_ms);
  options.limits.max_queued_operations = static_cast<std::uint32_t>(s.call.max_queued_operations);
  options.limits.max_calls = static_cast<std::uint32_t>(s.app.max_calls_per_session);
  options.workers.reoffer = milliseconds(s.app.worker_reoffer_ms);
  options.workers.wait = milliseconds(s.app.worker_wait_ms);
  options.workers.max_per_application = static_cast<std::size_t>(s.app.max_workers_per_application);
  options.workers.max_sessions = static_cast<std::size_t>(s.app.worker_max_sessions);
  options.workers.ready_timeout = milliseconds(s.app.worker_ready_timeout_ms);
  options.workers.outbox.stall = milliseconds(s.app.lag_grace_ms);
  return options;
}

registrar::RegistrarOptions registrar_options(const Settings& s) {
  registrar::RegistrarOptions options;
  options.bindings.default_expires_s = static_cast<std::uint32_t>(s.registrar.default_expires_s);
  options.bindings.min_expires_s = static_cast<std::uint32_t>(s.registrar.min_expires_s);
  options.bindings.max_expires_s = static_cast<std::uint32_t>(s.registrar.max_expires_s);
  options.bindings.max_contacts = static_cast<std::size_t>(s.registrar.max_contacts);
  options.max_endpoints = static_cast<std::size_t>(s.registrar.max_endpoints);
  options.max_endpoints_per_account = static_cast<std::size_t>(s.registrar.max_endpoints_per_account);
  options.probe_interval = milliseconds(s.registrar.probe_interval_ms);
  options.probe_failures = static_cast<std::uint32_t>(s.registrar.probe_failures);
  return options;
}

trunk::RouterOptions trunk_options(const Settings& s) {
  trunk::RouterOptions options;
  options.breaker.failures = static_cast<int>(s.trunks.failures_until_down);
  options.breaker.pause = milliseconds(s.trunks.down_pause_ms);
  options.probe_interval = milliseconds(s.trunks.probe_interval_ms);
  options.probe_timeout = milliseconds(s.trunks.probe_timeout_ms);
  return options;
}

rest::DoorOptions rest_options(const Settings& s) {
  rest::DoorOptions options;
  options.max_data_bytes = static_cast<std::size_t>(s.rest.max_data_bytes);
  options.max_body_bytes = 2 * options.max_data_bytes;
  options.rate_limit.per_second = s.rest.max_requests_per_second;
  options.rate_limit.burst = static_cast<double>(s.rest.requests_burst);
  return options;
}

call::CoreOptions core_options(const Settings& s) {
  call::CoreOptions options;
  options.codecs = s.call.codecs;
  options.ring_limit = milliseconds(s.call.ring_timeout_ms);
  options.max_call_duration = milliseconds(s.call.max_duration_ms);
  options.hold_limit = milliseconds(s.call.hold_timeout_ms);
  options.retry_after_s = static_cast<int>(s.sip.retry_after_s);
  options.app_action_timeout = milliseconds(s.app.app_action_timeout_ms);
  options.drain_deadline = milliseconds(s.call.drain_deadline_ms);
  options.max_queued_operations = static_cast<std::size_t>(s.call.max_queued_operations);
  options.max_conferences = static_cast<std::size_t>(s.call.max_conferences);
  options.max_conference_participants = static_cast<std::size_t>(s.call.max_conference_participants);
  return options;
}

}  // namespace

Node::Node(Settings settings, Log log) : settings_(std::move(settings)), log_(std::move(log)) {}

void Node::on_control(Function<void()> task) {
  std::promise<void> done;
  control_->post([t = std::move(task), &done]() mutable {
    t();
    done.set_value();
  });
  done.get_future().wait();
}

Status<std::string> Node::start() {
  std::error_code error;
  std::filesystem::create_directories(settings_.data_dir, error);
  if (error) return Err(fmt::format("data_dir: {}: {}", settings_.data_dir, error.message()));
  control_ = std::make_unique<runtime::Loop>("control", clock_);
  blocking_ = std::make_unique<runtime::BlockingPool>(
      "blocking", static_cast<std::size_t>(settings_.media.blocking_threads), kBlockingQueue);
  speech_pool_ = std::make_unique<runtime::BlockingPool>(
      "speech", static_cast<std::size_t>(settings_.speech.threads), kBlockingQueue);
  if (auto store = start_store(); !store) return store;
  start_net();
  start_core();
  start_media();
  if (auto recordings = start_recordings(); !recordings) return recordings;
  if (auto sip = start_sip(); !sip) return sip;
  return start_http();
}

Status<std::string> Node::start_store() {
  // First: its lock keeps a second process from this folder before that touches the spool.
  auto directory =
      cluster::make_single_directory(settings_.data_dir + "/calls.journal", log_.with("cluster"));
  if (!directory) return Err("data_dir: " + directory.error());
  directory_ = std::move(*directory);
  auto store = store::open_store({store_url(settings_)});
  if (!store)
    return Err(fmt::format("store: {}: {}", store::to_string(store.error().error), store.error().detail));
  store::CallStoreOptions options;
  options.rules_poll_interval = milliseconds(settings_.store.rules_poll_ms);
  options.spool_file = settings_.data_dir + "/cdr-spool.jsonl";
  store_ = store::make_call_store(std::move(*store), *control_, options, log_.with("store"), metrics_);
  return Unit{};
}

void Node::start_net() {
  net_ = net::make_pool(static_cast<std::size_t>(settings_.net.threads), log_.with("net"));
  net::ClientOptions options;
  options.policy = net::AddressPolicy(settings_.net.allowed_addresses);
  options.ca_file = settings_.net.ca_file;
  options.max_concurrent_connects = static_cast<std::size_t>(settings_.net.max_concurrent_connects);
  client_ = net_->make_client(std::move(options));
  fetcher_ = std::make_unique<NetFetcher>(
      *client_, NetFetcherOptions{.max_bytes = static_cast<std::size_t>(settings_.media.prompt_max_file_mb) *
                                               kMegabyte});
}

void Node::start_core() {
  core_ = call::make_core(core_options(settings_));
  gateway_ = std::make_unique<app::Gateway>(gateway_options(settings_), *client_, *control_, log_.with("app"),
                                            metrics_);
  gateway_->bind(*core_);
}

void Node::start_media() {
  probe_ = std::make_unique<MediaProbe>(*core_, *control_);
  engine_ = media::make_engine(engine_options(settings_), *probe_, *control_, *blocking_, clock_,
                               log_.with("media"), metrics_, core_.get());
  probe_->bind(*engine_, settings_.media.addresses.front());
  media::PromptLibraryOptions prompts;
  prompts.cache_bytes = static_cast<std::size_t>(settings_.media.prompt_cache_mb) * kMegabyte;
  prompts.max_file_bytes = static_cast<std::size_t>(settings_.media.prompt_max_file_mb) * kMegabyte;
  prompts.prompt_folder = settings_.media.prompt_folder;
  prompts_ = media::make_prompt_library(prompts, *blocking_, *fetcher_, *control_, clock_,
                                        log_.with("prompts"), metrics_);
  speech::SynthesizerOptions speech;
  speech.cache_bytes = static_cast<std::size_t>(settings_.speech.cache_mb) * kMegabyte;
  speech.default_voice = settings_.speech.default_voice;
  speech.espeak.program = settings_.speech.espeak_command;
  speech.espeak.max_processes = static_cast<std::size_t>(settings_.speech.espeak_processes);
  speech_ = speech::make_synthesizer(speech, *speech_pool_, *control_, clock_, log_.with("speech"), metrics_);
}

Status<std::string> Node::start_recordings() {
  const auto& s = settings_.recording;
  artifact::RecordingsOptions options;
  options.folder = s.folder.empty() ? settings_.data_dir + "/recordings" : s.folder;
  options.max_total_bytes = static_cast<std::uint64_t>(s.max_total_mb) * kMegabyte;
  options.max_account_bytes = static_cast<std::uint64_t>(s.max_account_mb) * kMegabyte;
  options.min_free_bytes = static_cast<std::uint64_t>(s.min_free_mb) * kMegabyte;
  options.retention = milliseconds(s.retention_ms);
  options.link_ttl = milliseconds(s.link_ttl_ms);
  std::string error;
  on_control([&] {
    recorder_ =
        media::make_recorder({static_cast<std::size_t>(s.threads), static_cast<std::size_t>(s.max_running)},
                             *engine_, *engine_, *control_);
    auto made = artifact::make_recordings(options, *recorder_, media::repair_recording, *control_,
                                          log_.with("recording"), metrics_);
    if (made) {
      recordings_ = std::move(*made);
    } else {
      error = "recording.folder: " + made.error();
    }
  });
  if (!error.empty()) return Err(std::move(error));
  return Unit{};
}

/// The host that our own addresses carry in SIP.
std::string Node::sip_host() const {
  if (settings_.sip.advertised_address) return settings_.sip.advertised_address->str();
  const auto listening = agent_->listening();
  if (listening.empty()) return "tandem.invalid";
  const model::IpAddress& ip = listening.front().address.ip;
  return ip.family == model::IpAddress::Family::v6 ? "[" + ip.str() + "]" : ip.str();
}

void Node::bind_core() {
  trunks_ =
      trunk::make_trunk_router(*store_, *agent_, *control_, log_.with("trunk"), trunk_options(settings_));
  trunks_->on_event([log = log_.with("trunk")](const trunk::TrunkEvent& event) {
    log.warn("trunk {}: {} {}: {}", event.trunk_id.str(), trunk::to_string(event.kind), event.gateway,
             event.detail);
  });
  outbound_ = std::make_unique<NodeOutboundRouter>(NodeOutboundRouter::Parts{
      *trunks_, location_, net::AddressPolicy(settings_.net.allowed_addresses), sip_host()});
  core_->bind({*agent_, *engine_, *engine_, *prompts_, *speech_, *store_, *directory_, *recordings_,
               *gateway_, *outbound_, *control_, log_.with("call"), metrics_, queue_order_});
  endpoint_news_ = std::make_unique<EndpointNews>(*core_);
  registrar_ = std::make_unique<registrar::Registrar>(registrar_options(settings_));
  registrar_->bind(
      {*agent_, *agent_, location_, *endpoint_news_, *control_, log_.with("registrar"), metrics_});
  access_.update(store_->snapshot());
  sip::AccessPolicy policy;
  policy.offer_sha256 = settings_.registrar.offer_sha256;
  agent_->serve_registrar(access_, *registrar_, std::move(policy));
  store_->on_rules_changed([this] { rules_changed(); });
  trunks_->refresh();
  const std::size_t closed = core_->close_orphans();
  if (closed > 0) log_.warn("{} calls of a previous life were closed as node_lost", closed);
}

void Node::rules_changed() {
  access_.update(store_->snapshot());
  registrar_->keep_only([this](const cluster::Endpoint& endpoint) { return access_.may_stay(endpoint); });
  trunks_->refresh();
}

Status<std::string> Node::start_sip() {
  // The agent posts to the control thread from its first moment; the core must be bound before any of that
  // runs. So the control thread waits here until the agent is there.
  std::promise<bool> made;
  control_->post([this, &made] {
    if (made.get_future().get()) bind_core();
  });
  auto agent =
      sip::make_agent(agent_options(settings_), *core_, *control_, clock_, log_.with("sip"), metrics_);
  if (agent) agent_ = std::move(*agent);
  made.set_value(agent_ != nullptr);
  on_control([] {});
  if (!agent_) return Err("sip.listen: " + agent.error().detail);
  return Unit{};
}

Status<std::string> Node::start_http() {
  net::ServerOptions options;
  options.listen = settings_.http.listen;
  options.tls_certificate_file = settings_.http.tls_certificate;
  options.tls_key_file = settings_.http.tls_key;
  http_ = net_->make_server(std::move(options));
  add_operator_doors(*http_, metrics_, *control_, *probe_);
  rest_ = std::make_unique<RestDoor>(
      rest_options(settings_),
      RestPorts{*core_, *control_, *store_, &location_, clock_, metrics_, recordings_.get()});
  rest_->attach(*http_);
  worker_authority_ = std::make_unique<StoreWorkerAuthority>(*store_, clock_);
  on_control([this] { gateway_->workers().bind(*worker_authority_); });
  app::ChannelLimits limits = gateway_options(settings_).limits.channel;
  add_worker_door(*http_, gateway_->workers(), *worker_authority_, limits);
  auto started = http_->start();
  if (!started) return Err("http.listen: " + started.error());
  return Unit{};
}

void Node::drain() {
  control_->post([this] {
    core_->set_draining(true);
    gateway_->announce_draining(milliseconds(settings_.call.drain_deadline_ms));
  });
  agent_->set_draining(true);
}

std::size_t Node::live_calls() {
  std::size_t n = 0;
  on_control([&] { n = core_->live_calls(); });
  return n;
}

void Node::log_out() {
  std::promise<void> out;
  control_->post([this, &out] { trunks_->stop([&out] { out.set_value(); }); });
  out.get_future().wait();
}

Node::~Node() {
  if (!control_) return;
  http_.reset();
  rest_.reset();
  if (trunks_) log_out();
  // The agent says goodbye to every peer and reports the end of each leg; the core closes its books with
  // that.
  agent_.reset();
  on_control([] {});
  // Streams are closed: what they recorded is written to its end, and put right at the next start where the
  // time was too short.
  on_control([this] {
    if (recorder_) recorder_.reset();
    engine_.reset();
  });
  // What the engine reported last is handled before the core goes.
  on_control([this] {
    registrar_.reset();
    trunks_.reset();
    core_.reset();
    recordings_.reset();
    outbound_.reset();
    endpoint_news_.reset();
    prompts_.reset();
    speech_.reset();
    gateway_.reset();
    probe_.reset();
  });
  on_control([this] { store_.reset(); });
  directory_.reset();
  fetcher_.reset();
  client_.reset();
  net_.reset();
  speech_pool_.reset();
  blocking_.reset();
  control_.reset();
}

}  // namespace tandem::server
