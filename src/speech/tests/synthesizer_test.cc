#include "speech/synthesizer.h"

#include <gtest/gtest.h>

#include <condition_variable>
#include <deque>
#include <optional>
#include <thread>

#include "media/codec/codec.h"
#include "speech/flite/flite_engine.h"
#include "speech/tests/speech_checks.h"

namespace tandem::speech {
namespace {

using media::Prompt;
using model::Codec;
using Answer = Result<std::shared_ptr<Prompt>, SpeakError>;

class WaitingExecutor final : public runtime::Executor {
 public:
  void post(runtime::Task task) override {
    const std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
    wake_.notify_one();
  }
  [[nodiscard]] bool is_current() const override { return true; }
  void run_one() {
    std::unique_lock lock(mutex_);
    ASSERT_TRUE(wake_.wait_for(lock, std::chrono::seconds(60), [this] { return !tasks_.empty(); }));
    runtime::Task task = std::move(tasks_.front());
    tasks_.pop_front();
    lock.unlock();
    task();
  }

 private:
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<runtime::Task> tasks_;
};

/// Says each utterance as 250 ms of a level that its words tell; waits at a gate.
class FakeEngine final : public Engine {
 public:
  FakeEngine(std::string name, std::vector<Voice> voices)
      : name_(std::move(name)), voices_(std::move(voices)) {}
  [[nodiscard]] const std::vector<Voice>& voices() const override { return voices_; }
  Status<EngineError> synthesize(const Utterance& utterance, PcmSink& sink) override {
    {
      std::unique_lock lock(mutex);
      said.push_back(utterance.voice + ":" + utterance.text);
      open.wait(lock, [&] { return allowed > 0; });
      --allowed;
    }
    if (utterance.text == "fail.") return Err(EngineError{false, "as told"});
    sink(std::vector<std::int16_t>(rate / 4, 5000), rate);
    return Unit{};
  }
  void allow(int n) {
    const std::lock_guard lock(mutex);
    allowed += n;
    open.notify_all();
  }
  std::uint32_t rate = 16'000;
  std::mutex mutex;
  std::condition_variable open;
  int allowed = 1000;
  std::vector<std::string> said;

 private:
  std::string name_;
  std::vector<Voice> voices_;
};

class SynthesizerTest : public testing::Test {
 protected:
  void SetUp() override {
    auto english = std::make_unique<FakeEngine>(
        "one",
        std::vector<Voice>{{"ann", "en-US", "one"}, {"bob", "en-US", "one"}, {"angus", "en-GB", "one"}});
    auto others = std::make_unique<FakeEngine>("two", std::vector<Voice>{{"de", "de", "two"},
                                                                         {"fr-be", "fr-BE", "two"},
                                                                         {"fr-fr", "fr-FR", "two"},
                                                                         {"en", "en-GB", "two"},
                                                                         {"cmn", "cmn", "two"}});
    english_ = english.get();
    others_ = others.get();
    others_->rate = 22'050;
    std::vector<std::unique_ptr<Engine>> engines;
    engines.push_back(std::move(english));
    engines.push_back(std::move(others));
    SynthesizerOptions options;
    options.max_waiting = 2;
    options.max_duration_ms = 5000;
    synthesizer_ = make_synthesizer(options, std::move(engines), *pool_, executor_, clock_, {}, metrics_);
  }
  void TearDown() override {
    if (synthesizer_) {
      english_->allow(1000);
      others_->allow(1000);
    }
    pool_.reset();
  }

  Answer speak(const SpeakRequest& request, Codec codec = Codec::pcmu) {
    std::optional<Answer> out;
    synthesizer_->speak(request, codec, [&](Answer a) { out = std::move(a); });
    executor_.run_one();
    return std::move(out).value();
  }
  std::string voice_of(const SpeakRequest& request) {
    const std::size_t before = english_->said.size() + others_->said.size();
    const Answer answer = speak(request);
    if (!answer) return answer.error().field + ": " + answer.error().message;
    while (!(*answer)->finished()) std::this_thread::yield();
    const bool english = english_->said.size() + others_->said.size() > before && last_english();
    const std::string& said = english ? english_->said.back() : others_->said.back();
    return said.substr(0, said.find(':'));
  }
  bool last_english() {
    const std::size_t n = english_->said.size();
    const bool grew = n > english_seen_;
    english_seen_ = n;
    return grew;
  }

