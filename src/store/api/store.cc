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
    case StoreError::outdated:
      return "outdated";
  }
  return "unavailable";
}

std::string_view to_string(Kind k) {
  static constexpr std::string_view kNames[] = {"account", "application", "number", "domain",
                                                "trunk",   "credential",  "api_key"};
  return kNames[static_cast<std::size_t>(k)];
}

}  // namespace tandem::store
