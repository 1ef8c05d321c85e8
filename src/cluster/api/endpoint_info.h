// A registered endpoint as the protocol shows it to applications and REST clients. Pure.
#pragma once

#include "cluster/api/location.h"
#include "model/generated/protocol.h"

namespace tandem::cluster {

[[nodiscard]] model::EndpointInfo endpoint_info(const Endpoint& endpoint);

}  // namespace tandem::cluster
