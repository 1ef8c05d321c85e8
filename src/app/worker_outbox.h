// WorkerOutbox: shares one socket among the sessions that it carries. Few frames are with the socket at a
// time; what comes faster waits in a lane of its session, and the lanes take turns. So one session's flood
// delays another by one frame, not by the flood. Control thread.
#pragma once

#include <atomic>
#include <deque>
#include <memory>
#include <string>
#include <unordered_map>

#include "model/ids.h"
#include "net/api/http.h"
#include "runtime/executor.h"

namespace tandem::app {

class WorkerOutbox {
 public:
  using Make = Function<std::string()>;  ///< Makes a frame's text on the net thread.
  struct Limits {
    std::size_t in_flight = 256;  ///< Frames handed to the socket and not written yet.
    std::size_t lane = 4096;      ///< Frames that wait for one session.
    /// How long a socket may take nothing while frames wait.
    std::chrono::milliseconds stall{10'000};
  };

  /// All outlive the outbox. `on_stall`: the peer does not read; called from a timer.
  WorkerOutbox(net::WebSocket& socket, runtime::TimerExecutor& control, Limits limits,
               Function<void()> on_stall);
  ~WorkerOutbox();
  WorkerOutbox(const WorkerOutbox&) = delete;
  WorkerOutbox& operator=(const WorkerOutbox&) = delete;

  /// In order within a lane. An empty id is the worker's own lane. False: the lane is full (the frame is
  /// queued all the same).
  bool send(const model::SessionId& lane, Make make);
  /// Drops what waits in the lane.
  void clear(const model::SessionId& lane);
  [[nodiscard]] std::size_t waiting() const { return waiting_; }

 private:
  struct Flow {
    std::atomic<std::size_t> in_flight{0};
    std::size_t low = 0;    ///< Where `wake` is called when falling.
    Function<void()> wake;  ///< Net thread.
  };

  [[nodiscard]] bool has_room() const;
  void hand_over(Make make);
  void pump();

  net::WebSocket& socket_;
  const Limits limits_;
  Function<void()> on_stall_;
  std::unordered_map<model::SessionId, std::deque<Make>> lanes_;  ///< None is empty.
  std::deque<model::SessionId> turns_;                            ///< Each lane once; the next first.
  std::size_t waiting_ = 0;
  runtime::Timer stall_;
  // Shared with frames on the net thread, which are dropped there after the outbox has gone.
  std::shared_ptr<Flow> flow_ = std::make_shared<Flow>();
  // Shared with tasks in flight: false once the outbox is gone. Control thread only.
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace tandem::app
