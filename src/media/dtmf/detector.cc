#include "media/dtmf/detector.h"

#include <spandsp.h>

#include <algorithm>
#include <array>
#include <new>

#include "media/codec/resampler.h"

namespace tandem::media {
namespace {

constexpr std::uint32_t kRate = 8000;
// spandsp looks at blocks of 102 samples and wants two alike before it reports either edge: the start is
// reported one block or more after it was, the end just as late, so the difference of the two stands for the
// tone's length.
constexpr std::size_t kFeedBlock = 102;

struct DtmfFree {
  void operator()(dtmf_rx_state_t* s) const { dtmf_rx_free(s); }
};

}  // namespace

struct DtmfDetector::State {
  explicit State(std::uint32_t rate) : resampler(rate, kRate) {}
  StreamResampler resampler;
  std::array<std::int16_t, 1024> converted{};
  std::unique_ptr<dtmf_rx_state_t, DtmfFree> rx;
  std::uint64_t position = 0;  // Samples at 8 kHz.
  std::uint64_t started_at = 0;
  char digit = 0;
  Sink* sink = nullptr;  // While feed() runs.

  void on_change(char code) {
    if (code == digit) return;
    if (digit != 0) {
      const auto ms = static_cast<std::uint32_t>((position - started_at) * 1000 / kRate);
      if (sink != nullptr) (*sink)({digit, false, ms});
    }
    digit = code;
    started_at = position;
    if (digit != 0 && sink != nullptr) (*sink)({digit, true, 0});
  }
  static void report(void* self, int code, int /*level*/, int /*delay*/) {
    static_cast<State*>(self)->on_change(static_cast<char>(code));
  }
  void run(std::span<const std::int16_t> pcm) {
    while (!pcm.empty()) {
      const auto block = pcm.first(std::min(pcm.size(), kFeedBlock));
      position += block.size();
      dtmf_rx(rx.get(), block.data(), static_cast<int>(block.size()));
      pcm = pcm.subspan(block.size());
    }
  }
};

DtmfDetector::DtmfDetector(std::uint32_t sample_rate_hz) : state_(std::make_unique<State>(sample_rate_hz)) {
  state_->rx.reset(dtmf_rx_init(nullptr, nullptr, nullptr));
  if (state_->rx == nullptr) throw std::bad_alloc();
  dtmf_rx_set_realtime_callback(state_->rx.get(), &State::report, state_.get());
}

DtmfDetector::~DtmfDetector() = default;

void DtmfDetector::feed(std::span<const std::int16_t> pcm, Sink& sink) {
  state_->sink = &sink;
  while (!pcm.empty()) {
    const auto block = pcm.first(std::min<std::size_t>(pcm.size(), 960));
    const std::size_t n = state_->resampler.convert(block, state_->converted);
    state_->run(std::span(state_->converted).first(n));
    pcm = pcm.subspan(block.size());
  }
  state_->sink = nullptr;
}

void DtmfDetector::lost(std::size_t samples) {
  dtmf_rx_fillin(state_->rx.get(), static_cast<int>(std::min<std::size_t>(samples, 48'000)));
}

}  // namespace tandem::media
