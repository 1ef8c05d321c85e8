// The Agent on Sofia-SIP: owns the SIP thread, the stack's agent, the sockets and the legs. Commands cross to
// the SIP thread as posted tasks; everything else here runs on it.
#pragma once

#include <future>
#include <memory>
#include <unordered_map>
#include <vector>

#include "base/metrics.h"
#include "sip/policy/overload.h"
#include "sip/sofia/access_desk.h"
#include "sip/sofia/agent_factory.h"
#include "sip/sofia/flow_table.h"
#include "sip/sofia/leg.h"
#include "sip/sofia/next_target.h"
#include "sip/sofia/outside_sender.h"
#include "sip/sofia/sofia_root.h"
#include "sip/sofia/vetting.h"

namespace tandem::sip {

struct AgentParts {
  AgentOptions options;
  Timing timing;
  Observer& observer;
  runtime::Executor& observer_executor;
  const Clock& clock;
  Log log;
  Metrics& metrics;
};

/// make_agent() with timers of the test's own.
[[nodiscard]] Result<std::unique_ptr<SipStack>, AgentFailure> make_sofia_agent(AgentParts parts);

class SofiaAgent final : public SipStack, private LegHost {
 public:
  explicit SofiaAgent(AgentParts parts);
  ~SofiaAgent() override;
  /// Opens the stack and the sockets on the SIP thread and waits for the outcome.
  [[nodiscard]] Status<AgentFailure> open();

  void ring(const CallId& id, RingOptions options) override;
  void answer(const CallId& id, model::SessionDescription session, Headers headers) override;
  void reject(const CallId& id, int sip_code, std::string sip_reason, int q850_cause, int retry_after_s,
              Headers headers) override;
  void redirect(const CallId& id, int sip_code, std::vector<std::string> contacts, Headers headers) override;
  void invite(OutboundCall call) override;
  void acknowledge(const CallId& id, model::SessionDescription answer) override;
  void hangup(const CallId& id, int q850_cause, std::string reason_text, Headers headers) override;
  void answer_offer(const CallId& id, std::uint64_t offer_id, model::SessionDescription session) override;
  void refuse_offer(const CallId& id, std::uint64_t offer_id, int sip_code) override;
  void reoffer(const CallId& id, model::SessionDescription offer) override;
  void send_request(const CallId& id, std::uint64_t tag, InDialogMessage message) override;
  void refer(const CallId& id, std::uint64_t tag, ReferRequest request) override;
  void answer_refer(const CallId& id, std::uint64_t refer_id, int sip_code) override;
  void refer_progress(const CallId& id, std::uint64_t refer_id, int sip_code, std::string reason,
                      bool final) override;
  [[nodiscard]] std::vector<Listening> listening() const override { return listening_; }
  void set_draining(bool draining) override;
  void serve_registrar(const AccessDirectory& directory, RegisterHandler& handler,
                       AccessPolicy policy) override;
  void answer_register(std::uint64_t ticket, RegisterReply reply) override;
  void send(OutsideRequest request, Done done) override;

 private:
  friend int on_agent_message(SofiaAgent* agent, nta_agent_t* nta, msg_t* msg, sip_t* sip) noexcept;

  // LegHost.
  [[nodiscard]] nta_agent_t* nta() const override { return nta_; }
  [[nodiscard]] runtime::TimerExecutor& loop() override { return root_; }
  [[nodiscard]] const AgentOptions& options() const override { return parts_.options; }
  [[nodiscard]] const Timing& timing() const override { return parts_.timing; }
  [[nodiscard]] const Transports& transports() const override { return *transports_; }
  [[nodiscard]] const Log& log() const override { return parts_.log; }
  void notify(Function<void(Observer&)> call) override;
  void release(Leg& leg) override;
  [[nodiscard]] const Leg* leg(const CallId& id) const override;
  [[nodiscard]] const Leg* leg(const ReplacesInfo& replaces) const override;
  void find_next_target(const Leg& leg, const std::string& uri, Transport transport,
                        std::vector<std::string> tried) override;
  [[nodiscard]] tport_t* flow_to(const std::string& next_hop) const override { return flows_.find(next_hop); }

  template <class F>
  void with_leg(const CallId& id, F f);
  Status<AgentFailure> open_stack();
  void shut();
  void housekeep();
  Leg& keep(std::unique_ptr<Leg> leg, std::string merge_key);

  // Requests that no transaction took (request_router.cc). Each takes `msg`.
  void on_request(msg_t* msg, sip_t* sip);
  void on_dialog_request(msg_t* msg, sip_t* sip);
  void on_new_invite(msg_t* msg, sip_t* sip);
  void on_other_request(msg_t* msg, sip_t* sip);
  [[nodiscard]] bool let_in(msg_t* msg, sip_t* sip, IncomingCall& call);
  void take_invite(msg_t* msg, sip_t* sip);
  void refuse(msg_t* msg, int status, std::string_view phrase = {}, std::string headers = {});
  // New INVITEs that are refused (invite_checks.cc).
  void refuse_invite(msg_t* msg, sip_t* sip, int status, std::string_view phrase = {},
                     std::string headers = {});
  void report_refused(const msg_t* msg, const sip_t* sip, int status);
  [[nodiscard]] bool match_replaces(msg_t* msg, sip_t* sip, IncomingCall& call);
  [[nodiscard]] bool check_invite(msg_t* msg, sip_t* sip);
  [[nodiscard]] std::string refused_headers(std::string headers) const;

  struct Kept {
    std::unique_ptr<Leg> leg;
    std::string merge_key;
  };

  AgentParts parts_;
  Counter requests_total_;
  Counter refused_total_;
  Counter dropped_total_;
  Gauge legs_gauge_;
  Overload overload_;
  TokenBucket refused_reports_;
  nta_agent_t* nta_ = nullptr;
  std::optional<Transports> transports_;
  std::vector<Listening> listening_;
  bool draining_ = false;
  bool busy_ = false;
  std::unordered_map<CallId, Kept> legs_;
  std::unordered_map<std::string, Leg*> by_tag_;        // Our tag, unique among all dialogs.
  std::unordered_map<std::string, Leg*> by_merge_key_;  // RFC 3261 8.2.2.2.
  std::vector<std::unique_ptr<Leg>> released_;
  std::unique_ptr<NextTarget> next_target_;
  FlowTable flows_;
  std::unique_ptr<OutsideSender> outside_;  // While the stack is open.
  std::unique_ptr<AccessDesk> access_;      // From serve_registrar() on, while the stack is open.
  std::unique_ptr<runtime::Timer> housekeeping_;
  std::shared_ptr<std::promise<void>> closed_;  // Set while shutting down; shared with the thread that waits.
  SofiaRoot root_;                              // Last: its thread uses all of the above.
};

int on_agent_message(SofiaAgent* agent, nta_agent_t* nta, msg_t* msg, sip_t* sip) noexcept;

}  // namespace tandem::sip
