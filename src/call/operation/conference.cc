// conference.create of a session, and what is done to a conference: update, end, play, update_participant.
#include <algorithm>

#include "call/operation/conference_verbs.h"
#include "call/operation/room_play.h"
#include "call/operation/room_record.h"
#include "call/operation/verbs.h"
#include "call/resource/call.h"
#include "call/resource/exchange.h"
#include "call/resource/session_host.h"

namespace tandem::call {

using model::ErrorCode;

namespace {

/// Two short tones, rising or falling.
PlayPlan chime(double first_hz, double second_hz) {
  constexpr std::int64_t kToneMs = 120;
  PlayPlan plan;
  for (const double hz : {first_hz, second_hz}) {
    media::ToneSpec tone;
    tone.frequencies_hz = {hz};
    tone.level_dbm0 = -16;
    tone.duration_ms = kToneMs;
    plan.sources.emplace_back(std::move(tone));
    plan.fields.emplace_back("tones");
  }
  return plan;
}

/// A change that is made at once.
template <class Apply>
class Change final : public Operation {
 public:
  Change(OpHost& host, const char* method, Apply apply)
      : Operation(host, {.method = method}), apply_(std::move(apply)) {}
  void begin() override {
    if (auto error = apply_()) return finish(failed(std::move(*error)));
    finish(succeeded(model::OpReason::applied));
  }

 private:
  Apply apply_;
};

class Create final : public Operation {
 public:
  Create(SessionHost& session, ConferencePlan plan, model::IfExists if_exists)
      : Operation(session, {.method = "conference.create"}),
        session_(session),
        plan_(std::move(plan)),
        if_exists_(if_exists) {}
  void begin() override {
    ConferenceBook& book = session_.env().exchange.conferences();
    Conference* found = plan_.name.empty() ? nullptr : book.named(session_.account(), plan_.name);
    if (found != nullptr && if_exists_ == model::IfExists::use) return done(*found, false);
    auto made = book.create(session_.account(), session_.id(), std::move(plan_));
    if (!made) return finish(failed(std::move(made.error())));
    done(**made, true);
  }

 private:
  void done(const Conference& conference, bool created) {
    finish(succeeded(model::OpReason::created, model::ConferenceCreateResult{conference.id(), created}));
  }
  SessionHost& session_;
  ConferencePlan plan_;
  const model::IfExists if_exists_;
};

class End final : public Operation {
 public:
  explicit End(Conference& conference)
      : Operation(conference, {.method = "conference.end"}), conference_(conference) {}
  void begin() override {
    Conference& ending = conference_;
    finish(succeeded(model::OpReason::ended));  // Before the end completes all that is open.
    ending.end(model::ConferenceEndReason::application);
  }

