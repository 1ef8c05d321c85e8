#include "call/resource/conference.h"

#include <algorithm>
#include <chrono>

#include "call/operation/room_play.h"
#include "call/operation/room_record.h"
#include "call/operation/verbs.h"
#include "call/resource/call.h"
#include "call/resource/exchange.h"

namespace tandem::call {

using machine::LocalCause;
using model::ConferenceEndReason;
using model::ConferenceLeaveReason;
using model::ErrorCode;
using std::chrono::milliseconds;

namespace {

constexpr int kMostWrongPins = 10;            ///< Of one call.
constexpr std::size_t kMostWaitingTones = 4;  ///< Many coming at once are not worth a tone each.

std::int64_t ms_since(TimePoint then, TimePoint now) {
  return std::chrono::duration_cast<milliseconds>(now - then).count();
}

model::Error refusal(machine::Entry entry) {
  switch (entry) {
    case machine::Entry::locked:
      return make_error(ErrorCode::conference_locked, "the conference is locked");
    case machine::Entry::full:
      return make_error(ErrorCode::conference_full, "the conference has its most participants");
    default:
      return make_error(ErrorCode::wrong_pin, "the PIN is missing or wrong", "pin");
  }
}

}  // namespace

Conference::Conference(Environment& env, model::AccountId account, model::SessionId owner,
                       ConferencePlan plan)
    : env_(env),
      id_(model::ConferenceId::make()),
      account_(std::move(account)),
      owner_(std::move(owner)),
      plan_(std::move(plan)),
      since_(env.now()),
      created_(env.wall()),
      ops_(env, *this),
      empty_(env.deps.loop),
      longest_(env.deps.loop),
      linger_(env.deps.loop) {
  media::RoomOptions options;
  options.max_mixed = static_cast<std::uint32_t>(plan_.options.max_mixed);
  options.report_speakers = plan_.options.speaker_events;
  env_.deps.mixer.open_room(id_, options);
  ops_.open_lanes(machine::kSpeak);
  if (plan_.options.max_duration_ms) {
    longest_.set(milliseconds(*plan_.options.max_duration_ms),
                 [this] { end(ConferenceEndReason::max_duration); });
  }
  arm_empty();
  env_.exchange.conferences().concern(owner_, id_);
  deliver(owner_, model::ConferenceCreatedEvent{.conference_id = id_, .conference = snapshot()});
}

Conference::~Conference() {
  *self_ = nullptr;
  for (const auto& member : members_) {
    if (member->call().place() == member.get()) member->call().wait_in(nullptr);
  }
}

// ---- views and events

model::ConferenceSnapshot Conference::snapshot(bool with_participants) const {
  model::ConferenceSnapshot s;
  s.id = id_;
  if (!plan_.name.empty()) s.name = plan_.name;
  s.state = over() ? model::ConferenceState::ended
                   : (started() ? model::ConferenceState::active : model::ConferenceState::waiting);
  s.locked = plan_.options.locked;
  s.pin_required = plan_.options.pin.has_value();
  s.max_participants = *plan_.options.max_participants;
  s.start = plan_.options.start;
  s.end = plan_.options.end;
  s.created_at = created_;
  if (const auto* active = std::get_if<Active>(&state_)) s.started_at = active->since;
  if (!owner_.empty()) s.session_id = owner_;
  s.tag = plan_.options.tag;
  if (!with_participants) return s;
  s.participants.reserve(members_.size());
  for (const auto& member : members_) s.participants.push_back(member->view());
  return s;
}

bool Conference::concerns(const model::SessionId& session) const {
  return !session.empty() && (session == owner_ || interested_.contains(session));
}

void Conference::deliver(const model::SessionId& session, model::EventData data, const model::OpId& op) {
  if (session.empty()) return;
  model::Event event;
  event.op_id = op;
  event.data = std::move(data);
  env_.deps.gateway.deliver(session, std::move(event));
}

void Conference::tell(const model::EventData& data, const model::SessionId& concerned) {
  deliver(owner_, data);
  bool told = concerned.empty() || concerned == owner_;
  for (const auto& [session, interest] : interested_) {
    if (session == owner_ || interest.all == 0) continue;
    deliver(session, data);
    told = told || session == concerned;
  }
  if (!told) deliver(concerned, data);
}

void Conference::tell_all(const model::EventData& data) {
  deliver(owner_, data);
  for (const auto& [session, interest] : interested_) {
    if (session != owner_) deliver(session, data);
  }
}

void Conference::forget_interest(const ConferenceMember& member) {
  const auto found = interested_.find(member.session);
  if (found == interested_.end()) return;
  if (member.plan.terms.events == model::ConferenceEvents::all) --found->second.all;
  if (--found->second.members > 0) return;
  if (found->first != owner_) env_.exchange.conferences().unconcern(found->first, id_);
  interested_.erase(found);
}

// ---- members

machine::Attendance Conference::attendance() const {
  machine::Attendance out;
  for (const auto& member : members_) {
    if (machine::counts(member->role())) ++out.participants;
    if (member->role() == model::ConferenceRole::moderator) ++out.moderators;
  }
  return out;
}

ConferenceMember* Conference::member(const model::CallId& call) {
  const auto found = by_call_.find(call);
  return found == by_call_.end() ? nullptr : found->second;
}

Result<model::ConferenceRole, model::Error> Conference::admit(const model::JoinTerms& terms, Call* call) {
  if (over()) return Err(make_error(ErrorCode::conference_not_found, "the conference has ended"));
  if (call != nullptr && call->wrong_pins() >= kMostWrongPins)
    return Err(make_error(ErrorCode::forbidden, "the call has given too many wrong PINs", "pin"));
  machine::Gate gate;
  gate.locked = plan_.options.locked;
  if (plan_.options.pin) gate.pin = *plan_.options.pin;
  if (plan_.options.moderator_pin) gate.moderator_pin = *plan_.options.moderator_pin;
  gate.participants = attendance().participants;
  gate.most = static_cast<std::size_t>(*plan_.options.max_participants);
  machine::Admission admission = machine::admit(gate, terms.role, terms.pin.value_or(""));
  if (admission.entry == machine::Entry::admitted &&
      members_.size() >= env_.options.max_conference_participants)
    admission.entry = machine::Entry::full;
  if (admission.entry == machine::Entry::admitted) return admission.role;
  if (admission.entry == machine::Entry::wrong_pin && call != nullptr && terms.pin) (void)call->wrong_pin();
  return Err(refusal(admission.entry));
}

Result<ConferenceMember*, model::Error> Conference::join(Call& call, JoinPlan plan,
                                                         Function<void(const Leaving&)> on_left) {
  if (call.place() != nullptr)
    return Err(
        make_error(ErrorCode::wrong_state, "the call is in a bridge or in a conference already", "call_id"));
  auto role = admit(plan.terms, &call);
  if (!role) return Err(std::move(role.error()));
  if (!call.answer_to_join() || over())
    return Err(make_error(ErrorCode::call_ended, "the call could not be answered", "call_id"));
  plan.terms.role = *role;
  plan.terms.pin.reset();
  if (*role != model::ConferenceRole::supervisor) plan.terms.supervise.reset();
  auto made = std::make_unique<ConferenceMember>(*this, call, std::move(plan), std::move(on_left));
  ConferenceMember& member = *made;
  members_.push_back(std::move(made));
  by_call_.emplace(call.id(), &member);
  empty_.cancel();
  call.enter(member);
  call.media().set_place_gain(member.plan.terms.gain_db);
  if (member.plan.terms.on_hold && !call.on_hold()) {
    call.hold(std::exchange(member.plan.hold_music, std::nullopt), false);
    member.holds_call = true;
  }
  env_.deps.mixer.join_room(id_, call.id(), member.audio(started(), digits()));
  announce(member);
  return &member;
}

void Conference::announce(ConferenceMember& member) {
  if (!member.session.empty()) {
    Interest& interest = interested_[member.session];
    if (interest.members++ == 0) env_.exchange.conferences().concern(member.session, id_);
    if (member.plan.terms.events == model::ConferenceEvents::all) ++interest.all;
  }
  member.announced = true;
  model::ConferenceParticipantJoinedEvent event;
  event.conference_id = id_;
  event.participant = member.view();
  event.participants = static_cast<std::int64_t>(members_.size());
  if (member.session != owner_) event.conference = snapshot(false);
  tell(event, member.session);
  ops_.each_begun([&member](Operation& op) { op.on_member(member); });
  const auto& terms = member.plan.terms;
  if (!started() && machine::starts(plan_.options.start, attendance(), terms.role, terms.start_on_enter))
    start();
  play_tones(member, true);
  play_wait();
}

void Conference::start() {
  state_ = Active{env_.wall()};
  stop_wait();
  for (const auto& member : members_) refresh(*member);
  tell_all(model::ConferenceStartedEvent{.conference_id = id_});
  if (plan_.options.record) record();
}

void Conference::record() {
  model::ConferenceRecord order;
  order.conference_id = id_;
  order.how = *plan_.options.record;
  const model::OpId op = model::OpId::make();
  auto begun = ops_.submit(op, order, make_room_record(*this, order.how));
  if (begun) submitted(op, owner_);
}

void Conference::refresh(const ConferenceMember& member) {
  if (!over()) env_.deps.mixer.set_member(id_, member.call().id(), member.audio(started(), digits()));
}

void Conference::changed(ConferenceMember& member) {
  if (!member.announced) return;
  refresh(member);
  tell(model::ConferenceParticipantUpdatedEvent{.conference_id = id_, .participant = member.view()},
       member.session);
  ops_.each_begun([&member](Operation& op) { op.on_member(member); });
}

void Conference::role_changed(ConferenceMember& member) {
  changed(member);
  if (!started() && machine::starts(plan_.options.start, attendance(), member.role(), std::nullopt)) start();
}

void Conference::leave(ConferenceMember& member, Leaving how) {
  const auto found = std::find_if(members_.begin(), members_.end(),
                                  [&member](const auto& each) { return each.get() == &member; });
  if (found == members_.end()) return;
  std::unique_ptr<ConferenceMember> gone = std::move(*found);
  members_.erase(found);
  Call& call = member.call();
  by_call_.erase(call.id());
  how.duration_ms = ms_since(member.since, env_.now());
  if (std::exchange(member.speaking, false))
    tell(model::ConferenceSpeakerStoppedEvent{.conference_id = id_, .call_id = call.id()}, member.session);
  env_.deps.engine.disconnect(call.id());
  call.media().set_place_gain(0);
  model::ConferenceParticipantLeftEvent event;
  event.conference_id = id_;
  event.call_id = call.id();
  event.reason = how.reason;
  event.duration_ms = how.duration_ms;
  event.participants = static_cast<std::int64_t>(members_.size());
  tell(event, member.session);
  ops_.each_begun([&member](Operation& op) { op.on_member_left(member); });
  member.tell_left(how);
  const bool goes_itself = how.reason == ConferenceLeaveReason::hangup ||
                           how.reason == ConferenceLeaveReason::transferred ||
                           how.reason == ConferenceLeaveReason::replaced;
  if (goes_itself) {
    call.wait_in(nullptr);
  } else {
    call.leave_place();
  }
  if (member.holds_call && call.live() && call.on_hold() && !call.signalled_hold()) call.unhold();
  const bool put_out =
      how.reason == ConferenceLeaveReason::kicked || how.reason == ConferenceLeaveReason::conference_ended;
  if (put_out && member.plan.on_end == model::LeaveAction::hangup) call.end_by(LocalCause::bridge_ended);
  if (!over()) {
    if (members_.empty()) stop_wait();
    if (how.reason != ConferenceLeaveReason::replaced) after_leaving(member);
    if (!over()) forget_interest(member);  // The end that it brought was told to its session too.
  }
  // It may be what is calling.
  env_.deps.loop.post([buried = std::move(gone)] {});
}

void Conference::after_leaving(const ConferenceMember& member) {
  play_tones(member, false);
  const machine::Departure departure{member.role(), member.plan.terms.end_on_exit, !owner_.empty()};
  if (const auto why = machine::ends(plan_.options.end, attendance(), departure)) return end(*why);
  arm_empty();
}

void Conference::replace(ConferenceMember& member, Call& with) {
  JoinPlan plan = member.plan;
  Call& old = member.call();
  leave(member, {ConferenceLeaveReason::replaced, {}, 0});
  old.wait_in(nullptr);
  // The dialog is the same one to everybody: no gate, no tone, no operation.
  auto made = std::make_unique<ConferenceMember>(*this, with, std::move(plan), nullptr);
  made->plan.announce.reset();
  made->plan.terms.beep = false;
  ConferenceMember& fresh = *made;
  members_.push_back(std::move(made));
  by_call_.emplace(with.id(), &fresh);
  empty_.cancel();
  with.enter(fresh);
  with.media().set_place_gain(fresh.plan.terms.gain_db);
  env_.deps.mixer.join_room(id_, with.id(), fresh.audio(started(), digits()));
  announce(fresh);
}

void Conference::on_speaking(const model::CallId& call, bool speaking) {
  ConferenceMember* member = this->member(call);
  if (member == nullptr || member->speaking == speaking) return;
  member->speaking = speaking;
  if (speaking) {
    tell(model::ConferenceSpeakerStartedEvent{.conference_id = id_, .call_id = call}, member->session);
  } else {
    tell(model::ConferenceSpeakerStoppedEvent{.conference_id = id_, .call_id = call}, member->session);
  }
}

// ---- the whole

void Conference::update(const model::ConferenceUpdate& p, std::optional<PlayPlan> wait) {
  model::ConferenceOptions& options = plan_.options;
  const auto set_pin = [](std::optional<std::string>& pin, const std::optional<std::string>& wish) {
    if (wish) pin = wish->empty() ? std::nullopt : wish;
  };
  options.locked = p.locked.value_or(options.locked);
  if (p.max_participants) options.max_participants = p.max_participants;
  set_pin(options.pin, p.pin);
  set_pin(options.moderator_pin, p.moderator_pin);
  options.end = p.end.value_or(options.end);
  options.tones = p.tones.value_or(options.tones);
  options.announce_names = p.announce_names.value_or(options.announce_names);
  if (p.tag) options.tag = p.tag;
  if (p.digits && *p.digits != options.digits) {
    options.digits = *p.digits;
    for (const auto& member : members_) refresh(*member);
  }
  if (wait) {
    plan_.wait = std::move(wait);
    stop_wait();  // The new one follows.
  }
  tell_all(model::ConferenceUpdatedEvent{.conference_id = id_, .conference = snapshot(false)});
  if (p.start_now.value_or(false) && !started()) start();
  play_wait();
}

void Conference::end(ConferenceEndReason reason) {
  if (over()) return;
  state_ = Ended{};
  empty_.cancel();
  longest_.cancel();
  while (!members_.empty()) leave(*members_.back(), {ConferenceLeaveReason::conference_ended, {}, 0});
  env_.deps.mixer.close_room(id_);
  ops_.each_begun([](Operation& op) { op.on_conference_over(); });
  ops_.call_over();
  model::ConferenceEndedEvent event;
  event.conference_id = id_;
  event.reason = reason;
  event.duration_ms = ms_since(since_, env_.now());
  tell_all(event);
  for (const auto& [session, interest] : interested_) {
    if (session != owner_) env_.exchange.conferences().unconcern(session, id_);
  }
  interested_.clear();
  env_.exchange.conference_over(*this);
}

void Conference::session_over(const model::SessionId& session) {
  if (!concerns(session)) return;
  interested_.erase(session);
  for (const auto& member : members_) {
    if (member->session == session) member->session = {};
  }
  if (session != owner_) return;
  owner_ = {};
  if (attendance().participants == 0) end(ConferenceEndReason::session_ended);
}

void Conference::arm_empty() {
  if (over() || attendance().participants > 0) return;
  empty_.set(milliseconds(plan_.options.empty_timeout_ms), [this] { end(ConferenceEndReason::empty); });
}

// ---- what all hear

void Conference::play_wait() {
  if (!plan_.wait || over() || started() || members_.empty() || ops_.busy(machine::kSpeak)) return;
  PlayPlan plan = *plan_.wait;
  plan.loop = 0;
  wait_key_ = ops_.submit_internal(make_room_background(*this, std::move(plan)), true,
                                   [self = self_](const Completion& done) {
                                     if (*self == nullptr || !done.error || (*self)->over()) return;
                                     (*self)->env_.deps.log.warn("conference {}: no wait music: {}",
                                                                 (*self)->id_.str(), done.error->message);
                                     (*self)->plan_.wait.reset();
                                   });
}

void Conference::stop_wait() {
  if (wait_key_ != 0) ops_.stop_internal(std::exchange(wait_key_, 0));
}

void Conference::play_sound(const PlayPlan& plan) {
  if (tones_waiting_ >= kMostWaitingTones) return;
  const auto key = ops_.submit_internal(
      make_room_background(*this, plan, false), true, [self = self_](const Completion& done) {
        if (*self == nullptr) return;
        --(*self)->tones_waiting_;
        if (!done.error || (*self)->over()) return;
        (*self)->env_.deps.log.warn("conference {}: a sound failed: {}", (*self)->id_.str(),
                                    done.error->message);
      });
  if (key != 0) ++tones_waiting_;
}

void Conference::play_tones(const ConferenceMember& member, bool entry) {
  // Before the start nobody knows of the others; when nobody is left, nobody hears it.
  if (!started() || members_.empty() || !machine::counts(member.role())) return;
  using Tones = model::ConferenceTones;
  const Tones wanted = plan_.options.tones;
  const bool usual = wanted == Tones::both || wanted == (entry ? Tones::entry : Tones::exit);
  if (member.plan.terms.beep.value_or(usual)) play_sound(entry ? plan_.entry : plan_.exit);
  const auto& words = entry ? member.plan.announce : member.plan.announce_exit;
  if (words && plan_.options.announce_names) play_sound(*words);
}

// ---- operations

void Conference::submitted(const model::OpId& op, const model::SessionId& session) {
  if (askers_.size() > 2 * env_.options.max_remembered_operations) {
    std::erase_if(askers_, [this](const auto& each) { return ops_.params_of(each.first) == nullptr; });
  }
  askers_[op] = session;
  env_.exchange.conferences().add_operation(op, id_);
}

bool Conference::submitted_by(const model::OpId& op, const model::SessionId& session) const {
  const auto found = askers_.find(op);
  return found != askers_.end() && found->second == session;
}

void Conference::add_views(const model::SessionId& session, std::vector<model::OperationView>& out) const {
  for (auto& view : ops_.views()) {
    if (submitted_by(view.id, session)) out.push_back(std::move(view));
  }
}

const model::SessionId& Conference::session_of(const model::OpId& op) const {
  const auto asker = askers_.find(op);
  return asker == askers_.end() || asker->second.empty() ? owner_ : asker->second;
}

void Conference::emit(model::EventData data, const model::OpId& op) {
  deliver(session_of(op), std::move(data), op);
}

HostOver Conference::over_because() const {
  return {model::OpReason::ended,
          make_error(ErrorCode::conference_not_found, "the conference ended first", "conference_id")};
}

}  // namespace tandem::call
