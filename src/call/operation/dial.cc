// call.dial: an operation of the session.
#include <fmt/format.h>

#include "call/operation/dial_and_bridge.h"
#include "call/operation/verbs.h"
#include "call/resource/session_host.h"

namespace tandem::call {
namespace {

constexpr const char* kMethod = "call.dial";

class Dial final : public Operation {
 public:
  Dial(SessionHost& session, OperationTraits traits, model::CallDial p, std::optional<PlayPlan> ringback)
      : Operation(session, traits), session_(session), p_(std::move(p)), ringback_(std::move(ringback)) {}

  void begin() override {
    DialRequest request;
    request.plan = p_.plan;
    request.owner = session_.owner();
    request.session = session_.id();
    request.op = id();
    request.intent = session_.intent;
    if (p_.then) return begin_bridge(std::move(request));
    dialer_ = std::make_unique<Dialer>(
        session_.env(), std::move(request),
        Dialer::Handlers{{},
                         [this](Call& call) {
                           answered_ = call.id();
                           finish(succeeded(model::OpReason::answered, result_so_far()));
                         },
                         [this](model::Error error) { finish(failed(std::move(error), result_so_far())); }});
    dialer_->start();
  }

  void halt() override {
    if (dialer_) dialer_->cancel(machine::LocalCause::app_hangup);
    if (joint_) joint_->stop();
    finish(succeeded(model::OpReason::stopped, result_so_far()));
  }

  [[nodiscard]] model::OpResult result_so_far() const override {
    model::CallDialResult r;
    if (!answered_.empty()) r.call_id = answered_;
    if (joint_ && !answered_.empty()) r.bridge_id = joint_->bridge_id();
    if (dialer_) r.attempts = dialer_->attempts();
    if (joint_) r.attempts = joint_->attempts();
    return r;
  }

 private:
  void begin_bridge(DialRequest request) {
    const model::DialThenBridge& bridge = p_.then->bridge;
    Call* waiting = session_.env().exchange.find_call(session_.account(), bridge.call_id);
    if (waiting == nullptr || !waiting->live())
      return finish(failed(make_error(model::ErrorCode::call_not_found, "the call to bridge to is over",
                                      "then.bridge.call_id")));
    if (waiting->bridge() != nullptr)
      return finish(failed(
          make_error(model::ErrorCode::wrong_state, "the call is in another bridge", "then.bridge.call_id")));
    request.parent = waiting->id();
    request.default_from = waiting->from();
    BridgeTerms terms{bridge.direction, bridge.on_peer_leave, bridge.peer_on_leave};
    joint_ = std::make_unique<DialAndBridge>(
        session_.env(), *waiting, std::move(request), terms, std::move(ringback_),
        DialAndBridge::Handlers{
            [this](Call& call) {
              answered_ = call.id();
              finish(succeeded(model::OpReason::answered, result_so_far()));
            },
            [this](model::Error error) { finish(failed(std::move(error), result_so_far())); },
            [](const BridgeEnd&) {}});
    joint_->start();
  }

  SessionHost& session_;
  model::CallDial p_;
  std::optional<PlayPlan> ringback_;
  std::unique_ptr<Dialer> dialer_;
  std::unique_ptr<DialAndBridge> joint_;
  model::CallId answered_;
};

}  // namespace

MadeOperation make_operation(SessionHost& session, const model::CallDial& p) {
  if (auto error = check_plan(p.plan, "")) return Err(std::move(*error));
  std::optional<PlayPlan> ringback;
  if (p.then) {
    const model::DialThenBridge& bridge = p.then->bridge;
    Call* waiting = session.env().exchange.find_call(session.account(), bridge.call_id);
    if (waiting == nullptr)
      return Err(make_error(model::ErrorCode::call_not_found, "no such call in this account",
                            "then.bridge.call_id"));
    auto plan = checked_plan(*waiting, bridge.ringback, "then.bridge.ringback");
    if (!plan) return Err(std::move(plan.error()));
    ringback = std::move(*plan);
  }
  OperationTraits traits{.method = kMethod, .lanes = machine::kNoLane, .deadline_ms = p.deadline_ms};
  traits.progress_interval_ms = p.progress_interval_ms;
  return std::unique_ptr<Operation>(std::make_unique<Dial>(session, traits, p, std::move(ringback)));
}

}  // namespace tandem::call
