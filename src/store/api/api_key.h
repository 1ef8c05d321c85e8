// Bearer tokens for REST and workers: "<key id>.<secret>". The store keeps only the secret's hash.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "model/ids.h"

namespace tandem::store {

enum class Scope : std::uint8_t {
  calls_read,
  calls_write,
  worker,
  endpoints_read,
  conferences_read,
  conferences_write,
  queues_read,
  queues_write,
  provisioning_read,
  provisioning_write,  ///< Reading included.
  admin                ///< Everything of the key's account; without an account: of all.
};
/// "calls:read", "calls:write", "worker", "endpoints:read", "conferences:read", "conferences:write",
/// "queues:read", "queues:write", "provisioning:read", "provisioning:write", "admin".
[[nodiscard]] std::string_view to_string(Scope s);
[[nodiscard]] std::optional<Scope> scope_of(std::string_view text);

struct ApiKey {
  model::ApiKeyId id;
  model::AccountId account_id;  ///< Empty: the operator's own, only with scope `admin`.
  std::string name;
  std::string secret_hash;  ///< SHA-256 as hexadecimal.
  std::vector<Scope> scopes;
  std::optional<WallTime> expires;
  std::optional<WallTime> last_used;  ///< To the minute.
  std::optional<WallTime> revoked;
  WallTime created;
};

/// True for a scope that the key has, or any when it has `admin`.
[[nodiscard]] bool allows(const ApiKey& key, Scope scope);

struct NewApiKey {
  ApiKey key;         ///< Id and secret_hash filled in; the rest as given.
  std::string token;  ///< To be shown once.
};
[[nodiscard]] NewApiKey make_api_key(ApiKey wanted);

class RoutingTable;
enum class ApiKeyError : std::uint8_t { malformed, unknown, expired, revoked };
[[nodiscard]] std::string_view to_string(ApiKeyError e);
/// The key that `token` proves. An unknown id takes as long as a wrong secret, and says the same. Any
/// thread; the pointer lives as long as `table`.
[[nodiscard]] Result<const ApiKey*, ApiKeyError> authenticate(const RoutingTable& table,
                                                              std::string_view token, WallTime now);

}  // namespace tandem::store
