// SIP transports by name.
#pragma once

#include <string_view>

#include "model/generated/protocol.h"

namespace tandem::model {

/// "tcp" and "tls"; anything else is taken as UDP, which our own records write for all that is neither.
[[nodiscard]] SipTransport sip_transport_named(std::string_view name);

}  // namespace tandem::model
