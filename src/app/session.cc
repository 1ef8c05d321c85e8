#include "app/session.h"

#include "base/hmac.h"
#include "base/random.h"

namespace tandem::app {
namespace {

constexpr std::uint16_t kNormalClosure = 1000;
constexpr std::uint16_t kGoingAway = 1001;
constexpr std::uint16_t kPolicyViolation = 1008;

model::Error error_of(model::ErrorCode code, std::string message) {
  model::Error error;
  error.code = code;
  error.message = std::move(message);
  return error;
}

}  // namespace

Session::Session(call::SessionOpening opening, Environment environment, MakeConnector make_connector,
                 Function<void(Ending)> on_end)
    : opening_(std::move(opening)),
      env_(std::move(environment)),
      on_end_(std::move(on_end)),
      resume_token_(random_hex(16)),
      created_(env_.control.clock().wall()),
      stream_(env_.control.clock(), opening_.id, env_.limits.events),
      expiry_(env_.control),
      grace_(env_.control),
      lag_(env_.control),
      connector_(make_connector(*this, opening_)) {
  stream_.push({.data = started_event()});
  connector_->open(attempt_);
}

model::SessionInfo Session::info() const {
  model::SessionInfo out;
  out.id = opening_.id;
  out.created_at = created_;
  out.resume_ttl_ms = env_.limits.resume_ttl.count();
  return out;
}

model::SessionStartedEvent Session::started_event() const {
  model::SessionStartedEvent event;
  event.session = info();
  event.reason = opening_.reason == "outbound-call" ? model::SessionReason::outbound_call
                                                    : model::SessionReason::inbound_call;
  if (!opening_.data_json.empty()) event.data = model::RawJson{opening_.data_json};
  event.account_id = opening_.account.id;
  event.application_id = opening_.application.id;
  event.capabilities = env_.capabilities;
  event.limits.max_frame_bytes = static_cast<std::int64_t>(env_.limits.channel.max_frame_bytes);
  event.limits.max_requests_per_second = static_cast<std::int64_t>(env_.limits.channel.requests_per_second);
  event.limits.max_queued_operations = env_.limits.max_queued_operations;
  event.limits.ack_window = static_cast<std::int64_t>(env_.limits.events.window);
  event.limits.replay_events = static_cast<std::int64_t>(env_.limits.events.replay);
  event.limits.max_calls = env_.limits.max_calls;
  event.resume_token = resume_token_;
  return event;
}

// ---- links

void Session::on_linked(std::uint64_t attempt, std::unique_ptr<Link> link, Peer peer) {
  const bool sought = std::holds_alternative<Connecting>(state_) || std::holds_alternative<Lost>(state_);
  if (attempt != attempt_ || !sought) return;
  connector_->stop();
  if (peer == Peer::knows_nothing) {
    begin(std::move(link));
    return;
  }
  state_ = Resuming{std::move(link)};
  grace_.set(env_.limits.resume_ack_timeout, [this] {
    if (auto* resuming = std::get_if<Resuming>(&state_))
      resuming->link->close(kPolicyViolation, "session.ack expected");
    become_lost();
  });
}

/// The session from its first event, to an application that knows nothing of it.
void Session::begin(std::unique_ptr<Link> link) {
  const bool first = std::holds_alternative<Connecting>(state_);
  if (!first) renew_token();
  const auto events = stream_.after(0);
  if (!events) {  // It took so long that the buffer has moved on.
    resume_from(std::move(link), 0);
  } else {
    expiry_.cancel();
    Link& live = *state_.emplace<Live>(Live{std::move(link)}).link;
    announced_ = EventStream::Pace::flowing;
    for (const EventPtr& event : *events) live.send_event(event);
    if (core_idle_) idle();
  }
  if (first) env_.core.session_opened(opening_.id);
}

/// The worker that was given up must not take the session from the one that has it now.
void Session::renew_token() {
  resume_token_ = random_hex(16);
  stream_.amend(1, [this](model::Event& event) {
    if (auto* started = std::get_if<model::SessionStartedEvent>(&event.data))
      started->resume_token = resume_token_;
  });
}

void Session::on_unreachable(std::uint64_t attempt) {
  if (attempt == attempt_ && std::holds_alternative<Connecting>(state_)) end(Ending::unreachable);
}

bool Session::may_resume(const model::AccountId& account, const model::ApplicationId& application,
                         std::string_view token) const {
  const bool known = !std::holds_alternative<Connecting>(state_) && !std::holds_alternative<Ended>(state_);
  return equal_constant_time(token, resume_token_) && known && account == opening_.account.id &&
         application == opening_.application.id;
}

std::uint64_t Session::release() {
  connector_->stop();
  grace_.cancel();
  lag_.cancel();
  if (auto* live = std::get_if<Live>(&state_)) live->link->close(kGoingAway, "another worker has it");
  if (auto* resuming = std::get_if<Resuming>(&state_))
    resuming->link->close(kGoingAway, "another worker has it");
  drop_link();
  state_ = Lost{};
  return ++attempt_;
}

void Session::resume(std::unique_ptr<Link> link, std::string rpc_id, std::uint64_t seq) {
  touched_ = true;
  link->send_done(std::move(rpc_id));
  resume_from(std::move(link), seq);
}

// ---- what comes in

void Session::on_request(std::uint64_t attempt, model::Request request) {
  if (attempt != attempt_) return;
  touched_ = true;
  if (auto* resuming = std::get_if<Resuming>(&state_)) {
    if (const auto* ack = std::get_if<model::SessionAck>(&request.params)) {
      resuming->link->send_done(std::move(request.rpc_id));
      resume_from(std::move(resuming->link), ack->seq);
    } else {
      resuming->link->send_error(
          std::move(request.rpc_id),
          error_of(model::ErrorCode::wrong_state, "the first request on a resumed socket is session.ack"));
    }
    return;
  }
  if (Link* link = live_link()) answer(*link, std::move(request));
}

void Session::answer(Link& link, model::Request request) {
  if (const auto* ack = std::get_if<model::SessionAck>(&request.params)) {
    if (ack->seq > stream_.last_seq()) {
      model::Error error = error_of(model::ErrorCode::invalid_params, "seq: no such event was sent yet");
      error.field = "seq";
      link.send_error(std::move(request.rpc_id), std::move(error));
      return;
    }
    link.send_done(std::move(request.rpc_id));
    acknowledge(ack->seq);
    return;
  }
  if (std::holds_alternative<model::SnapshotGet>(request.params)) {
    link.send_snapshot(std::move(request.rpc_id), snapshot());
    return;
  }
  if (const auto* wish = std::get_if<model::SessionSubscribe>(&request.params)) {
    env_.core.subscribe(opening_.id, *wish);
    link.send_done(std::move(request.rpc_id));
    return;
  }
  auto reply = env_.core.submit(opening_.id, request.params);
  const bool sent = reply ? link.send_operation(std::move(request.rpc_id), std::move(*reply))
                          : link.send_error(std::move(request.rpc_id), std::move(reply.error()));
  if (!sent) check_pace();
}

void Session::acknowledge(std::uint64_t seq) {
  for (EventPtr& event : stream_.acknowledge(seq)) send(std::move(event));
  if (stream_.pace() != EventStream::Pace::flowing) return;
  announced_ = EventStream::Pace::flowing;
  lag_.cancel();
}

void Session::resume_from(std::unique_ptr<Link> resumed_link, std::uint64_t seq) {
  grace_.cancel();
  Link& link = *state_.emplace<Live>(Live{std::move(resumed_link)}).link;
  expiry_.cancel();
  const auto missed = stream_.after(seq);
  model::SessionResumedEvent resumed;
  resumed.gap = !missed.has_value();
  stream_.acknowledge(missed ? seq : stream_.last_seq());
  if (missed) {
    for (const EventPtr& event : *missed) link.send_event(event);
    resumed.replay_from = seq + 1;
  } else {
    resumed.replay_from = stream_.last_seq() + 1;
    resumed.snapshot = snapshot();
  }
  announced_ = EventStream::Pace::flowing;
  deliver({.data = std::move(resumed)});
  env_.log.info("session {}: resumed from event {}", opening_.id.str(), seq);
  if (core_idle_) idle();
}

void Session::on_closed(std::uint64_t attempt, std::uint16_t code) {
  if (attempt != attempt_ || std::holds_alternative<Ended>(state_)) return;
  if (code == kNormalClosure) {
    end(Ending::closed_by_application);
    return;
  }
  env_.log.info("session {}: socket lost ({}), waiting for a resume", opening_.id.str(), code);
  become_lost();
}

// ---- what goes out

Link* Session::live_link() {
  auto* live = std::get_if<Live>(&state_);
  return live == nullptr ? nullptr : live->link.get();
}

void Session::deliver(model::Event event) {
  if (std::holds_alternative<Ended>(state_)) return;
  if (core_idle_ && std::holds_alternative<model::CallCreatedEvent>(event.data)) {
    core_idle_ = false;  // It dialled again.
    grace_.cancel();
  }
  EventPtr numbered = stream_.push(std::move(event));
  if (!numbered) {
    ++merged_;
    return;
  }
  send(std::move(numbered));
  check_pace();
}

void Session::send(EventPtr event) {
  Link* link = live_link();
  if (link == nullptr) return;  // It waits in the stream.
  if (!link->send_event(std::move(event))) {
    cut_off("the application does not read");
  }
}

void Session::check_pace() {
  if (live_link() == nullptr) return;
  const EventStream::Pace pace = stream_.pace();
  if (pace == EventStream::Pace::stuck) {
    cut_off("too many events not acknowledged");
    return;
  }
  if (pace != EventStream::Pace::lagging || announced_ == EventStream::Pace::lagging) return;
  announced_ = EventStream::Pace::lagging;
  model::SessionLaggingEvent lagging;
  lagging.unacked = stream_.unacknowledged();
  lagging.window = env_.limits.events.window;
  lagging.merged = merged_;
  lag_.set(env_.limits.lag_grace, [this] { cut_off("events not acknowledged in time"); });
  send(stream_.push({.data = lagging}));
}

void Session::cut_off(const char* reason) {
  if (Link* link = live_link()) link->close(kPolicyViolation, reason);
  become_lost();
}

model::SessionSnapshot Session::snapshot() {
  model::SessionSnapshot out = env_.core.snapshot(opening_.id);
  out.session = info();
  out.last_seq = stream_.last_seq();
  return out;
}

// ---- ends

void Session::become_lost() {
  if (std::holds_alternative<Lost>(state_) || std::holds_alternative<Ended>(state_)) return;
  grace_.cancel();
  lag_.cancel();
  drop_link();
  state_ = Lost{};
  ++attempt_;
  if (!expiry_.pending()) {
    expiry_.set(env_.limits.resume_ttl, [this] {
      env_.log.warn("session {}: not resumed in time", opening_.id.str());
      end(Ending::not_resumed);
    });
  }
  connector_->recover(attempt_, !touched_);
}

/// The link goes in a later turn: this may run below one of its own calls.
void Session::drop_link() {
  if (auto* live = std::get_if<Live>(&state_)) env_.control.post([l = std::move(live->link)] {});
  if (auto* resuming = std::get_if<Resuming>(&state_)) env_.control.post([l = std::move(resuming->link)] {});
}

void Session::idle() {
  core_idle_ = true;
  if (live_link() == nullptr) return;  // Again once resumed; else resume_ttl ends it.
  grace_.set(env_.limits.idle_grace, [this] {
    if (Link* link = live_link()) link->close(kNormalClosure, "session idle");
    end(Ending::idle);
  });
}

bool Session::connected() const {
  return std::holds_alternative<Live>(state_);
}

void Session::end(Ending ending) {
  if (std::holds_alternative<Ended>(state_)) return;
  connector_->stop();
  expiry_.cancel();
  grace_.cancel();
  lag_.cancel();
  drop_link();
  state_ = Ended{};
  on_end_(ending);
}

}  // namespace tandem::app
