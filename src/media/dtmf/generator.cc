#include "media/dtmf/generator.h"

#include <algorithm>
#include <array>

namespace tandem::media {
namespace {

constexpr std::string_view kKeys = "123A456B789C*0#D";
constexpr std::array<double, 4> kRows = {697, 770, 852, 941};
constexpr std::array<double, 4> kColumns = {1209, 1336, 1477, 1633};
// A full-scale sine is +3.14 dBm0 in both laws of G.711.
constexpr double kFullScaleDbm0 = 3.14;

std::size_t key_index(char c) {
  if (c >= 'a' && c <= 'd') c = static_cast<char>(c - 'a' + 'A');
  return kKeys.find(c);
}

}  // namespace

bool is_dtmf_digit(char c) {
  return key_index(c) != std::string_view::npos;
}

DtmfGenerator::DtmfGenerator(std::uint32_t sample_rate_hz, double level_dbm0)
    : rate_(sample_rate_hz), amplitude_(32767 * std::pow(10, (level_dbm0 - kFullScaleDbm0) / 20)) {}

void DtmfGenerator::add(std::string_view digits, std::uint32_t duration_ms, std::uint32_t gap_ms) {
  const auto samples = [this](std::uint64_t ms) { return static_cast<std::size_t>(ms * rate_ / 1000); };
  for (const char c : digits) {
    if (c == 'w' || c == 'W') {
      queue_.push_back({0, 0, samples(c == 'w' ? 500 : 1000)});
      continue;
    }
    const std::size_t key = key_index(c);
    if (key == std::string_view::npos) continue;
    if (duration_ms > 0) queue_.push_back({kRows[key / 4], kColumns[key % 4], samples(duration_ms)});
    if (gap_ms > 0) queue_.push_back({0, 0, samples(gap_ms)});
  }
}

std::size_t DtmfGenerator::fill(std::span<std::int16_t> pcm) {
  std::size_t written = 0;
  while (written < pcm.size() && !queue_.empty()) {
    const Item& item = queue_.front();
    if (done_ == 0 && item.low_hz > 0) {
      low_ = Oscillator(item.low_hz, rate_, amplitude_);
      high_ = Oscillator(item.high_hz, rate_, amplitude_);
    }
    const std::size_t n = std::min(pcm.size() - written, item.samples - done_);
    for (std::int16_t& sample : pcm.subspan(written, n)) {
      sample = item.low_hz > 0
                   ? static_cast<std::int16_t>(std::clamp(low_.next() + high_.next(), -32768.0, 32767.0))
                   : std::int16_t{0};
    }
    written += n;
    done_ += n;
    if (done_ == item.samples) {
      queue_.pop_front();
      done_ = 0;
    }
  }
  return written;
}

void DtmfGenerator::cut(std::uint32_t duration_ms) {
  if (queue_.empty() || queue_.front().low_hz == 0) return;
  const std::size_t wanted = static_cast<std::size_t>(duration_ms) * rate_ / 1000;
  Item& tone = queue_.front();
  tone.samples = std::max(std::min(tone.samples, wanted), done_ + 1);
}

void DtmfGenerator::clear() {
  queue_.clear();
  done_ = 0;
}

}  // namespace tandem::media
