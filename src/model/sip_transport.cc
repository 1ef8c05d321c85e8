#include "model/sip_transport.h"

namespace tandem::model {

SipTransport sip_transport_named(std::string_view name) {
  if (name == "tcp") return SipTransport::tcp;
  return name == "tls" ? SipTransport::tls : SipTransport::udp;
}

}  // namespace tandem::model
