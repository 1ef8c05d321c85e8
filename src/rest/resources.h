// The resources of the door, one file each. Each function answers or refuses its exchange, now or later. Loop
// thread.
#pragma once

#include "rest/desk.h"
#include "rest/exchange.h"

namespace tandem::rest {

void create_call(Desk& desk, ExchangePtr exchange);  // intents.cc
void list_intents(Desk& desk, ExchangePtr exchange);
void get_intent(Desk& desk, ExchangePtr exchange);

void list_calls(Desk& desk, ExchangePtr exchange);  // calls.cc
void get_call(Desk& desk, ExchangePtr exchange);

void end_call(Desk& desk, ExchangePtr exchange);  // operations.cc; also below /Conferences:
void create_operation(Desk& desk, ExchangePtr exchange);
void get_operation(Desk& desk, ExchangePtr exchange);
/// cancel, stop, pause or resume, as the route says.
void control_operation(Desk& desk, ExchangePtr exchange);

void list_queues(Desk& desk, ExchangePtr exchange);  // queues.cc
void get_queue(Desk& desk, ExchangePtr exchange);
void create_queue(Desk& desk, ExchangePtr exchange);
void replace_queue(Desk& desk, ExchangePtr exchange);
void delete_queue(Desk& desk, ExchangePtr exchange);
void create_queue_operation(Desk& desk, ExchangePtr exchange);  // operations.cc
void remove_queue_entry(Desk& desk, ExchangePtr exchange);

void list_endpoints(Desk& desk, ExchangePtr exchange);  // endpoints.cc
void list_sessions(Desk& desk, ExchangePtr exchange);   // sessions.cc

void list_conferences(Desk& desk, ExchangePtr exchange);  // conferences.cc
void create_conference(Desk& desk, ExchangePtr exchange);
void get_conference(Desk& desk, ExchangePtr exchange);
void end_conference(Desk& desk, ExchangePtr exchange);   // operations.cc
void list_recordings(Desk& desk, ExchangePtr exchange);  // recordings.cc
void get_recording(Desk& desk, ExchangePtr exchange);
void delete_recording(Desk& desk, ExchangePtr exchange);
/// By API key or by signed link.
void get_recording_content(Desk& desk, ExchangePtr exchange);

// provisioning.cc: records of the kind that the route names.
void list_records(Desk& desk, ExchangePtr exchange);
void create_record(Desk& desk, ExchangePtr exchange);
void get_record(Desk& desk, ExchangePtr exchange);
void update_record(Desk& desk, ExchangePtr exchange);
void delete_record(Desk& desk, ExchangePtr exchange);
void rotate_api_key(Desk& desk, ExchangePtr exchange);
void list_audit(Desk& desk, ExchangePtr exchange);

void explain_route(Desk& desk, ExchangePtr exchange);  // explain.cc

inline constexpr std::string_view kIdempotencyHeader = "Idempotency-Key";
/// Empty, or 1 to 255 visible characters.
[[nodiscard]] bool is_idempotency_key(std::string_view key);

/// The cursor of the query as the key that it holds; refuses text that no page has given out.
[[nodiscard]] std::string cursor_key(class Query& query);
/// Writes `"next_cursor":…`: null when it is empty.
inline void write_next_cursor(wire::JsonWriter& w, const std::string& next_cursor) {
  w.key("next_cursor");
  if (next_cursor.empty()) {
    w.null();
  } else {
    w.string(next_cursor);
  }
}
/// Writes `{"items":[…],"next_cursor":…}`; `write_items` writes the members.
template <class WriteItems>
[[nodiscard]] std::string page_text(WriteItems write_items, const std::string& next_cursor) {
  std::string out;
  wire::JsonWriter w(out);
  w.begin_object();
  w.key("items");
  w.begin_array();
  write_items(w);
  w.end_array();
  write_next_cursor(w, next_cursor);
  w.end_object();
  return out;
}

}  // namespace tandem::rest
