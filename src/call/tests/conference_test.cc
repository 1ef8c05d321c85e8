// Conferences in the core: who hears whom, gates, starts and ends, sounds, and that each coming, each going
// and the end are told exactly once.
#include "call/tests/fakes/rooms.h"

namespace tandem::call::testing {
namespace {

TEST_F(Rooms, TwoComeAndHearEachOther) {
  const auto a = caller("a");
  w.news();
  joined(join_of(a));
  EXPECT_EQ(w.news(), (Lines{"conference.created", "ivr.ended", "conference.participant_joined",
                             "conference.started"}));
  const auto b = member("b");
  EXPECT_TRUE(w.mixer.hears(a, b));
  EXPECT_TRUE(w.mixer.hears(b, a));
  EXPECT_EQ(w.mixer.opened, 1U);
  EXPECT_EQ(w.outcome("join-CAa"), "open");
  w.advance(2000);
  ends(b);
  EXPECT_EQ(left_reason(b), "hangup");
  EXPECT_EQ(w.outcome("join-CAb"), "succeeded/left");
  ends(a);
  EXPECT_EQ(left_reason(a), "hangup");
  ASSERT_NE(ended(), nullptr);
  EXPECT_EQ(ended()->reason, model::ConferenceEndReason::last_participant);
  EXPECT_TRUE(w.mixer.rooms.empty());
  // The creator hears of both, the other one of its own only.
  EXPECT_EQ(count("conference.participant_joined"), 3U);
}

TEST_F(Rooms, AnUnansweredCallIsAnswered) {
  const auto a = caller("a", false);
  joined(join_of(a));
  EXPECT_EQ(w.agent.log.back(), "answer");
  EXPECT_EQ(w.mixer.only().members.size(), 1U);
}

TEST_F(Rooms, StopGoesBackToTheIvr) {
  const auto a = member("a");
  member("b");
  ASSERT_TRUE(w.core->submit(sessions[a], World::control<model::OpStop>("join-CAa")));
  w.run();
  EXPECT_EQ(w.outcome("join-CAa"), "succeeded/stopped");
  EXPECT_EQ(left_reason(a), "stopped");
  EXPECT_EQ(w.core->call(model::AccountId("ACtest"), a)->call.ivr_id.has_value(), true);
  EXPECT_EQ(w.mixer.only().members.size(), 1U);
  // And in again.
  auto again = join_of(a);
  again.op_id = World::op("again");
  joined(again);
  EXPECT_EQ(w.mixer.only().members.size(), 2U);
}

TEST_F(Rooms, SupervisionMuteAndDeaf) {
  const auto agent = member("agent"), customer = member("customer");
  const auto boss = caller("boss");
  auto p = join_of(boss);
  p.terms.role = ConferenceRole::supervisor;
  joined(p);
  EXPECT_TRUE(w.mixer.hears(boss, customer));
  EXPECT_FALSE(w.mixer.hears(customer, boss));
  auto coach = change(boss);
  coach.supervise.emplace();
  coach.supervise->mode = model::SuperviseMode::coach;
  coach.supervise->call_ids = {agent};
  EXPECT_EQ(ask(agent, coach, "1"), "succeeded/applied");
  EXPECT_TRUE(w.mixer.hears(agent, boss));
  EXPECT_FALSE(w.mixer.hears(customer, boss));
  auto barge = change(boss);
  barge.supervise.emplace();
  barge.supervise->mode = model::SuperviseMode::barge;
  EXPECT_EQ(ask(agent, barge, "2"), "succeeded/applied");
  EXPECT_TRUE(w.mixer.hears(customer, boss));
  auto mute = change(customer);
  mute.muted = true;
  mute.gain_db = 6;
  EXPECT_EQ(ask(agent, mute, "3"), "succeeded/applied");
  EXPECT_FALSE(w.mixer.hears(agent, customer));
  EXPECT_EQ(w.engine.streams_map.at(customer).audio.gain_in_db, 6);
  auto wrong = change(customer);
  wrong.supervise = barge.supervise;
  EXPECT_EQ(ask(agent, wrong, "4"), "failed/error wrong_state");
  EXPECT_EQ(ask(agent, change(model::CallId("CAnobody")), "5"), "call_not_found call_id");
}

TEST_F(Rooms, HoldHasMusicAndEndsWithTheParticipation) {
  const auto a = member("a"), b = member("b");
  auto hold = change(b);
  hold.on_hold = true;
  hold.hold_music = w.play("m", {"http://a/moh.wav"}).play;
  EXPECT_EQ(ask(a, hold, "h"), "succeeded/applied");
  EXPECT_FALSE(w.mixer.hears(a, b));
  EXPECT_FALSE(w.mixer.hears(b, a));
  EXPECT_FALSE(w.mixer.only().members.at(b).hears_plays);
  ASSERT_NE(w.engine.current(b), nullptr);
  EXPECT_EQ(w.engine.current(b)->spec.loop, 0U);
  auto off = change(b);
  off.on_hold = false;
  EXPECT_EQ(ask(a, off, "u"), "succeeded/applied");
  EXPECT_TRUE(w.mixer.hears(a, b));
  EXPECT_EQ(w.engine.current(b), nullptr);
  EXPECT_EQ(ask(a, hold, "h2"), "succeeded/applied");
  ASSERT_TRUE(w.core->submit(sessions[b], World::control<model::OpStop>("join-CAb")));
  w.run();
  EXPECT_FALSE(w.core->call(model::AccountId("ACtest"), b)->call.on_hold);
}

TEST_F(Rooms, WhatIsSaidToAMemberIsHeardByItAlone) {
  const auto a = member("a");
  member("b");
  w.call = a;
  w.session = sessions[a];
  w.ask(w.say("s"));
  w.ask(w.collect("c", 1, 1));
  w.run();
  EXPECT_NE(w.engine.current(a), nullptr);
  EXPECT_TRUE(w.mixer.only().plays.empty());
  w.press('5');
  w.run();
  EXPECT_EQ(w.outcome("c"), "succeeded/match");
  EXPECT_EQ(count("call.dtmf"), 1U);
}

TEST_F(Rooms, SwallowedDigitsAreToldToCollectOnly) {
  const auto a = caller("a");
  auto p = join_of(a);
  p.create->digits = model::ConferenceDigits::swallow;
  joined(p);
  w.call = a;
  w.ask(w.collect("c", 1, 1));
  w.run();
  w.press('5');
  w.run();
  EXPECT_EQ(w.outcome("c"), "succeeded/match");
  EXPECT_EQ(count("call.dtmf"), 0U);
}

TEST_F(Rooms, TheyWaitWithMusicForTheModerator) {
  const auto a = caller("a");
  auto p = join_of(a);
  p.create->start = model::ConferenceStart::moderator;
  p.create->wait = w.play("m", {"http://a/wait.wav"}).play;
  joined(p);
  const auto b = member("b");
  EXPECT_FALSE(w.mixer.hears(a, b));
  ASSERT_EQ(w.mixer.only().plays.size(), 1U);
  EXPECT_EQ(w.mixer.only().plays.front().second.loop, 0U);
  // An announcement goes before the music, which comes back.
  model::ConferencePlay say;
  say.conference_id = w.mixer.only_id();
  say.play = w.play("x", {"http://a/soon.wav"}).play;
  EXPECT_EQ(ask(a, say, "say"), "open");
  ASSERT_EQ(w.mixer.only().plays.size(), 1U);
  EXPECT_EQ(w.mixer.only().plays.front().second.loop, 1U);
  w.mixer.end_current();
  w.run();
  EXPECT_EQ(w.outcome("say"), "succeeded/finished");
  ASSERT_EQ(w.mixer.only().plays.size(), 1U);
  EXPECT_EQ(w.mixer.only().plays.front().second.loop, 0U);
  EXPECT_EQ(count("conference.started"), 0U);
  const auto m = member("m", ConferenceRole::moderator);
  EXPECT_TRUE(w.mixer.only().plays.empty());
  EXPECT_TRUE(w.mixer.hears(a, b));
  EXPECT_TRUE(w.mixer.hears(m, b));
  EXPECT_EQ(count("conference.started"), 3U);  // Once for each session that has to do with it.
}

TEST_F(Rooms, TonesAndNames) {
  const auto a = caller("a");
  auto p = join_of(a);
  p.create->tones = model::ConferenceTones::both;
  joined(p);
  w.mixer.end_current();
  w.run();
  const auto b = caller("b");
  auto q = join_of(b);
  q.terms.announce = w.play("n", {"http://a/b-is-here.wav"}).play;
  joined(q);
  ASSERT_EQ(w.mixer.only().plays.size(), 1U);
  EXPECT_EQ(w.mixer.only().plays.front().second.prompts.size(), 2U);
  w.mixer.end_current();
  w.run();
  ASSERT_EQ(w.mixer.only().plays.size(), 1U);
  EXPECT_EQ(w.prompts_asked().back(), "http://a/b-is-here.wav 0");
  w.mixer.end_current();
  w.run();
  ends(b);
  EXPECT_EQ(w.mixer.only().plays.size(), 1U);
}

TEST_F(Rooms, KickAndConferenceEndGoWhereOnEndSays) {
  const auto a = member("a");
  const auto b = caller("b");
  auto p = join_of(b);
  p.terms.on_end = model::LeaveAction::hangup;
  joined(p);
  const auto c = member("c");
  auto kick = change(c);
  kick.kick = true;
  EXPECT_EQ(ask(a, kick, "k"), "succeeded/applied");
  EXPECT_EQ(left_reason(c), "kicked");
  EXPECT_TRUE(w.core->call(model::AccountId("ACtest"), c)->call.ivr_id.has_value());
  model::ConferencePlay play;
  play.conference_id = w.mixer.only_id();
  play.play = w.play("x").play;
  EXPECT_EQ(ask(a, play, "p1"), "open");
  EXPECT_EQ(ask(a, play, "p2"), "open");
  model::ConferenceEnd end;
  end.conference_id = w.mixer.only_id();
  EXPECT_EQ(ask(a, end, "e"), "succeeded/ended");
  EXPECT_EQ(w.outcome("p1"), "failed/ended conference_not_found");
  EXPECT_EQ(w.outcome("p2"), "cancelled/ended conference_not_found");
  EXPECT_EQ(left_reason(a), "conference_ended");
  EXPECT_EQ(w.agent.hung_up, (std::vector<model::CallId>{b}));
  EXPECT_EQ(ended()->reason, model::ConferenceEndReason::application);
  EXPECT_EQ(ask(a, end, "e2"), "conference_not_found conference_id");
  EXPECT_EQ(ask(a, end, "e"), "succeeded/ended");  // The same operation again.
}

TEST_F(Rooms, GatesSayWhy) {
  const auto a = caller("a");
  auto p = join_of(a);
  p.create->pin = "1234";
  p.create->moderator_pin = "99";
  p.create->max_participants = 2;
  p.terms.pin = "99";
  joined(p);
  EXPECT_EQ(w.core->conferences(model::AccountId("ACtest")).front().participants.front().role,
            ConferenceRole::moderator);
  const auto b = caller("b");
  auto q = join_of(b);
  const auto code = [&](const model::CallJoin& params) {
    auto reply = join(params);
    return reply ? std::string("accepted") : std::string(to_string(reply.error().code));
  };
  EXPECT_EQ(code(q), "wrong_pin");
  q.terms.pin = "1";
  for (int i = 0; i < 10; ++i) EXPECT_EQ(code(q), "wrong_pin");
  q.terms.pin = "1234";
  EXPECT_EQ(code(q), "forbidden");
  const auto c = caller("c");
  q.call_id = c;
  EXPECT_EQ(code(q), "accepted");
  const auto d = caller("d");
  q.call_id = d;
  q.op_id = World::op("d");
  EXPECT_EQ(code(q), "conference_full");
  model::ConferenceUpdate update;
  update.conference_id = w.mixer.only_id();
  update.locked = true;
  update.max_participants = 9;
  EXPECT_EQ(ask(a, update, "u"), "succeeded/applied");
  EXPECT_EQ(code(q), "conference_locked");
  q.terms.pin = "99";
  EXPECT_EQ(code(q), "accepted");
  auto other = join_of(caller("e"), "elsewhere");
  other.create.reset();
  EXPECT_EQ(code(other), "conference_not_found");
}

TEST_F(Rooms, ACallIsInOnePlaceAtATime) {
  const auto a = member("a");
  const auto b = caller("b");
  auto twice = join_of(a, "other");
  twice.op_id = World::op("twice");
  auto reply = join(twice);
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().code, model::ErrorCode::wrong_state);
  model::CallBridge bridge;
  bridge.call_id = b;
  bridge.with_call_id = a;
  EXPECT_EQ(ask(b, bridge, "br"), "failed/error wrong_state");
}

TEST_F(Rooms, AttendedTransferTakesAMemberOut) {
  const auto a = member("a");
  member("c");
  const auto b = caller("b");
  model::CallTransfer transfer;
  transfer.call_id = a;
  transfer.mode = model::TransferMode::attended;
  transfer.consult_call_id = b;
  EXPECT_EQ(ask(a, transfer, "t"), "succeeded/completed");
  EXPECT_EQ(left_reason(a), "transferred");
  EXPECT_EQ(w.engine.connections.size(), 1U);
  EXPECT_EQ(w.mixer.only().members.size(), 1U);
}

TEST_F(Rooms, AReplacedCallHandsOverItsPart) {
  const auto a = member("a"), b = member("b");
  auto invite = w.invite();
  invite.id = model::CallId("CAnew");
  invite.replaces = a;
  w.core->on_incoming(invite);
  w.run();
  EXPECT_EQ(left_reason(a), "replaced");
  EXPECT_TRUE(w.mixer.hears(b, invite.id));
  EXPECT_EQ(count("conference.ended"), 0U);
}

TEST_F(Rooms, ItOutlivesItsSessionWhileSomebodyIsThere) {
  const auto a = caller("a");
  auto p = join_of(a);
  p.create->end = model::ConferenceEndRule::timeout;
  joined(p);
  const auto b = member("b");
  w.core->session_closed(sessions[a]);
  w.run();
  EXPECT_EQ(w.mixer.only().members.size(), 2U);
  ends(a);
  EXPECT_EQ(w.mixer.only().members.size(), 1U);
  ends(b);
  EXPECT_TRUE(w.mixer.rooms.empty());
  ASSERT_NE(ended(), nullptr);
  EXPECT_EQ(ended()->reason, model::ConferenceEndReason::session_ended);
}

TEST_F(Rooms, OneThatNobodyComesToEnds) {
  w.arrive();
  model::ConferenceCreate create;
  create.name = "empty";
  create.options.empty_timeout_ms = 5000;
  create.op_id = World::op("c");
  w.ask(create);
  w.run();
  EXPECT_EQ(w.outcome("c"), "succeeded/created");
  create.op_id = World::op("d");
  EXPECT_EQ(w.refused(create), "name_taken name");
  create.if_exists = model::IfExists::use;
  w.ask(create);
  w.run();
  EXPECT_FALSE(std::get<model::ConferenceCreateResult>(*w.completion("d")->result).created);
  EXPECT_EQ(w.core->snapshot(w.session).conferences.size(), 1U);
  w.advance(5001);
  ASSERT_NE(ended(), nullptr);
  EXPECT_EQ(ended()->reason, model::ConferenceEndReason::empty);
  EXPECT_TRUE(w.core->snapshot(w.session).conferences.empty());
  create.op_id = World::op("e");
  create.if_exists = model::IfExists::fail;
  w.ask(create);
  w.run();
  w.core->session_closed(w.session);
  w.run();
  EXPECT_TRUE(w.mixer.rooms.empty());
}

TEST_F(Rooms, DialledIntoIt) {
  w.arrive();
  model::CallDial dial;
  dial.op_id = World::op("d");
  dial.plan.to.emplace();
  dial.plan.to->uri = "sip:x@x.example";
  dial.then.emplace();
  dial.then->join.emplace();
  dial.then->join->name = "room";
  EXPECT_EQ(w.refused(dial), "conference_not_found then.join.name");
  dial.then->join->create.emplace();
  w.ask(dial);
  w.run();
  EXPECT_TRUE(w.mixer.rooms.empty());
  const auto leg = w.agent.invites.at(0).id;
  w.core->on_answered(leg, {offer_of({0}), false, {}, {}});
  w.run();
  EXPECT_EQ(w.outcome("d"), "succeeded/answered");
  EXPECT_EQ(std::get<model::CallDialResult>(*w.completion("d")->result).conference_id, w.mixer.only_id());
  EXPECT_EQ(w.mixer.only().members.count(leg), 1U);
  model::ConferenceEnd end;
  end.conference_id = w.mixer.only_id();
  end.op_id = World::op("e");
  w.ask(end);
  w.run();
  EXPECT_EQ(w.agent.hung_up, (std::vector<model::CallId>{leg}));
}

TEST_F(Rooms, SpeakersCeaseBeforeTheyLeave) {
  const auto a = member("a");
  const auto b = member("b");
  w.mixer.speaks(b, true);
  w.mixer.speaks(b, true);
  w.news();
  ends(b);
  w.mixer.speaks(b, false);
  w.run();
  Lines told;
  for (const auto& line : w.news()) {
    if (line.starts_with("conference.")) told.push_back(line);
  }
  // The creator and the session of the call.
  EXPECT_EQ(told, (Lines{"conference.speaker_stopped", "conference.speaker_stopped",
                         "conference.participant_left", "conference.participant_left"}));
  ends(a);
}

TEST_F(Rooms, ForeignAccountsFindNothing) {
  member("a");
  const model::AccountId other("ACother");
  EXPECT_TRUE(w.core->conferences(other).empty());
  EXPECT_FALSE(w.core->conference(other, w.mixer.only_id()));
  model::ConferenceEnd end;
  end.conference_id = w.mixer.only_id();
  auto reply = w.core->submit(other, end, {});
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().code, model::ErrorCode::conference_not_found);
  auto ours = w.core->submit(model::AccountId("ACtest"), end, {});
  ASSERT_TRUE(ours);
  w.run();
  EXPECT_TRUE(w.mixer.rooms.empty());
}

class SmallRooms : public Rooms {
 protected:
  SmallRooms() : Rooms(options()) {}
  static CoreOptions options() {
    CoreOptions o;
    o.max_conferences = 1;
    o.max_conference_participants = 1;
    return o;
  }
};

TEST_F(SmallRooms, LimitsHold) {
  member("a");
  auto reply = join(join_of(caller("b")));
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().code, model::ErrorCode::conference_full);
  const auto c = caller("c");
  ASSERT_TRUE(join(join_of(c, "second")));
  EXPECT_EQ(w.outcome("join-CAc"), "failed/error concurrency_exceeded");
}

}  // namespace
}  // namespace tandem::call::testing
