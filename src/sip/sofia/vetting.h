// What a request must pass before anything is kept for it. A server transaction whose final response cannot
// be sent makes the packaged Sofia-SIP abort on the ACK that follows, so the address to which responses go is
// settled here.
#pragma once

#include <string_view>

#include "sip/sofia/sofia_api.h"

namespace tandem::sip {

struct VettingLimits {
  std::size_t headers = 100;
  std::size_t vias = 20;
  std::size_t body_bytes = std::size_t{32} * 1024;
};

struct Vetted {
  int status = 0;  ///< 0: passed. Else the response to give statelessly.
  const char* phrase = "";
  explicit operator bool() const { return status == 0; }
};

/// Checks the sizes and the top Via, and repairs the Via: `maddr` goes away (no address of ours is ever asked
/// for by it), `rport` is set to the source port, so that the response goes back where the request came from.
[[nodiscard]] Vetted vet_request(msg_t* msg, sip_t* sip, const VettingLimits& limits);

}  // namespace tandem::sip
