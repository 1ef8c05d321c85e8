#include "media/api/prompt_source.h"

namespace tandem::media {

// North American values: the precise tone plan (350, 440, 480, 620 Hz) that ITU-T E.180 Supplement 2 lists.
std::optional<ToneSpec> named_tone(const std::string& name) {
  constexpr std::int64_t kLong = 60'000;  // Whole cycles: played in a loop it stays a tone.
  if (name == "dial") return ToneSpec{{350, 440}, {}, -13, kLong};
  if (name == "ringback") return ToneSpec{{440, 480}, {2000, 4000}, -19, kLong};
  if (name == "busy") return ToneSpec{{480, 620}, {500, 500}, -24, kLong};
  if (name == "congestion") return ToneSpec{{480, 620}, {250, 250}, -24, kLong};
  if (name == "beep") return ToneSpec{{1000}, {}, -10, 500};
  return std::nullopt;
}

}  // namespace tandem::media
