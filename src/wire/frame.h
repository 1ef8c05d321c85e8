// Frames of the application protocol: JSON-RPC 2.0 text to typed requests and back (docs: protocol,
// "Messages"). Any thread; never throws on input.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "model/event.h"
#include "model/request.h"

namespace tandem::wire {

struct FrameError {
  std::string rpc_id = "null";  ///< As in Request, or null when the frame did not say one.
  model::Error error;
};

/// One object, jsonrpc "2.0", an id, a known method, checked parameters. At most 32 levels deep.
[[nodiscard]] Result<model::Request, FrameError> decode_frame(std::string_view text, std::size_t max_bytes);

[[nodiscard]] std::string encode_event(const model::Event& event);
/// `{"op": ...}`, with `no_op` beside it where the view says so.
[[nodiscard]] std::string encode_response(std::string_view rpc_id, const model::OperationView& view);
[[nodiscard]] std::string encode_snapshot(std::string_view rpc_id, const model::SessionSnapshot& snapshot);
/// An empty result.
[[nodiscard]] std::string encode_done(std::string_view rpc_id);
[[nodiscard]] std::string encode_error(std::string_view rpc_id, const model::Error& error);
/// A CDR as one JSON object (protocol/records/cdr.json).
[[nodiscard]] std::string encode_cdr(const model::Cdr& cdr);

}  // namespace tandem::wire
