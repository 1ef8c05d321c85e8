// The media worker's end of a recording: copies frames into the queue, and nothing else.
#pragma once

#include <atomic>
#include <mutex>
#include <vector>

#include "media/recorder/frame_queue.h"

namespace tandem::media {

/// From when on it is a pause, or none any more.
struct PauseChange {
  TimePoint at;
  bool paused = false;
};

class RecordTap final : public StreamTap {
 public:
  /// `timed`: the frames' times are exact and follow each other without a gap. Silence then takes no place in
  /// the queue.
  explicit RecordTap(FrameSizes sizes = {}, bool timed = false) : queue_(sizes), timed_(timed) {}

  // Media worker.
  void frame(TimePoint at, TapAudio said, TapAudio heard) override;
  void closed() override { closed_.store(true, std::memory_order_release); }

  // Control thread.
  void pause(bool paused, TimePoint at);
  /// Any thread: frames that come from now on are not taken.
  void end() { ended_.store(true, std::memory_order_release); }

  // Writer's thread.
  [[nodiscard]] bool is_closed() const { return closed_.load(std::memory_order_acquire); }
  [[nodiscard]] bool is_ended() const { return ended_.load(std::memory_order_acquire); }
  [[nodiscard]] FrameQueue& queue() { return queue_; }
  /// Up to then, inclusive, all that was said is in the queue; of a timed one. To be asked before the queue.
  [[nodiscard]] TimePoint passed() const {
    return TimePoint(Duration(passed_.load(std::memory_order_acquire)));
  }
  [[nodiscard]] bool is_timed() const { return timed_; }
  /// Frames that found the queue full.
  [[nodiscard]] std::int64_t dropped() const { return dropped_.load(std::memory_order_relaxed); }
  /// In order of time.
  [[nodiscard]] std::vector<PauseChange> pauses() const;

 private:
  FrameQueue queue_;
  const bool timed_;
  std::atomic<Duration::rep> passed_{0};
  std::atomic<std::int64_t> dropped_{0};
  std::atomic<bool> ended_{false};
  std::atomic<bool> closed_{false};
  mutable std::mutex mutex_;
  std::vector<PauseChange> pauses_;  // Under mutex_, which media workers never take.
};

}  // namespace tandem::media
