// call.transfer: blind (dial and join), attended (join with the consultation call), refer (ask the phone).
#include "call/operation/transfer.h"

#include <fmt/format.h>

#include "call/operation/verbs.h"
#include "call/resource/call.h"

namespace tandem::call {

using machine::LocalCause;

namespace {

/// A transferred pair lives and dies together.
constexpr BridgeTerms kTransferTerms{model::BridgeDirection::both, model::LeaveAction::hangup,
                                     model::LeaveAction::hangup};

Bridge* make_joint(Environment& env, Call& call, Call& with) {
  for (Call* each : {&call, &with}) {
    if (Place* former = each->place()) former->take_out(*each);
  }
  if (!call.live() || !with.live()) return nullptr;
  Bridge& bridge = env.exchange.make_bridge(call, kTransferTerms, {});
  return bridge.connect(with) ? &bridge : nullptr;
}

}  // namespace

std::optional<model::Error> cannot_join(const Call& call, const Call& with) {
  if (call.bridge() != nullptr && call.bridge() == with.bridge())
    return make_error(model::ErrorCode::wrong_state, "the calls are bridged with each other already");
  for (const Call* each : {&call, &with}) {
    if (!each->live() || !each->has_media())
      return make_error(model::ErrorCode::wrong_state, "both calls must be connected");
  }
  return std::nullopt;
}

Result<Bridge*, model::Error> join_calls(Environment& env, Call& call, Call& with) {
  if (auto error = cannot_join(call, with)) return Err(std::move(*error));
  Bridge* bridge = make_joint(env, call, with);
  if (bridge == nullptr)
    return Err(make_error(model::ErrorCode::call_ended, "one of the calls could not be connected"));
  return bridge;
}

// ---- blind

BlindTransfer::BlindTransfer(Environment& env, Call& call, DialRequest request,
                             std::optional<PlayPlan> ringback, Handlers handlers)
    : env_(env),
      call_(call.id()),
      handlers_(std::move(handlers)),
      ringback_(env, call.id(), std::move(ringback)),
      dialer_(env, std::move(request),
              {[this](Call&, bool) {
                 ringback_.rings();
                 if (handlers_.on_progress) handlers_.on_progress(180);
               },
               [this](Call& peer) { on_answered(peer); },
               [this](model::Error error) { on_failed(std::move(error)); }}) {}

BlindTransfer::~BlindTransfer() {
  cancel();
}

void BlindTransfer::start() {
  state_ = State::open;
  if (Call* call = env_.finder->call(call_)) {
    call->begin_transfer();
    if (call->place() != nullptr) call->place()->suspend(*call, true);
  }
  ringback_.start();
  dialer_.start();
}

void BlindTransfer::close(bool success) {
  state_ = State::over;
  ringback_.stop();
  Call* call = env_.finder->call(call_);
  if (call == nullptr) return;
  if (!success && call->live() && call->place() != nullptr) call->place()->suspend(*call, false);
  call->end_transfer();
}

void BlindTransfer::cancel() {
  if (state_ != State::open) return;
  dialer_.cancel(LocalCause::app_hangup);
  close(false);
}

void BlindTransfer::on_answered(Call& peer) {
  if (handlers_.on_joining) handlers_.on_joining();
  ringback_.stop();
  Call* call = env_.finder->call(call_);
  Bridge* bridge = call != nullptr && call->live() ? make_joint(env_, *call, peer) : nullptr;
  close(bridge != nullptr);
  if (bridge == nullptr) {
    peer.end_by(LocalCause::bridge_ended);
    return handlers_.on_failed(
        make_error(model::ErrorCode::call_ended, "the call ended before it was connected"));
  }
  handlers_.on_done(*bridge, peer);
}

void BlindTransfer::on_failed(model::Error error) {
  close(false);
  handlers_.on_failed(std::move(error));
}

// ---- the verb

namespace {

constexpr const char* kMethod = "call.transfer";

/// Where the phone of `call` would reach `target` by itself: numbers and endpoints through us.
std::string refer_uri(const Call& call, const model::DialTarget& target) {
  if (target.uri) return *target.uri;
  if (target.endpoint) return "sip:" + *target.endpoint;
  const std::string& host = call.outbound() ? call.facts().from.host : call.facts().request_uri.host;
  if (host.empty()) return "tel:" + target.number.value_or("");
  return fmt::format("sip:{}@{}", target.number.value_or(""), host);
}

class Transfer final : public CallOperation {
 public:
  Transfer(Call& c, OperationTraits traits, model::CallTransfer p, sip::Headers headers,
           std::optional<PlayPlan> ringback)
      : CallOperation(c, traits),
        p_(std::move(p)),
        headers_(std::move(headers)),
        ringback_(std::move(ringback)) {
    result_.mode = p_.mode;
  }

  void begin() override {
    if (!machine::answered(call().leg())) return finish(failed(wrong_state(call(), kMethod)));
    switch (p_.mode) {
      case model::TransferMode::blind:
        return begin_blind();
      case model::TransferMode::attended:
        return begin_attended();
      case model::TransferMode::refer:
        return begin_refer();
    }
  }

