// The target of a request, taken apart: segments of the path and parameters of the query, percent-decoded.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace tandem::rest {

struct Target {
  std::vector<std::string> segments;  ///< "/v1/a" has two; "/v1/a/" a third, empty one.
  std::vector<std::pair<std::string, std::string>> query{};  ///< In order; a plus sign is a plus sign.
};

struct TargetFault {
  std::string field;  ///< A query parameter, or empty for the path.
  std::string what;
};

/// Refuses bad percent encoding, control characters, what is not UTF-8, more than 32 segments or parameters.
[[nodiscard]] Result<Target, TargetFault> parse_target(std::string_view target);

}  // namespace tandem::rest
