// Generated from protocol/ by tools/gen. Do not edit.
#pragma once

#include <cstdint>
#include <string_view>

namespace tandem::model {

/// The closed list of error codes.
enum class ErrorCode : std::uint8_t {
  parse_error,  ///< The frame is not JSON in UTF-8.
  invalid_request,  ///< The frame is not a JSON-RPC 2.0 request.
  unknown_method,  ///< No such method.
  invalid_params,  ///< A parameter is missing, unknown or wrong; `field` names it.
  not_implemented,  ///< The protocol knows it, this server cannot do it yet.
  frame_too_large,  ///< The frame is larger than `limits.max_frame_bytes`.
  unauthenticated,  ///< No or wrong credentials.
  forbidden,  ///< Not allowed for this account.
  call_not_found,  ///< No such call in this session.
  call_ended,  ///< The call is over.
  op_not_found,  ///< No such operation, or it completed long ago.
  wrong_state,  ///< Not possible in the call's or operation's present state.
  lane_busy,  ///< The lane is busy and `when_busy` is `reject`.
  queue_full,  ///< Too many operations wait in the lane, or the queue is full.
  queue_not_found,  ///< The account has no such queue.
  queue_entry_not_found,  ///< No such call waits in the queue, or it was served already.
  idempotency_conflict,  ///< The `op_id` was used before with other parameters.
  conference_full,  ///< The conference has its most participants.
  conference_locked,  ///< The conference is locked.
  conference_not_found,  ///< No such conference, or it has ended.
  name_taken,  ///< Another one of this name lives.
  wrong_pin,  ///< The PIN is missing or wrong.
  endpoint_not_found,  ///< No such endpoint is registered.
  bridge_not_found,  ///< No such bridge.
  session_not_found,  ///< No such session on this socket, or it cannot be resumed with this token.
  rate_limited,  ///< Too many requests a second.
  cps_exceeded,  ///< Too many calls a second.
  concurrency_exceeded,  ///< Too many calls at once.
  no_capacity,  ///< The server has no room now.
  node_draining,  ///< The server is about to stop.
  busy,  ///< The called party is busy.
  no_answer,  ///< Nobody answered in time.
  rejected,  ///< The called party declined.
  unreachable,  ///< The called party cannot be reached.
  not_found,  ///< The number or address does not exist.
  forbidden_destination,  ///< This destination is not allowed.
  no_trunk,  ///< No trunk of the account serves this number.
  trunk_down,  ///< The trunk does not answer.
  codec_mismatch,  ///< No codec in common.
  sip_error,  ///< The peer answered with an error; `sip_code` tells which.
  fetch_failed,  ///< A URL could not be fetched.
  unsupported_format,  ///< Audio of a kind or size that is not supported.
  tts_failed,  ///< Speech could not be made.
  stt_failed,  ///< Speech could not be recognised.
  stream_failed,  ///< The media stream could not be opened or broke.
  record_failed,  ///< Recording failed.
  rtp_timeout,  ///< No audio came from the peer.
  internal,  ///< A fault of the server; it is logged there.
  timeout,  ///< It took longer than its deadline.
  node_lost,  ///< The server that ran it was lost.
};
/// What a client should do: never again, after a fix, later, or after refreshing its view.
enum class Retry : std::uint8_t { never, fix, later, refresh };

struct ErrorTraits {
  std::string_view code;
  std::string_view group;
  int jsonrpc;  ///< JSON-RPC error code.
  Retry retry;
  std::string_view help;
};
[[nodiscard]] const ErrorTraits& traits(ErrorCode code);
[[nodiscard]] std::string_view to_string(ErrorCode code);
[[nodiscard]] std::string_view to_string(Retry retry);

}  // namespace tandem::model
