// Who may be a worker, by the API keys of the store.
#pragma once

#include "app/worker_authority.h"
#include "base/clock.h"
#include "store/api/store.h"

namespace tandem::server {

class StoreWorkerAuthority final : public app::WorkerAuthority {
 public:
  /// Both outlive it.
  StoreWorkerAuthority(store::CallStore& store, const Clock& clock) : store_(store), clock_(clock) {}

  /// A key with scope `worker` (or `admin`) of the application's account, or the operator's own.
  [[nodiscard]] Result<app::WorkerIdentity, Refusal> admit(const model::AccountId& account,
                                                           const model::ApplicationId& application,
                                                           std::string_view token) const override;
  [[nodiscard]] bool still_holds(const app::WorkerIdentity& identity) const override;

 private:
  store::CallStore& store_;
  const Clock& clock_;
};

}  // namespace tandem::server
