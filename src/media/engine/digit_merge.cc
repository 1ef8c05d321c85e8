#include "media/engine/digit_merge.h"

#include <algorithm>

namespace tandem::media {
namespace {
constexpr Duration kWindow = std::chrono::milliseconds(200);
}

bool DigitMerge::accept(char digit, DigitSource source, TimePoint now, Duration duration) {
  if (digit == digit_ && source != source_ && now < until_) return false;
  digit_ = digit;
  source_ = source;
  until_ = now + duration + kWindow;
  return true;
}

void DigitMerge::touch(char digit, DigitSource source, TimePoint now) {
  if (digit == digit_ && source == source_) until_ = std::max(until_, now + kWindow);
}

}  // namespace tandem::media
