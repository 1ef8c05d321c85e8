#include "app/session.h"

#include <algorithm>

#include "base/random.h"

namespace tandem::app {
namespace {

using std::chrono::milliseconds;

constexpr std::uint16_t kNormalClosure = 1000;
constexpr std::uint16_t kPolicyViolation = 1008;

model::Error error_of(model::ErrorCode code, std::string message) {
  model::Error error;
  error.code = code;
  error.message = std::move(message);
  return error;
}

}  // namespace

Session::Session(call::SessionOpening opening, Environment environment, MakeDeliver deliver,
                 Function<void(Ending)> on_end)
    : opening_(std::move(opening)),
      env_(std::move(environment)),
      make_deliver_(std::move(deliver)),
      on_end_(std::move(on_end)),
      resume_token_(random_hex(16)),
      trace_parent_(make_trace_parent()),
      created_(env_.control.clock().wall()),
      stream_(env_.control.clock(), opening_.id, env_.limits.events),
      retry_(env_.control),
      expiry_(env_.control),
      grace_(env_.control),
      lag_(env_.control) {
  stream_.push({.data = started_event()});
  dial(opening_.reason, 0);
}

std::vector<std::string> Session::urls() const {
  std::vector<std::string> out{opening_.application.url};
  if (!opening_.application.fallback_url.empty()) out.push_back(opening_.application.fallback_url);
  return out;
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

// ----------------------------------------------------------------------------------------------------
// dialling

void Session::dial(const std::string& reason, std::size_t url_index) {
  const std::uint64_t dial = ++dial_;
  net::ConnectRequest request;
  request.url = urls()[url_index];
  request.subprotocol = "tandem.v1";
  request.timeout = env_.limits.connect_timeout;
  request.options.max_message_bytes = env_.limits.channel.max_frame_bytes;
  request.options.send_queue_bytes = env_.limits.channel.send_queue_bytes;
  Handshake handshake{opening_.id, opening_.account.id, reason, opening_.account.webhook_secret,
                      trace_parent_};
  const Clock& clock = env_.control.clock();
  net::HeaderMaker headers = [h = std::move(handshake), &clock](const std::string& url) {
    return handshake_headers(h, url, clock.wall());
  };
  // On the net thread: the channel begins to read there, and everything it has to say goes through the
  // control thread.
  auto done = [deliver = make_deliver_(), on_request = make_deliver_(), on_close = make_deliver_(), dial,
               url_index, &clock, limits = env_.limits.channel](
                  Result<std::unique_ptr<net::WebSocket>, net::NetFailure> socket) mutable {
    using Dialled = Result<std::unique_ptr<Channel>, net::NetFailure>;
    if (!socket) {
      deliver([dial, url_index, failure = std::move(socket.error())](Session& self) mutable {
        self.on_dialled(dial, url_index, Dialled(Err(std::move(failure))));
      });
      return;
    }
    Channel::Handlers handlers;
    handlers.on_request = [d = std::move(on_request), dial](model::Request r) mutable {
      d([dial, request = std::move(r)](Session& self) mutable { self.on_request(dial, std::move(request)); });
    };
    handlers.on_close = [d = std::move(on_close), dial](std::uint16_t code) mutable {
      d([dial, code](Session& self) { self.on_close(dial, code); });
    };
    auto channel = Channel::start(std::move(*socket), limits, clock, std::move(handlers));
    deliver([dial, url_index, c = std::move(channel)](Session& self) mutable {
      self.on_dialled(dial, url_index, Dialled(std::move(c)));
    });
  };
  env_.client.connect(std::move(request), std::move(headers), std::move(done));
}

void Session::on_dialled(std::uint64_t dial, std::size_t url_index,
                         Result<std::unique_ptr<Channel>, net::NetFailure> result) {
  if (dial != dial_ || std::holds_alternative<Ended>(state_)) return;
  if (!result) {
    on_dial_failed(url_index, result.error());
    return;
  }
  if (std::holds_alternative<Lost>(state_)) {
    state_ = Resuming{std::move(*result)};
    grace_.set(env_.limits.resume_ack_timeout, [this] {
      if (auto* resuming = std::get_if<Resuming>(&state_))
        resuming->channel->close(kPolicyViolation, "session.ack expected");
      become_lost();
    });
    return;
  }
  Channel& channel = *state_.emplace<Live>(Live{std::move(*result)}).channel;
  if (const auto events = stream_.after(0)) {
    for (const EventPtr& event : *events) channel.send_event(event);
  }
  env_.core.session_opened(opening_.id);
}

void Session::on_dial_failed(std::size_t url_index, const net::NetFailure& failure) {
  env_.log.warn("session {}: {}: {}", opening_.id.str(), net::to_string(failure.error), failure.detail);
  if (const auto* lost = std::get_if<Lost>(&state_)) {
    redial_later(lost->attempts);
    return;
  }
  if (url_index + 1 < urls().size()) {
    dial(opening_.reason, url_index + 1);
    return;
  }
  end(Ending::unreachable);
}

void Session::redial_later(unsigned attempts) {
  static constexpr std::array<milliseconds, 4> kBackOff{milliseconds{0}, milliseconds{250}, milliseconds{500},
                                                        milliseconds{1000}};
  const milliseconds wait = kBackOff[std::min<std::size_t>(attempts, kBackOff.size() - 1)];
  retry_.set(wait, [this, attempts] {
    state_ = Lost{attempts + 1};
    dial("resume", attempts % urls().size());
  });
}

// ------------------------------------------------------------------------------------------------ what comes
// in

void Session::on_request(std::uint64_t dial, model::Request request) {
  if (dial != dial_) return;
  if (auto* resuming = std::get_if<Resuming>(&state_)) {
    if (const auto* ack = std::get_if<model::SessionAck>(&request.params)) {
      resuming->channel->send_done(std::move(request.rpc_id));
      resume_from(ack->seq);
    } else {
      resuming->channel->send_error(
          std::move(request.rpc_id),
          error_of(model::ErrorCode::wrong_state, "the first request on a resumed socket is session.ack"));
    }
    return;
  }
  if (Channel* channel = live_channel()) answer(*channel, std::move(request));
}

void Session::answer(Channel& channel, model::Request request) {
  if (const auto* ack = std::get_if<model::SessionAck>(&request.params)) {
    if (ack->seq > stream_.last_seq()) {
      model::Error error = error_of(model::ErrorCode::invalid_params, "seq: no such event was sent yet");
      error.field = "seq";
      channel.send_error(std::move(request.rpc_id), std::move(error));
      return;
    }
    channel.send_done(std::move(request.rpc_id));
    acknowledge(ack->seq);
    return;
  }
  if (std::holds_alternative<model::SnapshotGet>(request.params)) {
    channel.send_snapshot(std::move(request.rpc_id), snapshot());
    return;
  }
  if (const auto* wish = std::get_if<model::SessionSubscribe>(&request.params)) {
    env_.core.subscribe(opening_.id, *wish);
    channel.send_done(std::move(request.rpc_id));
    return;
  }
  auto reply = env_.core.submit(opening_.id, request.params);
  const bool sent = reply ? channel.send_operation(std::move(request.rpc_id), std::move(*reply))
                          : channel.send_error(std::move(request.rpc_id), std::move(reply.error()));
  if (!sent) check_pace();
}

void Session::acknowledge(std::uint64_t seq) {
  for (EventPtr& event : stream_.acknowledge(seq)) send(std::move(event));
  if (stream_.pace() != EventStream::Pace::flowing) return;
  announced_ = EventStream::Pace::flowing;
  lag_.cancel();
}

void Session::resume_from(std::uint64_t seq) {
  grace_.cancel();
  auto resumed_channel = std::move(std::get<Resuming>(state_).channel);
  Channel& channel = *state_.emplace<Live>(Live{std::move(resumed_channel)}).channel;
  expiry_.cancel();
  const auto missed = stream_.after(seq);
  model::SessionResumedEvent resumed;
  resumed.gap = !missed.has_value();
  stream_.acknowledge(missed ? seq : stream_.last_seq());
  if (missed) {
    for (const EventPtr& event : *missed) channel.send_event(event);
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

void Session::on_close(std::uint64_t dial, std::uint16_t code) {
  if (dial != dial_ || std::holds_alternative<Ended>(state_)) return;
  if (code == kNormalClosure) {
    end(Ending::closed_by_application);
    return;
  }
  env_.log.info("session {}: socket lost ({}), waiting for a resume", opening_.id.str(), code);
  become_lost();
}

// --------------------------------------------------------------------------------------------------- what
// goes out

Channel* Session::live_channel() {
  auto* live = std::get_if<Live>(&state_);
  return live == nullptr ? nullptr : live->channel.get();
}

void Session::deliver(model::Event event) {
  if (std::holds_alternative<Ended>(state_)) return;
  EventPtr numbered = stream_.push(std::move(event));
  if (!numbered) {
    ++merged_;
    return;
  }
  send(std::move(numbered));
  check_pace();
}

void Session::send(EventPtr event) {
  Channel* channel = live_channel();
  if (channel == nullptr) return;  // It waits in the stream.
  if (!channel->send_event(std::move(event))) {
    cut_off("the application does not read");
  }
}

void Session::check_pace() {
  if (live_channel() == nullptr) return;
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
  if (Channel* channel = live_channel()) channel->close(kPolicyViolation, reason);
  become_lost();
}

model::SessionSnapshot Session::snapshot() {
  model::SessionSnapshot out = env_.core.snapshot(opening_.id);
  out.session = info();
  out.last_seq = stream_.last_seq();
  return out;
}

// -----------------------------------------------------------------------------------------------------------
// ends

void Session::become_lost() {
  if (std::holds_alternative<Lost>(state_) || std::holds_alternative<Ended>(state_)) return;
  grace_.cancel();
  lag_.cancel();
  // The channel goes in a later turn: this may run below one of its own calls.
  if (auto* live = std::get_if<Live>(&state_)) env_.control.post([c = std::move(live->channel)] {});
  if (auto* resuming = std::get_if<Resuming>(&state_))
    env_.control.post([c = std::move(resuming->channel)] {});
  state_ = Lost{};
  ++dial_;
  if (!expiry_.pending()) {
    expiry_.set(env_.limits.resume_ttl, [this] {
      env_.log.warn("session {}: not resumed in time", opening_.id.str());
      end(Ending::not_resumed);
    });
  }
  redial_later(0);
}

void Session::idle() {
  core_idle_ = true;
  if (live_channel() == nullptr) return;  // Again once resumed; else resume_ttl ends it.
  grace_.set(env_.limits.idle_grace, [this] {
    if (Channel* channel = live_channel()) channel->close(kNormalClosure, "session idle");
    end(Ending::idle);
  });
}

bool Session::connected() const {
  return std::holds_alternative<Live>(state_);
}

void Session::end(Ending ending) {
  if (std::holds_alternative<Ended>(state_)) return;
  retry_.cancel();
  expiry_.cancel();
  grace_.cancel();
  lag_.cancel();
  if (auto* live = std::get_if<Live>(&state_)) env_.control.post([c = std::move(live->channel)] {});
  state_ = Ended{};
  on_end_(ending);
}

}  // namespace tandem::app
