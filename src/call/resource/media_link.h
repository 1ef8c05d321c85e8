// A call's media: the offer/answer state of its one audio stream, and the engine's stream that goes with it.
// Decides nothing about the call; says what changed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/log.h"
#include "base/result.h"
#include "call/machine/verdict_rules.h"
#include "media/api/engine.h"
#include "model/error.h"
#include "sip/api/negotiation.h"

namespace tandem::call {

/// Why media cannot be had: for the verdict, for the operation, for people.
struct MediaProblem {
  machine::LocalCause cause = machine::LocalCause::internal;
  model::ErrorCode code = model::ErrorCode::internal;
  std::string message;
};

class MediaLink {
 public:
  /// `engine` outlives the link. Nothing is opened yet.
  MediaLink(media::Engine& engine, model::CallId id, std::vector<model::Codec> codecs);

  /// The answer to the INVITE's offer; opens the stream and sets it going. `codecs` empty: ours, in the
  /// offerer's order; otherwise only these, in this order.
  [[nodiscard]] Result<model::SessionDescription, MediaProblem> answer(
      const model::SessionDescription& offer, const std::vector<model::Codec>& codecs);
  /// Our own offer, for an INVITE without one: to be sent in a 200 or reliable 183. `towards`: the peer's
  /// address.
  [[nodiscard]] Result<model::SessionDescription, MediaProblem> offer(
      const model::IpAddress& towards, const std::vector<model::Codec>& codecs);
  /// An answer that comes before the final one (183 with a description); others may follow.
  [[nodiscard]] bool accept_early(const model::SessionDescription& answer);
  /// The final answer came: early ones are over.
  void answer_final() { offered_.reset(); }
  /// What our next offers and answers allow at most.
  void set_direction(model::Direction direction) {
    direction_before_ = std::exchange(local_.direction, direction);
  }
  /// Our reoffer() was refused: what was agreed stays.
  void withdraw();
  /// The peer's answer to our last offer().
  [[nodiscard]] Status<MediaProblem> accept(const std::optional<model::SessionDescription>& answer);

  /// A re-INVITE's or UPDATE's offer: our answer; nothing when it cannot be accepted (refuse with 488).
  [[nodiscard]] std::optional<model::SessionDescription> peer_offer(const model::SessionDescription& offer);
  /// Our offer for a re-INVITE that has none; its answer goes to accept().
  [[nodiscard]] model::SessionDescription reoffer();

  /// The call is answered after early media: silence counts from now.
  void restart();

  void set_audio(const media::AudioControl& control);
  /// Extra gain on what the call hears, on top of set_audio(): of a playing operation.
  void set_play_gain(double db);
  /// Extra gain on what others hear of the call, on top of set_audio(): of its part in a conference.
  void set_place_gain(double db);
  void set_inband_digits(bool enabled);

  /// True when the engine will confirm with on_closed().
  bool close();

  [[nodiscard]] bool open() const { return phase_ == Phase::open; }
  [[nodiscard]] bool awaits_answer() const { return offered_.has_value(); }
  /// Once there was agreement; stays when the stream is closed.
  [[nodiscard]] const std::optional<model::AgreedMedia>& agreed() const { return agreed_; }
  /// What the last answer or offer of ours said, for the 200 that follows early media.
  [[nodiscard]] const std::optional<model::SessionDescription>& current() const { return current_; }
  /// The peer does not want to hear us.
  [[nodiscard]] bool held() const { return agreed_ && !model::sends(agreed_->direction); }
  [[nodiscard]] const media::AudioControl& audio() const { return audio_; }
  [[nodiscard]] bool accepts(const std::vector<model::Codec>& codecs) const;

 private:
  enum class Phase : std::uint8_t { unopened, open, closed };
  [[nodiscard]] Status<MediaProblem> open_stream(const model::IpAddress& towards);
  void agree(const model::AgreedMedia& media);
  void apply_audio();
  model::SessionDescription remember(model::SessionDescription description);

  media::Engine& engine_;
  const model::CallId id_;
  Phase phase_ = Phase::unopened;
  sip::LocalMedia local_;
  std::optional<model::SessionDescription> current_;
  std::optional<model::SessionDescription> offered_;
  std::optional<model::SessionDescription> before_;  ///< `current_` before reoffer().
  model::Direction direction_before_ = model::Direction::send_recv;
  std::optional<model::AgreedMedia> agreed_;
  media::AudioControl audio_;
  double play_gain_db_ = 0;
  double place_gain_db_ = 0;
  bool inband_digits_ = false;
};

}  // namespace tandem::call
