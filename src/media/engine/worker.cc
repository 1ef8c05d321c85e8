#include "media/engine/worker.h"

#include <pthread.h>
#include <sys/prctl.h>

#include <algorithm>

namespace tandem::media {
namespace {
constexpr Duration kLate = std::chrono::milliseconds(5);
// Members beside their room in one phase. Those of larger rooms are spread, or all else would wait for them;
// they hear the room up to 20 ms later.
constexpr std::uint32_t kSeatsInPhase = 40;
}  // namespace

Worker::Worker(const Clock& clock, Metrics& metrics, std::size_t number)
    : clock_(clock),
      inbox_(std::make_shared<Inbox>()),
      wheel_(clock.now()),
      sent_(metrics.counter("tandem_media_packets_sent_total", "RTP packets sent")),
      send_failed_(
          metrics.counter("tandem_media_send_failures_total", "RTP packets that the system refused to send")),
      received_(metrics.counter("tandem_media_packets_received_total", "Datagrams received on RTP ports")),
      late_(metrics.counter("tandem_media_late_ticks_total", "Media ticks that ran more than 5 ms late")),
      skipped_(metrics.counter("tandem_media_skipped_slots_total",
                               "Milliseconds of media given up after a stall")),
      latest_gauge_(metrics.gauge("tandem_media_latest_tick_seconds",
                                  "How late the latest media tick of the last second was",
                                  {{"worker", std::to_string(number)}})) {}

Worker::~Worker() {
  stop();
}

void Worker::start(const std::string& name) {
  thread_ = std::thread([this, name] {
    pthread_setname_np(pthread_self(), name.c_str());
    // The default slack of 50 us would be added to each of up to 1000 sleeps a second.
    ::prctl(PR_SET_TIMERSLACK, 1000UL, 0UL, 0UL, 0UL);
    run();
  });
}

void Worker::stop() {
  stopping_.store(true);
  inbox_->wake();
  if (thread_.joinable()) thread_.join();
  inbox_->close();
  for (auto& phase : phases_) phase.clear();
  streams_.clear();
  for (auto& phase : room_phases_) phase.clear();
  rooms_.clear();
}

void Worker::run() {
  while (!stopping_.load()) {
    run_due(clock_.now());
    const auto due = wheel_.next_due();
    if (!due) {
      latest_ = {};
      flush_metrics(clock_.now());  // Nobody will, until there is a stream again.
      inbox_->sleep(-1);
    } else if (const auto left = *due - clock_.now(); left.count() > 0) {
      inbox_->sleep(left.count());
    }
  }
}

void Worker::run_commands() {
  inbox_->take(commands_);
  for (Command& c : commands_) c(*this);
  commands_.clear();
}

void Worker::run_due(TimePoint now) {
  run_commands();
  while (const auto due = wheel_.take_due(now)) {
    run_phase(*due);
    run_commands();
  }
  if (now >= next_flush_) flush_metrics(now);
}

void Worker::run_phase(const Wheel::Due& due) {
  if (due.late > kLate) ++late_ticks_;
  // Streams of a phase share one time: what is between them is less than what anyone measures.
  const TimePoint now = clock_.now();
  latest_ = std::max(latest_, due.late);
  const auto& streams = phases_[due.phase];
  const auto& rooms = room_phases_[due.phase];
  if (rooms.empty()) {
    for (Stream* s : streams) s->tick(now, buffers_, counters_);
    return;
  }
  for (Stream* s : streams) s->take(now, buffers_, counters_);
  for (Room* r : rooms) r->tick(due.at);
  for (Stream* s : streams) s->give(now, buffers_, counters_);
}

void Worker::add(StreamKey key, std::unique_ptr<Stream> stream) {
  stream->drop_strangers(buffers_);
  const std::size_t phase = wheel_.add();
  phases_[phase].push_back(stream.get());
  streams_.emplace(key, Placed{std::move(stream), phase});
}

Stream* Worker::find(StreamKey key) {
  const auto at = streams_.find(key);
  return at == streams_.end() ? nullptr : at->second.stream.get();
}

std::unique_ptr<Stream> Worker::take_out(StreamKey key) {
  const auto at = streams_.find(key);
  if (at == streams_.end()) return nullptr;
  std::unique_ptr<Stream> stream = std::move(at->second.stream);
  auto& phase = phases_[at->second.phase];
  phase.erase(std::find(phase.begin(), phase.end(), stream.get()));
  wheel_.remove(at->second.phase);
  streams_.erase(at);
  load_.fetch_sub(1, std::memory_order_relaxed);
  return stream;
}

void Worker::remove(StreamKey key) {
  take_out(key);
}

void Worker::add_room(RoomKey key, std::unique_ptr<Room> room) {
  const std::size_t phase = wheel_.add_apart();
  room_phases_[phase].push_back(room.get());
  rooms_.emplace(key, PlacedRoom{std::move(room), phase});
}

void Worker::remove_room(RoomKey key) {
  const auto at = rooms_.find(key);
  if (at == rooms_.end()) return;
  std::erase(room_phases_[at->second.phase], at->second.room.get());
  wheel_.remove(at->second.phase);
  rooms_.erase(at);
}

Room* Worker::find_room(RoomKey key) {
  const auto at = rooms_.find(key);
  return at == rooms_.end() ? nullptr : at->second.room.get();
}

void Worker::join(StreamKey key, RoomKey room, MemberAudio audio) {
  const auto stream = streams_.find(key);
  const auto place = rooms_.find(room);
  if (stream == streams_.end() || place == rooms_.end()) return;
  stream->second.stream->join(*place->second.room, std::move(audio));
  seat_near(stream->second, place->second.phase);
}

void Worker::seat_near(Placed& placed, std::size_t phase) {
  if (placed.phase == phase || wheel_.load(phase) >= kSeatsInPhase) return;
  std::erase(phases_[placed.phase], placed.stream.get());
  wheel_.remove(placed.phase);
  wheel_.add_to(phase);
  phases_[phase].push_back(placed.stream.get());
  placed.phase = phase;
}

void Worker::with(StreamKey key, StreamCommand command) {
  if (Stream* s = find(key)) {
    command(*s, *this);
  } else if (const auto waiting = arriving_.find(key); waiting != arriving_.end()) {
    waiting->second.commands.push_back(std::move(command));
  } else if (const auto at = moved_.find(key); at != moved_.end()) {
    at->second->post([key, c = std::move(command)](Worker& w) mutable { w.with(key, std::move(c)); });
  }
}

void Worker::forget(StreamKey key) {
  if (const auto at = arriving_.find(key); at != arriving_.end()) at->second.forget = true;
  moved_.erase(key);
}

void Worker::expect(StreamKey key) {
  moved_.erase(key);
  arriving_.try_emplace(key);
}

void Worker::move(StreamKey key, const std::shared_ptr<Inbox>& to) {
  // It may be on its way here itself.
  if (arriving_.contains(key)) {
    with(key, [key, to](Stream&, Worker& w) { w.move(key, to); });
    return;
  }
  std::unique_ptr<Stream> stream = take_out(key);
  if (stream == nullptr) return;
  stream->disconnect();
  moved_[key] = to;
  to->post([key, s = std::move(stream)](Worker& w) mutable { w.arrive(key, std::move(s)); });
}

void Worker::arrive(StreamKey key, std::unique_ptr<Stream> stream) {
  add(key, std::move(stream));
  auto node = arriving_.extract(key);
  if (!node) return;
  // Each may end the stream's stay here; what follows finds its own way then.
  for (StreamCommand& c : node.mapped().commands) with(key, std::move(c));
  if (node.mapped().forget) moved_.erase(key);
}

void Worker::flush_metrics(TimePoint now) {
  next_flush_ = now + std::chrono::seconds(1);
  const auto add = [](Counter& counter, std::uint64_t value, std::uint64_t& flushed) {
    if (value != flushed) counter.add(static_cast<double>(value - std::exchange(flushed, value)));
  };
  add(sent_, counters_.sent, flushed_.sent);
  add(send_failed_, counters_.send_failed, flushed_.send_failed);
  add(received_, counters_.received, flushed_.received);
  latest_gauge_.set(std::chrono::duration<double>(std::exchange(latest_, {})).count());
  add(late_, late_ticks_, late_flushed_);
  add(skipped_, wheel_.skipped(), skipped_flushed_);
}

}  // namespace tandem::media
