// Access control and REGISTER as the node sees them. The agent challenges, proves identities and keeps
// connections to registered phones; what is bound to an address of record is decided on the control thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "model/ids.h"
#include "model/socket_address.h"
#include "sip/api/agent.h"

namespace tandem::sip {

/// Whom a set of credentials belongs to, and digest_ha1() of it. An empty hash: that algorithm cannot be
/// used.
struct Secrets {
  std::string ha1_md5;
  std::string ha1_sha256;
  model::AccountId account_id;
  model::DomainId domain_id;  ///< Empty for a trunk's own credentials.
  model::TrunkId trunk_id;    ///< Set: a trunk logs in; it may call from any number.
};

/// What access control asks of the provisioned data. Called on the SIP thread: thread-safe, never waits,
/// takes microseconds.
class AccessDirectory {
 public:
  AccessDirectory() = default;
  AccessDirectory(const AccessDirectory&) = delete;
  AccessDirectory& operator=(const AccessDirectory&) = delete;
  virtual ~AccessDirectory() = default;

  /// True if callers and phones of `host` (lower case, no port) must prove who they are: a tenant's domain,
  /// or the realm of a trunk that logs in.
  [[nodiscard]] virtual bool is_realm(std::string_view host) const = 0;
  [[nodiscard]] virtual std::optional<Secrets> find(std::string_view realm,
                                                    std::string_view username) const = 0;
  /// True for the address of a trunk: its INVITEs are taken without a challenge. REGISTER never is.
  [[nodiscard]] virtual bool is_trusted(const model::IpAddress& source) const = 0;
};

/// How many wrong passwords are borne. A bucket of `burst` failures refills by one each `refill_every`; when
/// it is empty, requests with credentials are not looked at for `first_block`, and twice as long each next
/// time.
struct FailureLimit {
  double burst = 10;
  std::chrono::milliseconds refill_every{30'000};
  std::chrono::milliseconds first_block{10'000};
  std::chrono::milliseconds longest_block{600'000};
};

struct AccessPolicy {
  std::string nonce_secret;  ///< Empty: random. Nodes that share one take each other's nonces.
  /// SHA-256 is offered first, MD5 after it (RFC 8760). Some phones give up on a challenge that they do not
  /// know instead of looking at the next one: false for them.
  bool offer_sha256 = true;
  std::chrono::milliseconds nonce_lifetime{300'000};
  std::size_t max_nonces = 65'536;  ///< Remembered after use; about 200 bytes each.
  FailureLimit per_source{30,
                          std::chrono::milliseconds(6'000)};  ///< Counted for the address a nonce went to.
  FailureLimit per_user{};  ///< The address that last proved itself as this user is not held up by it.
  std::size_t max_tracked = 65'536;  ///< Sources and users remembered, each; the longest unseen go first.
  int answers_while_blocked = 20;    ///< 403s in one block; then silence.
  std::size_t max_pending_registers = 2'048;           ///< Waiting for the control thread; beyond it 503.
  std::chrono::milliseconds register_deadline{5'000};  ///< Unanswered by then: 504.
  std::size_t max_flows = 200'000;  ///< Connections of registered phones that are kept open.
  int retry_after_s = 10;           ///< Of the 503; up to as much again is added at random.
};

/// One Contact of a REGISTER, or a binding in its answer.
struct RegisterContact {
  std::string uri;
  std::uint16_t q_milli = 1'000;  ///< 0 to 1000.
  std::optional<std::uint32_t> expires_s;
  std::string instance;      ///< +sip.instance with its quotes removed ("<urn:uuid:...>"), or empty.
  std::uint32_t reg_id = 0;  ///< RFC 5626; 0: none.
};

/// A REGISTER whose sender has proven to be `by` and whose To is that user.
struct RegisterRequest {
  std::uint64_t ticket = 0;  ///< For RegistrarPort::answer_register().
  Authenticated by;
  Secrets identity;    ///< Without the hashes.
  std::string user;    ///< Address of record.
  std::string domain;  ///< Lower case.
  std::string sip_call_id;
  std::uint32_t cseq = 0;
  std::vector<RegisterContact> contacts;
  bool wildcard = false;  ///< "Contact: *".
  std::optional<std::uint32_t> expires_s;
  std::vector<std::string> path;   ///< RFC 3327: URIs in the order in which requests to the phone visit them.
  bool supports_path = false;      ///< The phone asked to see the Path in the answer.
  bool supports_outbound = false;  ///< RFC 5626.
  model::SocketAddress source;
  Transport transport = Transport::udp;
  std::string user_agent;
  WallTime received;
};

struct RegisterReply {
  int sip_code = 200;
  std::string sip_reason;                      ///< Empty: the usual one.
  std::vector<RegisterContact> contacts;       ///< All bindings, in a 200.
  std::optional<std::uint32_t> min_expires_s;  ///< With 423.
  std::vector<std::string> path;               ///< Repeated to a phone that asked for it.
  bool outbound = false;                       ///< Require: outbound.
  int retry_after_s = 0;
  /// How long the connection of this REGISTER is to be kept for requests to the phone; 0: not for its sake.
  std::uint32_t keep_flow_s = 0;
};

/// Methods run on the agent's observer executor (the control thread).
class RegisterHandler {
 public:
  RegisterHandler() = default;
  RegisterHandler(const RegisterHandler&) = delete;
  RegisterHandler& operator=(const RegisterHandler&) = delete;
  virtual ~RegisterHandler() = default;
  /// To be answered by RegistrarPort::answer_register() within AccessPolicy::register_deadline.
  virtual void on_register(RegisterRequest request) = 0;
  /// The connection of a registered phone is gone; what was bound through it cannot be reached by it.
  virtual void on_flow_closed(Transport transport, model::SocketAddress source) = 0;
};

/// The agent's side. Any thread.
class RegistrarPort {
 public:
  RegistrarPort() = default;
  RegistrarPort(const RegistrarPort&) = delete;
  RegistrarPort& operator=(const RegistrarPort&) = delete;
  virtual ~RegistrarPort() = default;

  /// Until then REGISTER gets 403 and nobody is challenged. `directory` and `handler` outlive the agent.
  virtual void serve_registrar(const AccessDirectory& directory, RegisterHandler& handler,
                               AccessPolicy policy) = 0;
  /// Once a ticket; unknown tickets are ignored.
  virtual void answer_register(std::uint64_t ticket, RegisterReply reply) = 0;
};

}  // namespace tandem::sip
