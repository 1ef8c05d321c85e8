// Two calls together: bridge, hold, transfer, REFER, Replaces.
#include <gtest/gtest.h>

#include "call/tests/fakes/world.h"

namespace tandem::call::testing {
namespace {

using ::testing::Test;
using Lines = std::vector<std::string>;

/// One inbound call A that is answered, and outbound ones.
class Join : public Test {
 protected:
  Join() {
    w.answered();
    a = w.call;
  }
  model::CallBridge bridge_dial(const std::string& name) {
    model::CallBridge p;
    p.call_id = a;
    p.op_id = World::op(name);
    p.dial.emplace();
    p.dial->to.emplace();
    p.dial->to->uri = "sip:b@x.example";
    return p;
  }
  model::CallId leg(std::size_t i) { return w.agent.invites.at(i).id; }
  void answers(std::size_t i) {
    w.core->on_answered(leg(i), {offer_of({0}), false, {}, {}});
    w.run();
  }
  void ends(const model::CallId& id, sip::LegEnd how, int code = 200) {
    sip::Ended e;
    e.how = how;
    e.sip_code = code;
    w.core->on_ended(id, e);
    w.run();
  }
  /// An outbound call of the session, answered.
  model::CallId outbound(const std::string& name) {
    model::CallDial p;
    p.op_id = World::op(name);
    p.plan.to.emplace();
    p.plan.to->uri = "sip:" + name + "@x.example";
    w.ask(p);
    w.run();
    const std::size_t i = w.agent.invites.size() - 1;
    answers(i);
    return leg(i);
  }
  model::CallId bridged(const std::string& name = "b") {
    w.ask(bridge_dial(name));
    w.run();
    const std::size_t i = w.agent.invites.size() - 1;
    answers(i);
    return leg(i);
  }
  Lines connected() const { return w.engine.connections; }
  std::size_t count(const std::string& type) const {
    std::size_t n = 0;
    for (const auto& e : w.gateway.events) n += model::event_type(e.data) == type ? 1 : 0;
    return n;
  }
  World w;
  model::CallId a;
};

TEST_F(Join, BridgeByDialTellsItsStory) {
  w.news();
  w.ask(bridge_dial("b"));
  w.run();
  w.core->on_progress(leg(0), {180, "Ringing", {}, {}, {}});
  w.run();
  EXPECT_EQ(w.prompts_asked().back(), "tone 6000");  // Ringback for the waiting call.
  answers(0);
  EXPECT_EQ(connected(), (Lines{a.str() + "<>" + leg(0).str()}));
  EXPECT_EQ(w.news(), (Lines{"bridge.created", "call.created", "call.dialing", "call.ringing",
                             "call.answered", "ivr.created", "ivr.ended", "ivr.ended", "bridge.connected"}));
  w.advance(3000);
  ends(leg(0), sip::LegEnd::peer_bye);
  EXPECT_EQ(w.outcome("b"), "succeeded/ended");
  const auto& r = std::get<model::CallBridgeResult>(*w.completion("b")->result);
  EXPECT_EQ(r.by, model::BridgeEnder::peer);
  EXPECT_EQ(r.cause, model::EndReason::hangup);
  EXPECT_EQ(r.duration_ms, 3000);
  EXPECT_TRUE(connected().empty());
  // Back in an ivr: it speaks again.
  w.ask(w.say("s"));
  w.run();
  EXPECT_NE(w.engine.current(a), nullptr);
}

TEST_F(Join, CallerHangsUpAndTheDialledOneGoesWithIt) {
  const auto b = bridged();
  ends(a, sip::LegEnd::peer_bye);
  EXPECT_EQ(w.outcome("b"), "succeeded/ended");
  EXPECT_EQ(std::get<model::CallBridgeResult>(*w.completion("b")->result).by, model::BridgeEnder::self);
  EXPECT_EQ(w.agent.hung_up, (std::vector<model::CallId>{b}));
  ends(b, sip::LegEnd::local_hangup);
  ASSERT_EQ(w.store.cdrs.size(), 2U);
  EXPECT_EQ(w.store.cdrs[1].verdict.reason, model::EndReason::bridge_ended);
  EXPECT_EQ(w.store.cdrs[1].parent_call_id, a);
  EXPECT_EQ(count("call.ended"), 2U);
  EXPECT_EQ(count("bridge.ended"), 1U);
}

TEST_F(Join, StopTakesBothBack) {
  bridged();
  ASSERT_TRUE(w.submit(World::control<model::OpStop>("b")));
  w.run();
  EXPECT_EQ(w.outcome("b"), "succeeded/stopped");
  EXPECT_TRUE(connected().empty());
  EXPECT_EQ(count("ivr.created"), 4U);
  EXPECT_TRUE(w.agent.hung_up.empty());
}

TEST_F(Join, StopWhileItRingsCancelsTheDial) {
  w.ask(bridge_dial("b"));
  w.run();
  ASSERT_TRUE(w.submit(World::control<model::OpStop>("b")));
  w.run();
  EXPECT_EQ(w.outcome("b"), "succeeded/stopped");
  EXPECT_EQ(w.agent.hung_up.size(), 1U);
  EXPECT_EQ(count("bridge.ended"), 1U);
}

TEST_F(Join, CallerHangsUpWhileItRings) {
  w.ask(bridge_dial("b"));
  w.run();
  ends(a, sip::LegEnd::peer_bye);
  EXPECT_EQ(w.outcome("b"), "failed/error call_ended");
  EXPECT_EQ(w.agent.hung_up.size(), 1U);
  ends(leg(0), sip::LegEnd::local_hangup, 487);
  EXPECT_EQ(count("call.ended"), 2U);
}

TEST_F(Join, NobodyAnswers) {
  w.ask(bridge_dial("b"));
  w.run();
  ends(leg(0), sip::LegEnd::peer_reject, 486);
  EXPECT_EQ(w.outcome("b"), "failed/error busy");
  EXPECT_EQ(count("bridge.ended"), 1U);
  w.ask(w.say("s"));
  w.run();
  EXPECT_NE(w.engine.current(a), nullptr);
}

TEST_F(Join, UnansweredCallerIsAnsweredWhenTheOtherIs) {
  World fresh;
  fresh.arrive();
  model::CallBridge p = bridge_dial("b");
  p.call_id = fresh.call;
  fresh.ask(p);
  fresh.run();
  fresh.core->on_progress(fresh.agent.invites.at(0).id, {180, "Ringing", {}, {}, {}});
  fresh.run();
  EXPECT_EQ(fresh.agent.log.back(), "ring 180");
  fresh.core->on_answered(fresh.agent.invites.at(0).id, {offer_of({0}), false, {}, {}});
  fresh.run();
  EXPECT_EQ(fresh.agent.log.back(), "answer");
  EXPECT_EQ(fresh.engine.connections.size(), 1U);
}

TEST_F(Join, TwoCallsThatAreThere) {
  const auto b = outbound("x");
  model::CallBridge p;
  p.call_id = a;
  p.op_id = World::op("b");
  p.with_call_id = b;
  p.direction = model::BridgeDirection::listen;
  w.ask(p);
  w.run();
  EXPECT_EQ(connected(), (Lines{a.str() + "<" + b.str()}));
  model::CallBridge again = p;
  again.op_id = World::op("c");
  w.ask(again);
  w.run();
  EXPECT_EQ(w.outcome("c"), "failed/error wrong_state");
  ends(b, sip::LegEnd::peer_bye);
  EXPECT_EQ(w.outcome("b"), "succeeded/ended");
}

TEST_F(Join, WhisperAndDigitsInTheBridge) {
  bridged();
  w.ask(w.say("whisper"));
  w.ask(w.collect("c", 1, 1));
  w.run();
  EXPECT_NE(w.engine.current(a), nullptr);
  EXPECT_EQ(connected().size(), 1U);
  w.core->on_digit(a, {'5', 100, media::DigitSource::rfc4733});
  w.run();
  EXPECT_EQ(w.outcome("c"), "succeeded/match");
}

TEST_F(Join, WhatSpokeInTheIvrEndsAtTheJoin) {
  w.ask(bridge_dial("b"));
  w.ask(w.say("s"));
  w.run();
  answers(0);
  EXPECT_EQ(w.outcome("s"), "cancelled/interrupted");
}

// ---- hold

TEST_F(Join, HoldTellsThePhoneAndPlaysMusic) {
  const auto b = bridged();
  model::CallHold hold;
  hold.call_id = a;
  hold.op_id = World::op("h");
  hold.music = w.play("m", {"http://a/moh.wav"}).play;
  w.ask(hold);
  w.run();
  EXPECT_EQ(w.agent.log.back(), "reoffer");
  EXPECT_EQ(w.agent.sent->media.at(0).direction, model::Direction::send_only);
  EXPECT_EQ(w.outcome("h"), "open");
  auto answer = offer_of({0}, model::Direction::recv_only);
  w.core->on_reoffer_result(a, {200, answer});
  w.run();
  EXPECT_EQ(w.outcome("h"), "succeeded/held");
  EXPECT_TRUE(connected().empty());
  ASSERT_NE(w.engine.current(a), nullptr);
  EXPECT_EQ(w.engine.current(a)->spec.loop, 0U);
  EXPECT_EQ(w.engine.current(b), nullptr);
  // Something said goes before the music, which comes back after.
  w.ask(w.say("s"));
  w.run();
  w.engine.end_current(a);
  w.run();
  EXPECT_EQ(w.outcome("s"), "succeeded/finished");
  ASSERT_NE(w.engine.current(a), nullptr);
  EXPECT_EQ(w.engine.current(a)->spec.loop, 0U);
  model::CallUnhold unhold;
  unhold.call_id = a;
  unhold.op_id = World::op("u");
  w.ask(unhold);
  w.run();
  EXPECT_EQ(w.agent.sent->media.at(0).direction, model::Direction::send_recv);
  w.core->on_reoffer_result(a, {200, offer_of({0})});
  w.run();
  EXPECT_EQ(w.outcome("u"), "succeeded/unheld");
  EXPECT_EQ(connected().size(), 1U);
  EXPECT_EQ(w.engine.current(a), nullptr);
}

TEST_F(Join, RefusedReInviteLeavesTheCallAsItWas) {
  bridged();
  model::CallHold hold;
  hold.call_id = a;
  hold.op_id = World::op("h");
  w.ask(hold);
  w.run();
  w.core->on_reoffer_result(a, {488, {}});
  w.run();
  EXPECT_EQ(w.outcome("h"), "failed/error sip_error");
  EXPECT_EQ(connected().size(), 1U);
  EXPECT_EQ(count("call.held"), 0U);
}

TEST_F(Join, ByeDuringHoldSettlesAll) {
  bridged();
  model::CallHold hold;
  hold.call_id = a;
  hold.op_id = World::op("h");
  w.ask(hold);
  w.run();
  ends(a, sip::LegEnd::peer_bye);
  EXPECT_EQ(w.outcome("h"), "failed/call_ended call_ended");
  EXPECT_EQ(w.outcome("b"), "succeeded/ended");
}

TEST_F(Join, MusicThatCannotBeFetchedIsGivenUp) {
  model::CallHold hold;
  hold.call_id = a;
  hold.op_id = World::op("h");
  hold.signal = false;
  hold.music = w.play("m", {"http://a/fail.wav"}).play;
  w.ask(hold);
  w.run();
  EXPECT_EQ(w.outcome("h"), "succeeded/held");
  EXPECT_EQ(w.prompts_asked().size(), 1U);
}

// ---- transfer

class Transfer : public Join {
 protected:
  model::CallTransfer transfer(const std::string& name, model::TransferMode mode) {
    model::CallTransfer p;
    p.call_id = a;
    p.op_id = World::op(name);
    p.mode = mode;
    if (mode != model::TransferMode::attended) {
      p.to.emplace();
      p.to->uri = "sip:t@x.example";
    }
    return p;
  }
};

TEST_F(Transfer, BlindJoinsTheTargetAndFreesTheOther) {
  const auto b = bridged();
  w.ask(transfer("t", model::TransferMode::blind));
  w.run();
  EXPECT_TRUE(connected().empty());
  answers(1);
  EXPECT_EQ(w.outcome("t"), "succeeded/completed");
  EXPECT_EQ(connected(), (Lines{a.str() + "<>" + leg(1).str()}));
  // The dialled party of the first bridge goes, as its terms said.
  EXPECT_EQ(w.agent.hung_up, (std::vector<model::CallId>{b}));
  EXPECT_EQ(w.outcome("b"), "succeeded/ended");
  ends(leg(1), sip::LegEnd::peer_bye);
  EXPECT_EQ(w.agent.hung_up.back(), a);
}

TEST_F(Transfer, BlindThatFailsResumes) {
  const auto b = bridged();
  w.ask(transfer("t", model::TransferMode::blind));
  w.run();
  ends(leg(1), sip::LegEnd::peer_reject, 486);
  EXPECT_EQ(w.outcome("t"), "failed/error busy");
  EXPECT_EQ(connected(), (Lines{a.str() + "<>" + b.str()}));
}

TEST_F(Transfer, BlindThatFailsHangsUpWhenAsked) {
  auto p = transfer("t", model::TransferMode::blind);
  p.on_fail = model::TransferFailure::hangup;
  w.ask(p);
  w.run();
  ends(leg(0), sip::LegEnd::peer_reject, 486);
  EXPECT_EQ(w.agent.hung_up, (std::vector<model::CallId>{a}));
}

TEST_F(Transfer, CallEndsWhileTheTargetRings) {
  bridged();
  w.ask(transfer("t", model::TransferMode::blind));
  w.run();
  ends(a, sip::LegEnd::peer_bye);
  EXPECT_EQ(w.outcome("t"), "failed/call_ended call_ended");
  EXPECT_EQ(w.agent.hung_up.size(), 2U);  // The target and the former partner.
}

TEST_F(Transfer, AttendedJoinsTheConsultation) {
  const auto b = bridged();
  const auto c = outbound("c");
  auto p = transfer("t", model::TransferMode::attended);
  p.consult_call_id = c;
  w.ask(p);
  w.run();
  EXPECT_EQ(w.outcome("t"), "succeeded/completed");
  EXPECT_EQ(connected(), (Lines{a.str() + "<>" + c.str()}));
  EXPECT_EQ(w.agent.hung_up, (std::vector<model::CallId>{b}));
}

TEST_F(Transfer, AttendedWithAGoneConsultation) {
  const auto c = outbound("c");
  auto p = transfer("t", model::TransferMode::attended);
  p.consult_call_id = c;
  ends(c, sip::LegEnd::peer_bye);
  EXPECT_EQ(w.refused(p), "call_not_found consult_call_id");
}

TEST_F(Transfer, ReferReportsWhatThePhoneSays) {
  w.ask(transfer("t", model::TransferMode::refer));
  w.run();
  EXPECT_EQ(w.agent.log.back(), "refer sip:t@x.example");
  w.news();
  w.core->on_refer_progress(a, w.agent.last_tag, {180, "Ringing", false});
  w.core->on_refer_progress(a, w.agent.last_tag, {404, "Not Found", true});
  w.run();
  EXPECT_EQ(w.news(), (Lines{"call.transfer_progress(t)", "op.completed(t failed/error)"}));
  EXPECT_EQ(w.completion("t")->error->message, "404 Not Found");
}

TEST_F(Transfer, ReferWithReplaces) {
  const auto c = outbound("c");
  auto p = transfer("t", model::TransferMode::refer);
  p.to.reset();
  p.consult_call_id = c;
  w.ask(p);
  w.run();
  EXPECT_EQ(w.agent.log.back(), "refer sip:c@x.example replaces " + c.str());
  w.core->on_refer_progress(a, w.agent.last_tag, {200, "OK", true});
  w.run();
  EXPECT_EQ(w.outcome("t"), "succeeded/completed");
}

// ---- REFER of the peer

class PeerRefer : public Join {
 protected:
  void refer(const model::CallId& from, std::optional<model::CallId> leg = {}) {
    sip::PeerRefer r;
    r.refer_id = 7;
    r.target = {"sip:t@y.example", "t", "y.example", ""};
    r.replaces_leg = std::move(leg);
    w.core->on_refer(from, r);
    w.run();
  }
  model::CallAnswerRefer answer(const model::CallId& call, model::ReferAction action) {
    model::CallAnswerRefer p;
    p.call_id = call;
    p.op_id = World::op("r");
    p.refer_id = "7";
    p.action = action;
    return p;
  }
};

TEST_F(PeerRefer, AcceptedIsCarriedOut) {
  const auto b = bridged();
  refer(b);
  EXPECT_EQ(count("call.refer_requested"), 1U);
  w.ask(answer(b, model::ReferAction::accept));
  w.run();
  ASSERT_EQ(w.agent.invites.size(), 2U);
  EXPECT_EQ(w.agent.invites[1].target_uri, "sip:t@y.example");
  w.core->on_progress(leg(1), {180, "Ringing", {}, {}, {}});
  w.run();
  EXPECT_EQ(w.agent.log.back(), "refer_progress 7 180");
  answers(1);
  EXPECT_EQ(w.outcome("r"), "succeeded/completed");
  EXPECT_EQ(connected(), (Lines{a.str() + "<>" + leg(1).str()}));
}

TEST_F(PeerRefer, AnswerThatComesTooLateIsNone) {
  refer(a);
  w.advance(5000);
  EXPECT_EQ(w.refused(answer(a, model::ReferAction::accept)), "wrong_state refer_id");
}

TEST_F(PeerRefer, ThePhoneHangsUpWhileTheTargetRings) {
  const auto b = bridged();
  refer(a);  // The caller transfers the dialled party, whom its leaving would end.
  w.ask(answer(a, model::ReferAction::accept));
  w.run();
  ends(a, sip::LegEnd::peer_bye);
  EXPECT_TRUE(w.agent.hung_up.empty());
  answers(1);
  EXPECT_EQ(connected(), (Lines{b.str() + "<>" + leg(1).str()}));
  ends(leg(1), sip::LegEnd::peer_bye);
  EXPECT_EQ(w.agent.hung_up, (std::vector<model::CallId>{b}));
}

TEST_F(PeerRefer, ThePhoneHangsUpAndTheTargetIsDead) {
  const auto b = bridged();
  refer(a);
  w.ask(answer(a, model::ReferAction::accept));
  w.run();
  ends(a, sip::LegEnd::peer_bye);
  ends(leg(1), sip::LegEnd::peer_reject, 404);
  EXPECT_EQ(w.agent.hung_up, (std::vector<model::CallId>{b}));
}

TEST_F(PeerRefer, DeadTargetIsReportedAndTheBridgeGoesOn) {
  const auto b = bridged();
  refer(b);
  w.ask(answer(b, model::ReferAction::accept));
  w.run();
  ends(leg(1), sip::LegEnd::peer_reject, 404);
  EXPECT_EQ(w.agent.log.back(), "refer_progress 7 404 final");
  EXPECT_EQ(w.outcome("r"), "failed/error not_found");
  EXPECT_EQ(connected(), (Lines{a.str() + "<>" + b.str()}));
}

TEST_F(PeerRefer, AttendedByThePhone) {
  const auto b = bridged();
  // The phone's second call to us: an outbound leg bridged with C.
  const auto c = outbound("c");
  const auto second = outbound("second");
  model::CallBridge p;
  p.call_id = c;
  p.op_id = World::op("cb");
  p.with_call_id = second;
  w.ask(p);
  w.run();
  refer(b, second);
  w.ask(answer(b, model::ReferAction::accept));
  w.run();
  EXPECT_EQ(w.outcome("r"), "succeeded/completed");
  EXPECT_EQ(connected(), (Lines{a.str() + "<>" + c.str()}));
  // The phone is told before its leg is hung up.
  const auto& log = w.agent.log;
  const auto told = std::find(log.begin(), log.end(), "refer_progress 7 200 final");
  ASSERT_NE(told, log.end());
  EXPECT_EQ(w.agent.hung_up, (std::vector<model::CallId>{b}));
  EXPECT_TRUE(std::any_of(told, log.end(), [](const std::string& l) { return l.starts_with("hangup"); }));
}

TEST_F(PeerRefer, RejectedAndHandled) {
  refer(a);
  auto p = answer(a, model::ReferAction::reject);
  w.ask(p);
  w.run();
  EXPECT_EQ(w.agent.log.back(), "answer_refer 7 603");
  EXPECT_EQ(w.outcome("r"), "succeeded/refused");
  refer(a);
  p.action = model::ReferAction::handle;
  p.op_id = World::op("r2");
  w.ask(p);
  w.run();
  model::CallReportRefer report;
  report.call_id = a;
  report.op_id = World::op("r3");
  report.refer_id = "7";
  report.sip_code = 200;
  w.ask(report);
  w.run();
  EXPECT_EQ(w.agent.log.back(), "refer_progress 7 200 final");
  report.op_id = World::op("r4");
  EXPECT_EQ(w.refused(report), "wrong_state refer_id");
}

TEST_F(PeerRefer, NobodyToTransfer) {
  refer(a);
  w.ask(answer(a, model::ReferAction::accept));
  w.run();
  EXPECT_EQ(w.outcome("r"), "failed/error wrong_state");
  EXPECT_EQ(w.agent.log.back(), "answer_refer 7 603");
}

// ---- Replaces

TEST_F(Join, InviteWithReplacesTakesThePlace) {
  const auto b = bridged();
  w.news();
  auto incoming = w.invite();
  incoming.id = model::CallId("CAnew");
  incoming.replaces = b;
  w.core->on_incoming(incoming);
  w.run();
  EXPECT_EQ(connected(), (Lines{a.str() + "<>CAnew"}));
  EXPECT_EQ(w.agent.hung_up, (std::vector<model::CallId>{b}));
  ends(b, sip::LegEnd::local_hangup);
  EXPECT_EQ(w.store.cdrs.back().verdict.reason, model::EndReason::replaced);
  EXPECT_EQ(w.outcome("b"), "open");
  EXPECT_EQ(count("call.replaced"), 1U);
  EXPECT_EQ(count("bridge.updated"), 1U);
  ends(a, sip::LegEnd::peer_bye);
  EXPECT_EQ(w.agent.hung_up.back().str(), "CAnew");
}

TEST_F(Join, BridgeOutlivesItsSession) {
  const auto b = bridged();
  w.core->session_closed(w.session);
  w.run();
  EXPECT_EQ(connected(), (Lines{a.str() + "<>" + b.str()}));
  ends(b, sip::LegEnd::peer_bye);
  ends(a, sip::LegEnd::peer_bye);
  EXPECT_EQ(w.store.cdrs.size(), 2U);
  EXPECT_EQ(w.core->live_calls(), 0U);
}

TEST_F(Join, SnapshotShowsTheBridge) {
  const auto b = bridged();
  const auto snapshot = w.core->snapshot(w.session);
  ASSERT_EQ(snapshot.bridges.size(), 1U);
  EXPECT_EQ(snapshot.bridges[0].call_ids, (std::vector<model::CallId>{a, b}));
  EXPECT_EQ(snapshot.calls.size(), 2U);
  EXPECT_EQ(snapshot.calls[0].bridge_id, snapshot.bridges[0].id);
}

}  // namespace
}  // namespace tandem::call::testing
