// Session descriptions (RFC 8866) from and to text. A parser of our own: Sofia-SIP's never returns on some m=
// lines. Pure functions, any thread; linear in the length of the text; never throw on input.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"
#include "model/media_description.h"

namespace tandem::sip {

struct SdpError {
  int line = 0;      ///< Counted from 1; 0: the description as a whole.
  std::string what;  ///< Names the field, without quoting the peer's bytes.
};

/// What a peer may make us keep. Wider limits are for tests only.
struct SdpLimits {
  std::size_t bytes = 32 * 1024;
  std::size_t lines = 500;
  std::size_t media_lines = 32;
  std::size_t formats = 64;  ///< Of one m= line.
};

/// Lenient where real peers are sloppy: line ends LF, CR or CR LF, blank lines, no s= or t=, an o= with a
/// host name, junk after the last field. Refused: no v=0, an m=, c= or o= that makes no sense, control bytes,
/// excess of a limit.
///
/// A session-level direction and c= are written through to the media lines that have none of their own.
/// Malformed values of optional attributes (rtpmap, ptime, rtcp) are kept among `attributes` as they came.
[[nodiscard]] Result<model::SessionDescription, SdpError> parse_sdp(std::string_view text,
                                                                    const SdpLimits& limits = {});

/// With CR LF and every field of RFC 8866 that is mandatory. CR, LF and NUL inside of values are left out, so
/// that no value can forge a line. parse_sdp() of the result gives the same value back.
[[nodiscard]] std::string write_sdp(const model::SessionDescription& session);

}  // namespace tandem::sip
