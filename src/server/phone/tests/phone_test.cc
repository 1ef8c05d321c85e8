// The phone against fakes of agent and engine, with time in hand.
#include "server/phone/phone.h"

#include <gtest/gtest.h>

#include <cmath>

#include "runtime/manual_loop.h"
#include "server/phone/switchboard.h"

namespace tandem::phone {
namespace {

using namespace std::chrono_literals;

struct FakeAgent final : sip::Agent {
  void ring(const sip::CallId&, sip::RingOptions) override { log.emplace_back("ring"); }
  void answer(const sip::CallId&, model::SessionDescription s, sip::Headers) override {
    log.emplace_back("answer");
    session = std::move(s);
  }
  void reject(const sip::CallId&, int code, std::string, int, int, sip::Headers) override {
    log.push_back("reject " + std::to_string(code));
  }
  void redirect(const sip::CallId&, int, std::vector<std::string>, sip::Headers) override {}
  void invite(sip::OutboundCall call) override {
    log.emplace_back("invite");
    id = call.id;
    session = *call.offer;
  }
  void acknowledge(const sip::CallId&, model::SessionDescription s) override {
    log.emplace_back("acknowledge");
    session = std::move(s);
  }
  void hangup(const sip::CallId&, int, std::string, sip::Headers) override { log.emplace_back("hangup"); }
  void answer_offer(const sip::CallId&, std::uint64_t, model::SessionDescription s) override {
    log.emplace_back("answer_offer");
    session = std::move(s);
  }
  void refuse_offer(const sip::CallId&, std::uint64_t, int code) override {
    log.push_back("refuse_offer " + std::to_string(code));
  }
  void reoffer(const sip::CallId&, model::SessionDescription) override {}
  void send_request(const sip::CallId&, std::uint64_t, sip::InDialogMessage) override {}
  void refer(const sip::CallId&, std::uint64_t, sip::ReferRequest) override {}
  void answer_refer(const sip::CallId&, std::uint64_t, int) override {}
  void refer_progress(const sip::CallId&, std::uint64_t, int, std::string, bool) override {}
  [[nodiscard]] std::vector<Listening> listening() const override { return {}; }
  void set_draining(bool) override {}

  std::vector<std::string> log;
  sip::CallId id;
  model::SessionDescription session;
};

struct FakeEngine final : media::Engine {
  Result<media::LocalAddresses, media::MediaError> open(const media::StreamId&,
                                                        const model::IpAddress&) override {
    if (no_ports) return Err(media::MediaError::no_ports);
    return media::LocalAddresses{*model::SocketAddress::parse("127.0.0.1:40000"),
                                 *model::SocketAddress::parse("127.0.0.1:40001")};
  }
  void configure(const media::StreamId&, const model::AgreedMedia& m) override { media = m; }
  void close(const media::StreamId&) override { closed = true; }
  void play(const media::StreamId&, media::PlayId play, media::PlaySpec) override { last_play = play; }
  void stop_play(const media::StreamId&, media::PlayId) override {}
  void pause_play(const media::StreamId&, media::PlayId, bool) override {}
  void play_position(const media::StreamId&, media::PlayId, Function<void(std::int64_t)>) override {}
  void send_digits(const media::StreamId&, media::PlayId tag, std::string d, std::uint32_t,
                   std::uint32_t) override {
    last_play = tag;
    digits = std::move(d);
  }
  void stop_digits(const media::StreamId&, media::PlayId) override {}
  void set_audio(const media::StreamId&, media::AudioControl) override {}
  void set_inband_digits(const media::StreamId&, bool) override {}
  void info_digit(const media::StreamId&, char digit, std::uint32_t) override { digits.push_back(digit); }
  void set_tap(const media::StreamId&,
               Function<void(std::span<const std::int16_t>, std::uint32_t)> t) override {
    tap = std::move(t);
  }
  void add_tap(const media::StreamId&, std::shared_ptr<media::StreamTap>) override {}
  void remove_tap(const media::StreamId&, const std::shared_ptr<media::StreamTap>&) override {}
  void connect(const media::StreamId&, const media::StreamId&, media::Connection) override {}
  void disconnect(const media::StreamId&) override {}
  [[nodiscard]] std::size_t streams() const override { return 0; }

  bool no_ports = false;
  bool closed = false;
  std::optional<model::AgreedMedia> media;
  media::PlayId last_play = 0;
  std::string digits;
  Function<void(std::span<const std::int16_t>, std::uint32_t)> tap;
};

struct FakeSounds final : Sounds {
  void say(const std::string&, model::Codec, Ready ready) override { pending = std::move(ready); }
  void play(const std::string& file, model::Codec, Ready ready) override {
    ready(Err(file + ": no such file"));
  }
  void tone(const ToneStep&, model::Codec, Ready ready) override { ready(std::shared_ptr<media::Prompt>()); }
  Ready pending;
};

struct RememberedTimeline final : Timeline {
  void add(const TimelineEvent& e) override { names.emplace_back(e.name); }
  std::vector<std::string> names;
};

class PhoneTest : public testing::Test {
 protected:
  PhoneTest() { board_.attach(&agent_, &engine_, &sounds_); }

