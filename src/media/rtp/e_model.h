// A listening-quality estimate after the E-model (ITU-T G.107, simplified to the factors that we measure).
#pragma once

#include "model/media_description.h"

namespace tandem::media {

/// Mean opinion score of 1.0 to 4.5. `loss_percent` after the jitter buffer, `one_way_delay_ms` mouth to ear.
[[nodiscard]] double estimate_mos(model::Codec codec, double loss_percent, double one_way_delay_ms);

}  // namespace tandem::media
