#include "trunk/api/trunk_router.h"

namespace tandem::trunk {

std::string_view to_string(SelectError e) {
  switch (e) {
    case SelectError::unknown_account:
      return "unknown_account";
    case SelectError::unknown_trunk:
      return "unknown_trunk";
    case SelectError::bad_destination:
      return "bad_destination";
    case SelectError::destination_not_allowed:
      return "destination_not_allowed";
    case SelectError::no_trunk:
      return "no_trunk";
    case SelectError::caller_id_not_allowed:
      return "caller_id_not_allowed";
    case SelectError::not_implemented:
      return "not_implemented";
    case SelectError::all_down:
      return "all_down";
  }
  return "no_trunk";
}

std::string_view to_string(TrunkEvent::Kind k) {
  switch (k) {
    case TrunkEvent::Kind::gateway_down:
      return "gateway_down";
    case TrunkEvent::Kind::gateway_up:
      return "gateway_up";
    case TrunkEvent::Kind::trunk_down:
      return "trunk_down";
    case TrunkEvent::Kind::trunk_up:
      return "trunk_up";
    case TrunkEvent::Kind::registered:
      return "registered";
    case TrunkEvent::Kind::registration_failed:
      return "registration_failed";
  }
  return "trunk_up";
}

}  // namespace tandem::trunk
