// Which sessions a worker's socket carries and how fast each may ask. Shared by the net thread, which reads
// the socket, and the control thread, which adds and removes sessions; so that a request for a session that
// is not there, or one too many, costs the control thread nothing.
#pragma once

#include <mutex>
#include <unordered_map>

#include "app/channel.h"
#include "app/token_bucket.h"
#include "model/ids.h"

namespace tandem::app {

class WorkerAdmission {
 public:
  WorkerAdmission(const ChannelLimits& limits, const Clock& clock) : limits_(limits), clock_(clock) {}

  enum class Verdict : std::uint8_t {
    pass,
    limited,  ///< Refuse; again in `wait_ms`.
    overrun,  ///< As often refused in a row as is allowed: the session is cut off. Told once.
    unknown   ///< No such session here.
  };
  struct Ruling {
    Verdict verdict = Verdict::unknown;
    std::int64_t wait_ms = 0;
  };

  // Any thread.
  void add(const model::SessionId& session);
  void remove(const model::SessionId& session);
  /// Counts one request of the session.
  [[nodiscard]] Ruling take(const model::SessionId& session);

 private:
  struct Entry {
    TokenBucket bucket;
    std::size_t refused = 0;
  };
  const ChannelLimits limits_;
  const Clock& clock_;
  std::mutex mutex_;
  std::unordered_map<model::SessionId, Entry> entries_;  // under mutex_
};

}  // namespace tandem::app
