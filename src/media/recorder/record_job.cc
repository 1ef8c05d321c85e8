#include "media/recorder/record_job.h"

#include <algorithm>

namespace tandem::media {
namespace {

using std::chrono::milliseconds;
constexpr Duration kFrame = milliseconds(20);
// Ticks come late and catch up; beyond this it is a gap, or a frame too many.
constexpr Duration kSlack = milliseconds(60);
constexpr std::int64_t kMaxGapFrames = std::int64_t{4} * 3600 * 50;

}  // namespace

std::span<const std::int16_t> RecordJob::Side::next(const TapFrame::Side& in) {
  if (in.samples > 0 && in.sample_rate_hz == to_hz_ && in.samples == frame_) {
    waiting_.clear();
    return in.audio();
  }
  if (in.samples > 0) {
    if (in.sample_rate_hz != from_hz_ || resampler_ == nullptr) {
      from_hz_ = in.sample_rate_hz;
      resampler_ = std::make_unique<StreamResampler>(from_hz_, to_hz_);
    }
    const std::size_t before = waiting_.size();
    waiting_.resize(before + resampler_->capacity_for(in.samples));
    waiting_.resize(before + resampler_->convert(in.audio(), std::span(waiting_).subspan(before)));
  }
  out_.assign(frame_, 0);
  const std::size_t n = std::min(frame_, waiting_.size());
  // What the filter keeps back is missing at the beginning, not in the middle.
  std::copy_n(waiting_.begin(), n, out_.end() - static_cast<std::ptrdiff_t>(n));
  waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(n));
  return out_;
}

RecordJob::RecordJob(RecordSpec spec, std::shared_ptr<RecordTap> tap)
    : spec_(std::move(spec)),
      tap_(std::move(tap)),
      frame_(spec_.sample_rate_hz / 50),
      said_(spec_.sample_rate_hz),
      heard_(spec_.sample_rate_hz) {}

bool RecordJob::open() {
  const AudioShape shape{spec_.sample_rate_hz, spec_.dual ? 2U : 1U};
  auto made = spec_.format == FileFormat::wav ? make_wav_writer(spec_.path, shape)
                                              : make_coded_writer(spec_.path, spec_.format, shape);
  if (made) {
    writer_ = std::move(*made);
    return true;
  }
  error_ = made.error();
  end(RecordEnd::failed);
  return false;
}

std::optional<RecordResult> RecordJob::run() {
  if (writer_ == nullptr && !open()) {
    tap_->end();
    return finish();
  }
  // In this order: what came before the end is in the queue then.
  const bool closed = tap_->is_closed();
  const bool stopped = tap_->is_ended();
  FrameQueue& queue = tap_->queue();
  while (!end_) {
    const TapFrame* frame = queue.front();
    if (frame == nullptr) break;
    take(*frame);
    queue.pop();
  }
  if (!end_) {
    if (auto ok = writer_->flush(); !ok) {
      error_ = ok.error();
      end(RecordEnd::failed);
    } else if (stopped) {
      end(RecordEnd::stopped);
    } else if (closed) {
      end(RecordEnd::stream_closed);
    }
  }
  if (!end_) return std::nullopt;
  tap_->end();
  return finish();
}

RecordResult RecordJob::finish() {
  RecordResult result;
  if (writer_ != nullptr) {
    auto closed = writer_->finish();
    if (closed) {
      result.bytes = *closed;
    } else if (*end_ != RecordEnd::failed) {
      error_ = closed.error();
      end_ = RecordEnd::failed;
    }
    writer_.reset();
  }
  result.how = *end_;
  result.duration_ms = duration_ms();
  result.gap_ms = gap_frames_ * 20;
  result.error = std::move(error_);
  return result;
}

bool RecordJob::keep_time(const TapFrame& frame) {
  if (!next_at_) next_at_ = frame.at;
  const Duration late = frame.at - *next_at_;
  if (late < -kSlack) return false;
  if (late > kSlack) {
    const std::int64_t missing = std::min<std::int64_t>(late / kFrame, kMaxGapFrames);
    *next_at_ += kFrame * missing;
    if (!frame.paused || !spec_.skip_pauses) {
      for (std::int64_t i = 0; i < missing && !end_; ++i) {
        write({}, {});
        ++gap_frames_;
      }
    }
  }
  *next_at_ += kFrame;
  return true;
}

void RecordJob::take(const TapFrame& frame) {
  if (!keep_time(frame) || end_) return;
  if (frame.paused) {
    if (!spec_.skip_pauses) write({}, {});
    return;
  }
  const auto said = said_.next(frame.said);
  const auto heard = heard_.next(frame.heard);
  write(said, heard);
  if (!end_) apply_rules(said, heard);
}

void RecordJob::write(std::span<const std::int16_t> said, std::span<const std::int16_t> heard) {
  const auto sample = [](std::span<const std::int16_t> pcm, std::size_t i) {
    return i < pcm.size() ? pcm[i] : std::int16_t{0};
  };
  mixed_.clear();
  for (std::size_t i = 0; i < frame_; ++i) {
    const int left = spec_.side == RecordSide::heard ? 0 : sample(said, i);
    const int right = spec_.side == RecordSide::said ? 0 : sample(heard, i);
    if (spec_.dual) {
      mixed_.push_back(static_cast<std::int16_t>(left));
      mixed_.push_back(static_cast<std::int16_t>(right));
    } else {
      mixed_.push_back(static_cast<std::int16_t>(std::clamp(left + right, -32768, 32767)));
    }
  }
  if (auto ok = writer_->write(mixed_); !ok) {
    error_ = ok.error();
    return end(RecordEnd::failed);
  }
  ++frames_;
  if (spec_.max_duration_ms > 0 && duration_ms() >= spec_.max_duration_ms) end(RecordEnd::max_duration);
}

void RecordJob::apply_rules(std::span<const std::int16_t> said, std::span<const std::int16_t> heard) {
  if (spec_.initial_silence_ms == 0 && spec_.end_silence_ms == 0) return;
  silence_.frame(spec_.side == RecordSide::heard ? heard : said);
  if (!silence_.ever()) {
    if (spec_.initial_silence_ms > 0 && silence_.silent_ms() >= spec_.initial_silence_ms)
      end(RecordEnd::no_input);
  } else if (spec_.end_silence_ms > 0 && silence_.silent_ms() >= spec_.end_silence_ms) {
    end(RecordEnd::end_silence);
  }
}

}  // namespace tandem::media
