#include "call/core.h"

#include <fmt/format.h>

#include <type_traits>
#include <unordered_map>

#include "call/operation/verbs.h"
#include "call/resource/account_limits.h"
#include "call/resource/call.h"
#include "call/resource/environment.h"

namespace tandem::call {
namespace {

using machine::LocalCause;
using model::ErrorCode;
using SubmitResult = Result<model::OperationView, model::Error>;

class CoreImpl final : public CoreHandle, private CallOwner {
 public:
  explicit CoreImpl(CoreOptions options) : options_(std::move(options)) {}
  ~CoreImpl() override {
    if (env_) env_->finder->clear();
    calls_.clear();
  }

  void bind(Dependencies dependencies) override;
  std::size_t close_orphans() override;

  // Core.
  SubmitResult submit(const model::SessionId& session, const model::RequestParams& params) override;
  [[nodiscard]] model::SessionSnapshot snapshot(const model::SessionId& session) override;
  void session_opened(const model::SessionId& session) override;
  void session_failed(const model::SessionId& session, SessionFailure why) override;
  void session_lost(const model::SessionId& session) override;
  void session_closed(const model::SessionId& session) override;
  void set_draining(bool draining) override;
  [[nodiscard]] std::size_t live_calls() const override { return live_; }

  // sip::Observer.
  void on_incoming(sip::IncomingCall call) override;
  void on_progress(const model::CallId&, sip::Progress) override {}
  void on_answered(const model::CallId&, sip::Answered) override {}
  void on_acknowledged(const model::CallId& id, std::optional<model::SessionDescription> session) override {
    if (Call* call = find(id)) call->on_acknowledged(session);
  }
  void on_prack(const model::CallId& id, std::optional<model::SessionDescription> session) override {
    if (Call* call = find(id)) call->on_prack(session);
  }
  void on_offer(const model::CallId& id, sip::PeerOffer offer) override {
    if (Call* call = find(id)) call->on_offer(std::move(offer));
  }
  void on_reoffer_result(const model::CallId&, sip::ReofferResult) override {}
  void on_message(const model::CallId& id, sip::InDialogMessage message) override {
    if (Call* call = find(id)) call->on_message(std::move(message));
  }
  void on_info_digit(const model::CallId& id, sip::InfoDigit digit) override {
    // The engine merges it with digits that came in RTP and reports each once.
    if (find(id) != nullptr) env_->deps.engine.info_digit(id, digit.digit, digit.duration_ms);
  }
  void on_request_result(const model::CallId& id, std::uint64_t tag, int sip_code) override {
    if (Call* call = find(id)) {
      call->ops().each_begun([&](Operation& op) { op.on_request_result(tag, sip_code); });
    }
  }
  void on_ended(const model::CallId& id, sip::Ended ended) override {
    if (Call* call = find(id)) call->on_ended(std::move(ended));
  }

  // media::Observer.
  void on_digit(const media::StreamId& id, media::Digit digit) override {
    if (Call* call = find(id)) call->on_digit(digit);
  }
  void on_play_started(const media::StreamId& id, media::PlayId play) override {
    with_player(id, play, [](Playback& p) { p.on_play_started(); });
  }
  void on_play_ended(const media::StreamId& id, media::PlayId play, media::PlayResult result) override {
    with_player(id, play, [&](Playback& p) { p.on_play_ended(result); });
  }
  void on_digits_sent(const media::StreamId& id, media::PlayId tag, bool complete) override {
    if (Call* call = find(id)) {
      call->ops().each_begun([&](Operation& op) { op.on_digits_sent(tag, complete); });
    }
  }
  void on_media_started(const media::StreamId&) override {}
  void on_rtp_timeout(const media::StreamId& id) override {
    if (Call* call = find(id)) call->on_rtp_timeout();
  }
  void on_quality(const media::StreamId& id, model::StreamQuality quality) override {
    if (Call* call = find(id)) call->on_quality(quality);
  }
  void on_closed(const media::StreamId& id, model::StreamQuality quality) override {
    if (Call* call = find(id)) call->on_closed(quality);
  }

 private:
  struct Session {
    std::vector<model::CallId> calls;
  };

  // CallOwner.
  void call_finished(Call& call) override;
  void cdr_stored(const model::CallId& id) override;

