// Refusals that the books must know of, answers that never went out, multipart bodies, peers behind NAT.
#include "sip/sofia/tests/calls.h"

namespace tandem::sip::testing {
namespace {

RawInvite named(const std::string& call_id) {
  RawInvite i;
  i.call_id = call_id;
  i.branch = "z9hG4bK" + call_id;
  return i;
}

TEST(Refused, EveryRefusalOfANewInviteIsTold) {
  Side side(udp_options(), quick());
  const RawPeer peer(side.address());
  const auto expect = [&](RawInvite invite, int code) {
    peer.send(invite_text(peer, invite));
    const auto call = side.seen().next<RefusedCall>().second;
    EXPECT_EQ(call.sip_code, code);
    EXPECT_EQ(call.sip_call_id, invite.call_id);
    EXPECT_EQ(call.from.user, "bob");
    EXPECT_EQ(call.to.user, "100");
    EXPECT_EQ(call.request_uri.user, "100");
    EXPECT_EQ(call.source.str(), peer.host_port());
    EXPECT_EQ(call.transport, Transport::udp);
    EXPECT_NE(call.received_wall, WallTime{});
    EXPECT_NE(peer.receive_with("SIP/2.0 " + std::to_string(code)), "");
  };
  RawInvite bad_sdp = named("bad-sdp");
  bad_sdp.body = "nonsense";
  expect(bad_sdp, 488);
  RawInvite wanting = named("wanting");
  wanting.extra = "Require: frob\r\n";
  expect(wanting, 420);
  RawInvite large = named("large");
  large.body = std::string(40'000, 'a');
  expect(large, 413);
  peer.send(invite_text(peer, named("taken")));
  side.seen().next<IncomingCall>();
  RawInvite merged = named("taken");
  merged.branch = "z9hG4bKother";
  expect(merged, 482);
  drain(side, peer);
  expect(named("draining"), 503);
  // Not calls: requests in dialogs, other methods.
  peer.send(dialog_request(peer, "INVITE", {}, "no-such-tag", 7));
  peer.send(dialog_request(peer, "REGISTER", named("reg"), "", 1));
  EXPECT_TRUE(side.seen().none<RefusedCall>(50ms));
}

TEST(Refused, OverloadIsToldButNotAFlood) {
  AgentOptions o = udp_options();
  o.overload.max_invites_per_second_per_source = 1;
  Side side(o, quick());
  const RawPeer peer(side.address());
  for (int i = 0; i < 40; ++i) peer.send(invite_text(peer, named("flood-" + std::to_string(i))));
  side.seen().next<IncomingCall>();
  int told = 0;
  while (!side.seen().none<RefusedCall>(100ms)) {
    EXPECT_EQ(side.seen().next<RefusedCall>().second.sip_code, 503);
    ++told;
  }
  EXPECT_GE(told, 1);
  EXPECT_LE(told, 12) << "what is dropped without an answer is not told";
}

struct HeldAnswer {
  HeldAnswer() : side(udp_options(), quick()), peer(side.address()) {
    invite.extra = "Supported: 100rel\r\n";
    peer.send(invite_text(peer, invite));
    id = side.seen().next<IncomingCall>().first;
    RingOptions ring;
    ring.sip_code = 183;
    ring.session = sdp(5000);
    side.agent().ring(id, ring);
    progress = peer.receive_with("SIP/2.0 183");
    side.agent().answer(id, sdp(5000), {});
    EXPECT_EQ(peer.receive_with("SIP/2.0 200", 120ms), "") << "waits for the PRACK";
  }
  Side side;
  RawPeer peer;
  RawInvite invite;
  CallId id;
  std::string progress;
};

TEST(HeldAnswer, HangUpBeforeThePrackIsARefusal) {
  HeldAnswer h;
  h.side.agent().hangup(h.id, 16, {}, {});
  EXPECT_NE(h.peer.receive_with("SIP/2.0 603"), "");
  const auto ended = h.side.seen().next<Ended>().second;
  EXPECT_EQ(ended.how, LegEnd::local_reject) << "the caller was never answered";
  EXPECT_EQ(ended.sip_code, 603);
  EXPECT_TRUE(h.side.seen().none<Ended>(50ms));
}

TEST(HeldAnswer, CancelledOrEndedByThePeer) {
  for (const std::string method : {"CANCEL", "BYE"}) {
    HeldAnswer h;
    h.peer.send(dialog_request(h.peer, method, h.invite, method == "BYE" ? to_tag(h.progress) : "",
                               method == "BYE" ? 2 : 1, "", "", method == "BYE" ? "" : h.invite.branch));
    EXPECT_NE(h.peer.receive_with("SIP/2.0 487"), "");
    const auto ended = h.side.seen().next<Ended>().second;
    EXPECT_EQ(ended.how, method == "BYE" ? LegEnd::peer_bye : LegEnd::peer_cancel);
    EXPECT_EQ(ended.sip_code, 487);
  }
}

TEST(HeldAnswer, NeverPracked) {
  HeldAnswer h;
  EXPECT_NE(h.peer.receive_with("SIP/2.0 504"), "");
  const auto ended = h.side.seen().next<Ended>().second;
  EXPECT_EQ(ended.how, LegEnd::timeout);
  EXPECT_EQ(ended.sip_code, 504);
}

std::string as_multipart(const std::string& sdp_text) {
  return "--b\r\nContent-Type: application/isup\r\nContent-Disposition: signal;handling=optional\r\n\r\n" +
         std::string("\x01\x02", 2) + "\r\n--b\r\nContent-Type: application/sdp\r\n\r\n" + sdp_text +
         "\r\n--b--\r\n";
}

std::string retyped(std::string message, const std::string& type) {
  const std::size_t at = message.find("Content-Type: application/sdp");
  return message.replace(at, 29, "Content-Type: " + type);
}

TEST(Multipart, OfferAnswerAndReinvite) {
  Side side(udp_options(), quick());
  const RawPeer peer(side.address());
  RawInvite invite;
  const std::string plain = invite.body;
  invite.body = as_multipart(plain);
  peer.send(retyped(invite_text(peer, invite), "multipart/mixed;boundary=b"));
  const auto [id, incoming] = side.seen().next<IncomingCall>();
  ASSERT_TRUE(incoming.offer.has_value());
  EXPECT_EQ(incoming.offer->media.at(0).port, 4000);
  side.agent().answer(id, sdp(5000), {});
  const std::string tag = to_tag(peer.receive_with("SIP/2.0 200"));
  peer.send(dialog_request(peer, "ACK", invite, tag, 1));
  side.seen().next<Acknowledged>();
  std::string changed = plain;
  changed.replace(changed.find("4000"), 4, "4444");
  peer.send(dialog_request(peer, "INVITE", invite, tag, 2,
                           "Content-Type: multipart/mixed; boundary=\"b\"\r\n", as_multipart(changed)));
  EXPECT_EQ(side.seen().next<PeerOffer>().second.offer->media.at(0).port, 4444);

  const RawPeer callee({});
  side.call("sip:raw@" + callee.host_port(), sdp(4000));
  callee.send(
      retyped(response(callee, callee.receive_with("INVITE "), "200 OK", "x", "", as_multipart(plain)),
              "multipart/mixed;boundary=b"));
  EXPECT_EQ(side.seen().next<Answered>().second.session->media.at(0).port, 4000);
}

TEST(Multipart, WithoutASessionDescription) {
  Side side(udp_options(), quick());
  const RawPeer peer(side.address());
  RawInvite invite;
  invite.body = "--b\r\nContent-Type: text/plain\r\n\r\nhello\r\n--b--\r\n";
  peer.send(retyped(invite_text(peer, invite), "multipart/mixed;boundary=b"));
  EXPECT_NE(peer.receive_with("SIP/2.0 415"), "");
  EXPECT_EQ(side.seen().next<RefusedCall>().second.sip_code, 415);
}

std::string with_contact(std::string message, const std::string& contact) {
  const std::size_t at = message.find("Contact: ");
  return message.replace(at, message.find("\r\n", at) - at, "Contact: <" + contact + ">");
}

TEST(Nat, CallerBehindNatIsReachedWhereItSendsFrom) {
  Side side(udp_options(), quick());
  RawPeer peer(side.address());
  RawInvite invite;
  invite.via_host_port = "10.1.2.3:5060";
  invite.via_extra = ";rport";
  peer.send(with_contact(invite_text(peer, invite), "sip:bob@10.1.2.3:5060"));
  const auto id = side.seen().next<IncomingCall>().first;
  side.agent().answer(id, sdp(5000), {});
  const std::string tag = to_tag(peer.receive_with("SIP/2.0 200"));
  peer.send(dialog_request(peer, "ACK", invite, tag, 1));
  side.seen().next<Acknowledged>();
  side.agent().reoffer(id, sdp(5002, 2));
  const std::string again = peer.receive_with("INVITE ");
  EXPECT_TRUE(again.starts_with("INVITE sip:bob@10.1.2.3:5060 SIP/2.0")) << "the Contact stays the target";
  EXPECT_EQ(header(again, "Route"), "");
  peer.send(with_contact(response(peer, again, "200 OK", "", "", RawInvite{}.body), "sip:bob@10.1.2.3:5060"));
  EXPECT_NE(peer.receive_with("ACK "), "");
  side.seen().next<ReofferResult>();
  // The NAT gives it another port; its next request says so.
  const RawPeer moved(side.address());
  moved.send(dialog_request(moved, "INFO", invite, tag, 2));
  EXPECT_NE(moved.receive_with("SIP/2.0 200"), "");
  side.agent().hangup(id, 0, {}, {});
  EXPECT_NE(moved.receive_with("BYE sip:bob@10.1.2.3:5060"), "");
}

TEST(Nat, CalleeBehindNatAndItsEarlyDialog) {
  Side side(udp_options(), quick());
  const RawPeer peer({});
  const CallId out = side.call("sip:raw@" + peer.host_port(), sdp(4000));
  const std::string invite = peer.receive_with("INVITE ");
  peer.send(with_contact(
      response(peer, invite, "183 Session Progress", "x", "Require: 100rel\r\nRSeq: 1\r\n", RawInvite{}.body),
      "sip:raw@192.168.7.7"));
  const std::string prack = peer.receive_with("PRACK sip:raw@192.168.7.7");
  ASSERT_NE(prack, "");
  peer.send(response(peer, prack, "200 OK", ""));
  peer.send(with_contact(response(peer, invite, "200 OK", "x"), "sip:raw@192.168.7.7"));
  EXPECT_NE(peer.receive_with("ACK sip:raw@192.168.7.7"), "");
  side.seen().next<Answered>();
  side.agent().hangup(out, 0, {}, {});
  EXPECT_NE(peer.receive_with("BYE sip:raw@192.168.7.7"), "");
}

TEST(Nat, RegisteredEndpointIsFollowedOnDemand) {
  Side side(udp_options(), quick());
  const RawPeer peer({});
  const CallId out = side.call("sip:raw@198.51.100.7:5060", sdp(4000), [&](OutboundCall& c) {
    c.outbound_proxy = "sip:" + peer.host_port();
    c.follow_source = true;
  });
  const std::string invite = peer.receive_with("INVITE sip:raw@198.51.100.7");
  peer.send(
      with_contact(response(peer, invite, "200 OK", "x", "", RawInvite{}.body), "sip:raw@198.51.100.7:5060"));
  EXPECT_NE(peer.receive_with("ACK sip:raw@198.51.100.7"), "");
  side.seen().next<Answered>();
  side.agent().hangup(out, 0, {}, {});
  EXPECT_NE(peer.receive_with("BYE sip:raw@198.51.100.7"), "");
}

TEST(Nat, ProxyInThePathIsNotFollowed) {
  Side side(udp_options(), quick());
  const RawPeer proxy(side.address());
  const RawPeer phone({});
  RawInvite invite;
  invite.extra = "Via: SIP/2.0/UDP 10.1.2.3;branch=z9hG4bKdown\r\n";
  proxy.send(with_contact(invite_text(proxy, invite), "sip:bob@" + phone.host_port()));
  const auto id = side.seen().next<IncomingCall>().first;
  side.agent().answer(id, sdp(5000), {});
  const std::string tag = to_tag(proxy.receive_with("SIP/2.0 200"));
  phone.send("");
  proxy.send(dialog_request(proxy, "ACK", invite, tag, 1));
  side.seen().next<Acknowledged>();
  side.agent().hangup(id, 0, {}, {});
  EXPECT_NE(phone.receive_with("BYE "), "");
}

}  // namespace
}  // namespace tandem::sip::testing
