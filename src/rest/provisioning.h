// Provisioned resources that this door may change. Implemented over the store by server/.
#pragma once

#include "base/function.h"
#include "base/result.h"
#include "model/error.h"
#include "model/ids.h"
#include "wire/rest_body.h"

namespace tandem::rest {

class QueueProvisioner {
 public:
  using Done = Function<void(Result<model::QueueId, model::Error>)>;

  QueueProvisioner() = default;
  QueueProvisioner(const QueueProvisioner&) = delete;
  QueueProvisioner& operator=(const QueueProvisioner&) = delete;
  virtual ~QueueProvisioner() = default;

  /// `done` comes once, on any thread, when the core knows of the change. Any thread. Errors: invalid_params
  /// with the field (also of a name that another queue has), queue_not_found, no_capacity.
  virtual void create(model::AccountId account, wire::QueueSettingsBody settings, Done done) = 0;
  virtual void replace(model::AccountId account, model::QueueId queue, wire::QueueSettingsBody settings,
                       Done done) = 0;
  virtual void remove(model::AccountId account, model::QueueId queue, Done done) = 0;
};

}  // namespace tandem::rest
