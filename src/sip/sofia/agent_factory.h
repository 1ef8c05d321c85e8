// Makes the SIP agent on Sofia-SIP's transaction layer.
#pragma once

#include <memory>

#include "base/log.h"
#include "base/metrics.h"
#include "base/result.h"
#include "runtime/executor.h"
#include "sip/api/agent.h"
#include "sip/api/outside.h"
#include "sip/api/registrar.h"

namespace tandem::sip {

/// The agent with its other doors.
class SipStack : public Agent, public RegistrarPort, public OutsideRequests {};

/// Binds the sockets and starts the SIP thread; returns when it listens. Observer methods run on
/// `observer_executor`. `observer`, `observer_executor`, `clock` and `metrics` must outlive the agent.
/// Destroying the agent ends every leg (BYE or 503), waits at most 2 s for the peers, and reports
/// on_ended(shutdown) for each.
[[nodiscard]] Result<std::unique_ptr<SipStack>, AgentFailure> make_agent(AgentOptions options,
                                                                         Observer& observer,
                                                                         runtime::Executor& observer_executor,
                                                                         const Clock& clock, Log log,
                                                                         Metrics& metrics);

}  // namespace tandem::sip
