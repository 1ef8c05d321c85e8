// Calls that we dial: what the INVITE says, which answers lead to another one, forks, and giving up in time.
#include "sip/sofia/tests/calls.h"
#include "sip/sofia/tests/name_server.h"

namespace tandem::sip::testing {
namespace {

std::uint16_t port_of(const RawPeer& peer) {
  return model::SocketAddress::parse(peer.host_port())->port;
}

TEST(Dial, AddressesHeadersAndRoutes) {
  Side side(udp_options(), quick());
  const RawPeer proxy({});
  side.call("sip:target@192.0.2.1;user=phone", sdp(4000), [&](OutboundCall& c) {
    c.to_uri = "sip:+15550100@example.org";
    c.to_display_name = "Sales";
    c.route = {"sip:" + proxy.host_port() + ";lr", "sip:192.0.2.9;lr"};
    c.headers = {{"X-Mine", "1"}, {"P-Asserted-Identity", "<sip:secret@x>"}, {"Via", "evil"}};
    c.asserted_identity = "sip:+15550111@example.org";
  });
  const std::string invite = proxy.receive_with("INVITE ");
  EXPECT_TRUE(invite.starts_with("INVITE sip:target@192.0.2.1;user=phone SIP/2.0\r\n")) << invite;
  EXPECT_EQ(header(invite, "To"), "\"Sales\" <sip:+15550100@example.org>");
  EXPECT_EQ(header(invite, "X-Mine"), "1");
  EXPECT_EQ(header(invite, "P-Asserted-Identity"), "") << "only to the trusted";
  EXPECT_NE(invite.find("Route: <sip:" + proxy.host_port() + ";lr>\r\nRoute: <sip:192.0.2.9;lr>"),
            std::string::npos);
  EXPECT_NE(header(invite, "Supported").find("replaces"), std::string::npos);
}

TEST(Dial, WithheldCallerIsAnonymous) {
  Side side(udp_options(), quick());
  for (const bool trusted : {false, true}) {
    const RawPeer peer({});
    side.call("sip:raw@192.0.2.1", sdp(4000), [&](OutboundCall& c) {
      c.outbound_proxy = "sip:" + peer.host_port();
      c.privacy = CallerPrivacy::withheld;
      c.trusted = trusted;
      c.headers = {{"Remote-Party-ID", "<sip:alice@x>"}, {"P-Preferred-Identity", "<sip:alice@x>"}};
    });
    const std::string invite = peer.receive_with("INVITE ");
    EXPECT_TRUE(header(invite, "From").starts_with("\"Anonymous\" <sip:anonymous@anonymous.invalid>"));
    EXPECT_EQ(header(invite, "Privacy"), "id");
    EXPECT_EQ(header(invite, "P-Asserted-Identity"),
              trusted ? "\"Alice \\\"A\\\"\" <sip:alice@127.0.0.1>" : "");
    EXPECT_EQ(invite.find("alice") != std::string::npos, trusted) << invite;
  }
}

TEST(Dial, UrisCannotSmuggleHeaders) {
  Side side(udp_options(), quick());
  const RawPeer peer({});
  const std::string evil = "sip:a@b>\r\nX-Evil: 1\r\nY: <";
  const auto refused = [&](const std::function<void(OutboundCall&)>& change) {
    side.call("sip:raw@" + peer.host_port(), sdp(4000), change);
    EXPECT_EQ(side.seen().next<Ended>().second.sip_code, 400);
  };
  refused([&](OutboundCall& c) { c.target_uri = evil; });
  refused([&](OutboundCall& c) { c.from_uri = evil; });
  refused([&](OutboundCall& c) { c.to_uri = evil; });
  refused([&](OutboundCall& c) { c.asserted_identity = evil; });
  refused([&](OutboundCall& c) { c.route = {evil}; });
  EXPECT_EQ(peer.receive(50ms), "");
}

TEST(Dial, NothingWithinTheFirstResponseTimeout) {
  Side side(udp_options(), quick());
  const RawPeer peer({});
  const auto soon = [](OutboundCall& c) { c.first_response_timeout = 200ms; };
  side.call("sip:raw@" + peer.host_port(), sdp(4000), soon);
  const std::string invite = peer.receive_with("INVITE ");
  const auto ended = side.seen().next<Ended>().second;
  EXPECT_EQ(ended.how, LegEnd::timeout);
  EXPECT_EQ(ended.sip_code, 408);
  EXPECT_TRUE(ended.no_response);
  // It wakes up after all: cancelled, and an answer is ended.
  peer.send(response(peer, invite, "100 Trying", ""));
  EXPECT_NE(peer.receive_with("CANCEL "), "");
  peer.send(response(peer, invite, "200 OK", "late", "", RawInvite{}.body));
  EXPECT_NE(peer.receive_with("ACK "), "");
  EXPECT_NE(peer.receive_with("BYE "), "");
  // A 100 is an answer to the question whether anybody is there.
  side.call("sip:raw@" + peer.host_port(), sdp(4000), soon);
  std::string second;
  do second = peer.receive_with("INVITE ");
  while (header(second, "Call-ID") == header(invite, "Call-ID"));
  peer.send(response(peer, second, "100 Trying", ""));
  EXPECT_TRUE(side.seen().none<Ended>(400ms));
}

TEST(Dial, TimerBAndNoResponse) {
  Side side(udp_options(), quick());
  const RawPeer silent({});
  side.call("sip:raw@" + silent.host_port(), sdp(4000));
  const auto ended = side.seen().next<Ended>().second;
  EXPECT_EQ(ended.how, LegEnd::timeout);
  EXPECT_TRUE(ended.no_response);
  const RawPeer busy({});
  side.call("sip:raw@" + busy.host_port(), sdp(4000));
  busy.send(response(busy, busy.receive_with("INVITE "), "486 Busy Here", "b",
                     "Reason: Q.850;cause=17;text=\"busy\"\r\n"));
  const auto refused = side.seen().next<Ended>().second;
  EXPECT_EQ(refused.how, LegEnd::peer_reject);
  EXPECT_EQ(refused.sip_code, 486);
  EXPECT_EQ(refused.q850_cause, 17);
  EXPECT_FALSE(refused.no_response);
}

TEST(Dial, RedirectTellsItsContacts) {
  Side side(udp_options(), quick());
  const RawPeer peer({});
  side.call("sip:raw@" + peer.host_port(), sdp(4000));
  std::string moved = response(peer, peer.receive_with("INVITE "), "302 Moved Temporarily", "m");
  const std::size_t at = moved.find("Contact: ");
  moved.replace(at, moved.find("\r\n", at) - at, "Contact: <sip:one@192.0.2.1>;q=0.9, <tel:+15550100>");
  peer.send(moved);
  const auto ended = side.seen().next<Ended>().second;
  EXPECT_EQ(ended.how, LegEnd::peer_reject);
  EXPECT_EQ(ended.contacts, (std::vector<std::string>{"sip:one@192.0.2.1", "tel:+15550100"}));
}

TEST(Dial, AnswerCrossesOurCancel) {
  Side side(udp_options(), quick());
  const RawPeer peer({});
  const CallId out = side.call("sip:raw@" + peer.host_port(), sdp(4000));
  const std::string invite = peer.receive_with("INVITE ");
  peer.send(response(peer, invite, "180 Ringing", "x"));
  side.seen().next<Progress>();
  side.agent().hangup(out, 16, "gave up", {});
  const std::string cancel = peer.receive_with("CANCEL ");
  EXPECT_NE(header(cancel, "Reason").find("cause=16"), std::string::npos);
  peer.send(response(peer, invite, "200 OK", "x", "", RawInvite{}.body));
  EXPECT_NE(peer.receive_with("ACK "), "");
  EXPECT_NE(peer.receive_with("BYE "), "");
  peer.send(response(peer, cancel, "200 OK", "x"));
  const auto ended = side.seen().next<Ended>().second;
  EXPECT_EQ(ended.how, LegEnd::local_hangup);
  EXPECT_EQ(ended.sip_code, 487) << "cancelled, whatever came late";
  EXPECT_TRUE(side.seen().none<Answered>(20ms));
  EXPECT_TRUE(side.seen().none<Ended>(20ms));
}

TEST(Dial, ForksRingEachWithAnEarlySessionOfItsOwn) {
  Side side(udp_options(), quick());
  const RawPeer peer({});
  side.call("sip:raw@" + peer.host_port(), sdp(4000));
  const std::string invite = peer.receive_with("INVITE ");
  const auto ring = [&](const std::string& tag, int rseq, const std::string& port) {
    std::string body = RawInvite{}.body;
    body.replace(body.find("4000"), 4, port);
    peer.send(response(peer, invite, "183 Session Progress", tag,
                       "Require: 100rel\r\nRSeq: " + std::to_string(rseq) + "\r\n", body));
    return header(peer.receive_with("PRACK "), "RAck");
  };
  EXPECT_EQ(ring("one", 1, "6000"), "1 1 INVITE");
  const auto first = side.seen().next<Progress>().second;
  EXPECT_EQ(first.early_dialog, "one");
  EXPECT_EQ(first.session->media.at(0).port, 6000);
  EXPECT_EQ(ring("two", 100, "7000"), "100 1 INVITE");
  const auto second = side.seen().next<Progress>().second;
  EXPECT_EQ(second.early_dialog, "two");
  EXPECT_EQ(second.session->media.at(0).port, 7000);
  // The second one answers, without repeating its session: the first's must not be taken for it.
  peer.send(response(peer, invite, "200 OK", "two"));
  const auto answered = side.seen().next<Answered>().second;
  EXPECT_EQ(answered.early_dialog, "two");
  ASSERT_TRUE(answered.session.has_value());
  EXPECT_EQ(answered.session->media.at(0).port, 7000);
  EXPECT_NE(header(peer.receive_with("ACK "), "To").find("tag=two"), std::string::npos);
  // And one that never rang answers as well: it is acknowledged and ended, and the call goes on.
  peer.send(response(peer, invite, "200 OK", "three", "", RawInvite{}.body));
  EXPECT_NE(header(peer.receive_with("ACK "), "To").find("tag=three"), std::string::npos);
  EXPECT_NE(header(peer.receive_with("BYE "), "To").find("tag=three"), std::string::npos);
  EXPECT_TRUE(side.seen().none<Ended>(50ms));
}

TEST(Dial, EndlessForksAreBounded) {
  Side side(udp_options(), quick());
  const RawPeer peer({});
  side.call("sip:raw@" + peer.host_port(), sdp(4000));
  const std::string invite = peer.receive_with("INVITE ");
  for (int i = 0; i < 60; ++i) peer.send(response(peer, invite, "180 Ringing", "t" + std::to_string(i)));
  for (int i = 0; i < 60; ++i) side.seen().next<Progress>();
  peer.send(response(peer, invite, "200 OK", "t59", "", RawInvite{}.body));
  EXPECT_EQ(side.seen().next<Answered>().second.early_dialog, "t59");
}

TEST(Dial, StaleNonceIsAnsweredOnceMore) {
  Side side(udp_options(), quick());
  const RawPeer peer({});
  side.call("sip:raw@" + peer.host_port(), sdp(4000), [](OutboundCall& c) {
    c.credentials = Credentials{"alice", "secret", "here"};
  });
  const auto challenge = [&](const std::string& params) {
    const std::string invite = peer.receive_with("INVITE ");
    peer.send(response(peer, invite, "407 Proxy Authentication Required", "x",
                       "Proxy-Authenticate: Digest realm=\"here\", " + params + "\r\n"));
    EXPECT_NE(peer.receive_with("ACK "), "");
    return header(invite, "Proxy-Authorization");
  };
  EXPECT_EQ(challenge("nonce=\"n1\""), "");
  EXPECT_NE(challenge("nonce=\"n2\", stale=true").find("nonce=\"n1\""), std::string::npos);
  EXPECT_NE(challenge("nonce=\"n3\", stale=TRUE").find("nonce=\"n2\""), std::string::npos);
  const auto ended = side.seen().next<Ended>().second;
  EXPECT_EQ(ended.sip_code, 407);
  EXPECT_EQ(peer.receive_with("INVITE ", 100ms), "");
}

TEST(Dial, CredentialsStayWithTheirRealm) {
  Side side(udp_options(), quick());
  const RawPeer peer({});
  side.call("sip:raw@" + peer.host_port(), sdp(4000), [](OutboundCall& c) {
    c.credentials = Credentials{"alice", "secret", ""};
  });
  peer.send(response(peer, peer.receive_with("INVITE "), "407 Proxy Authentication Required", "x",
                     "Proxy-Authenticate: Digest realm=\"here\", nonce=\"n1\"\r\n"));
  const std::string second = peer.receive_with("INVITE ");
  EXPECT_NE(header(second, "Proxy-Authorization"), "");
  peer.send(response(peer, second, "401 Unauthorized", "x",
                     "WWW-Authenticate: Digest realm=\"there\", nonce=\"n2\", stale=true\r\n"));
  EXPECT_EQ(side.seen().next<Ended>().second.sip_code, 401) << "another realm, stale or not";
}

struct Trunk {
  Trunk() : first({}), second({}) {}
  [[nodiscard]] AgentOptions options() const {
    AgentOptions o = udp_options();
    o.resolver_config_file = names.config_file();
    return o;
  }
  RawPeer first;
  RawPeer second;
  NameServer names{{{"_sip._udp.trunk.test",
                     {{20, "b.trunk.test", port_of(second)}, {10, "a.trunk.test", port_of(first)}}}}};
};

TEST(Failover, NextTargetAfter503) {
  for (const char* status : {"503 Service Unavailable", "408 Request Timeout"}) {
    const Trunk trunk;
    Side side(trunk.options(), quick());
    side.call("sip:number@trunk.test", sdp(4000));
    const std::string invite = trunk.first.receive_with("INVITE ");
    ASSERT_NE(invite, "");
    trunk.first.send(response(trunk.first, invite, status, "down"));
    EXPECT_NE(trunk.first.receive_with("ACK "), "");
    const std::string again = trunk.second.receive_with("INVITE ");
    ASSERT_NE(again, "");
    EXPECT_TRUE(again.starts_with("INVITE sip:number@trunk.test SIP/2.0"));
    EXPECT_EQ(header(again, "Call-ID"), header(invite, "Call-ID"));
    EXPECT_EQ(header(again, "CSeq"), "2 INVITE");
    trunk.second.send(response(trunk.second, again, "200 OK", "up", "", RawInvite{}.body));
    side.seen().next<Answered>();
    EXPECT_NE(trunk.second.receive_with("ACK "), "");
    side.stop();
  }
}

TEST(Failover, AllTargetsBusyOrOneRefuses) {
  const Trunk trunk;
  Side side(trunk.options(), quick());
  side.call("sip:number@trunk.test", sdp(4000));
  trunk.first.send(response(trunk.first, trunk.first.receive_with("INVITE "), "503 Overload", "x"));
  trunk.second.send(response(trunk.second, trunk.second.receive_with("INVITE "), "503 Overload", "x"));
  const auto ended = side.seen().next<Ended>().second;
  EXPECT_EQ(ended.how, LegEnd::peer_reject);
  EXPECT_EQ(ended.sip_code, 503);
  side.call("sip:number@trunk.test", sdp(4000));
  std::string invite = trunk.first.receive_with("INVITE ");
  trunk.first.send(response(trunk.first, invite, "486 Busy Here", "x"));
  EXPECT_EQ(side.seen().next<Ended>().second.sip_code, 486) << "busy is an answer, not a failure";
  EXPECT_EQ(trunk.second.receive_with("INVITE ", 100ms), "");
}

TEST(Failover, SilentOrUnreachableTarget) {
  const Trunk trunk;
  Side side(trunk.options(), quick());
  side.call("sip:number@trunk.test", sdp(4000));
  EXPECT_NE(trunk.first.receive_with("INVITE "), "");
  const std::string again = trunk.second.receive_with("INVITE ", 8s);  // After Timer B.
  ASSERT_NE(again, "");
  trunk.second.send(response(trunk.second, again, "404 Not Found", "x"));
  const auto ended = side.seen().next<Ended>().second;
  EXPECT_EQ(ended.sip_code, 404);
  EXPECT_FALSE(ended.no_response);
}

TEST(EarlyUpdate, ChangesTheSessionBeforeTheAnswer) {
  Pair p;
  const CallId out = p.a.call(p.b.uri(), sdp(4000));
  const auto in = p.b.seen().next<IncomingCall>().first;
  RingOptions ring;
  ring.sip_code = 183;
  ring.session = sdp(5000);
  p.b.agent().ring(in, ring);
  p.a.seen().next<Progress>();
  p.b.seen().next<Pracked>();
  p.a.agent().reoffer(out, sdp(4002, 2, "sendonly"));
  const auto offer = p.b.seen().next<PeerOffer>().second;
  EXPECT_EQ(offer.offer->media.at(0).port, 4002);
  p.b.agent().answer_offer(in, offer.offer_id, sdp(5002, 2, "recvonly"));
  const auto result = p.a.seen().next<ReofferResult>().second;
  EXPECT_EQ(result.sip_code, 200);
  EXPECT_EQ(result.answer->media.at(0).port, 5002);
  // And from the callee's side.
  p.b.agent().reoffer(in, sdp(5004, 3));
  const auto theirs = p.a.seen().next<PeerOffer>().second;
  EXPECT_EQ(theirs.offer->media.at(0).port, 5004);
  p.a.agent().refuse_offer(out, theirs.offer_id, 488);
  EXPECT_EQ(p.b.seen().next<ReofferResult>().second.sip_code, 488);
  EXPECT_TRUE(p.a.seen().none<Answered>(20ms));
  p.b.agent().answer(in, sdp(5002, 3), {});
  EXPECT_EQ(p.a.seen().next<Answered>().second.session->media.at(0).port, 5002);
  p.b.seen().next<Acknowledged>();
  p.a.agent().reoffer(out, sdp(4006, 4));
  EXPECT_EQ(p.b.seen().next<PeerOffer>().second.offer->media.at(0).port, 4006);
}

// The 200 repeats the first answer, as many do: what an UPDATE changed since must not be lost to it.
TEST(EarlyUpdate, OutlivesTheRepeatedAnswer) {
  for (const bool updated : {false, true}) {
    Side side(udp_options(), quick());
    const RawPeer peer({});
    const CallId out = side.call("sip:raw@" + peer.host_port(), sdp(4000));
    const std::string invite = peer.receive_with("INVITE ");
    peer.send(response(peer, invite, "183 Session Progress", "x",
                       "Allow: INVITE, UPDATE\r\nRequire: 100rel\r\nRSeq: 1\r\n", RawInvite{}.body));
    side.seen().next<Progress>();
    peer.send(response(peer, peer.receive_with("PRACK "), "200 OK", ""));
    std::string moved = RawInvite{}.body;
    moved.replace(moved.find("4000"), 4, "4444");
    if (updated) {
      side.agent().reoffer(out, sdp(4002, 2));
      peer.send(response(peer, peer.receive_with("UPDATE "), "200 OK", "", "", moved));
      EXPECT_EQ(side.seen().next<ReofferResult>().second.answer->media.at(0).port, 4444);
    }
    peer.send(response(peer, invite, "200 OK", "x", "", updated ? RawInvite{}.body : moved));
    EXPECT_EQ(side.seen().next<Answered>().second.session->media.at(0).port, 4444);
  }
}

TEST(EarlyUpdate, WaitsForTheAnswerWhenThePeerDoesNotKnowIt) {
  Side side(udp_options(), quick());
  const RawPeer peer({});
  const CallId out = side.call("sip:raw@" + peer.host_port(), sdp(4000));
  const std::string invite = peer.receive_with("INVITE ");
  peer.send(response(peer, invite, "183 Session Progress", "x",
                     "Allow: INVITE, ACK, BYE, CANCEL\r\nRequire: 100rel\r\nRSeq: 1\r\n", RawInvite{}.body));
  side.seen().next<Progress>();
  peer.send(response(peer, peer.receive_with("PRACK "), "200 OK", ""));
  side.agent().reoffer(out, sdp(4002, 2));
  EXPECT_EQ(peer.receive_with("UPDATE ", 100ms), "");
  peer.send(response(peer, invite, "200 OK", "x"));
  std::string again;
  do again = peer.receive_with("INVITE ");
  while (!again.empty() && header(again, "CSeq") == header(invite, "CSeq"));
  EXPECT_NE(again.find("m=audio 4002"), std::string::npos);
}

TEST(EarlyUpdate, GlareOnBothSides) {
  Pair p(quick());
  const CallId out = p.a.call(p.b.uri(), sdp(4000));
  const auto in = p.b.seen().next<IncomingCall>().first;
  RingOptions ring;
  ring.sip_code = 183;
  ring.session = sdp(5000);
  p.b.agent().ring(in, ring);
  p.a.seen().next<Progress>();
  p.b.seen().next<Pracked>();
  p.a.agent().reoffer(out, sdp(4002, 2));
  p.b.agent().reoffer(in, sdp(5002, 2));
  int results = 0;
  for (int i = 0; i < 300 && results < 2; ++i) {
    for (Side* s : {&p.a, &p.b}) {
      if (!s->seen().none<PeerOffer>(20ms)) {
        const auto [id, offer] = s->seen().next<PeerOffer>();
        s->agent().answer_offer(id, offer.offer_id, sdp(6000, 9));
      }
      if (!s->seen().none<ReofferResult>(20ms)) {
        EXPECT_EQ(s->seen().next<ReofferResult>().second.sip_code, 200);
        ++results;
      }
    }
  }
  EXPECT_EQ(results, 2);
}

}  // namespace
}  // namespace tandem::sip::testing
