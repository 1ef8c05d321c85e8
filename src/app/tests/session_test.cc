// The session machine against a scripted network and core, on a loop whose time is the test's.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/gateway.h"
#include "app/tests/fakes.h"
#include "runtime/manual_loop.h"

namespace tandem::app {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

GatewayOptions options() {
  GatewayOptions out;
  out.limits.events = {.window = 8, .replay = 32};
  out.limits.resume_ttl = seconds(30);
  out.limits.idle_grace = seconds(10);
  out.limits.lag_grace = seconds(5);
  out.capabilities = {"call.answer"};
  return out;
}

class SessionTest : public testing::Test {
 protected:
  SessionTest() : gateway_(options(), client_, loop_, Log(), metrics_) { gateway_.bind(core_); }

  void open(const std::string& fallback = "") {
    call::SessionOpening opening;
    opening.id = id_;
    opening.reason = "inbound-call";
    opening.account.id = model::AccountId("AC1");
    opening.account.webhook_secret = "s3cret";
    opening.application.id = model::ApplicationId("AP1");
    opening.application.url = "ws://a.example/";
    opening.application.fallback_url = fallback;
    gateway_.open(std::move(opening));
    loop_.run_until_idle();
  }
  std::shared_ptr<Wire> take_dial() {
    auto wire = std::make_shared<Wire>();
    auto done = std::move(client_.dials.front().done);
    client_.dials.pop_front();
    done(std::unique_ptr<net::WebSocket>(std::make_unique<FakeSocket>(wire)));
    loop_.run_until_idle();
    return wire;
  }
  void refuse_dial() {
    auto done = std::move(client_.dials.front().done);
    client_.dials.pop_front();
    done(Err(net::NetFailure{net::NetError::connect_failed, 0, "refused"}));
    loop_.run_until_idle();
  }
  void event(model::EventData data = model::CallDtmfEvent{}) {
    model::Event e;
    e.data = std::move(data);
    gateway_.deliver(id_, std::move(e));
    loop_.run_until_idle();
  }
  void text(Wire& wire, const std::string& method, const std::string& params) {
    wire.handlers.on_text(R"({"jsonrpc":"2.0","id":1,"method":")" + method + R"(","params":)" + params + "}");
    loop_.run_until_idle();
  }
  void break_socket(Wire& wire, std::uint16_t code = 1006) {
    wire.handlers.on_close(code, "");
    loop_.run_until_idle();
  }
  static bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
  }

  runtime::ManualLoop loop_;
  Metrics metrics_;
  FakeClient client_;
  FakeCore core_;
  Gateway gateway_;
  model::SessionId id_{"SE1"};
};

TEST_F(SessionTest, BeginsWithSessionStartedAndKeepsWhatHappenedBefore) {
  open();
  EXPECT_EQ(client_.dials.front().headers[2].second, "inbound-call");
  event();
  const auto wire = take_dial();
  ASSERT_EQ(wire->sent.size(), 2U);
  EXPECT_TRUE(has(wire->sent[0], R"("seq":1)") && has(wire->sent[0], "session.started"));
  EXPECT_TRUE(has(wire->sent[1], R"("seq":2)"));
  EXPECT_EQ(core_.said, std::vector<std::string>{"opened"});
}

TEST_F(SessionTest, TriesTheFallbackUrlThenGivesUp) {
  open("ws://b.example/");
  refuse_dial();
  ASSERT_EQ(client_.dials.size(), 1U);
  EXPECT_EQ(client_.dials.front().url, "ws://b.example/");
  refuse_dial();
  EXPECT_EQ(core_.said, std::vector<std::string>{"failed"});
  EXPECT_EQ(gateway_.sessions(), 0U);
}

TEST_F(SessionTest, ClosedByTheApplicationEndsIt) {
  open();
  break_socket(*take_dial(), 1000);
  EXPECT_EQ(core_.said, (std::vector<std::string>{"opened", "closed"}));
  EXPECT_EQ(gateway_.sessions(), 0U);
}

