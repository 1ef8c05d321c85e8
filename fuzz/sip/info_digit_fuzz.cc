// INFO bodies with digits, as strangers may write them.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "sip/dialog/info_digit.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  for (const char* type : {"application/dtmf-relay", "application/dtmf;x=y"}) {
    const auto digit = tandem::sip::dialog::parse_info_digit(type, body);
    if (digit && (std::string_view("0123456789*#ABCD").find(digit->digit) == std::string_view::npos ||
                  digit->duration_ms > 10'000)) {
      std::abort();
    }
  }
  return 0;
}
