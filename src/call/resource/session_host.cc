#include "call/resource/session_host.h"

#include <algorithm>

namespace tandem::call {

bool SessionHost::holds(const model::CallId& call) const {
  return std::find(calls.begin(), calls.end(), call) != calls.end();
}

model::LiveSession SessionHost::view() const {
  model::LiveSession out;
  out.id = id_;
  out.application_id = owner_.application.id;
  out.reason = reason_;
  out.created_at = created_;
  out.call_ids = calls;
  return out;
}

}  // namespace tandem::call
