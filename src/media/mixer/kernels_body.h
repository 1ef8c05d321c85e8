// Included by each variant's file within a namespace of its own. Calls no inline function of any header: the
// linker keeps one copy of those, which might be the one for the newest processor.

inline constexpr float kOffset = 32768.0F;

// Rounds half up, by truncating a positive number: one instruction in all variants, and the same result.
inline std::int32_t to_sample(float x) {
  x = x < -32768.0F ? -32768.0F : x;
  x = x > 32767.0F ? 32767.0F : x;
  return static_cast<std::int32_t>(x + kOffset + 0.5F) - 32768;  // NOLINT(bugprone-incorrect-roundings)
}

void accumulate(std::int32_t* __restrict sum, const std::int16_t* __restrict in, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) sum[i] += in[i];
}

void subtract(std::int32_t* __restrict sum, const std::int16_t* __restrict in, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) sum[i] -= in[i];
}

void scale(std::int32_t* sum, float from, float to, std::size_t n) {
  const float step = (to - from) / static_cast<float>(n);
  for (std::size_t i = 0; i < n; ++i) {
    const float gain = from + step * static_cast<float>(static_cast<std::int32_t>(i) + 1);
    sum[i] = static_cast<std::int32_t>(static_cast<float>(sum[i]) * gain);
  }
}

void pack(const std::int32_t* __restrict sum, float from, float to, std::int16_t* __restrict out,
          std::size_t n) {
  const float step = (to - from) / static_cast<float>(n);
  for (std::size_t i = 0; i < n; ++i) {
    const float gain = from + step * static_cast<float>(static_cast<std::int32_t>(i) + 1);
    out[i] = static_cast<std::int16_t>(to_sample(static_cast<float>(sum[i]) * gain));
  }
}

void saturate(const std::int32_t* __restrict sum, std::int16_t* __restrict out, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) {
    std::int32_t x = sum[i];
    x = x < -32768 ? -32768 : x;
    x = x > 32767 ? 32767 : x;
    out[i] = static_cast<std::int16_t>(x);
  }
}

std::uint32_t peak(const std::int32_t* sum, std::size_t n) {
  std::int32_t most = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const std::int32_t x = sum[i] < 0 ? -sum[i] : sum[i];
    most = x > most ? x : most;
  }
  return static_cast<std::uint32_t>(most);
}

std::uint32_t peak16(const std::int16_t* in, std::size_t n) {
  std::int32_t most = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const std::int32_t x = in[i] < 0 ? -in[i] : in[i];
    most = x > most ? x : most;
  }
  return static_cast<std::uint32_t>(most);
}

std::uint64_t energy(const std::int16_t* in, std::size_t n) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const std::int32_t x = in[i];
    sum += static_cast<std::uint32_t>(x * x);
  }
  return sum;
}

std::uint8_t peak_code(const std::uint8_t* in, std::uint8_t toggle, std::size_t n) {
  std::uint8_t most = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const auto code = static_cast<std::uint8_t>((in[i] ^ toggle) & 0x7f);
    most = code > most ? code : most;
  }
  return most;
}
