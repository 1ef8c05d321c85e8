// Connector: how a session comes to its links. The session is one machine whichever way its application is
// reached; a connector knows that way and nothing of the session's state.
#pragma once

#include <cstdint>

namespace tandem::app {

/// Owned by its session and as long-lived; control thread. Answers through Session::on_linked() and
/// on_unreachable(), with the attempt's number, never inside a call.
class Connector {
 public:
  Connector() = default;
  Connector(const Connector&) = delete;
  Connector& operator=(const Connector&) = delete;
  virtual ~Connector() = default;

  /// The first link.
  virtual void open(std::uint64_t attempt) = 0;
  /// The link was lost. `untouched`: the application said nothing on it, so that another process of it may
  /// begin the session anew.
  virtual void recover(std::uint64_t attempt, bool untouched) = 0;
  /// Nothing is to come of what was begun: the session is over or has a link.
  virtual void stop() = 0;
};

}  // namespace tandem::app
