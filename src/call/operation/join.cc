// call.join: lives as long as the call is in the conference.
#include "call/operation/conference_verbs.h"
#include "call/operation/verbs.h"
#include "call/resource/call.h"
#include "call/resource/exchange.h"

namespace tandem::call {

using model::ErrorCode;

Result<JoinPlan, model::Error> checked_join(const SourceOwner& owner, const model::JoinTerms& terms,
                                            bool dialled, const std::string& field) {
  const auto below = [&field](const char* name) { return field.empty() ? name : field + "." + name; };
  JoinPlan out;
  out.terms = terms;
  out.on_end = terms.on_end.value_or(dialled ? model::LeaveAction::hangup : model::LeaveAction::ivr);
  struct List {
    const std::optional<model::Playlist>& from;
    std::optional<PlayPlan>& to;
    const char* name;
  };
  for (const List& list :
       {List{terms.hold_music, out.hold_music, "hold_music"}, List{terms.announce, out.announce, "announce"},
        List{terms.announce_exit, out.announce_exit, "announce_exit"}}) {
    auto plan = checked_plan(owner, list.from, below(list.name));
    if (!plan) return Err(std::move(plan.error()));
    list.to = std::move(*plan);
  }
  return out;
}

Conference* find_target(Environment& env, const model::AccountId& account, const JoinTarget& target) {
  const ConferenceBook& book = env.exchange.conferences();
  return target.id ? book.find(account, *target.id) : book.named(account, target.name);
}

Result<Conference*, model::Error> find_or_make(Environment& env, const model::AccountId& account,
                                               const model::SessionId& session, const JoinTarget& target) {
  if (Conference* found = find_target(env, account, target)) return found;
  if (target.create) return env.exchange.conferences().create(account, session, *target.create);
  return Err(make_error(ErrorCode::conference_not_found, "no such conference in this account",
                        target.id ? "conference_id" : "name"));
}

std::optional<model::Error> cannot_enter(Environment& env, const model::AccountId& account,
                                         const JoinTarget& target, const JoinPlan& plan, Call* call) {
  Conference* conference = find_target(env, account, target);
  if (conference == nullptr) {
    if (target.create) return std::nullopt;
    return make_error(ErrorCode::conference_not_found, "no such conference in this account",
                      target.id ? "conference_id" : "name");
  }
  auto role = conference->admit(plan.terms, call);
  return role ? std::nullopt : std::optional(std::move(role.error()));
}

namespace {

class Join final : public CallOperation {
 public:
  Join(Call& c, OperationTraits traits, JoinTarget target, JoinPlan plan)
      : CallOperation(c, traits), target_(std::move(target)), plan_(std::move(plan)) {}
  ~Join() override { *self_ = nullptr; }

  void begin() override {
    Call& c = call();
    auto conference = find_or_make(c.env(), c.route()->account.id, c.session(), target_);
    if (!conference) return finish(failed(std::move(conference.error()), result_so_far()));
    conference_id_ = (*conference)->id();
    auto member = (*conference)->join(c, std::move(plan_), [self = self_](const Leaving& how) {
      if (*self != nullptr) (*self)->on_left(how);
    });
    if (!member) return finish(failed(std::move(member.error()), result_so_far()));
    if (!left_) member_ = *member;  // It may have ended what it joined already.
  }

  void halt() override {
    if (member_ == nullptr) return finish(succeeded(model::OpReason::stopped, result_so_far()));
    member_->conference().leave(*member_, {model::ConferenceLeaveReason::stopped, {}, 0});
  }

  [[nodiscard]] model::OpResult result_so_far() const override {
    model::CallJoinResult r;
    if (!conference_id_.empty()) r.conference_id = conference_id_;
    if (left_) {
      r.leave_reason = left_->reason;
      r.cause = left_->cause;
      r.duration_ms = left_->duration_ms;
    }
    return r;
  }

 private:
  void on_left(const Leaving& how) {
    member_ = nullptr;
    left_ = how;
    finish(succeeded(model::OpReason::left, result_so_far()));
  }

  const JoinTarget target_;
  JoinPlan plan_;
  ConferenceMember* member_ = nullptr;
  model::ConferenceId conference_id_;
  std::optional<Leaving> left_;
  // Shared with the member, which may outlive this: null then.
  std::shared_ptr<Join*> self_ = std::make_shared<Join*>(this);
};

}  // namespace

MadeOperation make_operation(Call& call, const model::CallJoin& p) {
  const SourceOwner owner{call.env(), call.route()->account.id};
  auto target = checked_target(owner, p, "");
  if (!target) return Err(std::move(target.error()));
  auto plan = checked_join(owner, p.terms, false, "");
  if (!plan) return Err(std::move(plan.error()));
  if (call.place() != nullptr)
    return Err(
        make_error(ErrorCode::wrong_state, "the call is in a bridge or in a conference already", "call_id"));
  if (call.outbound() && machine::unanswered(call.leg()))
    return Err(make_error(ErrorCode::wrong_state, "the call is not answered yet", "call_id"));
  if (auto error = cannot_enter(call.env(), call.route()->account.id, *target, *plan, &call))
    return Err(std::move(*error));
  OperationTraits traits{.method = "call.join", .lanes = machine::kNoLane, .deadline_ms = p.deadline_ms};
  traits.acts_on_call = true;
  return std::unique_ptr<Operation>(
      std::make_unique<Join>(call, traits, std::move(*target), std::move(*plan)));
}

}  // namespace tandem::call
