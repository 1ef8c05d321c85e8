// Two phones in one process call one another over loopback; each proves by content what it heard.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <future>

#include "server/phone/load.h"
#include "server/phone/options.h"
#include "server/phone/station.h"
#include "server/phone/wav_file.h"

namespace tandem::phone {
namespace {

using namespace std::chrono_literals;

constexpr auto kLimit = 30s;

class TwoPhones : public testing::Test {
 protected:
  void open(sip::Transport transport = sip::Transport::udp, bool speech = false) {
    callee_ = station(transport, false);
    caller_ = station(transport, speech);
  }

  std::unique_ptr<Station> station(sip::Transport transport, bool speech) {
    StationOptions o;
    o.transport = transport;
    o.listen = model::SocketAddress::parse("127.0.0.1:0");
    o.towards = *model::IpAddress::parse("127.0.0.1");
    o.speech = speech;
    auto opened = Station::open(o, clock_);
    if (!opened) {
      ADD_FAILURE() << opened.error();
      std::abort();
    }
    return std::move(*opened);
  }

  /// The callee waits for a call with `script`.
  std::future<Outcome> await(Script script) {
    auto result = std::make_shared<std::promise<Outcome>>();  // Shared: a task must be movable, a promise is
                                                              // not copied.
    auto out = result->get_future();
    callee_->run_on_loop([&] {
      callee_->switchboard().await_call(std::move(script), timeline_,
                                        [result](const Phone& p) { result->set_value(p.outcome()); });
    });
    return out;
  }

  std::string target() {
    const auto at = callee_->listening().front();
    std::string out = "sip:bob@" + at.address.str();
    if (at.transport != sip::Transport::udp) out += ";transport=" + std::string(sip::to_string(at.transport));
    return out;
  }

  std::future<Outcome> call(Script script) {
    auto result = std::make_shared<std::promise<Outcome>>();
    auto out = result->get_future();
    script.target_uri = target();
    script.from_uri = "sip:alice@127.0.0.1";
    caller_->run_on_loop([&] {
      caller_->switchboard().call(std::move(script), *model::IpAddress::parse("127.0.0.1"), timeline_,
                                  [result](const Phone& p) { result->set_value(p.outcome()); });
    });
    return out;
  }

  static Outcome of(std::future<Outcome>& future) {
    if (future.wait_for(kLimit) != std::future_status::ready) {
      ADD_FAILURE() << "the call did not end";
      return {};
    }
    return future.get();
  }

  static void expect_good(const Outcome& o) {
    EXPECT_EQ(static_cast<int>(o.verdict), 0) << o.how << testing::PrintToString(o.unmet);
    EXPECT_EQ(o.sip_code, 200);
  }

