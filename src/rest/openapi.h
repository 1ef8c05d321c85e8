// The OpenAPI 3.1 document of this door, made from protocol/ when the source was generated.
#pragma once

#include <string_view>

namespace tandem::rest {

/// JSON text with a final line feed. Any thread.
[[nodiscard]] std::string_view openapi_document();

}  // namespace tandem::rest
