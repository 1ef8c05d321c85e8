// Whole calls between two agents over loopback.
#include "sip/sofia/tests/harness.h"

namespace tandem::sip::testing {
namespace {

// Rings, answers, and hangs up from `caller_hangs_up`'s side; every leg must end exactly once.
void complete_call(Side& caller, Side& callee, const std::string& target, bool caller_hangs_up = true) {
  const CallId out = caller.call(target, sdp(4000));
  const auto [in, incoming] = callee.seen().next<IncomingCall>();
  ASSERT_TRUE(incoming.offer.has_value());
  EXPECT_EQ(incoming.offer->media.at(0).port, 4000);
  EXPECT_EQ(incoming.from.user, "alice");
  EXPECT_EQ(incoming.from.display_name, "Alice \"A\"");
  EXPECT_EQ(incoming.request_uri.user, "100");

  callee.agent().ring(in, {});
  EXPECT_EQ(caller.seen().next<Progress>().second.sip_code, 180);
  callee.agent().answer(in, sdp(5000), {{"X-Answer", "yes"}});
  const auto answered = caller.seen().next<Answered>().second;
  ASSERT_TRUE(answered.session.has_value());
  EXPECT_EQ(answered.session->media.at(0).port, 5000);
  EXPECT_FALSE(answered.session_is_offer);
  EXPECT_NE(std::find(answered.headers.begin(), answered.headers.end(),
                      std::pair<std::string, std::string>("X-Answer", "yes")),
            answered.headers.end());
  callee.seen().next<Acknowledged>();

  if (caller_hangs_up) {
    caller.agent().hangup(out, 16, "bye \"now\"", {{"X-Why", "done"}});
    EXPECT_EQ(caller.seen().next<Ended>().second.how, LegEnd::local_hangup);
    const auto ended = callee.seen().next<Ended>().second;
    EXPECT_EQ(ended.how, LegEnd::peer_bye);
    EXPECT_EQ(ended.sip_code, 200);
    EXPECT_EQ(ended.q850_cause, 16);
  } else {
    callee.agent().hangup(in, 0, {}, {});
    EXPECT_EQ(callee.seen().next<Ended>().second.how, LegEnd::local_hangup);
    EXPECT_EQ(caller.seen().next<Ended>().second.how, LegEnd::peer_bye);
  }
  caller.stop();
  callee.stop();
  EXPECT_TRUE(caller.seen().none<Ended>(50ms));
  EXPECT_TRUE(callee.seen().none<Ended>(50ms));
}

TEST(Call, OverUdp) {
  Side a(udp_options());
  Side b(udp_options());
  complete_call(a, b, b.uri());
}

TEST(Call, OverUdpHungUpByTheCallee) {
  Side a(udp_options());
  Side b(udp_options());
  complete_call(a, b, b.uri(), false);
}

TEST(Call, OverTcpWithOneConnectionForBothDirections) {
  Side a(udp_options());  // Listens on no TCP port: the callee's BYE must come by the caller's connection.
  Side b(all_transports());
  EXPECT_EQ(b.address(Transport::udp).port, b.address(Transport::tcp).port);
  complete_call(a, b, b.uri(Transport::tcp), false);
}

TEST(Call, OverIpv6) {
  Side a(udp_options("::1"));
  Side b(all_transports("::1"));
  complete_call(a, b, b.uri());
}

TEST(Call, OverTls) {
  const TestCertificate cert;
  AgentOptions server = udp_options();
  server.listen.push_back({Transport::tls, {*model::IpAddress::parse("127.0.0.1"), 0}});
  server.tls_certificate_file = cert.certificate;
  server.tls_key_file = cert.key;
  AgentOptions client = udp_options();
  client.tls_ca_file = cert.authority;
  Side a(client);
  Side b(server);
  complete_call(a, b, b.uri(Transport::tls), false);
}

TEST(Call, TlsRefusesAnUnknownAuthorityAndAWrongName) {
  const TestCertificate cert;
  const TestCertificate other_name("192.0.2.1", "192.0.2.1");
  const TestCertificate stranger;
  for (const auto* served : {&cert, &other_name}) {
    AgentOptions server = udp_options();
    server.listen.push_back({Transport::tls, {*model::IpAddress::parse("127.0.0.1"), 0}});
    server.tls_certificate_file = served->certificate;
    server.tls_key_file = served->key;
    AgentOptions client = udp_options();
    client.tls_ca_file = served == &cert ? stranger.authority : served->authority;
    Side a(client, quick());
    Side b(server);
    a.call(b.uri(Transport::tls), sdp(4000));
    const auto ended = a.seen().next<Ended>().second;
    EXPECT_EQ(ended.how, LegEnd::transport_error);
    EXPECT_TRUE(b.seen().none<IncomingCall>(10ms));
  }
}

TEST(Call, Rejected) {
  Side a(udp_options());
  Side b(udp_options());
  a.call(b.uri(), sdp(4000));
  const auto [in, incoming] = b.seen().next<IncomingCall>();
  b.agent().reject(in, 486, "Busy There", 17, 9, {{"X-Note", "later"}});
  EXPECT_EQ(b.seen().next<Ended>().second.how, LegEnd::local_reject);
  const auto ended = a.seen().next<Ended>().second;
  EXPECT_EQ(ended.how, LegEnd::peer_reject);
  EXPECT_EQ(ended.sip_code, 486);
  EXPECT_EQ(ended.sip_reason, "Busy There");
  EXPECT_EQ(ended.q850_cause, 17);
}

TEST(Call, Redirected) {
  Side a(udp_options());
  Side b(udp_options());
  a.call(b.uri(), sdp(4000));
  const auto [in, incoming] = b.seen().next<IncomingCall>();
  b.agent().redirect(in, 302, {"sip:other@192.0.2.7"}, {});
  const auto ended = a.seen().next<Ended>().second;
  EXPECT_EQ(ended.sip_code, 302);
  EXPECT_NE(std::find(ended.headers.begin(), ended.headers.end(),
                      std::pair<std::string, std::string>("Contact", "sip:other@192.0.2.7")),
            ended.headers.end());
}

TEST(Call, CancelledWhileRinging) {
  Side a(udp_options());
  Side b(udp_options());
  const CallId out = a.call(b.uri(), sdp(4000));
  const auto [in, incoming] = b.seen().next<IncomingCall>();
  b.agent().ring(in, {});
  a.seen().next<Progress>();
  a.agent().hangup(out, 0, {}, {});
  EXPECT_EQ(a.seen().next<Ended>().second.how, LegEnd::local_hangup);
  EXPECT_EQ(b.seen().next<Ended>().second.how, LegEnd::peer_cancel);
}

TEST(Call, CancelCrossesTheAnswer) {
  for (int i = 0; i < 20; ++i) {
    Side a(udp_options());
    Side b(udp_options());
    const CallId out = a.call(b.uri(), sdp(4000));
    const auto [in, incoming] = b.seen().next<IncomingCall>();
    b.agent().ring(in, {});
    a.seen().next<Progress>();
    b.agent().answer(in, sdp(5000), {});
    a.agent().hangup(out, 0, {}, {});
    EXPECT_EQ(a.seen().next<Ended>().second.how, LegEnd::local_hangup);
    const auto how = b.seen().next<Ended>().second.how;
    EXPECT_TRUE(how == LegEnd::peer_bye || how == LegEnd::peer_cancel) << to_string(how);
  }
}

TEST(Call, NobodyThere) {
  const RawPeer silent({});
  Side a(udp_options(), quick());
  a.call("sip:nobody@" + silent.host_port(), sdp(4000));
  const auto ended = a.seen().next<Ended>().second;
  EXPECT_EQ(ended.how, LegEnd::timeout);
  EXPECT_EQ(ended.sip_code, 408);
}

TEST(Call, ConnectionRefused) {
  Side b(all_transports());
  const std::string target = b.uri(Transport::tcp);
  b.stop();
  Side a(all_transports(), quick());
  a.call(target, sdp(4000));
  EXPECT_EQ(a.seen().next<Ended>().second.how, LegEnd::transport_error);
}

TEST(Call, BadTargetUri) {
  Side a(udp_options());
  a.call("not a uri at all", sdp(4000));
  EXPECT_EQ(a.seen().next<Ended>().second.how, LegEnd::transport_error);
}

TEST(Call, ShutdownEndsEveryLeg) {
  Side a(udp_options());
  Side b(udp_options());
  a.call(b.uri(), sdp(4000));
  const auto [in1, first] = b.seen().next<IncomingCall>();
  b.agent().answer(in1, sdp(5000), {});
  b.seen().next<Acknowledged>();
  a.call(b.uri(), sdp(4002));
  b.seen().next<IncomingCall>();
  b.stop();
  EXPECT_EQ(b.seen().next<Ended>().second.how, LegEnd::shutdown);
  EXPECT_EQ(b.seen().next<Ended>().second.how, LegEnd::shutdown);
  const auto e1 = a.seen().next<Ended>().second;
  const auto e2 = a.seen().next<Ended>().second;
  EXPECT_TRUE((e1.how == LegEnd::peer_bye && e2.sip_code == 503) ||
              (e2.how == LegEnd::peer_bye && e1.sip_code == 503));
}

TEST(Call, CommandsForAnUnknownLegDoNothing) {
  Side a(udp_options());
  a.agent().hangup(CallId::make(), 0, {}, {});
  a.agent().answer(CallId::make(), sdp(4000), {});
  a.agent().ring(CallId::make(), {});
  EXPECT_TRUE(a.seen().none<Ended>(20ms));
}

TEST(Call, CannotListenTwiceOnOnePort) {
  Side a(udp_options());
  AgentOptions again = udp_options();
  again.listen[0].address = a.address();
  SystemClock clock;
  Metrics metrics;
  Recorder seen;
  runtime::Loop loop("observer", clock);
  const auto made = make_sofia_agent({again, {}, seen, loop, clock, Log{}, metrics});
  ASSERT_FALSE(made.has_value());
  EXPECT_EQ(made.error().error, AgentError::cannot_listen);
}

}  // namespace
}  // namespace tandem::sip::testing
