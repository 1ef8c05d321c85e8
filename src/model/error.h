// An error as applications see it; the code gives the rest (docs: protocol, "Errors").
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "model/generated/error_code.h"

namespace tandem::model {

struct Error {
  ErrorCode code = ErrorCode::internal;
  std::string message;  ///< For people; begins with the field, if there is one.
  std::string field;    ///< The parameter at fault, as a path: "play.sources[2].url". May be empty.
  std::optional<int> sip_code;
  std::optional<std::int64_t> retry_after_ms;
  friend bool operator==(const Error&, const Error&) = default;
};

}  // namespace tandem::model
