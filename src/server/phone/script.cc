#include "server/phone/script.h"

#include <fmt/format.h>

#include <algorithm>

namespace tandem::phone {

namespace {

struct Describe {
  std::string operator()(const SayStep& s) const { return fmt::format("--say '{}'", s.text); }
  std::string operator()(const PlayStep& s) const { return fmt::format("--play {}", s.file); }
  std::string operator()(const ToneStep& s) const {
    return fmt::format("--tone {}:{}", s.hz, s.duration.count());
  }
  std::string operator()(const DigitsStep& s) const { return fmt::format("--digits {}", s.digits); }
  std::string operator()(const WaitAudioStep&) const { return "--wait-for-audio"; }
  std::string operator()(const WaitSilenceStep& s) const {
    return fmt::format("--wait-silence {}", s.duration.count());
  }
  std::string operator()(const PauseStep& s) const { return fmt::format("--pause {}", s.duration.count()); }
  std::string operator()(const WaitDigitsStep& s) const { return fmt::format("--wait-digits {}", s.count); }
};

}  // namespace

std::string to_string(const Step& step) {
  return std::visit(Describe{}, step);
}

bool Script::listens() const {
  const auto hears = [](const Step& s) {
    return std::holds_alternative<WaitAudioStep>(s) || std::holds_alternative<WaitSilenceStep>(s);
  };
  return record || !expect_tones.empty() || std::any_of(steps.begin(), steps.end(), hears);
}

}  // namespace tandem::phone
