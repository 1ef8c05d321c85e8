// The verbs: each makes its operation from its parameters, or says what is wrong with them. One .cc a verb.
// The call is live (not ended) when they are asked.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "call/operation/operation.h"
#include "call/operation/playback.h"
#include "model/request.h"
#include "sip/api/agent.h"

namespace tandem::call {

[[nodiscard]] MadeOperation make_operation(Call& call, const model::CallRing& p);
[[nodiscard]] MadeOperation make_operation(Call& call, const model::CallAnswer& p);
[[nodiscard]] MadeOperation make_operation(Call& call, const model::CallReject& p);
[[nodiscard]] MadeOperation make_operation(Call& call, const model::CallRedirect& p);
[[nodiscard]] MadeOperation make_operation(Call& call, const model::CallHangup& p);
[[nodiscard]] MadeOperation make_operation(Call& call, const model::CallSay& p);
[[nodiscard]] MadeOperation make_operation(Call& call, const model::CallPlay& p);
[[nodiscard]] MadeOperation make_operation(Call& call, const model::CallCollect& p);
[[nodiscard]] MadeOperation make_operation(Call& call, const model::CallPrompt& p);
[[nodiscard]] MadeOperation make_operation(Call& call, const model::CallRecord& p);
[[nodiscard]] MadeOperation make_operation(Call& call, const model::CallSendDigits& p);
[[nodiscard]] MadeOperation make_operation(Call& call, const model::CallSendSip& p);
[[nodiscard]] MadeOperation make_operation(Call& call, const model::CallSetAudio& p);
[[nodiscard]] MadeOperation make_operation(Call& call, const model::CallUpdate& p);
[[nodiscard]] MadeOperation make_operation(Call& call, const model::CallBridge& p);
[[nodiscard]] MadeOperation make_operation(Call& call, const model::CallJoin& p);
[[nodiscard]] MadeOperation make_operation(Call& call, const model::CallEnqueue& p);
[[nodiscard]] MadeOperation make_operation(Call& call, const model::QueueTake& p);
[[nodiscard]] MadeOperation make_operation(Call& call, const model::CallHold& p);
[[nodiscard]] MadeOperation make_operation(Call& call, const model::CallUnhold& p);
[[nodiscard]] MadeOperation make_operation(Call& call, const model::CallTransfer& p);
[[nodiscard]] MadeOperation make_operation(Call& call, const model::CallAnswerRefer& p);
[[nodiscard]] MadeOperation make_operation(Call& call, const model::CallReportRefer& p);
/// op.* verbs; `p` names an operation that `ops` knows. The view carries `no_op`.
[[nodiscard]] Result<model::OperationView, model::Error> control(OpTable& ops, const model::OpCancel& p);
[[nodiscard]] Result<model::OperationView, model::Error> control(OpTable& ops, const model::OpStop& p);
[[nodiscard]] Result<model::OperationView, model::Error> control(OpTable& ops, const model::OpPause& p);
[[nodiscard]] Result<model::OperationView, model::Error> control(OpTable& ops, const model::OpResume& p);
[[nodiscard]] Result<model::OperationView, model::Error> control(OpTable& ops, const model::OpUpdate& p);
[[nodiscard]] Result<model::OperationView, model::Error> control(OpTable& ops, const model::OpGet& p);

/// Plays what on_disconnect says and then ends the call; null when there is nothing to play.
[[nodiscard]] std::unique_ptr<Operation> make_farewell(Call& call, const model::OnDisconnect& policy);

/// Plays `plan` on the speak lane and makes way for everything else: music on hold, ringback.
[[nodiscard]] std::unique_ptr<Operation> make_background(Call& call, PlayPlan plan);
/// Plays `plan` on the speak lane for its own sake, seen by nobody: what an agent alone is told.
[[nodiscard]] std::unique_ptr<Operation> make_whisper(Call& call, PlayPlan plan);

// What several verbs share (checks.cc).
[[nodiscard]] machine::BusyRule busy_rule(model::WhenBusy when_busy);
/// SIP headers as the agent takes them, or the error that names the refused one.
[[nodiscard]] Result<sip::Headers, model::Error> checked_headers(const model::SipHeaders& headers);
/// Headers as received for an event; several of one name joined with a comma.
[[nodiscard]] model::HeaderList header_list(const sip::Headers& headers);
/// The text that goes into a reason phrase or Reason header must be one line.
[[nodiscard]] std::optional<model::Error> check_line(const std::string& text, const char* field);
/// The sources of a playlist with their errors named below `field` ("", "play", "retry_play", ...).
[[nodiscard]] Result<PlayPlan, model::Error> checked_plan(Call& call, const model::Playlist& list,
                                                          const std::string& field);
/// The same for a list that may be absent.
[[nodiscard]] Result<std::optional<PlayPlan>, model::Error> checked_plan(
    Call& call, const std::optional<model::Playlist>& list, const std::string& field);
/// Whose sources are checked, where no call is: its recordings may be played.
struct SourceOwner {
  Environment& env;
  const model::AccountId& account;
};
/// The same for what belongs to no call.
[[nodiscard]] Result<PlayPlan, model::Error> checked_plan(const SourceOwner& owner,
                                                          const model::Playlist& list,
                                                          const std::string& field);
[[nodiscard]] Result<std::optional<PlayPlan>, model::Error> checked_plan(
    const SourceOwner& owner, const std::optional<model::Playlist>& list, const std::string& field);
[[nodiscard]] Result<speech::SpeakRequest, model::Error> checked_speech(Environment& env,
                                                                        const model::Speech& speech,
                                                                        const std::string& field);
[[nodiscard]] Result<speech::SpeakRequest, model::Error> checked_speech(Call& call,
                                                                        const model::Speech& speech,
                                                                        const std::string& field);
/// An error unless the call speaks and listens, or is about to.
[[nodiscard]] std::optional<model::Error> check_media(Call& call, const char* method);
/// An error unless the call is unanswered.
[[nodiscard]] std::optional<model::Error> check_unanswered(Call& call, const char* method);
[[nodiscard]] model::Error wrong_state(Call& call, const char* method);

}  // namespace tandem::call
