// The frames of one recording on their way from the media worker to the writer's thread: a bounded queue of
// one producer and one consumer, without locks. The stream may move to another worker; the engine's mailboxes
// order that.
#pragma once

#include <atomic>
#include <cstdint>
#include <span>
#include <vector>

#include "base/clock.h"
#include "media/api/stream_tap.h"

namespace tandem::media {

struct TapFrame {
  struct Side {
    std::span<std::int16_t> room;  // For the longest frame.
    std::uint32_t sample_rate_hz = 0;
    std::uint32_t samples = 0;  // 0: silence.
    void set(TapAudio audio);
    [[nodiscard]] std::span<const std::int16_t> audio() const { return room.first(samples); }
  };
  TimePoint at;
  Side said;
  Side heard;
};

/// The longest frames of a recording.
struct FrameSizes {
  std::size_t said = 960;
  std::size_t heard = 960;
};

class FrameQueue {
 public:
  static constexpr std::size_t kFrames = 256;  // 5 s: what a disk may hang.
  explicit FrameQueue(FrameSizes sizes);

  /// Producer: the place of the next frame, or null when full; push() hands it over.
  [[nodiscard]] TapFrame* back() {
    const std::size_t end = end_.load(std::memory_order_relaxed);
    if (end - begin_.load(std::memory_order_acquire) == kFrames) return nullptr;
    return &frames_[end % kFrames];
  }
  void push() { end_.store(end_.load(std::memory_order_relaxed) + 1, std::memory_order_release); }

  /// Consumer: the oldest frame, or null; pop() gives its place back.
  [[nodiscard]] const TapFrame* front() const {
    const std::size_t begin = begin_.load(std::memory_order_relaxed);
    if (begin == end_.load(std::memory_order_acquire)) return nullptr;
    return &frames_[begin % kFrames];
  }
  [[nodiscard]] std::size_t size() const {
    return end_.load(std::memory_order_acquire) - begin_.load(std::memory_order_relaxed);
  }
  void pop() { begin_.store(begin_.load(std::memory_order_relaxed) + 1, std::memory_order_release); }

 private:
  std::vector<std::int16_t> samples_;
  std::vector<TapFrame> frames_;
  std::atomic<std::size_t> begin_{0};
  std::atomic<std::size_t> end_{0};
};

}  // namespace tandem::media
