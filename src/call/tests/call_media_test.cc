// Answering and what the peer does to the media: offers, codecs, hold.
#include "call/tests/fakes/world.h"

namespace tandem::call::testing {
namespace {

using Words = std::vector<std::string>;
using sip::LegEnd;

template <class E>
const E* last(const World& w) {
  for (auto it = w.gateway.events.rbegin(); it != w.gateway.events.rend(); ++it) {
    if (const auto* e = std::get_if<E>(&it->data)) return e;
  }
  return nullptr;
}

model::CallAnswer answer(const World& w, const std::string& name = "answer",
                         std::vector<model::Codec> codecs = {}) {
  return {.call_id = w.call,
          .codecs = std::move(codecs),
          .headers = {},
          .op_id = World::op(name),
          .deadline_ms = {}};
}
model::CallRing ring(const World& w, bool early, const std::string& name = "ring") {
  return {.call_id = w.call,
          .sip_code = 180,
          .early_media = early,
          .headers = {},
          .op_id = World::op(name),
          .deadline_ms = {}};
}

TEST(Call, RingAndEarlyMedia) {
  World w;
  w.arrive();
  w.news();
  w.ask(ring(w, false));
  w.run();
  EXPECT_EQ(w.agent.log, Words{"ring 180"});
  EXPECT_EQ(w.news(), (Words{"call.ringing", "op.completed(ring succeeded/ringing)"}));
  EXPECT_EQ(w.refused(w.say("s0")), "wrong_state");
  w.ask(ring(w, true, "early"));
  w.run();
  EXPECT_EQ(w.agent.log.back(), "ring 183 sdp");
  EXPECT_EQ(w.news(), (Words{"call.early_media", "ivr.created", "op.completed(early succeeded/ringing)"}));
  const auto early = w.agent.sent;
  w.ask(w.say("s1"));
  w.run();
  EXPECT_NE(w.engine.current(w.call), nullptr);
  EXPECT_EQ(w.refused(answer(w, "other", {model::Codec::g722})), "invalid_params codecs");
  w.ask(answer(w));
  w.run();
  EXPECT_EQ(w.agent.sent, early);  // The 200 repeats the answer.
  EXPECT_EQ(w.news(), (Words{"call.answered", "op.completed(answer succeeded/answered)"}));
  EXPECT_EQ(w.outcome("s1"), "open");
  EXPECT_EQ(w.refused(answer(w, "again")), "wrong_state");
}

TEST(Call, CodecsOfTheApplicationGoFirst) {
  World w;
  w.arrive();
  w.ask(answer(w, "answer", {model::Codec::pcma}));
  w.run();
  EXPECT_EQ(last<model::CallAnsweredEvent>(w)->codec, model::Codec::pcma);
}

TEST(Call, NoCommonCodecIs488) {
  World w;
  w.arrive();
  w.ask(answer(w, "answer", {model::Codec::g722}));
  w.run();
  EXPECT_EQ(w.agent.log, Words{"reject 488 Not Acceptable Here q88 r0"});
  EXPECT_EQ(w.outcome("answer"), "failed/error codec_mismatch");
  w.peer(LegEnd::local_reject, 488);
  w.run();
  EXPECT_EQ(w.store.cdrs.at(0).verdict.reason, model::EndReason::codec_mismatch);
  EXPECT_EQ(w.engine.streams(), 0U);

  World full;
  full.engine.open_error = media::MediaError::no_ports;
  full.arrive();
  full.ask(answer(full));
  full.run();
  EXPECT_EQ(full.outcome("answer"), "failed/error no_capacity");
  EXPECT_EQ(full.agent.log, Words{"reject 503 Service Unavailable q42 r5"});
}

TEST(Call, LateOffer) {
  World w;
  auto invite = w.invite();
  invite.offer.reset();
  w.arrive(invite);
  EXPECT_EQ(w.refused(ring(w, true)), "wrong_state early_media");
  w.news();
  w.ask(answer(w));
  w.ask(w.say("s1"));  // May wait behind the answer.
  w.run();
  EXPECT_EQ(w.agent.log, Words{"answer"});
  EXPECT_TRUE(w.news().empty());  // Answered when the ACK has brought the answer.
  w.core->on_acknowledged(w.call, offer_of({8}));
  w.run();
  EXPECT_EQ(w.news(), (Words{"call.answered", "ivr.created", "op.completed(answer succeeded/answered)",
                             "op.started(s1)"}));
  EXPECT_EQ(last<model::CallAnsweredEvent>(w)->codec, model::Codec::pcma);

  World bad;
  bad.arrive(invite);
  bad.ask(answer(bad));
  bad.run();
  bad.core->on_acknowledged(bad.call, std::nullopt);
  bad.run();
  EXPECT_EQ(bad.outcome("answer"), "failed/error codec_mismatch");
  EXPECT_EQ(bad.agent.log.back(), "hangup q88 codec_mismatch");
  bad.peer(LegEnd::local_hangup);
  bad.run();
  EXPECT_EQ(bad.store.cdrs.at(0).verdict.reason, model::EndReason::codec_mismatch);

  World lost;
  lost.arrive(invite);
  lost.ask(answer(lost));
  lost.run();
  lost.peer(LegEnd::no_ack);
  lost.run();
  EXPECT_EQ(lost.outcome("answer"), "failed/call_ended call_ended");
  EXPECT_EQ(lost.store.cdrs.at(0).verdict.reason, model::EndReason::no_ack);
}

TEST(Call, EarlyMediaForALateOfferByPrack) {
  World w;
  auto invite = w.invite();
  invite.offer.reset();
  invite.supports_100rel = true;
  w.arrive(invite);
  w.news();
  w.ask(ring(w, true));
  w.ask(answer(w));  // Waits its turn: no 200 before the PRACK.
  w.run();
  EXPECT_EQ(w.agent.log, Words{"ring 183 sdp"});
  w.core->on_prack(w.call, offer_of({0}));
  w.run();
  EXPECT_EQ(w.news(),
            (Words{"call.early_media", "ivr.created", "op.completed(ring succeeded/ringing)",
                   "op.started(answer)", "call.answered", "op.completed(answer succeeded/answered)"}));
  w.core->on_prack(w.call, std::nullopt);
  EXPECT_TRUE(w.news().empty());
}

TEST(Call, ThePeerHoldsAndChanges) {
  World w;
  w.answered();
  w.news();
  w.core->on_offer(w.call, {1, offer_of({0, 8}, model::Direction::send_only), true});
  EXPECT_EQ(w.agent.log.back(), "answer_offer 1");
  EXPECT_EQ(w.news(), (Words{"call.media_changed", "call.held"}));
  w.core->on_rtp_timeout(w.call);  // Silence on hold is what one expects.
  EXPECT_TRUE(w.news().empty());
  w.core->on_offer(w.call, {2, offer_of({0, 8}, model::Direction::inactive), true});
  EXPECT_EQ(w.news(), Words{"call.media_changed"});
  w.core->on_offer(w.call, {3, offer_of({8}), true});
  EXPECT_EQ(w.news(), (Words{"call.media_changed", "call.unheld"}));
  EXPECT_EQ(last<model::CallMediaChangedEvent>(w)->codec, model::Codec::pcma);
  EXPECT_EQ(w.engine.streams_map.at(w.call).media->codec, model::Codec::pcma);
  w.core->on_offer(w.call, {4, offer_of({3}), true});
  EXPECT_EQ(w.agent.log.back(), "refuse_offer 4 488");
  const auto before = w.agent.sent;
  w.core->on_offer(w.call, {5, offer_of({8}), true});  // A refresh: same description, same version.
  EXPECT_EQ(w.agent.sent, before);
  EXPECT_TRUE(w.news().empty());
  w.core->on_offer(w.call, {6, std::nullopt, true});  // Asks for our offer.
  EXPECT_EQ(w.agent.log.back(), "answer_offer 6");
  w.core->on_offer(w.call, {7, offer_of({8}), true});
  EXPECT_EQ(w.agent.log.back(), "refuse_offer 7 491");
  w.core->on_acknowledged(w.call, offer_of({0}));
  EXPECT_EQ(w.news(), Words{"call.media_changed"});
  EXPECT_EQ(last<model::CallMediaChangedEvent>(w)->codec, model::Codec::pcmu);
}

TEST(Call, HeldFromTheStartAndForTooLong) {
  World w;
  auto invite = w.invite();
  invite.offer = offer_of({0}, model::Direction::inactive);
  w.arrive(invite);
  w.news();
  w.ask(answer(w));
  w.run();
  const auto news = w.news();
  EXPECT_NE(std::find(news.begin(), news.end(), "call.held"), news.end());
  w.advance(3'600'000);
  EXPECT_EQ(w.agent.log.back(), "hangup q41 media_timeout");
}

TEST(Call, MessagesQualityAndStrangers) {
  World w;
  w.answered();
  w.news();
  w.core->on_message(w.call, {"INFO", "text/plain", "hi", {{"X-B", "2"}}});
  w.core->on_quality(w.call, {});
  w.core->on_info_digit(w.call, {'5', 80});
  w.run();
  EXPECT_EQ(w.news(), (Words{"call.sip_message", "call.quality", "call.dtmf"}));
  const model::CallId stranger("CAstranger");
  w.core->on_digit(stranger, {});
  w.core->on_play_started(stranger, 1);
  w.core->on_play_ended(stranger, 1, {});
  w.core->on_ended(stranger, {});
  w.core->on_offer(stranger, {});
  w.core->on_acknowledged(stranger, std::nullopt);
  w.core->session_opened(model::SessionId("SEstranger"));
  w.core->session_lost(model::SessionId("SEstranger"));
  w.core->on_incoming(w.invite());  // The same call again.
  w.run();
  EXPECT_TRUE(w.news().empty());
  EXPECT_EQ(w.core->live_calls(), 1U);
}

}  // namespace
}  // namespace tandem::call::testing
