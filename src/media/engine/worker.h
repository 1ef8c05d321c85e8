// One media worker: its streams on a 20 ms wheel, its mailbox and, unless a test drives it, its thread.
#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <thread>
#include <unordered_map>
#include <vector>

#include "base/metrics.h"
#include "media/engine/inbox.h"
#include "media/engine/room.h"
#include "media/engine/stream.h"
#include "media/engine/wheel.h"

namespace tandem::media {

class Worker {
 public:
  using StreamCommand = Function<void(Stream&, Worker&)>;
  /// `number`: for the metrics.
  Worker(const Clock& clock, Metrics& metrics, std::size_t number = 0);
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  ~Worker();

  /// Starts the thread under `name` (at most 15 characters).
  void start(const std::string& name);
  /// Ends the thread, drops commands that wait and destroys all streams without events.
  void stop();

  // Any thread.
  void post(Command command) { inbox_->post(std::move(command)); }
  /// Shared with jobs in the encode pool, which may outlive the worker.
  [[nodiscard]] const std::shared_ptr<Inbox>& inbox() const { return inbox_; }
  [[nodiscard]] std::size_t load() const { return load_.load(std::memory_order_relaxed); }
  /// The control thread reserves the place of a stream before it posts add().
  void reserve() { load_.fetch_add(1, std::memory_order_relaxed); }

  // The worker's thread, or the test's.
  /// Commands that wait, then the phases due at `now`.
  void run_due(TimePoint now);
  void add(StreamKey key, std::unique_ptr<Stream> stream);
  /// Runs `command` now; when its stream arrives, if it is on its way here; where it moved to, if it was
  /// here. Else it is destroyed unrun.
  void with(StreamKey key, StreamCommand command);
  /// The stream will come from another worker; its commands wait for it.
  void expect(StreamKey key);
  /// The stream goes to the worker whose mailbox `to` is, which expects it.
  void move(StreamKey key, const std::shared_ptr<Inbox>& to);
  /// The stream that moved on from here is closed.
  void forget(StreamKey key);
  [[nodiscard]] Stream* find(StreamKey key);
  void remove(StreamKey key);

  /// `room` stays here for good. Its plays go on from now.
  void add_room(RoomKey key, std::unique_ptr<Room> room);
  void remove_room(RoomKey key);
  [[nodiscard]] Room* find_room(RoomKey key);
  /// Both must be here, else nothing happens.
  void join(StreamKey key, RoomKey room, MemberAudio audio);

 private:
  struct Placed {
    std::unique_ptr<Stream> stream;
    std::size_t phase = 0;
  };
  struct PlacedRoom {
    std::unique_ptr<Room> room;
    std::size_t phase = 0;
  };
  /// To `phase`, unless it is full already.
  void seat_near(Placed& placed, std::size_t phase);
  void arrive(StreamKey key, std::unique_ptr<Stream> stream);
  std::unique_ptr<Stream> take_out(StreamKey key);
  void run();
  void run_commands();
  void run_phase(const Wheel::Due& due);
  void flush_metrics(TimePoint now);

  const Clock& clock_;
  const std::shared_ptr<Inbox> inbox_;
  std::atomic<std::size_t> load_{0};
  std::atomic<bool> stopping_{false};
  std::vector<Command> commands_;
  Wheel wheel_;
  std::array<std::vector<Stream*>, Wheel::kPhases> phases_;
  std::array<std::vector<Room*>, Wheel::kPhases> room_phases_;
  std::unordered_map<RoomKey, PlacedRoom> rooms_;  // Before the streams, which have seats in them.
  std::unordered_map<StreamKey, Placed> streams_;
  struct Arriving {
    std::vector<StreamCommand> commands;
    bool forget = false;  // forget() came before the stream.
  };
  std::unordered_map<StreamKey, Arriving> arriving_;
  std::unordered_map<StreamKey, std::shared_ptr<Inbox>> moved_;  // Shared, as in inbox().
  ReceiveBuffers buffers_;
  PacketCounters counters_;
  PacketCounters flushed_;
  Duration latest_{};  // Since the last flush.
  std::uint64_t late_ticks_ = 0;
  std::uint64_t late_flushed_ = 0;
  std::uint64_t skipped_flushed_ = 0;
  TimePoint next_flush_{};
  Counter sent_;
  Counter send_failed_;
  Counter received_;
  Counter late_;
  Counter skipped_;
  Gauge latest_gauge_;
  std::thread thread_;
};

}  // namespace tandem::media
