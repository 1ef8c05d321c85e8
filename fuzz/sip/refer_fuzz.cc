// The texts of a transfer: Replaces, headers in a Refer-To URI, sipfrag bodies. What was understood must come
// out of its own writing the same.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "sip/dialog/refer.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tandem::sip;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto replaces = dialog::parse_replaces(text)) {
    const auto again = dialog::parse_replaces(replaces_value(*replaces));
    if (!again || again->call_id != replaces->call_id || again->to_tag != replaces->to_tag ||
        again->from_tag != replaces->from_tag || again->early_only != replaces->early_only) {
      std::abort();
    }
  }
  if (const auto status = dialog::parse_sipfrag(text)) {
    if (status->code < 100 || status->code > 699 ||
        status->reason.find_first_of("\r\n") != std::string::npos) {
      std::abort();
    }
  }
  if (text.size() < 1000) {
    const auto back = dialog::parse_uri_headers("a=" + dialog::escape_uri_header(text));
    if (!back || back->size() != 1 || (*back)[0].second != text) std::abort();
  }
  (void)dialog::parse_uri_headers(text);
  (void)dialog::plain_uri(text);
  return 0;
}
