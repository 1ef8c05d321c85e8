// One call in the place of another (RFC 3891), asked for by us, by a stranger, and by way of a REFER.
#include "sip/sofia/tests/calls.h"

namespace tandem::sip::testing {
namespace {

std::string tag_of(const std::string& party) {
  const std::size_t at = party.find(";tag=");
  return at == std::string::npos ? std::string() : party.substr(at + 5);
}

RawInvite invite_with(const std::string& call_id, const std::string& extra) {
  RawInvite i;
  i.call_id = call_id;
  i.branch = "z9hG4bK" + call_id;
  i.extra = extra;
  return i;
}

std::string as_seen_by_us(const RawCall& call, const std::string& more = "") {
  return "Replaces: " + call.invite.call_id + ";to-tag=" + call.tag + ";from-tag=" + call.invite.from_tag +
         more + "\r\n";
}

TEST(Replaces, AttendedTransferBetweenThreeAgents) {
  // b holds two calls: with a (bob's customer) and with c (the colleague); a is sent to c.
  Side a(udp_options());
  Side b(udp_options());
  Side c(udp_options());
  const auto connect = [](Side& from, Side& to) {
    const CallId out = from.call(to.uri(), sdp(4000));
    const CallId in = to.seen().next<IncomingCall>().first;
    to.agent().answer(in, sdp(5000), {});
    from.seen().next<Answered>();
    to.seen().next<Acknowledged>();
    return std::pair(out, in);
  };
  const auto [a_out, b_in] = connect(a, b);
  const auto [b_out, c_in] = connect(b, c);

  ReferRequest request;
  request.replaces = b_out;  // Without refer_to: the Contact of that leg's peer.
  b.agent().refer(b_in, 1, request);
  const auto refer = a.seen().next<PeerRefer>().second;
  ASSERT_TRUE(refer.replaces.has_value());
  EXPECT_FALSE(refer.replaces_leg.has_value()) << "not a dialog of a's";
  EXPECT_EQ(refer.target.uri.substr(0, 4 + c.address().str().size()), "sip:" + c.address().str());
  a.agent().answer_refer(a_out, refer.refer_id, 202);
  const CallId third = a.call(refer.target.uri, sdp(4004), [&](OutboundCall& call) {
    call.replaces_header = replaces_value(*refer.replaces);
  });
  const auto [c_new, incoming] = c.seen().next<IncomingCall>();
  EXPECT_EQ(incoming.replaces, c_in);
  EXPECT_FALSE(incoming.replaces_early_only);
  c.agent().answer(c_new, sdp(5004), {});
  c.agent().hangup(c_in, 0, {}, {});
  EXPECT_EQ(a.seen().next<Answered>().first, third);
  a.agent().refer_progress(a_out, refer.refer_id, 200, "OK", true);
  EXPECT_EQ(b.seen().next<Ended>().first, b_out);
  b.seen().next<Referred>();
  EXPECT_TRUE(b.seen().next<Referred>().second.progress.final);
  b.agent().hangup(b_in, 0, {}, {});
  EXPECT_EQ(a.seen().next<Ended>().first, a_out);
}

TEST(Replaces, OurOwnLegTakenOverAtThePeer) {
  Pair p;
  p.connect();
  const CallId second = p.a.call(p.b.uri(), sdp(4010), [&](OutboundCall& c) { c.replaces = p.out; });
  const auto incoming = p.b.seen().next<IncomingCall>().second;
  EXPECT_EQ(incoming.replaces, p.in);
  p.b.agent().reject(incoming.id, 486, {}, 0, 0, {});
  EXPECT_EQ(p.a.seen().next<Ended>().first, second);
  EXPECT_TRUE(p.a.seen().none<Ended>(50ms)) << "the first call is untouched";
}

TEST(Replaces, ReferNamesADialogOfOurOwn) {
  Side side(udp_options());
  RawCall first(side, invite_with("one", ""));
  RawCall second(side, invite_with("two", ""));
  // The peer of both says: connect the first with whom I speak with in the second.
  const std::string value = "two%3Bto-tag%3D" + second.tag + "%3Bfrom-tag%3D" + second.invite.from_tag;
  first.peer.send(dialog_request(first.peer, "REFER", first.invite, first.tag, 2,
                                 "Refer-To: <sip:t@127.0.0.1?Replaces=" + value + ">\r\n"));
  const auto refer = side.seen().next<PeerRefer>().second;
  EXPECT_EQ(refer.replaces_leg, second.id);
}

TEST(Replaces, WhatDoesNotMatchIsRefused) {
  Side side(udp_options(), quick());
  RawCall call(side, invite_with("base", ""));
  const RawPeer peer(side.address());
  int n = 0;
  const auto expect = [&](const std::string& extra, const std::string& code) {
    peer.send(invite_text(peer, invite_with("new-" + std::to_string(++n), extra)));
    std::string answer;
    do answer = peer.receive_with("SIP/2.0 ");
    while (answer.starts_with("SIP/2.0 100"));
    EXPECT_TRUE(answer.starts_with("SIP/2.0 " + code)) << extra << answer.substr(0, 60);
    const auto refused = side.seen().next<RefusedCall>().second;
    EXPECT_EQ(refused.sip_code, std::stoi(code));
    EXPECT_EQ(refused.sip_call_id, "new-" + std::to_string(n));
  };
  expect("Replaces: nowhere;to-tag=1;from-tag=2\r\n", "481");
  expect("Replaces: base;to-tag=" + call.tag + ";from-tag=wrong\r\n", "481");
  expect("Replaces: other;to-tag=" + call.tag + ";from-tag=ft1\r\n", "481");
  expect("Replaces: base;to-tag=ft1;from-tag=" + call.tag + "\r\n", "481");
  expect(as_seen_by_us(call, ";early-only"), "486");
  expect(as_seen_by_us(call) + as_seen_by_us(call), "400");
  expect("Replaces: base;to-tag=" + call.tag + "\r\n", "400");
  expect("Replaces: \r\n", "400");
  EXPECT_TRUE(side.seen().none<IncomingCall>(20ms));

  peer.send(invite_text(peer, invite_with("good", as_seen_by_us(call) + "Require: replaces\r\n")));
  EXPECT_EQ(side.seen().next<IncomingCall>().second.replaces, call.id);
  // Gone a moment ago, and gone for good.
  side.agent().hangup(call.id, 0, {}, {});
  const std::string bye = call.peer.receive_with("BYE ");
  expect(as_seen_by_us(call), "603");
  call.peer.send(response(call.peer, bye, "200 OK", ""));
  side.seen().next<Ended>();
  std::string last;
  for (int i = 0; i < 50 && !last.starts_with("SIP/2.0 481"); ++i) {
    peer.send(invite_text(peer, invite_with("late-" + std::to_string(i), as_seen_by_us(call))));
    last = peer.receive_with("SIP/2.0 ");
  }
  EXPECT_TRUE(last.starts_with("SIP/2.0 481"));
}

TEST(Replaces, EarlyDialogs) {
  Side side(udp_options(), quick());
  // One that we dialled may be picked up elsewhere.
  const RawPeer callee({});
  const CallId out = side.call("sip:raw@" + callee.host_port(), sdp(4000));
  const std::string invite = callee.receive_with("INVITE ");
  callee.send(response(callee, invite, "180 Ringing", "ringing"));
  side.seen().next<Progress>();
  const std::string replaces = "Replaces: " + header(invite, "Call-ID") +
                               ";to-tag=" + tag_of(header(invite, "From")) +
                               ";from-tag=ringing;early-only\r\n";
  const RawPeer other(side.address());
  other.send(invite_text(other, invite_with("pickup", replaces)));
  const auto incoming = side.seen().next<IncomingCall>().second;
  EXPECT_EQ(incoming.replaces, out);
  EXPECT_TRUE(incoming.replaces_early_only);
  // One that rings at us may not (RFC 3891 section 3).
  const RawPeer caller(side.address());
  caller.send(invite_text(caller, invite_with("rings", "")));
  const auto id = side.seen().next<IncomingCall>().first;
  side.agent().ring(id, {});
  const std::string ringing = caller.receive_with("SIP/2.0 180");
  other.send(invite_text(other, invite_with("steal", "Replaces: rings;to-tag=" + to_tag(ringing) +
                                                         ";from-tag=ft1;early-only\r\n")));
  EXPECT_NE(other.receive_with("SIP/2.0 481"), "");
}

TEST(Replaces, OfALegThatIsGone) {
  Pair p;
  p.connect();
  p.a.agent().hangup(p.out, 0, {}, {});
  p.a.seen().next<Ended>();
  p.b.seen().next<Ended>();
  p.a.call(p.b.uri(), sdp(4010), [&](OutboundCall& c) { c.replaces = p.out; });
  const auto ended = p.a.seen().next<Ended>().second;
  EXPECT_EQ(ended.how, LegEnd::dialog_gone);
  EXPECT_EQ(ended.sip_code, 481);
  EXPECT_TRUE(ended.no_response);
  p.a.call(p.b.uri(), sdp(4010), [&](OutboundCall& c) { c.replaces_header = "bad\r\nX: y"; });
  EXPECT_EQ(p.a.seen().next<Ended>().second.sip_code, 400);
  EXPECT_TRUE(p.b.seen().none<IncomingCall>(50ms));
}

}  // namespace
}  // namespace tandem::sip::testing
