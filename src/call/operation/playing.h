// What say and play have in common: one playback, whose end is the operation's.
#pragma once

#include "call/operation/operation.h"
#include "call/operation/playback.h"

namespace tandem::call {

class PlayingOperation : public CallOperation {
 public:
  PlayingOperation(Call& c, OperationTraits traits, PlayPlan plan);

  void begin() override;
  void halt() override;
  [[nodiscard]] model::OpResult result_so_far() const override;
  [[nodiscard]] Playback* playback() override { return playback_ ? &*playback_ : nullptr; }
  void progress(std::int64_t elapsed_ms) override;
  void on_position() override;

 protected:
  /// Play and say differ in the type of their result only.
  [[nodiscard]] virtual model::OpResult result(std::int64_t heard_ms) const = 0;
  virtual void on_playback_ended(PlaybackEnd end);

 private:
  PlayPlan plan_;
  std::optional<Playback> playback_;
  std::int64_t elapsed_ms_ = 0;  ///< At the last progress report.
};

}  // namespace tandem::call
