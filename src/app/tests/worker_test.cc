// Worker mode against scripted sockets and a scripted core, on a loop whose time is the test's.

#include <gtest/gtest.h>

#include <map>

#include "app/gateway.h"
#include "app/tests/fakes.h"
#include "runtime/manual_loop.h"

namespace tandem::app {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using WirePtr = std::shared_ptr<Wire>;

class FakeAuthority final : public WorkerAuthority {
 public:
  [[nodiscard]] Result<WorkerIdentity, Refusal> admit(const model::AccountId&, const model::ApplicationId&,
                                                      std::string_view) const override {
    return Err(Refusal::unauthenticated);
  }
  [[nodiscard]] bool still_holds(const WorkerIdentity&) const override { return holds; }
  bool holds = true;
};

GatewayOptions options() {
  GatewayOptions out;
  out.limits.events = {.window = 8, .replay = 32};
  out.limits.resume_ttl = seconds(30);
  out.limits.idle_grace = seconds(10);
  out.limits.lag_grace = seconds(5);
  out.limits.channel.requests_per_second = 10;
  out.limits.channel.request_burst = 20;
  out.limits.channel.refusals_before_close = 50;
  out.workers.max_per_application = 3;
  out.workers.outbox = {.in_flight = 8, .lane = 100, .stall = seconds(10)};
  return out;
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

class WorkerTest : public testing::Test {
 protected:
  WorkerTest() : gateway_(options(), client_, loop_, Log(), metrics_) {
    gateway_.bind(core_);
    gateway_.workers().bind(authority_);
  }

  WirePtr connect(const std::string& account = "AC1", const std::string& application = "AP1") {
    auto wire = std::make_shared<Wire>();
    gateway_.workers().attach(
        {model::AccountId(account), model::ApplicationId(application), model::ApiKeyId("AK1")},
        std::make_unique<FakeSocket>(wire));
    loop_.run_until_idle();
    return wire;
  }
  WirePtr worker(int max_sessions, const std::string& account = "AC1",
                 const std::string& application = "AP1") {
    auto wire = connect(account, application);
    text(wire, R"({"jsonrpc":"2.0","id":0,"method":"worker.ready","params":{"max_sessions":)" +
                   std::to_string(max_sessions) + "}}");
    EXPECT_EQ(wire->sent, std::vector<std::string>{R"({"jsonrpc":"2.0","id":0,"result":{}})"});
    wire->sent.clear();
    return wire;
  }
  void open(const std::string& id, const std::string& url = "") {
    call::SessionOpening opening;
    opening.id = model::SessionId(id);
    opening.reason = "inbound-call";
    opening.account.id = model::AccountId("AC1");
    opening.application.id = model::ApplicationId("AP1");
    opening.application.url = url;
    gateway_.open(std::move(opening));
    loop_.run_until_idle();
  }
  void event(const std::string& session) {
    model::Event e;
    e.data = model::CallDtmfEvent{};
    gateway_.deliver(model::SessionId(session), std::move(e));
    loop_.run_until_idle();
  }
  void text(const WirePtr& wire, const std::string& frame) {
    wire->handlers.on_text(frame);
    loop_.run_until_idle();
  }
  void ask(const WirePtr& wire, const std::string& session, const std::string& method,
           const std::string& params = "{}", int id = 1) {
    text(wire, R"({"jsonrpc":"2.0","id":)" + std::to_string(id) + R"(,"session_id":")" + session +
                   R"(","method":")" + method + R"(","params":)" + params + "}");
  }
  void resume(const WirePtr& wire, const std::string& session, const std::string& token, int seq) {
    ask(wire, session, "session.resume",
        R"({"resume_token":")" + token + R"(","last_seq":)" + std::to_string(seq) + "}", 9);
  }
  void break_socket(const WirePtr& wire, std::uint16_t code = 1006) {
    wire->handlers.on_close(code, "");
    loop_.run_until_idle();
  }
  /// Of the session.started among what was sent.
  static std::string token_in(const Wire& wire) {
    static const std::string kKey = R"("resume_token":")";
    for (const std::string& frame : wire.sent) {
      const auto at = frame.find(kKey);
      if (at != std::string::npos) return frame.substr(at + kKey.size(), 32);
    }
    return {};
  }
  static std::size_t started(const Wire& wire) {
    std::size_t n = 0;
    for (const std::string& frame : wire.sent) n += has(frame, "session.started") ? 1 : 0;
    return n;
  }

  runtime::ManualLoop loop_;
  Metrics metrics_;
  FakeClient client_;
  FakeCore core_;
  FakeAuthority authority_;
  Gateway gateway_;
};

