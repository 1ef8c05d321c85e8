#include "server/health/media_probe.h"

#include <fmt/format.h>

namespace tandem::server {
namespace {

constexpr char kDigit = '5';

model::AgreedMedia towards(const media::LocalAddresses& peer, model::Direction direction) {
  model::AgreedMedia media;
  media.telephone_event_payload_type = 101;
  media.remote_rtp = peer.rtp;
  media.remote_rtcp = peer.rtcp;
  media.direction = direction;
  return media;
}

}  // namespace

void MediaProbe::run(std::chrono::milliseconds timeout, Function<void(Outcome)> done) {
  if (running_) {
    running_->waiting.push_back(std::move(done));
    return;
  }
  running_ = std::make_unique<Running>(control_);
  running_->started = control_.clock().now();
  running_->waiting.push_back(std::move(done));
  std::string error;
  if (!start(*running_, error)) {
    finish({false, error});
    return;
  }
  running_->deadline.set(timeout, [this, timeout] {
    finish({false, fmt::format("no digit heard within {} ms", timeout.count())});
  });
}

bool MediaProbe::start(Running& probe, std::string& error) {
  const auto sender = engine_->open(probe.sender, address_);
  if (!sender) {
    error = fmt::format("cannot open a stream: {}", media::to_string(sender.error()));
    return false;
  }
  own_[probe.sender] = 1;
  const auto receiver = engine_->open(probe.receiver, address_);
  if (!receiver) {
    error = fmt::format("cannot open a stream: {}", media::to_string(receiver.error()));
    return false;
  }
  own_[probe.receiver] = 1;
  engine_->configure(probe.receiver, towards(*sender, model::Direction::recv_only));
  engine_->configure(probe.sender, towards(*receiver, model::Direction::send_only));
  engine_->send_digits(probe.sender, 1, std::string(1, kDigit), 80, 40);
  return true;
}

void MediaProbe::finish(const Outcome& outcome) {
  const auto probe = std::move(running_);
  for (const media::StreamId& id : {probe->sender, probe->receiver}) {
    if (mine(id)) engine_->close(id);
  }
  for (auto& done : probe->waiting) done(outcome);
}

void MediaProbe::on_digit(const media::StreamId& id, media::Digit digit) {
  if (!mine(id)) {
    calls_.on_digit(id, digit);
    return;
  }
  if (!running_ || id != running_->receiver) return;
  const auto took =
      std::chrono::duration_cast<std::chrono::milliseconds>(control_.clock().now() - running_->started);
  if (digit.digit == kDigit) finish({true, fmt::format("digit heard after {} ms", took.count())});
}

void MediaProbe::on_play_started(const media::StreamId& id, media::PlayId play) {
  if (!mine(id)) calls_.on_play_started(id, play);
}
void MediaProbe::on_play_ended(const media::StreamId& id, media::PlayId play, media::PlayResult result) {
  if (!mine(id)) calls_.on_play_ended(id, play, std::move(result));
}
void MediaProbe::on_digits_sent(const media::StreamId& id, media::PlayId tag, bool complete) {
  if (!mine(id)) calls_.on_digits_sent(id, tag, complete);
}
void MediaProbe::on_media_started(const media::StreamId& id) {
  if (!mine(id)) calls_.on_media_started(id);
}
void MediaProbe::on_rtp_timeout(const media::StreamId& id) {
  if (!mine(id)) calls_.on_rtp_timeout(id);
}
void MediaProbe::on_rtp_resumed(const media::StreamId& id) {
  if (!mine(id)) calls_.on_rtp_resumed(id);
}
void MediaProbe::on_source_changed(const media::StreamId& id, const model::SocketAddress& source) {
  if (!mine(id)) calls_.on_source_changed(id, source);
}
void MediaProbe::on_mark(const media::StreamId& id, media::PlayId play, const std::string& name,
                         std::int64_t played_ms) {
  if (!mine(id)) calls_.on_mark(id, play, name, played_ms);
}
void MediaProbe::on_quality(const media::StreamId& id, model::StreamQuality quality) {
  if (!mine(id)) calls_.on_quality(id, quality);
}
void MediaProbe::on_closed(const media::StreamId& id, model::StreamQuality quality) {
  if (own_.erase(id) == 0) calls_.on_closed(id, quality);
}

}  // namespace tandem::server
