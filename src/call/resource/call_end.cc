// The end of a call and its paper work: verdict, call.ended, CDR, directory, snapshot.
#include <fmt/format.h>

#include <chrono>

#include "call/operation/verbs.h"
#include "call/resource/bridge.h"
#include "call/resource/call.h"
#include "store/api/cdr_record.h"

namespace tandem::call {

using machine::LegEvent;
using std::chrono::duration_cast;
using std::chrono::milliseconds;

namespace {

std::int64_t unix_ms(WallTime t) {
  return t.time_since_epoch().count();
}

machine::LegEnd leg_end_of(sip::LegEnd how) {
  switch (how) {
    case sip::LegEnd::local_hangup:
      return machine::LegEnd::local_hangup;
    case sip::LegEnd::local_reject:
      return machine::LegEnd::local_reject;
    case sip::LegEnd::peer_bye:
      return machine::LegEnd::peer_bye;
    case sip::LegEnd::peer_cancel:
      return machine::LegEnd::peer_cancel;
    case sip::LegEnd::peer_reject:
      return machine::LegEnd::peer_reject;
    case sip::LegEnd::no_ack:
      return machine::LegEnd::no_ack;
    case sip::LegEnd::session_expired:
      return machine::LegEnd::session_expired;
    case sip::LegEnd::timeout:
      return machine::LegEnd::timeout;
    case sip::LegEnd::transport_error:
      return machine::LegEnd::transport_error;
    case sip::LegEnd::bad_answer:
      return machine::LegEnd::bad_answer;
    case sip::LegEnd::dialog_gone:
      return machine::LegEnd::dialog_gone;
    case sip::LegEnd::shutdown:
      return machine::LegEnd::shutdown;
  }
  return machine::LegEnd::transport_error;
}

model::SipTransport transport_of(sip::Transport t) {
  switch (t) {
    case sip::Transport::udp:
      return model::SipTransport::udp;
    case sip::Transport::tcp:
      return model::SipTransport::tcp;
    case sip::Transport::tls:
      return model::SipTransport::tls;
  }
  return model::SipTransport::udp;
}

model::CallState state_of(const machine::LegState& state) {
  static constexpr std::array<model::CallState, std::variant_size_v<machine::LegState>> states{
      model::CallState::incoming, model::CallState::dialing,  model::CallState::ringing,
      model::CallState::early,    model::CallState::incoming, model::CallState::answered,
      model::CallState::held,     model::CallState::ended,    model::CallState::ended,
      model::CallState::ended};
  return states.at(state.index());
}

}  // namespace

void Call::on_ended(sip::Ended ended) {
  if (leg_end_) return;
  leg_end_ = std::move(ended);
  trunk_place_.reset();  // Before the hang-up's operation completes: another call may follow at once.
  move(LegEvent::leg_ended);
}

void Call::close_media() {
  ops_.each_begun([this](Operation& op) { op.on_leg_ended(*leg_end_); });
  if (!media_.close()) {
    move(LegEvent::media_closed);
    return;
  }
  linger_.set(env_.options.media_close_limit, [this] {
    env_.deps.log.warn("call {}: the media side did not confirm its end", id().str());
    move(LegEvent::media_closed);
  });
}

void Call::finish() {
  limit_.cancel();
  orphan_.cancel();
  hold_.cancel();
  linger_.cancel();
  machine::EndFacts facts;
  facts.ours = cause_;
  facts.how = leg_end_of(leg_end_->how);
  facts.sip_code = leg_end_->sip_code;
  facts.answered = answered_.has_value();
  facts.outbound = outbound();
  facts.detail = detail_;
  if (leg_end_->q850_cause) {
    facts.q850_cause = *leg_end_->q850_cause;
  } else if (leg_end_->how == sip::LegEnd::local_hangup || leg_end_->how == sip::LegEnd::local_reject) {
    facts.q850_cause = answered_ ? goodbye_.q850_cause : final_.q850_cause;
  }
  // Their CANCEL, or our hang-up, met our 200 before it left: the caller never had an answer.
  const bool never_sent = leg_end_->how == sip::LegEnd::local_reject && answered_.has_value();
  if (facts.how == machine::LegEnd::peer_cancel || never_sent) {
    facts.answered = false;
    answered_.reset();
    answered_wall_.reset();
  }
  const model::Verdict verdict = machine::make_verdict(std::move(facts));
  // The operation of the bridge or of the participation ends with it, not as one of a call that ended under
  // it.
  if (place_ != nullptr) place_->left(*this, verdict);
  ops_.call_over();
  end_ivr(model::IvrEndReason::call_ended);
  make_cdr(verdict);
  tell_ended(verdict);
  env_.metrics.call_ended(verdict, cdr_->duration_ms);
  env_.deps.log.info("call {} from {} to {} ended: {} by {}, SIP {}, Q.850 {}, {} ms ({} answered){}{}",
                     id().str(), from(), to(), to_string(verdict.reason), to_string(verdict.party),
                     verdict.sip_code, verdict.q850_cause, cdr_->duration_ms, cdr_->billable_ms,
                     verdict.detail.empty() ? "" : ": ", verdict.detail);
  env_.deps.store.write_cdr(*cdr_, [finder = env_.finder, &owner = env_.owner, call = id()] {
    if (finder->alive()) owner.cdr_stored(call);
  });
  env_.owner.call_finished(*this);
  if (CallWatcher* watcher = std::exchange(watcher_, nullptr)) watcher->call_over(*this, verdict);
}

std::string Call::peer_address() const {
  return facts_.source ? facts_.source->str() : facts_.request_uri.host;
}

std::string Call::transport_name() const {
  return std::string(sip::to_string(facts_.transport.value_or(sip::Transport::udp)));
}

void Call::make_cdr(const model::Verdict& verdict) {
  store::Cdr cdr;
  cdr.id = cdr_id_of(id());
  cdr.call_id = id();
  if (route_) {
    cdr.account_id = route_->account.id;
    cdr.application_id = route_->application.id;
  }
  cdr.session_id = first_session_;
  cdr.direction = std::string(to_string(facts_.direction));
  cdr.from = from();
  cdr.to = to();
  cdr.sip_call_id = facts_.sip_call_id;
  cdr.source = peer_address();
  cdr.transport = transport_name();
  cdr.parent_call_id = facts_.parent;
  cdr.from_display_name = facts_.from.display_name;
  cdr.user_agent = user_agent_;
  if (route_) cdr.number_id = route_->number_id;
  cdr.trunk_id = facts_.trunk.empty() && route_ ? route_->trunk_id : facts_.trunk;
  cdr.intent_id = facts_.intent;
  cdr.attempt = facts_.attempt;
  cdr.started = facts_.created_wall;
  cdr.ringing = ringing_wall_;
  cdr.answered = answered_wall_;
  cdr.ended = env_.wall();
  cdr.duration_ms = duration_cast<milliseconds>(env_.now() - facts_.created).count();
  if (answered_) cdr.billable_ms = duration_cast<milliseconds>(env_.now() - *answered_).count();
  cdr.verdict = verdict;
  if (media_.agreed()) cdr.codec = model::traits(media_.agreed()->codec).encoding_name;
  if (quality_) cdr.quality = *quality_;
  cdr.tag_json = tag_;
  cdr_ = std::move(cdr);
}

void Call::tell_ended(const model::Verdict& verdict) {
  model::CallEndedEvent event;
  event.verdict = verdict;
  event.duration_ms = cdr_->duration_ms;
  event.billable_ms = cdr_->billable_ms;
  event.quality = quality_;
  emit(std::move(event));
}

void Call::tell_cdr_ready() {
  cdr_told_ = true;
  if (session_.empty() || !cdr_) return;
  emit(model::CdrReadyEvent{.cdr = store::cdr_record(*cdr_)});
}

void Call::put_record() {
  if (!route_) return;
  cluster::CallRecord record;
  record.call_id = id();
  record.account_id = route_->account.id;
  record.application_id = route_->application.id;
  record.session_id = first_session_;
  record.direction = std::string(to_string(facts_.direction));
  record.from = from();
  record.to = to();
  record.sip_call_id = facts_.sip_call_id;
  record.source = peer_address();
  record.transport = transport_name();
  record.state = std::string(machine::name(leg_));
  if (media_.agreed()) record.codec = model::traits(media_.agreed()->codec).encoding_name;
  record.tag_json = tag_;
  record.started_unix_ms = unix_ms(facts_.created_wall);
  if (answered_wall_) record.answered_unix_ms = unix_ms(*answered_wall_);
  record.updated_unix_ms = unix_ms(env_.wall());
  env_.deps.directory.put(std::move(record));
}

model::CallCreatedEvent Call::created_event() const {
  model::CallCreatedEvent event;
  event.direction = facts_.direction;
  event.from = from();
  event.to = to();
  event.from_display_name = facts_.from.display_name;
  event.state = state_of(leg_);
  event.sip.call_id = facts_.sip_call_id;
  if (facts_.source) event.sip.source = facts_.source->str();
  if (facts_.transport) event.sip.transport = transport_of(*facts_.transport);
  event.sip.request_uri = facts_.request_uri.uri;
  event.sip.headers = header_list(headers_);
  if (route_) {
    if (!route_->number_id.empty()) event.number_id = route_->number_id;
    event.application_id = route_->application.id;
    event.account_id = route_->account.id;
  }
  const model::TrunkId& trunk = facts_.trunk.empty() && route_ ? route_->trunk_id : facts_.trunk;
  if (!trunk.empty()) event.trunk_id = trunk;
  if (!facts_.op.empty()) event.op_id = facts_.op;
  if (facts_.attempt > 0) event.attempt = facts_.attempt;
  if (!facts_.parent.empty()) event.parent_call_id = facts_.parent;
  if (!facts_.replaces.empty()) event.replaces_call_id = facts_.replaces;
  if (!facts_.endpoint.empty()) event.endpoint = facts_.endpoint;
  if (!tag_.empty()) event.tag = model::RawJson{tag_};
  return event;
}

model::CallSnapshot Call::snapshot() const {
  model::CallSnapshot s;
  s.id = id();
  s.direction = facts_.direction;
  s.state = state_of(leg_);
  s.from = from();
  s.to = to();
  s.from_display_name = facts_.from.display_name;
  if (live()) s.ivr_id = ivr_;
  if (media_.agreed()) s.codec = media_.agreed()->codec;
  const media::AudioControl& audio = media_.audio();
  s.audio.mute_in = audio.mute_in;
  s.audio.mute_out = audio.mute_out;
  s.audio.gain_in_db = audio.gain_in_db;
  s.audio.gain_out_db = audio.gain_out_db;
  if (live() && place_ != nullptr) place_->describe(s);
  if (!facts_.parent.empty()) s.parent_call_id = facts_.parent;
  s.on_hold = on_hold();
  s.held = std::holds_alternative<machine::leg::Held>(leg_);
  s.created_at = facts_.created_wall;
  s.answered_at = answered_wall_;
  s.on_disconnect = on_disconnect_.action;
  if (!tag_.empty()) s.tag = model::RawJson{tag_};
  return s;
}

model::CdrId cdr_id_of(const model::CallId& call) {
  // Derived, so that a CDR written again after a crash is the same CDR.
  return model::CdrId("CD" + call.str().substr(std::min<std::size_t>(2, call.str().size())));
}

}  // namespace tandem::call
