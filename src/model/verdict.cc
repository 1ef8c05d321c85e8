#include "model/verdict.h"

#include <array>

namespace tandem::model {

std::string_view to_string(EndReason reason) {
  // In the order of the enumeration.
  static constexpr std::array<std::string_view, 29> kNames{"hangup",
                                                           "cancelled",
                                                           "rejected",
                                                           "redirected",
                                                           "transferred",
                                                           "replaced",
                                                           "answered_elsewhere",
                                                           "screened_out",
                                                           "bridge_ended",
                                                           "busy",
                                                           "no_answer",
                                                           "not_found",
                                                           "unreachable",
                                                           "app_unreachable",
                                                           "app_timeout",
                                                           "app_disconnected",
                                                           "orphan_expired",
                                                           "max_duration",
                                                           "codec_mismatch",
                                                           "media_timeout",
                                                           "session_expired",
                                                           "no_ack",
                                                           "transport_error",
                                                           "sip_error",
                                                           "overloaded",
                                                           "limit_exceeded",
                                                           "node_draining",
                                                           "node_lost",
                                                           "internal"};
  static_assert(kNames.size() == static_cast<std::size_t>(EndReason::internal) + 1);
  return kNames.at(static_cast<std::size_t>(reason));
}
std::string_view to_string(Party party) {
  switch (party) {
    case Party::caller:
      return "caller";
    case Party::callee:
      return "callee";
    case Party::application:
      return "application";
    case Party::platform:
      return "platform";
  }
  return "platform";
}

std::string_view to_string(VerdictClass c) {
  switch (c) {
    case VerdictClass::success:
      return "success";
    case VerdictClass::client_error:
      return "client_error";
    case VerdictClass::server_error:
      return "server_error";
    case VerdictClass::upstream_error:
      return "upstream_error";
    case VerdictClass::indeterminate:
      return "indeterminate";
  }
  return "indeterminate";
}

}  // namespace tandem::model
