// All variants of the kernels give the same results, bit for bit; and the right ones.
#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "media/mixer/kernels.h"
#include "media/mixer/limiter.h"

namespace tandem::media {
namespace {

struct Samples {
  explicit Samples(std::size_t n) : pcm(n), sum(n), bytes(n) {
    for (auto& s : pcm) s = static_cast<std::int16_t>(random());
    for (auto& s : sum) s = static_cast<std::int32_t>(random()) >> (random() % 24);
    for (auto& b : bytes) b = static_cast<std::uint8_t>(random());
    if (n > 0) pcm[n / 2] = -32768;
  }
  std::mt19937 random{static_cast<std::uint32_t>(5)};
  std::vector<std::int16_t> pcm;
  std::vector<std::int32_t> sum;
  std::vector<std::uint8_t> bytes;
};

struct Results {
  std::vector<std::int32_t> added, taken, scaled;
  std::vector<std::int16_t> packed, clipped;
  std::uint64_t numbers[5]{};
  friend bool operator==(const Results&, const Results&) = default;
};

Results run(const Kernels& k, const Samples& in) {
  const std::size_t n = in.pcm.size();
  Results r{in.sum, in.sum, in.sum, std::vector<std::int16_t>(n), std::vector<std::int16_t>(n), {}};
  for (auto& s : r.added) s /= 2;
  for (auto& s : r.taken) s /= 2;
  k.accumulate(r.added.data(), in.pcm.data(), n);
  k.subtract(r.taken.data(), in.pcm.data(), n);
  k.scale(r.scaled.data(), 0.9F, 0.13F, n);
  k.pack(in.sum.data(), 0.013F, 1.7F, r.packed.data(), n);
  k.saturate(in.sum.data(), r.clipped.data(), n);
  r.numbers[0] = k.peak(r.added.data(), n);
  r.numbers[1] = k.peak16(in.pcm.data(), n);
  r.numbers[2] = k.energy(in.pcm.data(), n);
  r.numbers[3] = k.peak_code(in.bytes.data(), 0xff, n);
  r.numbers[4] = k.peak_code(in.bytes.data(), 0x55, n);
  return r;
}

TEST(Kernels, VariantsAgreeBitForBit) {
  ASSERT_GE(usable_kernels().size(), 2U);
  EXPECT_EQ(&best_kernels(), usable_kernels().back());
  for (const std::size_t n : {1U, 2U, 7U, 16U, 31U, 80U, 159U, 160U, 320U}) {
    const Samples in(n);
    const Results plain = run(*usable_kernels().front(), in);
    for (const Kernels* k : usable_kernels()) EXPECT_EQ(run(*k, in), plain) << k->name << " " << n;
  }
}

TEST(Kernels, DoWhatTheySay) {
  for (const Kernels* k : usable_kernels()) {
    std::vector<std::int32_t> sum{1, -2, 40'000, -40'000};
    const std::vector<std::int16_t> in{10, 20, -32768, 32767};
    EXPECT_EQ(k->peak(sum.data(), 4), 40'000U);
    EXPECT_EQ(k->peak16(in.data(), 4), 32'768U);
    EXPECT_EQ(k->energy(in.data(), 2), 500U);
    std::vector<std::int16_t> out(4);
    k->saturate(sum.data(), out.data(), 4);
    EXPECT_EQ(out, (std::vector<std::int16_t>{1, -2, 32767, -32768}));
    k->pack(sum.data(), 0.5F, 0.5F, out.data(), 4);
    EXPECT_EQ(out, (std::vector<std::int16_t>{1, -1, 20'000, -20'000}));
    k->accumulate(sum.data(), in.data(), 4);
    k->accumulate(sum.data(), in.data(), 4);
    k->subtract(sum.data(), in.data(), 4);
    EXPECT_EQ(sum, (std::vector<std::int32_t>{11, 18, 7232, -7233}));
  }
}

TEST(Limiter, LeavesAloneWhatFitsAndBringsDownTheRest) {
  Limiter limiter;
  std::vector<std::int32_t> sum(160);
  std::vector<std::int16_t> out(160);
  for (std::size_t i = 0; i < sum.size(); ++i) sum[i] = i % 2 == 0 ? 30'000 : -30'000;
  limiter.apply(sum, out, best_kernels());
  EXPECT_TRUE(std::equal(sum.begin(), sum.end(), out.begin()));
  for (auto& s : sum) s *= 4;
  limiter.apply(sum, out, best_kernels());
  for (std::size_t i = 16; i < out.size(); ++i) EXPECT_NEAR(std::abs(out[i]), 32'000, 20);
  for (auto& s : sum) s /= 8;
  for (int frame = 0; frame < 60; ++frame) limiter.apply(sum, out, best_kernels());
  EXPECT_TRUE(std::equal(sum.begin(), sum.end(), out.begin()));
}

}  // namespace
}  // namespace tandem::media
