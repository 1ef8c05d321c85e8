// SSML 1.1, the part that telephony applications use: speak, p, s, break, emphasis, prosody (rate, pitch,
// volume), say-as, sub, mark, voice, lang. Everything else is refused by name; audio too (play a file with an
// operation).
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "speech/document.h"

namespace tandem::speech {

struct SsmlError {
  std::string message;  ///< What and where ("line 3, column 7"), naming element or attribute.
};

/// A document or a fragment without its speak element. At most 64 KiB, 32 elements deep; a DOCTYPE is
/// refused, so there are no entities but the five of XML. `language`: that of the request, for say-as. Any
/// thread.
[[nodiscard]] Result<Document, SsmlError> parse_ssml(std::string_view ssml, std::string_view language);

}  // namespace tandem::speech
