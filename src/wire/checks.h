// Rules between members that the schema states in words or in if/then, by hand.
#pragma once

#include <string>

#include "model/generated/protocol.h"
#include "wire/reader.h"

namespace tandem::wire {

/// min is not above max; the pattern is well-formed.
void check(const model::CollectDigits& digits, Complaint& c, const std::string& path);
/// `play` with play_then_hangup and only then.
void check(const model::OnDisconnect& policy, Complaint& c, const std::string& path);
/// `trunk_id` goes with a number only.
void check(const model::DialTarget& target, Complaint& c, const std::string& path);
/// At most 50 targets; early media is kept or passed where there is one target at a time.
void check(const model::DialPlan& plan, Complaint& c, const std::string& path);
/// As its plan; early media is passed to the call in `then` only.
void check(const model::CallDial& dial, Complaint& c, const std::string& path);
/// A call is not bridged with itself.
void check(const model::CallBridge& bridge, Complaint& c, const std::string& path);
/// Two channels are both sides; a beep that is repeated is a beep.
void check(const model::CallRecord& record, Complaint& c, const std::string& path);
/// `to` and `consult_call_id` as the mode wants them.
void check(const model::ConferenceRecordOptions& record, Complaint& c, const std::string& path);
void check(const model::ConferenceRecord& record, Complaint& c, const std::string& path);
void check(const model::TakeThenJoin& join, Complaint& c, const std::string& path);
void check(const model::CallTransfer& transfer, Complaint& c, const std::string& path);
/// coach and whisper name calls, barge does not.
void check(const model::Supervision& supervision, Complaint& c, const std::string& path);
/// `supervise` goes with supervisors, `hold_music` with `on_hold`.
void check(const model::JoinTerms& terms, Complaint& c, const std::string& path);
void check(const model::DialThenJoin& join, Complaint& c, const std::string& path);
void check(const model::CallJoin& join, Complaint& c, const std::string& path);
void check(const model::ConferenceUpdateParticipant& update, Complaint& c, const std::string& path);
/// A selection, or one entry.
void check(const model::QueueTake& take, Complaint& c, const std::string& path);

}  // namespace tandem::wire