  void dial(Script script) {
    script.target_uri = "sip:bob@127.0.0.1";
    board_.call(std::move(script), *model::IpAddress::parse("127.0.0.1"), timeline_,
                [this](const Phone& p) { outcome_ = p.outcome(); });
  }
  void answered() {
    const auto far = sip::answer_offer(agent_.session, far_media());
    board_.on_answered(agent_.id, {far->answer, false, {}});
  }
  void ended(sip::LegEnd how, int code = 200) {
    sip::Ended e;
    e.how = how;
    e.sip_code = code;
    board_.on_ended(agent_.id, e);
    board_.on_closed(agent_.id, {});
    loop_.run_until_idle();
  }
  static sip::LocalMedia far_media() {
    sip::LocalMedia out;
    out.rtp = *model::SocketAddress::parse("127.0.0.1:50000");
    out.rtcp = *model::SocketAddress::parse("127.0.0.1:50001");
    return out;
  }
  void hear(bool loud, int frames) {
    std::vector<std::int16_t> pcm(160, 0);
    for (std::size_t i = 0; i < pcm.size(); ++i)
      pcm[i] = static_cast<std::int16_t>(loud ? (i % 8 < 4 ? 9000 : -9000) : 0);
    for (int i = 0; i < frames; ++i) {
      engine_.tap(pcm, 8000);
      loop_.run_until_idle();
      loop_.advance(20ms);
    }
  }
  void digit(char c) { board_.on_digit(agent_.id, {c, 100, media::DigitSource::rfc4733}); }

