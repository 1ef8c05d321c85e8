// Who may be a worker of an application. Implemented over the store's keys by the server.
#pragma once

#include <string_view>

#include "base/result.h"
#include "model/ids.h"

namespace tandem::app {

/// Who stands behind a worker's socket.
struct WorkerIdentity {
  model::AccountId account;
  model::ApplicationId application;
  model::ApiKeyId key;
};

class WorkerAuthority {
 public:
  WorkerAuthority() = default;
  WorkerAuthority(const WorkerAuthority&) = delete;
  WorkerAuthority& operator=(const WorkerAuthority&) = delete;
  virtual ~WorkerAuthority() = default;

  enum class Refusal : std::uint8_t {
    unauthenticated,  ///< No such key, or it is not valid now.
    forbidden,        ///< A key without the scope, or of another account.
    not_found         ///< The account has no such application.
  };
  /// `token`: what came behind "Bearer ". Any thread.
  [[nodiscard]] virtual Result<WorkerIdentity, Refusal> admit(const model::AccountId& account,
                                                              const model::ApplicationId& application,
                                                              std::string_view token) const = 0;
  /// False once the key was revoked or expired, or the application is gone. Any thread.
  [[nodiscard]] virtual bool still_holds(const WorkerIdentity& identity) const = 0;
};

}  // namespace tandem::app