  ManualClock clock_;
  Metrics metrics_;
  WaitingExecutor executor_;
  std::unique_ptr<runtime::BlockingPool> pool_ = std::make_unique<runtime::BlockingPool>("speech", 1, 4);
  FakeEngine* english_ = nullptr;
  FakeEngine* others_ = nullptr;
  std::size_t english_seen_ = 0;
  std::unique_ptr<Synthesizer> synthesizer_;
};

SpeakRequest text(std::string t, std::string language = {}, std::string voice = {}, std::string engine = {}) {
  SpeakRequest r;
  r.text = std::move(t);
  r.language = std::move(language);
  r.voice = std::move(voice);
  r.engine = std::move(engine);
  return r;
}

SpeakRequest ssml(std::string t) {
  SpeakRequest r = text(std::move(t));
  r.ssml = true;
  return r;
}

TEST_F(SynthesizerTest, ChoosesVoiceByNameLanguageAndEngine) {
  EXPECT_EQ(voice_of(text("a")), "ann");
  EXPECT_EQ(voice_of(text("a", "en")), "ann");
  EXPECT_EQ(voice_of(text("a", "en-AU")), "ann");
  EXPECT_EQ(voice_of(text("a", "en-GB")), "angus");
  EXPECT_EQ(voice_of(text("a", "en-GB", "", "two")), "en");
  EXPECT_EQ(voice_of(text("a", "de-DE")), "de");
  EXPECT_EQ(voice_of(text("a", "fr")), "fr-fr");
  EXPECT_EQ(voice_of(text("a", "fr-BE")), "fr-be");
  EXPECT_EQ(voice_of(text("a", "zh-CN")), "cmn");
  EXPECT_EQ(voice_of(text("a", "", "bob")), "bob");
  EXPECT_EQ(voice_of(text("a", "tlh")), "language: there is no voice for language \"tlh\"");
  EXPECT_EQ(voice_of(text("a", "no such")), "language: \"no such\" is not a language tag");
  EXPECT_EQ(voice_of(text("a", "", "zoe")), "voice: there is no voice \"zoe\"");
  EXPECT_EQ(voice_of(text("a", "", "bob", "two")), "voice: there is no voice \"bob\"");
  EXPECT_EQ(voice_of(text("a", "", "", "three")), "engine: there is no speech engine \"three\"");
  EXPECT_EQ(synthesizer_->voices().size(), 8U);
}

TEST_F(SynthesizerTest, TheFirstSentenceIsHeardBeforeTheRestIsMade) {
  english_->allowed = 1;
  const Answer answer = speak(text("First one. Second one. Third one."));
  ASSERT_TRUE(answer);
  const auto track = (*answer)->track(Codec::pcmu);
  EXPECT_GE(track->ready(), 4U);
  EXPECT_FALSE(track->complete());
  english_->allow(2);
  while (!track->complete()) std::this_thread::yield();
  EXPECT_EQ(track->ready(), 38U);
  EXPECT_EQ(english_->said.size(), 3U);
}

TEST_F(SynthesizerTest, IsCachedByAllThatMatters) {
  const auto first = speak(text("Hello."));
  while (!(*first)->finished()) std::this_thread::yield();
  EXPECT_EQ(*speak(text("Hello.")), *first);
  EXPECT_EQ(*speak(text("Hello."), Codec::g722), *first);
  EXPECT_NE(*speak(text("Hello.", "", "bob")), *first);
  SpeakRequest loud = text("Hello.");
  loud.gain_db = 6;
  EXPECT_NE(*speak(loud), *first);
  EXPECT_NE(*speak(ssml("Hello.")), *first);
  EXPECT_EQ(english_->said.size(), 4U);
}

TEST_F(SynthesizerTest, ManyWhoAskAtOnceCauseOneSynthesis) {
  english_->allowed = 0;
  int answers = 0;
  for (int i = 0; i < 3; ++i)
    synthesizer_->speak(text("Once."), Codec::pcma, [&](Answer a) { answers += a ? 1 : 0; });
  english_->allow(1);
  for (int i = 0; i < 3; ++i) executor_.run_one();
  EXPECT_EQ(answers, 3);
  EXPECT_EQ(english_->said.size(), 1U);
}

TEST_F(SynthesizerTest, TooMuchIsOverload) {
  english_->allowed = 0;
  for (const char* t : {"One.", "Two."}) synthesizer_->speak(text(t), Codec::pcmu, [](Answer) {});
  const Answer answer = speak(text("Three."));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, SpeakErrorCode::overloaded);
}

TEST_F(SynthesizerTest, FailuresBeforeAndAfterTheFirstAudio) {
  auto answer = speak(text("fail."));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, SpeakErrorCode::engine_failed);
  EXPECT_EQ(answer.error().message, "as told");
  answer = speak(text("Good. fail."));
  ASSERT_TRUE(answer);
  while (!(*answer)->finished()) std::this_thread::yield();
  EXPECT_EQ((*answer)->error(), "as told");
  EXPECT_EQ((*answer)->duration_ms(), 250);
}

