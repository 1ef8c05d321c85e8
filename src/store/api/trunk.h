// A SIP trunk: how calls of one carrier or PBX come in, and how calls go out to it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.h"
#include "model/generated/protocol.h"
#include "model/ids.h"
#include "model/socket_address.h"

namespace tandem::store {

/// One place that a trunk's outbound calls can be sent to.
struct Gateway {
  std::string host;        ///< Name or address, IPv6 without brackets.
  std::uint16_t port = 0;  ///< 0: what DNS says (RFC 3263), or the transport's own.
  model::SipTransport transport = model::SipTransport::udp;
  std::uint32_t priority = 0;  ///< The lowest goes first.
  std::uint32_t weight = 1;    ///< Share among gateways of the same priority; 0: only when no other is left.
  bool probe = true;           ///< Ask with OPTIONS whether it lives.
  friend bool operator==(const Gateway&, const Gateway&) = default;
};

enum class NumberStyle : std::uint8_t {
  as_is,
  e164_plus,  ///< "+4930123456"
  e164_bare,  ///< "4930123456"
  national    ///< "030123456" in the own country, "0044..." abroad.
};
[[nodiscard]] std::string_view to_string(NumberStyle s);

/// How the other side writes numbers. Outbound: written in `style`, then `strip_digits` leading digits go,
/// then `add_prefix` comes in front. Inbound the other way round: digits stripped, prefix added, then read in
/// `style` and brought to "+" and E.164. What is no telephone number stays as it is.
struct NumberFormat {
  NumberStyle style = NumberStyle::as_is;
  std::string country_code;          ///< "49"; needed by `national`.
  std::string trunk_prefix;          ///< `national`: "0", or empty.
  std::string international_prefix;  ///< `national`: "00", "011"; empty: "+".
  std::uint32_t strip_digits = 0;
  std::string add_prefix;
  friend bool operator==(const NumberFormat&, const NumberFormat&) = default;
};

/// What our requests to the trunk's gateways and registrar answer challenges with.
struct TrunkLogin {
  std::string username;
  std::string password;  ///< In clear: the peer chooses algorithm and nonce.
  std::string realm;     ///< Only this realm is answered; empty: the first that challenges.
  friend bool operator==(const TrunkLogin&, const TrunkLogin&) = default;
};

/// Outbound registration (RFC 3261 section 10): tells a carrier where we are.
struct TrunkRegistration {
  bool enabled = false;
  std::string registrar_uri;  ///< "sip:registrar.example" with optional port and transport.
  std::string address_uri;    ///< Address of record; empty: login's user name at the registrar's host.
  std::string contact_user;   ///< User of our Contact, by which calls are known; empty: the trunk's id.
  std::uint32_t expires_s = 600;
  friend bool operator==(const TrunkRegistration&, const TrunkRegistration&) = default;
};

enum class SrtpPolicy : std::uint8_t { never, offer, require };
[[nodiscard]] std::string_view to_string(SrtpPolicy p);

struct Trunk {
  model::TrunkId id;
  model::AccountId account_id;
  model::ApplicationId application_id;  ///< May be empty: only numbers route its calls.
  std::string name;
  std::vector<model::IpBlock> addresses;  ///< Calls from there are the trunk's.
  WallTime created;

  std::string realm;  ///< Inbound digest with credentials of this trunk; empty: none. Lower case.
  std::vector<Gateway> gateways;
  TrunkLogin login;
  TrunkRegistration registration;
  SrtpPolicy srtp = SrtpPolicy::never;
  double max_calls_per_second = 0;         ///< Outbound; 0: no limit.
  std::uint32_t max_concurrent_calls = 0;  ///< Outbound; 0: no limit.
  NumberFormat outbound_format;
  NumberFormat inbound_format;
  std::vector<std::string> prefixes;  ///< Digits; numbers the trunk is used for unless named; empty: all.
  std::uint32_t priority = 0;         ///< Among trunks of equally long prefix the lowest goes first.
  std::string default_caller_id;
  /// Numbers, or prefixes with a trailing `*`, that may be shown; empty: any.
  std::vector<std::string> allowed_caller_ids;
  bool trusted = false;  ///< Private network (RFC 3325): P-Asserted-Identity is sent and believed.
  std::uint32_t first_response_timeout_ms = 6000;  ///< Without any answer the next gateway is tried.
  std::uint32_t ring_timeout_ms = 0;               ///< Until answered; 0: what the dialling side says.
};

}  // namespace tandem::store
