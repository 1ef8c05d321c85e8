// The agent's sockets: binds what the options ask for, knows what was bound, and says which address of ours a
// peer is to use. SIP thread only, but for listening() once opened.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "sip/api/agent.h"
#include "sip/sofia/sofia_api.h"

namespace tandem::sip {

class Transports {
 public:
  /// Binds everything in options.listen, and makes outbound-only transports for what is not listened on.
  [[nodiscard]] static Result<Transports, AgentFailure> open(nta_agent_t* nta, const AgentOptions& options);

  [[nodiscard]] const std::vector<Agent::Listening>& listening() const { return listening_; }
  /// "sip:host:port;transport=tcp" for the Contact of messages to `peer` by `transport`.
  [[nodiscard]] std::string contact_uri(Transport transport, const model::IpAddress& peer) const;
  /// Closes connections of TCP and TLS above about `most` for each socket that we listen on, but none of
  /// `in_use`.
  static void close_excess(nta_agent_t* nta, std::size_t most,
                           const std::function<bool(const tport_t*)>& in_use);

 private:
  std::vector<Agent::Listening> listening_;
  std::optional<model::IpAddress> advertised_;
};

[[nodiscard]] Transport transport_of(const tport_t* tport);
/// What a SIP URI asks for: its transport parameter, TLS for sips, else UDP; and its host when that is an
/// address.
struct TargetHint {
  Transport transport = Transport::udp;
  std::optional<model::IpAddress> ip;
};
[[nodiscard]] TargetHint target_hint(const std::string& uri);

}  // namespace tandem::sip
