#include "store/api/store.h"

namespace tandem::store {

std::string_view to_string(StoreError e) {
  switch (e) {
    case StoreError::unavailable:
      return "unavailable";
    case StoreError::conflict:
      return "conflict";
    case StoreError::not_found:
      return "not_found";
    case StoreError::in_use:
      return "in_use";
    case StoreError::invalid:
      return "invalid";
    case StoreError::corrupt:
      return "corrupt";
    case StoreError::newer_schema:
      return "newer_schema";
  }
  return "unavailable";
}

}  // namespace tandem::store
