// An event on its way to an application.
#pragma once

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

}  // namespace tandem::model
