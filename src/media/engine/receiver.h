// What comes in on a stream: who may send, counting, digits, and audio for who listens.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "base/function.h"
#include "media/engine/digit_merge.h"
#include "media/engine/listener.h"
#include "media/engine/udp_socket.h"
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
  };
  Receiver(Events events, std::chrono::milliseconds jitter_max);
  Receiver(const Receiver&) = delete;
  Receiver& operator=(const Receiver&) = delete;

  void configure(const model::AgreedMedia& media);
  void set_tap(Tap tap);
  void set_inband_digits(bool enabled);
  void set_audio(const AudioControl& audio) { audio_ = audio; }
  void info_digit(char digit, std::uint32_t duration_ms, TimePoint now);

  void on_datagram(const Datagram& datagram, TimePoint now);
  void on_discarded() { ++discarded_; }
  /// Once each 20 ms, after the datagrams of that time.
  void tick(TimePoint now) {
    if (listener_) listen(now);
  }

  /// Where the peer's packets come from, once locked on to it.
  [[nodiscard]] const model::SocketAddress* source() const { return lock_.source(); }
  [[nodiscard]] ReceptionStats& stats() { return stats_; }
  [[nodiscard]] const ReceptionStats& stats() const { return stats_; }
  [[nodiscard]] std::uint64_t discarded() const { return discarded_; }
  [[nodiscard]] std::optional<TimePoint> last_packet() const { return last_packet_; }
  /// Of the jitter buffer; an assumed one where nobody listens.
  [[nodiscard]] std::uint32_t delay_ms() const { return listener_ ? listener_->delay_ms() : 40; }

 private:
  void on_event(const RtpPacket& packet, TimePoint now);
  void report(char digit, DigitSource source, std::uint32_t duration_ms, TimePoint now);
  void update_listener();
  void listen(TimePoint now);

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
  AudioControl audio_;
  Tap tap_;
  bool inband_ = false;
  std::unique_ptr<Listener> listener_;
  std::unique_ptr<DtmfDetector> detector_;
  DtmfDetector::Sink detector_sink_;
  TimePoint now_{};  // Of the tick that feeds the detector.
};

}  // namespace tandem::media
