// Generated from protocol/ by tools/gen. Do not edit.
#include "model/generated/error_code.h"

namespace tandem::model {

const ErrorTraits& traits(ErrorCode code) {
  static constexpr ErrorTraits kTraits[] = {
      {"parse_error", "protocol", -32700, Retry::fix, "The frame is not JSON in UTF-8."},
      {"invalid_request", "protocol", -32600, Retry::fix, "The frame is not a JSON-RPC 2.0 request."},
      {"unknown_method", "protocol", -32601, Retry::fix, "No such method."},
      {"invalid_params", "protocol", -32602, Retry::fix, "A parameter is missing, unknown or wrong; `field` names it."},
      {"not_implemented", "protocol", -32001, Retry::never, "The protocol knows it, this server cannot do it yet."},
      {"frame_too_large", "protocol", -32002, Retry::fix, "The frame is larger than `limits.max_frame_bytes`."},
      {"unauthenticated", "auth", -32010, Retry::fix, "No or wrong credentials."},
      {"forbidden", "auth", -32011, Retry::never, "Not allowed for this account."},
      {"call_not_found", "state", -32020, Retry::never, "No such call in this session."},
      {"call_ended", "state", -32021, Retry::never, "The call is over."},
      {"op_not_found", "state", -32022, Retry::never, "No such operation, or it completed long ago."},
      {"wrong_state", "state", -32023, Retry::refresh, "Not possible in the call's or operation's present state."},
      {"lane_busy", "state", -32024, Retry::later, "The lane is busy and `when_busy` is `reject`."},
      {"queue_full", "state", -32025, Retry::later, "Too many operations wait in the lane, or the queue is full."},
      {"queue_not_found", "state", -32036, Retry::never, "The account has no such queue."},
      {"queue_entry_not_found", "state", -32037, Retry::never, "No such call waits in the queue, or it was served already."},
      {"idempotency_conflict", "state", -32026, Retry::fix, "The `op_id` was used before with other parameters."},
      {"conference_full", "state", -32027, Retry::later, "The conference has its most participants."},
      {"conference_locked", "state", -32028, Retry::later, "The conference is locked."},
      {"conference_not_found", "state", -32033, Retry::never, "No such conference, or it has ended."},
      {"name_taken", "state", -32034, Retry::fix, "Another one of this name lives."},
      {"wrong_pin", "state", -32035, Retry::fix, "The PIN is missing or wrong."},
      {"endpoint_not_found", "state", -32029, Retry::later, "No such endpoint is registered."},
      {"bridge_not_found", "state", -32030, Retry::never, "No such bridge."},
      {"session_not_found", "state", -32031, Retry::never, "No such session on this socket, or it cannot be resumed with this token."},
      {"rate_limited", "capacity", -32040, Retry::later, "Too many requests a second."},
      {"cps_exceeded", "capacity", -32041, Retry::later, "Too many calls a second."},
      {"concurrency_exceeded", "capacity", -32042, Retry::later, "Too many calls at once."},
      {"no_capacity", "capacity", -32043, Retry::later, "The server has no room now."},
      {"node_draining", "capacity", -32044, Retry::later, "The server is about to stop."},
      {"busy", "signalling", -32050, Retry::later, "The called party is busy."},
      {"no_answer", "signalling", -32051, Retry::later, "Nobody answered in time."},
      {"rejected", "signalling", -32052, Retry::never, "The called party declined."},
      {"unreachable", "signalling", -32053, Retry::later, "The called party cannot be reached."},
      {"not_found", "signalling", -32054, Retry::fix, "The number or address does not exist."},
      {"forbidden_destination", "signalling", -32055, Retry::never, "This destination is not allowed."},
      {"no_trunk", "signalling", -32059, Retry::fix, "No trunk of the account serves this number."},
      {"trunk_down", "signalling", -32056, Retry::later, "The trunk does not answer."},
      {"codec_mismatch", "signalling", -32057, Retry::fix, "No codec in common."},
      {"sip_error", "signalling", -32058, Retry::later, "The peer answered with an error; `sip_code` tells which."},
      {"fetch_failed", "media", -32060, Retry::later, "A URL could not be fetched."},
      {"unsupported_format", "media", -32061, Retry::fix, "Audio of a kind or size that is not supported."},
      {"tts_failed", "media", -32062, Retry::later, "Speech could not be made."},
      {"stt_failed", "media", -32063, Retry::later, "Speech could not be recognised."},
      {"stream_failed", "media", -32064, Retry::later, "The media stream could not be opened or broke."},
      {"record_failed", "media", -32065, Retry::later, "Recording failed."},
      {"rtp_timeout", "media", -32066, Retry::later, "No audio came from the peer."},
      {"internal", "platform", -32603, Retry::later, "A fault of the server; it is logged there."},
      {"timeout", "platform", -32080, Retry::later, "It took longer than its deadline."},
      {"node_lost", "platform", -32081, Retry::refresh, "The server that ran it was lost."},
  };
  return kTraits[static_cast<std::size_t>(code)];
}

std::string_view to_string(ErrorCode code) { return traits(code).code; }

std::string_view to_string(Retry retry) {
  static constexpr std::string_view kNames[] = {"never", "fix", "later", "refresh"};
  return kNames[static_cast<std::size_t>(retry)];
}

}  // namespace tandem::model
