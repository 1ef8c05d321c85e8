// Playing a list of sources for one operation: gets the prompts ready, hands them to the engine, keeps count
// of what was heard across changes of the number of rounds.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/function.h"
#include "media/api/engine.h"
#include "media/api/prompt_source.h"
#include "model/error.h"
#include "model/ids.h"
#include "speech/api/synthesizer.h"

namespace tandem::call {

class Call;
class Operation;
struct Environment;

struct SilenceSource {
  std::int64_t duration_ms = 0;
};
struct UrlSource {
  std::string url;
};
/// A file of our own.
struct RecordingSource {
  std::string path;
};
using PlaySource =
    std::variant<UrlSource, RecordingSource, speech::SpeakRequest, media::ToneSpec, SilenceSource>;

/// What to play, checked.
struct PlayPlan {
  std::vector<PlaySource> sources;
  std::vector<std::string> fields;  ///< The parameter that each source came from, for errors.
  std::uint32_t loop = 1;           ///< 0: until stopped.
  double gain_db = 0;
  std::int64_t offset_ms = 0;
  std::int64_t max_duration_ms = 0;  ///< 0: none.
};

struct PlaybackEnd {
  enum class How : std::uint8_t { finished, stopped, max_duration, failed, stream_closed };
  How how = How::finished;
  std::int64_t heard_ms = 0;
  std::optional<model::Error> error;  ///< With `failed`.
};

/// Gets the prompt of one source ready for `codec`; its error names `field`. `done` comes in a later turn.
void prepare_source(Environment& env, const PlaySource& source, double gain_db, model::Codec codec,
                    const std::string& field,
                    Function<void(Result<std::shared_ptr<media::Prompt>, model::Error>)> done);

/// Which source failed while it was played. `prompts`: of the plan's sources in order, null for one that was
/// not ready; `message` is the engine's.
[[nodiscard]] model::Error broken_source(const PlayPlan& plan,
                                         const std::vector<std::shared_ptr<media::Prompt>>& prompts,
                                         const std::string& message);

class Playback {
 public:
  /// `on_end` comes once for each start(), possibly within start() or stop(); it may destroy the playback.
  Playback(Call& call, model::OpId op, Function<void(PlaybackEnd)> on_end);
  ~Playback();
  Playback(const Playback&) = delete;
  Playback& operator=(const Playback&) = delete;

  void start(PlayPlan plan);
  /// Ends with `stopped` (or as it just ended) when the engine has fallen silent.
  void stop();
  /// False when nothing plays or is being prepared.
  bool pause();
  void resume();
  /// Gain of what follows; takes effect within a frame.
  void set_gain(double gain_db);
  /// New number of rounds, 0 for ever; a number that is behind us ends it with the present round.
  void set_loop(std::uint32_t loop);

  [[nodiscard]] bool active() const { return phase_ != Phase::idle; }
  /// Milliseconds heard, as of the engine's last report.
  [[nodiscard]] std::int64_t heard_ms() const { return heard_before_ms_ + heard_now_ms_; }
  /// The same at a point of the engine's present play.
  [[nodiscard]] std::int64_t heard_at(std::int64_t played_ms) const { return heard_before_ms_ + played_ms; }
  /// Asks the engine anew; `then` follows with heard_ms() up to date, unless this play ends before. Only
  /// while it plays.
  void ask_position(Function<void(Operation&)> then);

  /// Where in the list it is, for going on there later.
  [[nodiscard]] std::int64_t place_ms() const { return round().offset_ms; }
  [[nodiscard]] bool playing() const { return play_ != 0; }
  /// The engine's play is neither still to come nor about to end, so that ask_position() will be answered.
  [[nodiscard]] bool answers() const {
    return play_ != 0 && (phase_ == Phase::playing || phase_ == Phase::paused);
  }

  // From the operation table.
  [[nodiscard]] bool owns(media::PlayId play) const { return play_ != 0 && play == play_; }
  void on_prompt(std::uint32_t generation, std::size_t index,
                 Result<std::shared_ptr<media::Prompt>, model::Error> got);
  void on_play_started();
  void on_play_ended(const media::PlayResult& result);
  void on_position(std::int64_t ms);

 private:
  enum class Phase : std::uint8_t {
    idle,
    preparing,
    preparing_paused,
    playing,
    paused,
    stopping,
    relooping,  ///< Stopped by us, to go on with another number of rounds.
    relooping_paused
  };
  void request(std::size_t index, const PlaySource& source);
  void play(std::int64_t offset_ms, std::uint32_t loop);
  void play_on();
  struct Round {
    std::int64_t done = 0;       ///< Whole rounds heard.
    std::int64_t offset_ms = 0;  ///< Into the present one.
  };
  [[nodiscard]] Round round() const;
  [[nodiscard]] bool rounds_left() const;
  void end(PlaybackEnd::How how, std::optional<model::Error> error = std::nullopt);

  Call& call_;
  const model::OpId op_;
  Function<void(PlaybackEnd)> on_end_;
  PlayPlan plan_;
  Phase phase_ = Phase::idle;
  media::PlayId play_ = 0;
  std::size_t missing_ = 0;  ///< Prompts not yet there.
  // Shared with the prompt cache and other calls that play the same.
  std::vector<std::shared_ptr<media::Prompt>> prompts_;
  std::int64_t heard_before_ms_ = 0;  ///< In earlier engine plays of this start().
  std::int64_t heard_now_ms_ = 0;
  std::uint32_t generation_ = 0;  ///< Of start(): late prompts of an earlier one are dropped.
  TimePoint began_;
};

}  // namespace tandem::call
