#include "model/verdict.h"

namespace tandem::model {

std::string_view to_string(EndReason reason) {
  switch (reason) {
    case EndReason::hangup:
      return "hangup";
    case EndReason::cancelled:
      return "cancelled";
    case EndReason::rejected:
      return "rejected";
    case EndReason::transferred:
      return "transferred";
    case EndReason::replaced:
      return "replaced";
    case EndReason::answered_elsewhere:
      return "answered_elsewhere";
    case EndReason::screened_out:
      return "screened_out";
    case EndReason::bridge_ended:
      return "bridge_ended";
    case EndReason::redirected:
      return "redirected";
    case EndReason::busy:
      return "busy";
    case EndReason::no_answer:
      return "no_answer";
    case EndReason::not_found:
      return "not_found";
    case EndReason::unreachable:
      return "unreachable";
    case EndReason::app_unreachable:
      return "app_unreachable";
    case EndReason::app_timeout:
      return "app_timeout";
    case EndReason::app_disconnected:
      return "app_disconnected";
    case EndReason::orphan_expired:
      return "orphan_expired";
    case EndReason::max_duration:
      return "max_duration";
    case EndReason::codec_mismatch:
      return "codec_mismatch";
    case EndReason::media_timeout:
      return "media_timeout";
    case EndReason::session_expired:
      return "session_expired";
    case EndReason::no_ack:
      return "no_ack";
    case EndReason::transport_error:
      return "transport_error";
    case EndReason::sip_error:
      return "sip_error";
    case EndReason::overloaded:
      return "overloaded";
    case EndReason::limit_exceeded:
      return "limit_exceeded";
    case EndReason::node_draining:
      return "node_draining";
    case EndReason::node_lost:
      return "node_lost";
    case EndReason::internal:
      return "internal";
  }
  return "internal";
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
