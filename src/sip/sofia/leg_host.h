// What a leg needs from the agent that owns it. SIP thread only.
#pragma once

#include <chrono>

#include "base/log.h"
#include "runtime/executor.h"
#include "sip/api/agent.h"
#include "sip/sofia/transports.h"

namespace tandem::sip {

/// Timers of RFC 3261 and of our own policy; other values than these are for tests.
struct Timing {
  std::chrono::milliseconds t1{500};
  std::chrono::milliseconds t2{4000};
  std::chrono::milliseconds t4{5000};
  std::chrono::milliseconds t1x64{32'000};
  /// The same while the stack holds very many transactions (about 6 KB each), so that a flood is bounded in
  /// memory.
  std::chrono::milliseconds t1x64_busy{8'000};
  std::size_t busy_transactions = 10'000;
  std::chrono::milliseconds connect_deadline{5'000};  ///< TCP or TLS towards a peer must stand by then.
  std::chrono::milliseconds offer_deadline{5'000};    ///< PeerOffer unanswered.
  std::chrono::milliseconds shutdown_deadline{2'000};
  std::chrono::milliseconds refer_answer_deadline{5'000};  ///< PeerRefer unanswered.
  std::chrono::milliseconds refer_expiry{600'000};  ///< A transfer without a final report, when nobody says.
  std::size_t max_connections = 2'000;  ///< Of each TCP or TLS socket, about; idle ones above it are closed.
};

class LegHost {
 public:
  LegHost() = default;
  LegHost(const LegHost&) = delete;
  LegHost& operator=(const LegHost&) = delete;
  virtual ~LegHost() = default;

  [[nodiscard]] virtual nta_agent_t* nta() const = 0;
  [[nodiscard]] virtual runtime::TimerExecutor& loop() = 0;
  [[nodiscard]] virtual const AgentOptions& options() const = 0;
  [[nodiscard]] virtual const Timing& timing() const = 0;
  [[nodiscard]] virtual const Transports& transports() const = 0;
  [[nodiscard]] virtual const Log& log() const = 0;
  /// Runs `call` on the observer's executor.
  virtual void notify(Function<void(Observer&)> call) = 0;
  /// Destroys the leg once the stack's callback has returned. The leg may not be used after it.
  virtual void release(Leg& leg) = 0;
  /// Looks for another address of `uri`'s host than those in `tried`; Leg::on_next_target() has the outcome.
  virtual void find_next_target(const Leg& leg, const std::string& uri, Transport transport,
                                std::vector<std::string> tried) = 0;
  /// The open connection of a registered phone that a "sip:host:port;transport=tcp" names, or null.
  [[nodiscard]] virtual tport_t* flow_to(const std::string& next_hop) const = 0;
  /// Null when there is none, or it has ended.
  [[nodiscard]] virtual const Leg* leg(const CallId& id) const = 0;
  /// The leg whose dialog a Replaces header names; ended ones too.
  [[nodiscard]] virtual const Leg* leg(const ReplacesInfo& replaces) const = 0;
};

}  // namespace tandem::sip
