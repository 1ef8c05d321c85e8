// call.bridge: with a call that is there, or with one that is dialled. Lives as long as the bridge.
#include "call/operation/dial_and_bridge.h"
#include "call/operation/verbs.h"
#include "call/resource/call.h"

namespace tandem::call {
namespace {

constexpr const char* kMethod = "call.bridge";

class BridgeOperation final : public CallOperation {
 public:
  BridgeOperation(Call& c, OperationTraits traits, model::CallBridge p, std::optional<PlayPlan> ringback)
      : CallOperation(c, traits), p_(std::move(p)), ringback_(std::move(ringback)) {}
  ~BridgeOperation() override { *self_ = nullptr; }

  void begin() override {
    if (call().place() != nullptr)
      return finish(failed(make_error(model::ErrorCode::wrong_state,
                                      "the call is in another bridge or in a conference", "call_id")));
    if (p_.dial) return begin_dial();
    Call* peer = call().env().exchange.find_call(call().route()->account.id, *p_.with_call_id);
    if (peer == nullptr || !peer->live())
      return finish(
          failed(make_error(model::ErrorCode::call_ended, "the other call is over", "with_call_id")));
    if (peer->place() != nullptr)
      return finish(
          failed(make_error(model::ErrorCode::wrong_state,
                            "the other call is in another bridge or in a conference", "with_call_id")));
    peer_ = peer->id();
    BridgeTerms terms{p_.direction, p_.on_peer_leave, p_.peer_on_leave.value_or(model::LeaveAction::ivr)};
    bridge_ = &call().env().exchange.make_bridge(call(), terms, [self = self_](const BridgeEnd& end) {
      if (*self != nullptr) (*self)->on_ended(end);
    });
    bridge_id_ = bridge_->id();
    bridge_->connect(*peer);
  }

  void halt() override {
    if (joint_) {
      joint_->stop();
      // Connected: on_ended has finished it with what there was.
      return finish(succeeded(model::OpReason::stopped, result_so_far()));
    }
    if (bridge_ != nullptr) return bridge_->stop();
    finish(succeeded(model::OpReason::stopped, result_so_far()));
  }

  [[nodiscard]] model::OpResult result_so_far() const override {
    model::CallBridgeResult r;
    if (!bridge_id_.empty()) r.bridge_id = bridge_id_;
    if (!peer_.empty()) r.peer_call_id = peer_;
    if (ended_) {
      r.duration_ms = ended_->duration_ms;
      r.cause = ended_->cause;
      r.by = ended_->by.empty()
                 ? model::BridgeEnder::application
                 : (ended_->by == call().id() ? model::BridgeEnder::self : model::BridgeEnder::peer);
    }
    if (joint_) r.attempts = joint_->attempts();
    return r;
  }

 private:
  void begin_dial() {
    BridgeTerms terms{p_.direction, p_.on_peer_leave, p_.peer_on_leave.value_or(model::LeaveAction::hangup)};
    joint_ = std::make_unique<DialAndBridge>(
        call().env(), call(), dial_request_for(call(), id(), *p_.dial), terms, std::move(ringback_),
        DialAndBridge::Handlers{
            [this](Call& peer) {
              peer_ = peer.id();
              bridge_id_ = joint_->bridge_id();
            },
            [this](model::Error error) { finish(failed(std::move(error), result_so_far())); },
            [this](const BridgeEnd& end) { on_ended(end); }});
    joint_->start();
  }

  void on_ended(const BridgeEnd& end) {
    bridge_ = nullptr;
    ended_ = end;
    if (end.reason == model::BridgeEndReason::failed) {
      return finish(
          failed(make_error(model::ErrorCode::call_ended, "one of the calls could not be connected"),
                 result_so_far()));
    }
    finish(succeeded(model::OpReason::ended, result_so_far()));
  }

  model::CallBridge p_;
  std::optional<PlayPlan> ringback_;
  std::unique_ptr<DialAndBridge> joint_;
  Bridge* bridge_ = nullptr;
  model::BridgeId bridge_id_;
  model::CallId peer_;
  std::optional<BridgeEnd> ended_;
  // Shared with the bridge, which may outlive this: null then.
  std::shared_ptr<BridgeOperation*> self_ = std::make_shared<BridgeOperation*>(this);
};

}  // namespace

MadeOperation make_operation(Call& call, const model::CallBridge& p) {
  auto ringback = checked_plan(call, p.ringback, "ringback");
  if (!ringback) return Err(std::move(ringback.error()));
  if (p.dial) {
    if (auto error = check_plan(*p.dial, "dial")) return Err(std::move(*error));
  } else if (call.env().exchange.find_call(call.route()->account.id, *p.with_call_id) == nullptr) {
    return Err(make_error(model::ErrorCode::call_not_found, "no such call in this account", "with_call_id"));
  }
  OperationTraits traits{.method = kMethod, .lanes = machine::kNoLane, .deadline_ms = p.deadline_ms};
  traits.acts_on_call = true;
  return std::unique_ptr<Operation>(std::make_unique<BridgeOperation>(call, traits, p, std::move(*ringback)));
}

}  // namespace tandem::call
