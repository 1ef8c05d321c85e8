#include "media/api/engine.h"

namespace tandem::media {

std::string_view to_string(MediaError e) {
  switch (e) {
    case MediaError::no_ports:
      return "no_ports";
    case MediaError::no_address:
      return "no_address";
    case MediaError::socket_failed:
      return "socket_failed";
    case MediaError::overloaded:
      return "overloaded";
  }
  return "unknown";
}

}  // namespace tandem::media
