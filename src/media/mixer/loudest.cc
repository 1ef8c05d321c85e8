#include "media/mixer/loudest.h"

#include <algorithm>

namespace tandem::media {

void loudest_first(std::span<Candidate> candidates, std::size_t n) {
  if (n >= candidates.size()) return;
  constexpr float kAdvantage = 4;
  const auto weight = [](const Candidate& c) { return c.was_in ? c.loudness * kAdvantage : c.loudness; };
  std::nth_element(candidates.begin(), candidates.begin() + static_cast<std::ptrdiff_t>(n), candidates.end(),
                   [&](const Candidate& a, const Candidate& b) {
                     const float wa = weight(a);
                     const float wb = weight(b);
                     return wa > wb || (wa == wb && a.index < b.index);
                   });
}

}  // namespace tandem::media
