#include "store/api/trunk.h"

namespace tandem::store {

std::string_view to_string(NumberStyle s) {
  switch (s) {
    case NumberStyle::as_is:
      return "as_is";
    case NumberStyle::e164_plus:
      return "e164_plus";
    case NumberStyle::e164_bare:
      return "e164_bare";
    case NumberStyle::national:
      return "national";
  }
  return "as_is";
}

std::string_view to_string(SrtpPolicy p) {
  switch (p) {
    case SrtpPolicy::never:
      return "never";
    case SrtpPolicy::offer:
      return "offer";
    case SrtpPolicy::require:
      return "require";
  }
  return "never";
}

}  // namespace tandem::store
