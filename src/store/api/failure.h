// Why the store did not do it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace tandem::store {

enum class StoreError : std::uint8_t {
  unavailable,
  conflict,
  not_found,
  in_use,
  invalid,
  corrupt,
  newer_schema,
  outdated  ///< Somebody else has changed it meanwhile.
};
[[nodiscard]] std::string_view to_string(StoreError e);
struct StoreFailure {
  StoreError error = StoreError::unavailable;
  std::string field;  ///< With `invalid` and `conflict`.
  std::string detail;
};
template <class T>
using StoreResult = Result<T, StoreFailure>;

}  // namespace tandem::store
