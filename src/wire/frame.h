// Frames of the application protocol: JSON-RPC 2.0 text to typed requests and back (docs: protocol,
// "Messages"). Any thread; never throws on input.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "base/result.h"
#include "model/event.h"
#include "model/request.h"

namespace tandem::wire {

struct FrameError {
  std::string rpc_id = "null";  ///< As in Request, or null when the frame did not say one.
  model::Error error;
  model::SessionId session{};  ///< On a worker's socket, where the frame named one.
};

/// A frame of a worker's socket, which carries many sessions: `session_id` stands beside `method`.
struct WorkerFrame {
  model::SessionId session;  ///< Empty with worker.ready and worker.drain only.
  std::string rpc_id;        ///< Empty: a notification, which is not answered; session.close only.
  std::variant<model::RequestParams, model::WorkerParams> params;
};

/// One object, jsonrpc "2.0", an id, a known method, checked parameters. At most 32 levels deep.
[[nodiscard]] Result<model::Request, FrameError> decode_frame(std::string_view text, std::size_t max_bytes);
/// As decode_frame(). That the session is on this socket is the caller's to check.
[[nodiscard]] Result<WorkerFrame, FrameError> decode_worker_frame(std::string_view text,
                                                                  std::size_t max_bytes);

[[nodiscard]] std::string encode_event(const model::Event& event);
[[nodiscard]] std::string encode_event(const model::KeptEvent& event);
// Answers. `session_id`: of the session on a worker's socket, else empty.
/// `{"op": ...}`, with `no_op` beside it where the view says so.
[[nodiscard]] std::string encode_response(std::string_view rpc_id, const model::OperationView& view,
                                          std::string_view session_id = {});
[[nodiscard]] std::string encode_snapshot(std::string_view rpc_id, const model::SessionSnapshot& snapshot,
                                          std::string_view session_id = {});
/// An empty result.
[[nodiscard]] std::string encode_done(std::string_view rpc_id, std::string_view session_id = {});
[[nodiscard]] std::string encode_error(std::string_view rpc_id, const model::Error& error,
                                       std::string_view session_id = {});
/// The notification that a session is no longer on a worker's socket.
[[nodiscard]] std::string encode_session_closed(const model::SessionId& session,
                                                const model::SessionClosed& closed);
/// A CDR as one JSON object (protocol/records/cdr.json).
[[nodiscard]] std::string encode_cdr(const model::Cdr& cdr);

}  // namespace tandem::wire
