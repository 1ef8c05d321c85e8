#include "sip/access/access_control.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/hmac.h"
#include "base/random.h"
#include "base/text.h"

namespace tandem::sip {
namespace {

constexpr std::size_t kMaxUser = 128;
constexpr std::size_t kMaxProofs = 8;
constexpr std::size_t kMarkDigits = 16;
constexpr std::size_t kSecretBytes = 32;
constexpr std::size_t kV6SiteBytes = 8;

std::uint64_t number_of(const std::string& mark) {
  std::uint64_t out = 0;
  std::from_chars(mark.data(), mark.data() + mark.size(), out, 16);
  return out;
}

DigestServerOptions digest_options(const AccessPolicy& policy, const std::string& secret) {
  DigestServerOptions out;
  if (!policy.offer_sha256) out.algorithms = {DigestAlgorithm::md5};
  out.secret = secret;
  out.nonce_lifetime = policy.nonce_lifetime;
  out.max_nonces = policy.max_nonces;
  return out;
}

}  // namespace

AccessControl::AccessControl(const AccessDirectory& directory, const AccessPolicy& policy, const Clock& clock)
    : directory_(directory),
      clock_(clock),
      secret_(policy.nonce_secret.empty() ? random_hex(kSecretBytes) : policy.nonce_secret),
      digest_(digest_options(policy, secret_), clock),
      sources_(policy.per_source, policy.max_tracked, policy.answers_while_blocked),
      users_(policy.per_user, policy.max_tracked, policy.answers_while_blocked),
      last_good_(policy.max_tracked) {}

AccessVerdict AccessControl::check_caller(const AccessRequest& request) {
  if (directory_.is_trusted(request.source)) return Admitted{};
  std::string realm = host_key(request.claimed_host);
  if (!directory_.is_realm(realm)) realm = offered_realm(request);
  if (realm.empty()) return Admitted{};
  return prove(request, realm);
}

AccessVerdict AccessControl::check_register(const AccessRequest& request) {
  const std::string realm = host_key(request.claimed_host);
  if (!directory_.is_realm(realm)) return Refused{403, {}};
  return prove(request, realm);
}

std::string AccessControl::offered_realm(const AccessRequest& request) const {
  for (std::size_t i = 0; i < std::min(request.proofs.size(), kMaxProofs); ++i) {
    const auto claim = digest_.read(request.proofs[i]);
    if (claim && directory_.is_realm(host_key(claim->realm))) return host_key(claim->realm);
  }
  return {};
}

std::string AccessControl::mark_of(const model::IpAddress& ip) const {
  const std::size_t bytes = ip.family == model::IpAddress::Family::v6 ? kV6SiteBytes : 4;
  const std::string text(reinterpret_cast<const char*>(ip.bytes.data()), bytes);
  return hmac_sha256_hex(secret_, "source:" + text).substr(0, kMarkDigits);
}

AccessVerdict AccessControl::challenge(const std::string& realm, bool stale, const std::string& source) {
  ++counts_.challenged;
  return Challenged{digest_.challenge(realm, stale, number_of(source))};
}

AccessVerdict AccessControl::held_up(FailureLimiter::Gate gate) {
  ++counts_.held_up;
  if (gate == FailureLimiter::Gate::drop) return Ignored{};
  return Refused{403, {}};
}

AccessVerdict AccessControl::prove(const AccessRequest& request, const std::string& realm) {
  const std::string source = mark_of(request.source);
  const auto gate = sources_.gate(source, clock_.now());
  if (gate != FailureLimiter::Gate::open) return held_up(gate);
  bool forged = false;
  for (std::size_t i = 0; i < std::min(request.proofs.size(), kMaxProofs); ++i) {
    const auto claim = digest_.read(request.proofs[i]);
    if (!claim) {
      // Another life of this node may have issued it: a new nonce serves the phone without asking its user.
      forged = forged || claim.error() == DigestFailure::forged_nonce;
      continue;
    }
    if (host_key(claim->realm) == realm) return prove_claim(request, realm, *claim, source);
  }
  return challenge(realm, forged, source);
}

AccessVerdict AccessControl::prove_claim(const AccessRequest& request, const std::string& realm,
                                         const DigestClaim& claim, const std::string& source) {
  if (claim.username.size() > kMaxUser) return challenge(realm, false, source);
  const TimePoint now = clock_.now();
  const std::string owner = fmt::format("{:016x}", claim.nonce_owner);
  if (const auto gate = sources_.gate(owner, now); gate != FailureLimiter::Gate::open) return held_up(gate);
  const std::string user = claim.username + "@" + realm;
  const std::string* good = last_good_.find(user);
  // Else anybody could lock a user out by guessing badly.
  const bool known_place = good != nullptr && *good == source && owner == source;
  if (!known_place) {
    if (const auto gate = users_.gate(user, now); gate != FailureLimiter::Gate::open) return held_up(gate);
  }

  std::optional<Secrets> found = directory_.find(realm, claim.username);
  DigestServer::Lookup lookup = [&found](const std::string&,
                                         DigestAlgorithm algorithm) -> std::optional<std::string> {
    if (!found) return std::nullopt;
    const std::string& ha1 = algorithm == DigestAlgorithm::md5 ? found->ha1_md5 : found->ha1_sha256;
    return ha1.empty() ? std::nullopt : std::optional(ha1);
  };
  const auto proven = digest_.verify(claim, {claim.realm, request.method, request.uri}, lookup);
  if (!proven) {
    if (proven.error() == DigestFailure::wrong_secret) {
      ++counts_.failed;
      sources_.fail(owner, now);
      if (!known_place) users_.fail(user, now);
    }
    return challenge(realm, is_stale(proven.error()), source);
  }
  ++counts_.proven;
  last_good_.at(user) = source;
  return admit(request, realm, claim, std::move(*found));
}

AccessVerdict AccessControl::admit(const AccessRequest& request, const std::string& realm,
                                   const DigestClaim& claim, Secrets identity) {
  const bool own_name = host_key(request.claimed_host) == realm && request.claimed_user == claim.username;
  // A trunk speaks for whoever calls through it; a phone for nobody but itself.
  const bool may_lend = !identity.trunk_id.empty() && request.method != "REGISTER";
  if (!own_name && !may_lend) return Refused{403, {}};
  identity.ha1_md5.clear();
  identity.ha1_sha256.clear();
  return Admitted{Authenticated{claim.username, realm}, std::move(identity)};
}

}  // namespace tandem::sip
