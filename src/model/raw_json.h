// JSON of the application that passes through unread.
#pragma once

#include <string>

namespace tandem::model {

struct RawJson {
  std::string text;  ///< One valid JSON value.
  friend bool operator==(const RawJson&, const RawJson&) = default;
};

}  // namespace tandem::model
