#include "media/dtmf/detector.h"

#include <algorithm>
#include <utility>

namespace tandem::media {
namespace {

constexpr const char* kDigits = "123A456B789C*0#D";  // Row by row.
// Of each tone; -42 dBm0, where a sine of full scale has 3.14 dBm0.
constexpr float kLeast = 16'440;
constexpr float kColumnOverRow = 2.512F;  // Reverse twist: 4 dB.
constexpr float kRowOverColumn = 6.309F;  // Normal twist: 8 dB.
constexpr float kOverOthers = 6.309F;     // 8 dB over the other tones of the group.
// Of all there is in the block. Speech has more beside any two partials, a second harmonic to begin with.
constexpr float kShare = 0.822F;

bool stands_out(const std::array<float, 4>& group, std::size_t best) {
  for (std::size_t i = 0; i < group.size(); ++i) {
    if (i != best && group[i] * kOverOthers > group[best]) return false;
  }
  return true;
}

std::size_t strongest(const std::array<float, 4>& group) {
  return static_cast<std::size_t>(std::max_element(group.begin(), group.end()) - group.begin());
}

}  // namespace

char dtmf_digit(const ToneLevels& levels) {
  const std::size_t r = strongest(levels.rows);
  const std::size_t c = strongest(levels.columns);
  const float row = levels.rows[r];
  const float column = levels.columns[c];
  if (row < kLeast || column < kLeast) return 0;
  if (column > row * kColumnOverRow || row > column * kRowOverColumn) return 0;
  if (row + column < kShare * levels.all) return 0;
  if (!stands_out(levels.rows, r) || !stands_out(levels.columns, c)) return 0;
  return kDigits[4 * r + c];
}

DtmfDetector::DtmfDetector(std::uint32_t sample_rate_hz)
    : bank_(tone_bank(sample_rate_hz)), rate_(sample_rate_hz) {
  block_.reserve(bank_.block());
}

void DtmfDetector::feed(std::span<const std::int16_t> pcm, Sink& sink) {
  const std::size_t whole = bank_.block();
  while (!pcm.empty()) {
    if (block_.empty() && pcm.size() >= whole) {
      on_block(pcm.first(whole), sink);
      pcm = pcm.subspan(whole);
      continue;
    }
    const auto part = pcm.first(std::min(pcm.size(), whole - block_.size()));
    block_.insert(block_.end(), part.begin(), part.end());
    pcm = pcm.subspan(part.size());
    if (block_.size() < whole) return;
    on_block(block_, sink);
    block_.clear();
  }
}

// Two blocks alike, which are not the digit that goes on, are wanted before anything changes: a digit starts
// with two in a row, one odd block does not end it, and the delay is the same at both of its ends, so that
// their difference is the tone's length.
void DtmfDetector::on_block(std::span<const std::int16_t> block, Sink& sink) {
  position_ += block.size();
  const char hit = dtmf_digit(bank_.measure(block));
  const char before = std::exchange(last_hit_, hit);
  if (hit == digit_ || before == digit_) return;
  const char now = hit == before ? hit : '\0';
  if (now == digit_) return;
  if (digit_ != 0) {
    sink({digit_, false, static_cast<std::uint32_t>((position_ - started_at_) * 1000 / rate_)});
  }
  digit_ = now;
  started_at_ = position_;
  if (digit_ != 0) sink({digit_, true, 0});
}

void DtmfDetector::lost(std::size_t samples) {
  position_ += samples;
  block_.clear();
}

}  // namespace tandem::media
