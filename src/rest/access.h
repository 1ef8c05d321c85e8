// Who may ask: API keys as this door sees them. Implemented over the store's rules by server/.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/ids.h"
#include "store/api/api_key.h"

namespace tandem::rest {

enum class Scope : std::uint8_t {
  calls_read,
  calls_write,
  endpoints_read,
  sessions_read,
  conferences_read,
  conferences_write,
  queues_read,
  queues_write,
  provisioning_read,
  provisioning_write
};
/// "calls:read", "calls:write", "endpoints:read", "sessions:read", "conferences:read", "conferences:write",
/// "queues:read", "queues:write", "provisioning:read", "provisioning:write".
[[nodiscard]] std::string_view to_string(Scope s);

/// Whose key a request came with.
struct Caller {
  model::ApiKeyId key;
  model::AccountId account;           ///< Empty: the operator's key, good for every account.
  std::uint32_t scopes = 0;           ///< One bit a Scope.
  std::vector<store::Scope> gives{};  ///< What keys that it makes may have.
  [[nodiscard]] bool may(Scope s) const { return (scopes >> static_cast<unsigned>(s) & 1U) != 0; }
  void grant(Scope s) { scopes |= 1U << static_cast<unsigned>(s); }
};

enum class KeyFault : std::uint8_t { malformed, unknown, expired, revoked };

/// Any thread, several at once; never blocks.
class Access {
 public:
  Access() = default;
  Access(const Access&) = delete;
  Access& operator=(const Access&) = delete;
  virtual ~Access() = default;

  /// The key that `token` proves. An unknown key takes as long as a wrong secret and gives the same fault.
  [[nodiscard]] virtual Result<Caller, KeyFault> authenticate(std::string_view token) = 0;
  [[nodiscard]] virtual bool has_account(const model::AccountId& account) = 0;
};

}  // namespace tandem::rest
