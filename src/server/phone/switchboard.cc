#include "server/phone/switchboard.h"

namespace tandem::phone {

void Switchboard::attach(sip::Agent* agent, media::Engine* engine, Sounds* sounds) {
  agent_ = agent;
  engine_ = engine;
  sounds_ = sounds;
}

Phone* Switchboard::find(const model::CallId& id) {
  const auto found = phones_.find(id);
  return found == phones_.end() ? nullptr : found->second.get();
}

Phone& Switchboard::add(const model::CallId& id, Script script, Timeline& timeline, Done done) {
  const Phone::Parts parts{*agent_, *engine_, *sounds_, loop_, timeline};
  auto phone = std::make_unique<Phone>(id, std::move(script), parts,
                                       [this, id, done = std::move(done)](const Phone& p) mutable {
                                         done(p);
                                         // Not now: the phone is in the middle of its last method.
                                         loop_.post([this, id] { phones_.erase(id); });
                                       });
  Phone& out = *phone;
  phones_[id] = std::move(phone);
  return out;
}

void Switchboard::call(Script script, const model::IpAddress& towards, Timeline& timeline, Done done) {
  add(model::CallId::make(), std::move(script), timeline, std::move(done)).dial(towards);
}

void Switchboard::await_call(Script script, Timeline& timeline, Done done) {
  waiting_.push_back({std::move(script), timeline, std::move(done)});
}

void Switchboard::clear() {
  waiting_.clear();
  phones_.clear();
}

void Switchboard::give_up_all(const std::string& why) {
  for (auto& [id, phone] : phones_) phone->give_up(why);
}

void Switchboard::on_incoming(sip::IncomingCall call) {
  if (agent_ == nullptr) return;
  if (waiting_.empty()) {
    agent_->reject(call.id, 486, "", 17, 0, {});
    return;
  }
  Waiting next = std::move(waiting_.front());
  waiting_.pop_front();
  const model::CallId id = call.id;
  add(id, std::move(next.script), next.timeline, std::move(next.done)).take(std::move(call));
}

void Switchboard::on_progress(const model::CallId& id, sip::Progress progress) {
  if (Phone* p = find(id)) p->on_progress(std::move(progress));
}
void Switchboard::on_answered(const model::CallId& id, sip::Answered answered) {
  if (Phone* p = find(id)) p->on_answered(std::move(answered));
}
void Switchboard::on_acknowledged(const model::CallId& id, std::optional<model::SessionDescription> session) {
  if (Phone* p = find(id)) p->on_acknowledged(session);
}
void Switchboard::on_offer(const model::CallId& id, sip::PeerOffer offer) {
  if (Phone* p = find(id)) p->on_offer(offer);
}
void Switchboard::on_message(const model::CallId& id, sip::InDialogMessage message) {
  if (Phone* p = find(id)) p->on_message(message);
}
void Switchboard::on_info_digit(const model::CallId& id, sip::InfoDigit digit) {
  if (Phone* p = find(id)) p->on_info_digit(digit);
}
void Switchboard::on_ended(const model::CallId& id, sip::Ended ended) {
  if (Phone* p = find(id)) p->on_ended(ended);
}

void Switchboard::on_digit(const media::StreamId& id, media::Digit digit) {
  if (Phone* p = find(id)) p->on_digit(digit);
}
void Switchboard::on_play_ended(const media::StreamId& id, media::PlayId play, media::PlayResult result) {
  if (Phone* p = find(id)) p->on_play_ended(play, result);
}
void Switchboard::on_digits_sent(const media::StreamId& id, media::PlayId tag, bool complete) {
  if (Phone* p = find(id)) p->on_digits_sent(tag, complete);
}
void Switchboard::on_media_started(const media::StreamId& id) {
  if (Phone* p = find(id)) p->on_media_started();
}
void Switchboard::on_rtp_timeout(const media::StreamId& id) {
  if (Phone* p = find(id)) p->on_rtp_timeout();
}
void Switchboard::on_closed(const media::StreamId& id, model::StreamQuality quality) {
  if (Phone* p = find(id)) p->on_media_closed(quality);
}

}  // namespace tandem::phone
