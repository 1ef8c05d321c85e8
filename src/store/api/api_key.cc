#include "store/api/api_key.h"

#include <algorithm>
#include <array>

#include "base/hmac.h"
#include "base/random.h"
#include "store/api/routing.h"

namespace tandem::store {
namespace {

constexpr std::array kScopes{
    Scope::calls_read,        Scope::calls_write,        Scope::worker,      Scope::endpoints_read,
    Scope::conferences_read,  Scope::conferences_write,  Scope::queues_read, Scope::queues_write,
    Scope::provisioning_read, Scope::provisioning_write, Scope::admin};
constexpr std::size_t kSecretBytes = 32;
/// No secret has this hash; what an unknown key is compared with.
constexpr std::string_view kNoHash = "0000000000000000000000000000000000000000000000000000000000000000";

}  // namespace

std::string_view to_string(Scope s) {
  switch (s) {
    case Scope::calls_read:
      return "calls:read";
    case Scope::calls_write:
      return "calls:write";
    case Scope::worker:
      return "worker";
    case Scope::endpoints_read:
      return "endpoints:read";
    case Scope::conferences_read:
      return "conferences:read";
    case Scope::conferences_write:
      return "conferences:write";
    case Scope::queues_read:
      return "queues:read";
    case Scope::queues_write:
      return "queues:write";
    case Scope::provisioning_read:
      return "provisioning:read";
    case Scope::provisioning_write:
      return "provisioning:write";
    case Scope::admin:
      return "admin";
  }
  return "calls:read";
}

std::optional<Scope> scope_of(std::string_view text) {
  const auto found = std::ranges::find_if(kScopes, [&](Scope s) { return to_string(s) == text; });
  return found == kScopes.end() ? std::nullopt : std::optional(*found);
}

bool allows(const ApiKey& key, Scope scope) {
  return std::ranges::any_of(key.scopes, [&](Scope s) {
    return s == scope || s == Scope::admin ||
           (s == Scope::provisioning_write && scope == Scope::provisioning_read);
  });
}

NewApiKey make_api_key(ApiKey wanted) {
  const std::string secret = random_hex(kSecretBytes);
  if (wanted.id.empty()) wanted.id = model::ApiKeyId::make();
  wanted.secret_hash = sha256_hex(secret);
  std::string token = wanted.id.str() + "." + secret;
  return {std::move(wanted), std::move(token)};
}

std::string_view to_string(ApiKeyError e) {
  switch (e) {
    case ApiKeyError::malformed:
      return "malformed";
    case ApiKeyError::unknown:
      return "unknown";
    case ApiKeyError::expired:
      return "expired";
    case ApiKeyError::revoked:
      return "revoked";
  }
  return "unknown";
}

Result<const ApiKey*, ApiKeyError> authenticate(const RoutingTable& table, std::string_view token,
                                                WallTime now) {
  const auto dot = token.find('.');
  if (dot == std::string_view::npos || !model::ApiKeyId::valid(token.substr(0, dot)) ||
      token.size() - dot - 1 != kSecretBytes * 2) {
    return Err(ApiKeyError::malformed);
  }
  const ApiKey* key = table.api_key(model::ApiKeyId(std::string(token.substr(0, dot))));
  const bool same = equal_constant_time(sha256_hex(token.substr(dot + 1)),
                                        key == nullptr ? kNoHash : std::string_view(key->secret_hash));
  if (key == nullptr || !same) return Err(ApiKeyError::unknown);
  if (key->revoked) return Err(ApiKeyError::revoked);
  if (key->expires && *key->expires <= now) return Err(ApiKeyError::expired);
  return key;
}

}  // namespace tandem::store
