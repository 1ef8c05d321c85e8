#include "media/codec/codec.h"

#include <spandsp.h>

#include <algorithm>
#include <array>

#include "media/codec/concealer.h"
#include "media/codec/g711.h"

namespace tandem::media {
namespace {

class G711Encoder final : public Encoder {
 public:
  explicit G711Encoder(const G711Tables& tables) : tables_(tables) {}
  void encode(std::span<const std::int16_t> pcm, std::span<std::uint8_t> out) override {
    const std::size_t n = std::min(pcm.size(), out.size());
    for (std::size_t i = 0; i < n; ++i) out[i] = tables_.encode(pcm[i]);
    std::fill(out.begin() + static_cast<std::ptrdiff_t>(n), out.end(), tables_.encode(0));
  }

 private:
  const G711Tables& tables_;
};

class G711Decoder final : public Decoder {
 public:
  explicit G711Decoder(const G711Tables& tables) : tables_(tables), concealer_(8000) {}
  std::size_t decode(std::span<const std::uint8_t> payload, std::span<std::int16_t> pcm) override {
    const std::size_t n = std::min(payload.size(), pcm.size());
    for (std::size_t i = 0; i < n; ++i) pcm[i] = tables_.decode(payload[i]);
    concealer_.received(pcm.first(n));
    return n;
  }
  void conceal(std::span<std::int16_t> pcm) override { concealer_.conceal(pcm); }

 private:
  const G711Tables& tables_;
  Concealer concealer_;
};

struct G722Free {
  void operator()(g722_encode_state_t* s) const { g722_encode_free(s); }
  void operator()(g722_decode_state_t* s) const { g722_decode_free(s); }
};
constexpr int kG722BitRate = 64'000;  // The only one that RTP carries (RFC 3551 section 4.5.2).

class G722Encoder final : public Encoder {
 public:
  G722Encoder() : state_(g722_encode_init(nullptr, kG722BitRate, 0)) {}
  void encode(std::span<const std::int16_t> pcm, std::span<std::uint8_t> out) override {
    std::array<std::int16_t, kSamples> frame{};
    std::array<std::uint8_t, kSamples / 2> coded{};
    std::copy_n(pcm.begin(), std::min(pcm.size(), frame.size()), frame.begin());
    g722_encode(state_.get(), coded.data(), frame.data(), kSamples);
    std::copy_n(coded.begin(), std::min(coded.size(), out.size()), out.begin());
  }

 private:
  static constexpr std::size_t kSamples = 320;
  std::unique_ptr<g722_encode_state_t, G722Free> state_;
};

class G722Decoder final : public Decoder {
 public:
  G722Decoder() : state_(g722_decode_init(nullptr, kG722BitRate, 0)), concealer_(16'000) {}
  std::size_t decode(std::span<const std::uint8_t> payload, std::span<std::int16_t> pcm) override {
    const std::size_t bytes = std::min(payload.size(), pcm.size() / 2);
    if (bytes == 0) return 0;
    const int samples = g722_decode(state_.get(), pcm.data(), payload.data(), static_cast<int>(bytes));
    const auto n = static_cast<std::size_t>(std::max(samples, 0));
    concealer_.received(pcm.first(n));
    return n;
  }
  void conceal(std::span<std::int16_t> pcm) override { concealer_.conceal(pcm); }

 private:
  std::unique_ptr<g722_decode_state_t, G722Free> state_;
  Concealer concealer_;
};

}  // namespace

std::unique_ptr<Encoder> make_encoder(model::Codec codec) {
  switch (codec) {
    case model::Codec::pcmu:
      return std::make_unique<G711Encoder>(mu_law());
    case model::Codec::pcma:
      return std::make_unique<G711Encoder>(a_law());
    case model::Codec::g722:
      return std::make_unique<G722Encoder>();
  }
  return nullptr;
}

std::unique_ptr<Decoder> make_decoder(model::Codec codec) {
  switch (codec) {
    case model::Codec::pcmu:
      return std::make_unique<G711Decoder>(mu_law());
    case model::Codec::pcma:
      return std::make_unique<G711Decoder>(a_law());
    case model::Codec::g722:
      return std::make_unique<G722Decoder>();
  }
  return nullptr;
}

}  // namespace tandem::media
