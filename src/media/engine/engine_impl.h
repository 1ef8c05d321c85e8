// The engine: opens streams on the control thread and hands their commands to the workers.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/log.h"
#include "media/engine/engine_factory.h"
#include "media/engine/port_stock.h"
#include "media/engine/reporter.h"
#include "media/engine/worker.h"

namespace tandem::media {

class EngineImpl final : public MixingEngine {
 public:
  EngineImpl(EngineOptions options, Observer& observer, runtime::Executor& observer_executor,
             runtime::BlockingPool& encode_pool, const Clock& clock, Log log, Metrics& metrics,
             MixerObserver* mixer_observer = nullptr);
  ~EngineImpl() override;
  /// Starts the workers' threads; tests drive worker() by hand instead.
  void start();
  [[nodiscard]] Worker& worker(std::size_t i) { return *workers_[i]; }

  Result<LocalAddresses, MediaError> open(const StreamId& id, const model::IpAddress& towards) override;
  void configure(const StreamId& id, const model::AgreedMedia& media) override;
  void close(const StreamId& id) override;
  void play(const StreamId& id, PlayId play, PlaySpec spec) override;
  void stop_play(const StreamId& id, PlayId play) override;
  void pause_play(const StreamId& id, PlayId play, bool paused) override;
  void play_position(const StreamId& id, PlayId play, Function<void(std::int64_t)> done) override;
  void send_digits(const StreamId& id, PlayId tag, std::string digits, std::uint32_t duration_ms,
                   std::uint32_t gap_ms) override;
  void stop_digits(const StreamId& id, PlayId tag) override;
  void set_audio(const StreamId& id, AudioControl control) override;
  void set_inband_digits(const StreamId& id, bool enabled) override;
  void info_digit(const StreamId& id, char digit, std::uint32_t duration_ms) override;
  void set_tap(const StreamId& id, Function<void(std::span<const std::int16_t>, std::uint32_t)> tap) override;
  void add_tap(const StreamId& id, std::shared_ptr<StreamTap> tap) override;
  void remove_tap(const StreamId& id, const std::shared_ptr<StreamTap>& tap) override;
  void connect(const StreamId& a, const StreamId& b, Connection what) override;
  void disconnect(const StreamId& id) override;
  void open_room(const RoomId& room, RoomOptions options) override;
  void close_room(const RoomId& room) override;
  void join_room(const RoomId& room, const StreamId& member, MemberAudio audio) override;
  void set_member(const RoomId& room, const StreamId& member, MemberAudio audio) override;
  void play_to_room(const RoomId& room, PlayId play, PlaySpec spec) override;
  void stop_room_play(const RoomId& room, PlayId play) override;
  void add_room_tap(const RoomId& room, std::optional<StreamId> member,
                    std::shared_ptr<StreamTap> tap) override;
  void remove_room_tap(const RoomId& room, const std::shared_ptr<StreamTap>& tap) override;
  [[nodiscard]] std::size_t streams() const override { return open_.load(std::memory_order_relaxed); }

 private:
  struct Handle {
    Worker* worker = nullptr;
    StreamKey key = 0;
    std::vector<Worker*> earlier = {};  // Workers that it moved away from.
    std::optional<StreamId> peer = std::nullopt;
    std::optional<RoomId> room = std::nullopt;  // Of a peer and a room it has one at most.
  };
  struct RoomHandle {
    Worker* worker = nullptr;
    RoomKey key = 0;
    std::unordered_set<StreamId> members;
  };
  void prepare(Worker& worker, StreamKey key, const Play& play, model::Codec codec);
  /// Both on one worker, the less loaded of theirs.
  void bring_together(Handle& a, Handle& b);
  static void move(Handle& handle, Worker& to);
  /// Runs on the worker of both, as soon as both are there; not at all if one is gone.
  static void with_pair(const Handle& a, const Handle& b, Function<void(Stream&, Stream&)> command);
  // Rooms, engine_rooms.cc.
  void with_room(const RoomId& id, Function<void(Room&, Worker&)> command);
  void prepare_for_room(const std::shared_ptr<Inbox>& inbox, RoomKey key, const Play& play,
                        model::Codec codec);
  bool leave_room(const StreamId& member, Handle& handle);
  /// Posts `command(stream, worker, key)` if the stream is open; false if not.
  template <class F>
  bool with_stream(const StreamId& id, F command);
  void dispatch(const StreamId& id, Function<void(Stream&)> command);

  const EngineOptions options_;
  const Clock& clock_;
  Log log_;
  runtime::BlockingPool& encode_pool_;
  Gauge streams_gauge_;
  const std::shared_ptr<ObserverGate> gate_;
  const Reporter reporter_;
  const std::shared_ptr<PortStock> ports_;  // Shared with the jobs that fill it.
  std::unordered_map<StreamId, Handle> handles_;
  std::unordered_map<RoomId, RoomHandle> rooms_;
  std::unordered_map<const Worker*, std::size_t> rooms_on_;
  StreamKey next_key_ = 1;
  std::atomic<std::size_t> open_{0};
  std::vector<std::unique_ptr<Worker>> workers_;  // Last: its streams give ports back.
};

template <class F>
bool EngineImpl::with_stream(const StreamId& id, F command) {
  const auto at = handles_.find(id);
  if (at == handles_.end()) return false;
  at->second.worker->post([key = at->second.key, c = std::move(command)](Worker& w) mutable {
    w.with(key, [key, c = std::move(c)](Stream& s, Worker& at_home) mutable { c(s, at_home, key); });
  });
  return true;
}

}  // namespace tandem::media
