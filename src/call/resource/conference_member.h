// A call in a conference: its part there, and what is told when it leaves. Owned by the conference. Control
// thread.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>

#include "base/function.h"
#include "call/machine/conference_rules.h"
#include "call/operation/playback.h"
#include "call/resource/place.h"
#include "media/api/mixer.h"
#include "model/request.h"

namespace tandem::call {

class Conference;

/// How a call takes part, checked.
struct JoinPlan {
  model::JoinTerms terms;
  std::optional<PlayPlan> hold_music;
  std::optional<PlayPlan> announce;
  std::optional<PlayPlan> announce_exit;
  model::LeaveAction on_end = model::LeaveAction::ivr;
};

struct Leaving {
  model::ConferenceLeaveReason reason = model::ConferenceLeaveReason::stopped;
  std::optional<model::EndReason> cause;  ///< Why the call ended, if it did.
  std::int64_t duration_ms = 0;
};

class ConferenceMember final : public Place {
 public:
  /// `on_left` (may be empty) comes once, unless the conference is destroyed first.
  ConferenceMember(Conference& conference, Call& call, JoinPlan plan, Function<void(const Leaving&)> on_left);

  [[nodiscard]] Call& call() const { return call_; }
  [[nodiscard]] Conference& conference() const { return conference_; }
  [[nodiscard]] model::ConferenceRole role() const { return plan.terms.role; }
  /// The row and column of the matrix.
  [[nodiscard]] media::MemberAudio audio(bool started, model::ConferenceDigits digits) const;
  [[nodiscard]] model::ConferenceParticipant view() const;
  void tell_left(const Leaving& how) {
    if (auto told = std::exchange(on_left_, nullptr)) told(how);
  }

  // Place.
  [[nodiscard]] bool active() const override { return true; }
  [[nodiscard]] model::IvrEndReason ivr_end() const override { return model::IvrEndReason::conference; }
  void hold_changed(Call& call) override;
  void suspend(Call& call, bool on) override;
  void take_out(Call& call) override;
  void replace(Call& old, Call& with) override;
  void left(Call& call, const model::Verdict& verdict) override;
  [[nodiscard]] bool meets(const Call& call, const model::CallId& other) const override;
  [[nodiscard]] bool reports_digits() const override;
  void describe(model::CallSnapshot& snapshot) const override;

  JoinPlan plan;
  model::SessionId session;  ///< That held the call when it came; empty: nobody is told.
  bool speaking = false;
  bool suspended = false;
  bool holds_call = false;  ///< The hold was made here and ends with the participation.
  bool announced = false;   ///< participant_joined was told.
  const TimePoint since;
  const WallTime joined_at;

 private:
  Conference& conference_;
  Call& call_;
  Function<void(const Leaving&)> on_left_;
};

}  // namespace tandem::call
