// One node: every module constructed and wired, in an order that both starting and stopping respect.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "app/gateway.h"
#include "artifact/api/recordings.h"
#include "base/log.h"
#include "base/metrics.h"
#include "call/core.h"
#include "cluster/api/call_directory.h"
#include "cluster/single/single_location.h"
#include "cluster/single/single_queue_order.h"
#include "media/api/prompt_source.h"
#include "media/engine/engine_factory.h"
#include "net/api/http.h"
#include "registrar/registrar.h"
#include "registrar/store_directory.h"
#include "runtime/blocking_pool.h"
#include "runtime/loop.h"
#include "server/endpoint_news.h"
#include "server/health/media_probe.h"
#include "server/net_fetcher.h"
#include "server/outbound_router.h"
#include "server/rest_door.h"
#include "server/settings/settings.h"
#include "server/store_worker_authority.h"
#include "sip/sofia/agent_factory.h"
#include "speech/api/synthesizer.h"
#include "store/api/store.h"
#include "trunk/api/trunk_router.h"

namespace tandem::server {

class Node {
 public:
  /// Nothing runs before start(). `settings` are checked already.
  Node(Settings settings, Log log);
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;
  /// Ends all calls, writes their CDRs, closes everything.
  ~Node();

  /// The error is for people and names the address, file or setting at fault.
  [[nodiscard]] Status<std::string> start();
  [[nodiscard]] std::vector<sip::Agent::Listening> sip_addresses() const { return agent_->listening(); }
  [[nodiscard]] model::SocketAddress http_address() const { return http_->address(); }

  /// New calls are refused from now on, applications are told. Any thread.
  void drain();
  /// Calls that are up. Any thread but the control thread.
  [[nodiscard]] std::size_t live_calls();

 private:
  // One function a module.
  [[nodiscard]] Status<std::string> start_store();
  void start_net();
  void start_media();
  [[nodiscard]] Status<std::string> start_recordings();
  void start_core();
  [[nodiscard]] Status<std::string> start_sip();
  /// On the control thread, before anything of the agent's reaches it.
  void bind_core();
  void rules_changed();
  [[nodiscard]] std::string sip_host() const;
  /// Registrations at carriers are ended; a few seconds at most.
  void log_out();
  [[nodiscard]] Status<std::string> start_http();
  /// Runs `task` on the control thread and waits for its end.
  void on_control(Function<void()> task);

  const Settings settings_;
  const Log log_;
  const SystemClock clock_;
  Metrics metrics_;

  // In the order of construction; destroyed by ~Node in its own order.
  std::unique_ptr<runtime::Loop> control_;
  std::unique_ptr<runtime::BlockingPool> blocking_;  ///< Files and prompt decoding.
  std::unique_ptr<runtime::BlockingPool> speech_pool_;
  std::unique_ptr<net::Pool> net_;
  std::unique_ptr<net::Client> client_;
  std::unique_ptr<NetFetcher> fetcher_;
  std::unique_ptr<store::CallStore> store_;
  std::unique_ptr<cluster::CallDirectory> directory_;
  cluster::SingleQueueOrder queue_order_;
  std::unique_ptr<call::CoreHandle> core_;
  std::unique_ptr<MediaProbe> probe_;
  std::unique_ptr<media::MixingEngine> engine_;
  std::unique_ptr<media::Recorder> recorder_;
  std::unique_ptr<artifact::Recordings> recordings_;
  std::unique_ptr<media::PromptLibrary> prompts_;
  std::unique_ptr<speech::Synthesizer> speech_;
  std::unique_ptr<app::Gateway> gateway_;
  cluster::SingleLocation location_;
  registrar::StoreDirectory access_;
  std::unique_ptr<EndpointNews> endpoint_news_;
  std::unique_ptr<registrar::Registrar> registrar_;
  std::unique_ptr<trunk::TrunkRouter> trunks_;
  std::unique_ptr<NodeOutboundRouter> outbound_;
  std::unique_ptr<sip::SipStack> agent_;
  std::unique_ptr<StoreWorkerAuthority> worker_authority_;
  std::unique_ptr<RestDoor> rest_;
  std::unique_ptr<net::HttpServer> http_;
};

}  // namespace tandem::server
