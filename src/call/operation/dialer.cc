#include "call/operation/dialer.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "base/random.h"
#include "call/machine/dial_rules.h"
#include "call/operation/verbs.h"

namespace tandem::call {

using machine::LocalCause;
using model::AttemptOutcome;
using std::chrono::milliseconds;

std::string target_text(const model::DialTarget& target) {
  if (target.number) return *target.number;
  if (target.uri) return *target.uri;
  return target.endpoint.value_or("");
}

std::optional<model::Error> check_plan(const model::DialPlan& plan, const std::string& field) {
  const auto check = [](const model::SipHeaders& headers,
                        const std::string& at) -> std::optional<model::Error> {
    auto ok = checked_headers(headers);
    if (ok) return std::nullopt;
    if (!at.empty()) ok.error().field = at + "." + ok.error().field;
    return std::move(ok.error());
  };
  if (auto error = check(plan.headers, field)) return error;
  const std::string prefix = field.empty() ? "" : field + ".";
  if (plan.to) {
    if (auto error = check(plan.to->headers, prefix + "to")) return error;
  }
  for (std::size_t g = 0; g < plan.endpoints.size(); ++g) {
    for (std::size_t t = 0; t < plan.endpoints[g].targets.size(); ++t) {
      const std::string at = fmt::format("{}endpoints[{}].targets[{}]", prefix, g, t);
      if (auto error = check(plan.endpoints[g].targets[t].headers, at)) return error;
    }
  }
  return std::nullopt;
}

namespace {

/// As the next hop says; UDP where it leaves that to DNS.
sip::Transport transport_of(const sip::OutboundCall& call) {
  const std::string& hop = call.outbound_proxy.empty() ? call.target_uri : call.outbound_proxy;
  if (hop.starts_with("sips:") || hop.find("transport=tls") != std::string::npos) return sip::Transport::tls;
  return hop.find("transport=tcp") != std::string::npos ? sip::Transport::tcp : sip::Transport::udp;
}

}  // namespace

Dialer::Dialer(Environment& env, DialRequest request, Handlers handlers)
    : env_(env), request_(std::move(request)), handlers_(std::move(handlers)), total_(env.deps.loop) {
  groups_ = request_.plan.endpoints;
  if (request_.plan.to) groups_.push_back({{*request_.plan.to}});
}

Dialer::~Dialer() {
  cancel(LocalCause::app_hangup);
  *self_ = nullptr;
}

template <class F>
void Dialer::later(F f) {
  env_.deps.loop.post([self = self_, run = std::move(f)]() mutable {
    if (*self != nullptr) run(**self);
  });
}

void Dialer::start() {
  total_.set(milliseconds(request_.plan.total_timeout_ms), [this] { total_timeout(); });
  next_group();
}

void Dialer::total_timeout() {
  timed_out_ = true;
  // Who has answered is in its screening, which has limits of its own.
  const bool screening = std::any_of(attempts_.begin(), attempts_.end(), [](const auto& a) {
    return a->call != nullptr && machine::answered(a->call->leg());
  });
  if (!screening) return give_up(failure());
  group_ = groups_.size();
  for (std::size_t i = first_target_; i < targets_.size(); ++i) {
    if (!targets_[i]->over) ring_timeout(i);
  }
}

std::vector<model::DialAttempt> Dialer::attempts() const {
  std::vector<model::DialAttempt> out;
  out.reserve(attempts_.size());
  for (const auto& attempt : attempts_) out.push_back(attempt->view);
  return out;
}

DialRequest dial_request_for(const Call& call, model::OpId op, model::DialPlan plan) {
  DialRequest request;
  request.plan = std::move(plan);
  request.owner = *call.route();
  request.session = call.session();
  request.parent = call.id();
  request.op = std::move(op);
  request.intent = call.facts().intent;
  request.default_from = call.from();
  return request;
}

Dialer::Attempt* Dialer::find(const model::CallId& call) {
  for (const auto& attempt : attempts_) {
    if (attempt->call != nullptr && attempt->call->id() == call) return attempt.get();
  }
  return nullptr;
}

Dialer::Attempt* Dialer::find(const Call& call) {
  for (const auto& attempt : attempts_) {
    if (attempt->call == &call) return attempt.get();
  }
  return nullptr;
}

// ---- groups, targets, steps

void Dialer::next_group() {
  if (state_ != State::dialing) return;
  if (group_ == groups_.size()) return give_up(failure());
  const model::DialGroup group = groups_[group_++];
  first_target_ = targets_.size();
  for (const model::DialTarget& aim : group.targets) {
    targets_.push_back(std::make_unique<Target>(env_.deps.loop));
    targets_.back()->aim = aim;
  }
  const std::size_t last = targets_.size();
  for (std::size_t i = first_target_; i < last && state_ == State::dialing; ++i) begin_target(i);
}

OutboundAim Dialer::aim_of(const Target& target) const {
  const model::DialPlan& plan = request_.plan;
  OutboundAim aim{request_.owner.account, target.aim, {}, {}, {}, false, {}};
  aim.trunk = target.aim.trunk_id.value_or(plan.trunk_id.value_or(model::TrunkId()));
  aim.from = target.aim.from.value_or(plan.from.value_or(request_.default_from));
  aim.from_display_name = target.aim.from_display_name.value_or(plan.from_display_name.value_or(""));
  aim.withhold_identity = plan.privacy == model::Privacy::id;
  for (const auto* headers : {&plan.headers, &target.aim.headers}) {
    for (const auto& [name, value] : *headers) aim.headers.emplace_back(name, value);
  }
  return aim;
}

void Dialer::begin_target(std::size_t index) {
  Target& target = *targets_[index];
  auto steps = env_.deps.outbound.routes(aim_of(target));
  if (!steps) {
    refused(index, steps.error(), "", {});
    return step_over(index);
  }
  target.steps = std::move(*steps);
  std::int64_t ring = target.aim.ring_timeout_ms.value_or(request_.plan.ring_timeout_ms);
  const auto own = target.steps.front().front().ring_timeout.count();
  if (own > 0) ring = std::min<std::int64_t>(ring, own);
  target.ring.set(milliseconds(ring), [this, index] { ring_timeout(index); });
  next_step(index);
}

void Dialer::next_step(std::size_t index) {
  Target& target = *targets_[index];
  if (target.step == target.steps.size()) {
    target.end();
    return step_over(index);
  }
  const std::vector<OutboundRoute> routes = target.steps[target.step++];
  for (const OutboundRoute& route : routes) {
    if (state_ == State::dialing) place(index, route);
  }
  if (!pending(index)) step_over(index);
}

void Dialer::refused(std::size_t target, const model::Error& error, const std::string& uri,
                     const model::TrunkId& trunk) {
  auto attempt = std::make_unique<Attempt>();
  attempt->target = target;
  attempt->view.number = static_cast<std::int64_t>(attempts_.size() + 1);
  attempt->view.target = target_text(targets_[target]->aim);
  if (!uri.empty()) attempt->view.uri = uri;
  if (!trunk.empty()) attempt->view.trunk_id = trunk;
  attempt->view.outcome = machine::outcome_of(error.code);
  attempt->view.reason = error.message;
  attempt->refusal = error;
  attempt->next = NextRoute::next;
  attempts_.push_back(std::move(attempt));
}

void Dialer::place(std::size_t index, OutboundRoute route) {
  const std::string uri = route.call.target_uri;
  auto admitted = env_.deps.outbound.admit(route);
  if (!admitted) {
    if (pace(index, route, admitted.error())) return;
    return refused(index, admitted.error(), uri, route.trunk);
  }
  CallFacts facts;
  facts.id = model::CallId::make();
  facts.direction = model::CallDirection::outbound;
  facts.from.uri = route.call.from_uri;
  facts.from.user = aim_of(*targets_[index]).from;
  facts.from.display_name = route.call.from_display_name;
  facts.to.uri = uri;
  facts.to.user = target_text(targets_[index]->aim);
  facts.request_uri.uri = uri;
  facts.sip_call_id = random_hex(16);
  facts.created = env_.now();
  facts.created_wall = env_.wall();
  facts.parent = request_.parent;
  facts.op = request_.op;
  facts.attempt = static_cast<int>(attempts_.size() + 1);
  facts.intent = request_.intent;
  facts.trunk = route.trunk;
  facts.transport = transport_of(route.call);
  auto placed = env_.exchange.place(std::move(facts), request_.owner, request_.session);
  if (!placed) return refused(index, placed.error(), uri, route.trunk);
  Call& call = **placed;
  auto attempt = std::make_unique<Attempt>();
  attempt->target = index;
  attempt->call = &call;
  attempt->route = route;
  attempt->began = env_.now();
  attempt->view.number = static_cast<std::int64_t>(attempts_.size() + 1);
  attempt->view.call_id = call.id();
  attempt->view.target = target_text(targets_[index]->aim);
  attempt->view.uri = uri;
  if (!route.trunk.empty()) attempt->view.trunk_id = route.trunk;
  attempts_.push_back(std::move(attempt));
  call.set_watcher(this);
  if (request_.plan.max_duration_ms) call.set_max_duration(*request_.plan.max_duration_ms);
  if (request_.plan.tag) call.set_tag(request_.plan.tag->text);
  if (!request_.replaces_header.empty()) route.call.replaces_header = request_.replaces_header;
  DialOptions options;
  options.codecs = request_.plan.codecs;
  options.take_early_media = request_.plan.early_media != model::EarlyMedia::ignore;
  call.dial(std::move(route), std::move(*admitted), std::move(options));
}

bool Dialer::pace(std::size_t index, const OutboundRoute& route, const model::Error& error) {
  constexpr std::int64_t kLongestWaitMs = 3000;
  if (error.code != model::ErrorCode::cps_exceeded || !error.retry_after_ms ||
      *error.retry_after_ms > kLongestWaitMs)
    return false;
  Target& target = *targets_[index];
  target.paced.push_back(route);
  target.turn.set(milliseconds(std::max<std::int64_t>(1, *error.retry_after_ms)), [this, index] {
    for (OutboundRoute& waiting : std::exchange(targets_[index]->paced, {})) {
      if (state_ == State::dialing) place(index, std::move(waiting));
    }
    if (!pending(index)) step_over(index);
  });
  return true;
}

bool Dialer::pending(std::size_t target) const {
  if (!targets_[target]->paced.empty()) return true;
  return std::any_of(attempts_.begin(), attempts_.end(),
                     [target](const auto& a) { return a->target == target && a->call != nullptr; });
}

void Dialer::step_over(std::size_t index) {
  if (state_ != State::dialing) return;
  Target& target = *targets_[index];
  if (!target.over) {
    // The last attempt of the step decides whether the target's other ways are worth trying.
    const auto last = std::find_if(attempts_.rbegin(), attempts_.rend(),
                                   [index](const auto& a) { return a->target == index; });
    const NextRoute next = last == attempts_.rend() ? NextRoute::stop : (*last)->next;
    const auto same_trunk = [&](const std::vector<OutboundRoute>& step) {
      return step.front().trunk == (*last)->route.trunk;
    };
    while (next == NextRoute::other_trunk && target.step < target.steps.size() &&
           same_trunk(target.steps[target.step])) {
      ++target.step;
    }
    if (next != NextRoute::stop && target.step < target.steps.size()) {
      return later([index](Dialer& d) {
        if (d.state_ == State::dialing) d.next_step(index);
      });
    }
    target.end();
  }
  const bool all_over = std::all_of(targets_.begin() + static_cast<std::ptrdiff_t>(first_target_),
                                    targets_.end(), [](const auto& t) { return t->over; });
  if (all_over) later([](Dialer& d) { d.next_group(); });
}

void Dialer::ring_timeout(std::size_t index) {
  targets_[index]->end();
  bool any = false;
  for (const auto& attempt : attempts_) {
    if (attempt->target != index || attempt->call == nullptr) continue;
    // Whoever answered in time has its screening to live up to, not the ring time-out.
    if (machine::answered(attempt->call->leg())) continue;
    any = true;
    attempt->call->end_by(LocalCause::ring_limit);
  }
  if (!any && !pending(index)) step_over(index);
}

// ---- attempts

void Dialer::call_rings(Call& call, bool early_media) {
  if (state_ == State::dialing && handlers_.on_rings) handlers_.on_rings(call, early_media);
}

void Dialer::call_answered(Call& call) {
  Attempt* attempt = find(call);
  if (attempt == nullptr || state_ != State::dialing) return;
  attempt->view.outcome = AttemptOutcome::answered;
  attempt->view.sip_code = 200;
  attempt->view.reason = "OK";
  attempt->view.ring_ms = std::chrono::duration_cast<milliseconds>(env_.now() - attempt->began).count();
  // In a later turn: the call is in the middle of its own step.
  later([id = call.id()](Dialer& d) {
    Attempt* a = d.find(id);
    if (a == nullptr || d.state_ != State::dialing) return;
    if (d.request_.plan.screen) return d.screen(*a);
    d.accept(*a);
  });
}

void Dialer::screen(Attempt& attempt) {
  const model::Screen& screen = *request_.plan.screen;
  model::CallPrompt prompt;
  prompt.call_id = attempt.call->id();
  prompt.play = screen.play;
  prompt.max_tries = screen.max_tries;
  prompt.collect.digits.emplace();
  prompt.collect.digits->min = 1;
  prompt.collect.digits->max = 1;
  prompt.collect.digits->terminators = "";
  prompt.collect.first_input_timeout_ms = screen.timeout_ms;
  std::string pattern = "[" + screen.accept + "]";
  prompt.collect.digits->pattern = std::move(pattern);
  auto made = make_operation(*attempt.call, prompt);
  if (!made) return attempt.call->end_by(LocalCause::internal, made.error().message);
  const auto decided = [self = self_, id = attempt.call->id()](const Completion& done) {
    if (*self == nullptr || (*self)->state_ != State::dialing) return;
    Attempt* a = (*self)->find(id);
    if (a == nullptr) return;
    if (done.outcome == model::OpOutcome::succeeded && done.reason == model::OpReason::match)
      return (*self)->accept(*a);
    a->call->end_by(LocalCause::screened_out, "the called party did not accept the call");
  };
  if (attempt.call->ops().submit_internal(std::move(*made), false, decided) == 0)
    attempt.call->end_by(LocalCause::internal);
}

void Dialer::accept(Attempt& attempt) {
  state_ = State::winding_up;
  total_.cancel();
  for (const auto& target : targets_) target->end();
  Call& call = *attempt.call;
  end_attempts(LocalCause::answered_elsewhere, &call);
  if (!request_.plan.send_digits) return finish_with(call);
  model::CallSendDigits digits;
  digits.call_id = call.id();
  digits.digits = *request_.plan.send_digits;
  auto made = make_operation(call, digits);
  const auto sent = [self = self_, id = call.id()](const Completion&) {
    if (*self == nullptr || (*self)->state_ != State::winding_up) return;
    if (Attempt* a = (*self)->find(id)) (*self)->finish_with(*a->call);
  };
  if (!made || call.ops().submit_internal(std::move(*made), false, sent) == 0) finish_with(call);
}

void Dialer::finish_with(Call& call) {
  state_ = State::over;
  for (const auto& attempt : attempts_) {
    if (attempt->call != nullptr) attempt->call->set_watcher(nullptr);
    attempt->call = nullptr;
  }
  if (handlers_.on_answered) handlers_.on_answered(call);
}

void Dialer::call_over(Call& call, const model::Verdict& verdict) {
  Attempt* attempt = find(call);
  if (attempt == nullptr) return;
  attempt->call = nullptr;
  const bool was_answered =
      attempt->view.outcome == AttemptOutcome::answered && attempt->view.sip_code == 200;
  attempt->view.outcome = machine::outcome_of(verdict);
  if (timed_out_ && attempt->view.outcome == AttemptOutcome::cancelled)
    attempt->view.outcome = AttemptOutcome::no_answer;
  attempt->view.sip_code = verdict.sip_code;
  const auto& end = call.leg_end();
  attempt->view.reason =
      end && !end->sip_reason.empty() ? end->sip_reason : std::string(to_string(verdict.reason));
  if (!was_answered)
    attempt->view.ring_ms = std::chrono::duration_cast<milliseconds>(env_.now() - attempt->began).count();
  if (end && !was_answered) attempt->next = env_.deps.outbound.report(attempt->route, &*end);
  if (state_ == State::winding_up) {
    // The winner hung up while its digits were being sent.
    if (was_answered) give_up(failure());
    return;
  }
  if (state_ == State::dialing && !pending(attempt->target)) step_over(attempt->target);
}

void Dialer::call_replaced(Call& call, Call& with) {
  Attempt* attempt = find(call);
  if (attempt == nullptr || state_ != State::dialing) return;
  call.set_watcher(nullptr);
  with.set_watcher(this);
  attempt->call = &with;
  attempt->view.call_id = with.id();
}

void Dialer::end_attempts(LocalCause cause, const Call* but) {
  for (const auto& attempt : attempts_) {
    if (attempt->call == nullptr || attempt->call == but) continue;
    Call& call = *attempt->call;
    call.set_watcher(nullptr);
    attempt->call = nullptr;
    attempt->view.outcome = timed_out_ ? AttemptOutcome::no_answer : AttemptOutcome::cancelled;
    attempt->view.sip_code = 0;
    attempt->view.reason = timed_out_ ? "no answer in time" : "cancelled";
    attempt->view.ring_ms = std::chrono::duration_cast<milliseconds>(env_.now() - attempt->began).count();
    call.end_by(cause);
  }
}

void Dialer::cancel(LocalCause cause) {
  if (state_ == State::over) return;
  state_ = State::over;
  total_.cancel();
  for (const auto& target : targets_) target->end();
  end_attempts(cause, nullptr);
}

model::Error Dialer::failure() const {
  const auto views = attempts();
  const auto telling = machine::most_telling(views);
  // What was refused here keeps its own code: the application is told whether and when to try again.
  if (telling && attempts_[*telling]->refusal) return *attempts_[*telling]->refusal;
  return machine::dial_error(views, timed_out_);
}

void Dialer::give_up(model::Error error) {
  if (state_ == State::over) return;
  cancel(LocalCause::ring_limit);
  if (timed_out_) error = failure();
  if (handlers_.on_failed) handlers_.on_failed(std::move(error));
}

}  // namespace tandem::call
