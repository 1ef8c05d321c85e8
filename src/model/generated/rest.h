// Generated from protocol/ by tools/gen. Do not edit.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "model/ids.h"

namespace tandem::model {


/// SIP transport.
enum class RestTrunkGatewayTransport : std::uint8_t {
  udp,
  tcp,
  tls,
};
[[nodiscard]] std::string_view to_string(RestTrunkGatewayTransport v);

/// Encrypted media.
enum class RestTrunkBodySrtp : std::uint8_t {
  never,
  offer,
  require,
};
[[nodiscard]] std::string_view to_string(RestTrunkBodySrtp v);

/// How the other side writes numbers.
enum class RestTrunkNumberFormatStyle : std::uint8_t {
  as_is,
  e164_plus,
  e164_bare,
  national,
};
[[nodiscard]] std::string_view to_string(RestTrunkNumberFormatStyle v);

/// Encrypted media.
enum class RestTrunkSrtp : std::uint8_t {
  never,
  offer,
  require,
};
[[nodiscard]] std::string_view to_string(RestTrunkSrtp v);

/// What was done.
enum class RestAuditEntryAction : std::uint8_t {
  created,
  updated,
  deleted,
};
[[nodiscard]] std::string_view to_string(RestAuditEntryAction v);

/// What became of it.
enum class RestRouteCandidateOutcome : std::uint8_t {
  taken,
  beaten,
  unfit,
};
[[nodiscard]] std::string_view to_string(RestRouteCandidateOutcome v);

/// A tenant. What is left out stays as it is, or gets its default at creation; lists and objects are replaced as a whole.
struct RestAccountBody {
  std::optional<std::string> name;  ///< 1 to 200 characters, unique.
  std::optional<ApplicationId> outbound_application_id;  ///< Gets the calls that are asked for by REST.
  std::optional<std::int64_t> max_concurrent_calls;  ///< Calls at a time; 0: no limit.
  std::optional<double> max_calls_per_second;  ///< New calls a second; 0: no limit.
  std::optional<double> max_outbound_calls_per_second;  ///< Pace of outbound calls; 0: no limit.
  std::optional<std::int64_t> max_call_duration_ms;  ///< Longest call.
  std::optional<std::int64_t> orphan_max_duration_ms;  ///< Longest life of a call without its application.
  std::optional<std::int64_t> intent_queue_size;  ///< Outbound calls that may wait.
  std::optional<std::int64_t> intent_expiry_ms;  ///< Longest wait of an outbound call.
  std::optional<std::vector<std::string>> allowed_prefixes;  ///< Numbers that may be dialled begin so; empty: all.
  std::optional<bool> queues_on_first_use;  ///< Whether a queue that is not provisioned is made when it is used.
  std::optional<std::string> webhook_secret;  ///< Signs requests to applications. In an answer only at creation, when it was made up or given.
  friend bool operator==(const RestAccountBody&, const RestAccountBody&) = default;
};

/// Where calls are answered. What is left out stays as it is, or gets its default at creation; lists and objects are replaced as a whole.
struct RestApplicationBody {
  std::optional<std::string> name;  ///< 1 to 200 characters, unique in the account.
  std::optional<std::string> url;  ///< ws, wss, http or https; empty: its calls go to workers only.
  std::optional<std::string> fallback_url;  ///< Tried when the first fails; may be empty.
  friend bool operator==(const RestApplicationBody&, const RestApplicationBody&) = default;
};

/// A telephone number, or all that begin alike. What is left out stays as it is, or gets its default at creation; lists and objects are replaced as a whole.
struct RestNumberBody {
  std::optional<ApplicationId> application_id;  ///< Gets the calls.
  std::optional<std::string> did;  ///< Digits with an optional leading +; the number, or the prefix.
  std::optional<bool> prefix;  ///< All numbers that begin with `did`.
  std::optional<std::string> ani;  ///< Only calls from this number, or from a prefix with a trailing *; empty: any.
  friend bool operator==(const RestNumberBody&, const RestNumberBody&) = default;
};

/// A SIP domain. What is left out stays as it is, or gets its default at creation; lists and objects are replaced as a whole.
struct RestDomainBody {
  std::optional<ApplicationId> application_id;  ///< Gets the calls.
  std::optional<std::string> name;  ///< Such as acme.example. Unique among all accounts; fixed while credentials hold it.
  friend bool operator==(const RestDomainBody&, const RestDomainBody&) = default;
};

/// Where calls to a trunk can be sent.
struct RestTrunkGateway {
  std::string host;  ///< Name or address.
  std::int64_t port = 0;  ///< 0: what DNS says.
  RestTrunkGatewayTransport transport = RestTrunkGatewayTransport::udp;  ///< SIP transport.
  std::int64_t priority = 0;  ///< The lowest goes first.
  std::int64_t weight = 1;  ///< Share among equal priorities.
  bool probe = true;  ///< Ask by OPTIONS whether it lives.
  friend bool operator==(const RestTrunkGateway&, const RestTrunkGateway&) = default;
};

/// What challenges of the trunk are answered with.
struct RestTrunkLoginBody {
  std::string username;  ///< User name.
  std::optional<std::string> password;  ///< Never shown. Left out it stays as it is.
  std::string realm;  ///< Only this realm is answered; empty: the first.
  friend bool operator==(const RestTrunkLoginBody&, const RestTrunkLoginBody&) = default;
};

/// Outbound registration.
struct RestTrunkRegistration {
  bool enabled = false;  ///< Whether we register.
  std::string registrar_uri;  ///< Such as sip:registrar.example.
  std::string address_uri;  ///< Address of record; empty: the login's at the registrar.
  std::string contact_user;  ///< User of our Contact; empty: the trunk's id.
  std::int64_t expires_s = 600;  ///< How long a registration lasts.
  friend bool operator==(const RestTrunkRegistration&, const RestTrunkRegistration&) = default;
};

/// How a trunk writes numbers.
struct RestTrunkNumberFormat {
  RestTrunkNumberFormatStyle style = RestTrunkNumberFormatStyle::as_is;  ///< How the other side writes numbers.
  std::string country_code;  ///< Such as 49.
  std::string trunk_prefix;  ///< Such as 0.
  std::string international_prefix;  ///< Such as 00.
  std::string add_prefix;  ///< Put in front.
  std::int64_t strip_digits = 0;  ///< Leading digits that go.
  friend bool operator==(const RestTrunkNumberFormat&, const RestTrunkNumberFormat&) = default;
};

/// A carrier or PBX. What is left out stays as it is, or gets its default at creation; lists and objects are replaced as a whole.
struct RestTrunkBody {
  std::optional<ApplicationId> application_id;  ///< Gets calls that no number takes.
  std::optional<std::string> name;  ///< 1 to 200 characters, unique in the account.
  std::optional<std::vector<std::string>> addresses;  ///< Calls from there are the trunk's.
  std::optional<std::string> realm;  ///< Calls log in to it with credentials of the trunk; empty: none. Fixed while there are such credentials.
  std::optional<std::vector<RestTrunkGateway>> gateways;  ///< Where calls go out.
  std::optional<RestTrunkLoginBody> login;  ///< What challenges of the trunk are answered with.
  std::optional<RestTrunkRegistration> registration;  ///< Outbound registration.
  std::optional<RestTrunkBodySrtp> srtp;  ///< Encrypted media.
  std::optional<double> max_calls_per_second;  ///< Outbound; 0: no limit.
  std::optional<std::int64_t> max_concurrent_calls;  ///< Outbound; 0: no limit.
  std::optional<RestTrunkNumberFormat> outbound_format;  ///< How a trunk writes numbers.
  std::optional<RestTrunkNumberFormat> inbound_format;  ///< How a trunk writes numbers.
  std::optional<std::vector<std::string>> prefixes;  ///< Numbers it is used for; empty: all.
  std::optional<std::int64_t> priority;  ///< The lowest goes first.
  std::optional<std::string> default_caller_id;  ///< Shown where the call says none.
  std::optional<std::vector<std::string>> allowed_caller_ids;  ///< Numbers, or prefixes with a trailing *, that may be shown; empty: any.
  std::optional<bool> trusted;  ///< P-Asserted-Identity is sent and believed.
  std::optional<std::int64_t> first_response_timeout_ms;  ///< Without any answer the next gateway is tried.
  std::optional<std::int64_t> ring_timeout_ms;  ///< Until answered; 0: what the dialling side says.
  friend bool operator==(const RestTrunkBody&, const RestTrunkBody&) = default;
};

/// A user name of a SIP endpoint (with `domain_id`) or of a trunk that logs in (with `trunk_id`). The password is kept as hashes only. What is left out stays as it is, or gets its default at creation; lists and objects are replaced as a whole.
struct RestCredentialBody {
  std::optional<DomainId> domain_id;  ///< Of an endpoint.
  std::optional<TrunkId> trunk_id;  ///< Of a trunk with a realm.
  std::optional<std::string> username;  ///< Unique in the domain or trunk; fixed.
  std::optional<std::string> password;  ///< 8 to 128 characters. Never shown.
  friend bool operator==(const RestCredentialBody&, const RestCredentialBody&) = default;
};

/// A bearer token for REST and workers; the secret is kept as a hash only. What is left out stays as it is, or gets its default at creation; lists and objects are replaced as a whole.
struct RestApiKeyBody {
  std::optional<std::string> name;  ///< 1 to 200 characters.
  std::optional<std::vector<std::string>> scopes;  ///< What it may do; nobody gives more than he has.
  std::optional<std::int64_t> expires_in_s;  ///< Refused so long from now on.
  std::optional<bool> revoked;  ///< True: refused from now on, for good.
  friend bool operator==(const RestApiKeyBody&, const RestApiKeyBody&) = default;
};

/// A new key like the old one, which expires after a while.
struct RestRotateApiKey {
  std::int64_t old_expires_in_s = 3600;  ///< How long the old one is still good.
  friend bool operator==(const RestRotateApiKey&, const RestRotateApiKey&) = default;
};

/// A call that might come in.
struct RestExplainRoute {
  std::string to;  ///< Called: user part of the request URI.
  std::string from;  ///< Caller: user part of From.
  std::string domain;  ///< Host of the request URI.
  std::string source;  ///< Address that the call comes from.
  std::optional<TrunkId> trunk_id;  ///< The call logged in as this trunk.
  friend bool operator==(const RestExplainRoute&, const RestExplainRoute&) = default;
};

/// A tenant.
struct RestAccount {
  AccountId id;  ///< Account.
  std::string name;  ///< 1 to 200 characters, unique.
  std::optional<ApplicationId> outbound_application_id;  ///< Gets the calls that are asked for by REST.
  std::int64_t max_concurrent_calls = 0;  ///< Calls at a time; 0: no limit.
  double max_calls_per_second = 0;  ///< New calls a second; 0: no limit.
  double max_outbound_calls_per_second = 0;  ///< Pace of outbound calls; 0: no limit.
  std::int64_t max_call_duration_ms = 0;  ///< Longest call.
  std::int64_t orphan_max_duration_ms = 0;  ///< Longest life of a call without its application.
  std::int64_t intent_queue_size = 0;  ///< Outbound calls that may wait.
  std::int64_t intent_expiry_ms = 0;  ///< Longest wait of an outbound call.
  std::vector<std::string> allowed_prefixes;  ///< Numbers that may be dialled begin so; empty: all.
  bool queues_on_first_use = false;  ///< Whether a queue that is not provisioned is made when it is used.
  std::optional<std::string> webhook_secret;  ///< Signs requests to applications. In an answer only at creation, when it was made up or given.
  WallTime created_at;  ///< When it was made.
  friend bool operator==(const RestAccount&, const RestAccount&) = default;
};

/// Where calls are answered.
struct RestApplication {
  ApplicationId id;  ///< Application.
  AccountId account_id;  ///< Account.
  std::string name;  ///< 1 to 200 characters, unique in the account.
  std::string url;  ///< ws, wss, http or https; empty: its calls go to workers only.
  std::string fallback_url;  ///< Tried when the first fails; may be empty.
  WallTime created_at;  ///< When it was made.
  friend bool operator==(const RestApplication&, const RestApplication&) = default;
};

/// A telephone number, or all that begin alike.
struct RestNumber {
  NumberId id;  ///< Provisioned phone number.
  AccountId account_id;  ///< Account.
  ApplicationId application_id;  ///< Gets the calls.
  std::string did;  ///< Digits with an optional leading +; the number, or the prefix.
  bool prefix = false;  ///< All numbers that begin with `did`.
  std::string ani;  ///< Only calls from this number, or from a prefix with a trailing *; empty: any.
  WallTime created_at;  ///< When it was made.
  friend bool operator==(const RestNumber&, const RestNumber&) = default;
};

/// A SIP domain.
struct RestDomain {
  DomainId id;  ///< Provisioned SIP domain.
  AccountId account_id;  ///< Account.
  ApplicationId application_id;  ///< Gets the calls.
  std::string name;  ///< Such as acme.example. Unique among all accounts; fixed while credentials hold it.
  WallTime created_at;  ///< When it was made.
  friend bool operator==(const RestDomain&, const RestDomain&) = default;
};

/// What challenges of the trunk are answered with.
struct RestTrunkLogin {
  std::string username;  ///< User name.
  std::string realm;  ///< Only this realm is answered; empty: the first.
  friend bool operator==(const RestTrunkLogin&, const RestTrunkLogin&) = default;
};

/// A carrier or PBX.
struct RestTrunk {
  TrunkId id;  ///< Provisioned SIP trunk.
  AccountId account_id;  ///< Account.
  std::optional<ApplicationId> application_id;  ///< Gets calls that no number takes.
  std::string name;  ///< 1 to 200 characters, unique in the account.
  std::vector<std::string> addresses;  ///< Calls from there are the trunk's.
  std::string realm;  ///< Calls log in to it with credentials of the trunk; empty: none. Fixed while there are such credentials.
  std::vector<RestTrunkGateway> gateways;  ///< Where calls go out.
  RestTrunkLogin login;  ///< What challenges of the trunk are answered with.
  RestTrunkRegistration registration;  ///< Outbound registration.
  RestTrunkSrtp srtp{};  ///< Encrypted media.
  double max_calls_per_second = 0;  ///< Outbound; 0: no limit.
  std::int64_t max_concurrent_calls = 0;  ///< Outbound; 0: no limit.
  RestTrunkNumberFormat outbound_format;  ///< How a trunk writes numbers.
  RestTrunkNumberFormat inbound_format;  ///< How a trunk writes numbers.
  std::vector<std::string> prefixes;  ///< Numbers it is used for; empty: all.
  std::int64_t priority = 0;  ///< The lowest goes first.
  std::string default_caller_id;  ///< Shown where the call says none.
  std::vector<std::string> allowed_caller_ids;  ///< Numbers, or prefixes with a trailing *, that may be shown; empty: any.
  bool trusted = false;  ///< P-Asserted-Identity is sent and believed.
  std::int64_t first_response_timeout_ms = 0;  ///< Without any answer the next gateway is tried.
  std::int64_t ring_timeout_ms = 0;  ///< Until answered; 0: what the dialling side says.
  WallTime created_at;  ///< When it was made.
  friend bool operator==(const RestTrunk&, const RestTrunk&) = default;
};

/// A user name of a SIP endpoint (with `domain_id`) or of a trunk that logs in (with `trunk_id`). The password is kept as hashes only.
struct RestCredential {
  CredentialId id;  ///< Provisioned credential.
  AccountId account_id;  ///< Account.
  std::optional<DomainId> domain_id;  ///< Of an endpoint.
  std::optional<TrunkId> trunk_id;  ///< Of a trunk with a realm.
  std::string username;  ///< Unique in the domain or trunk; fixed.
  std::string realm;  ///< That the hashes belong to.
  WallTime created_at;  ///< When it was made.
  friend bool operator==(const RestCredential&, const RestCredential&) = default;
};

/// A bearer token for REST and workers; the secret is kept as a hash only.
struct RestApiKey {
  ApiKeyId id;  ///< API key.
  std::optional<AccountId> account_id;  ///< Account.
  std::string name;  ///< 1 to 200 characters.
  std::vector<std::string> scopes;  ///< What it may do; nobody gives more than he has.
  std::optional<WallTime> expires_at;  ///< Refused from then on.
  std::optional<WallTime> last_used_at;  ///< To the minute.
  std::optional<WallTime> revoked_at;  ///< Refused since.
  std::optional<std::string> token;  ///< The key itself: shown at creation and rotation only.
  WallTime created_at;  ///< When it was made.
  friend bool operator==(const RestApiKey&, const RestApiKey&) = default;
};

/// A change of something provisioned.
struct RestAuditEntry {
  std::string id;  ///< Its id.
  WallTime at;  ///< When.
  std::optional<ApiKeyId> api_key_id;  ///< The key that it was done with; absent: from the shell.
  std::string address;  ///< Address of who did it; empty: from the shell.
  RestAuditEntryAction action{};  ///< What was done.
  std::string kind;  ///< Of what kind it is.
  std::string record_id;  ///< What was changed.
  std::string fields;  ///< Names of what was given, with blanks between; never values.
  friend bool operator==(const RestAuditEntry&, const RestAuditEntry&) = default;
};

/// A rule of the account that was considered.
struct RestRouteCandidate {
  std::string rule;  ///< For people.
  std::string record_id;  ///< The number, domain or trunk.
  std::optional<ApplicationId> application_id;  ///< Would get the call.
  RestRouteCandidateOutcome outcome{};  ///< What became of it.
  std::string why;  ///< For people.
  friend bool operator==(const RestRouteCandidate&, const RestRouteCandidate&) = default;
};

/// Which rule the call would take.
struct RestRouteExplanation {
  std::string taken;  ///< The rule; empty: none of this account's.
  std::optional<ApplicationId> application_id;  ///< Gets the call.
  std::string why;  ///< For people.
  std::vector<RestRouteCandidate> candidates;  ///< In the order in which they are tried.
  friend bool operator==(const RestRouteExplanation&, const RestRouteExplanation&) = default;
};

}  // namespace tandem::model