TEST_F(SynthesizerTest, SsmlPausesGainAndOtherVoices) {
  const Answer answer =
      speak(ssml("A.<break time='1s'/><prosody volume='-6dB'>B.</prosody><lang xml:lang='de'>C.</lang>"));
  ASSERT_TRUE(answer) << answer.error().message;
  while (!(*answer)->finished()) std::this_thread::yield();
  EXPECT_NEAR(static_cast<double>((*answer)->duration_ms()), 1750, 2);
  EXPECT_EQ(others_->said, (std::vector<std::string>{"de:C."}));
  const auto track = (*answer)->track(Codec::pcmu);
  const auto decoder = media::make_decoder(Codec::pcmu);
  std::vector<std::int16_t> pcm(160);
  decoder->decode(track->frame(2), pcm);
  EXPECT_NEAR(pcm[80], 5000, 250);
  decoder->decode(track->frame(30), pcm);
  EXPECT_NEAR(pcm[80], 0, 10);
  decoder->decode(track->frame(68), pcm);
  EXPECT_NEAR(pcm[80], 2500, 150);
}

TEST_F(SynthesizerTest, MarksStandWhereTheyWereWritten) {
  const Answer answer =
      speak(ssml("<mark name='start'/>A.<break time='1s'/><mark name='after'/>B.<mark name='end'/>"));
  ASSERT_TRUE(answer) << answer.error().message;
  while (!(*answer)->finished()) std::this_thread::yield();
  const auto track = (*answer)->track(Codec::pcmu);
  const media::PromptMarks& marks = track->marks();
  ASSERT_EQ(marks.size(), 3U);
  EXPECT_EQ(marks[0].name, "start");
  EXPECT_EQ(marks[0].frame, 0U);
  EXPECT_EQ(marks[1].name, "after");
  EXPECT_EQ(marks[1].frame, 1250U / 20);
  EXPECT_EQ(marks[2].name, "end");
  EXPECT_EQ(marks[2].frame, 1500U / 20);
}

TEST_F(SynthesizerTest, ChecksWithoutSpeaking) {
  EXPECT_TRUE(synthesizer_->check(text("x")));
  const auto bad = synthesizer_->check(ssml("<speak><audio/></speak>"));
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().code, SpeakErrorCode::bad_ssml);
  EXPECT_EQ(bad.error().field, "ssml");
  const auto voice = synthesizer_->check(ssml("<voice name='zoe'>x</voice>"));
  ASSERT_FALSE(voice);
  EXPECT_EQ(voice.error().code, SpeakErrorCode::unknown_voice);
  EXPECT_EQ(voice.error().field, "ssml");
  EXPECT_TRUE(english_->said.empty());
}

TEST_F(SynthesizerTest, EmptyAndEndless) {
  const auto empty = speak(text("..."));
  ASSERT_TRUE(empty);
  EXPECT_TRUE((*empty)->finished());
  EXPECT_EQ((*empty)->duration_ms(), 0);
  const auto endless = speak(ssml("A.<break time='4s'/>B.<break time='4s'/>C.<break time='4s'/>D."));
  ASSERT_TRUE(endless);
  while (!(*endless)->finished()) std::this_thread::yield();
  EXPECT_NE((*endless)->error().find("longer than 5 s"), std::string::npos);
}

TEST_F(SynthesizerTest, NothingCallsBackAfterItsEnd) {
  english_->allowed = 0;
  synthesizer_->speak(text("A."), Codec::pcmu, [](Answer) { FAIL(); });
  english_->allow(1000);
  pool_.reset();  // The audio is there and its delivery is posted.
  synthesizer_.reset();
  executor_.run_one();
}

}  // namespace
}  // namespace tandem::speech
