#include "server/phone/phone.h"

#include <fmt/format.h>

#include "base/random.h"

namespace tandem::phone {

using model::traits;

Phone::Phone(model::CallId id, Script script, Parts parts, Function<void(const Phone&)> done)
    : id_(std::move(id)),
      script_(std::move(script)),
      parts_(parts),
      done_(std::move(done)),
      ear_(script_.expect_tones, script_.record),
      runner_(script_.steps, id_, {parts.engine, parts.sounds, parts.loop, parts.timeline, ear_},
              [this] {
                if (script_.hangup_after)
                  hangup_.set(*script_.hangup_after, [this] { hang_up("script ended"); });
              }),
      timeout_(parts.loop),
      hangup_(parts.loop) {
  local_.codecs = script_.codecs;
  local_.session_id = random_u32();
  local_.session_version = 1;
}

void Phone::dial(const model::IpAddress& towards) {
  note("dialing", "calling " + script_.target_uri, {{"target", script_.target_uri}, {"call", id_.str()}});
  if (!open_media(towards)) return;
  set_timeout();
  state_ = Calling{parts_.loop.clock().now()};
  sent_ = sip::make_offer(local_);
  sip::OutboundCall call;
  call.id = id_;
  call.target_uri = script_.target_uri;
  call.outbound_proxy = script_.outbound_proxy;
  call.from_uri = script_.from_uri;
  call.headers = script_.headers;
  call.offer = sent_;
  call.credentials = script_.credentials;
  parts_.agent.invite(std::move(call));
}

void Phone::take(sip::IncomingCall call) {
  note("incoming", fmt::format("call from {} to {}", call.from.uri, call.to.uri),
       {{"from", call.from.uri}, {"to", call.to.uri}, {"call", id_.str()}});
  set_timeout();
  state_ = Ringing{call.offer};
  if (script_.reject_code != 0) {
    parts_.agent.reject(id_, script_.reject_code, "", 0, 0, {});
    return;
  }
  if (!open_media(call.source.ip)) return;
  if (script_.ring_for <= Millis{0}) return answer();
  parts_.agent.ring(id_, {});
  hangup_.set(script_.ring_for, [this] { answer(); });
}

bool Phone::open_media(const model::IpAddress& towards) {
  const auto opened = parts_.engine.open(id_, towards);
  if (!opened) {
    const std::string why = fmt::format("no media: {}", media::to_string(opened.error()));
    if (std::holds_alternative<Idle>(state_)) {
      fail(why);
      finish();
    } else {
      failure_ = why;
      parts_.agent.reject(id_, 500, "", 0, 0, {});
    }
    return false;
  }
  media_open_ = true;
  local_.rtp = opened->rtp;
  local_.rtcp = opened->rtcp;
  if (script_.listens()) {
    parts_.engine.set_tap(id_, [this, alive = alive_, &loop = parts_.loop](std::span<const std::int16_t> pcm,
                                                                           std::uint32_t rate) {
      // Heard on a media worker: only the copy goes to the loop, where alone `alive` is looked at.
      loop.post([this, alive, rate, frame = std::vector<std::int16_t>(pcm.begin(), pcm.end())] {
        if (*alive) heard(frame, rate);
      });
    });
  }
  return true;
}

void Phone::answer() {
  auto* ringing = std::get_if<Ringing>(&state_);
  if (ringing == nullptr) return;
  if (ringing->offer) {
    const auto negotiated = sip::answer_offer(*ringing->offer, local_);
    if (!negotiated) {
      failure_ = std::string(sip::to_string(negotiated.error()));
      parts_.agent.reject(id_, 488, "", 0, 0, {});
      return;
    }
    sent_ = negotiated->answer;
    agree(negotiated->agreed);
  } else {
    sent_ = sip::make_offer(local_);
  }
  state_ = Answering{};
  parts_.agent.answer(id_, *sent_, {});
}

void Phone::agree(const model::AgreedMedia& media) {
  if (!agreed_ || !(*agreed_ == media)) {
    note("media",
         fmt::format("audio {} with {}{}", traits(media.codec).encoding_name, media.remote_rtp.str(),
                     media.direction == model::Direction::send_recv ? "" : ", held"),
         {{"codec", traits(media.codec).encoding_name}, {"remote", media.remote_rtp.str()}});
  }
  agreed_ = media;
  parts_.engine.configure(id_, media);
}

bool Phone::read_answer(const model::SessionDescription& answer) {
  if (!sent_) return false;
  const auto agreed = sip::read_answer(*sent_, answer, local_);
  if (agreed) {
    agree(*agreed);
    return true;
  }
  failure_ = std::string(sip::to_string(agreed.error()));
  return false;
}

void Phone::set_timeout() {
  if (script_.timeout <= Millis{0}) return;
  timeout_.set(script_.timeout, [this] {
    if (!std::holds_alternative<Talking>(state_)) failure_ = "no answer in time";
    outcome_.unmet.push_back(fmt::format("timed out after {} ms", script_.timeout.count()));
    hang_up("timed out");
  });
}

void Phone::on_progress(sip::Progress progress) {
  note("progress", fmt::format("{} {}", progress.sip_code, progress.sip_reason),
       {{"code", std::to_string(progress.sip_code)}});
  if (progress.session) (void)read_answer(*progress.session);
}

void Phone::on_answered(sip::Answered answered) {
  const auto* calling = std::get_if<Calling>(&state_);
  const TimePoint now = parts_.loop.clock().now();
  if (calling != nullptr) outcome_.setup = std::chrono::duration_cast<Millis>(now - calling->since);
  note("answered", "200 OK", {{"code", "200"}});
  if (answered.session_is_offer && answered.session) {
    const auto negotiated = sip::answer_offer(*answered.session, local_);
    if (negotiated) {
      sent_ = negotiated->answer;
      parts_.agent.acknowledge(id_, negotiated->answer);
      agree(negotiated->agreed);
    }
  } else if (answered.session) {
    (void)read_answer(*answered.session);
  }
  talk();
}

void Phone::on_acknowledged(const std::optional<model::SessionDescription>& session) {
  if (session) (void)read_answer(*session);
  if (!std::holds_alternative<Answering>(state_)) return;
  note("answered", "call taken", {{"code", "200"}});
  talk();
}

void Phone::talk() {
  state_ = Talking{parts_.loop.clock().now()};
  outcome_.sip_code = 200;
  if (!agreed_) {
    if (failure_.empty()) failure_ = "answered without a session description";
    hang_up("no media");
    return;
  }
  failure_.clear();
  runner_.start(agreed_->codec);
  if (script_.steps.empty() && script_.hangup_after) {
    hangup_.set(*script_.hangup_after, [this] { hang_up("as told"); });
  }
}

void Phone::on_offer(const sip::PeerOffer& offer) {
  if (!offer.answer_required) return;
  ++local_.session_version;
  if (!offer.offer) {
    sent_ = sent_ ? sip::make_reoffer(*sent_, local_) : sip::make_offer(local_);
    parts_.agent.answer_offer(id_, offer.offer_id, *sent_);
    return;
  }
  const auto negotiated = sip::answer_offer(*offer.offer, local_);
  if (!negotiated) {
    note("peer_offer", fmt::format("offer refused: {}", sip::to_string(negotiated.error())));
    parts_.agent.refuse_offer(id_, offer.offer_id, 488);
    return;
  }
  note("peer_offer", "the peer changed the session");
  sent_ = negotiated->answer;
  parts_.agent.answer_offer(id_, offer.offer_id, negotiated->answer);
  agree(negotiated->agreed);
}

void Phone::on_message(const sip::InDialogMessage& message) {
  note("message", fmt::format("{} {}: {}", message.method, message.content_type, message.body),
       {{"method", message.method}, {"content_type", message.content_type}, {"body", message.body}});
}

void Phone::on_info_digit(sip::InfoDigit digit) {
  parts_.engine.info_digit(id_, digit.digit, digit.duration_ms);
}

void Phone::on_digit(media::Digit digit) {
  note("digit", fmt::format("heard digit {}", digit.digit), {{"digit", std::string(1, digit.digit)}});
  outcome_.digits.push_back(digit.digit);
  runner_.on_digit();
}

void Phone::on_media_started() {
  note("rtp", "first packet");
}
void Phone::on_rtp_timeout() {
  note("rtp_timeout", "no packets any more");
}

void Phone::heard(std::span<const std::int16_t> pcm, std::uint32_t rate) {
  if (std::holds_alternative<Closing>(state_) || std::holds_alternative<Done>(state_)) return;
  ear_.hear(pcm, rate, parts_.loop.clock().now());
  if (!ear_.heard_something()) return;
  if (!std::exchange(audio_noted_, true)) note("audio", "hears audio");
  runner_.on_heard();
}

void Phone::hang_up(const char* text) {
  note("hangup", fmt::format("hanging up: {}", text));
  parts_.agent.hangup(id_, 16, "", {});
}

void Phone::give_up(const std::string& why) {
  if (std::holds_alternative<Done>(state_) || std::holds_alternative<Closing>(state_)) return;
  outcome_.unmet.push_back(why);
  hang_up(why.c_str());
}

void Phone::fail(std::string how) {
  outcome_.verdict = Verdict::failed;
  outcome_.how = std::move(how);
}

void Phone::on_ended(const sip::Ended& ended) {
  timeout_.cancel();
  hangup_.cancel();
  runner_.stop();
  if (const auto* talking = std::get_if<Talking>(&state_)) {
    outcome_.talked = std::chrono::duration_cast<Millis>(parts_.loop.clock().now() - talking->since);
  }
  judge(ended);
  note("ended", outcome_.how,
       {{"code", std::to_string(outcome_.sip_code)}, {"how", std::string(to_string(ended.how))}});
  close();
}

void Phone::close() {
  state_ = Closing{};
  if (media_open_) {
    parts_.engine.close(id_);
  } else {
    finish();
  }
}

void Phone::on_media_closed(const model::StreamQuality& quality) {
  outcome_.quality = quality;
  media_open_ = false;
  if (std::holds_alternative<Closing>(state_)) finish();
}

void Phone::finish() {
  if (std::holds_alternative<Done>(state_)) return;
  state_ = Done{};
  done_(*this);
}

void Phone::judge(const sip::Ended& ended) {
  using sip::LegEnd;
  if (outcome_.sip_code != 200) outcome_.sip_code = ended.sip_code;
  const bool by_a_party = ended.how == LegEnd::local_hangup || ended.how == LegEnd::peer_bye ||
                          ended.how == LegEnd::local_reject || ended.how == LegEnd::peer_reject ||
                          ended.how == LegEnd::peer_cancel;
  outcome_.how = fmt::format("{} ({}{}{})", to_string(ended.how), outcome_.sip_code,
                             ended.sip_reason.empty() ? "" : " ", ended.sip_reason);
  if (!failure_.empty()) return fail(failure_ + ": " + outcome_.how);
  if (!by_a_party || outcome_.sip_code != script_.expect_code) return fail(outcome_.how);
  judge_expectations();
}

void Phone::judge_expectations() {
  for (const std::string& what : runner_.undone()) outcome_.unmet.push_back(what);
  for (std::size_t i = 0; i < script_.expect_tones.size(); ++i) {
    const auto& tone = script_.expect_tones[i];
    if (ear_.longest(i) >= tone.at_least) continue;
    outcome_.unmet.push_back(fmt::format("tone of {} Hz: heard {} ms without a break, expected {} ms",
                                         tone.hz, ear_.longest(i).count(), tone.at_least.count()));
  }
  if (script_.expect_digits && *script_.expect_digits != outcome_.digits) {
    outcome_.unmet.push_back(
        fmt::format("digits: got '{}', expected '{}'", outcome_.digits, *script_.expect_digits));
  }
  outcome_.verdict = outcome_.unmet.empty() ? Verdict::as_expected : Verdict::unmet;
}

}  // namespace tandem::phone