// ---------------------------------------------------------------------------------------------------- offers

TEST_F(WorkerTest, AnOfferIsTheFirstEventOfTheSession) {
  const auto w = worker(2);
  open("SE1");
  ASSERT_EQ(w->sent.size(), 1U);
  EXPECT_TRUE(has(w->sent[0], R"("seq":1,)") && has(w->sent[0], "session.started") &&
              has(w->sent[0], R"("session_id":"SE1")"));
  EXPECT_EQ(core_.said, std::vector<std::string>{"opened"});
}

TEST_F(WorkerTest, TheMostFreeCreditTakesTheOfferAndEqualsTakeTurns) {
  const auto small = worker(2);
  const auto large = worker(3);
  open("SE1");
  EXPECT_EQ(started(*large), 1U) << "3 free against 2";
  open("SE2");
  EXPECT_EQ(started(*small), 1U) << "2 each: the one that was not asked yet";
  open("SE3");
  EXPECT_EQ(started(*large), 2U) << "2 free against 1";
  open("SE4");
  EXPECT_EQ(started(*small), 2U) << "1 each: the one asked longer ago";
  open("SE5");
  EXPECT_EQ(started(*large), 3U);
  open("SE6");
  EXPECT_EQ(started(*small) + started(*large), 5U) << "no credit is left";
}

TEST_F(WorkerTest, ADrainingWorkerKeepsItsSessionsAndTakesNoMore) {
  const auto w = worker(5);
  open("SE1");
  text(w, R"({"jsonrpc":"2.0","id":2,"method":"worker.drain"})");
  EXPECT_EQ(w->sent.back(), R"({"jsonrpc":"2.0","id":2,"result":{}})");
  open("SE2");
  EXPECT_EQ(started(*w), 1U);
  ask(w, "SE1", "op.get", R"({"op_id":"OP1"})");
  EXPECT_TRUE(has(w->sent.back(), R"("session_id":"SE1","result")"));
}

TEST_F(WorkerTest, WithCreditTheWorkerIsPreferredToTheUrlWithoutItIsDialled) {
  const auto w = worker(1);
  open("SE1", "ws://a.example/");
  EXPECT_EQ(started(*w), 1U);
  EXPECT_TRUE(client_.dials.empty());
  open("SE2", "ws://a.example/");
  ASSERT_EQ(client_.dials.size(), 1U);
  EXPECT_EQ(client_.dials.front().url, "ws://a.example/");
}