  void halt() override {
    if (blind_) blind_->cancel();
    finish(succeeded(model::OpReason::stopped, result_so_far()));
  }

  void on_leg_ended(const sip::Ended&) override {
    if (blind_) blind_->cancel();
  }

  [[nodiscard]] model::OpResult result_so_far() const override {
    model::CallTransferResult r = result_;
    if (blind_) r.attempts = blind_->attempts();
    return r;
  }

  void on_refer_progress(std::uint64_t tag, const sip::ReferProgress& progress) override {
    if (tag != tag_ || p_.mode != model::TransferMode::refer) return;
    result_.sip_code = progress.sip_code;
    if (!progress.final) {
      model::CallTransferProgressEvent event;
      event.sip_code = progress.sip_code;
      event.reason = progress.reason;
      return call().emit(std::move(event), id());
    }
    if (progress.sip_code >= 200 && progress.sip_code < 300)
      return finish(succeeded(model::OpReason::completed, result_));
    fail(make_error(model::ErrorCode::sip_error,
                    progress.sip_code < 200 ? std::string("the phone stopped reporting before the outcome")
                                            : fmt::format("{} {}", progress.sip_code, progress.reason)));
  }

 private:
  void begin_blind() {
    model::DialPlan plan;
    plan.to = p_.to;
    plan.from = p_.from;
    plan.from_display_name = p_.from_display_name;
    plan.ring_timeout_ms = p_.ring_timeout_ms;
    plan.total_timeout_ms = p_.ring_timeout_ms * 4;
    plan.headers = p_.headers;
    blind_ = std::make_unique<BlindTransfer>(
        call().env(), call(), dial_request_for(call(), id(), std::move(plan)), std::move(ringback_),
        BlindTransfer::Handlers{{},
                                {},
                                [this](Bridge& bridge, Call& peer) { joined(bridge, peer); },
                                [this](model::Error error) { fail(std::move(error)); }});
    blind_->start();
  }

  void begin_attended() {
    Call* consult = call().env().exchange.find_call(call().route()->account.id, *p_.consult_call_id);
    if (consult == nullptr)
      return finish(
          failed(make_error(model::ErrorCode::call_ended, "the consultation call is over", "consult_call_id"),
                 result_));
    auto bridge = join_calls(call().env(), call(), *consult);
    if (!bridge) return fail(std::move(bridge.error()));
    joined(**bridge, *consult);
  }

  void begin_refer() {
    sip::ReferRequest request;
    request.headers = std::move(headers_);
    if (p_.consult_call_id) {
      const Call* consult = call().env().exchange.find_call(call().route()->account.id, *p_.consult_call_id);
      if (consult == nullptr)
        return finish(failed(
            make_error(model::ErrorCode::call_ended, "the consultation call is over", "consult_call_id"),
            result_));
      request.replaces = consult->id();
      request.refer_to = consult->outbound() ? consult->facts().request_uri.uri : consult->facts().from.uri;
    }
    if (p_.to) request.refer_to = refer_uri(call(), *p_.to);
    tag_ = call().next_play_id();
    call().env().deps.agent.refer(call().id(), tag_, std::move(request));
  }

  void joined(Bridge& bridge, const Call& peer) {
    result_.bridge_id = bridge.id();
    result_.peer_call_id = peer.id();
    result_.sip_code = 200;
    finish(succeeded(model::OpReason::completed, result_so_far()));
  }

  void fail(model::Error error) {
    if (error.sip_code) result_.sip_code = *error.sip_code;
    const bool hang_up = p_.on_fail == model::TransferFailure::hangup;
    Call& c = call();
    finish(failed(std::move(error), result_so_far()));
    if (hang_up) c.end_by(LocalCause::app_hangup, "the transfer failed");
  }

  model::CallTransfer p_;
  sip::Headers headers_;
  std::optional<PlayPlan> ringback_;
  std::unique_ptr<BlindTransfer> blind_;
  model::CallTransferResult result_;
  std::uint64_t tag_ = 0;
};

}  // namespace

MadeOperation make_operation(Call& call, const model::CallTransfer& p) {
  auto headers = checked_headers(p.headers);
  if (!headers) return Err(std::move(headers.error()));
  if (!machine::answered(call.leg())) return Err(wrong_state(call, kMethod));
  if (p.consult_call_id &&
      call.env().exchange.find_call(call.route()->account.id, *p.consult_call_id) == nullptr) {
    return Err(
        make_error(model::ErrorCode::call_not_found, "no such call in this account", "consult_call_id"));
  }
  auto ringback = checked_plan(call, p.ringback, "ringback");
  if (!ringback) return Err(std::move(ringback.error()));
  OperationTraits traits{.method = kMethod, .lanes = machine::kNoLane, .deadline_ms = p.deadline_ms};
  return std::unique_ptr<Operation>(
      std::make_unique<Transfer>(call, traits, p, std::move(*headers), std::move(*ringback)));
}

}  // namespace tandem::call
