// Application frames: any text gives a request or an error with a code and a message, and both can be
// written.

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
  return 0;
}
