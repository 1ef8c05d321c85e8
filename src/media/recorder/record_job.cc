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
  drain();
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

void RecordJob::drain() {
  // In this order: silence passed after all that was said, and a pause is known before it is there.
  const TimePoint passed = tap_->passed();
  FrameQueue& queue = tap_->queue();
  std::size_t frames = queue.size();
  pauses_ = tap_->pauses();
  for (; frames > 0 && !end_; --frames) {
    take(*queue.front());
    queue.pop();
  }
  if (end_ || !tap_->is_timed() || !next_at_ || passed < *next_at_) return;
  fill((passed - *next_at_) / kFrame + 1);
}

std::int64_t RecordJob::gap_ms() const {
  return (tap_->is_timed() ? tap_->dropped() : gap_frames_) * 20;
}

bool RecordJob::paused_at(TimePoint at) const {
  const auto after = std::upper_bound(pauses_.begin(), pauses_.end(), at,
                                      [](TimePoint t, const PauseChange& change) { return t < change.at; });
  return after != pauses_.begin() && std::prev(after)->paused;
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
  result.gap_ms = gap_ms();
  result.error = std::move(error_);
  return result;
}

bool RecordJob::keep_time(TimePoint at) {
  if (!next_at_) next_at_ = at;
  const Duration late = at - *next_at_;
  if (tap_->is_timed()) {
    if (late < Duration{}) return false;
    fill(late / kFrame);
    return true;
  }
  if (late < -kSlack) return false;
  if (late > kSlack) fill(std::min<std::int64_t>(late / kFrame, kMaxGapFrames));
  return true;
}

void RecordJob::fill(std::int64_t frames) {
  const TapFrame::Side nothing;
  for (; frames > 0 && !end_; --frames, *next_at_ += kFrame) {
    const bool paused = paused_at(*next_at_);
    if (paused && spec_.skip_pauses) continue;
    write(said_.next(nothing), heard_.next(nothing));
    if (!paused) ++gap_frames_;
  }
}

void RecordJob::take(const TapFrame& frame) {
  if (!keep_time(frame.at) || end_) return;
  // Files in step with each other agree on the whole frames that are a pause.
  const bool paused = paused_at(tap_->is_timed() ? *next_at_ : frame.at);
  *next_at_ += kFrame;
  if (paused) {
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
