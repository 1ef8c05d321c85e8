#include "cluster/api/location.h"

#include <algorithm>

#include "base/hmac.h"

namespace tandem::cluster {
namespace {

constexpr std::size_t kIdDigits = 32;

/// The host of a SIP URI when it is an address.
std::optional<model::IpAddress> host_address(std::string_view uri) {
  const std::size_t colon = uri.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  uri.remove_prefix(colon + 1);
  uri = uri.substr(0, uri.find('?'));
  if (const std::size_t at = uri.rfind('@'); at != std::string_view::npos) uri.remove_prefix(at + 1);
  uri = uri.substr(0, uri.find(';'));
  if (uri.starts_with('[')) return model::IpAddress::parse(uri.substr(0, uri.find(']') + 1));
  return model::IpAddress::parse(uri.substr(0, uri.find(':')));
}

bool preferred(const EndpointContact& a, const EndpointContact& b) {
  if (a.q_milli != b.q_milli) return a.q_milli > b.q_milli;
  return a.refreshed > b.refreshed;
}

/// Of two contacts of one instance: the one that works, then the one that was heard of last.
bool better_flow(const EndpointContact& a, const EndpointContact& b) {
  if (a.reachable != b.reachable) return a.reachable;
  return a.refreshed > b.refreshed;
}

}  // namespace

model::EndpointId endpoint_id(std::string_view user, std::string_view domain) {
  std::string text(user);
  text.append("@").append(domain);
  return model::EndpointId("EP" + sha256_hex(text).substr(0, kIdDigits));
}

ContactTarget target_of(const EndpointContact& contact) {
  ContactTarget out{contact.uri, {}, contact.path, contact.q_milli, contact.reachable};
  // An edge that put itself into the Path listens; a phone does only over UDP.
  const bool listens = !contact.path.empty() || contact.transport == "udp";
  const std::string& first = contact.path.empty() ? contact.uri : contact.path.front();
  if (listens && host_address(first) == contact.source.ip) return out;
  out.next_hop = "sip:" + contact.source.str() + ";transport=" + contact.transport;
  return out;
}

std::vector<ContactTarget> targets_of(const Endpoint& endpoint) {
  std::vector<const EndpointContact*> chosen;
  for (const EndpointContact& c : endpoint.contacts) {
    const auto same = std::find_if(chosen.begin(), chosen.end(), [&c](const EndpointContact* other) {
      return !c.instance.empty() && other->instance == c.instance;
    });
    if (same == chosen.end()) {
      chosen.push_back(&c);
    } else if (better_flow(c, **same)) {
      *same = &c;
    }
  }
  const bool some = std::any_of(chosen.begin(), chosen.end(), [](const auto* c) { return c->reachable; });
  if (some) std::erase_if(chosen, [](const auto* c) { return !c->reachable; });
  std::stable_sort(chosen.begin(), chosen.end(),
                   [](const auto* a, const auto* b) { return preferred(*a, *b); });
  std::vector<ContactTarget> out;
  out.reserve(chosen.size());
  for (const EndpointContact* c : chosen) out.push_back(target_of(*c));
  return out;
}

}  // namespace tandem::cluster
