#include "media/mixer/voice_gate.h"

namespace tandem::media {
namespace {
// Magnitude codes of kPeak (G.711): exponent and mantissa rise with the magnitude.
constexpr std::uint8_t kMuLawCode = 0x13;
constexpr std::uint8_t kALawCode = 0x0b;
}  // namespace

bool VoiceGate::on_payload(model::Codec codec, std::span<const std::uint8_t> payload,
                           const Kernels& kernels) {
  if (codec == model::Codec::g722) return false;
  const bool mu_law = codec == model::Codec::pcmu;
  const std::uint8_t code = kernels.peak_code(payload.data(), mu_law ? 0xff : 0x55, payload.size());
  if (code >= (mu_law ? kMuLawCode : kALawCode)) hold_ = kHangOver;
  return true;
}

}  // namespace tandem::media
