#include "call/resource/conference_member.h"

#include "call/resource/call.h"
#include "call/resource/conference.h"

namespace tandem::call {

using model::ConferenceLeaveReason;

namespace {

media::Audience audience(machine::Range range) {
  media::Audience out;
  switch (range.kind) {
    case machine::Range::Kind::everyone:
      break;
    case machine::Range::Kind::nobody:
      out.kind = media::Audience::Kind::nobody;
      break;
    case machine::Range::Kind::only:
      out.kind = media::Audience::Kind::only;
      break;
  }
  out.members = std::move(range.members);
  return out;
}

}  // namespace

ConferenceMember::ConferenceMember(Conference& conference, Call& call, JoinPlan its_plan,
                                   Function<void(const Leaving&)> on_left)
    : plan(std::move(its_plan)),
      session(call.session()),
      since(call.env().now()),
      joined_at(call.env().wall()),
      conference_(conference),
      call_(call),
      on_left_(std::move(on_left)) {}

media::MemberAudio ConferenceMember::audio(bool started, model::ConferenceDigits digits) const {
  machine::MemberFacts facts;
  facts.role = plan.terms.role;
  facts.supervise = plan.terms.supervise;
  facts.muted = plan.terms.muted;
  facts.deaf = plan.terms.deaf;
  facts.on_hold = suspended || call_.on_hold();
  machine::Hearing hearing = machine::hearing(facts, started);
  media::MemberAudio out;
  out.heard_by = audience(std::move(hearing.heard_by));
  out.hears = audience(std::move(hearing.hears));
  out.hears_plays = hearing.hears_plays;
  out.passes_digits = digits == model::ConferenceDigits::pass;
  return out;
}

model::ConferenceParticipant ConferenceMember::view() const {
  model::ConferenceParticipant out;
  out.call_id = call_.id();
  out.role = plan.terms.role;
  out.supervise = plan.terms.supervise;
  out.muted = plan.terms.muted;
  out.deaf = plan.terms.deaf;
  out.on_hold = call_.on_hold();
  out.gain_db = plan.terms.gain_db;
  out.speaking = speaking;
  out.joined_at = joined_at;
  return out;
}

void ConferenceMember::hold_changed(Call&) {
  conference_.changed(*this);
}

void ConferenceMember::suspend(Call&, bool on) {
  suspended = on;
  conference_.refresh(*this);
}

void ConferenceMember::take_out(Call&) {
  conference_.leave(*this, {ConferenceLeaveReason::transferred, {}, 0});
}

void ConferenceMember::replace(Call&, Call& with) {
  conference_.replace(*this, with);
}

void ConferenceMember::left(Call&, const model::Verdict& verdict) {
  conference_.leave(*this, {ConferenceLeaveReason::hangup, verdict.reason, 0});
}

bool ConferenceMember::meets(const Call&, const model::CallId& other) const {
  return conference_.member(other) != nullptr;
}

bool ConferenceMember::reports_digits() const {
  return conference_.digits() != model::ConferenceDigits::swallow;
}

void ConferenceMember::describe(model::CallSnapshot& snapshot) const {
  snapshot.conference_id = conference_.id();
}

}  // namespace tandem::call
