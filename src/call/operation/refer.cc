// call.answer_refer and call.report_refer: the peer's REFER.
#include <fmt/format.h>

#include <algorithm>

#include "call/operation/transfer.h"
#include "call/operation/verbs.h"
#include "call/resource/call.h"

namespace tandem::call {
namespace {

model::Error no_refer() {
  return make_error(model::ErrorCode::wrong_state, "no such REFER waits", "refer_id");
}

/// The target of a REFER, seen from the account: a number, an endpoint of its domain, or a URI.
model::DialTarget target_of(const Call& call, const sip::Party& target,
                            const std::optional<model::TrunkId>& trunk) {
  model::DialTarget out;
  const std::string& user = target.user;
  const std::size_t digits = user.starts_with('+') ? 1 : 0;
  const bool number =
      user.size() > digits && user.find_first_not_of("0123456789*#", digits) == std::string::npos;
  const std::string& endpoint = call.facts().endpoint;
  const std::string domain = endpoint.empty() ? "" : endpoint.substr(endpoint.find('@') + 1);
  const bool ours = target.host == call.facts().request_uri.host || target.host == domain;
  if (number && (ours || trunk || target.uri.starts_with("tel:"))) {
    out.number = user;
    out.trunk_id = trunk;
  } else if (!domain.empty() && target.host == domain && !user.empty()) {
    out.endpoint = user + "@" + domain;
  } else {
    out.uri = target.uri;
  }
  return out;
}

/// How a transfer that a phone asked for goes on.
class ReferListener {
 public:
  ReferListener() = default;
  ReferListener(const ReferListener&) = delete;
  ReferListener& operator=(const ReferListener&) = delete;
  virtual ~ReferListener() = default;
  virtual void on_progress(int sip_code) = 0;
  virtual void on_joining() = 0;
  virtual void on_done(const Bridge& joint, const Call& peer) = 0;
  virtual void on_failed(model::Error error) = 0;
};
/// Shared, since phone and transfer may end in either order; null once the phone's operation is over.
using ListenerLink = std::shared_ptr<ReferListener*>;

/// The transfer itself: an operation of the party that is transferred, seen by nobody, since it goes on when
/// the phone that asked for it hangs up (many do so at once).
class ReferredTransfer final : public CallOperation {
 public:
  ReferredTransfer(Call& party, DialRequest request, ListenerLink listener)
      : CallOperation(party, {.method = "referred transfer"}),
        listener_(std::move(listener)),
        blind_(party.env(), party, std::move(request), std::nullopt,
               {[this](int code) { tell([code](ReferListener& l) { l.on_progress(code); }); },
                [this] { tell([](ReferListener& l) { l.on_joining(); }); },
                [this](Bridge& joint, Call& peer) {
                  tell([&](ReferListener& l) { l.on_done(joint, peer); });
                  finish(succeeded(model::OpReason::completed));
                },
                [this](const model::Error& error) {
                  tell([&](ReferListener& l) { l.on_failed(error); });
                  finish(failed(error));
                }}) {}

  void begin() override { blind_.start(); }
  void halt() override {
    blind_.cancel();
    finish(succeeded(model::OpReason::stopped));
  }
  void on_leg_ended(const sip::Ended&) override {
    blind_.cancel();
    tell([](ReferListener& l) {
      l.on_failed(make_error(model::ErrorCode::call_ended, "the party that was to be transferred hung up"));
    });
  }

 private:
  template <class F>
  void tell(F f) {
    if (*listener_ != nullptr) f(**listener_);
  }
  ListenerLink listener_;
  BlindTransfer blind_;
};

class AnswerRefer final : public CallOperation, public ReferListener {
 public:
  AnswerRefer(Call& c, OperationTraits traits, model::CallAnswerRefer p)
      : CallOperation(c, traits), p_(std::move(p)) {}
  ~AnswerRefer() override { *link_ = nullptr; }

  void begin() override {
    Call::WaitingRefer* waiting = call().refer(p_.refer_id);
    if (waiting == nullptr || waiting->handled) return finish(failed(no_refer()));
    switch (p_.action) {
      case model::ReferAction::reject:
        answer(static_cast<int>(p_.sip_code));
        call().forget_refer(p_.refer_id);
        result_.sip_code = p_.sip_code;
        return finish(succeeded(model::OpReason::refused, result_));
      case model::ReferAction::handle:
        answer(202);
        waiting->handled = true;
        result_.sip_code = 202;
        return finish(succeeded(model::OpReason::accepted, result_));
      case model::ReferAction::accept:
        return accept(std::move(waiting->refer));
    }
  }

  void halt() override {
    *link_ = nullptr;
    if (Call* party = call().env().finder->call(party_)) party->ops().stop_internal(transfer_);
    report(487, "Request Terminated", true);
    finish(succeeded(model::OpReason::stopped, result_));
  }
  [[nodiscard]] model::OpResult result_so_far() const override { return result_; }

 private:
  void answer(int code) { call().env().deps.agent.answer_refer(call().id(), refer_number(), code); }
  void report(int code, std::string reason, bool final) {
    call().env().deps.agent.refer_progress(call().id(), refer_number(), code, std::move(reason), final);
  }
  [[nodiscard]] std::uint64_t refer_number() const { return std::strtoull(p_.refer_id.c_str(), nullptr, 10); }

