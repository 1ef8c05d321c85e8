// REFER in both directions, and what can go wrong on the way.
#include "sip/sofia/tests/calls.h"

namespace tandem::sip::testing {
namespace {

Timing hasty() {
  Timing t = quick();
  t.refer_answer_deadline = 300ms;
  t.refer_expiry = 1s;
  return t;
}

std::string sipfrag(const std::string& status) {
  return "SIP/2.0 " + status + "\r\n";
}

constexpr const char* kActive =
    "Event: refer\r\nSubscription-State: active;expires=60\r\nContent-Type: message/sipfrag\r\n";
constexpr const char* kTerminated =
    "Event: refer\r\nSubscription-State: terminated;reason=noresource\r\nContent-Type: message/sipfrag\r\n";

ReferProgress next_progress(Side& side, std::uint64_t tag) {
  const auto referred = side.seen().next<Referred>().second;
  EXPECT_EQ(referred.tag, tag);
  return referred.progress;
}

TEST(Refer, BlindTransferBetweenAgents) {
  Pair p;
  p.connect();
  ReferRequest request;
  request.refer_to = "sip:target@192.0.2.7;transport=tcp";
  request.headers = {{"X-Why", "sales"}};
  p.a.agent().refer(p.out, 7, request);
  const auto refer = p.b.seen().next<PeerRefer>().second;
  EXPECT_EQ(refer.target.uri, "sip:target@192.0.2.7;transport=tcp");
  EXPECT_EQ(refer.target.user, "target");
  EXPECT_FALSE(refer.replaces.has_value());
  EXPECT_NE(refer.referred_by.find("sip:alice@127.0.0.1"), std::string::npos);
  EXPECT_TRUE(refer.wants_progress);

  p.b.agent().answer_refer(p.in, refer.refer_id, 202);
  EXPECT_EQ(next_progress(p.a, 7).sip_code, 100) << "at once, RFC 3515 2.4.4";
  p.b.agent().refer_progress(p.in, refer.refer_id, 180, "", false);
  const auto ringing = next_progress(p.a, 7);
  EXPECT_EQ(ringing.sip_code, 180);
  EXPECT_EQ(ringing.reason, "Ringing");
  EXPECT_FALSE(ringing.final);
  p.b.agent().refer_progress(p.in, refer.refer_id, 200, "OK", true);
  const auto done = next_progress(p.a, 7);
  EXPECT_EQ(done.sip_code, 200);
  EXPECT_TRUE(done.final);
  p.b.agent().refer_progress(p.in, refer.refer_id, 500, "", true);
  EXPECT_TRUE(p.a.seen().none<Referred>(100ms));
  p.a.agent().hangup(p.out, 0, {}, {});
  p.b.seen().next<Ended>();
  EXPECT_TRUE(p.a.seen().none<Referred>(50ms));
}

TEST(Refer, ReportsGoInOrderThoughAllAtOnce) {
  Side side(udp_options());
  RawCall call(side);
  call.peer.send(
      dialog_request(call.peer, "REFER", call.invite, call.tag, 2,
                     "Refer-To: <sip:t@192.0.2.7>\r\nContact: <sip:raw@" + call.peer.host_port() + ">\r\n"));
  const auto refer = side.seen().next<PeerRefer>().second;
  side.agent().answer_refer(call.id, refer.refer_id, 200);
  const std::string first = call.peer.receive_with("NOTIFY ");
  EXPECT_NE(first.find("SIP/2.0 100"), std::string::npos);
  for (const int code : {180, 183, 183, 486}) {
    side.agent().refer_progress(call.id, refer.refer_id, code, "", code >= 200);
  }
  // What the agent was told before this has reached it when the peer gets it; only then is the first
  // answered.
  side.agent().send_request(call.id, 1, {"INFO", "application/json", "{}", {}});
  ASSERT_NE(call.peer.receive_with("INFO "), "");
  call.peer.send(response(call.peer, first, "200 OK", ""));
  std::string last;
  do {
    last = call.peer.receive_with("NOTIFY ");
  } while (header(last, "CSeq") == header(first, "CSeq"));  // Sent again meanwhile.
  EXPECT_NE(last.find("SIP/2.0 486"), std::string::npos)
      << "what waited for its turn is told as it stands then";
  EXPECT_TRUE(header(last, "Subscription-State").starts_with("terminated")) << last;
}

TEST(Refer, SeveralInOneCall) {
  Pair p;
  p.connect();
  p.a.agent().refer(p.out, 1, {"sip:one@192.0.2.7", {}, {}, true});
  p.a.agent().refer(p.out, 2, {"sip:two@192.0.2.7", {}, {}, true});
  const auto first = p.b.seen().next<PeerRefer>().second;
  const auto second = p.b.seen().next<PeerRefer>().second;
  EXPECT_EQ(first.target.user, "one");
  EXPECT_EQ(second.target.user, "two");
  p.b.agent().answer_refer(p.in, second.refer_id, 202);
  EXPECT_EQ(next_progress(p.a, 2).sip_code, 100);
  p.b.agent().refer_progress(p.in, second.refer_id, 200, "", true);
  EXPECT_TRUE(next_progress(p.a, 2).final);
  p.b.agent().answer_refer(p.in, first.refer_id, 603);
  const auto refused = next_progress(p.a, 1);
  EXPECT_EQ(refused.sip_code, 603);
  EXPECT_TRUE(refused.final);
}

TEST(Refer, UnansweredIsDeclined) {
  Pair p(hasty());
  p.connect();
  p.a.agent().refer(p.out, 3, {"sip:t@192.0.2.7", {}, {}, true});
  const auto refer = p.b.seen().next<PeerRefer>().second;
  const auto result = next_progress(p.a, 3);
  EXPECT_EQ(result.sip_code, 603);
  EXPECT_TRUE(result.final);
  p.b.agent().answer_refer(p.in, refer.refer_id, 202);  // Too late: nothing.
  EXPECT_TRUE(p.a.seen().none<Referred>(100ms));
  EXPECT_TRUE(p.a.seen().none<Ended>(10ms)) << "the call goes on";
}

TEST(Refer, WithoutReports) {
  Pair p;
  p.connect();
  p.a.agent().refer(p.out, 4, {"sip:t@192.0.2.7", {}, {}, false});
  const auto refer = p.b.seen().next<PeerRefer>().second;
  EXPECT_FALSE(refer.wants_progress);
  p.b.agent().answer_refer(p.in, refer.refer_id, 202);
  const auto result = next_progress(p.a, 4);
  EXPECT_EQ(result.sip_code, 202);
  EXPECT_TRUE(result.final);
  p.b.agent().refer_progress(p.in, refer.refer_id, 200, "", true);
  EXPECT_TRUE(p.a.seen().none<Referred>(100ms));
}

TEST(Refer, BadTargetsAndWrongMoments) {
  Pair p;
  const CallId early = p.a.call(p.b.uri(), sdp(4000));
  const auto in = p.b.seen().next<IncomingCall>().first;
  p.a.agent().refer(early, 1, {"sip:t@192.0.2.7", {}, {}, true});
  EXPECT_EQ(next_progress(p.a, 1).sip_code, 481);
  p.b.agent().answer(in, sdp(5000), {});
  p.a.seen().next<Answered>();
  for (const char* bad : {"", "http://x", "sip:a@b\r\nX: y", "sip:a@b?Replaces=x", "sip:a@b>"}) {
    p.a.agent().refer(early, 2, {bad, {}, {}, true});
    EXPECT_EQ(next_progress(p.a, 2).sip_code, 400) << bad;
  }
  p.a.agent().refer(early, 3, {"", CallId::make(), {}, true});
  EXPECT_EQ(next_progress(p.a, 3).sip_code, 481) << "no such leg to replace";
}

TEST(Refer, NotifyNeverComes) {
  Side side(udp_options(), hasty());
  RawCall call(side);
  side.agent().refer(call.id, 5, {"sip:t@192.0.2.7", {}, {}, true});
  const std::string refer = call.peer.receive_with("REFER ");
  EXPECT_EQ(header(refer, "Refer-To"), "<sip:t@192.0.2.7>");
  EXPECT_NE(header(refer, "Referred-By"), "");
  EXPECT_NE(header(refer, "Contact"), "");
  call.peer.send(response(call.peer, refer, "202 Accepted", ""));
  const auto result = next_progress(side, 5);
  EXPECT_EQ(result.sip_code, 408);
  EXPECT_TRUE(result.final);
  EXPECT_TRUE(side.seen().none<Ended>(10ms));
}

TEST(Refer, ReportsThatStopInTheMiddle) {
  Side side(udp_options(), hasty());
  RawCall call(side);
  side.agent().refer(call.id, 5, {"sip:t@192.0.2.7", {}, {}, true});
  const std::string refer = call.peer.receive_with("REFER ");
  call.peer.send(response(call.peer, refer, "202 Accepted", ""));
  call.peer.send(dialog_request(call.peer, "NOTIFY", call.invite, call.tag, 2,
                                "Event: refer\r\nSubscription-State: active;expires=1\r\n"
                                "Content-Type: message/sipfrag\r\n",
                                sipfrag("180 Ringing")));
  EXPECT_NE(call.peer.receive_with("SIP/2.0 200"), "");
  EXPECT_EQ(next_progress(side, 5).sip_code, 180);
  const auto result = next_progress(side, 5);
  EXPECT_EQ(result.sip_code, 408) << "the subscription ran out";
  EXPECT_TRUE(result.final);
}

TEST(Refer, PeerStopsReportingWithoutAnOutcome) {
  Side side(udp_options(), hasty());
  RawCall call(side);
  side.agent().refer(call.id, 5, {"sip:t@192.0.2.7", {}, {}, true});
  call.peer.send(response(call.peer, call.peer.receive_with("REFER "), "202 Accepted", ""));
  call.peer.send(
      dialog_request(call.peer, "NOTIFY", call.invite, call.tag, 2, kTerminated, sipfrag("100 Trying")));
  const auto result = next_progress(side, 5);
  EXPECT_EQ(result.sip_code, 100);
  EXPECT_TRUE(result.final);
  // Once more, for a subscription that is over: answered, not reported.
  call.peer.send(
      dialog_request(call.peer, "NOTIFY", call.invite, call.tag, 3, kTerminated, sipfrag("200 OK")));
  EXPECT_NE(call.peer.receive_with("SIP/2.0 200"), "");
  EXPECT_NE(call.peer.receive_with("SIP/2.0 200"), "");
  EXPECT_TRUE(side.seen().none<Referred>(50ms));
}

TEST(Refer, NotifyBeforeTheResponse) {
  Side side(udp_options(), hasty());
  RawCall call(side);
  side.agent().refer(call.id, 5, {"sip:t@192.0.2.7", {}, {}, true});
  const std::string refer = call.peer.receive_with("REFER ");
  const std::string event_id = header(refer, "CSeq").substr(0, header(refer, "CSeq").find(' '));
  call.peer.send(dialog_request(call.peer, "NOTIFY", call.invite, call.tag, 2,
                                "Event: refer;id=" + event_id +
                                    "\r\nSubscription-State: terminated;reason=noresource\r\n"
                                    "Content-Type: message/sipfrag;version=2.0\r\n",
                                sipfrag("200 OK")));
  EXPECT_TRUE(next_progress(side, 5).final);
  call.peer.send(response(call.peer, refer, "202 Accepted", ""));
  EXPECT_TRUE(side.seen().none<Referred>(100ms));
}

TEST(Refer, NotifyForNothing) {
  Side side(udp_options(), hasty());
  RawCall call(side);
  call.peer.send(dialog_request(call.peer, "NOTIFY", call.invite, call.tag, 2, kActive, sipfrag("200 OK")));
  EXPECT_NE(call.peer.receive_with("SIP/2.0 481"), "");
  side.agent().refer(call.id, 5, {"sip:t@192.0.2.7", {}, {}, true});
  EXPECT_NE(call.peer.receive_with("REFER "), "");
  call.peer.send(dialog_request(call.peer, "NOTIFY", call.invite, call.tag, 3,
                                "Event: refer;id=999\r\nSubscription-State: active\r\n", "nonsense"));
  EXPECT_NE(call.peer.receive_with("SIP/2.0 481"), "");
  call.peer.send(dialog_request(call.peer, "NOTIFY", call.invite, call.tag, 4, kActive, "nonsense"));
  EXPECT_NE(call.peer.receive_with("SIP/2.0 200"), "");
  EXPECT_TRUE(side.seen().none<Referred>(50ms));
}

TEST(Refer, RefusedAndChallenged) {
  Side side(udp_options(), hasty());
  RawCallee callee(side, [](OutboundCall& c) { c.credentials = Credentials{"alice", "secret", "here"}; });
  side.agent().refer(callee.id, 1, {"sip:t@192.0.2.7", {}, {}, true});
  const std::string first = callee.peer.receive_with("REFER ");
  callee.peer.send(response(callee.peer, first, "407 Proxy Authentication Required", "",
                            "Proxy-Authenticate: Digest realm=\"here\", nonce=\"n1\"\r\n"));
  const std::string second = callee.peer.receive_with("REFER ");
  EXPECT_NE(header(second, "Proxy-Authorization"), "");
  callee.peer.send(response(callee.peer, second, "202 Accepted", ""));
  const std::string cseq = header(second, "CSeq").substr(0, header(second, "CSeq").find(' '));
  callee.request("NOTIFY", 2,
                 "Event: refer;id=" + cseq +
                     "\r\nSubscription-State: active\r\n"
                     "Content-Type: message/sipfrag\r\n",
                 sipfrag("404 Not Found"));
  EXPECT_EQ(next_progress(side, 1).sip_code, 404) << "the id is the CSeq of the REFER that was taken";
  side.agent().refer(callee.id, 2, {"sip:t@192.0.2.7", {}, {}, true});
  callee.peer.send(response(callee.peer, callee.peer.receive_with("REFER "), "405 Method Not Allowed", ""));
  EXPECT_EQ(next_progress(side, 2).sip_code, 405);
  EXPECT_TRUE(side.seen().none<Ended>(10ms));
}

TEST(Refer, ByeWhileReferring) {
  Side side(udp_options(), hasty());
  for (const bool accepted : {false, true}) {
    RawInvite invite;
    invite.call_id = accepted ? "bye-2" : "bye-1";
    invite.branch = "z9hG4bK" + invite.call_id;
    RawCall call(side, invite);
    side.agent().refer(call.id, 6, {"sip:t@192.0.2.7", {}, {}, true});
    const std::string refer = call.peer.receive_with("REFER ");
    if (accepted) call.peer.send(response(call.peer, refer, "202 Accepted", ""));
    call.peer.send(dialog_request(call.peer, "BYE", call.invite, call.tag, 2));
    EXPECT_NE(call.peer.receive_with("SIP/2.0 200"), "");
    const auto result = next_progress(side, 6);
    EXPECT_EQ(result.sip_code, 481);
    EXPECT_TRUE(result.final);
    EXPECT_EQ(side.seen().next<Ended>().second.how, LegEnd::peer_bye);
    // And the report that follows the BYE.
    call.peer.send(
        dialog_request(call.peer, "NOTIFY", call.invite, call.tag, 3, kTerminated, sipfrag("200 OK")));
    EXPECT_NE(call.peer.receive_with("SIP/2.0 481"), "");
    if (!accepted) call.peer.send(response(call.peer, refer, "202 Accepted", ""));
    EXPECT_TRUE(side.seen().none<Referred>(50ms));
  }
}

TEST(Refer, WeHangUpWhileReferring) {
  Pair p;
  p.connect();
  p.a.agent().refer(p.out, 8, {"sip:t@192.0.2.7", {}, {}, true});
  const auto refer = p.b.seen().next<PeerRefer>().second;
  p.b.agent().answer_refer(p.in, refer.refer_id, 202);
  EXPECT_EQ(next_progress(p.a, 8).sip_code, 100);
  p.a.agent().hangup(p.out, 0, {}, {});
  const auto result = next_progress(p.a, 8);
  EXPECT_EQ(result.sip_code, 481);
  EXPECT_TRUE(result.final);
  p.b.seen().next<Ended>();
  p.b.agent().refer_progress(p.in, refer.refer_id, 200, "", true);
  EXPECT_TRUE(p.a.seen().none<Referred>(100ms));
}

TEST(Refer, WeHangUpWhileReferred) {
  Side side(udp_options(), hasty());
  RawCall call(side);
  call.peer.send(
      dialog_request(call.peer, "REFER", call.invite, call.tag, 2,
                     "Refer-To: <sip:t@192.0.2.7>\r\nContact: <sip:bob@" + call.peer.host_port() + ">\r\n"));
  const auto refer = side.seen().next<PeerRefer>().second;
  side.agent().answer_refer(call.id, refer.refer_id, 202);
  const std::string trying = call.peer.receive_with("NOTIFY ");
  EXPECT_NE(trying.find("SIP/2.0 100 Trying"), std::string::npos);
  EXPECT_TRUE(header(trying, "Subscription-State").starts_with("active;expires="));
  EXPECT_TRUE(header(trying, "Event").starts_with("refer"));
  EXPECT_EQ(header(trying, "Content-Type"), "message/sipfrag;version=2.0");
  side.agent().hangup(call.id, 16, {}, {});
  const std::string last = call.peer.receive_with("NOTIFY ");
  EXPECT_NE(call.peer.receive_with("BYE "), "");
  EXPECT_NE(last.find("SIP/2.0"), std::string::npos);
}

TEST(Refer, ReportRefusedByThePeerEndsTheReportsNotTheCall) {
  Side side(udp_options(), hasty());
  RawCall call(side);
  call.peer.send(
      dialog_request(call.peer, "REFER", call.invite, call.tag, 2, "Refer-To: <sip:t@192.0.2.7>\r\n"));
  const auto refer = side.seen().next<PeerRefer>().second;
  side.agent().answer_refer(call.id, refer.refer_id, 202);
  call.peer.send(response(call.peer, call.peer.receive_with("NOTIFY "), "481 No Subscription", ""));
  EXPECT_TRUE(side.seen().none<Ended>(100ms));
  side.agent().refer_progress(call.id, refer.refer_id, 200, "", true);
  EXPECT_EQ(call.peer.receive_with("NOTIFY ", 200ms), "");
}

TEST(Refer, WhatAPeerMayAskFor) {
  Side side(udp_options(), hasty());
  RawCall call(side);
  int cseq = 1;
  const auto refer = [&](const std::string& extra) {
    call.peer.send(dialog_request(call.peer, "REFER", call.invite, call.tag, ++cseq, extra));
  };
  const auto expect = [&](const std::string& extra, const std::string& code) {
    refer(extra);
    EXPECT_NE(call.peer.receive_with("SIP/2.0 " + code), "") << extra;
  };
  expect("", "400");
  expect("Refer-To: <sip:a@192.0.2.1>\r\nRefer-To: <sip:b@192.0.2.1>\r\n", "400");
  expect("Refer-To: <http://192.0.2.1/>\r\n", "416");
  expect("Refer-To: <sip:a@192.0.2.1;method=BYE>\r\n", "603");
  expect("Refer-To: <sip:a@192.0.2.1?Replaces=x>\r\n", "400");
  expect("Refer-To: <sip:a@192.0.2.1?Replaces=a%3Bto-tag%3D1%3Bfrom-tag%3D2&replaces=a>\r\n", "400");
  EXPECT_TRUE(side.seen().none<PeerRefer>(20ms));
  refer(
      "Refer-To: \"T\" <sip:a@192.0.2.1;method=INVITE;transport=tcp?Replaces=c%40h%3Bto-tag%3D1%3B"
      "from-tag%3D2%3Bearly-only&X-Case=a%20b&Via=evil&Subject=1%0D%0AX:2>\r\nReferred-By: <sip:boss@x>\r\n"
      "Refer-Sub: false\r\nRequire: norefersub\r\n");
  const auto got = side.seen().next<PeerRefer>().second;
  EXPECT_EQ(got.target.uri, "sip:a@192.0.2.1;transport=tcp");
  EXPECT_EQ(got.target.display_name, "T");
  ASSERT_TRUE(got.replaces.has_value());
  EXPECT_EQ(got.replaces->call_id, "c@h");
  EXPECT_TRUE(got.replaces->early_only);
  EXPECT_FALSE(got.replaces_leg.has_value());
  EXPECT_EQ(got.headers, (Headers{{"X-Case", "a b"}})) << "nothing that may not be set, no line breaks";
  EXPECT_EQ(got.referred_by, "<sip:boss@x>");
  EXPECT_FALSE(got.wants_progress);
  side.agent().answer_refer(call.id, got.refer_id, 202);
  EXPECT_EQ(header(call.peer.receive_with("SIP/2.0 202"), "Refer-Sub"), "false");
  EXPECT_EQ(call.peer.receive_with("NOTIFY ", 100ms), "");
}

TEST(Refer, FloodIsBounded) {
  Side side(udp_options(), quick());
  RawCall call(side);
  for (int i = 0; i < 6; ++i) {
    call.peer.send(
        dialog_request(call.peer, "REFER", call.invite, call.tag, 2 + i, "Refer-To: <sip:t@192.0.2.7>\r\n"));
  }
  EXPECT_NE(call.peer.receive_with("SIP/2.0 500"), "");
  for (int i = 0; i < 4; ++i) side.seen().next<PeerRefer>();
  EXPECT_TRUE(side.seen().none<PeerRefer>(50ms));
}

}  // namespace
}  // namespace tandem::sip::testing
