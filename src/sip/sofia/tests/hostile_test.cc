// What strangers send: the packets that kill the packaged stack, nonsense, floods, and every method out of
// place.
#include <sys/socket.h>

#include "sip/sofia/tests/harness.h"

namespace tandem::sip::testing {
namespace {

// The agent still takes calls.
void expect_alive(Side& side, const std::string& call_id = "alive") {
  const RawPeer peer(side.address());
  RawInvite invite;
  invite.call_id = call_id;
  invite.branch = "z9hG4bK" + call_id;
  std::string trying;
  for (int i = 0; i < 20 && trying.empty(); ++i) {  // As over any UDP: what is lost is sent again.
    peer.send(invite_text(peer, invite));
    trying = peer.receive_with("SIP/2.0 100", 200ms);
  }
  EXPECT_NE(trying, "");
  const auto [id, call] = side.seen().next<IncomingCall>();
  side.agent().reject(id, 486, {}, 0, 0, {});
  const std::string busy = peer.receive_with("SIP/2.0 486");
  EXPECT_NE(busy, "");
  peer.send(dialog_request(peer, "ACK", invite, to_tag(busy), 1, "", "", invite.branch));
  side.seen().next<Ended>();
}

std::string ack_of(const RawPeer& peer, const RawInvite& invite, const std::string& tag) {
  std::string ack = dialog_request(peer, "ACK", invite, tag, invite.cseq, "", "", invite.branch);
  const std::size_t via = ack.find("SIP/2.0/UDP ") + 12;
  const std::size_t end = ack.find(";branch", via);
  return ack.replace(
      via, end - via,
      (invite.via_host_port.empty() ? peer.host_port() : invite.via_host_port) + invite.via_extra);
}

TEST(Hostile, ViaWithPortZeroFollowedByItsAck) {
  Side side(udp_options());
  const RawPeer peer(side.address());
  RawInvite invite;
  invite.via_host_port = "127.0.0.1:0";
  peer.send(invite_text(peer, invite));
  const std::string refused = peer.receive_with("SIP/2.0 400");
  for (const std::string& tag : {std::string(), to_tag(refused)}) peer.send(ack_of(peer, invite, tag));
  EXPECT_TRUE(side.seen().none<IncomingCall>(50ms));
  expect_alive(side);
}

TEST(Hostile, ViaWithUnreachableMaddrFollowedByItsAck) {
  Side side(udp_options());
  const RawPeer peer(side.address());
  RawInvite invite;
  invite.via_extra = ";maddr=255.255.255.255";
  peer.send(invite_text(peer, invite));
  EXPECT_NE(peer.receive_with("SIP/2.0 100"), "") << "the answer must come back to the sender";
  const auto [id, call] = side.seen().next<IncomingCall>();
  side.agent().reject(id, 404, {}, 0, 0, {});
  const std::string refused = peer.receive_with("SIP/2.0 404");
  EXPECT_NE(refused, "");
  for (const std::string& tag : {std::string(), to_tag(refused)}) peer.send(ack_of(peer, invite, tag));
  side.seen().next<Ended>();
  expect_alive(side);
}

// The same shapes through the back doors: a merged request and a re-INVITE in a standing dialog.
TEST(Hostile, DeadlyViaInMergedRequestAndInDialog) {
  Side side(udp_options());
  const RawPeer peer(side.address());
  const RawInvite invite;
  peer.send(invite_text(peer, invite));
  const auto [id, call] = side.seen().next<IncomingCall>();
  side.agent().answer(id, sdp(5000), {});
  const std::string ok = peer.receive_with("SIP/2.0 200");
  peer.send(dialog_request(peer, "ACK", invite, to_tag(ok), 1));
  side.seen().next<Acknowledged>();

  RawInvite merged = invite;
  merged.branch = "z9hG4bKmerged";
  merged.via_host_port = "127.0.0.1:0";
  peer.send(invite_text(peer, merged));
  peer.send(ack_of(peer, merged, to_tag(ok)));
  std::string again = dialog_request(peer, "INVITE", invite, to_tag(ok), 2, "", "m=x", "z9hG4bKdeath");
  again.replace(again.find(peer.host_port()), peer.host_port().size(), "127.0.0.1:0");
  peer.send(again);
  std::string ack = dialog_request(peer, "ACK", invite, to_tag(ok), 2, "", "", "z9hG4bKdeath");
  ack.replace(ack.find(peer.host_port()), peer.host_port().size(), "127.0.0.1:0");
  peer.send(ack);
  expect_alive(side);
}

TEST(Hostile, DeadlySdpLinesAreRefused) {
  Side side(udp_options());
  const RawPeer peer(side.address());
  int n = 0;
  for (const char* line : {"m=audio 9000 TCP/\xC3\x84/MSRP 3 97", "m=audio 9000 UDP/TLS/RTP/SAVPF 111 <"}) {
    RawInvite invite;
    invite.call_id = "sdp" + std::to_string(++n);
    invite.branch = "z9hG4bKsdp" + std::to_string(n);
    invite.body = std::string("v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n") +
                  line + "\r\n";
    peer.send(invite_text(peer, invite));
    const std::string answer = peer.receive();
    EXPECT_TRUE(answer.starts_with("SIP/2.0 488") || answer.starts_with("SIP/2.0 100")) << answer;
    if (answer.starts_with("SIP/2.0 100")) {
      side.agent().reject(side.seen().next<IncomingCall>().first, 488, {}, 0, 0, {});
      side.seen().next<Ended>();
      peer.send(ack_of(peer, invite, to_tag(peer.receive_with("SIP/2.0 488"))));
    }
  }
  expect_alive(side);
}

TEST(Hostile, GarbageDatagrams) {
  Side side(udp_options());
  const RawPeer peer(side.address());
  ::testing::internal::CaptureStderr();
  for (int i = 0; i < 200; ++i) {
    peer.send(std::string(1, '\0') + std::string(static_cast<std::size_t>(i), 'x'));
    peer.send(std::string(static_cast<std::size_t>(i), static_cast<char>(i)));
    peer.send("INVITE\r\n\r\n");
  }
  expect_alive(side);
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "") << "strangers must not be able to fill the log";
}

TEST(Hostile, LimitsOnHeadersViasAndBody) {
  Side side(udp_options());
  const RawPeer peer(side.address());
  RawInvite many;
  for (int i = 0; i < 120; ++i) many.extra += "X-H" + std::to_string(i) + ": 1\r\n";
  peer.send(invite_text(peer, many));
  EXPECT_NE(peer.receive_with("SIP/2.0 400 Too Many Headers"), "");
  RawInvite vias;
  vias.branch = "z9hG4bKv";
  for (int i = 0; i < 25; ++i)
    vias.extra += "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK" + std::to_string(i) + "\r\n";
  peer.send(invite_text(peer, vias));
  EXPECT_NE(peer.receive_with("SIP/2.0 400 Too Many Via"), "");
  RawInvite body;
  body.branch = "z9hG4bKb";
  body.body = std::string(40'000, 'a');
  peer.send(invite_text(peer, body));
  EXPECT_NE(peer.receive_with("SIP/2.0 413"), "");
  expect_alive(side);
}

TEST(Hostile, EveryMethodOutOfPlaceGetsItsAnswer) {
  Side side(udp_options());
  const RawPeer peer(side.address());
  const std::vector<std::pair<std::string, std::string>> expected{
      {"BYE", "481"},    {"CANCEL", "481"},   {"PRACK", "481"},   {"UPDATE", "481"},    {"INFO", "481"},
      {"NOTIFY", "481"}, {"REGISTER", "403"}, {"MESSAGE", "403"}, {"SUBSCRIBE", "405"}, {"PUBLISH", "405"},
      {"REFER", "403"},  {"FROB", "501"},     {"OPTIONS", "200"}};
  for (const auto& [method, code] : expected) {
    RawInvite invite;
    invite.call_id = method;
    const std::string extra = method == "SUBSCRIBE" || method == "PUBLISH" || method == "NOTIFY"
                                  ? "Event: presence\r\n"
                              : method == "PRACK" ? "RAck: 1 1 INVITE\r\n"
                              : method == "REFER" ? "Refer-To: <sip:x@192.0.2.1>\r\n"
                                                  : "";
    peer.send(dialog_request(peer, method, invite, "", 1, extra));
    const std::string answer = peer.receive();
    EXPECT_TRUE(answer.starts_with("SIP/2.0 " + code)) << method << " got " << answer.substr(0, 40);
    if (code == "405" || code == "501" || code == "200") {
      EXPECT_NE(header(answer, "Allow"), "") << method;
    }
  }
  for (const std::string method : {"BYE", "INVITE", "INFO", "OPTIONS", "UPDATE"}) {
    peer.send(dialog_request(peer, method, {}, "no-such-tag", 7));
    EXPECT_TRUE(peer.receive().starts_with("SIP/2.0 481")) << method;
  }
  peer.send(dialog_request(peer, "ACK", {}, "no-such-tag", 7));
  EXPECT_EQ(peer.receive(50ms), "");
}

TEST(Hostile, InvitesThatCannotBeTaken) {
  Side side(udp_options());
  const RawPeer peer(side.address());
  int n = 0;
  const auto expect = [&](const std::string& code, RawInvite invite, const std::string& from = "",
                          const std::string& to = "") {
    invite.call_id = "bad" + std::to_string(++n);
    invite.branch = "z9hG4bKbad" + std::to_string(n);
    std::string text = invite_text(peer, invite);
    if (!from.empty()) text.replace(text.find(from), from.size(), to);
    peer.send(text);
    const std::string answer = peer.receive();
    EXPECT_TRUE(answer.starts_with("SIP/2.0 " + code)) << code << " expected, got " << answer;
    return answer;
  };
  RawInvite require;
  require.extra = "Require: 100rel, frobnicate, timer\r\n";
  EXPECT_EQ(header(expect("420", require), "Unsupported"), "frobnicate");
  expect("483", {}, "Max-Forwards: 70", "Max-Forwards: 0");
  expect("415", {}, "application/sdp", "text/plain");
  expect("400", {}, "Contact: ", "X-Contact: ");
  expect("416", {}, "INVITE sip:100@127.0.0.1", "INVITE tel:+4930123");
  RawInvite timer;
  timer.extra = "Supported: timer\r\nSession-Expires: 30\r\n";
  EXPECT_EQ(header(expect("422", timer), "Min-SE"), "90");
  RawInvite sdp;
  sdp.body = "this is not SDP";
  expect("488", sdp);
  EXPECT_TRUE(side.seen().none<IncomingCall>(10ms));
}

TEST(Hostile, RetransmittedAndMergedInvite) {
  Side side(udp_options());
  const RawPeer peer(side.address());
  const RawInvite invite;
  for (int i = 0; i < 3; ++i) peer.send(invite_text(peer, invite));
  side.seen().next<IncomingCall>();
  EXPECT_TRUE(side.seen().none<IncomingCall>(50ms));
  for (int i = 0; i < 3; ++i) EXPECT_NE(peer.receive_with("SIP/2.0 100"), "");
  RawInvite merged = invite;
  merged.branch = "z9hG4bKother-path";
  peer.send(invite_text(peer, merged));
  EXPECT_NE(peer.receive_with("SIP/2.0 482"), "");
  EXPECT_TRUE(side.seen().none<IncomingCall>(20ms));
}

TEST(Hostile, OverloadGets503AndAFloodGetsNothing) {
  AgentOptions options = udp_options();
  options.overload.max_invites_per_second_per_source = 2;
  options.overload.retry_after_s = 7;
  Side side(options);
  const RawPeer peer(side.address());
  for (int i = 0; i < 60; ++i) {
    RawInvite invite;
    invite.call_id = "flood" + std::to_string(i);
    invite.branch = "z9hG4bKflood" + std::to_string(i);
    peer.send(invite_text(peer, invite));
  }
  int taken = 0;
  int refused = 0;
  std::string last;
  for (;;) {
    const std::string answer = peer.receive(200ms);
    if (answer.empty()) break;
    if (answer.starts_with("SIP/2.0 100")) ++taken;
    if (answer.starts_with("SIP/2.0 503")) {
      ++refused;
      last = answer;
    }
  }
  EXPECT_GE(taken, 2);
  EXPECT_LE(taken, 4);
  EXPECT_GE(refused, 16);
  EXPECT_LE(taken + refused, 30);
  EXPECT_EQ(header(last, "Retry-After"), "7");
}

TEST(Hostile, MaximumOfLegsAndDraining) {
  AgentOptions options = udp_options();
  options.overload.max_legs = 1;
  Side side(options);
  const RawPeer peer(side.address());
  peer.send(invite_text(peer, {}));
  const auto first = side.seen().next<IncomingCall>().first;
  RawInvite second;
  second.call_id = "second";
  second.branch = "z9hG4bKsecond";
  peer.send(invite_text(peer, second));
  EXPECT_NE(peer.receive_with("SIP/2.0 503"), "");
  side.agent().reject(first, 486, {}, 0, 0, {});
  side.seen().next<Ended>();
  drain(side, peer);
  RawInvite third;
  third.call_id = "third";
  third.branch = "z9hG4bKthird";
  peer.send(invite_text(peer, third));
  EXPECT_NE(header(peer.receive_with("SIP/2.0 503"), "Retry-After"), "");
  peer.send(dialog_request(peer, "OPTIONS", {}, "", 1));
  EXPECT_NE(peer.receive_with("SIP/2.0 503"), "");
}

TEST(Hostile, InDialogRequestsOutOfOrder) {
  Side side(udp_options());
  const RawPeer peer(side.address());
  RawInvite invite;
  invite.cseq = 10;
  peer.send(invite_text(peer, invite));
  const auto id = side.seen().next<IncomingCall>().first;
  side.agent().answer(id, sdp(5000), {});
  const std::string tag = to_tag(peer.receive_with("SIP/2.0 200"));
  peer.send(dialog_request(peer, "ACK", invite, tag, 10));
  side.seen().next<Acknowledged>();
  peer.send(dialog_request(peer, "INFO", invite, tag, 9));
  EXPECT_NE(peer.receive_with("SIP/2.0 500"), "");
  peer.send(dialog_request(peer, "FROB", invite, tag, 11));
  EXPECT_NE(peer.receive_with("SIP/2.0 501"), "");
  peer.send(dialog_request(peer, "SUBSCRIBE", invite, tag, 12, "Event: dialog\r\n"));
  EXPECT_NE(peer.receive_with("SIP/2.0 405"), "");
  peer.send(dialog_request(peer, "OPTIONS", invite, tag, 13));
  EXPECT_NE(header(peer.receive_with("SIP/2.0 200"), "Allow"), "");
  peer.send(dialog_request(peer, "INFO", invite, tag, 14, "Require: frob\r\n"));
  EXPECT_NE(peer.receive_with("SIP/2.0 420"), "");
  RawInvite stranger = invite;
  stranger.from_tag = "someone-else";
  peer.send(dialog_request(peer, "BYE", stranger, tag, 15));
  EXPECT_NE(peer.receive_with("SIP/2.0 481"), "");
  EXPECT_TRUE(side.seen().none<Ended>(10ms));
  peer.send(dialog_request(peer, "BYE", invite, tag, 16, "Reason: Q.850;cause=16;text=\"x\"\r\n"));
  EXPECT_NE(peer.receive_with("SIP/2.0 200"), "");
  EXPECT_EQ(side.seen().next<Ended>().second.q850_cause, 16);
}

}  // namespace
}  // namespace tandem::sip::testing