  void accept(sip::PeerRefer refer) {
    call().forget_refer(p_.refer_id);
    Bridge* bridge = call().bridge();
    Call* party = bridge != nullptr && bridge->active() ? bridge->other(call()) : nullptr;
    if (party == nullptr) {
      answer(603);
      return finish(failed(make_error(model::ErrorCode::wrong_state,
                                      "the call is in no bridge: there is nobody to transfer; use handle")));
    }
    if (refer.replaces_leg) return accept_attended(*party, *refer.replaces_leg);
    answer(202);
    model::DialPlan plan;
    plan.to = target_of(call(), refer.target, p_.trunk_id);
    plan.from = p_.from;
    plan.ring_timeout_ms = p_.ring_timeout_ms;
    plan.total_timeout_ms = p_.ring_timeout_ms * 4;
    for (const auto& [name, value] : refer.headers) plan.headers.emplace_back(name, value);
    if (!refer.referred_by.empty()) plan.headers.emplace_back("Referred-By", refer.referred_by);
    DialRequest request = dial_request_for(*party, id(), std::move(plan));
    if (refer.replaces) request.replaces_header = sip::replaces_value(*refer.replaces);
    party_ = party->id();
    transfer_ =
        party->ops().submit_internal(std::make_unique<ReferredTransfer>(*party, std::move(request), link_));
    if (transfer_ == 0) fail(make_error(model::ErrorCode::queue_full, "too many operations wait"));
  }

  // ReferListener.
  void on_progress(int sip_code) override { report(sip_code, "Ringing", false); }
  // Before the phone's own leg may be hung up.
  void on_joining() override { report(200, "OK", true); }
  void on_done(const Bridge& joint, const Call& peer) override { done(joint, peer); }
  void on_failed(model::Error error) override { fail(std::move(error)); }

  void accept_attended(Call& party, const model::CallId& other_leg) {
    Call* leg = call().env().exchange.find_call(call().route()->account.id, other_leg);
    Bridge* bridge = leg == nullptr ? nullptr : leg->bridge();
    Call* target = bridge != nullptr && bridge->active() ? bridge->other(*leg) : nullptr;
    if (target == nullptr) {
      answer(481);
      return finish(failed(make_error(model::ErrorCode::wrong_state,
                                      "the call that the phone names is in no bridge; use handle")));
    }
    answer(202);
    if (auto error = cannot_join(party, *target)) return fail(std::move(*error));
    report(200, "OK", true);
    auto joint = join_calls(call().env(), party, *target);
    if (!joint) return fail(std::move(joint.error()));
    done(**joint, *target);
  }

  void done(const Bridge& joint, const Call& peer) {
    result_.bridge_id = joint.id();
    result_.peer_call_id = peer.id();
    result_.sip_code = 200;
    finish(succeeded(model::OpReason::completed, result_));
  }
  void fail(model::Error error) {
    const int code = error.sip_code ? static_cast<int>(*error.sip_code) : 503;
    report(code, "", true);
    result_.sip_code = code;
    finish(failed(std::move(error), result_));
  }

  model::CallAnswerRefer p_;
  model::CallAnswerReferResult result_;
  model::CallId party_;
  OpTable::Key transfer_ = 0;
  ListenerLink link_ = std::make_shared<ReferListener*>(this);
};

class ReportRefer final : public CallOperation {
 public:
  ReportRefer(Call& c, OperationTraits traits, model::CallReportRefer p)
      : CallOperation(c, traits), p_(std::move(p)) {}

  void begin() override {
    const Call::WaitingRefer* waiting = call().refer(p_.refer_id);
    if (waiting == nullptr || !waiting->handled) return finish(failed(no_refer()));
    const bool final = p_.sip_code >= 200;
    call().env().deps.agent.refer_progress(call().id(), waiting->refer.refer_id,
                                           static_cast<int>(p_.sip_code), p_.reason.value_or(""), final);
    if (final) call().forget_refer(p_.refer_id);
    finish(succeeded(model::OpReason::sent));
  }

 private:
  model::CallReportRefer p_;
};

}  // namespace

MadeOperation make_operation(Call& call, const model::CallAnswerRefer& p) {
  const Call::WaitingRefer* waiting = call.refer(p.refer_id);
  if (waiting == nullptr || waiting->handled) return Err(no_refer());
  OperationTraits traits{
      .method = "call.answer_refer", .lanes = machine::kNoLane, .deadline_ms = p.deadline_ms};
  return std::unique_ptr<Operation>(std::make_unique<AnswerRefer>(call, traits, p));
}

MadeOperation make_operation(Call& call, const model::CallReportRefer& p) {
  if (call.refer(p.refer_id) == nullptr) return Err(no_refer());
  if (p.reason) {
    if (auto error = check_line(*p.reason, "reason")) return Err(std::move(*error));
  }
  OperationTraits traits{
      .method = "call.report_refer", .lanes = machine::kNoLane, .deadline_ms = p.deadline_ms};
  return std::unique_ptr<Operation>(std::make_unique<ReportRefer>(call, traits, p));
}

}  // namespace tandem::call
