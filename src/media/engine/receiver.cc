#include "media/engine/receiver.h"

namespace tandem::media {

Receiver::Receiver(Events events, std::chrono::milliseconds jitter_max)
    : events_(std::move(events)), jitter_max_(jitter_max) {
  detector_sink_ = [this](DtmfEvent e) {
    key_in_audio_ = e.start;
    if (e.start) report(e.digit, DigitSource::inband, 0, now_);
    merge_.touch(e.digit, DigitSource::inband, now_);
  };
}

void Receiver::configure(const model::AgreedMedia& media) {
  const bool codec_changed = media.codec != media_.codec;
  media_ = media;
  lock_.configure(media.remote_rtp);
  if (codec_changed) listener_.reset();
  update_listener();
}

void Receiver::set_tap(Tap tap) {
  tap_ = std::move(tap);
  update_listener();
}

void Receiver::set_wanted(Wanted wanted) {
  if (std::exchange(wanted_, wanted) != wanted) update_listener();
}

void Receiver::set_recorded(bool recorded) {
  if (std::exchange(recorded_, recorded) != recorded) update_listener();
}

void Receiver::set_inband_digits(bool enabled) {
  inband_ = enabled;
  update_listener();
}

void Receiver::update_listener() {
  const bool listens = inband_ || tap_ || recorded_ || wanted_ != Wanted::nothing;
  if (!listens) listener_.reset();
  if (!inband_ || !listener_) detector_.reset();
  if (!detector_) key_in_audio_ = false;
  if (listens && !listener_) listener_ = std::make_unique<Listener>(media_.codec, jitter_max_);
  if (inband_ && !detector_)
    detector_ = std::make_unique<DtmfDetector>(model::traits(media_.codec).sample_rate_hz);
}

bool Receiver::report(char digit, DigitSource source, std::uint32_t duration_ms, TimePoint now) {
  if (!merge_.accept(digit, source, now,
                     std::chrono::milliseconds(source == DigitSource::info ? 0 : duration_ms))) {
    return false;
  }
  events_.digit(Digit{digit, duration_ms, source});
  return true;
}

void Receiver::info_digit(char digit, std::uint32_t duration_ms, TimePoint now) {
  if (report(digit, DigitSource::info, duration_ms, now)) {
    events_.pressed(digit);
    events_.let_go(duration_ms);
  }
}

void Receiver::on_event(const RtpPacket& packet, TimePoint now) {
  const auto seen = event_receiver_.on_packet(packet);
  if (!seen) return;
  if (seen->start) report(seen->digit, DigitSource::rfc4733, seen->end ? seen->duration_ms : 0, now);
  merge_.touch(seen->digit, DigitSource::rfc4733, now);
  if (seen->start) {
    if (press_) end_press();
    events_.pressed(seen->digit);
    press_ = Press{};
  }
  if (!press_) return;
  *press_ = Press{now, seen->duration_ms};
  if (seen->end) end_press();
}

void Receiver::end_press() {
  const Press ended = *press_;
  press_.reset();
  events_.let_go(ended.duration_ms);
}

std::optional<RtpPacket> Receiver::on_datagram(const Datagram& datagram, TimePoint now) {
  const auto parsed = parse_rtp(datagram.bytes);
  const bool audio = parsed && parsed->payload_type == media_.payload_type;
  const bool event = parsed && !audio && parsed->payload_type == media_.telephone_event_payload_type;
  // Comfort noise (RFC 3389) is audio that is not there: it keeps the stream alive.
  const bool noise = parsed && parsed->payload_type == 13;
  if (!audio && !event && !noise) {
    ++discarded_;
    return std::nullopt;
  }
  const auto verdict = lock_.on_packet(datagram.from, parsed->ssrc, parsed->sequence, now);
  if (verdict == SourceLock::Verdict::learning) return std::nullopt;
  if (verdict == SourceLock::Verdict::stranger) {
    ++discarded_;
    return std::nullopt;
  }
  last_packet_ = now;
  if (verdict == SourceLock::Verdict::locked) events_.source_changed();
  if (!std::exchange(started_, true)) events_.started();
  stats_.on_packet(parsed->ssrc, parsed->sequence, parsed->timestamp, now - datagram.age, audio);
  if (event) on_event(*parsed, now);
  if (!audio) return std::nullopt;
  last_audio_ = now;
  if (wanted_ == Wanted::speech) gate_.on_payload(media_.codec, parsed->payload, kernels_);
  if (listener_ && !listener_->on_packet(*parsed)) stats_.on_late();
  return *parsed;
}

std::span<const std::int16_t> Receiver::listen(TimePoint now) {
  now_ = now;
  if (wanted_ != Wanted::speech) {
    listener_->set_decoding(true);
    return listener_->tick(detector_.get(), detector_sink_, tap_, audio_);
  }
  gate_.tick();
  // G.722 shows its level only once decoded, and its decoder must not miss anything.
  const bool shows_late = media_.codec == model::Codec::g722;
  listener_->set_decoding(detector_ || tap_ || recorded_ || shows_late || (gate_.open() && !audio_.mute_in));
  const auto pcm = listener_->tick(detector_.get(), detector_sink_, tap_, audio_);
  if (shows_late) gate_.on_peak(kernels_.peak16(pcm.data(), pcm.size()));
  return pcm;
}

}  // namespace tandem::media
