// Prompt: audio to be played, converted once and shared by all calls that play it. A producer (file decoder,
// tone generator, synthesizer) appends PCM; media workers read finished 20 ms payloads of their codec without
// a lock, also while the producer is still at work.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "model/media_description.h"

namespace tandem::media {

/// A named place in a prompt (SSML's mark).
struct PromptMark {
  std::string name;
  std::size_t frame = 0;  ///< Passed when this frame of 20 ms begins.
};

/// The marks of one prompt; its tracks share them. One writer (under the Prompt's mutex), any number of
/// readers.
class PromptMarks {
 public:
  static constexpr std::size_t kMax = 256;
  /// Marks that may be read now; only grows. Those before a frame are there before the frame is. Any thread.
  [[nodiscard]] std::size_t size() const { return size_.load(std::memory_order_acquire); }
  /// Mark `i` < size(), in order of their frames. Any thread.
  [[nodiscard]] const PromptMark& operator[](std::size_t i) const { return (*marks_)[i]; }

 private:
  friend class Prompt;
  bool add(PromptMark mark);
  std::atomic<std::size_t> size_{0};
  std::unique_ptr<std::array<PromptMark, kMax>> marks_;
};

/// One prompt's payloads for one codec. One writer (under its Prompt's mutex), any number of readers.
class EncodedTrack {
 public:
  /// The marks are shared with the prompt, which the track may outlive.
  explicit EncodedTrack(model::Codec codec,
                        std::shared_ptr<const PromptMarks> marks = std::make_shared<PromptMarks>());
  ~EncodedTrack();
  EncodedTrack(const EncodedTrack&) = delete;
  EncodedTrack& operator=(const EncodedTrack&) = delete;

  [[nodiscard]] model::Codec codec() const { return codec_; }
  [[nodiscard]] const PromptMarks& marks() const { return *marks_; }
  /// Frames that may be read now; only grows. Acquire order. Any thread.
  [[nodiscard]] std::size_t ready() const { return ready_.load(std::memory_order_acquire); }
  /// True when ready() is final. Read it before ready(). Any thread.
  [[nodiscard]] bool complete() const { return complete_.load(std::memory_order_acquire); }
  /// Payload of frame `i` < ready(): traits(codec).bytes_per_frame bytes, valid as long as the track. Any
  /// thread.
  [[nodiscard]] std::span<const std::uint8_t> frame(std::size_t i) const;

 private:
  friend class Prompt;
  static constexpr std::size_t kFramesPerChunk = 50;   // One second.
  static constexpr std::size_t kMaxChunks = 4 * 3600;  // Four hours.
  struct Chunk;
  void append(std::span<const std::uint8_t> payload);
  void finish() { complete_.store(true, std::memory_order_release); }

  const model::Codec codec_;
  const std::shared_ptr<const PromptMarks> marks_;
  std::atomic<std::size_t> ready_{0};
  std::atomic<bool> complete_{false};
  struct Chunks;
  std::unique_ptr<Chunks> chunks_;
};

/// Audio as PCM with its encoded tracks. Producer calls come from one thread at a time (a blocking or speech
/// pool), track() from any thread but a media worker.
class Prompt {
 public:
  /// `sample_rate_hz` of what append() brings: 8000 to 48000. `gain_db` is applied before encoding.
  explicit Prompt(std::uint32_t sample_rate_hz, double gain_db = 0);
  ~Prompt();
  Prompt(const Prompt&) = delete;
  Prompt& operator=(const Prompt&) = delete;

  /// What append() brings from now on is at this rate (a voice change within a text). Rates outside 8000 to
  /// 48000 are brought to the nearer end.
  void set_sample_rate(std::uint32_t sample_rate_hz);
  /// Mono 16-bit PCM. False when the prompt would pass four hours or has ended; the producer should stop.
  bool append(std::span<const std::int16_t> pcm);
  /// What append() brings next is at mark `name`: whoever plays it reports on_mark (Observer). False when
  /// there are PromptMarks::kMax already.
  bool add_mark(std::string name);
  /// No more audio comes. The last partial frame is padded with silence.
  void finish();
  /// The producer failed; what was appended stays playable. `error` is for the operation's result.
  void fail(std::string error);

  [[nodiscard]] bool finished() const;
  /// Empty unless fail() was called.
  [[nodiscard]] std::string error() const;
  /// Milliseconds of audio so far.
  [[nodiscard]] std::int64_t duration_ms() const;
  /// The track for `codec`; encodes what is there already when asked for the first time, grows with append()
  /// after. Shared with the calls that play it: it outlives the prompt's place in a cache.
  [[nodiscard]] std::shared_ptr<const EncodedTrack> track(model::Codec codec);
  [[nodiscard]] std::size_t memory_bytes() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tandem::media