  runtime::ManualLoop loop_;
  FakeAgent agent_;
  FakeEngine engine_;
  FakeSounds sounds_;
  RememberedTimeline timeline_;
  Switchboard board_{loop_};
  std::optional<Outcome> outcome_;
};

TEST_F(PhoneTest, RunsItsStepsInOrder) {
  Script s;
  s.steps = {WaitAudioStep{},  PauseStep{300ms},  DigitsStep{"42"},
             SayStep{"hello"}, WaitDigitsStep{2}, WaitSilenceStep{500ms}};
  s.hangup_after = 1000ms;
  s.expect_digits = "789";
  dial(s);
  answered();
  EXPECT_EQ(engine_.media->remote_rtp.str(), "127.0.0.1:50000");
  digit('7');
  hear(false, 10);
  EXPECT_EQ(engine_.digits, "");
  hear(true, 3);
  loop_.advance(200ms);
  EXPECT_EQ(engine_.digits, "");
  loop_.advance(100ms);
  EXPECT_EQ(engine_.digits, "42");
  board_.on_digits_sent(agent_.id, engine_.last_play, true);
  ASSERT_TRUE(static_cast<bool>(sounds_.pending));
  sounds_.pending(std::shared_ptr<media::Prompt>());
  board_.on_play_ended(agent_.id, engine_.last_play, {});
  digit('8');  // With the 7 of before: the wait is over, and silence is waited for.
  digit('9');
  hear(true, 5);
  loop_.advance(470ms);  // The last loud frame was 20 ms ago when hear() returned.
  EXPECT_EQ(timeline_.names.back(), "digit");
  loop_.advance(20ms);
  loop_.advance(980ms);
  EXPECT_EQ(agent_.log.back(), "invite");
  loop_.advance(10ms);
  EXPECT_EQ(agent_.log.back(), "hangup");
  ended(sip::LegEnd::local_hangup);
  ASSERT_TRUE(outcome_.has_value());
  EXPECT_EQ(outcome_->verdict, Verdict::as_expected) << testing::PrintToString(outcome_->unmet);
  EXPECT_TRUE(engine_.closed);
  EXPECT_EQ(board_.phones(), 0U);
  EXPECT_EQ(loop_.timers(), 0U);
}

TEST_F(PhoneTest, CutShortWaitsAndDigitsAreMissed) {
  Script s;
  s.steps = {SayStep{"a"}, PauseStep{1s}, WaitDigitsStep{1}, DigitsStep{"1"}};
  dial(s);
  answered();
  ended(sip::LegEnd::peer_bye);
  EXPECT_EQ(outcome_->verdict, Verdict::unmet);
  EXPECT_EQ(outcome_->unmet.size(), 2U);
  sounds_.pending(std::shared_ptr<media::Prompt>());  // Late; the phone is gone.
}

TEST_F(PhoneTest, AFailedSoundIsUnmetAndTheScriptGoesOn) {
  Script s;
  s.steps = {PlayStep{"x.wav"}, DigitsStep{"1"}};
  dial(s);
  answered();
  EXPECT_EQ(engine_.digits, "1");
  board_.on_digits_sent(agent_.id, engine_.last_play, true);
  ended(sip::LegEnd::peer_bye);
  EXPECT_EQ(outcome_->unmet, std::vector<std::string>{"--play x.wav: x.wav: no such file"});
}

TEST_F(PhoneTest, AbnormalEndsFail) {
  for (const auto how : {sip::LegEnd::transport_error, sip::LegEnd::session_expired, sip::LegEnd::timeout,
                         sip::LegEnd::dialog_gone}) {
    dial({});
    answered();
    ended(how);
    EXPECT_EQ(outcome_->verdict, Verdict::failed) << to_string(how);
  }
  dial({});
  ended(sip::LegEnd::peer_reject, 503);
  EXPECT_EQ(outcome_->verdict, Verdict::failed);
  EXPECT_EQ(outcome_->sip_code, 503);
  engine_.no_ports = true;
  outcome_.reset();
  dial({});
  EXPECT_EQ(outcome_->verdict, Verdict::failed);
}

TEST_F(PhoneTest, AnAnswerThatMakesNoSenseEndsTheCall) {
  dial({});
  model::SessionDescription nothing;
  board_.on_answered(agent_.id, {nothing, false, {}});
  EXPECT_EQ(agent_.log.back(), "hangup");
  ended(sip::LegEnd::local_hangup);
  EXPECT_EQ(outcome_->verdict, Verdict::failed);
}

TEST_F(PhoneTest, TimesOut) {
  Script s;
  s.timeout = 5s;
  dial(s);
  loop_.advance(5s);
  EXPECT_EQ(agent_.log.back(), "hangup");
  ended(sip::LegEnd::local_hangup, 487);
  EXPECT_EQ(outcome_->verdict, Verdict::failed);
  dial(s);
  answered();
  loop_.advance(5s);
  ended(sip::LegEnd::local_hangup);
  EXPECT_EQ(outcome_->verdict, Verdict::unmet);
}

TEST_F(PhoneTest, TakesCallsWithAndWithoutOffer) {
  for (const bool with_offer : {true, false}) {
    agent_.id = model::CallId::make();
    outcome_.reset();
    engine_.media.reset();
    Script s;
    s.ring_for = 2s;
    board_.await_call(s, timeline_, [this](const Phone& p) { outcome_ = p.outcome(); });
    sip::IncomingCall call;
    call.id = agent_.id;
    if (with_offer) call.offer = sip::make_offer(far_media());
    board_.on_incoming(call);
    EXPECT_EQ(agent_.log.back(), "ring");
    loop_.advance(2s);
    EXPECT_EQ(agent_.log.back(), "answer");
    std::optional<model::SessionDescription> late;
    if (!with_offer) late = sip::answer_offer(agent_.session, far_media())->answer;
    board_.on_acknowledged(agent_.id, late);
    ASSERT_TRUE(engine_.media.has_value());
    EXPECT_EQ(engine_.media->remote_rtp.port, 50000);
    ended(sip::LegEnd::peer_bye);
    EXPECT_EQ(outcome_->verdict, Verdict::as_expected);
  }
  sip::IncomingCall second;
  second.id = model::CallId::make();
  board_.on_incoming(second);
  EXPECT_EQ(agent_.log.back(), "reject 486");
}

TEST_F(PhoneTest, FollowsTheOffersOfThePeer) {
  dial({});
  answered();
  auto hold = far_media();
  hold.direction = model::Direction::inactive;
  board_.on_offer(agent_.id, {7, sip::make_offer(hold), true});
  EXPECT_EQ(agent_.log.back(), "answer_offer");
  EXPECT_EQ(agent_.session.session_version, 2U);
  EXPECT_EQ(engine_.media->direction, model::Direction::inactive);
  board_.on_offer(agent_.id, {8, std::nullopt, true});
  EXPECT_EQ(agent_.log.back(), "answer_offer");
  board_.on_acknowledged(agent_.id, sip::answer_offer(agent_.session, far_media())->answer);
  EXPECT_EQ(engine_.media->direction, model::Direction::send_recv);
  model::SessionDescription video;
  video.media.push_back({});
  board_.on_offer(agent_.id, {9, video, true});
  EXPECT_EQ(agent_.log.back(), "refuse_offer 488");
  ended(sip::LegEnd::peer_bye);
}

TEST_F(PhoneTest, FramesOfAPhoneThatIsGoneAreDropped) {
  Script s;
  s.record = true;
  dial(s);
  answered();
  auto tap = std::move(engine_.tap);
  const std::vector<std::int16_t> pcm(160, 9000);
  tap(pcm, 8000);
  ended(sip::LegEnd::peer_bye);
  tap(pcm, 8000);
  loop_.run_until_idle();
  EXPECT_EQ(outcome_->verdict, Verdict::as_expected);
}

}  // namespace
}  // namespace tandem::phone
