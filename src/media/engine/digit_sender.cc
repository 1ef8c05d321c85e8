#include "media/engine/digit_sender.h"

#include <algorithm>

namespace tandem::media {
namespace {
constexpr std::uint32_t kFrameMs = 20;
constexpr std::uint32_t kEndTicksInGap = 2;  // The last two of the three end packets.
constexpr std::uint32_t kLongestPressMs = 6000;
constexpr std::uint32_t kShortestPressMs = 60;
constexpr std::uint32_t kPassedGapMs = 40;
constexpr std::size_t kMaxPassedOn = 32;
}  // namespace

void DigitSender::add(PlayId tag, std::string digits, std::uint32_t duration_ms, std::uint32_t gap_ms) {
  jobs_.push_back({tag, std::move(digits), std::clamp(duration_ms, 40U, 6000U),
                   std::clamp(gap_ms, 40U, 5000U), 0, false});
}

void DigitSender::finish(std::size_t index, bool complete) {
  const PlayId tag = jobs_[index].tag;
  const bool passed_on = jobs_[index].passed_on;
  jobs_.erase(jobs_.begin() + static_cast<std::ptrdiff_t>(index));
  if (index == 0) tone_.reset();
  if (!passed_on) done_(tag, complete);
}

void DigitSender::press(char digit) {
  if (jobs_.size() >= kMaxPassedOn) return;
  jobs_.push_back({0, std::string(1, digit), kLongestPressMs, kPassedGapMs, 0, true});
}

void DigitSender::let_go(std::uint32_t duration_ms) {
  if (jobs_.empty() || !jobs_.back().passed_on) return;
  duration_ms = std::clamp(duration_ms, kShortestPressMs, kLongestPressMs);
  const bool first = jobs_.size() == 1;
  if (first && tone_) {
    tone_->generator->cut(duration_ms);
  } else if (first && event_.active()) {
    event_.end_at(duration_ms * 8);
  } else {
    jobs_.back().duration_ms = duration_ms;
  }
}

void DigitSender::stop(PlayId tag) {
  for (std::size_t i = 0; i < jobs_.size(); ++i) {
    if (jobs_[i].tag != tag || jobs_[i].passed_on) continue;
    // The event under way is closed by its end packets, or the peer would hear it go on.
    if (i == 0) event_.cut();
    finish(i, false);
    return;
  }
}

void DigitSender::configure(model::Codec codec, bool events) {
  if (codec == codec_ && events == events_) return;
  codec_ = codec;
  events_ = events;
  event_ = {};
  gap_ticks_ = 0;
  if (std::exchange(tone_, std::nullopt) && !jobs_.empty()) finish(0, false);
}

void DigitSender::close() {
  while (!jobs_.empty()) finish(0, false);
}

DigitSender::Out DigitSender::tick(std::uint32_t timestamp, std::uint32_t frame_units) {
  if (event_.active()) return event_.tick(frame_units);
  if (jobs_.empty() && gap_ticks_ == 0) return Idle{};
  return events_ ? tick_event(timestamp, frame_units) : tick_tone();
}

DigitSender::Out DigitSender::tick_event(std::uint32_t timestamp, std::uint32_t frame_units) {
  if (gap_ticks_ > 0) {
    --gap_ticks_;
    return Quiet{};
  }
  while (!jobs_.empty()) {
    Job& job = jobs_.front();
    if (job.at == job.digits.size()) {
      finish(0, true);
      continue;
    }
    const char c = job.digits[job.at++];
    if (c == 'w' || c == 'W') {
      gap_ticks_ = (c == 'w' ? 500 : 1000) / kFrameMs - 1;
      return Quiet{};
    }
    const auto event = digit_event(c);
    if (!event) continue;
    event_.start(*event, timestamp, static_cast<std::uint16_t>(job.duration_ms * frame_units / kFrameMs));
    gap_ticks_ = (job.gap_ms + kFrameMs - 1) / kFrameMs - kEndTicksInGap;
    return event_.tick(frame_units);
  }
  return Idle{};
}

DigitSender::Out DigitSender::tick_tone() {
  gap_ticks_ = 0;
  while (!jobs_.empty()) {
    const auto rate = model::traits(codec_).sample_rate_hz;
    if (!tone_) {
      tone_ = Tone{make_encoder(codec_), std::make_unique<DtmfGenerator>(rate)};
      tone_->generator->add(std::string_view(jobs_.front().digits).substr(jobs_.front().at),
                            jobs_.front().duration_ms, jobs_.front().gap_ms);
    }
    std::array<std::int16_t, 960> pcm{};
    const auto frame = std::span(pcm).first(rate / 50);
    if (tone_->generator->fill(frame) == 0) {
      finish(0, true);
      continue;
    }
    tone_->encoder->encode(frame, payload_);
    return std::span<const std::uint8_t>(payload_);
  }
  return Idle{};
}

}  // namespace tandem::media
