#include "sip/dialog/follow_source.h"

#include <algorithm>
#include <array>

namespace tandem::sip::dialog {

bool is_private(const model::IpAddress& ip) {
  static const auto blocks = [] {
    constexpr std::array<const char*, 7> kText{"10.0.0.0/8",    "172.16.0.0/12",  "192.168.0.0/16",
                                               "100.64.0.0/10", "169.254.0.0/16", "fe80::/10",
                                               "fc00::/7"};
    std::array<model::IpBlock, kText.size()> out{};
    std::transform(kText.begin(), kText.end(), out.begin(),
                   [](const char* text) { return model::IpBlock::parse(text).value_or(model::IpBlock{}); });
    return out;
  }();
  return std::any_of(blocks.begin(), blocks.end(), [&](const auto& block) { return block.contains(ip); });
}

bool should_follow_source(const PeerView& peer) {
  if (peer.record_routed || peer.vias > 1 || peer.source.port == 0) return false;
  if (peer.contact_host.ends_with(".invalid")) return true;
  const auto contact = model::IpAddress::parse(peer.contact_host);
  if (!contact || *contact == peer.source.ip) return false;
  if (contact->is_unspecified()) return true;
  if (!is_private(*contact)) return false;
  // From one private network into another: only if the peer believes its Contact to be where it sends from.
  return !is_private(peer.source.ip) || peer.via_sent_by == contact;
}

}  // namespace tandem::sip::dialog