TEST_F(SessionTest, ABrokenSocketIsDialledAgainAndReplayedFromWhereTheApplicationIs) {
  open();
  const auto first = take_dial();
  event();
  break_socket(*first);
  event();
  EXPECT_EQ(client_.dials.front().headers[2].second, "resume");
  const auto second = take_dial();
  EXPECT_TRUE(second->sent.empty()) << "nothing before session.ack";
  text(*second, "snapshot.get", "{}");
  EXPECT_TRUE(has(second->sent[0], "wrong_state"));
  text(*second, "session.ack", R"({"seq":2})");
  ASSERT_EQ(second->sent.size(), 4U);
  EXPECT_TRUE(has(second->sent[2], R"("seq":3)"));
  EXPECT_TRUE(has(second->sent[3], "session.resumed") && has(second->sent[3], R"("gap":false)"));
}

TEST_F(SessionTest, BeyondTheBufferThereIsAGapAndASnapshot) {
  open();
  const auto first = take_dial();
  break_socket(*first);
  for (int i = 0; i < 100; ++i) event();
  const auto second = take_dial();
  text(*second, "session.ack", R"({"seq":1})");
  ASSERT_EQ(second->sent.size(), 2U);
  EXPECT_TRUE(has(second->sent[1], R"("seq":102)") && has(second->sent[1], R"("gap":true)"));
  EXPECT_TRUE(has(second->sent[1], "snapshot"));
}

TEST_F(SessionTest, NotResumedInTimeIsLost) {
  open();
  break_socket(*take_dial());
  for (int i = 0; i < 40; ++i) {
    loop_.advance(seconds(1));
    if (!client_.dials.empty()) refuse_dial();
  }
  EXPECT_EQ(core_.said, (std::vector<std::string>{"opened", "lost"}));
  EXPECT_EQ(gateway_.sessions(), 0U);
}

TEST_F(SessionTest, AResumedSocketThatSaysNothingIsDroppedAndDialledAgain) {
  open();
  break_socket(*take_dial());
  const auto silent = take_dial();
  loop_.advance(seconds(6));
  EXPECT_EQ(silent->closed, 1008);
  EXPECT_FALSE(client_.dials.empty());
}

TEST_F(SessionTest, ASlowApplicationIsToldThenCutOffWithItsStateKept) {
  open();
  const auto wire = take_dial();
  for (int i = 0; i < 9; ++i) event();
  EXPECT_TRUE(has(wire->sent.back(), "session.lagging"));
  EXPECT_TRUE(has(wire->sent.back(), R"("window":8)"));
  EXPECT_FALSE(wire->closed);
  loop_.advance(seconds(6));
  EXPECT_EQ(wire->closed, 1008);
  const auto second = take_dial();
  text(*second, "session.ack", R"({"seq":5})");
  EXPECT_TRUE(has(second->sent[1], R"("seq":6)"));
}

TEST_F(SessionTest, AnApplicationThatDoesNotReadIsCutOff) {
  open();
  const auto wire = take_dial();
  wire->reads = false;
  event();
  EXPECT_EQ(wire->closed, 1008);
  EXPECT_EQ(client_.dials.size(), 1U);
}

TEST_F(SessionTest, AnIdleSessionIsClosedAfterItsGrace) {
  open();
  const auto wire = take_dial();
  gateway_.idle(id_);
  loop_.advance(seconds(9));
  EXPECT_FALSE(wire->closed);
  loop_.advance(seconds(2));
  EXPECT_EQ(wire->closed, 1000);
  EXPECT_EQ(gateway_.sessions(), 0U);
}

TEST_F(SessionTest, AcknowledgingTheFutureIsAnError) {
  open();
  const auto wire = take_dial();
  text(*wire, "session.ack", R"({"seq":99})");
  EXPECT_TRUE(has(wire->sent.back(), "invalid_params"));
}

TEST_F(SessionTest, TooManyRequestsAreRefusedAndAtLastTheSocketIsClosed) {
  open();
  const auto wire = take_dial();
  for (int i = 0; i < 1300 && !wire->closed; ++i) text(*wire, "op.get", R"({"op_id":"OP1"})");
  EXPECT_TRUE(has(wire->sent[500], "rate_limited"));
  EXPECT_EQ(wire->closed, 1008);
}

}  // namespace
}  // namespace tandem::app
