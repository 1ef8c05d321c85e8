// The pattern of call.collect: alternatives separated by `|`; `x` any of 0-9, `[1-3*]` one of a set, a `.` at
// the end any more digits. Matched by walking all alternatives at once: no backtracking, time linear in
// digits x pattern.
#pragma once

#include <bitset>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tandem::call::machine {

class DigitPattern {
 public:
  /// Nothing for a pattern that cannot be understood: empty alternative, open or empty set, range the wrong
  /// way round,
  /// `.` not at an end.
  [[nodiscard]] static std::optional<DigitPattern> parse(std::string_view text);

  struct Match {
    bool full = false;        ///< The digits are a match as they are.
    bool extensible = false;  ///< More digits could still give a match.
  };
  [[nodiscard]] Match match(std::string_view digits) const;

 private:
  using DigitSet = std::bitset<16>;
  struct Alternative {
    std::vector<DigitSet> places;
    bool open_ended = false;
  };
  std::vector<Alternative> alternatives_;
};

}  // namespace tandem::call::machine
