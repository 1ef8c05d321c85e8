// An event on its way to an application.
#pragma once

#include "base/boxed.h"
#include "model/generated/protocol.h"

namespace tandem::model {

struct Event {
  std::uint64_t seq = 0;  ///< Given by the session.
  WallTime ts{};          ///< Given by the session unless set.
  SessionId session_id{};
  CallId call_id{};  ///< May be empty.
  OpId op_id{};      ///< May be empty.
  EventData data{};
};

/// The same, once numbered, as it is kept for replay: with the room that its own kind needs.
struct KeptEvent {
  explicit KeptEvent(Event e)
      : seq(e.seq),
        ts(e.ts),
        session_id(std::move(e.session_id)),
        call_id(std::move(e.call_id)),
        op_id(std::move(e.op_id)),
        type(event_type(e.data)),
        data(std::move(e.data)) {}
  [[nodiscard]] Event whole() const { return {seq, ts, session_id, call_id, op_id, data.value()}; }

  std::uint64_t seq;
  WallTime ts;
  SessionId session_id;
  CallId call_id;
  OpId op_id;
  std::string_view type;  ///< The name of its kind.
  Boxed<EventData> data;
};

}  // namespace tandem::model
