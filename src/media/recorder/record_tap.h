// The media worker's end of a recording: copies frames into the queue, and nothing else.
#pragma once

#include <atomic>

#include "media/recorder/frame_queue.h"

namespace tandem::media {

class RecordTap final : public StreamTap {
 public:
  // Media worker.
  void frame(TimePoint at, TapAudio said, TapAudio heard) override;
  void closed() override { closed_.store(true, std::memory_order_release); }

  // Control thread.
  void pause(bool paused) { paused_.store(paused, std::memory_order_relaxed); }
  /// Any thread: frames that come from now on are not taken.
  void end() { ended_.store(true, std::memory_order_release); }

  // Writer's thread.
  [[nodiscard]] bool is_closed() const { return closed_.load(std::memory_order_acquire); }
  [[nodiscard]] bool is_ended() const { return ended_.load(std::memory_order_acquire); }
  [[nodiscard]] FrameQueue& queue() { return queue_; }

 private:
  FrameQueue queue_;
  std::atomic<bool> paused_{false};
  std::atomic<bool> ended_{false};
  std::atomic<bool> closed_{false};
};

}  // namespace tandem::media