 private:
  Conference& conference_;
};

model::Error no_member() {
  return make_error(ErrorCode::call_not_found, "the call is not in this conference", "call_id");
}

std::optional<model::Error> put_on_hold(Call& call, ConferenceMember& member, bool on,
                                        std::optional<PlayPlan> music) {
  if (!on && call.signalled_hold())
    return make_error(ErrorCode::wrong_state, "the phone was told of the hold: use call.unhold", "on_hold");
  if (on) {
    member.holds_call = true;
    call.hold(std::move(music), false);
  } else {
    member.holds_call = false;
    call.unhold();
  }
  return std::nullopt;
}

std::optional<model::Error> change_member(Conference& conference, const model::ConferenceUpdateParticipant& p,
                                          std::optional<PlayPlan> music) {
  ConferenceMember* member = conference.member(p.call_id);
  if (member == nullptr) return no_member();
  Call& call = member->call();
  if (p.kick.value_or(false)) {
    conference.leave(*member, {model::ConferenceLeaveReason::kicked, {}, 0});
    return std::nullopt;
  }
  model::JoinTerms& terms = member->plan.terms;
  if (p.supervise && p.role.value_or(terms.role) != model::ConferenceRole::supervisor)
    return make_error(ErrorCode::wrong_state, "supervise: the member is no supervisor", "supervise");
  const model::JoinTerms before = terms;
  if (p.role) terms.role = *p.role;
  if (p.supervise) terms.supervise = p.supervise;
  if (terms.role != model::ConferenceRole::supervisor) terms.supervise.reset();
  if (p.muted) terms.muted = *p.muted;
  if (p.deaf) terms.deaf = *p.deaf;
  if (p.gain_db) {
    terms.gain_db = *p.gain_db;
    call.media().set_place_gain(terms.gain_db);
  }
  if (terms != before) conference.role_changed(*member);
  const bool holds = p.on_hold && (*p.on_hold != call.on_hold() || (*p.on_hold && music));
  return holds ? put_on_hold(call, *member, *p.on_hold, std::move(music)) : std::nullopt;
}

}  // namespace

Result<ConferencePlan, model::Error> checked_conference(const SourceOwner& owner, std::string name,
                                                        const model::ConferenceOptions& options,
                                                        const std::string& field) {
  const auto below = [&field](const char* key) { return field.empty() ? key : field + "." + key; };
  ConferencePlan out;
  out.name = std::move(name);
  out.options = options;
  const auto most = static_cast<std::int64_t>(owner.env.options.max_conference_participants);
  out.options.max_participants = std::min(options.max_participants.value_or(most), most);
  auto wait = checked_plan(owner, options.wait, below("wait"));
  if (!wait) return Err(std::move(wait.error()));
  out.wait = std::move(*wait);
  auto entry = checked_plan(owner, options.entry_sound, below("entry_sound"));
  if (!entry) return Err(std::move(entry.error()));
  out.entry = *entry ? std::move(**entry) : chime(620, 830);
  auto exit = checked_plan(owner, options.exit_sound, below("exit_sound"));
  if (!exit) return Err(std::move(exit.error()));
  out.exit = *exit ? std::move(**exit) : chime(830, 620);
  return out;
}

MadeOperation make_operation(SessionHost& session, const model::ConferenceCreate& p) {
  auto plan = checked_conference({session.env(), session.account()}, p.name.value_or(""), p.options, "");
  if (!plan) return Err(std::move(plan.error()));
  const bool taken =
      p.name && session.env().exchange.conferences().named(session.account(), *p.name) != nullptr;
  if (taken && p.if_exists == model::IfExists::fail)
    return Err(make_error(ErrorCode::name_taken, "a conference of this name lives", "name"));
  return std::unique_ptr<Operation>(std::make_unique<Create>(session, std::move(*plan), p.if_exists));
}

MadeOperation make_operation(Conference& conference, const model::ConferenceUpdate& p) {
  auto wait = checked_plan({conference.env(), conference.account()}, p.wait, "wait");
  if (!wait) return Err(std::move(wait.error()));
  model::ConferenceUpdate change = p;
  if (change.max_participants) {
    const auto most = static_cast<std::int64_t>(conference.env().options.max_conference_participants);
    change.max_participants = std::min(*change.max_participants, most);
  }
  auto apply = [&conference, change = std::move(change),
                w = std::move(*wait)]() mutable -> std::optional<model::Error> {
    conference.update(change, std::move(w));
    return std::nullopt;
  };
  return std::unique_ptr<Operation>(
      std::make_unique<Change<decltype(apply)>>(conference, "conference.update", std::move(apply)));
}

MadeOperation make_operation(Conference& conference, const model::ConferenceEnd&) {
  return std::unique_ptr<Operation>(std::make_unique<End>(conference));
}

MadeOperation make_operation(Conference& conference, const model::ConferencePlay& p) {
  auto plan = checked_plan({conference.env(), conference.account()}, p.play, "");
  if (!plan) return Err(std::move(plan.error()));
  plan->max_duration_ms = p.max_duration_ms.value_or(0);
  OperationTraits traits{
      .method = "conference.play", .lanes = machine::kSpeak, .when_busy = busy_rule(p.when_busy)};
  traits.deadline_ms = p.deadline_ms;
  return make_room_play(conference, traits, std::move(*plan));
}

MadeOperation make_operation(Conference& conference, const model::ConferenceRecord& p) {
  return make_room_record(conference, p.how, p.deadline_ms);
}

MadeOperation make_operation(Conference& conference, const model::ConferenceUpdateParticipant& p) {
  if (conference.member(p.call_id) == nullptr) return Err(no_member());
  auto music = checked_plan({conference.env(), conference.account()}, p.hold_music, "hold_music");
  if (!music) return Err(std::move(music.error()));
  auto apply = [&conference, p, m = std::move(*music)]() mutable {
    return change_member(conference, p, std::move(m));
  };
  return std::unique_ptr<Operation>(std::make_unique<Change<decltype(apply)>>(
      conference, "conference.update_participant", std::move(apply)));
}

}  // namespace tandem::call
