#include "speech/prosody.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace tandem::speech {
namespace {

struct Word {
  std::string_view name;
  double value;
};

template <std::size_t N>
std::optional<double> look_up(const Word (&words)[N], std::string_view name) {
  for (const Word& w : words) {
    if (w.name == name) return w.value;
  }
  return std::nullopt;
}

// A decimal number with optional sign that ends in `unit`.
std::optional<double> with_unit(std::string_view text, std::string_view unit) {
  if (!text.ends_with(unit)) return std::nullopt;
  text.remove_suffix(unit.size());
  if (text.starts_with('+')) text.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

bool is_relative(std::string_view text) {
  return text.starts_with('+') || text.starts_with('-');
}

}  // namespace

std::optional<std::int64_t> break_ms(std::string_view time) {
  auto ms = with_unit(time, "ms");
  if (!ms) {
    ms = with_unit(time, "s");
    if (ms) *ms *= 1000;
  }
  if (!ms || *ms < 0 || *ms > 60'000) return std::nullopt;
  return static_cast<std::int64_t>(*ms);
}

std::optional<std::int64_t> break_strength_ms(std::string_view strength) {
  static constexpr Word kWords[] = {{"none", 0},     {"x-weak", 100}, {"weak", 200},
                                    {"medium", 400}, {"strong", 700}, {"x-strong", 1000}};
  const auto ms = look_up(kWords, strength);
  if (!ms) return std::nullopt;
  return static_cast<std::int64_t>(*ms);
}

std::optional<double> rate_ratio(std::string_view value) {
  static constexpr Word kWords[] = {{"x-slow", 0.5}, {"slow", 0.75},  {"medium", 1},
                                    {"fast", 1.25},  {"x-fast", 1.6}, {"default", 1}};
  if (const auto word = look_up(kWords, value)) return word;
  if (const auto percent = with_unit(value, "%")) {
    const double ratio = is_relative(value) ? 1 + *percent / 100 : *percent / 100;
    return ratio > 0 ? std::optional(ratio) : std::nullopt;
  }
  const auto factor = with_unit(value, "");
  return factor && *factor > 0 ? factor : std::nullopt;
}

std::optional<double> pitch_ratio(std::string_view value) {
  static constexpr Word kWords[] = {{"x-low", 0.7}, {"low", 0.85},   {"medium", 1},
                                    {"high", 1.15}, {"x-high", 1.3}, {"default", 1}};
  if (const auto word = look_up(kWords, value)) return word;
  if (const auto percent = with_unit(value, "%")) {
    const double ratio = is_relative(value) ? 1 + *percent / 100 : *percent / 100;
    return ratio > 0 ? std::optional(ratio) : std::nullopt;
  }
  if (const auto semitones = with_unit(value, "st"))
    return std::pow(2, std::clamp(*semitones, -24.0, 24.0) / 12);
  constexpr double kMiddleHz = 130;  // Between the usual low and high voice.
  const auto hz = with_unit(value, "Hz");
  if (!hz) return std::nullopt;
  const double ratio = is_relative(value) ? (kMiddleHz + *hz) / kMiddleHz : *hz / kMiddleHz;
  return ratio > 0 ? std::optional(ratio) : std::nullopt;
}

std::optional<double> volume_db(std::string_view value) {
  static constexpr Word kWords[] = {{"silent", -60}, {"x-soft", -12}, {"soft", -6},  {"medium", 0},
                                    {"loud", 3},     {"x-loud", 6},   {"default", 0}};
  if (const auto word = look_up(kWords, value)) return word;
  return with_unit(value, "dB");
}

bool emphasise(std::string_view level, Style& style) {
  if (level == "strong") {
    style.rate *= 0.9;
    style.pitch *= 1.06;
    style.gain_db += 2;
  } else if (level == "moderate" || level.empty()) {
    style.rate *= 0.95;
    style.pitch *= 1.03;
    style.gain_db += 1;
  } else if (level == "reduced") {
    style.rate *= 1.05;
    style.gain_db -= 2;
  } else if (level != "none") {
    return false;
  }
  bound(style);
  return true;
}

void bound(Style& style) {
  style.rate = std::clamp(style.rate, 0.25, 4.0);
  style.pitch = std::clamp(style.pitch, 0.5, 2.0);
  style.gain_db = std::clamp(style.gain_db, -60.0, 12.0);
}

}  // namespace tandem::speech
