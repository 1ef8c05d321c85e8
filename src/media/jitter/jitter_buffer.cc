#include "media/jitter/jitter_buffer.h"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <utility>

namespace tandem::media {
namespace {
constexpr std::uint32_t kWatchFrames = 100;  // Two seconds.
constexpr std::uint32_t kGrowHoldFrames = 5;
constexpr std::uint32_t kLateFrames = 10;
constexpr std::uint32_t kConcealFrames = 10;  // After that the peer pauses; there is nothing to make up.
constexpr std::int32_t kJumpSeconds = 2;      // Beyond it, time stamps were restarted.

std::int32_t distance(std::uint32_t a, std::uint32_t b) {
  return static_cast<std::int32_t>(a - b);
}
}  // namespace

JitterBuffer::JitterBuffer(JitterOptions options)
    : options_(options),
      max_target_(std::max<std::uint32_t>(
          options.frame_units,
          static_cast<std::uint32_t>(options.max_delay.count()) * options.clock_hz / 1000)) {
  reset();
}

void JitterBuffer::reset() {
  for (Slot& s : slots_) s.used = false;
  used_ = 0;
  started_ = false;
  target_ = std::min(2 * options_.frame_units, max_target_);
  grow_ = grow_hold_ = preroll_ = frames_watched_ = missing_in_row_ = 0;
  shrink_ = false;
  least_depth_ = std::numeric_limits<std::uint32_t>::max();
}

void JitterBuffer::start_at(std::uint32_t timestamp) {
  for (Slot& s : slots_) s.used = false;
  used_ = 0;
  started_ = true;
  new_source_ = late_ = false;
  offset_ = late_frames_ = 0;
  play_at_ = highest_end_ = timestamp;
  preroll_ = target_;
  grow_ = missing_in_row_ = frames_watched_ = 0;
  least_depth_ = std::numeric_limits<std::uint32_t>::max();
}

void JitterBuffer::append_after_jump(std::uint32_t timestamp) {
  const bool empty = distance(highest_end_, play_at_) <= 0;
  if (empty) preroll_ = target_;
  offset_ = (empty ? play_at_ : highest_end_) - timestamp;
  new_source_ = false;
  late_frames_ = 0;
}

JitterBuffer::Pushed JitterBuffer::on_late(std::uint32_t by) {
  late_ = true;
  // One step for each burst of late packets, so that a single stall of the network costs little more than
  // itself; none for those that no delay of ours would have saved.
  if (by <= max_target_ && grow_hold_ == 0 && target_ + options_.frame_units <= max_target_) {
    grow_ = options_.frame_units;
    grow_hold_ = kGrowHoldFrames;
  }
  return Pushed::late;
}

JitterBuffer::Pushed JitterBuffer::push(std::uint16_t sequence, std::uint32_t timestamp, std::uint32_t units,
                                        std::span<const std::uint8_t> payload) {
  if (payload.empty() || payload.size() > kMaxPayload || units == 0) return Pushed::refused;
  if (!started_) start_at(timestamp);
  const std::int64_t from_now = distance(timestamp + offset_, play_at_);
  const bool jumped = std::abs(from_now) > std::int64_t{kJumpSeconds} * options_.clock_hz;
  if (new_source_ || jumped || late_frames_ >= kLateFrames) append_after_jump(timestamp);
  timestamp += offset_;
  if (preroll_ > 0 && distance(timestamp, play_at_) < 0 && used_ > 0) {
    play_at_ = timestamp;  // Reordered at the very start.
  }
  const std::int32_t ahead = distance(timestamp + units, play_at_);
  if (ahead <= 0) return on_late(static_cast<std::uint32_t>(-ahead));
  late_frames_ = 0;
  if (missing_in_row_ > kConcealFrames) {
    // A talk spurt after a pause: the delay is built up anew, so that its second packet may be late.
    play_at_ = timestamp;
    preroll_ = target_;
  }
  missing_in_row_ = 0;
  std::size_t room = kSlots;
  for (std::size_t i = 0; i < kSlots; ++i) {
    const Slot& s = slots_[i];
    if (s.used && s.sequence == sequence && s.timestamp == timestamp) return Pushed::duplicate;
    if (!s.used) room = std::min(room, i);
  }
  if (room == kSlots) return Pushed::refused;
  slots_[room] = {true, sequence, timestamp, units, static_cast<std::uint16_t>(payload.size())};
  std::copy(payload.begin(), payload.end(), payloads_[room].begin());
  ++used_;
  if (distance(timestamp + units, highest_end_) > 0) highest_end_ = timestamp + units;
  // A burst, such as the first packets of a call that waited in the socket: old audio is worth less than
  // delay.
  const auto depth = static_cast<std::uint32_t>(std::max(0, distance(highest_end_, play_at_)));
  if (depth > max_target_ + 4 * options_.frame_units) play_at_ = highest_end_ - target_;
  return Pushed::queued;
}

std::optional<std::size_t> JitterBuffer::oldest() const {
  if (used_ == 0) return std::nullopt;
  std::optional<std::size_t> best;
  for (std::size_t i = 0; i < kSlots; ++i) {
    if (!slots_[i].used) continue;
    if (!best || distance(slots_[i].timestamp, slots_[*best].timestamp) < 0) best = i;
  }
  return best;
}

std::uint32_t JitterBuffer::depth_ms() const {
  const std::int32_t depth = started_ ? distance(highest_end_, play_at_) : 0;
  return depth > 0 ? static_cast<std::uint32_t>(depth) * 1000 / options_.clock_hz : 0;
}

void JitterBuffer::watch_depth() {
  const std::int32_t depth = std::max(0, distance(highest_end_, play_at_));
  least_depth_ = std::min(least_depth_, static_cast<std::uint32_t>(depth));
  if (++frames_watched_ < kWatchFrames) return;
  // Even at the worst moment a frame more waited than a steady stream needs.
  shrink_ = least_depth_ > 3 * options_.frame_units;
  frames_watched_ = 0;
  least_depth_ = std::numeric_limits<std::uint32_t>::max();
}

JitterBuffer::Step JitterBuffer::missing(std::uint32_t units) {
  play_at_ += units;
  ++missing_in_row_;
  if (missing_in_row_ > kConcealFrames) return {Step::Kind::silence, {}, units, 0};
  ++concealed_;
  return {Step::Kind::conceal, {}, units, 0};
}

JitterBuffer::Step JitterBuffer::next() {
  const std::uint32_t frame = options_.frame_units;
  if (!started_) return {Step::Kind::silence, {}, frame, 0};
  if (preroll_ > 0) {
    const std::uint32_t units = std::min(preroll_, frame);
    preroll_ -= units;
    return {Step::Kind::silence, {}, units, 0};
  }
  if (grow_ > 0) {
    const std::uint32_t units = std::min(grow_, frame);
    grow_ -= units;
    target_ += units;
    return {Step::Kind::conceal, {}, units, 0};
  }
  watch_depth();
  if (std::exchange(late_, false)) ++late_frames_;
  if (grow_hold_ > 0) --grow_hold_;
  while (const auto at = oldest()) {
    Slot* const s = &slots_[*at];
    const std::int32_t ahead = distance(s->timestamp, play_at_);
    if (ahead > 0) return missing(std::min(static_cast<std::uint32_t>(ahead), frame));
    s->used = false;
    --used_;
    const auto skip = static_cast<std::uint32_t>(-ahead);
    if (skip >= s->units) continue;  // Overlaps what was played.
    play_at_ = s->timestamp + s->units;
    const std::span<const std::uint8_t> payload(payloads_[*at].data(), s->bytes);
    if (std::exchange(shrink_, false)) {
      target_ = std::max(frame, target_ > s->units ? target_ - s->units : frame);
      return {Step::Kind::drop, payload, s->units, 0};
    }
    return {Step::Kind::play, payload, s->units, skip};
  }
  return missing(frame);
}

}  // namespace tandem::media
