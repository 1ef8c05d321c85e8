// The directory of live calls: what another node, or this one after a crash, needs to take a call over or to
// close its books (docs/architecture.md section 3, "Recoverable by design").
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "model/ids.h"

namespace tandem::cluster {

/// The call as a plain record. Grows with what re-anchoring needs; today it closes the books.
struct CallRecord {
  model::CallId call_id;
  model::AccountId account_id;
  model::ApplicationId application_id;
  model::SessionId session_id;
  std::string direction;
  std::string from;
  std::string to;
  std::string sip_call_id;
  std::string source;
  std::string transport;
  std::string state;
  std::string codec;
  std::string tag_json;
  std::int64_t started_unix_ms = 0;
  std::int64_t answered_unix_ms = 0;  ///< 0: not answered.
  std::int64_t updated_unix_ms = 0;
};

class CallDirectory {
 public:
  CallDirectory() = default;
  CallDirectory(const CallDirectory&) = delete;
  CallDirectory& operator=(const CallDirectory&) = delete;
  virtual ~CallDirectory() = default;

  /// Control thread; returns at once, writing happens elsewhere. Later records of a call replace earlier
  /// ones.
  virtual void put(CallRecord record) = 0;
  virtual void remove(const model::CallId& id) = 0;
  /// What a previous life of this node left behind. Once, at start, before put().
  [[nodiscard]] virtual std::vector<CallRecord> take_orphans() = 0;
};

}  // namespace tandem::cluster
