// Generated from protocol/ by tools/gen. Do not edit.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "rest/access.h"
#include "store/api/provisioning.h"

namespace tandem::rest {

enum class Action : std::uint8_t {
  openapi,  ///< GET /v1/openapi.json
  create_call,  ///< POST /v1/Accounts/{AccountSid}/Calls
  list_intents,  ///< GET /v1/Accounts/{AccountSid}/Intents
  get_intent,  ///< GET /v1/Accounts/{AccountSid}/Intents/{IntentSid}
  list_calls,  ///< GET /v1/Accounts/{AccountSid}/Calls
  get_call,  ///< GET /v1/Accounts/{AccountSid}/Calls/{CallSid}
  end_call,  ///< DELETE /v1/Accounts/{AccountSid}/Calls/{CallSid}
  create_operation,  ///< POST /v1/Accounts/{AccountSid}/Calls/{CallSid}/Operations
  get_operation,  ///< GET /v1/Accounts/{AccountSid}/Calls/{CallSid}/Operations/{OpSid}
  cancel_operation,  ///< POST /v1/Accounts/{AccountSid}/Calls/{CallSid}/Operations/{OpSid}/cancel
  stop_operation,  ///< POST /v1/Accounts/{AccountSid}/Calls/{CallSid}/Operations/{OpSid}/stop
  pause_operation,  ///< POST /v1/Accounts/{AccountSid}/Calls/{CallSid}/Operations/{OpSid}/pause
  resume_operation,  ///< POST /v1/Accounts/{AccountSid}/Calls/{CallSid}/Operations/{OpSid}/resume
  list_endpoints,  ///< GET /v1/Accounts/{AccountSid}/Endpoints
  list_queues,  ///< GET /v1/Accounts/{AccountSid}/Queues
  create_queue,  ///< POST /v1/Accounts/{AccountSid}/Queues
  get_queue,  ///< GET /v1/Accounts/{AccountSid}/Queues/{QueueSid}
  replace_queue,  ///< PUT /v1/Accounts/{AccountSid}/Queues/{QueueSid}
  delete_queue,  ///< DELETE /v1/Accounts/{AccountSid}/Queues/{QueueSid}
  remove_queue_entry,  ///< DELETE /v1/Accounts/{AccountSid}/Queues/{QueueSid}/Entries/{EntrySid}
  create_queue_operation,  ///< POST /v1/Accounts/{AccountSid}/Queues/{QueueSid}/Operations
  list_recordings,  ///< GET /v1/Accounts/{AccountSid}/Recordings
  get_recording,  ///< GET /v1/Accounts/{AccountSid}/Recordings/{RecordingSid}
  delete_recording,  ///< DELETE /v1/Accounts/{AccountSid}/Recordings/{RecordingSid}
  get_recording_content,  ///< GET /v1/Accounts/{AccountSid}/Recordings/{RecordingSid}/Content
  list_sessions,  ///< GET /v1/Accounts/{AccountSid}/Sessions
  list_conferences,  ///< GET /v1/Accounts/{AccountSid}/Conferences
  create_conference,  ///< POST /v1/Accounts/{AccountSid}/Conferences
  get_conference,  ///< GET /v1/Accounts/{AccountSid}/Conferences/{ConferenceSid}
  end_conference,  ///< DELETE /v1/Accounts/{AccountSid}/Conferences/{ConferenceSid}
  create_conference_operation,  ///< POST /v1/Accounts/{AccountSid}/Conferences/{ConferenceSid}/Operations
  get_conference_operation,  ///< GET /v1/Accounts/{AccountSid}/Conferences/{ConferenceSid}/Operations/{OpSid}
  cancel_conference_operation,  ///< POST /v1/Accounts/{AccountSid}/Conferences/{ConferenceSid}/Operations/{OpSid}/cancel
  stop_conference_operation,  ///< POST /v1/Accounts/{AccountSid}/Conferences/{ConferenceSid}/Operations/{OpSid}/stop
  list_records,  ///< GET /v1/Accounts and others
  create_record,  ///< POST /v1/Accounts and others
  get_record,  ///< GET /v1/Accounts/{AccountSid} and others
  update_record,  ///< PATCH /v1/Accounts/{AccountSid} and others
  delete_record,  ///< DELETE /v1/Accounts/{AccountSid} and others
  rotate_api_key,  ///< POST /v1/Accounts/{AccountSid}/ApiKeys/{ApiKeySid}/rotate
  list_audit,  ///< GET /v1/Accounts/{AccountSid}/AuditLog
  explain_route,  ///< POST /v1/Accounts/{AccountSid}/Routes/Explain
};
[[nodiscard]] std::string_view to_string(Action a);

struct Route {
  Action action{};
  std::string_view method{};
  std::string_view path{};  ///< With parameters in braces: "/v1/Accounts/{AccountSid}".
  std::optional<Scope> scope{};  ///< Absent: for everyone.
  std::span<const std::string_view> query{};  ///< Parameters it knows.
  std::optional<store::Kind> kind{};  ///< Of the record that it is about.
  bool operator_only = false;  ///< Not for a tenant's own keys.
};
/// Every route of protocol/rest/routes.json, in its order.
[[nodiscard]] std::span<const Route> routes();

}  // namespace tandem::rest
