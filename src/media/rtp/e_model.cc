#include "media/rtp/e_model.h"

#include <algorithm>

namespace tandem::media {

double estimate_mos(model::Codec codec, double loss_percent, double one_way_delay_ms) {
  // Ie and Bpl of G.113 Appendix I: G.711 with concealment 0 and 25.1; G.722 as a narrow-band equivalent.
  const double ie = codec == model::Codec::g722 ? 13.0 : 0.0;
  const double bpl = codec == model::Codec::g722 ? 20.0 : 25.1;
  const double loss = std::clamp(loss_percent, 0.0, 100.0);
  const double d = std::max(0.0, one_way_delay_ms);
  const double delay_impairment = 0.024 * d + (d > 177.3 ? 0.11 * (d - 177.3) : 0.0);
  const double loss_impairment = ie + (95.0 - ie) * loss / (loss + bpl);
  const double r = std::clamp(93.2 - delay_impairment - loss_impairment, 0.0, 100.0);
  const double mos = 1.0 + 0.035 * r + r * (r - 60.0) * (100.0 - r) * 7e-6;
  return std::clamp(mos, 1.0, 4.5);
}

}  // namespace tandem::media
