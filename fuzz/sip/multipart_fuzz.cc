// Multipart bodies: the first line is the Content-Type, the rest the body. What is found must lie within it.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "sip/sdp/multipart.h"
#include "sip/sdp/sdp.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t end = text.find('\n');
  const std::string_view body = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  const auto part = tandem::sip::find_part(text.substr(0, end), body, "application/sdp");
  if (!part) return 0;
  if (part->data() < body.data() || part->data() + part->size() > body.data() + body.size()) std::abort();
  (void)tandem::sip::parse_sdp(*part);
  return 0;
}
