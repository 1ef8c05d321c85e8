// The call core as server/ builds it: an object that is the Core of the application door and the observer of
// the SIP and media sides. Those two want their observer at construction and the core wants them, hence two
// steps: make_core(), build the others with it, bind().
#pragma once

#include <chrono>
#include <memory>
#include <vector>

#include "artifact/api/recordings.h"
#include "base/log.h"
#include "base/metrics.h"
#include "call/api/core.h"
#include "call/api/outbound.h"
#include "cluster/api/call_directory.h"
#include "cluster/api/queue_order.h"
#include "media/api/engine.h"
#include "media/api/mixer.h"
#include "media/api/prompt_source.h"
#include "runtime/executor.h"
#include "sip/api/agent.h"
#include "speech/api/synthesizer.h"
#include "store/api/store.h"

namespace tandem::call {

struct CoreOptions {
  /// In order of preference; an application may choose among them for each call.
  std::vector<model::Codec> codecs{model::Codec::pcmu, model::Codec::pcma, model::Codec::g722};
  std::chrono::milliseconds session_open_limit{30'000};  ///< For a gateway that never says how open() went.
  std::chrono::milliseconds app_action_timeout{
      10'000};                                    ///< From the session's start to the first ring, answer, ...
  std::chrono::milliseconds ring_limit{300'000};  ///< From the first ring to the answer.
  std::chrono::milliseconds max_call_duration{
      14'400'000};  ///< Of any call; account and application may set less.
  std::chrono::milliseconds hold_limit{3'600'000};
  std::chrono::milliseconds drain_deadline{
      1'800'000};                            ///< Calls still there so long after draining began are ended.
  std::chrono::milliseconds linger{60'000};  ///< How long an ended call's operations can be asked for.
  std::chrono::milliseconds media_close_limit{2'000};  ///< For a media side that never confirms close().
  std::size_t max_queued_operations = 200;             ///< Of one call.
  std::size_t max_remembered_operations = 1000;        ///< Completed ones, of one call.
  std::size_t max_conferences = 1000;                  ///< At once, of one account.
  std::size_t max_conference_participants = 1000;      ///< Of one conference.
  int retry_after_s = 5;
};

/// Borrowed: all of them outlive the core.
struct Dependencies {
  sip::Agent& agent;
  media::Engine& engine;
  media::Mixer& mixer;
  media::PromptLibrary& prompts;
  speech::Synthesizer& speech;
  store::CallStore& store;
  cluster::CallDirectory& directory;
  artifact::Recordings& recordings;
  SessionGateway& gateway;
  OutboundRouter& outbound;
  runtime::TimerExecutor& loop;
  Log log;
  Metrics& metrics;
  cluster::QueueOrder& queue_order;
};

class CoreHandle : public Core, public sip::Observer, public media::Observer, public media::MixerObserver {
 public:
  /// Once, on the control thread or before it runs, before any other call.
  virtual void bind(Dependencies dependencies) = 0;
  /// Writes CDRs with the verdict node_lost for the calls that a previous life of this node left behind.
  /// Once, at start, after bind() and before the first call. Returns how many.
  virtual std::size_t close_orphans() = 0;
  /// An event of a registered endpoint, for the sessions of the account that subscribed. Control thread.
  virtual void on_endpoint(const model::AccountId& account, const model::EventData& event,
                           const std::optional<model::DomainId>& domain) = 0;
};

[[nodiscard]] std::unique_ptr<CoreHandle> make_core(CoreOptions options);

}  // namespace tandem::call
