#include "sip/api/agent.h"

namespace tandem::sip {

std::string_view to_string(Transport t) {
  switch (t) {
    case Transport::udp:
      return "udp";
    case Transport::tcp:
      return "tcp";
    case Transport::tls:
      return "tls";
  }
  return "?";
}

std::string_view to_string(LegEnd e) {
  switch (e) {
    case LegEnd::local_hangup:
      return "local_hangup";
    case LegEnd::local_reject:
      return "local_reject";
    case LegEnd::peer_bye:
      return "peer_bye";
    case LegEnd::peer_cancel:
      return "peer_cancel";
    case LegEnd::peer_reject:
      return "peer_reject";
    case LegEnd::no_ack:
      return "no_ack";
    case LegEnd::session_expired:
      return "session_expired";
    case LegEnd::timeout:
      return "timeout";
    case LegEnd::transport_error:
      return "transport_error";
    case LegEnd::bad_answer:
      return "bad_answer";
    case LegEnd::dialog_gone:
      return "dialog_gone";
    case LegEnd::shutdown:
      return "shutdown";
  }
  return "?";
}

std::string replaces_value(const ReplacesInfo& replaces) {
  return replaces.call_id + ";to-tag=" + replaces.to_tag + ";from-tag=" + replaces.from_tag +
         (replaces.early_only ? ";early-only" : "");
}

}  // namespace tandem::sip
