#include "call/resource/media_link.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/random.h"

namespace tandem::call {
namespace {

using machine::LocalCause;
using model::ErrorCode;

MediaProblem mismatch(std::string message) {
  return {LocalCause::codec_mismatch, ErrorCode::codec_mismatch, std::move(message)};
}
MediaProblem problem_of(sip::NegotiationError e) {
  return mismatch(fmt::format("offer and answer failed: {}", sip::to_string(e)));
}
MediaProblem problem_of(media::MediaError e) {
  const std::string text = fmt::format("no media stream: {}", media::to_string(e));
  switch (e) {
    case media::MediaError::no_address:
      return mismatch(text);
    case media::MediaError::no_ports:
    case media::MediaError::overloaded:
      return {LocalCause::no_media_capacity, ErrorCode::no_capacity, text};
    case media::MediaError::socket_failed:
      break;
  }
  return {LocalCause::internal, ErrorCode::internal, text};
}

/// Where the peer's audio lives, for the choice of our own address.
std::optional<model::IpAddress> media_address(const model::SessionDescription& offer) {
  for (const model::MediaLine& line : offer.media) {
    if (line.kind == "audio" && line.port != 0) return line.connection ? line.connection : offer.connection;
  }
  return std::nullopt;
}

}  // namespace

MediaLink::MediaLink(media::Engine& engine, model::CallId id, std::vector<model::Codec> codecs)
    : engine_(engine), id_(std::move(id)) {
  local_.codecs = std::move(codecs);
}

Status<MediaProblem> MediaLink::open_stream(const model::IpAddress& towards) {
  if (phase_ == Phase::open) return Unit{};
  if (phase_ == Phase::closed)
    return Err(MediaProblem{LocalCause::internal, ErrorCode::call_ended, "media is closed"});
  auto opened = engine_.open(id_, towards);
  if (!opened) return Err(problem_of(opened.error()));
  phase_ = Phase::open;
  local_.rtp = opened->rtp;
  local_.rtcp = opened->rtcp;
  local_.session_id = random_u64() >> 2;  // Fits a signed 64-bit number: peers exist that parse it as one.
  local_.session_version = local_.session_id;
  return Unit{};
}

model::SessionDescription MediaLink::remember(model::SessionDescription description) {
  // The version rises only when the description changed (RFC 3264 section 8): a peer that refreshes its
  // session by re-INVITE must see an unchanged answer.
  if (current_) {
    description.session_version = current_->session_version;
    if (description != *current_) description.session_version = ++local_.session_version;
  }
  current_ = description;
  return description;
}

void MediaLink::agree(const model::AgreedMedia& media) {
  const bool first = !agreed_;
  agreed_ = media;
  engine_.configure(id_, media);
  if (!first) return;
  if (inband_digits_) engine_.set_inband_digits(id_, true);
  const bool plain = !audio_.mute_in && !audio_.mute_out && audio_.gain_in_db == 0 && audio_.gain_out_db == 0;
  if (!plain) apply_audio();
}

Result<model::SessionDescription, MediaProblem> MediaLink::answer(const model::SessionDescription& offer,
                                                                  const std::vector<model::Codec>& codecs) {
  const auto towards = media_address(offer);
  if (!towards) return Err(mismatch("the offer has no usable audio"));
  auto opened = open_stream(*towards);
  if (!opened) return Err(std::move(opened.error()));
  if (!codecs.empty()) local_.codecs = codecs;
  auto negotiated = sip::answer_offer(offer, local_, !codecs.empty());
  if (!negotiated) return Err(problem_of(negotiated.error()));
  auto description = remember(std::move(negotiated->answer));
  agree(negotiated->agreed);
  return description;
}

Result<model::SessionDescription, MediaProblem> MediaLink::offer(const model::IpAddress& towards,
                                                                 const std::vector<model::Codec>& codecs) {
  auto opened = open_stream(towards);
  if (!opened) return Err(std::move(opened.error()));
  if (!codecs.empty()) local_.codecs = codecs;
  offered_ = remember(sip::make_offer(local_));
  return *offered_;
}

Status<MediaProblem> MediaLink::accept(const std::optional<model::SessionDescription>& answer) {
  if (!offered_) return Err(mismatch("an answer came without an offer"));
  const model::SessionDescription offer = *std::exchange(offered_, std::nullopt);
  if (phase_ != Phase::open) return Err(mismatch("media is closed"));
  if (!answer) return Err(mismatch("the peer did not answer our offer"));
  const auto agreed = sip::read_answer(offer, *answer, local_);
  if (!agreed) return Err(problem_of(agreed.error()));
  before_.reset();
  agree(*agreed);
  return Unit{};
}

bool MediaLink::accept_early(const model::SessionDescription& answer) {
  if (!offered_ || phase_ != Phase::open) return false;
  const auto agreed = sip::read_answer(*offered_, answer, local_);
  if (!agreed) return false;
  agree(*agreed);
  return true;
}

void MediaLink::withdraw() {
  offered_.reset();
  if (before_) current_ = std::move(before_);
  before_.reset();
  local_.direction = direction_before_;
}

std::optional<model::SessionDescription> MediaLink::peer_offer(const model::SessionDescription& offer) {
  if (phase_ != Phase::open) return std::nullopt;
  auto negotiated = sip::answer_offer(offer, local_);
  if (!negotiated) return std::nullopt;
  auto description = remember(std::move(negotiated->answer));
  agree(negotiated->agreed);
  return description;
}

model::SessionDescription MediaLink::reoffer() {
  before_ = current_;
  offered_ = remember(current_ ? sip::make_reoffer(*current_, local_) : sip::make_offer(local_));
  return *offered_;
}

void MediaLink::restart() {
  if (phase_ == Phase::open && agreed_) engine_.configure(id_, *agreed_);
}

void MediaLink::apply_audio() {
  if (phase_ != Phase::open) return;
  media::AudioControl control = audio_;
  control.gain_in_db = std::clamp(audio_.gain_in_db + place_gain_db_, -40.0, 20.0);
  control.gain_out_db = std::clamp(audio_.gain_out_db + play_gain_db_, -40.0, 20.0);
  engine_.set_audio(id_, control);
}

void MediaLink::set_audio(const media::AudioControl& control) {
  audio_ = control;
  apply_audio();
}

void MediaLink::set_play_gain(double db) {
  if (db == play_gain_db_) return;
  play_gain_db_ = db;
  apply_audio();
}

void MediaLink::set_place_gain(double db) {
  if (db == place_gain_db_) return;
  place_gain_db_ = db;
  apply_audio();
}

void MediaLink::set_inband_digits(bool enabled) {
  inband_digits_ = enabled;
  if (phase_ == Phase::open) engine_.set_inband_digits(id_, enabled);
}

bool MediaLink::close() {
  const bool was_open = phase_ == Phase::open;
  phase_ = Phase::closed;
  offered_.reset();
  if (was_open) engine_.close(id_);
  return was_open;
}

bool MediaLink::accepts(const std::vector<model::Codec>& codecs) const {
  return codecs.empty() || !agreed_ ||
         std::find(codecs.begin(), codecs.end(), agreed_->codec) != codecs.end();
}

}  // namespace tandem::call
