// What comes in on a stream: who may send, counting, digits, and audio for who listens.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "base/function.h"
#include "media/engine/digit_merge.h"
#include "media/engine/listener.h"
#include "media/engine/udp_socket.h"
#include "media/mixer/voice_gate.h"
#include "media/rtp/reception_stats.h"
#include "media/rtp/source_lock.h"
#include "media/rtp/telephone_event.h"

namespace tandem::media {

/// Runs on the media worker.
class Receiver {
 public:
  struct Events {
    Function<void(Digit)> digit;
    Function<void()> started;         ///< The first packet after a lock.
    Function<void()> source_changed;  ///< source() is another one.
    /// A key goes down (RFC 4733, INFO) and is let go: for the peer of a connected stream.
    Function<void(char)> pressed;
    Function<void(std::uint32_t)> let_go;
  };
  Receiver(Events events, std::chrono::milliseconds jitter_max);
  Receiver(const Receiver&) = delete;
  Receiver& operator=(const Receiver&) = delete;

  void configure(const model::AgreedMedia& media);
  void set_tap(Tap tap);
  void set_inband_digits(bool enabled);
  void set_audio(const AudioControl& audio) { audio_ = audio; }
  void info_digit(char digit, std::uint32_t duration_ms, TimePoint now);

  /// What others want to hear of what tick() gives. Of a member of a room only what may be speech: the rest
  /// is not decoded, and in_silence() then.
  enum class Wanted : std::uint8_t { nothing, all, speech };
  void set_wanted(Wanted wanted);
  [[nodiscard]] bool in_silence() const { return wanted_ == Wanted::speech && !gate_.open(); }
  /// The in-band detector hears a key that is held down.
  [[nodiscard]] bool key_in_audio() const { return detector_ != nullptr && key_in_audio_; }

  /// Somebody records what tick() gives.
  void set_recorded(bool recorded);

  /// The packet if it is audio that was accepted.
  std::optional<RtpPacket> on_datagram(const Datagram& datagram, TimePoint now);
  void on_discarded() { ++discarded_; }
  /// Once each 20 ms, after the datagrams of that time. What was heard, if anybody listens; until the next
  /// call.
  std::span<const std::int16_t> tick(TimePoint now) {
    if (press_ && now - press_->heard > kPressTimeout) end_press();
    return listener_ ? listen(now) : std::span<const std::int16_t>{};
  }

  /// Where the peer's packets come from, once locked on to it.
  [[nodiscard]] const model::SocketAddress* source() const { return lock_.source(); }
  [[nodiscard]] ReceptionStats& stats() { return stats_; }
  [[nodiscard]] const ReceptionStats& stats() const { return stats_; }
  [[nodiscard]] std::uint64_t discarded() const { return discarded_; }
  /// When audio came last.
  [[nodiscard]] std::optional<TimePoint> last_audio() const { return last_audio_; }
  [[nodiscard]] std::optional<TimePoint> last_packet() const { return last_packet_; }
  /// Of the jitter buffer; an assumed one where nobody listens.
  [[nodiscard]] std::uint32_t delay_ms() const { return listener_ ? listener_->delay_ms() : 40; }

 private:
  void on_event(const RtpPacket& packet, TimePoint now);
  bool report(char digit, DigitSource source, std::uint32_t duration_ms, TimePoint now);
  void update_listener();
  std::span<const std::int16_t> listen(TimePoint now);
  void end_press();
  /// Of a telephone-event that lasts.
  struct Press {
    TimePoint heard{};
    std::uint32_t duration_ms = 0;
  };
  static constexpr Duration kPressTimeout = std::chrono::milliseconds(200);  // All end packets were lost.

  Events events_;
  const std::chrono::milliseconds jitter_max_;
  model::AgreedMedia media_;
  bool started_ = false;
  SourceLock lock_;
  ReceptionStats stats_;
  EventReceiver event_receiver_;
  DigitMerge merge_;
  std::uint64_t discarded_ = 0;
  std::optional<TimePoint> last_packet_;
  std::optional<TimePoint> last_audio_;
  std::optional<Press> press_;
  AudioControl audio_;
  Tap tap_;
  bool inband_ = false;
  Wanted wanted_ = Wanted::nothing;
  bool key_in_audio_ = false;
  VoiceGate gate_;
  const Kernels& kernels_ = best_kernels();
  bool recorded_ = false;
  std::unique_ptr<Listener> listener_;
  std::unique_ptr<DtmfDetector> detector_;
  DtmfDetector::Sink detector_sink_;
  TimePoint now_{};  // Of the tick that feeds the detector.
};

}  // namespace tandem::media