  SystemClock clock_;
  SilentTimeline timeline_;
  std::unique_ptr<Station> callee_;
  std::unique_ptr<Station> caller_;
};

class TwoPhonesWithCodec : public TwoPhones, public testing::WithParamInterface<model::Codec> {};

TEST_P(TwoPhonesWithCodec, EachHearsTheOthersTone) {
  open();
  Script bob;
  bob.steps = {ToneStep{880, 1000ms}};
  bob.expect_tones = {{440, 800ms}};
  Script alice;
  alice.codecs = {GetParam()};
  alice.steps = {ToneStep{440, 1000ms}};
  alice.expect_tones = {{880, 800ms}};
  alice.hangup_after = 300ms;
  auto answered = await(bob);
  auto called = call(alice);
  expect_good(of(called));
  expect_good(of(answered));
}
INSTANTIATE_TEST_SUITE_P(Codecs, TwoPhonesWithCodec,
                         testing::Values(model::Codec::pcmu, model::Codec::pcma, model::Codec::g722));

TEST_F(TwoPhones, AToneThatDoesNotComeIsMissed) {
  open();
  Script alice;
  alice.steps = {ToneStep{440, 400ms}};
  alice.expect_tones = {{880, 200ms}};
  alice.hangup_after = 0ms;
  Script bob;
  bob.expect_tones = {{500, 200ms}, {440, 300ms}};
  auto answered = await(bob);
  auto called = call(alice);
  EXPECT_EQ(of(called).verdict, Verdict::unmet);
  const Outcome o = of(answered);
  ASSERT_EQ(o.unmet.size(), 1U);
  EXPECT_NE(o.unmet[0].find("500 Hz"), std::string::npos);
}

TEST_F(TwoPhones, DigitsBothWays) {
  open();
  Script alice;
  alice.steps = {DigitsStep{"147*#"}, WaitDigitsStep{4}};
  alice.expect_digits = "90AD";
  alice.hangup_after = 0ms;
  Script bob;
  bob.steps = {WaitDigitsStep{5}, DigitsStep{"90AD"}};
  bob.expect_digits = "147*#";
  auto answered = await(bob);
  auto called = call(alice);
  expect_good(of(called));
  expect_good(of(answered));
}

TEST_F(TwoPhones, SpeechAndFilesAreHeard) {
  open(sip::Transport::tcp, true);
  const auto file =
      std::filesystem::temp_directory_path() / ("phone test " + std::to_string(getpid()) + ".wav");
  std::vector<std::int16_t> pcm(8000, 0);
  for (std::size_t i = 0; i < pcm.size(); ++i) pcm[i] = static_cast<std::int16_t>(i % 8 < 4 ? 6000 : -6000);
  ASSERT_TRUE(write_wav(file.string(), pcm, 8000).has_value());
  Script alice;
  alice.steps = {SayStep{"Hello, this is a test."}, PlayStep{file.string()}, PlayStep{"/nowhere/at/all.wav"}};
  Script bob;
  bob.record = true;
  bob.steps = {WaitAudioStep{}, WaitSilenceStep{700ms}};
  bob.expect_tones = {{1000, 800ms}};
  bob.hangup_after = 0ms;
  auto answered = await(bob);
  auto called = call(alice);
  expect_good(of(answered));
  const Outcome o = of(called);
  ASSERT_EQ(o.unmet.size(), 1U);
  EXPECT_NE(o.unmet[0].find("no such file"), std::string::npos);
  std::filesystem::remove(file);
}

TEST_F(TwoPhones, RefusalsCarryTheirCode) {
  open();
  Script bob;
  bob.reject_code = 480;
  bob.expect_code = 480;
  Script alice;
  auto answered = await(bob);
  auto called = call(alice);
  const Outcome o = of(called);
  EXPECT_EQ(o.verdict, Verdict::failed);
  EXPECT_EQ(o.sip_code, 480);
  EXPECT_EQ(of(answered).verdict, Verdict::as_expected);

  alice.expect_code = 486;
  auto busy = call(alice);
  EXPECT_EQ(of(busy).verdict, Verdict::as_expected) << "nobody waits for a second call";
}

TEST_F(TwoPhones, NoCommonCodecIs488) {
  open();
  Script bob;
  bob.codecs = {model::Codec::pcmu};
  Script alice;
  alice.codecs = {model::Codec::g722};
  auto answered = await(bob);
  auto called = call(alice);
  EXPECT_EQ(of(called).sip_code, 488);
  EXPECT_EQ(of(answered).verdict, Verdict::failed);
}

TEST_F(TwoPhones, GivesUpWhenNobodyAnswersInTime) {
  open();
  Script bob;
  bob.ring_for = 60s;
  Script alice;
  alice.timeout = 500ms;
  auto answered = await(bob);
  auto called = call(alice);
  const Outcome o = of(called);
  EXPECT_EQ(o.verdict, Verdict::failed);
  EXPECT_NE(o.how.find("no answer in time"), std::string::npos) << o.how;
  EXPECT_EQ(of(answered).verdict, Verdict::failed);
}

TEST_F(TwoPhones, WaitsThatTheCallCutShortAreUnmet) {
  open();
  Script bob;
  bob.hangup_after = 200ms;
  Script alice;
  alice.steps = {WaitAudioStep{}, DigitsStep{"1"}};
  auto answered = await(bob);
  auto called = call(alice);
  const Outcome o = of(called);
  EXPECT_EQ(o.verdict, Verdict::unmet);
  EXPECT_EQ(o.unmet.size(), 2U);
  expect_good(of(answered));
}

TEST_F(TwoPhones, ManyCallsAtOnce) {
  open();
  constexpr std::size_t kCalls = 40;
  std::vector<std::future<Outcome>> answered;
  Script bob;
  bob.expect_digits = "42";
  for (std::size_t i = 0; i < kCalls; ++i) answered.push_back(await(bob));
  LoadPlan plan;
  plan.script.target_uri = target();
  plan.script.from_uri = "sip:load@127.0.0.1";
  plan.script.steps = {DigitsStep{"42"}};
  plan.script.hangup_after = 200ms;
  plan.towards = *model::IpAddress::parse("127.0.0.1");
  plan.calls = kCalls;
  plan.calls_per_second = 40;
  plan.concurrent = 25;
  std::promise<LoadReport> finished;
  std::unique_ptr<Load> load;
  caller_->run_on_loop([&] {
    load = std::make_unique<Load>(plan, caller_->switchboard(), caller_->loop(),
                                  [&](const LoadReport& r) { finished.set_value(r); });
    load->start();
  });
  auto future = finished.get_future();
  ASSERT_EQ(future.wait_for(kLimit), std::future_status::ready);
  const LoadReport report = future.get();
  EXPECT_EQ(report.as_expected, kCalls) << summary(report);
  EXPECT_EQ(report.setup_ms.size(), kCalls);
  EXPECT_LE(report.most_at_once, 25U);
  EXPECT_GT(report.most_at_once, 5U);
  for (auto& a : answered) expect_good(of(a));
  caller_->run_on_loop([&] { load.reset(); });
}

}  // namespace
}  // namespace tandem::phone
