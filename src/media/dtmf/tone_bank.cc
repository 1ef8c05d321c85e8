#include "media/dtmf/tone_bank.h"

#include <cmath>
#include <numbers>
#include <stdexcept>

namespace tandem::media {
namespace {

constexpr std::array<double, 4> kRows{697, 770, 852, 941};
constexpr std::array<double, 4> kColumns{1209, 1336, 1477, 1633};
// 102 samples at 8 kHz: the bins are narrow enough to tell neighbours apart, and wide enough for tones that
// are 1.5 % off (Q.24); two of them fit into the shortest digit of 40 ms wherever it begins.
constexpr std::uint32_t kBlockAt8k = 102;

}  // namespace

ToneBank::ToneBank(std::uint32_t sample_rate_hz) : table_(sample_rate_hz / 8000 * kBlockAt8k / 2) {
  for (std::size_t k = 0; k < table_.size(); ++k) {
    const double t = 2 * std::numbers::pi * (static_cast<double>(k) + 0.5) / sample_rate_hz;
    for (std::size_t i = 0; i < 4; ++i) {
      table_[k].row_cos[i] = static_cast<float>(std::cos(kRows[i] * t));
      table_[k].row_sin[i] = static_cast<float>(std::sin(kRows[i] * t));
      table_[k].column_cos[i] = static_cast<float>(std::cos(kColumns[i] * t));
      table_[k].column_sin[i] = static_cast<float>(std::sin(kColumns[i] * t));
    }
  }
}

ToneLevels ToneBank::measure(std::span<const std::int16_t> pcm) const {
  // Seen from the middle of the block a cosine is even and a sine odd: the two halves are folded onto each
  // other first, which saves half of the products.
  Row sum{};
  float all = 0;
  const std::size_t half = table_.size();
  const std::int16_t* after = pcm.data() + half;
  const std::int16_t* before = after - 1;
  for (const Row& t : table_) {
    const int a = *after++;
    const int b = *before--;
    const auto even = static_cast<float>(a + b);
    const auto odd = static_cast<float>(a - b);
    sum.row_cos += even * t.row_cos;
    sum.column_cos += even * t.column_cos;
    sum.row_sin += odd * t.row_sin;
    sum.column_sin += odd * t.column_sin;
    all += even * even + odd * odd;
  }
  const Four rows = sum.row_cos * sum.row_cos + sum.row_sin * sum.row_sin;
  const Four columns = sum.column_cos * sum.column_cos + sum.column_sin * sum.column_sin;
  const auto n = static_cast<float>(block());
  ToneLevels out;
  for (std::size_t i = 0; i < 4; ++i) {
    out.rows[i] = 2 * rows[i] / (n * n);
    out.columns[i] = 2 * columns[i] / (n * n);
  }
  out.all = all / (2 * n);
  return out;
}

const ToneBank& tone_bank(std::uint32_t sample_rate_hz) {
  static const ToneBank kNarrow(8000);
  static const ToneBank kWide(16'000);
  static const ToneBank kFull(48'000);
  switch (sample_rate_hz) {
    case 8000:
      return kNarrow;
    case 16'000:
      return kWide;
    case 48'000:
      return kFull;
    default:
      throw std::invalid_argument("no DTMF detection at this sample rate");
  }
}

}  // namespace tandem::media
