// What happens within a dialog: offers, glare, reliable responses, session timers, digits, lost messages.
#include "sip/sofia/tests/calls.h"

namespace tandem::sip::testing {
namespace {

TEST(Offers, HoldAndResumeFromBothSides) {
  Pair p;
  p.connect();
  std::uint16_t port = 4000;
  std::uint64_t version = 1;
  const auto hold = [&](Side& from, const CallId& from_id, Side& to, const CallId& to_id,
                        const std::string& direction, model::Direction seen) {
    from.agent().reoffer(from_id, sdp(port, ++version, direction));
    const auto offer = to.seen().next<PeerOffer>().second;
    ASSERT_TRUE(offer.offer.has_value());
    EXPECT_EQ(offer.offer->media.at(0).direction, seen);
    to.agent().answer_offer(to_id, offer.offer_id, sdp(5002, ++version, "recvonly"));
    const auto result = from.seen().next<ReofferResult>().second;
    EXPECT_EQ(result.sip_code, 200);
    ASSERT_TRUE(result.answer.has_value());
    EXPECT_EQ(result.answer->media.at(0).port, 5002);
  };
  hold(p.a, p.out, p.b, p.in, "sendonly", model::Direction::send_only);
  hold(p.a, p.out, p.b, p.in, "sendrecv", model::Direction::send_recv);
  hold(p.b, p.in, p.a, p.out, "inactive", model::Direction::inactive);
  hold(p.b, p.in, p.a, p.out, "sendrecv", model::Direction::send_recv);
}

TEST(Offers, RefusedAndUnanswered) {
  Pair p(quick());
  p.connect();
  p.a.agent().reoffer(p.out, sdp(4002, 2));
  const auto offer = p.b.seen().next<PeerOffer>().second;
  p.b.agent().refuse_offer(p.in, offer.offer_id, 488);
  EXPECT_EQ(p.a.seen().next<ReofferResult>().second.sip_code, 488);
  p.a.agent().reoffer(p.out, sdp(4002, 3));
  p.b.seen().next<PeerOffer>();
  EXPECT_EQ(p.a.seen().next<ReofferResult>().second.sip_code, 500) << "nobody answered the offer";
  p.a.agent().hangup(p.out, 0, {}, {});
  EXPECT_EQ(p.b.seen().next<Ended>().second.how, LegEnd::peer_bye);
}

TEST(Offers, GlareIsSolvedByWaiting) {
  Pair p;
  p.connect();
  p.a.agent().reoffer(p.out, sdp(4010, 2));
  p.b.agent().reoffer(p.in, sdp(5010, 2));
  // Both are refused, or one came through first; in the end each has been answered.
  int results = 0;
  for (int i = 0; i < 200 && results < 2; ++i) {
    for (Side* side : {&p.a, &p.b}) {
      if (!side->seen().none<PeerOffer>(20ms)) {
        const auto [id, offer] = side->seen().next<PeerOffer>();
        side->agent().answer_offer(id, offer.offer_id, sdp(6000, 9));
      }
      if (!side->seen().none<ReofferResult>(20ms)) {
        EXPECT_EQ(side->seen().next<ReofferResult>().second.sip_code, 200);
        ++results;
      }
    }
  }
  EXPECT_EQ(results, 2);
}

TEST(Offers, OursIsOutWhenThePeersComes) {
  Side side(udp_options());
  RawCall call(side);
  side.agent().reoffer(call.id, sdp(5002, 2));
  const std::string ours = call.peer.receive_with("INVITE ");
  call.peer.send(dialog_request(call.peer, "INVITE", call.invite, call.tag, 2,
                                "Content-Type: application/sdp\r\n", call.invite.body));
  EXPECT_NE(call.peer.receive_with("SIP/2.0 491"), "");
  call.peer.send(response(call.peer, ours, "491 Request Pending", ""));
  EXPECT_NE(header(call.peer.receive_with("INVITE ", 3s), "CSeq"), header(ours, "CSeq"));
}

TEST(Offers, LateOfferFromTheCaller) {
  Pair p;
  const CallId out = p.a.call(p.b.uri(), std::nullopt);
  const auto [in, incoming] = p.b.seen().next<IncomingCall>();
  EXPECT_FALSE(incoming.offer.has_value());
  p.b.agent().answer(in, sdp(5000), {});
  const auto answered = p.a.seen().next<Answered>().second;
  EXPECT_TRUE(answered.session_is_offer);
  EXPECT_EQ(answered.session->media.at(0).port, 5000);
  p.a.agent().acknowledge(out, sdp(4000));
  const auto ack = p.b.seen().next<Acknowledged>().second;
  ASSERT_TRUE(ack.session.has_value());
  EXPECT_EQ(ack.session->media.at(0).port, 4000);
  p.b.agent().hangup(in, 0, {}, {});
  EXPECT_EQ(p.a.seen().next<Ended>().second.how, LegEnd::peer_bye);
}

TEST(Offers, ReinviteWithoutOfferAsksForOurs) {
  Side side(udp_options());
  RawCall call(side);
  call.peer.send(dialog_request(call.peer, "INVITE", call.invite, call.tag, 2,
                                "Contact: <sip:bob@" + call.peer.host_port() + ">\r\n"));
  const auto [id, offer] = side.seen().next<PeerOffer>();
  EXPECT_FALSE(offer.offer.has_value());
  side.agent().answer_offer(id, offer.offer_id, sdp(5004, 2));
  EXPECT_NE(call.peer.receive_with("SIP/2.0 200").find("m=audio 5004"), std::string::npos);
  call.peer.send(dialog_request(call.peer, "ACK", call.invite, call.tag, 2,
                                "Content-Type: application/sdp\r\n", call.invite.body));
  EXPECT_TRUE(side.seen().next<Acknowledged>().second.session.has_value());
}

TEST(Offers, TheSameOfferAgainIsAnsweredWithoutAsking) {
  Side side(udp_options());
  RawCall call(side);
  call.peer.send(
      dialog_request(call.peer, "INVITE", call.invite, call.tag, 2,
                     "Contact: <sip:bob@" + call.peer.host_port() + ">\r\nContent-Type: application/sdp\r\n",
                     call.invite.body));
  EXPECT_NE(call.peer.receive_with("SIP/2.0 200").find("m=audio 5000"), std::string::npos);
  EXPECT_TRUE(side.seen().none<PeerOffer>(10ms));
  // A second re-INVITE while the first is not acknowledged, and after it.
  call.peer.send(dialog_request(call.peer, "INVITE", call.invite, call.tag, 3, "", ""));
  EXPECT_NE(header(call.peer.receive_with("SIP/2.0 500"), "Retry-After"), "");
  call.peer.send(dialog_request(call.peer, "ACK", call.invite, call.tag, 2));
}

TEST(Offers, UpdateCarriesAnOffer) {
  Side side(udp_options());
  RawCall call(side);
  std::string changed = call.invite.body;
  changed.replace(changed.find("4000"), 4, "4444");
  call.peer.send(dialog_request(call.peer, "UPDATE", call.invite, call.tag, 2,
                                "Content-Type: application/sdp\r\n", changed));
  const auto [id, offer] = side.seen().next<PeerOffer>();
  EXPECT_EQ(offer.offer->media.at(0).port, 4444);
  call.peer.send(dialog_request(call.peer, "UPDATE", call.invite, call.tag, 3,
                                "Content-Type: application/sdp\r\n", changed));
  EXPECT_NE(call.peer.receive_with("SIP/2.0 500"), "");
  side.agent().answer_offer(id, offer.offer_id, sdp(5006, 2));
  EXPECT_NE(call.peer.receive_with("SIP/2.0 200").find("m=audio 5006"), std::string::npos);
  call.peer.send(dialog_request(call.peer, "UPDATE", call.invite, call.tag, 4));
  EXPECT_NE(call.peer.receive_with("SIP/2.0 200"), "");
}

TEST(Reliable, EarlyMediaIsAcknowledgedBetweenAgents) {
  Pair p;
  const CallId out = p.a.call(p.b.uri(), sdp(4000));
  const auto [in, incoming] = p.b.seen().next<IncomingCall>();
  EXPECT_TRUE(incoming.supports_100rel);
  RingOptions ring;
  ring.sip_code = 183;
  ring.session = sdp(5000);
  p.b.agent().ring(in, ring);
  p.b.agent().answer(in, sdp(5000), {});  // At once: it waits for the PRACK.
  const auto progress = p.a.seen().next<Progress>().second;
  EXPECT_EQ(progress.sip_code, 183);
  EXPECT_EQ(progress.session->media.at(0).port, 5000);
  p.b.seen().next<Pracked>();
  p.a.seen().next<Answered>();
  p.b.seen().next<Acknowledged>();
  p.a.agent().hangup(out, 0, {}, {});
  EXPECT_EQ(p.b.seen().next<Ended>().second.how, LegEnd::peer_bye);
}

TEST(Reliable, RetransmittedUntilAcknowledgedAndWrongRackRefused) {
  Side side(udp_options(), quick());
  const RawPeer peer(side.address());
  RawInvite invite;
  invite.extra = "Require: 100rel\r\n";
  peer.send(invite_text(peer, invite));
  const auto id = side.seen().next<IncomingCall>().first;
  side.agent().ring(id, {});
  const std::string first = peer.receive_with("SIP/2.0 180");
  EXPECT_EQ(header(first, "Require"), "100rel");
  EXPECT_EQ(header(peer.receive_with("SIP/2.0 180"), "RSeq"), header(first, "RSeq"));
  const auto prack = [&](const std::string& rack, int cseq) {
    peer.send(dialog_request(peer, "PRACK", invite, to_tag(first), cseq, "RAck: " + rack + "\r\n"));
  };
  prack("7 1 INVITE", 2);
  EXPECT_NE(peer.receive_with("SIP/2.0 481"), "");
  prack(header(first, "RSeq") + " 1 INVITE", 3);
  EXPECT_NE(peer.receive_with("SIP/2.0 200"), "");
  side.seen().next<Pracked>();
  side.agent().reject(id, 480, {}, 0, 0, {});
  EXPECT_NE(peer.receive_with("SIP/2.0 480"), "");
}

TEST(Reliable, NeverAcknowledgedFailsTheCall) {
  Side side(udp_options(), quick());
  const RawPeer peer(side.address());
  RawInvite invite;
  invite.extra = "Require: 100rel\r\n";
  peer.send(invite_text(peer, invite));
  side.agent().ring(side.seen().next<IncomingCall>().first, {});
  EXPECT_NE(peer.receive_with("SIP/2.0 504", 8s), "");
  EXPECT_EQ(side.seen().next<Ended>().second.how, LegEnd::timeout);
}

TEST(SessionTimer, RefreshedByTheCallerAndByUs) {
  const auto shorter = [](AgentOptions& o) {
    o.min_session_expires_s = 1;
    o.session_expires_s = 2;
  };
  Pair p({}, shorter);
  p.connect();
  EXPECT_TRUE(p.a.seen().none<Ended>(3500ms)) << "refreshes keep the call up past its interval";
  p.a.agent().hangup(p.out, 0, {}, {});
  EXPECT_EQ(p.b.seen().next<Ended>().second.how, LegEnd::peer_bye);
}

TEST(SessionTimer, ExpiresWithoutRefresh) {
  AgentOptions o = udp_options();
  o.min_session_expires_s = 1;
  o.session_expires_s = 2;
  Side side(o);
  RawInvite invite;
  invite.extra = "Supported: timer\r\nSession-Expires: 2;refresher=uac\r\n";
  RawCall call(side, invite);
  EXPECT_EQ(header(call.ok, "Session-Expires"), "2;refresher=uac");
  EXPECT_EQ(header(call.ok, "Require"), "timer");
  const std::string bye = call.peer.receive_with("BYE ", 4s);
  EXPECT_NE(header(bye, "Reason").find("cause=102"), std::string::npos);
  EXPECT_EQ(side.seen().next<Ended>().second.how, LegEnd::session_expired);
}

TEST(SessionTimer, WeRefreshWhenThePeerCannot) {
  AgentOptions o = udp_options();
  o.min_session_expires_s = 1;
  o.session_expires_s = 2;
  Side side(o);
  RawInvite invite;
  invite.extra = "Allow: INVITE, BYE, ACK, UPDATE\r\n";
  RawCall call(side, invite);
  EXPECT_EQ(header(call.ok, "Session-Expires"), "2;refresher=uas");
  const std::string update = call.peer.receive_with("UPDATE ", 3s);
  EXPECT_EQ(header(update, "Session-Expires"), "2;refresher=uac");
}

TEST(SessionTimer, IntervalTooSmallIsRaised) {
  Side strict([] {
    AgentOptions o = udp_options();
    o.min_session_expires_s = 300;
    return o;
  }());
  Side caller([] {
    AgentOptions o = udp_options();
    o.session_expires_s = 120;
    return o;
  }());
  caller.call(strict.uri(), sdp(4000));
  const auto id = strict.seen().next<IncomingCall>().first;
  strict.agent().answer(id, sdp(5000), {});
  caller.seen().next<Answered>();
}

TEST(Info, DigitsAndOtherBodies) {
  Pair p;
  p.connect();
  p.a.agent().send_request(p.out, 1, {"INFO", "application/dtmf-relay", "Signal=5\r\nDuration=160\r\n", {}});
  const auto digit = p.b.seen().next<InfoDigit>().second;
  EXPECT_EQ(digit.digit, '5');
  EXPECT_EQ(digit.duration_ms, 160U);
  EXPECT_EQ(p.a.seen().next<RequestResult>().second.code, 200);
  p.a.agent().send_request(p.out, 2, {"INFO", "application/dtmf", "#", {}});
  EXPECT_EQ(p.b.seen().next<InfoDigit>().second.digit, '#');
  p.a.agent().send_request(p.out, 3, {"MESSAGE", "text/plain", "hello", {{"X-Test", "1"}}});
  const auto message = p.b.seen().next<InDialogMessage>().second;
  EXPECT_EQ(message.method, "MESSAGE");
  EXPECT_EQ(message.content_type, "text/plain");
  EXPECT_EQ(message.body, "hello");
  p.b.agent().send_request(p.in, 4, {"INFO", "application/json", "{}", {}});
  EXPECT_EQ(p.a.seen().next<InDialogMessage>().second.body, "{}");
}

TEST(Races, LostAckEndsTheCallWithBye) {
  Side side(udp_options(), quick());
  const RawPeer peer(side.address());
  peer.send(invite_text(peer, {}));
  const auto id = side.seen().next<IncomingCall>().first;
  side.agent().answer(id, sdp(5000), {});
  for (int i = 0; i < 4; ++i) EXPECT_NE(peer.receive_with("SIP/2.0 200"), "") << "the 200 is repeated";
  EXPECT_NE(peer.receive_with("BYE ", 5s), "");
  EXPECT_EQ(side.seen().next<Ended>().second.how, LegEnd::no_ack);
}

TEST(Races, HangUpBeforeTheAckWaitsForIt) {
  Side side(udp_options(), quick());
  const RawPeer peer(side.address());
  const RawInvite invite;
  peer.send(invite_text(peer, invite));
  const auto id = side.seen().next<IncomingCall>().first;
  side.agent().answer(id, sdp(5000), {});
  const std::string tag = to_tag(peer.receive_with("SIP/2.0 200"));
  side.agent().hangup(id, 16, {}, {});
  side.seen().next<Ended>();
  EXPECT_EQ(peer.receive_with("BYE ", 200ms), "");
  peer.send(dialog_request(peer, "ACK", invite, tag, 1));
  EXPECT_NE(peer.receive_with("BYE ", 2s), "");
}

TEST(Races, ByeBeforeTheAnswerAndAfterTheEnd) {
  Side side(udp_options());
  const RawPeer peer(side.address());
  const RawInvite invite;
  peer.send(invite_text(peer, invite));
  const auto id = side.seen().next<IncomingCall>().first;
  side.agent().ring(id, {});
  const std::string tag = to_tag(peer.receive_with("SIP/2.0 180"));
  peer.send(dialog_request(peer, "BYE", invite, tag, 2));
  EXPECT_NE(peer.receive_with("SIP/2.0 200"), "");
  EXPECT_NE(peer.receive_with("SIP/2.0 487"), "");
  EXPECT_EQ(side.seen().next<Ended>().second.how, LegEnd::peer_bye);
  peer.send(dialog_request(peer, "BYE", invite, tag, 3));
  EXPECT_NE(peer.receive_with("SIP/2.0 481"), "");
}

TEST(Races, ForkedAnswersAreAcknowledgedAndEnded) {
  Side side(udp_options(), quick());
  const RawPeer peer({});
  const CallId out = side.call("sip:raw@" + peer.host_port(), sdp(4000));
  const std::string invite = peer.receive_with("INVITE ");
  const std::string body = RawInvite{}.body;
  peer.send(response(peer, invite, "180 Ringing", "one"));
  peer.send(response(peer, invite, "180 Ringing", "two"));
  peer.send(response(peer, invite, "200 OK", "two", "", body));
  side.seen().next<Answered>();
  EXPECT_NE(header(peer.receive_with("ACK "), "To").find("tag=two"), std::string::npos);
  peer.send(response(peer, invite, "200 OK", "two", "", body));  // Repeated: our ACK was lost.
  EXPECT_NE(header(peer.receive_with("ACK "), "To").find("tag=two"), std::string::npos);
  peer.send(response(peer, invite, "200 OK", "one", "", body));
  EXPECT_NE(header(peer.receive_with("ACK "), "To").find("tag=one"), std::string::npos);
  EXPECT_NE(header(peer.receive_with("BYE "), "To").find("tag=one"), std::string::npos);
  side.agent().hangup(out, 0, {}, {});
  EXPECT_NE(header(peer.receive_with("BYE "), "To").find("tag=two"), std::string::npos);
}

TEST(Races, LateAnswerAfterCancelIsEnded) {
  Side side(udp_options(), quick());
  const RawPeer peer({});
  const CallId out = side.call("sip:raw@" + peer.host_port(), sdp(4000));
  const std::string invite = peer.receive_with("INVITE ");
  side.agent().hangup(out, 0, {}, {});
  side.seen().next<Ended>();
  EXPECT_EQ(peer.receive_with("CANCEL ", 100ms), "") << "not before a provisional response";
  peer.send(response(peer, invite, "180 Ringing", "late"));
  const std::string cancel = peer.receive_with("CANCEL ");
  EXPECT_NE(cancel, "");
  peer.send(response(peer, cancel, "200 OK", "late"));
  peer.send(response(peer, invite, "200 OK", "late", "", RawInvite{}.body));
  EXPECT_NE(peer.receive_with("ACK "), "");
  EXPECT_NE(peer.receive_with("BYE "), "");
}

TEST(Races, PeerWithoutTheDialogEndsIt) {
  Side side(udp_options(), quick());
  const RawPeer peer({});
  const CallId out = side.call("sip:raw@" + peer.host_port(), sdp(4000));
  const std::string invite = peer.receive_with("INVITE ");
  peer.send(response(peer, invite, "200 OK", "x", "", RawInvite{}.body));
  side.seen().next<Answered>();
  side.agent().reoffer(out, sdp(4002, 2));
  std::string again;
  do again = peer.receive_with("INVITE ");
  while (!again.empty() && header(again, "To").find("tag=x") == std::string::npos);
  peer.send(response(peer, again, "481 Gone", ""));
  EXPECT_EQ(side.seen().next<Ended>().second.how, LegEnd::dialog_gone);
}

TEST(Races, AnswerThatCannotBeUnderstood) {
  Side side(udp_options(), quick());
  const RawPeer peer({});
  side.call("sip:raw@" + peer.host_port(), sdp(4000));
  peer.send(response(peer, peer.receive_with("INVITE "), "200 OK", "x", "", "nonsense"));
  EXPECT_NE(peer.receive_with("ACK "), "");
  EXPECT_NE(peer.receive_with("BYE "), "");
  EXPECT_EQ(side.seen().next<Ended>().second.how, LegEnd::bad_answer);
}

TEST(Digest, ChallengesAreAnsweredOnce) {
  Side side(udp_options(), quick());
  const RawPeer peer({});
  const auto with_password = [](OutboundCall& c) {
    c.credentials = Credentials{"alice", "secret", "example.org"};
  };
  const CallId out = side.call("sip:raw@" + peer.host_port(), sdp(4000), with_password);
  const std::string first = peer.receive_with("INVITE ");
  peer.send(response(
      peer, first, "407 Proxy Authentication Required", "x",
      "Proxy-Authenticate: Digest realm=\"example.org\", nonce=\"n1\", algorithm=SHA-256, qop=\"auth\"\r\n"
      "Proxy-Authenticate: Digest realm=\"example.org\", nonce=\"n1\", algorithm=MD5, qop=\"auth\"\r\n"));
  EXPECT_NE(peer.receive_with("ACK "), "");
  const std::string second = peer.receive_with("INVITE ");
  const std::string line = header(second, "Proxy-Authorization");
  EXPECT_NE(line.find("username=\"alice\""), std::string::npos) << second;
  EXPECT_NE(line.find("SHA-256"), std::string::npos);
  EXPECT_EQ(header(second, "CSeq"), "2 INVITE");
  EXPECT_EQ(header(second, "Call-ID"), header(first, "Call-ID"));
  peer.send(response(peer, second, "200 OK", "x", "", RawInvite{}.body));
  EXPECT_EQ(header(peer.receive_with("ACK "), "Proxy-Authorization"), line) << "RFC 3261 22.1";
  side.seen().next<Answered>();
  side.agent().hangup(out, 0, {}, {});
  const std::string bye = peer.receive_with("BYE ");
  peer.send(response(peer, bye, "401 Unauthorized", "",
                     "WWW-Authenticate: Digest realm=\"elsewhere\", nonce=\"n2\"\r\n"));
  EXPECT_EQ(peer.receive_with("BYE ", 200ms), "") << "a callee must not fish for credentials";
}

TEST(Digest, WrongRealmOrSecondChallengeFailsTheCall) {
  Side side(udp_options(), quick());
  const auto with_password = [](OutboundCall& c) {
    c.credentials = Credentials{"alice", "secret", "example.org"};
  };
  for (const char* realm : {"elsewhere", "example.org"}) {
    const RawPeer peer({});
    side.call("sip:raw@" + peer.host_port(), sdp(4000), with_password);
    const std::string challenge =
        std::string("WWW-Authenticate: Digest realm=\"") + realm + "\", nonce=\"n1\"\r\n";
    const std::string first = peer.receive_with("INVITE ");
    peer.send(response(peer, first, "401 Unauthorized", "x", challenge));
    if (std::string(realm) == "example.org") {
      const std::string second = peer.receive_with("INVITE ");
      EXPECT_NE(header(second, "Authorization"), "");
      peer.send(response(peer, second, "401 Unauthorized", "x", challenge));
    }
    const auto ended = side.seen().next<Ended>().second;
    EXPECT_EQ(ended.how, LegEnd::peer_reject);
    EXPECT_EQ(ended.sip_code, 401);
  }
}

TEST(Routing, RecordRouteIsFollowed) {
  Side side(udp_options(), quick());
  const RawPeer proxy({});
  const CallId out = side.call("sip:raw@" + proxy.host_port(), sdp(4000));
  const std::string invite = proxy.receive_with("INVITE ");
  std::string ok =
      response(proxy, invite, "200 OK", "x",
               "Record-Route: <sip:192.0.2.1;lr>, <sip:" + proxy.host_port() + ";lr>\r\n", RawInvite{}.body);
  ok.replace(ok.find("Contact: <sip:raw@" + proxy.host_port()), 18 + proxy.host_port().size(),
             "Contact: <sip:far@192.0.2.9");
  proxy.send(ok);
  const std::string ack = proxy.receive_with("ACK sip:far@192.0.2.9");
  EXPECT_NE(ack.find("Route: <sip:" + proxy.host_port() + ";lr>"), std::string::npos);
  EXPECT_NE(ack.find("Route: <sip:192.0.2.1;lr>"), std::string::npos);
  side.seen().next<Answered>();
  side.agent().hangup(out, 16, {}, {});
  EXPECT_NE(proxy.receive_with("BYE sip:far@192.0.2.9"), "");
}

}  // namespace
}  // namespace tandem::sip::testing
