// Carries out the steps of one call's script, one after the other, from the answer on. On the phone's loop.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "media/api/engine.h"
#include "runtime/executor.h"
#include "server/phone/ear.h"
#include "server/phone/script.h"
#include "server/phone/sounds.h"
#include "server/phone/timeline.h"

namespace tandem::phone {

class ScriptRunner {
 public:
  struct Parts {
    media::Engine& engine;
    Sounds& sounds;
    runtime::TimerExecutor& loop;
    Timeline& timeline;
    const Ear& ear;
  };
  /// `finished` is called once, after the last step; not at all if there is none, or when the call ends
  /// before.
  ScriptRunner(std::vector<Step> steps, media::StreamId stream, Parts parts, Function<void()> finished);

  ~ScriptRunner() { *alive_ = false; }
  ScriptRunner(const ScriptRunner&) = delete;
  ScriptRunner& operator=(const ScriptRunner&) = delete;

  void start(model::Codec codec);
  void stop();
  [[nodiscard]] bool finished() const { return std::holds_alternative<Finished>(state_); }

  void on_heard();
  void on_digit();
  void on_play_ended(media::PlayId play, const media::PlayResult& result);
  void on_digits_sent(media::PlayId tag, bool complete);

  /// Steps that the end of the call left undone and that matter: waits, digits, and what failed.
  [[nodiscard]] const std::vector<std::string>& undone() const { return undone_; }

 private:
  struct Idle {};
  struct Preparing {};  ///< A sound is being made.
  struct Playing {
    media::PlayId play;
  };
  struct SendingDigits {
    media::PlayId tag;
  };
  struct WaitingForAudio {};
  struct WaitingForSilence {
    TimePoint since;
    Millis duration;
  };
  struct Pausing {};
  struct WaitingForDigits {
    std::size_t count;
  };
  struct Finished {};
  using State = std::variant<Idle, Preparing, Playing, SendingDigits, WaitingForAudio, WaitingForSilence,
                             Pausing, WaitingForDigits, Finished>;

  void next();
  void begin(const SayStep& s);
  void begin(const PlayStep& s);
  void begin(const ToneStep& s);
  void begin(const DigitsStep& s);
  void begin(const WaitAudioStep& s);
  void begin(const WaitSilenceStep& s);
  void begin(const PauseStep& s);
  void begin(const WaitDigitsStep& s);
  [[nodiscard]] Sounds::Ready when_ready();
  void check_silence();
  void failed(const std::string& why);

  const std::vector<Step> steps_;
  const media::StreamId stream_;
  Parts parts_;
  Function<void()> finished_;
  State state_ = Idle{};
  std::size_t step_ = 0;  ///< The running one.
  model::Codec codec_ = model::Codec::pcmu;
  media::PlayId last_id_ = 0;
  std::size_t digits_waiting_ = 0;
  std::vector<std::string> undone_;
  runtime::Timer timer_;
  // Shared with callbacks of sounds, which may come when the call is gone.
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace tandem::phone
