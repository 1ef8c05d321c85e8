// call.dial: an operation of the session.
#include <fmt/format.h>

#include "call/operation/conference_verbs.h"
#include "call/operation/dial_and_bridge.h"
#include "call/operation/verbs.h"
#include "call/resource/session_host.h"

namespace tandem::call {
namespace {

constexpr const char* kMethod = "call.dial";

class Dial final : public Operation {
 public:
  /// What becomes of the answered call; neither: it stays in its ivr.
  struct Then {
    std::optional<PlayPlan> ringback;
    struct Room {
      JoinTarget target;
      JoinPlan plan;
    };
    std::optional<Room> room;
  };
  Dial(SessionHost& session, OperationTraits traits, model::CallDial p, Then then)
      : Operation(session, traits), session_(session), p_(std::move(p)), then_(std::move(then)) {}

  void begin() override {
    DialRequest request;
    request.plan = p_.plan;
    request.owner = session_.owner();
    request.session = session_.id();
    request.op = id();
    request.intent = session_.intent;
    if (p_.then && p_.then->bridge) return begin_bridge(std::move(request));
    dialer_ = std::make_unique<Dialer>(
        session_.env(), std::move(request),
        Dialer::Handlers{{},
                         [this](Call& call) { on_answered(call); },
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
    if (!conference_.empty()) r.conference_id = conference_;
    if (joint_ && !answered_.empty()) r.bridge_id = joint_->bridge_id();
    if (dialer_) r.attempts = dialer_->attempts();
    if (joint_) r.attempts = joint_->attempts();
    return r;
  }

 private:
  void on_answered(Call& call) {
    if (then_.room) {
      if (auto error = join(call)) {
        finish(failed(std::move(*error), result_so_far()));
        return call.end_by(machine::LocalCause::bridge_ended);
      }
    }
    answered_ = call.id();
    finish(succeeded(model::OpReason::answered, result_so_far()));
  }

  /// The participation outlives this operation, as a bridge does.
  std::optional<model::Error> join(Call& call) {
    auto conference = find_or_make(session_.env(), session_.account(), session_.id(), then_.room->target);
    if (!conference) return std::move(conference.error());
    auto member = (*conference)->join(call, std::move(then_.room->plan), nullptr);
    if (!member) return std::move(member.error());
    conference_ = (*conference)->id();
    return std::nullopt;
  }

  void begin_bridge(DialRequest request) {
    const model::DialThenBridge& bridge = *p_.then->bridge;
    Call* waiting = session_.env().exchange.find_call(session_.account(), bridge.call_id);
    if (waiting == nullptr || !waiting->live())
      return finish(failed(make_error(model::ErrorCode::call_not_found, "the call to bridge to is over",
                                      "then.bridge.call_id")));
    if (waiting->place() != nullptr)
      return finish(
          failed(make_error(model::ErrorCode::wrong_state, "the call is in another bridge or in a conference",
                            "then.bridge.call_id")));
    request.parent = waiting->id();
    request.default_from = waiting->from();
    BridgeTerms terms{bridge.direction, bridge.on_peer_leave, bridge.peer_on_leave};
    joint_ = std::make_unique<DialAndBridge>(
        session_.env(), *waiting, std::move(request), terms, std::move(then_.ringback),
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
  Then then_;
  std::unique_ptr<Dialer> dialer_;
  std::unique_ptr<DialAndBridge> joint_;
  model::CallId answered_;
  model::ConferenceId conference_;
};

Result<Dial::Then, model::Error> checked_then(SessionHost& session, const model::DialThen& p) {
  Dial::Then out;
  if (p.bridge) {
    Call* waiting = session.env().exchange.find_call(session.account(), p.bridge->call_id);
    if (waiting == nullptr)
      return Err(make_error(model::ErrorCode::call_not_found, "no such call in this account",
                            "then.bridge.call_id"));
    auto plan = checked_plan(*waiting, p.bridge->ringback, "then.bridge.ringback");
    if (!plan) return Err(std::move(plan.error()));
    out.ringback = std::move(*plan);
    return out;
  }
  const SourceOwner owner{session.env(), session.account()};
  auto target = checked_target(owner, *p.join, "then.join");
  if (!target) return Err(std::move(target.error()));
  auto plan = checked_join(owner, p.join->terms, true, "then.join");
  if (!plan) return Err(std::move(plan.error()));
  if (auto error = cannot_enter(session.env(), session.account(), *target, *plan, nullptr)) {
    if (!error->field.empty()) error->field = "then.join." + error->field;
    return Err(std::move(*error));
  }
  out.room = Dial::Then::Room{std::move(*target), std::move(*plan)};
  return out;
}

}  // namespace

MadeOperation make_operation(SessionHost& session, const model::CallDial& p) {
  if (auto error = check_plan(p.plan, "")) return Err(std::move(*error));
  Dial::Then then;
  if (p.then) {
    auto checked = checked_then(session, *p.then);
    if (!checked) return Err(std::move(checked.error()));
    then = std::move(*checked);
  }
  OperationTraits traits{.method = kMethod, .lanes = machine::kNoLane, .deadline_ms = p.deadline_ms};
  traits.progress_interval_ms = p.progress_interval_ms;
  return std::unique_ptr<Operation>(std::make_unique<Dial>(session, traits, p, std::move(then)));
}

}  // namespace tandem::call
