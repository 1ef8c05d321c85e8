// Application frames, on a session's own socket and on a worker's: any text gives a request or an error with
// a code and a message, and both can be written.

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "wire/frame.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto request = tandem::wire::decode_frame(text, 65'536);
  if (request) {
    if (request->rpc_id.empty()) std::abort();
  } else if (request.error().error.message.empty() ||
             tandem::wire::encode_error(request.error().rpc_id, request.error().error).empty()) {
    std::abort();
  }
  const auto frame = tandem::wire::decode_worker_frame(text, 65'536);
  if (frame) {
    const bool about_session = !frame->session.empty();
    if (about_session && !tandem::model::SessionId::valid(frame->session.str())) std::abort();
    if (!about_session && std::holds_alternative<tandem::model::RequestParams>(frame->params)) std::abort();
  } else if (frame.error().error.message.empty() ||
             tandem::wire::encode_error(frame.error().rpc_id, frame.error().error,
                                        frame.error().session.str())
                 .empty()) {
    std::abort();
  }
  return 0;
}