TEST_F(WorkerTest, WithoutUrlASessionWaitsForAWorkerThenFailsAsUnreachable) {
  open("SE1");
  loop_.advance(milliseconds(4'900));
  EXPECT_TRUE(core_.said.empty());
  loop_.advance(milliseconds(200));
  EXPECT_EQ(core_.said, std::vector<std::string>{"failed"});
  EXPECT_EQ(gateway_.sessions(), 0U);
  EXPECT_EQ(started(*worker(1)), 0U);
}

TEST_F(WorkerTest, WaitingSessionsAreServedInOrderAsCreditComes) {
  open("SE1");
  open("SE2");
  const auto w = connect();
  text(w, R"({"jsonrpc":"2.0","id":0,"method":"worker.ready","params":{"max_sessions":1}})");
  ASSERT_EQ(w->sent.size(), 2U) << "the answer to worker.ready comes first";
  EXPECT_TRUE(has(w->sent[1], "SE1"));
  text(w, R"({"jsonrpc":"2.0","session_id":"SE1","method":"session.close"})");
  EXPECT_TRUE(has(w->sent.back(), "session.started") && has(w->sent.back(), "SE2"));
}

TEST_F(WorkerTest, AWorkerOfAnotherApplicationOrThatIsNotReadyIsOfferedNothing) {
  const auto other = worker(5, "AC1", "AP2");
  const auto fresh = connect();
  open("SE1");
  EXPECT_TRUE(other->sent.empty());
  EXPECT_TRUE(fresh->sent.empty());
}

// ------------------------------------------------------------------------------------------- sockets that
// break

TEST_F(WorkerTest, ASessionThatWasNeverAnsweredIsOfferedAgainFromItsBeginning) {
  const auto first = worker(1);
  open("SE1");
  event("SE1");
  const auto second = worker(1);
  break_socket(first);
  loop_.advance(milliseconds(1'900));
  EXPECT_TRUE(second->sent.empty()) << "the worker may come back";
  loop_.advance(milliseconds(200));
  ASSERT_EQ(second->sent.size(), 2U);
  EXPECT_TRUE(has(second->sent[0], "session.started") && has(second->sent[0], R"("seq":1,)"));
  EXPECT_TRUE(has(second->sent[1], R"("seq":2,)"));
  EXPECT_EQ(core_.said, std::vector<std::string>{"opened"}) << "once";
  const auto late = connect();
  resume(late, "SE1", token_in(*first), 1);
  EXPECT_TRUE(has(late->sent.back(), "session_not_found")) << "it has a new token";
  ask(second, "SE1", "op.get", R"({"op_id":"OP1"})");
  EXPECT_TRUE(has(second->sent.back(), R"("result")"));
}

TEST_F(WorkerTest, OfferedAgainASessionWaitsForCreditAndIsLostInTheEnd) {
  const auto first = worker(1);
  open("SE1");
  break_socket(first);
  loop_.advance(seconds(10));
  const auto second = connect();
  text(second, R"({"jsonrpc":"2.0","id":0,"method":"worker.ready","params":{"max_sessions":1}})");
  EXPECT_EQ(started(*second), 1U);
  break_socket(second);
  loop_.advance(seconds(31));
  EXPECT_EQ(core_.said, (std::vector<std::string>{"opened", "lost"}));
}

TEST_F(WorkerTest, OfferedAgainWithoutAWorkerTheUrlIsDialled) {
  const auto w = worker(1);
  open("SE1", "ws://a.example/");
  break_socket(w);
  loop_.advance(milliseconds(2'100));
  ASSERT_EQ(client_.dials.size(), 1U);
  auto wire = std::make_shared<Wire>();
  client_.dials.front().done(std::unique_ptr<net::WebSocket>(std::make_unique<FakeSocket>(wire)));
  loop_.run_until_idle();
  ASSERT_EQ(wire->sent.size(), 1U);
  EXPECT_TRUE(has(wire->sent[0], "session.started"));
}

TEST_F(WorkerTest, ASessionOnceAnsweredWaitsForItsTokenOnly) {
  const auto first = worker(1);
  open("SE1");
  event("SE1");
  event("SE1");
  ask(first, "SE1", "session.ack", R"({"seq":1})");
  const std::string token = token_in(*first);
  ASSERT_EQ(token.size(), 32U);
  break_socket(first);
  event("SE1");
  const auto second = worker(1);
  loop_.advance(seconds(10));
  EXPECT_TRUE(second->sent.empty());
  resume(second, "SE1", token, 2);
  ASSERT_EQ(second->sent.size(), 4U);
  EXPECT_EQ(second->sent[0], R"({"jsonrpc":"2.0","id":9,"session_id":"SE1","result":{}})");
  EXPECT_TRUE(has(second->sent[1], R"("seq":3,)"));
  EXPECT_TRUE(has(second->sent[2], R"("seq":4,)"));
  EXPECT_TRUE(has(second->sent[3], "session.resumed") && has(second->sent[3], R"("gap":false)"));
  loop_.advance(seconds(60));
  EXPECT_EQ(core_.said, std::vector<std::string>{"opened"});
}

TEST_F(WorkerTest, BeyondTheBufferThereIsAGapAndASnapshot) {
  const auto first = worker(1);
  open("SE1");
  ask(first, "SE1", "session.ack", R"({"seq":1})");
  const std::string token = token_in(*first);
  break_socket(first);
  for (int i = 0; i < 100; ++i) event("SE1");
  const auto second = connect();
  resume(second, "SE1", token, 1);
  ASSERT_EQ(second->sent.size(), 2U);
  EXPECT_TRUE(has(second->sent[1], R"("gap":true)") && has(second->sent[1], "snapshot"));
}

TEST_F(WorkerTest, WrongTokensForeignWorkersAndUnknownSessionsLookTheSame) {
  const auto first = worker(1);
  open("SE1");
  ask(first, "SE1", "session.ack", R"({"seq":1})");
  const std::string token = token_in(*first);
  break_socket(first);
  const auto own = worker(1);
  const auto foreign = worker(1, "AC2", "AP1");
  const auto other = worker(1, "AC1", "AP2");
  resume(own, "SE1", std::string(32, '0'), 1);
  resume(foreign, "SE1", token, 1);
  resume(other, "SE1", token, 1);
  resume(own, "SE9", token, 1);
  std::string refusal = own->sent.at(0);
  EXPECT_TRUE(has(refusal, R"("code":"session_not_found")"));
  EXPECT_EQ(foreign->sent.at(0), refusal);
  EXPECT_EQ(other->sent.at(0), refusal);
  EXPECT_EQ(own->sent.at(1), refusal.replace(refusal.find("SE1"), 3, "SE9"));
  resume(own, "SE1", token, 1);
  EXPECT_TRUE(has(own->sent.back(), "session.resumed"));
}

TEST_F(WorkerTest, ATokenTakesALiveSessionOver) {
  const auto first = worker(1);
  open("SE1");
  const auto second = connect();
  resume(second, "SE1", token_in(*first), 1);
  EXPECT_TRUE(has(second->sent.back(), "session.resumed"));
  EXPECT_TRUE(
      has(first->sent.back(), R"("method":"session.closed","session_id":"SE1","params":{"code":1001)"));
  ask(first, "SE1", "op.get", R"({"op_id":"OP1"})");
  EXPECT_TRUE(has(first->sent.back(), "session_not_found"));
  const std::size_t before = first->sent.size();
  event("SE1");
  EXPECT_EQ(first->sent.size(), before);
  EXPECT_TRUE(has(second->sent.back(), "call.dtmf"));
  resume(second, "SE1", token_in(*first), 1);
  EXPECT_TRUE(has(second->sent.back(), "wrong_state")) << "it is there already";
  open("SE2");
  EXPECT_EQ(started(*first), 2U) << "its place is free again";
}

TEST_F(WorkerTest, NotResumedInTimeIsLostAndThenNotFound) {
  const auto first = worker(1);
  open("SE1");
  ask(first, "SE1", "session.ack", R"({"seq":1})");
  const std::string token = token_in(*first);
  break_socket(first, 1000);  // Of the socket: it says nothing about its sessions.
  loop_.advance(seconds(31));
  EXPECT_EQ(core_.said, (std::vector<std::string>{"opened", "lost"}));
  const auto second = worker(1);
  resume(second, "SE1", token, 1);
  EXPECT_TRUE(has(second->sent.back(), "session_not_found"));
}

TEST_F(WorkerTest, AllSessionsOfABrokenSocketAreResumedOneByOne) {
  const auto first = worker(10);
  std::map<std::string, std::string> tokens;
  for (int i = 0; i < 5; ++i) {
    const std::string id = "SE" + std::to_string(i);
    first->sent.clear();
    open(id);
    ask(first, id, "session.ack", R"({"seq":1})");
    tokens[id] = token_in(*first);
  }
  break_socket(first);
  const auto second = connect();
  for (const auto& [id, token] : tokens) resume(second, id, token, 1);
  EXPECT_EQ(second->sent.size(), 10U);
  for (const std::string& frame : second->sent) EXPECT_FALSE(has(frame, "error")) << frame;
}

// ------------------------------------------------------------------------------------------------- one
// socket

TEST_F(WorkerTest, TwoSessionsOnOneSocketKeepTheirOwnOrderAndAnswers) {
  const auto w = worker(2);
  open("SE1");
  open("SE2");
  for (int i = 0; i < 3; ++i) {
    event("SE1");
    ask(w, "SE2", "op.get", R"({"op_id":"OP1"})", 10 + i);
    event("SE2");
  }
  std::map<std::string, int> next;
  int answers = 0;
  for (const std::string& frame : w->sent) {
    const std::string id = has(frame, R"("session_id":"SE1")") ? "SE1" : "SE2";
    if (has(frame, R"("seq":)")) {
      EXPECT_TRUE(has(frame, R"("seq":)" + std::to_string(++next[id]) + ",")) << frame;
    } else {
      EXPECT_TRUE(has(frame, R"("id":)" + std::to_string(10 + answers++) + R"(,"session_id":"SE2")"))
          << frame;
    }
  }
  EXPECT_EQ(next["SE1"], 4);
  EXPECT_EQ(next["SE2"], 4);
  EXPECT_EQ(answers, 3);
}

TEST_F(WorkerTest, ClosingASessionEndsItAndFreesItsPlace) {
  const auto w = worker(1);
  open("SE1");
  text(w, R"({"jsonrpc":"2.0","session_id":"SE1","method":"session.close"})");
  EXPECT_EQ(core_.said, (std::vector<std::string>{"opened", "closed"}));
  EXPECT_EQ(w->sent.size(), 1U) << "a notification is not answered";
  open("SE2");
  EXPECT_EQ(started(*w), 2U);
  ask(w, "SE2", "session.close", "{}", 5);
  EXPECT_EQ(w->sent.back(), R"({"jsonrpc":"2.0","id":5,"session_id":"SE2","result":{}})");
  EXPECT_EQ(gateway_.sessions(), 0U);
}

TEST_F(WorkerTest, AnIdleSessionIsClosedAfterItsGrace) {
  const auto w = worker(1);
  open("SE1");
  gateway_.idle(model::SessionId("SE1"));
  loop_.advance(seconds(11));
  EXPECT_EQ(w->sent.back(), R"({"jsonrpc":"2.0","method":"session.closed","session_id":"SE1",)"
                            R"("params":{"code":1000,"reason":"session idle"}})");
  EXPECT_FALSE(w->closed) << "the socket stays";
}

TEST_F(WorkerTest, ASessionThatDoesNotAcknowledgeIsCutOffAlone) {
  const auto w = worker(2);
  open("SE1");
  open("SE2");
  const std::string token = token_in(*w);
  for (int i = 0; i < 9; ++i) event("SE1");
  EXPECT_TRUE(has(w->sent.back(), "session.lagging"));
  loop_.advance(seconds(6));
  EXPECT_TRUE(has(w->sent.back(), R"("method":"session.closed","session_id":"SE1","params":{"code":1008)"));
  EXPECT_FALSE(w->closed);
  event("SE2");
  EXPECT_TRUE(has(w->sent.back(), "call.dtmf") && has(w->sent.back(), "SE2"));
  resume(w, "SE1", token, 5);
  EXPECT_TRUE(has(w->sent.back(), "session.resumed"));
}

TEST_F(WorkerTest, AFloodOfOneSessionDelaysAnotherByItsTurnOnly) {
  const auto w = worker(2);
  open("SE1");
  open("SE2");
  w->sent.clear();
  w->holds = true;
  for (int i = 0; i < 12; ++i) event("SE1");
  event("SE2");
  EXPECT_EQ(w->held.size(), 8U) << "the rest waits in its session's lane";
  while (!w->held.empty()) {
    w->release(4);
    loop_.run_until_idle();
  }
  std::size_t at = 0;
  while (at < w->sent.size() && !has(w->sent[at], "SE2")) ++at;
  EXPECT_LE(at, 9U) << "eight were with the socket, one of the other lane may come first";
  EXPECT_EQ(w->sent.size(), 14U) << "12 and session.lagging, and 1";
}

TEST_F(WorkerTest, AWorkerThatDoesNotReadIsClosedAndItsSessionsWait) {
  const auto w = worker(2);
  open("SE1");
  ask(w, "SE1", "session.ack", R"({"seq":1})");
  w->holds = true;
  for (int i = 0; i < 8; ++i) ask(w, "SE1", "op.get", R"({"op_id":"OP1"})");
  event("SE1");
  loop_.advance(seconds(11));
  EXPECT_EQ(w->closed, 1008);
  EXPECT_EQ(gateway_.workers().workers(), 0U);
  EXPECT_EQ(gateway_.sessions(), 1U);
  loop_.advance(seconds(31));
  EXPECT_EQ(core_.said, (std::vector<std::string>{"opened", "lost"}));
}

TEST_F(WorkerTest, ASessionThatAsksTooMuchIsCutOffAlone) {
  const auto w = worker(2);
  open("SE1");
  open("SE2");
  for (int i = 0; i < 20; ++i) ask(w, "SE1", "op.get", R"({"op_id":"OP1"})");
  ask(w, "SE1", "op.get", R"({"op_id":"OP1"})");
  EXPECT_TRUE(has(w->sent.back(), "rate_limited") && has(w->sent.back(), R"("session_id":"SE1")"));
  ask(w, "SE2", "op.get", R"({"op_id":"OP1"})");
  EXPECT_TRUE(has(w->sent.back(), R"("session_id":"SE2","result")"));
  for (int i = 0; i < 49; ++i) ask(w, "SE1", "op.get", R"({"op_id":"OP1"})");
  EXPECT_TRUE(has(w->sent.back(), R"("method":"session.closed","session_id":"SE1","params":{"code":1008)"));
  EXPECT_FALSE(w->closed);
  ask(w, "SE2", "op.get", R"({"op_id":"OP1"})");
  EXPECT_TRUE(has(w->sent.back(), R"("session_id":"SE2","result")"));
}

// -------------------------------------------------------------------------------------------- hostile
// workers

TEST_F(WorkerTest, ReadyComesOnceAndDrainAfterIt) {
  const auto w = connect();
  text(w, R"({"jsonrpc":"2.0","id":1,"method":"worker.drain"})");
  EXPECT_TRUE(has(w->sent.back(), "wrong_state"));
  text(w, R"({"jsonrpc":"2.0","id":1,"method":"worker.ready","params":{"max_sessions":0}})");
  EXPECT_TRUE(has(w->sent.back(), "invalid_params") && has(w->sent.back(), "max_sessions"));
  text(w, R"({"jsonrpc":"2.0","id":1,"method":"worker.ready","params":{"max_sessions":1e12}})");
  EXPECT_TRUE(has(w->sent.back(), "invalid_params"));
  text(w, R"({"jsonrpc":"2.0","id":1,"method":"worker.ready","params":{"max_sessions":10001}})");
  EXPECT_TRUE(has(w->sent.back(), "invalid_params")) << "beyond the operator's limit";
  open("SE1");
  EXPECT_EQ(started(*w), 0U);
  text(w, R"({"jsonrpc":"2.0","id":1,"method":"worker.ready","params":{"max_sessions":1}})");
  EXPECT_EQ(started(*w), 1U);
  text(w, R"({"jsonrpc":"2.0","id":1,"method":"worker.ready","params":{"max_sessions":100}})");
  EXPECT_TRUE(has(w->sent.back(), "wrong_state"));
  open("SE2");
  EXPECT_EQ(started(*w), 1U) << "credit did not grow";
}

TEST_F(WorkerTest, FramesAboutNoSessionOrOneThatIsNotThereAreRefused) {
  const auto w = worker(1);
  const auto other = worker(1);
  open("SE1");
  ask(other, "SE1", "op.get", R"({"op_id":"OP1"})");
  EXPECT_TRUE(has(other->sent.back(), "session_not_found")) << "another worker has it";
  ask(w, "SE7", "op.get", R"({"op_id":"OP1"})");
  EXPECT_TRUE(has(w->sent.back(), "session_not_found") && has(w->sent.back(), R"("session_id":"SE7")"));
  text(w, R"({"jsonrpc":"2.0","id":1,"method":"op.get","params":{"op_id":"OP1"}})");
  EXPECT_TRUE(has(w->sent.back(), "invalid_request"));
  text(w, "garbage");
  EXPECT_TRUE(has(w->sent.back(), "parse_error"));
  const std::size_t before = w->sent.size();
  text(w, R"({"jsonrpc":"2.0","session_id":"SE7","method":"session.close"})");
  EXPECT_EQ(w->sent.size(), before) << "a notification is not answered";
  EXPECT_EQ(core_.said, std::vector<std::string>{"opened"});
}

TEST_F(WorkerTest, GarbageWithoutEndClosesTheSocket) {
  const auto w = worker(1);
  for (int i = 0; i < 1'000 && !w->closed; ++i) text(w, "garbage");
  EXPECT_EQ(w->closed, 1008);
}

TEST_F(WorkerTest, OneWorkerTooManyAndOneThatSaysNothingAreClosed) {
  for (int i = 0; i < 3; ++i) (void)worker(1);
  EXPECT_EQ(connect()->closed, 1013);
  const auto silent = connect("AC1", "AP2");
  loop_.advance(seconds(11));
  EXPECT_EQ(silent->closed, 1008);
  EXPECT_EQ(gateway_.workers().workers(), 3U);
}

TEST_F(WorkerTest, ARevokedKeyClosesItsSockets) {
  const auto w = worker(1);
  open("SE1");
  loop_.advance(seconds(20));
  EXPECT_FALSE(w->closed);
  authority_.holds = false;
  loop_.advance(seconds(20));
  EXPECT_EQ(w->closed, 1008);
  EXPECT_EQ(gateway_.sessions(), 1U);
}

TEST_F(WorkerTest, AWorkerThatBreaksBeforeItHearsOfTheOfferLosesItToTheNext) {
  const auto first = worker(5);
  const auto second = worker(1);
  call::SessionOpening opening;
  opening.id = model::SessionId("SE1");
  opening.account.id = model::AccountId("AC1");
  opening.application.id = model::ApplicationId("AP1");
  first->handlers.on_close(1006, "");  // Its task runs before the offer's.
  gateway_.open(std::move(opening));
  loop_.run_until_idle();
  EXPECT_EQ(started(*first), 0U);
  EXPECT_EQ(started(*second), 1U);
  EXPECT_EQ(core_.said, std::vector<std::string>{"opened"});
}

}  // namespace
}  // namespace tandem::app
