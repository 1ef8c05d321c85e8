// Generated from protocol/ by tools/gen. Do not edit.
#pragma once

#include <boost/json/fwd.hpp>
#include <optional>
#include <string_view>

#include "model/event.h"
#include "model/request.h"
#include "wire/writer.h"

namespace tandem::wire {

class Complaint;

/// The parameters of an implemented method; nullopt for other methods. The complaint says what is wrong with them.
[[nodiscard]] std::optional<model::RequestParams> decode_params(std::string_view method, const boost::json::value& params,
                                                               Complaint& complaint);
/// As decode_params() for what only a worker's socket carries.
[[nodiscard]] std::optional<model::WorkerParams> decode_worker_params(std::string_view method,
                                                                      const boost::json::value& params,
                                                                      Complaint& complaint);

void encode(JsonWriter& w, const model::Error& e);
void encode(JsonWriter& w, const model::BridgeConnectedEvent& e);
void encode(JsonWriter& w, const model::BridgeCreatedEvent& e);
void encode(JsonWriter& w, const model::BridgeEndedEvent& e);
void encode(JsonWriter& w, const model::BridgeUpdatedEvent& e);
void encode(JsonWriter& w, const model::CallAnsweredEvent& e);
void encode(JsonWriter& w, const model::SipInfo& e);
void encode(JsonWriter& w, const model::CallCreatedEvent& e);
void encode(JsonWriter& w, const model::CallDialingEvent& e);
void encode(JsonWriter& w, const model::CallDtmfEvent& e);
void encode(JsonWriter& w, const model::CallEarlyMediaEvent& e);
void encode(JsonWriter& w, const model::StreamQuality& e);
void encode(JsonWriter& w, const model::CallEndedEvent& e);
void encode(JsonWriter& w, const model::CallHeldEvent& e);
void encode(JsonWriter& w, const model::CallMediaChangedEvent& e);
void encode(JsonWriter& w, const model::CallQualityEvent& e);
void encode(JsonWriter& w, const model::CallReferRequestedEvent& e);
void encode(JsonWriter& w, const model::CallReplacedEvent& e);
void encode(JsonWriter& w, const model::CallRequestedEvent& e);
void encode(JsonWriter& w, const model::CallRingingEvent& e);
void encode(JsonWriter& w, const model::CallSipMessageEvent& e);
void encode(JsonWriter& w, const model::CallTransferProgressEvent& e);
void encode(JsonWriter& w, const model::CallUnheldEvent& e);
void encode(JsonWriter& w, const model::Cdr& e);
void encode(JsonWriter& w, const model::CdrReadyEvent& e);
void encode(JsonWriter& w, const model::Supervision& e);
void encode(JsonWriter& w, const model::ConferenceParticipant& e);
void encode(JsonWriter& w, const model::ConferenceSnapshot& e);
void encode(JsonWriter& w, const model::ConferenceCreatedEvent& e);
void encode(JsonWriter& w, const model::ConferenceEndedEvent& e);
void encode(JsonWriter& w, const model::ConferenceParticipantJoinedEvent& e);
void encode(JsonWriter& w, const model::ConferenceParticipantLeftEvent& e);
void encode(JsonWriter& w, const model::ConferenceParticipantUpdatedEvent& e);
void encode(JsonWriter& w, const model::ConferenceSpeakerStartedEvent& e);
void encode(JsonWriter& w, const model::ConferenceSpeakerStoppedEvent& e);
void encode(JsonWriter& w, const model::ConferenceStartedEvent& e);
void encode(JsonWriter& w, const model::ConferenceUpdatedEvent& e);
void encode(JsonWriter& w, const model::EndpointContact& e);
void encode(JsonWriter& w, const model::EndpointInfo& e);
void encode(JsonWriter& w, const model::EndpointReachableEvent& e);
void encode(JsonWriter& w, const model::EndpointRegisteredEvent& e);
void encode(JsonWriter& w, const model::EndpointUnreachableEvent& e);
void encode(JsonWriter& w, const model::EndpointUnregisteredEvent& e);
void encode(JsonWriter& w, const model::IvrCreatedEvent& e);
void encode(JsonWriter& w, const model::IvrEndedEvent& e);
void encode(JsonWriter& w, const model::OpCompletedEvent& e);
void encode(JsonWriter& w, const model::OpMarkEvent& e);
void encode(JsonWriter& w, const model::OpPausedEvent& e);
void encode(JsonWriter& w, const model::OpProgressEvent& e);
void encode(JsonWriter& w, const model::OpResumedEvent& e);
void encode(JsonWriter& w, const model::OpStartedEvent& e);
void encode(JsonWriter& w, const model::QueueEnteredEvent& e);
void encode(JsonWriter& w, const model::QueueLeftEvent& e);
void encode(JsonWriter& w, const model::QueueOfferedEvent& e);
void encode(JsonWriter& w, const model::QueuePositionEvent& e);
void encode(JsonWriter& w, const model::QueueReturnedEvent& e);
void encode(JsonWriter& w, const model::QueueStatistics& e);
void encode(JsonWriter& w, const model::QueueStatsEvent& e);
void encode(JsonWriter& w, const model::Recording& e);
void encode(JsonWriter& w, const model::RecordingFailedEvent& e);
void encode(JsonWriter& w, const model::RecordingPausedEvent& e);
void encode(JsonWriter& w, const model::RecordingPurgedEvent& e);
void encode(JsonWriter& w, const model::RecordingReadyEvent& e);
void encode(JsonWriter& w, const model::RecordingResumedEvent& e);
void encode(JsonWriter& w, const model::RecordingStartedEvent& e);
void encode(JsonWriter& w, const model::SessionDrainingEvent& e);
void encode(JsonWriter& w, const model::SessionLaggingEvent& e);
void encode(JsonWriter& w, const model::SessionInfo& e);
void encode(JsonWriter& w, const model::AudioState& e);
void encode(JsonWriter& w, const model::CallSnapshot& e);
void encode(JsonWriter& w, const model::OperationView& e);
void encode(JsonWriter& w, const model::BridgeSnapshot& e);
void encode(JsonWriter& w, const model::QueueEntry& e);
void encode(JsonWriter& w, const model::SessionSnapshot& e);
void encode(JsonWriter& w, const model::SessionResumedEvent& e);
void encode(JsonWriter& w, const model::SessionLimits& e);
void encode(JsonWriter& w, const model::SessionStartedEvent& e);
void encode(JsonWriter& w, const model::CallAnswerResult& e);
void encode(JsonWriter& w, const model::CallAnswerReferResult& e);
void encode(JsonWriter& w, const model::DialAttempt& e);
void encode(JsonWriter& w, const model::CallBridgeResult& e);
void encode(JsonWriter& w, const model::CallCollectResult& e);
void encode(JsonWriter& w, const model::CallDialResult& e);
void encode(JsonWriter& w, const model::CallEnqueueResult& e);
void encode(JsonWriter& w, const model::CallJoinResult& e);
void encode(JsonWriter& w, const model::CallPlayResult& e);
void encode(JsonWriter& w, const model::CallPromptResult& e);
void encode(JsonWriter& w, const model::CallRecordResult& e);
void encode(JsonWriter& w, const model::CallSayResult& e);
void encode(JsonWriter& w, const model::CallSendSipResult& e);
void encode(JsonWriter& w, const model::CallTransferResult& e);
void encode(JsonWriter& w, const model::ConferenceCreateResult& e);
void encode(JsonWriter& w, const model::ConferencePlayResult& e);
void encode(JsonWriter& w, const model::ConferenceRecording& e);
void encode(JsonWriter& w, const model::ConferenceRecordResult& e);
void encode(JsonWriter& w, const model::QueueRemoveResult& e);
void encode(JsonWriter& w, const model::QueueTakeResult& e);
void encode(JsonWriter& w, const model::QueueUpdateResult& e);
void encode(JsonWriter& w, const model::SessionClosed& e);
void encode(JsonWriter& w, const model::Intent& e);
void encode(JsonWriter& w, const model::LiveCall& e);
void encode(JsonWriter& w, const model::LiveSession& e);
void encode(JsonWriter& w, const model::QueueInfo& e);
void encode(JsonWriter& w, const model::EventData& data);

}  // namespace tandem::wire
