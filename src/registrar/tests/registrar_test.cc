#include "registrar/registrar.h"

#include <gtest/gtest.h>

#include <deque>

#include "cluster/single/single_location.h"
#include "runtime/manual_loop.h"

namespace tandem::registrar {
namespace {

using namespace std::chrono_literals;

class FakePort final : public sip::RegistrarPort {
 public:
  void serve_registrar(const sip::AccessDirectory&, sip::RegisterHandler&, sip::AccessPolicy) override {}
  void answer_register(std::uint64_t ticket, sip::RegisterReply reply) override {
    last_ticket = ticket;
    last = std::move(reply);
  }
  std::uint64_t last_ticket = 0;
  sip::RegisterReply last;
};

class FakeOutside final : public sip::OutsideRequests {
 public:
  void send(sip::OutsideRequest request, Done done) override {
    sent.push_back({std::move(request), std::move(done)});
  }
  struct Sent {
    sip::OutsideRequest request;
    Done done;
  };
  std::deque<Sent> sent;
  void answer(int code, bool timed_out = false) {
    ASSERT_FALSE(sent.empty());
    Sent s = std::move(sent.front());
    sent.pop_front();
    sip::OutsideResult r;
    r.sip_code = code;
    r.timed_out = timed_out;
    s.done(std::move(r));
  }
};

class Events final : public EndpointObserver {
 public:
  void on_endpoint(EndpointEvent e) override {
    text += e.endpoint.user + ":" + std::string(to_string(e.change));
    if (e.reason != UnregisterReason::none) text += "/" + std::string(to_string(e.reason));
    text += "(" + std::to_string(e.endpoint.contacts.size()) + ") ";
  }
  std::string take() { return std::exchange(text, {}); }
  std::string text;
};

class RegistrarTest : public testing::Test {
 protected:
  void start(RegistrarOptions options = {}) {
    registrar_ = std::make_unique<Registrar>(options);
    registrar_->bind({port_, outside_, location_, events_, loop_, Log{}, metrics_});
  }
  int put(const std::string& user, const std::string& uri, std::uint32_t expires,
          const std::string& transport = "udp", const std::string& account = "AC1") {
    sip::RegisterRequest r;
    r.ticket = ++ticket_;
    r.user = user;
    r.domain = "acme.example";
    r.identity.account_id = model::AccountId(account);
    r.sip_call_id = uri;
    r.cseq = ++cseq_;
    if (!uri.empty()) r.contacts = {{uri, 1000, expires, "", 0}};
    r.source = *model::SocketAddress::parse("192.0.2.1:" + std::to_string(4000 + ticket_));
    r.transport = transport == "udp" ? sip::Transport::udp : sip::Transport::tcp;
    source_ = r.source;
    registrar_->on_register(std::move(r));
    EXPECT_EQ(port_.last_ticket, ticket_);
    return port_.last.sip_code;
  }

