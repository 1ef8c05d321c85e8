#include <gtest/gtest.h>

#include <deque>

#include "runtime/manual_loop.h"
#include "sip/outside/registration_machine.h"

namespace tandem::sip::outside {
namespace {

using namespace std::chrono_literals;
using Shown = RegistrationStatus::State;

OutsideResult result(int code) {
  OutsideResult r;
  r.sip_code = code;
  r.our_contact = "sip:tk@192.0.2.1:5060";
  return r;
}
OutsideResult granted(std::uint32_t s) {
  OutsideResult r = result(200);
  r.contacts = {{"sip:other@198.51.100.1", 60}, {r.our_contact, s}};
  return r;
}

class MachineTest : public testing::Test {
 protected:
  RegistrationStep take(const RegistrationEvent& e, double chance = 0) {
    last_ = step(state_, e, now_, options_, chance);
    state_ = last_.state;
    return last_;
  }
  template <class T>
  [[nodiscard]] bool in() const {
    return std::holds_alternative<T>(state_);
  }
  RegistrationOptions options_;
  TimePoint now_{1000s};
  RegistrationState state_;
  RegistrationStep last_;
};

TEST_F(MachineTest, RegistersAndRefreshes) {
  EXPECT_EQ(take(Start{}).send, 3600U);
  take(granted(100));
  ASSERT_TRUE(in<Registered>());
  EXPECT_EQ(last_.report->state, Shown::registered);
  EXPECT_EQ(last_.report->until, now_ + 100s);
  EXPECT_EQ(last_.wake, now_ + 75s);
  now_ += 75s;
  EXPECT_EQ(take(TimerFired{}).send, 3600U) << "what we want, not what we got";
  take(granted(100), 0.999);
  EXPECT_LT(*last_.wake - now_, 90s);
  EXPECT_GT(*last_.wake - now_, 89s);
}

TEST_F(MachineTest, ReadsWhatWasGranted) {
  EXPECT_EQ(granted_s(granted(70), 3600), 70U);
  OutsideResult r = result(200);
  EXPECT_EQ(granted_s(r, 3600), 3600U);
  r.expires_s = 500;
  EXPECT_EQ(granted_s(r, 3600), 500U);
  r.contacts = {{"sip:tk@192.0.2.1;rewritten", 90}};
  EXPECT_EQ(granted_s(r, 3600), 90U);
  r.contacts = {{"sip:a@x", 90}, {"sip:b@x", 80}};
  EXPECT_EQ(granted_s(r, 3600), 500U) << "none of them ours";
  take(Start{});
  take(granted(0));
  EXPECT_TRUE(in<Waiting>()) << "a 200 that binds nothing";
}

TEST_F(MachineTest, ShortLivesAreHalved) {
  take(Start{});
  take(granted(10));
  EXPECT_EQ(last_.wake, now_ + 5s);
}

TEST_F(MachineTest, TooBriefIsAskedOnceMore) {
  options_.expires_s = 60;
  take(Start{});
  OutsideResult r = result(423);
  r.min_expires_s = 1800;
  EXPECT_EQ(take(r).send, 1800U);
  r.min_expires_s = 3600;
  take(r);
  EXPECT_TRUE(in<Waiting>()) << "once";
  EXPECT_FALSE(last_.send);
  now_ += 1h;
  EXPECT_EQ(take(TimerFired{}).send, 1800U) << "remembered";
  take(granted(1800));
  now_ += 1700s;
  EXPECT_EQ(take(TimerFired{}).send, 1800U);
}

TEST_F(MachineTest, BacksOffWithJitterAndStaysBound) {
  take(Start{});
  take(granted(3600));
  const TimePoint until = now_ + 3600s;
  now_ += 2700s;
  take(TimerFired{});
  Duration before = 0s;
  for (int i = 0; i < 12; ++i) {
    OutsideResult r = result(i % 2 == 0 ? 408 : 503);
    take(r, 1.0);
    ASSERT_TRUE(in<Waiting>());
    EXPECT_EQ(last_.report->state, Shown::failing);
    if (now_ < until) {
      EXPECT_EQ(last_.report->until, until);
    } else {
      EXPECT_FALSE(last_.report->until);
    }
    const Duration wait = *last_.wake - now_;
    EXPECT_GE(wait, before);
    EXPECT_LE(wait, 600s);
    before = wait;
    now_ = *last_.wake;
    EXPECT_EQ(take(TimerFired{}).send, 3600U);
  }
  EXPECT_EQ(before, 600s);
  take(result(500), 0.0);
  EXPECT_EQ(*last_.wake - now_, 300s) << "from half to the whole";
  now_ = *last_.wake;
  take(TimerFired{});
  take(granted(3600));
  now_ += 3500s;
  take(TimerFired{});
  take(result(500), 0.0);
  EXPECT_EQ(*last_.wake - now_, 5s) << "a success starts the count anew";
}

TEST_F(MachineTest, RetryAfterAndRefusals) {
  take(Start{});
  OutsideResult r = result(503);
  r.retry_after_s = 120;
  take(r, 0.5);
  EXPECT_EQ(*last_.wake - now_, 125s);
  now_ = *last_.wake;
  take(TimerFired{});
  r = result(401);
  r.credentials_refused = true;
  take(r);
  EXPECT_EQ(last_.report->state, Shown::refused);
  EXPECT_GE(*last_.wake - now_, 300s);
  now_ = *last_.wake;
  take(TimerFired{});
  r = result(503);
  r.retry_after_s = 0xffffffffU;
  take(r);
  EXPECT_LE(*last_.wake - now_, 24h);
}

TEST_F(MachineTest, LogsOut) {
  take(Start{});
  take(granted(3600));
  EXPECT_EQ(take(Stop{}).send, 0U);
  take(result(408));
  EXPECT_TRUE(in<Stopped>()) << "whatever came of it";
  EXPECT_EQ(last_.report->state, Shown::unregistered);

  state_ = Idle{};
  take(Start{});
  EXPECT_FALSE(take(Stop{}).send) << "first the one on its way";
  EXPECT_EQ(take(granted(3600)).send, 0U);
  take(result(200));
  EXPECT_TRUE(in<Stopped>());

  state_ = Idle{};
  take(Start{});
  take(Stop{});
  EXPECT_FALSE(take(result(403)).send);
  EXPECT_TRUE(in<Stopped>());

  state_ = Idle{};
  take(Start{});
  take(result(403));
  EXPECT_FALSE(take(Stop{}).send) << "nothing to take back";
  EXPECT_TRUE(in<Stopped>());
}

TEST_F(MachineTest, SenselessEventsChangeNothing) {
  const std::vector<RegistrationState> states{
      Idle{}, Asking{}, Registered{60, {now_ + 60s}}, Waiting{}, StoppingSoon{}, Leaving{}, Stopped{}};
  for (const auto& state : states) {
    for (const RegistrationEvent& event : {RegistrationEvent(Start{}), RegistrationEvent(TimerFired{}),
                                           RegistrationEvent(result(200)), RegistrationEvent(Stop{})}) {
      const RegistrationStep s = step(state, event, now_, options_, 0.5);
      EXPECT_FALSE(s.send && s.wake);
      const bool woke = std::holds_alternative<Stopped>(state) && !std::holds_alternative<Stopped>(s.state);
      EXPECT_FALSE(woke);
    }
  }
}

class FakeOutside final : public OutsideRequests {
 public:
  void send(OutsideRequest request, Done done) override {
    sent.emplace_back(std::move(request), std::move(done));
  }
  void answer(OutsideResult r) {
    auto next = std::move(sent.front());
    sent.pop_front();
    r.cseq = next.first.cseq + 1;
    next.second(std::move(r));
  }
  std::deque<std::pair<OutsideRequest, Done>> sent;
};

TEST(RegistrationClient, DrivesTheMachine) {
  runtime::ManualLoop loop;
  FakeOutside outside;
  std::vector<RegistrationStatus::State> seen;
  RegistrationOptions options;
  options.registrar_uri = "sip:carrier.example";
  options.address_uri = "sip:us@carrier.example";
  options.contact_user = "tk";
  auto client = std::make_unique<RegistrationClient>(
      options, outside, loop, [&](const RegistrationStatus& s) { seen.push_back(s.state); });
  client->start();
  ASSERT_EQ(outside.sent.size(), 1U);
  const std::string call_id = outside.sent[0].first.call_id;
  EXPECT_EQ(outside.sent[0].first.cseq, 1U);
  outside.answer(granted(100));
  loop.advance(95s);
  ASSERT_EQ(outside.sent.size(), 1U);
  EXPECT_EQ(outside.sent[0].first.call_id, call_id);
  EXPECT_EQ(outside.sent[0].first.cseq, 3U) << "one went to the challenge";
  outside.answer(granted(100));
  bool stopped = false;
  client->stop([&] { stopped = true; });
  ASSERT_EQ(outside.sent.size(), 1U);
  EXPECT_EQ(outside.sent[0].first.expires_s, 0U);
  EXPECT_FALSE(stopped);
  outside.answer(result(200));
  EXPECT_TRUE(stopped);
  EXPECT_EQ(seen, (std::vector{Shown::registered, Shown::registered, Shown::unregistered}));
  EXPECT_EQ(loop.timers(), 0U);

  auto brief = std::make_unique<RegistrationClient>(options, outside, loop, [](const auto&) { FAIL(); });
  brief->start();
  brief.reset();
  outside.answer(granted(100));
}

}  // namespace
}  // namespace tandem::sip::outside
