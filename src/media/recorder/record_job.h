// The writer's end of one recording: frames in order of time into one file, and the rules that end it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "media/api/recorder.h"
#include "media/codec/resampler.h"
#include "media/recorder/audio_writer.h"
#include "media/recorder/record_tap.h"
#include "media/recorder/silence_meter.h"

namespace tandem::media {

/// On the writer's thread, except the constructor.
class RecordJob {
 public:
  /// `tap` is shared with the engine.
  RecordJob(RecordSpec spec, std::shared_ptr<RecordTap> tap);

  /// Writes what is there. The result once the recording is over; nothing may be called after.
  [[nodiscard]] std::optional<RecordResult> run();

 private:
  /// One side at the file's rate.
  class Side {
   public:
    explicit Side(std::uint32_t to_hz) : to_hz_(to_hz), frame_(to_hz / 50) {}
    /// 20 ms; valid until the next call.
    std::span<const std::int16_t> next(const TapFrame::Side& in);

   private:
    const std::uint32_t to_hz_;
    const std::size_t frame_;
    std::uint32_t from_hz_ = 0;
    std::unique_ptr<StreamResampler> resampler_;
    std::vector<std::int16_t> waiting_;
    std::vector<std::int16_t> out_;
  };

  [[nodiscard]] bool open();
  void drain();
  void take(const TapFrame& frame);
  /// Silence for what did not come, in step with the clock; false if a frame of `at` comes twice for its
  /// time.
  [[nodiscard]] bool keep_time(TimePoint at);
  void fill(std::int64_t frames);
  [[nodiscard]] bool paused_at(TimePoint at) const;
  [[nodiscard]] std::int64_t gap_ms() const;
  void write(std::span<const std::int16_t> said, std::span<const std::int16_t> heard);
  void apply_rules(std::span<const std::int16_t> said, std::span<const std::int16_t> heard);
  [[nodiscard]] RecordResult finish();
  [[nodiscard]] std::int64_t duration_ms() const { return frames_ * 20; }
  void end(RecordEnd how) {
    if (!end_) end_ = how;
  }

  const RecordSpec spec_;
  const std::shared_ptr<RecordTap> tap_;
  const std::size_t frame_;
  std::unique_ptr<AudioWriter> writer_;
  Side said_;
  Side heard_;
  SilenceMeter silence_;
  std::optional<TimePoint> next_at_ = spec_.origin;
  std::int64_t frames_ = 0;
  std::int64_t gap_frames_ = 0;
  std::vector<PauseChange> pauses_;  // As known when the frames to be taken were there.
  std::optional<RecordEnd> end_;
  std::string error_;
  std::vector<std::int16_t> mixed_;
};

}  // namespace tandem::media