  runtime::ManualLoop loop_;
  Metrics metrics_;
  FakePort port_;
  FakeOutside outside_;
  cluster::SingleLocation location_;
  Events events_;
  std::unique_ptr<Registrar> registrar_;
  std::uint64_t ticket_ = 0;
  std::uint32_t cseq_ = 0;
  model::SocketAddress source_;
};

TEST_F(RegistrarTest, RegistersRefreshesAndExpires) {
  start({.probe_interval = 0ms});
  EXPECT_EQ(put("alice", "sip:alice@192.0.2.1", 100), 200);
  EXPECT_EQ(events_.take(), "alice:registered(1) ");
  loop_.advance(90s);
  EXPECT_EQ(put("alice", "sip:alice@192.0.2.1", 100), 200);
  loop_.advance(90s);
  EXPECT_EQ(events_.take(), "");
  EXPECT_NE(location_.find("alice", "acme.example"), nullptr);
  loop_.advance(10s);
  EXPECT_EQ(events_.take(), "alice:unregistered/expired(0) ");
  EXPECT_EQ(location_.find("alice", "acme.example"), nullptr);
  EXPECT_EQ(registrar_->endpoints(), 0U);
}

TEST_F(RegistrarTest, OneTimerForAllExpiries) {
  start({.probe_interval = 0ms});
  for (int i = 0; i < 100; ++i)
    put("u" + std::to_string(i), "sip:u" + std::to_string(i) + "@192.0.2.1", 60U + static_cast<unsigned>(i));
  EXPECT_LE(loop_.timers(), 1U);
  for (int i = 0; i < 100; ++i) {
    loop_.advance(i == 0 ? 60s : 1s);
    EXPECT_EQ(registrar_->endpoints(), 99U - static_cast<unsigned>(i));
  }
  EXPECT_EQ(loop_.timers(), 0U);
}

TEST_F(RegistrarTest, ContactsComeAndGoOnTheirOwn) {
  start({.probe_interval = 0ms});
  put("alice", "sip:desk@192.0.2.1", 100);
  put("alice", "sip:cell@192.0.2.2", 200);
  EXPECT_EQ(events_.take(), "alice:registered(1) alice:registered(2) ");
  loop_.advance(100s);
  EXPECT_EQ(events_.take(), "alice:unregistered/expired(1) ");
  put("alice", "sip:cell@192.0.2.2", 0);
  EXPECT_EQ(events_.take(), "alice:unregistered/removed(0) ");
}

TEST_F(RegistrarTest, LimitsAndOperators) {
  RegistrarOptions options;
  options.max_endpoints = 3;
  options.max_endpoints_per_account = 2;
  options.probe_interval = 0ms;
  start(options);
  EXPECT_EQ(put("a", "sip:a@192.0.2.1", 100), 200);
  EXPECT_EQ(put("b", "sip:b@192.0.2.1", 100), 200);
  EXPECT_EQ(put("c", "sip:c@192.0.2.1", 100), 503);
  EXPECT_GT(port_.last.retry_after_s, 0);
  EXPECT_EQ(put("c", "", 0), 200) << "asking costs nothing";
  EXPECT_EQ(put("c", "sip:c@192.0.2.1", 100, "udp", "AC2"), 200);
  EXPECT_EQ(put("d", "sip:d@192.0.2.1", 100, "udp", "AC3"), 503);
  events_.take();
  EXPECT_TRUE(registrar_->unregister(cluster::endpoint_id("a", "acme.example")));
  EXPECT_FALSE(registrar_->unregister(cluster::endpoint_id("a", "acme.example")));
  EXPECT_EQ(events_.take(), "a:unregistered/removed(0) ");
  registrar_->keep_only([](const cluster::Endpoint& e) { return e.user != "b"; });
  EXPECT_EQ(events_.take(), "b:unregistered/removed(0) ");
  EXPECT_EQ(put("c", "sip:c2@192.0.2.1", 100, "udp", "AC9"), 200) << "the domain changed hands";
  EXPECT_EQ(events_.take(), "c:unregistered/removed(0) c:registered(1) ");
}

TEST_F(RegistrarTest, ProbesTellUnreachableAndReachable) {
  start();
  put("alice", "sip:alice@10.0.0.1", 7200);
  events_.take();
  for (int i = 0; i < 2; ++i) {
    loop_.advance(i == 0 ? 76s : 60s);
    ASSERT_EQ(outside_.sent.size(), 1U);
    EXPECT_EQ(outside_.sent[0].request.method, "OPTIONS");
    EXPECT_EQ(outside_.sent[0].request.next_hop, "sip:" + source_.str() + ";transport=udp");
    EXPECT_EQ(events_.take(), "") << "once is nothing";
    outside_.answer(408, true);
  }
  EXPECT_EQ(events_.take(), "alice:unreachable(1) ");
  EXPECT_FALSE(location_.find("alice", "acme.example")->contacts[0].reachable);
  loop_.advance(60s);
  outside_.answer(486);
  EXPECT_EQ(events_.take(), "alice:reachable(1) ") << "whatever it says, it is there";
  loop_.advance(60s);
  outside_.answer(408, true);
  loop_.advance(60s);
  outside_.answer(408, true);
  EXPECT_EQ(events_.take(), "alice:unreachable(1) ");
  put("alice", "sip:alice@10.0.0.1", 7200);
  EXPECT_EQ(events_.take(), "alice:reachable(1) ") << "by registering";
}

TEST_F(RegistrarTest, ProbesAreSpreadAndLimited) {
  RegistrarOptions options;
  options.max_probes = 10;
  start(options);
  for (int i = 0; i < 100; ++i)
    put("u" + std::to_string(i), "sip:u" + std::to_string(i) + "@192.0.2.1", 7200);
  loop_.advance(60s);
  EXPECT_EQ(outside_.sent.size(), 10U);
  for (int i = 0; i < 200 && !outside_.sent.empty(); ++i) {
    outside_.answer(200);
    loop_.run_until_idle();
    loop_.advance(1ms);
    EXPECT_LE(outside_.sent.size(), 10U);
  }
}

TEST_F(RegistrarTest, ALostConnectionMakesItsContactsUnreachable) {
  start({.probe_interval = 0ms});
  put("alice", "sip:alice@10.0.0.1;transport=tcp", 100, "tcp");
  const auto first = source_;
  put("bob", "sip:bob@10.0.0.2;transport=tcp", 100, "tcp");
  events_.take();
  registrar_->on_flow_closed(sip::Transport::tcp, first);
  EXPECT_EQ(events_.take(), "alice:unreachable(1) ");
  registrar_->on_flow_closed(sip::Transport::tcp, first);
  registrar_->on_flow_closed(sip::Transport::tls, source_);
  EXPECT_EQ(events_.take(), "");
}

TEST_F(RegistrarTest, AnswersToProbesThatComeTooLate) {
  start();
  put("alice", "sip:alice@10.0.0.1", 7200);
  loop_.advance(76s);
  ASSERT_EQ(outside_.sent.size(), 1U);
  put("alice", "sip:alice@10.0.0.1", 0);
  outside_.answer(408, true);
  put("alice", "sip:alice@10.0.0.1", 7200);
  loop_.advance(76s);
  registrar_.reset();
  outside_.answer(200);
}

}  // namespace
}  // namespace tandem::registrar
