// A sine by rotation: two multiplications a sample, no table.
#pragma once

#include <cmath>
#include <numbers>

namespace tandem::media {

class Oscillator {
 public:
  Oscillator() = default;
  Oscillator(double frequency_hz, double sample_rate_hz, double amplitude)
      : cos_(std::cos(2 * std::numbers::pi * frequency_hz / sample_rate_hz)),
        sin_(std::sin(2 * std::numbers::pi * frequency_hz / sample_rate_hz)),
        x_(amplitude) {}

  double next() {
    const double value = y_;
    const double x = x_ * cos_ - y_ * sin_;
    y_ = x_ * sin_ + y_ * cos_;
    x_ = x;
    return value;
  }

 private:
  double cos_ = 1;
  double sin_ = 0;
  double x_ = 0;
  double y_ = 0;
};

}  // namespace tandem::media
