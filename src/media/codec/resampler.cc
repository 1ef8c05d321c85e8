#include "media/codec/resampler.h"

#include <soxr.h>
#include <speex/speex_resampler.h>

#include <algorithm>
#include <stdexcept>

namespace tandem::media {
namespace {

constexpr int kSpeexQuality = 3;
constexpr std::size_t kBlock = 4096;  // Samples handed to soxr at a time.

}  // namespace

struct StreamResampler::State {
  std::uint32_t from_hz = 0;
  std::uint32_t to_hz = 0;
  SpeexResamplerState* speex = nullptr;  // Null when the rates are equal.
};

StreamResampler::StreamResampler(std::uint32_t from_hz, std::uint32_t to_hz)
    : state_(std::make_unique<State>()) {
  state_->from_hz = from_hz;
  state_->to_hz = to_hz;
  if (from_hz == to_hz) return;
  int error = 0;
  state_->speex = speex_resampler_init(1, from_hz, to_hz, kSpeexQuality, &error);
  if (state_->speex == nullptr) throw std::runtime_error(speex_resampler_strerror(error));
}

StreamResampler::~StreamResampler() {
  if (state_->speex != nullptr) speex_resampler_destroy(state_->speex);
}

std::size_t StreamResampler::capacity_for(std::size_t in) const {
  return in * state_->to_hz / state_->from_hz + 8;
}

std::size_t StreamResampler::convert(std::span<const std::int16_t> in, std::span<std::int16_t> out) {
  if (state_->speex == nullptr) {
    const std::size_t n = std::min(in.size(), out.size());
    std::copy_n(in.begin(), n, out.begin());
    return n;
  }
  auto in_length = static_cast<spx_uint32_t>(in.size());
  auto out_length = static_cast<spx_uint32_t>(out.size());
  speex_resampler_process_int(state_->speex, 0, in.data(), &in_length, out.data(), &out_length);
  return out_length;
}

struct PromptResampler::State {
  double ratio = 1;
  soxr_t soxr = nullptr;  // Null when the rates are equal.
  void run(const std::int16_t* in, std::size_t length, std::vector<std::int16_t>& out) const;
};

PromptResampler::PromptResampler(std::uint32_t from_hz, std::uint32_t to_hz)
    : state_(std::make_unique<State>()) {
  state_->ratio = static_cast<double>(to_hz) / from_hz;
  if (from_hz == to_hz) return;
  soxr_io_spec_t io = soxr_io_spec(SOXR_INT16_I, SOXR_INT16_I);
  io.flags |= SOXR_NO_DITHER;  // The same input shall give the same payloads each time.
  const soxr_quality_spec_t quality = soxr_quality_spec(SOXR_MQ, 0);
  const soxr_runtime_spec_t runtime = soxr_runtime_spec(1);
  soxr_error_t error = nullptr;
  state_->soxr = soxr_create(from_hz, to_hz, 1, &error, &io, &quality, &runtime);
  if (state_->soxr == nullptr) throw std::runtime_error(error != nullptr ? error : "soxr_create failed");
}

PromptResampler::~PromptResampler() {
  soxr_delete(state_->soxr);
}

// With `in` null the rest is drawn out.
void PromptResampler::State::run(const std::int16_t* in, std::size_t length,
                                 std::vector<std::int16_t>& out) const {
  for (;;) {
    const std::size_t used = out.size();
    const auto room = static_cast<std::size_t>(static_cast<double>(length) * ratio) + 256;
    out.resize(used + room);
    std::size_t taken = 0;
    std::size_t made = 0;
    soxr_process(soxr, in, length, &taken, out.data() + used, room, &made);
    out.resize(used + made);
    if (in != nullptr) {
      in += taken;
      length -= taken;
      if (length == 0 && made < room) return;
      if (taken == 0 && made == 0) return;
    } else if (made == 0) {
      return;
    }
  }
}

void PromptResampler::convert(std::span<const std::int16_t> in, std::vector<std::int16_t>& out) {
  if (state_->soxr == nullptr) {
    out.insert(out.end(), in.begin(), in.end());
    return;
  }
  while (!in.empty()) {
    const auto block = in.first(std::min(in.size(), kBlock));
    state_->run(block.data(), block.size(), out);
    in = in.subspan(block.size());
  }
}

void PromptResampler::flush(std::vector<std::int16_t>& out) {
  if (state_->soxr != nullptr) state_->run(nullptr, 0, out);
}

}  // namespace tandem::media
