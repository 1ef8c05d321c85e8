// Generated from protocol/ by tools/gen. Do not edit.
#include "rest/generated/routes.h"

#include <array>

namespace tandem::rest {
namespace {

constexpr std::array<std::string_view, 3> kQuery_list_intents{"state", "limit", "cursor"};
constexpr std::array<std::string_view, 9> kQuery_list_calls{"status", "direction", "from", "to", "session_id", "started_after", "started_before", "limit", "cursor"};
constexpr std::array<std::string_view, 2> kQuery_list_endpoints{"limit", "cursor"};
constexpr std::array<std::string_view, 2> kQuery_list_queues{"limit", "cursor"};
constexpr std::array<std::string_view, 2> kQuery_get_queue{"limit", "cursor"};
constexpr std::array<std::string_view, 4> kQuery_list_recordings{"call_id", "conference_id", "limit", "cursor"};
constexpr std::array<std::string_view, 2> kQuery_get_recording_content{"expires", "signature"};
constexpr std::array<std::string_view, 2> kQuery_list_sessions{"limit", "cursor"};
constexpr std::array<std::string_view, 4> kQuery_list_conferences{"name", "status", "limit", "cursor"};
constexpr std::array<std::string_view, 4> kQuery_list_accounts{"name", "sort", "limit", "cursor"};
constexpr std::array<std::string_view, 4> kQuery_list_applications{"name", "sort", "limit", "cursor"};
constexpr std::array<std::string_view, 5> kQuery_list_numbers{"did", "application_id", "sort", "limit", "cursor"};
constexpr std::array<std::string_view, 5> kQuery_list_domains{"name", "application_id", "sort", "limit", "cursor"};
constexpr std::array<std::string_view, 5> kQuery_list_trunks{"name", "application_id", "sort", "limit", "cursor"};
constexpr std::array<std::string_view, 6> kQuery_list_credentials{"username", "domain_id", "trunk_id", "sort", "limit", "cursor"};
constexpr std::array<std::string_view, 4> kQuery_list_api_keys{"name", "sort", "limit", "cursor"};
constexpr std::array<std::string_view, 2> kQuery_list_audit{"limit", "cursor"};

constexpr Route kRoutes[] = {
    {Action::openapi, "GET", "/v1/openapi.json", std::nullopt, {}, std::nullopt, false},
    {Action::create_call, "POST", "/v1/Accounts/{AccountSid}/Calls", Scope::calls_write, {}, std::nullopt, false},
    {Action::list_intents, "GET", "/v1/Accounts/{AccountSid}/Intents", Scope::calls_read, kQuery_list_intents, std::nullopt, false},
    {Action::get_intent, "GET", "/v1/Accounts/{AccountSid}/Intents/{IntentSid}", Scope::calls_read, {}, std::nullopt, false},
    {Action::list_calls, "GET", "/v1/Accounts/{AccountSid}/Calls", Scope::calls_read, kQuery_list_calls, std::nullopt, false},
    {Action::get_call, "GET", "/v1/Accounts/{AccountSid}/Calls/{CallSid}", Scope::calls_read, {}, std::nullopt, false},
    {Action::end_call, "DELETE", "/v1/Accounts/{AccountSid}/Calls/{CallSid}", Scope::calls_write, {}, std::nullopt, false},
    {Action::create_operation, "POST", "/v1/Accounts/{AccountSid}/Calls/{CallSid}/Operations", Scope::calls_write, {}, std::nullopt, false},
    {Action::get_operation, "GET", "/v1/Accounts/{AccountSid}/Calls/{CallSid}/Operations/{OpSid}", Scope::calls_read, {}, std::nullopt, false},
    {Action::cancel_operation, "POST", "/v1/Accounts/{AccountSid}/Calls/{CallSid}/Operations/{OpSid}/cancel", Scope::calls_write, {}, std::nullopt, false},
    {Action::stop_operation, "POST", "/v1/Accounts/{AccountSid}/Calls/{CallSid}/Operations/{OpSid}/stop", Scope::calls_write, {}, std::nullopt, false},
    {Action::pause_operation, "POST", "/v1/Accounts/{AccountSid}/Calls/{CallSid}/Operations/{OpSid}/pause", Scope::calls_write, {}, std::nullopt, false},
    {Action::resume_operation, "POST", "/v1/Accounts/{AccountSid}/Calls/{CallSid}/Operations/{OpSid}/resume", Scope::calls_write, {}, std::nullopt, false},
    {Action::list_endpoints, "GET", "/v1/Accounts/{AccountSid}/Endpoints", Scope::endpoints_read, kQuery_list_endpoints, std::nullopt, false},
    {Action::list_queues, "GET", "/v1/Accounts/{AccountSid}/Queues", Scope::queues_read, kQuery_list_queues, std::nullopt, false},
    {Action::create_queue, "POST", "/v1/Accounts/{AccountSid}/Queues", Scope::queues_write, {}, std::nullopt, false},
    {Action::get_queue, "GET", "/v1/Accounts/{AccountSid}/Queues/{QueueSid}", Scope::queues_read, kQuery_get_queue, std::nullopt, false},
    {Action::replace_queue, "PUT", "/v1/Accounts/{AccountSid}/Queues/{QueueSid}", Scope::queues_write, {}, std::nullopt, false},
    {Action::delete_queue, "DELETE", "/v1/Accounts/{AccountSid}/Queues/{QueueSid}", Scope::queues_write, {}, std::nullopt, false},
    {Action::remove_queue_entry, "DELETE", "/v1/Accounts/{AccountSid}/Queues/{QueueSid}/Entries/{EntrySid}", Scope::queues_write, {}, std::nullopt, false},
    {Action::create_queue_operation, "POST", "/v1/Accounts/{AccountSid}/Queues/{QueueSid}/Operations", Scope::queues_write, {}, std::nullopt, false},
    {Action::list_recordings, "GET", "/v1/Accounts/{AccountSid}/Recordings", Scope::calls_read, kQuery_list_recordings, std::nullopt, false},
    {Action::get_recording, "GET", "/v1/Accounts/{AccountSid}/Recordings/{RecordingSid}", Scope::calls_read, {}, std::nullopt, false},
    {Action::delete_recording, "DELETE", "/v1/Accounts/{AccountSid}/Recordings/{RecordingSid}", Scope::calls_write, {}, std::nullopt, false},
    {Action::get_recording_content, "GET", "/v1/Accounts/{AccountSid}/Recordings/{RecordingSid}/Content", Scope::calls_read, kQuery_get_recording_content, std::nullopt, false},
    {Action::list_sessions, "GET", "/v1/Accounts/{AccountSid}/Sessions", Scope::sessions_read, kQuery_list_sessions, std::nullopt, false},
    {Action::list_conferences, "GET", "/v1/Accounts/{AccountSid}/Conferences", Scope::conferences_read, kQuery_list_conferences, std::nullopt, false},
    {Action::create_conference, "POST", "/v1/Accounts/{AccountSid}/Conferences", Scope::conferences_write, {}, std::nullopt, false},
    {Action::get_conference, "GET", "/v1/Accounts/{AccountSid}/Conferences/{ConferenceSid}", Scope::conferences_read, {}, std::nullopt, false},
    {Action::end_conference, "DELETE", "/v1/Accounts/{AccountSid}/Conferences/{ConferenceSid}", Scope::conferences_write, {}, std::nullopt, false},
    {Action::create_conference_operation, "POST", "/v1/Accounts/{AccountSid}/Conferences/{ConferenceSid}/Operations", Scope::conferences_write, {}, std::nullopt, false},
    {Action::get_conference_operation, "GET", "/v1/Accounts/{AccountSid}/Conferences/{ConferenceSid}/Operations/{OpSid}", Scope::conferences_read, {}, std::nullopt, false},
    {Action::cancel_conference_operation, "POST", "/v1/Accounts/{AccountSid}/Conferences/{ConferenceSid}/Operations/{OpSid}/cancel", Scope::conferences_write, {}, std::nullopt, false},
    {Action::stop_conference_operation, "POST", "/v1/Accounts/{AccountSid}/Conferences/{ConferenceSid}/Operations/{OpSid}/stop", Scope::conferences_write, {}, std::nullopt, false},
    {Action::list_records, "GET", "/v1/Accounts", Scope::provisioning_read, kQuery_list_accounts, store::Kind::account, true},
    {Action::create_record, "POST", "/v1/Accounts", Scope::provisioning_write, {}, store::Kind::account, true},
    {Action::get_record, "GET", "/v1/Accounts/{AccountSid}", Scope::provisioning_read, {}, store::Kind::account, false},
    {Action::update_record, "PATCH", "/v1/Accounts/{AccountSid}", Scope::provisioning_write, {}, store::Kind::account, true},
    {Action::delete_record, "DELETE", "/v1/Accounts/{AccountSid}", Scope::provisioning_write, {}, store::Kind::account, true},
    {Action::list_records, "GET", "/v1/Accounts/{AccountSid}/Applications", Scope::provisioning_read, kQuery_list_applications, store::Kind::application, false},
    {Action::create_record, "POST", "/v1/Accounts/{AccountSid}/Applications", Scope::provisioning_write, {}, store::Kind::application, false},
    {Action::get_record, "GET", "/v1/Accounts/{AccountSid}/Applications/{ApplicationSid}", Scope::provisioning_read, {}, store::Kind::application, false},
    {Action::update_record, "PATCH", "/v1/Accounts/{AccountSid}/Applications/{ApplicationSid}", Scope::provisioning_write, {}, store::Kind::application, false},
    {Action::delete_record, "DELETE", "/v1/Accounts/{AccountSid}/Applications/{ApplicationSid}", Scope::provisioning_write, {}, store::Kind::application, false},
    {Action::list_records, "GET", "/v1/Accounts/{AccountSid}/Numbers", Scope::provisioning_read, kQuery_list_numbers, store::Kind::number, false},
    {Action::create_record, "POST", "/v1/Accounts/{AccountSid}/Numbers", Scope::provisioning_write, {}, store::Kind::number, false},
    {Action::get_record, "GET", "/v1/Accounts/{AccountSid}/Numbers/{NumberSid}", Scope::provisioning_read, {}, store::Kind::number, false},
    {Action::update_record, "PATCH", "/v1/Accounts/{AccountSid}/Numbers/{NumberSid}", Scope::provisioning_write, {}, store::Kind::number, false},
    {Action::delete_record, "DELETE", "/v1/Accounts/{AccountSid}/Numbers/{NumberSid}", Scope::provisioning_write, {}, store::Kind::number, false},
    {Action::list_records, "GET", "/v1/Accounts/{AccountSid}/Domains", Scope::provisioning_read, kQuery_list_domains, store::Kind::domain, false},
    {Action::create_record, "POST", "/v1/Accounts/{AccountSid}/Domains", Scope::provisioning_write, {}, store::Kind::domain, false},
    {Action::get_record, "GET", "/v1/Accounts/{AccountSid}/Domains/{DomainSid}", Scope::provisioning_read, {}, store::Kind::domain, false},
    {Action::update_record, "PATCH", "/v1/Accounts/{AccountSid}/Domains/{DomainSid}", Scope::provisioning_write, {}, store::Kind::domain, false},
    {Action::delete_record, "DELETE", "/v1/Accounts/{AccountSid}/Domains/{DomainSid}", Scope::provisioning_write, {}, store::Kind::domain, false},
    {Action::list_records, "GET", "/v1/Accounts/{AccountSid}/Trunks", Scope::provisioning_read, kQuery_list_trunks, store::Kind::trunk, false},
    {Action::create_record, "POST", "/v1/Accounts/{AccountSid}/Trunks", Scope::provisioning_write, {}, store::Kind::trunk, false},
    {Action::get_record, "GET", "/v1/Accounts/{AccountSid}/Trunks/{TrunkSid}", Scope::provisioning_read, {}, store::Kind::trunk, false},
    {Action::update_record, "PATCH", "/v1/Accounts/{AccountSid}/Trunks/{TrunkSid}", Scope::provisioning_write, {}, store::Kind::trunk, false},
    {Action::delete_record, "DELETE", "/v1/Accounts/{AccountSid}/Trunks/{TrunkSid}", Scope::provisioning_write, {}, store::Kind::trunk, false},
    {Action::list_records, "GET", "/v1/Accounts/{AccountSid}/Credentials", Scope::provisioning_read, kQuery_list_credentials, store::Kind::credential, false},
    {Action::create_record, "POST", "/v1/Accounts/{AccountSid}/Credentials", Scope::provisioning_write, {}, store::Kind::credential, false},
    {Action::get_record, "GET", "/v1/Accounts/{AccountSid}/Credentials/{CredentialSid}", Scope::provisioning_read, {}, store::Kind::credential, false},
    {Action::update_record, "PATCH", "/v1/Accounts/{AccountSid}/Credentials/{CredentialSid}", Scope::provisioning_write, {}, store::Kind::credential, false},
    {Action::delete_record, "DELETE", "/v1/Accounts/{AccountSid}/Credentials/{CredentialSid}", Scope::provisioning_write, {}, store::Kind::credential, false},
    {Action::list_records, "GET", "/v1/Accounts/{AccountSid}/ApiKeys", Scope::provisioning_read, kQuery_list_api_keys, store::Kind::api_key, false},
    {Action::create_record, "POST", "/v1/Accounts/{AccountSid}/ApiKeys", Scope::provisioning_write, {}, store::Kind::api_key, false},
    {Action::get_record, "GET", "/v1/Accounts/{AccountSid}/ApiKeys/{ApiKeySid}", Scope::provisioning_read, {}, store::Kind::api_key, false},
    {Action::update_record, "PATCH", "/v1/Accounts/{AccountSid}/ApiKeys/{ApiKeySid}", Scope::provisioning_write, {}, store::Kind::api_key, false},
    {Action::delete_record, "DELETE", "/v1/Accounts/{AccountSid}/ApiKeys/{ApiKeySid}", Scope::provisioning_write, {}, store::Kind::api_key, false},
    {Action::rotate_api_key, "POST", "/v1/Accounts/{AccountSid}/ApiKeys/{ApiKeySid}/rotate", Scope::provisioning_write, {}, store::Kind::api_key, false},
    {Action::list_audit, "GET", "/v1/Accounts/{AccountSid}/AuditLog", Scope::provisioning_read, kQuery_list_audit, std::nullopt, false},
    {Action::explain_route, "POST", "/v1/Accounts/{AccountSid}/Routes/Explain", Scope::provisioning_read, {}, std::nullopt, false},
};

}  // namespace

std::string_view to_string(Action a) {
  switch (a) {
    case Action::openapi: return "openapi";
    case Action::create_call: return "create_call";
    case Action::list_intents: return "list_intents";
    case Action::get_intent: return "get_intent";
    case Action::list_calls: return "list_calls";
    case Action::get_call: return "get_call";
    case Action::end_call: return "end_call";
    case Action::create_operation: return "create_operation";
    case Action::get_operation: return "get_operation";
    case Action::cancel_operation: return "cancel_operation";
    case Action::stop_operation: return "stop_operation";
    case Action::pause_operation: return "pause_operation";
    case Action::resume_operation: return "resume_operation";
    case Action::list_endpoints: return "list_endpoints";
    case Action::list_queues: return "list_queues";
    case Action::create_queue: return "create_queue";
    case Action::get_queue: return "get_queue";
    case Action::replace_queue: return "replace_queue";
    case Action::delete_queue: return "delete_queue";
    case Action::remove_queue_entry: return "remove_queue_entry";
    case Action::create_queue_operation: return "create_queue_operation";
    case Action::list_recordings: return "list_recordings";
    case Action::get_recording: return "get_recording";
    case Action::delete_recording: return "delete_recording";
    case Action::get_recording_content: return "get_recording_content";
    case Action::list_sessions: return "list_sessions";
    case Action::list_conferences: return "list_conferences";
    case Action::create_conference: return "create_conference";
    case Action::get_conference: return "get_conference";
    case Action::end_conference: return "end_conference";
    case Action::create_conference_operation: return "create_conference_operation";
    case Action::get_conference_operation: return "get_conference_operation";
    case Action::cancel_conference_operation: return "cancel_conference_operation";
    case Action::stop_conference_operation: return "stop_conference_operation";
    case Action::list_records: return "list_records";
    case Action::create_record: return "create_record";
    case Action::get_record: return "get_record";
    case Action::update_record: return "update_record";
    case Action::delete_record: return "delete_record";
    case Action::rotate_api_key: return "rotate_api_key";
    case Action::list_audit: return "list_audit";
    case Action::explain_route: return "explain_route";
  }
  return {};
}

std::span<const Route> routes() {
  return kRoutes;
}

}  // namespace tandem::rest