  [[nodiscard]] Call* find(const model::CallId& id) {
    const auto found = calls_.find(id);
    return found == calls_.end() ? nullptr : found->second.get();
  }
  [[nodiscard]] Session* find(const model::SessionId& id) {
    const auto found = sessions_.find(id);
    return found == sessions_.end() ? nullptr : &found->second;
  }
  template <class F>
  void with_player(const model::CallId& id, media::PlayId play, F f);
  /// Each call of the session that still exists.
  template <class F>
  void each_call(const Session& session, F f);
  [[nodiscard]] Call* call_with_operation(const Session& session, const model::OpId& op);

  template <class P>
  SubmitResult submit_call(Session& session, const P& params, const model::RequestParams& whole);
  template <class P>
  SubmitResult submit_control(Session& session, const P& params);

  void routed(const model::CallId& id, std::optional<store::Route> route);
  void open_session(Call& call);
  void detach(const model::SessionId& id);
  void erase_later(const model::CallId& id);
  void drain_expired();

  const CoreOptions options_;
  std::unique_ptr<Environment> env_;
  std::unordered_map<model::CallId, std::unique_ptr<Call>> calls_;
  std::unordered_map<model::SessionId, Session> sessions_;
  AccountLimits limits_;
  std::unordered_map<model::CallId, model::AccountId> holding_;  ///< Calls that hold a place in limits_.
  std::size_t live_ = 0;
  bool draining_ = false;
  std::unique_ptr<runtime::Timer> drain_timer_;
};

void CoreImpl::bind(Dependencies dependencies) {
  auto finder = std::make_shared<CallFinder>([this](const model::CallId& id) { return find(id); });
  Metrics& metrics = dependencies.metrics;
  env_ = std::unique_ptr<Environment>(
      new Environment{options_, std::move(dependencies), CoreMetrics(metrics), std::move(finder), *this});
  drain_timer_ = std::make_unique<runtime::Timer>(env_->deps.loop);
}

// ------------------------------------------------------------------------------------------------------------
// arrivals

void CoreImpl::on_incoming(sip::IncomingCall incoming) {
  runtime::assert_on(env_->deps.loop);
  const model::CallId id = incoming.id;
  if (calls_.contains(id)) return;
  store::RouteQuery query{incoming.request_uri.user, incoming.from.user, incoming.request_uri.host,
                          incoming.source.ip};
  auto call = std::make_unique<Call>(*env_, std::move(incoming));
  Call& added = *call;
  calls_.emplace(id, std::move(call));
  env_->metrics.call_started();
  env_->metrics.set_live(++live_);
  if (draining_) return added.end_by(LocalCause::node_draining);
  env_->deps.store.find_route(std::move(query),
                              [this, finder = env_->finder, id](std::optional<store::Route> route) {
                                if (finder->alive()) routed(id, std::move(route));
                              });
}

void CoreImpl::routed(const model::CallId& id, std::optional<store::Route> route) {
  Call* call = find(id);
  if (call == nullptr || !call->live()) return;
  if (!route) return call->end_by(LocalCause::not_found, "no route for the called number");
  const store::Account account = route->account;
  call->set_route(std::move(*route));
  switch (limits_.admit(account, env_->now())) {
    case AccountLimits::Answer::too_fast:
      return call->end_by(LocalCause::limit_rate, "the account's limit of calls per second is reached");
    case AccountLimits::Answer::too_many:
      return call->end_by(LocalCause::limit_concurrency,
                          "the account's limit of concurrent calls is reached");
    case AccountLimits::Answer::admitted:
      break;
  }
  holding_.emplace(id, account.id);
  if (draining_) return call->end_by(LocalCause::node_draining);
  open_session(*call);
}

void CoreImpl::open_session(Call& call) {
  const model::SessionId session = model::SessionId::make();
  sessions_[session].calls.push_back(call.id());
  call.attach(session);
  SessionOpening opening;
  opening.id = session;
  opening.reason = "inbound-call";
  opening.account = call.route()->account;
  opening.application = call.route()->application;
  opening.call_id = call.id();
  env_->deps.gateway.open(std::move(opening));
  call.announce();
}

// ------------------------------------------------------------------------------------------------------------
// sessions

template <class F>
void CoreImpl::each_call(const Session& session, F f) {
  const std::vector<model::CallId> ids = session.calls;
  for (const model::CallId& id : ids) {
    if (Call* call = find(id)) f(*call);
  }
}

void CoreImpl::session_opened(const model::SessionId& id) {
  if (Session* session = find(id)) each_call(*session, [](Call& c) { c.session_opened(); });
}
void CoreImpl::session_failed(const model::SessionId& id, SessionFailure why) {
  if (Session* session = find(id)) each_call(*session, [why](Call& c) { c.session_failed(why); });
  detach(id);
}
void CoreImpl::session_lost(const model::SessionId& id) {
  if (Session* session = find(id)) each_call(*session, [](Call& c) { c.session_lost(); });
  detach(id);
}
void CoreImpl::session_closed(const model::SessionId& id) {
  if (Session* session = find(id)) each_call(*session, [](Call& c) { c.session_closed(); });
  detach(id);
}

void CoreImpl::detach(const model::SessionId& id) {
  const auto found = sessions_.find(id);
  if (found == sessions_.end()) return;
  // Nobody can ask any more about what has ended.
  each_call(found->second, [this](Call& c) {
    if (c.over()) erase_later(c.id());
  });
  sessions_.erase(found);
}

void CoreImpl::erase_later(const model::CallId& id) {
  env_->deps.loop.post([this, finder = env_->finder, id] {
    if (!finder->alive()) return;
    const auto found = calls_.find(id);
    if (found == calls_.end()) return;
    if (Session* session = find(found->second->session())) std::erase(session->calls, id);
    calls_.erase(found);
  });
}

// ----------------------------------------------------------------------------------------------------------
// operations

Call* CoreImpl::call_with_operation(const Session& session, const model::OpId& op) {
  for (const model::CallId& id : session.calls) {
    Call* call = find(id);
    if (call != nullptr && call->ops().params_of(op) != nullptr) return call;
  }
  return nullptr;
}

template <class P>
SubmitResult CoreImpl::submit_control(Session& session, const P& params) {
  Call* call = call_with_operation(session, params.op_id);
  if (call == nullptr)
    return Err(make_error(ErrorCode::op_not_found, "no such operation in this session", "op_id"));
  return control(*call, params);
}

template <class P>
SubmitResult CoreImpl::submit_call(Session& session, const P& params, const model::RequestParams& whole) {
  if (params.op_id) {
    if (Call* known = call_with_operation(session, *params.op_id)) {
      if (*known->ops().params_of(*params.op_id) == whole) return known->ops().view(*params.op_id);
      return Err(make_error(ErrorCode::idempotency_conflict, "op_id was used before with other parameters",
                            "op_id"));
    }
  }
  const bool ours =
      std::find(session.calls.begin(), session.calls.end(), params.call_id) != session.calls.end();
  Call* call = ours ? find(params.call_id) : nullptr;
  if (call == nullptr)
    return Err(make_error(ErrorCode::call_not_found, "no such call in this session", "call_id"));
  if (!call->live()) return Err(make_error(ErrorCode::call_ended, "the call is over", "call_id"));
  MadeOperation made = make_operation(*call, params);
  if (!made) return Err(std::move(made.error()));
  const bool acts = (*made)->traits().acts_on_call;
  auto view = call->ops().submit(params.op_id.value_or(model::OpId::make()), whole, std::move(*made));
  if (view && acts) call->acted_on();
  return view;
}

SubmitResult CoreImpl::submit(const model::SessionId& id, const model::RequestParams& params) {
  runtime::assert_on(env_->deps.loop);
  Session* session = find(id);
  if (session == nullptr) return Err(make_error(ErrorCode::call_not_found, "the session holds no call"));
  return std::visit(
      [&](const auto& p) -> SubmitResult {
        using P = std::decay_t<decltype(p)>;
        if constexpr (std::is_same_v<P, model::SessionAck> || std::is_same_v<P, model::SnapshotGet>) {
          return Err(make_error(ErrorCode::unknown_method, "not a method of the core"));
        } else if constexpr (requires { make_operation(std::declval<Call&>(), p); }) {
          return submit_call(*session, p, params);
        } else {
          return submit_control(*session, p);
        }
      },
      params);
}

model::SessionSnapshot CoreImpl::snapshot(const model::SessionId& id) {
  model::SessionSnapshot out;
  out.session.id = id;
  if (Session* session = find(id)) {
    each_call(*session, [&out](Call& call) {
      out.calls.push_back(call.snapshot());
      for (auto& view : call.ops().views()) out.operations.push_back(std::move(view));
    });
  }
  return out;
}

template <class F>
void CoreImpl::with_player(const model::CallId& id, media::PlayId play, F f) {
  Call* call = find(id);
  if (call == nullptr) return;
  call->ops().each_begun([&](Operation& op) {
    Playback* playback = op.playback();
    if (playback != nullptr && playback->owns(play)) f(*playback);
  });
}

// ---------------------------------------------------------------------------------------------------- ends,
// paper work

void CoreImpl::call_finished(Call& call) {
  env_->metrics.set_live(--live_);
  if (const auto held = holding_.find(call.id()); held != holding_.end()) {
    limits_.release(held->second);
    holding_.erase(held);
  }
  const bool asked_for = find(call.session()) != nullptr;
  if (!asked_for) {
    erase_later(call.id());
    return;
  }
  // Its operations can be asked for a while longer.
  call.linger().set(options_.linger, [this, id = call.id()] { erase_later(id); });
}

void CoreImpl::cdr_stored(const model::CallId& id) {
  // Not before: after a crash in between, the record in the directory is what the CDR is made of.
  env_->deps.directory.remove(id);
  Call* call = find(id);
  if (call == nullptr) return;
  call->tell_cdr_ready();
  const Session* session = find(call->session());
  if (session == nullptr) return;
  bool idle = true;
  each_call(*session, [&idle](const Call& c) { idle = idle && c.over() && c.cdr_told(); });
  if (idle) env_->deps.gateway.idle(call->session());
}

std::size_t CoreImpl::close_orphans() {
  const auto records = env_->deps.directory.take_orphans();
  for (const cluster::CallRecord& r : records) {
    const auto at = [](std::int64_t ms) { return WallTime(std::chrono::milliseconds(ms)); };
    const bool answered = r.answered_unix_ms > 0;
    store::Cdr cdr;
    cdr.id = cdr_id_of(r.call_id);
    cdr.call_id = r.call_id;
    cdr.account_id = r.account_id;
    cdr.application_id = r.application_id;
    cdr.session_id = r.session_id;
    cdr.direction = r.direction;
    cdr.from = r.from;
    cdr.to = r.to;
    cdr.sip_call_id = r.sip_call_id;
    cdr.source = r.source;
    cdr.transport = r.transport;
    cdr.codec = r.codec;
    cdr.tag_json = r.tag_json;
    cdr.started = at(r.started_unix_ms);
    if (answered) cdr.answered = at(r.answered_unix_ms);
    cdr.ended = at(r.updated_unix_ms);
    cdr.duration_ms = std::max<std::int64_t>(0, r.updated_unix_ms - r.started_unix_ms);
    if (answered) cdr.billable_ms = std::max<std::int64_t>(0, r.updated_unix_ms - r.answered_unix_ms);
    cdr.verdict = machine::make_verdict({LocalCause::node_lost, machine::LegEnd::local_hangup, 0, 0, answered,
                                         r.direction == "outbound", "the server that carried it was lost"});
    env_->metrics.call_ended(cdr.verdict, cdr.duration_ms);
    env_->deps.log.warn("call {} was lost with an earlier life of this node", r.call_id.str());
    env_->deps.store.write_cdr(std::move(cdr), [this, finder = env_->finder, id = r.call_id] {
      if (finder->alive()) env_->deps.directory.remove(id);
    });
  }
  return records.size();
}

void CoreImpl::set_draining(bool draining) {
  draining_ = draining;
  env_->deps.agent.set_draining(draining);
  if (draining) {
    drain_timer_->set(options_.drain_deadline, [this] { drain_expired(); });
  } else {
    drain_timer_->cancel();
  }
}

void CoreImpl::drain_expired() {
  std::vector<model::CallId> ids;
  ids.reserve(calls_.size());
  for (const auto& [id, call] : calls_) ids.push_back(id);
  for (const model::CallId& id : ids) {
    if (Call* call = find(id)) call->end_by(LocalCause::node_draining, "the node stops");
  }
}

}  // namespace

std::unique_ptr<CoreHandle> make_core(CoreOptions options) {
  return std::make_unique<CoreImpl>(std::move(options));
}

}  // namespace tandem::call
