// Reaching registered phones, calls from them, and our own requests outside of dialogs.
#include "registrar/tests/office.h"
#include "sip/api/registration.h"

namespace tandem::registrar::testing {
namespace {

using sip::Transport;
using sip::testing::header;
using sip::testing::RawPeer;

/// Registers alice over `stream`, with a Contact nobody could connect to.
void log_in(Stream& stream, Words words) {
  words.via = "SIP/2.0/TCP 10.0.0.7:5060";
  stream.send(text_of(words));
  const std::string challenge = stream.read_until("\r\n\r\n");
  words.extra = proof(challenge, words.user, "pass") + "Contact: <sip:alice@10.0.0.7:5060;transport=tcp>\r\n";
  ++words.cseq;
  stream.send(text_of(words));
  EXPECT_NE(stream.read_until("\r\n\r\n").find("SIP/2.0 200"), std::string::npos);
}

sip::OutboundCall call_to(const cluster::ContactTarget& target) {
  sip::OutboundCall call;
  call.id = model::CallId::make();
  call.target_uri = target.uri;
  call.outbound_proxy = target.next_hop;
  call.route = target.route;
  call.from_uri = "sip:hotline@acme.example";
  call.offer = sip::testing::sdp(5000);
  return call;
}

TEST(Reach, CallsAndOptionsGoOverThePhonesOwnConnection) {
  Office office;
  Stream phone(office.address(Transport::tcp));
  log_in(phone, {});
  EXPECT_EQ(office.events().next(), "alice registered 1");
  const auto targets = cluster::targets_of(*office.endpoint("alice"));
  ASSERT_EQ(targets.size(), 1U);
  office.agent().invite(call_to(targets[0]));
  const std::string invite = phone.read_until("m=audio");
  EXPECT_EQ(invite.find("INVITE sip:alice@10.0.0.7:5060;transport=tcp SIP/2.0"), 0U) << invite;

  sip::OutsideRequest options;
  options.method = "OPTIONS";
  options.uri = targets[0].uri;
  options.next_hop = targets[0].next_hop;
  options.from_uri = "sip:acme.example";
  std::promise<sip::OutsideResult> done;
  office.agent().send(options, [&](sip::OutsideResult r) { done.set_value(std::move(r)); });
  std::string asked = phone.read_until("OPTIONS sip:alice@10.0.0.7");
  asked += asked.ends_with("\r\n\r\n") ? "" : phone.read_until("\r\n\r\n");
  asked = asked.substr(asked.find("OPTIONS sip:"));
  std::string answer = "SIP/2.0 200 OK\r\n";
  for (const std::string name : {"Via", "From", "To", "Call-ID", "CSeq"})
    answer += name + ": " + header(asked, name) + "\r\n";
  phone.send(answer + "Content-Length: 0\r\n\r\n");
  EXPECT_EQ(done.get_future().get().sip_code, 200);

  phone.shut();
  EXPECT_EQ(office.events().next(), "alice unreachable 1");
  EXPECT_FALSE(office.endpoint("alice")->contacts[0].reachable);
}

TEST(Reach, TlsPhonesToo) {
  const sip::testing::TestCertificate certificate;
  OfficeOptions options = office_options();
  options.agent.listen.push_back({Transport::tls, {*model::IpAddress::parse("127.0.0.1"), 0}});
  options.agent.tls_certificate_file = certificate.certificate;
  options.agent.tls_key_file = certificate.key;
  options.agent.tls_ca_file = certificate.authority;
  options.registrar.probe_interval = 1ms;
  Office office(options);
  // The phone listens on UDP only: by TLS it is reached over its own connection or not at all.
  OfficeOptions phone_options;
  phone_options.agent = sip::testing::udp_options();
  phone_options.agent.tls_ca_file = certificate.authority;
  Office phone(phone_options);
  phone.users().trust(true);
  sip::OutsideRequest login;
  login.method = "REGISTER";
  login.uri = "sip:acme.example";
  login.next_hop = "sip:" + office.address(Transport::tls).str() + ";transport=tls";
  login.from_uri = login.to_uri = "sip:alice@acme.example";
  login.contact = "sip:alice@10.0.0.8;transport=tls";
  login.credentials = sip::Credentials{"alice", "pass", "acme.example"};
  login.timeout = 10s;
  const auto result = phone.ask(login);
  EXPECT_EQ(result.sip_code, 200) << result.sip_reason;
  EXPECT_EQ(office.events().next(), "alice registered 1");
  const auto target = cluster::targets_of(*office.endpoint("alice"))[0];
  sip::OutsideRequest ping;
  ping.method = "OPTIONS";
  ping.uri = target.uri;
  ping.next_hop = target.next_hop;
  ping.from_uri = "sip:acme.example";
  EXPECT_EQ(office.ask(ping).sip_code, 200);
  office.agent().invite(call_to(target));
  EXPECT_EQ(phone.calls().next<sip::IncomingCall>().second.transport, Transport::tls);
}

TEST(Reach, PathIsTheRoute) {
  Office office;
  const RawPeer edge(office.address());
  Words words;
  words.via = "SIP/2.0/UDP " + edge.host_port();
  edge.send(text_of(words));
  words.extra = proof(edge.receive(), "alice", "pass") + "Path: <sip:" + edge.host_port() +
                ";lr;flow=7>\r\nContact: <sip:alice@10.0.0.7>\r\n";
  ++words.cseq;
  edge.send(text_of(words));
  EXPECT_NE(edge.receive_with("SIP/2.0 200"), "");
  EXPECT_EQ(office.events().next(), "alice registered 1");
  office.agent().invite(call_to(cluster::targets_of(*office.endpoint("alice"))[0]));
  const std::string invite = edge.receive_with("INVITE sip:alice@10.0.0.7");
  EXPECT_EQ(header(invite, "Route"), "<sip:" + edge.host_port() + ";lr;flow=7>");
}

TEST(Reach, KeepAliveGetsItsPong) {
  Office office;
  Stream phone(office.address(Transport::tcp));
  log_in(phone, {});
  phone.send("\r\n\r\n");
  EXPECT_EQ(phone.read_until("\r\n"), "\r\n") << "RFC 5626 3.5.1";
}

TEST(Reach, CallersOfOurDomainsProveThemselves) {
  Office office;
  const RawPeer phone(office.address());
  Words words;
  words.method = "INVITE";
  words.from = "sip:alice@acme.example";
  words.via = "SIP/2.0/UDP " + phone.host_port();
  const std::string contact = "Contact: <sip:alice@" + phone.host_port() + ">\r\n";
  const auto send = [&](const std::string& extra) {
    words.extra = extra + contact;
    ++words.cseq;
    phone.send(text_of(words));
    return phone.receive();
  };
  const std::string challenge = send("");
  EXPECT_EQ(challenge.find("SIP/2.0 401"), 0U) << challenge;
  EXPECT_NE(send(proof(challenge, "alice", "wrong", "INVITE")).find("SIP/2.0 401"), std::string::npos);
  EXPECT_NE(send(proof(challenge, "alice", "pass", "INVITE")).find("SIP/2.0 100"), std::string::npos);
  const auto call = office.calls().next<sip::IncomingCall>();
  ASSERT_TRUE(call.second.authenticated);
  EXPECT_EQ(call.second.authenticated->username, "alice");
  EXPECT_EQ(call.second.authenticated->realm, "acme.example");
  office.agent().reject(call.first, 486, {}, 0, 0, {});
  EXPECT_NE(phone.receive_with("SIP/2.0 486"), "");

  words.call_id = "spoof";
  words.from = "sip:bob@acme.example";
  const std::string again = send("");
  EXPECT_NE(send(proof(again, "alice", "pass", "INVITE")).find("SIP/2.0 403"), std::string::npos);
  words.call_id = "stranger";
  words.from = "sip:someone@elsewhere.example";
  EXPECT_NE(send("").find("SIP/2.0 100"), std::string::npos);
  EXPECT_FALSE(office.calls().next<sip::IncomingCall>().second.authenticated);
  office.users().trust(true);
  words.call_id = "trunk";
  words.from = "sip:alice@acme.example";
  EXPECT_NE(send("").find("SIP/2.0 100"), std::string::npos) << "by its address";
  EXPECT_FALSE(office.calls().next<sip::IncomingCall>().second.authenticated);
}

TEST(Reach, AnAgentsCallAnswersTheChallenge) {
  Office office;
  sip::testing::Side phone(sip::testing::udp_options());
  phone.call("sip:hotline@" + office.address().str(), sip::testing::sdp(4000), [](sip::OutboundCall& c) {
    c.from_uri = "sip:alice@acme.example";
    c.credentials = sip::Credentials{"alice", "pass", "acme.example"};
  });
  const auto call = office.calls().next<sip::IncomingCall>();
  ASSERT_TRUE(call.second.authenticated);
  EXPECT_EQ(call.second.authenticated->username, "alice");
}

TEST(Reach, OurOwnRegistration) {
  Office carrier;
  Office node;
  std::mutex mutex;
  std::deque<sip::RegistrationStatus> seen;
  std::condition_variable changed;
  std::unique_ptr<sip::RegistrationClient> client;
  const auto next = [&] {
    std::unique_lock lock(mutex);
    EXPECT_TRUE(changed.wait_for(lock, 5s, [&] { return !seen.empty(); }));
    if (seen.empty()) return sip::RegistrationStatus{};
    auto out = seen.front();
    seen.pop_front();
    return out;
  };
  const auto start = [&](const std::string& password, std::uint32_t expires_s) {
    sip::RegistrationOptions o;
    o.registrar_uri = "sip:acme.example";
    o.address_uri = "sip:alice@acme.example";
    o.next_hop = "sip:" + carrier.address().str();
    o.contact_user = "trunk7";
    o.credentials = sip::Credentials{"alice", password, ""};
    o.expires_s = expires_s;
    node.on_control([&, options = o]() mutable {
      client = std::make_unique<sip::RegistrationClient>(options, node.agent(), node.control(),
                                                         [&](const sip::RegistrationStatus& s) {
                                                           const std::lock_guard lock(mutex);
                                                           seen.push_back(s);
                                                           changed.notify_all();
                                                         });
      client->start();
    });
  };
  start("pass", 20);
  const auto status = next();
  EXPECT_EQ(status.state, sip::RegistrationStatus::State::registered) << status.sip_code;
  EXPECT_EQ(status.contact, "sip:trunk7@" + node.address().str());
  EXPECT_EQ(carrier.events().next(), "alice registered 1");
  EXPECT_EQ(carrier.endpoint("alice")->contacts[0].uri, status.contact) << "asked again after the 423";
  std::promise<void> stopped;
  node.on_control([&] { client->stop([&] { stopped.set_value(); }); });
  stopped.get_future().wait();
  EXPECT_EQ(next().state, sip::RegistrationStatus::State::unregistered);
  EXPECT_EQ(carrier.events().next(), "alice unregistered removed 0");
  start("wrong", 600);
  const auto refused = next();
  EXPECT_EQ(refused.state, sip::RegistrationStatus::State::refused);
  EXPECT_EQ(refused.sip_code, 401);
  node.on_control([&] { client.reset(); });
}

TEST(Reach, WhatCannotBeReachedSaysSo) {
  Office node;
  sip::OutsideRequest r;
  r.method = "OPTIONS";
  r.from_uri = "sip:probe@127.0.0.1";
  r.uri = "sip:" + node.address().str();
  auto result = node.ask(r);
  EXPECT_EQ(result.sip_code, 200);
  EXPECT_FALSE(result.transport_failed || result.timed_out);
  {
    const RawPeer silent({});
    r.uri = "sip:" + silent.host_port();
    r.timeout = 100ms;
    result = node.ask(r);
    EXPECT_EQ(result.sip_code, 408);
    EXPECT_TRUE(result.timed_out);
    r.uri = "sip:" + silent.host_port() + ";transport=tcp";
    r.timeout = 5s;
  }
  result = node.ask(r);
  EXPECT_TRUE(result.transport_failed) << result.sip_code;
  r.uri = "sip:nowhere";
  r.method = "INVITE";
  EXPECT_EQ(node.ask(r).sip_code, 400);
  r.method = "OPTIONS";
  r.uri = "sip:evil\r\nX: y";
  EXPECT_EQ(node.ask(r).sip_code, 400);
}

TEST(Reach, RequestsOnTheirWayFailWhenTheAgentGoes) {
  const RawPeer silent({});
  std::promise<sip::OutsideResult> done;
  auto future = done.get_future();
  {
    Office node;
    sip::OutsideRequest r;
    r.method = "OPTIONS";
    r.from_uri = "sip:probe@127.0.0.1";
    r.uri = "sip:" + silent.host_port();
    r.timeout = 60s;
    node.agent().send(r, [&](sip::OutsideResult result) { done.set_value(std::move(result)); });
  }
  ASSERT_EQ(future.wait_for(5s), std::future_status::ready);
  EXPECT_TRUE(future.get().transport_failed);
}

}  // namespace
}  // namespace tandem::registrar::testing
