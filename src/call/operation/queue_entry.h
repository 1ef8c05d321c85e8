// queue.remove and queue.update: operations of a session, or of the waiting call when the REST door asks.
#pragma once

#include "call/operation/operation.h"
#include "call/resource/environment.h"
#include "model/request.h"

namespace tandem::call {

/// Errors: queue_entry_not_found.
[[nodiscard]] MadeOperation make_queue_operation(Environment& env, OpHost& host,
                                                 const model::AccountId& account,
                                                 const model::QueueRemove& p);
[[nodiscard]] MadeOperation make_queue_operation(Environment& env, OpHost& host,
                                                 const model::AccountId& account,
                                                 const model::QueueUpdate& p);

}  // namespace tandem::call
