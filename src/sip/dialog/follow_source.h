// Where requests in a dialog go when the peer's Contact cannot be reached: a phone behind NAT writes its own
// address there. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "model/socket_address.h"

namespace tandem::sip::dialog {

/// What the message that made or refreshed the dialog showed.
struct PeerView {
  std::string contact_host;                     ///< Of the Contact URI; brackets of IPv6 may stay.
  std::optional<model::IpAddress> via_sent_by;  ///< Requests: the top Via as the peer wrote it.
  std::size_t vias = 0;                         ///< Requests: above 1 a proxy stands between.
  bool record_routed = false;
  model::SocketAddress source;  ///< Where it came from.
};

/// True: send to the source, not to the Contact. A proxy that stays in the path says so by Record-Route, and
/// one that does not must not get the rest of the dialog; so this is only for a peer that we hear directly
/// and whose own idea of its address is wrong: its Contact is in private space (or a name that is none, as
/// browsers write) while it comes from elsewhere.
[[nodiscard]] bool should_follow_source(const PeerView& peer);

/// RFC 1918, RFC 6598 (shared), RFC 3927 and RFC 4291 link-local, RFC 4193.
[[nodiscard]] bool is_private(const model::IpAddress& ip);

}  // namespace tandem::sip::dialog
