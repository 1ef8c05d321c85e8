// Sends queued digits, as telephone-events or as tones, one tick at a time.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "base/function.h"
#include "media/api/engine.h"
#include "media/codec/codec.h"
#include "media/dtmf/generator.h"
#include "media/rtp/telephone_event.h"

namespace tandem::media {

/// Runs on the media worker. Allocates when a job is added or started, not in its ticks.
class DigitSender {
 public:
  /// Called once for each job: true when all of it was sent.
  using Done = Function<void(PlayId, bool)>;
  explicit DigitSender(Done done) : done_(std::move(done)) {}

  /// Durations are kept within 40 to 6000 ms, gaps within 40 to 5000 ms.
  void add(PlayId tag, std::string digits, std::uint32_t duration_ms, std::uint32_t gap_ms);
  void stop(PlayId tag);
  /// A digit under way ends; what follows is sent the new way.
  void configure(model::Codec codec, bool events);
  void close();

  struct Idle {};
  struct Quiet {};  ///< Between digits: no audio.
  using Out = std::variant<Idle, Quiet, EventSender::Out, std::span<const std::uint8_t>>;
  /// What to send in this tick: nothing of ours, nothing at all, an event, or a payload of tone.
  Out tick(std::uint32_t timestamp, std::uint32_t frame_units);
  [[nodiscard]] bool idle() const { return jobs_.empty() && gap_ticks_ == 0 && !event_.active(); }

  /// A key that the peer of a connected stream holds down: sent while it lasts, at least 60 ms, after what is
  /// queued already. Its end is not reported. More than a few that wait are left out.
  void press(char digit);
  /// The key last pressed was let go, after `duration_ms`.
  void let_go(std::uint32_t duration_ms);

 private:
  struct Job {
    PlayId tag = 0;
    std::string digits;
    std::uint32_t duration_ms = 0;
    std::uint32_t gap_ms = 0;
    std::size_t at = 0;
    bool passed_on = false;  // Came by press().
  };
  struct Tone {
    std::unique_ptr<Encoder> encoder;
    std::unique_ptr<DtmfGenerator> generator;
  };
  Out tick_event(std::uint32_t timestamp, std::uint32_t frame_units);
  Out tick_tone();
  void finish(std::size_t index, bool complete);

  Done done_;
  model::Codec codec_ = model::Codec::pcmu;
  bool events_ = true;
  std::deque<Job> jobs_;
  EventSender event_;
  std::uint32_t gap_ticks_ = 0;
  std::optional<Tone> tone_;
  std::array<std::uint8_t, 160> payload_{};
};

}  // namespace tandem::media
