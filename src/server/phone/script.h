// What one phone shall do and hear in one call, as values.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "model/media_description.h"
#include "model/quality.h"
#include "sip/api/agent.h"

namespace tandem::phone {

using Millis = std::chrono::milliseconds;

// Steps are carried out in order, from the answer on.
struct SayStep {
  std::string text;
};
struct PlayStep {
  std::string file;
};
struct ToneStep {
  double hz = 440;
  Millis duration{2000};
};
struct DigitsStep {  ///< 0-9 * # A-D, w and W for pauses of 0.5 and 1 s.
  std::string digits;
};
struct WaitAudioStep {};  ///< Until something is heard.
struct WaitSilenceStep {  ///< Until nothing was heard for so long, counted from the step's begin.
  Millis duration{0};
};
struct PauseStep {
  Millis duration{0};
};
struct WaitDigitsStep {  ///< Until so many digits came that no earlier step has waited for.
  std::size_t count = 1;
};
using Step = std::variant<SayStep, PlayStep, ToneStep, DigitsStep, WaitAudioStep, WaitSilenceStep, PauseStep,
                          WaitDigitsStep>;
/// As on the command line, for time lines and failures: "--pause 300".
[[nodiscard]] std::string to_string(const Step& step);

struct ToneExpectation {
  double hz = 0;
  Millis at_least{200};  ///< Without a break.
};

struct Script {
  // Calling; empty target: answering.
  std::string target_uri;
  std::string outbound_proxy;
  std::string from_uri;
  sip::Headers headers;
  std::optional<sip::Credentials> credentials;
  // Answering.
  Millis ring_for{0};
  int reject_code = 0;  ///< Not 0: do not answer but send this.

  std::vector<model::Codec> codecs{model::Codec::pcmu, model::Codec::pcma, model::Codec::g722};
  std::vector<Step> steps;
  std::optional<Millis>
      hangup_after;         ///< After the last step, without steps after the answer; else the peer's affair.
  Millis timeout{120'000};  ///< Of the whole call; 0: none.
  bool record = false;

  std::vector<ToneExpectation> expect_tones;
  std::optional<std::string> expect_digits;  ///< All that were received, exactly.
  int expect_code = 200;

  /// Whether received audio needs looking at.
  [[nodiscard]] bool listens() const;
};

/// Exit codes of `tandem phone`.
enum class Verdict : std::uint8_t { as_expected = 0, unmet = 1, failed = 2 };

struct Outcome {
  Verdict verdict = Verdict::failed;
  int sip_code = 0;                ///< Final response of the INVITE; 0: none came.
  std::string how;                 ///< One line for people: how the call ended.
  std::vector<std::string> unmet;  ///< Expectations that were not met, and steps that were not done.
  std::optional<Millis> setup;     ///< From INVITE to 200.
  Millis talked{0};
  std::string digits;
  model::StreamQuality quality;
};

}  // namespace tandem::phone
