#include "media/engine/stream.h"

#include <algorithm>

#include "base/random.h"
#include "media/rtp/e_model.h"

namespace tandem::media {
namespace {

constexpr std::size_t kMaxStrangers = 64;      // System calls; more than a socket holds.
constexpr std::size_t kMaxReceivePerTick = 4;  // System calls, of ReceiveBuffers::kBatch each.
// RTCP and timers may wait; an empty receive call costs a tenth of a sent packet.
constexpr Duration kHouseKeeping = std::chrono::milliseconds(100);

Receiver::Events receiver_events(const StreamId& id, const Reporter& reporter, Receiver::Events e) {
  e.digit = [id, reporter](Digit d) { reporter.post([id, d](Observer& o) { o.on_digit(id, d); }); };
  e.started = [id, reporter] { reporter.post([id](Observer& o) { o.on_media_started(id); }); };
  return e;
}

PlayQueue::Events play_events(const StreamId& id, const Reporter& reporter) {
  PlayQueue::Events e;
  e.started = [id, reporter](PlayId play) {
    reporter.post([id, play](Observer& o) { o.on_play_started(id, play); });
  };
  e.mark = [id, reporter](PlayId play, const std::string& name, std::int64_t played_ms) {
    reporter.post([id, play, name, played_ms](Observer& o) { o.on_mark(id, play, name, played_ms); });
  };
  e.ended = [id, reporter](std::unique_ptr<Play> play, PlayResult result) {
    reporter.post([id, p = std::move(play), r = std::move(result)](Observer& o) mutable {
      o.on_play_ended(id, p->id, std::move(r));
    });
  };
  return e;
}

DigitSender::Done digits_done(const StreamId& id, const Reporter& reporter) {
  return [id, reporter](PlayId tag, bool complete) {
    reporter.post([id, tag, complete](Observer& o) { o.on_digits_sent(id, tag, complete); });
  };
}

}  // namespace

Stream::Stream(StreamId id, std::unique_ptr<PortPair> ports, const EngineOptions& options, Reporter reporter,
               const Clock& clock)
    : id_(std::move(id)),
      options_(options),
      clock_(clock),
      reporter_(std::move(reporter)),
      ports_(std::move(ports)),
      receiver_(receiver_events(id_, reporter_,
                                {{},
                                 {},
                                 [this] { on_new_source(); },
                                 [this](char digit) { on_pressed(digit); },
                                 [this](std::uint32_t ms) { on_let_go(ms); }}),
                options.jitter_max),
      plays_(play_events(id_, reporter_)),
      digits_(digits_done(id_, reporter_)),
      rtcp_(options.rtcp_interval, random_hex(8)) {}

void Stream::drop_strangers(ReceiveBuffers& buffers) {
  if (!std::exchange(ports_->waited, false)) return;
  for (std::size_t call = 0; call < kMaxStrangers && buffers.receive(ports_->rtp) > 0; ++call) {
  }
  buffers.receive(ports_->rtcp);
}

void Stream::configure(const model::AgreedMedia& media) {
  const TimePoint now = clock_.now();
  if (!media_ || media_->remote_rtp != media.remote_rtp) rtcp_source_.reset();
  if (!media_) next_quality_ = now + options_.quality_interval;
  const bool codec_changed = !media_ || media_->codec != media.codec;
  media_ = media;
  timeout_from_ = now;
  timed_out_ = false;
  sender_.configure(media);
  receiver_.configure(media);
  plays_.set_codec(media.codec);
  if (seat_) seat_->set_codec(media.codec);
  digits_.configure(media.codec, media.telephone_event_payload_type.has_value());
  rtcp_.start(now);
  update_destination();
  if (!codec_changed) return;
  const std::array<std::int16_t, 960> zeros{};
  make_encoder(media.codec)
      ->encode(std::span(zeros).first(model::traits(media.codec).sample_rate_hz / 50), silence_);
  gain_.reset();
  set_audio(audio_);
  if (taps_ != nullptr) taps_->set_codec(media.codec);
}

void Stream::on_new_source() {
  update_destination();
  const model::SocketAddress source = *receiver_.source();
  const auto before = std::exchange(last_source_, source);
  if (!before || *before == source) return;
  reporter_.post([id = id_, source](Observer& o) { o.on_source_changed(id, source); });
}

void Stream::update_destination() {
  if (!media_) return;
  const model::SocketAddress* source = options_.symmetric ? receiver_.source() : nullptr;
  // On hold the old way (RFC 2543) the description has no address: nothing is sent then.
  const bool described = media_->remote_rtp.port != 0 && !media_->remote_rtp.ip.is_unspecified();
  rtp_to_ = described && source != nullptr ? Endpoint(*source) : Endpoint(media_->remote_rtp);
  model::SocketAddress rtcp = media_->remote_rtcp;
  if (described && source != nullptr && source->ip != media_->remote_rtp.ip) {
    rtcp = {source->ip, static_cast<std::uint16_t>(source->port == 65'535 ? 0 : source->port + 1)};
  }
  if (rtcp_source_) rtcp = *rtcp_source_;
  rtcp_to_ = described ? Endpoint(rtcp) : Endpoint();
}

void Stream::set_audio(const AudioControl& audio) {
  audio_ = audio;
  receiver_.set_audio(audio);
  if (seat_ && audio.gain_out_db != 0) seat_->prepare_extras();
  if (audio.gain_out_db == 0) {
    gain_.reset();
  } else if (!gain_ && media_) {
    gain_ = Transcoder{make_decoder(media_->codec), make_encoder(media_->codec)};
  }
}

void Stream::add_tap(std::shared_ptr<StreamTap> tap) {
  if (taps_ == nullptr) taps_ = std::make_unique<StreamTaps>(codec());
  taps_->add(std::move(tap));
  receiver_.set_recorded(true);
}

void Stream::remove_tap(const StreamTap& tap) {
  if (taps_ == nullptr) return;
  taps_->remove(&tap);
  if (!taps_->empty()) return;
  taps_.reset();
  receiver_.set_recorded(false);
}

void Stream::take(TimePoint now, ReceiveBuffers& buffers, PacketCounters& counters) {
  if (!media_) return;
  if (seat_ && seat_->room() == nullptr) leave_room();
  if (peer_ != nullptr) refresh_route();
  receive(now, buffers, counters);
  said_ = receiver_.tick(now);
  if (peer_ != nullptr && !said_.empty()) pass_on(said_, now);
  if (seat_) say_to_room(said_, now);
}

void Stream::give(TimePoint now, ReceiveBuffers& buffers, PacketCounters& counters) {
  if (!media_) return;
  send(now, counters);
  if (taps_ != nullptr) taps_->tick(now, {said_, model::traits(media_->codec).sample_rate_hz});
  if (now >= next_house_keeping_) keep_house(now, buffers);
}

void Stream::receive(TimePoint now, ReceiveBuffers& buffers, PacketCounters& counters) {
  for (std::size_t call = 0; call < kMaxReceivePerTick; ++call) {
    const std::size_t n = buffers.receive(ports_->rtp);
    for (std::size_t i = 0; i < n; ++i) {
      if (const auto d = buffers.datagram(i)) {
        const auto audio = receiver_.on_datagram(*d, now);
        if (audio && peer_ != nullptr) peer_->relay(*audio, d->bytes, now, counters);
      } else {
        receiver_.on_discarded();
      }
    }
    counters.received += n;
    if (n < ReceiveBuffers::kBatch) break;
  }
}

void Stream::send_packet(std::span<const std::uint8_t> packet, PacketCounters& counters) {
  if (ports_->rtp.send(rtp_to_, packet)) {
    ++counters.sent;
  } else {
    ++counters.send_failed;
  }
}

void Stream::send_frame(std::span<const std::uint8_t> payload, PacketCounters& counters) {
  sender_.audio(payload, [&](std::span<const std::uint8_t> p) { send_packet(p, counters); });
  if (taps_ != nullptr) taps_->sent(payload);
}

void Stream::send(TimePoint now, PacketCounters& counters) {
  if (model::sends(media_->direction) && rtp_to_.usable()) {
    DigitSender::Out out;
    if (!digits_.idle()) out = digits_.tick(sender_.own_timestamp(), sender_.frame_units());
    const auto packet = [&](std::span<const std::uint8_t> p) { send_packet(p, counters); };
    if (std::holds_alternative<DigitSender::Idle>(out)) {
      send_audio(now, counters);
    } else if (const auto* tone = std::get_if<std::span<const std::uint8_t>>(&out)) {
      send_frame(*tone, counters);
    } else {
      sender_.pause(packet);
      const auto* event = std::get_if<EventSender::Out>(&out);
      if (event != nullptr && media_->telephone_event_payload_type) {
        packet(sender_.event(*media_->telephone_event_payload_type, *event));
      }
    }
  }
  sender_.tick();
}

std::optional<std::span<const std::uint8_t>> Stream::next_audio() {
  const auto play = plays_.next();
  if (seat_) return seat_->next(play, audio_);
  if (heard_ != nullptr && heard_->route().path == PeerAudio::Path::pcm)
    return heard_->next(play, audio_.gain_out_db);
  if (!play) return std::nullopt;
  return processed(*play);
}

void Stream::send_audio(TimePoint now, PacketCounters& counters) {
  if (const auto payload = next_audio()) {
    send_frame(*payload, counters);
  } else if (heard_ != nullptr && heard_->relaying(now)) {
    return;
  } else if (options_.idle_packets) {
    send_frame(std::span(silence_).first(model::traits(media_->codec).bytes_per_frame), counters);
  } else {
    sender_.pause([&](std::span<const std::uint8_t> p) { send_packet(p, counters); });
  }
}

std::span<const std::uint8_t> Stream::processed(std::span<const std::uint8_t> payload) {
  if (audio_.mute_out) return std::span(silence_).first(payload.size());
  if (!gain_) return payload;
  std::array<std::int16_t, 960> pcm{};
  const std::size_t samples = gain_->decoder->decode(payload, pcm);
  apply_gain(std::span(pcm).first(samples), audio_.gain_out_db);
  const auto out = std::span(processed_).first(model::traits(media_->codec).bytes_per_frame);
  gain_->encoder->encode(std::span(pcm).first(samples), out);
  return out;
}

void Stream::keep_house(TimePoint now, ReceiveBuffers& buffers) {
  next_house_keeping_ = now + kHouseKeeping;
  receive_rtcp(now, buffers);
  if (rtcp_.due(now)) send_report(now, false);
  check_timeout(now);
  check_quality(now);
}

void Stream::receive_rtcp(TimePoint now, ReceiveBuffers& buffers) {
  const std::size_t n = buffers.receive(ports_->rtcp);
  for (std::size_t i = 0; i < n; ++i) {
    const auto d = buffers.datagram(i);
    const auto* source = receiver_.source();
    // From where audio comes, or from where the description says; anything else is a stranger's.
    const bool known =
        d && (d->from == media_->remote_rtcp || (source != nullptr && d->from.ip == source->ip));
    const WallTime wall =
        clock_.wall() - std::chrono::duration_cast<std::chrono::milliseconds>(d ? d->age : Duration{});
    if (!known || !rtcp_.on_packet(d->bytes, sender_.ssrc(), now - d->age, wall)) {
      receiver_.on_discarded();
    } else if (options_.symmetric && d->from != media_->remote_rtcp && rtcp_source_ != d->from) {
      rtcp_source_ = d->from;
      update_destination();
    }
  }
}

void Stream::send_report(TimePoint now, bool bye) {
  if (!rtcp_to_.usable()) return;
  ports_->rtcp.send(rtcp_to_, rtcp_.report(sender_, receiver_.stats(), now, clock_.wall(), bye));
}

void Stream::check_timeout(TimePoint now) {
  if (timeout_told_ && receiver_.last_packet() > *timeout_told_) {
    timeout_told_.reset();
    reporter_.post([id = id_](Observer& o) { o.on_rtp_resumed(id); });
  }
  if (!model::receives(media_->direction) || media_->remote_rtp.port == 0 ||
      media_->remote_rtp.ip.is_unspecified()) {
    timeout_from_ = now;
    return;
  }
  const TimePoint last = std::max(timeout_from_, receiver_.last_packet().value_or(timeout_from_));
  const bool silent = now - last >= options_.rtp_timeout;
  if (silent && !timed_out_) {
    timeout_told_ = now;
    reporter_.post([id = id_](Observer& o) { o.on_rtp_timeout(id); });
  }
  timed_out_ = silent;
}

void Stream::check_quality(TimePoint now) {
  if (now < next_quality_) return;
  next_quality_ = now + options_.quality_interval;
  if (std::exchange(received_at_quality_, receiver_.stats().received()) == receiver_.stats().received())
    return;
  reporter_.post([id = id_, q = quality()](Observer& o) { o.on_quality(id, q); });
}

model::StreamQuality Stream::quality() const {
  const ReceptionStats& s = receiver_.stats();
  model::StreamQuality q;
  q.packets_received = s.received();
  q.packets_sent = sender_.packets();
  q.packets_lost = s.lost();
  q.packets_discarded = receiver_.discarded();
  if (s.expected() > 0) {
    q.loss_percent =
        std::min(100.0, 100.0 * static_cast<double>(s.lost()) / static_cast<double>(s.expected()));
  }
  q.jitter_ms = s.jitter_ms();
  if (sender_.packets() > 0 && rtcp_.remote_lost() > 0) {
    q.remote_loss_percent = std::min(
        100.0, 100.0 * static_cast<double>(rtcp_.remote_lost()) / static_cast<double>(sender_.packets()));
  }
  q.round_trip_ms = rtcp_.round_trip_ms();
  if (s.received() > 0)
    q.mos = estimate_mos(codec(), q.loss_percent, q.round_trip_ms / 2 + receiver_.delay_ms() + 20);
  return q;
}

void Stream::close() {
  disconnect();
  plays_.close();
  digits_.close();
  if (taps_ != nullptr) taps_->close();
  if (media_) send_report(clock_.now(), true);
  reporter_.post([id = id_, q = quality()](Observer& o) { o.on_closed(id, q); });
}

}  // namespace tandem::media
