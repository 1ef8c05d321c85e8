#include "media/mixer/frame_converter.h"

#include <algorithm>

namespace tandem::media {

void FrameConverter::convert(std::span<const std::int16_t> in, std::span<std::int16_t> out) {
  if (filled_ + resampler_.capacity_for(in.size()) > waiting_.size()) filled_ = 0;
  filled_ += resampler_.convert(in, std::span(waiting_).subspan(filled_));
  const std::size_t n = std::min(filled_, out.size());
  // What is missing, once at the start, goes before the rest.
  const std::size_t missing = out.size() - n;
  std::fill_n(out.begin(), missing, std::int16_t{0});
  std::copy_n(waiting_.begin(), n, out.begin() + static_cast<std::ptrdiff_t>(missing));
  std::copy(waiting_.begin() + static_cast<std::ptrdiff_t>(n),
            waiting_.begin() + static_cast<std::ptrdiff_t>(filled_), waiting_.begin());
  filled_ -= n;
}

}  // namespace tandem::media
