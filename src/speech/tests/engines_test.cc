#include <gtest/gtest.h>

#include <filesystem>
#include <thread>

#include "speech/espeak/child_process.h"
#include "speech/espeak/espeak_engine.h"
#include "speech/espeak/wav_stream.h"
#include "speech/flite/flite_engine.h"
#include "speech/tests/speech_checks.h"

namespace tandem::speech {
namespace {

using checks::Audio;
constexpr const char* kMenu = "Please listen carefully to the following menu.";

Engine& flite() {
  static const std::unique_ptr<Engine> engine = make_flite_engine();  // One a process.
  return *engine;
}

Audio spoken(Engine& engine, const Utterance& utterance) {
  Audio out;
  PcmSink sink = [&](std::span<const std::int16_t> pcm, std::uint32_t rate) {
    out.pcm.insert(out.pcm.end(), pcm.begin(), pcm.end());
    out.rate = rate;
    return true;
  };
  const auto status = engine.synthesize(utterance, sink);
  EXPECT_TRUE(status) << status.error().message;
  return out;
}

TEST(Flite, EveryVoiceSpeaksWithItsOwnPitch) {
  std::vector<double> pitches;
  for (const Voice& voice : flite().voices()) {
    const Audio audio = spoken(flite(), {kMenu, voice.name});
    EXPECT_EQ(audio.rate, voice.name == "kal" ? 8000U : 16'000U) << voice.name;
    EXPECT_GT(audio.seconds(), 2) << voice.name;
    EXPECT_LT(audio.seconds(), 4.5) << voice.name;
    EXPECT_GT(checks::rms(audio.pcm), 800) << voice.name;
    pitches.push_back(checks::pitch(audio));
  }
  ASSERT_EQ(pitches.size(), 5U);
  EXPECT_GT(pitches[0], pitches[1] + 20) << "slt is a woman's voice, rms a man's";
}

TEST(Flite, RateAndPitchAreFollowed) {
  const Audio normal = spoken(flite(), {kMenu, "slt"});
  const Audio slow = spoken(flite(), {kMenu, "slt", 0.5});
  const Audio high = spoken(flite(), {kMenu, "slt", 1, 1.3});
  EXPECT_NEAR(slow.seconds() / normal.seconds(), 2, 0.15);
  EXPECT_NEAR(high.seconds(), normal.seconds(), 0.05);
  EXPECT_GT(checks::pitch(high) / checks::pitch(normal), 1.12);
}

TEST(Flite, StreamsInChunksAndStopsWhenTold) {
  int calls = 0;
  std::size_t most = 0;
  PcmSink count = [&](std::span<const std::int16_t> pcm, std::uint32_t) {
    ++calls;
    most = std::max(most, pcm.size());
    return true;
  };
  ASSERT_TRUE(flite().synthesize({kMenu, "slt"}, count));
  EXPECT_GT(calls, 10);
  EXPECT_LT(most, 8000U);
  calls = 0;
  PcmSink stop = [&](std::span<const std::int16_t>, std::uint32_t) {
    ++calls;
    return false;
  };
  (void)flite().synthesize({kMenu, "slt"}, stop);
  EXPECT_EQ(calls, 1);
}

TEST(Flite, OddTextIsSafe) {
  for (const std::string& text :
       std::vector<std::string>{"", "...", "$", "%d %s %n", "\"'`", "日本語", std::string(400, 'q'),
                                "<b>&</b>", "1/0 -- 99999999999999999999 1e400", "a.b.c.d.e.f"}) {
    (void)spoken(flite(), {text, "slt"});
    (void)spoken(flite(), {text, "kal"});
  }
  PcmSink sink = [](std::span<const std::int16_t>, std::uint32_t) { return true; };
  EXPECT_FALSE(flite().synthesize({kMenu, "nobody"}, sink));
}

TEST(Flite, ThreadsShareAVoice) {
  const Audio alone = spoken(flite(), {kMenu, "slt"});
  std::vector<Audio> together(4);
  std::vector<std::thread> threads;
  for (Audio& audio : together) threads.emplace_back([&audio] { audio = spoken(flite(), {kMenu, "slt"}); });
  for (auto& t : threads) t.join();
  for (const Audio& audio : together) EXPECT_EQ(audio.pcm.size(), alone.pcm.size());
}

TEST(Espeak, VoicesAreReadFromItsTable) {
  const auto voices = parse_espeak_voices(
      "Pty Language       Age/Gender VoiceName          File                 Other Languages\n"
      " 5  de              --/M      German             gmw/de               \n"
      " 5  en-gb           --/M      English_(Great_Britain) gmw/en               (en 2)\n"
      " 5  en-gb           --/M      Twice              gmw/en2\n"
      " 7  de              --/M      german-mbrola-1    mb/mb-de1\n"
      "rubbish\n 5 x\n 5  b;d  --/M bad bad/bad\n");
  ASSERT_EQ(voices.size(), 2U);
  EXPECT_EQ(voices[0].voice.name, "espeak-de");
  EXPECT_EQ(voices[0].file, "gmw/de");
  EXPECT_EQ(voices[1].voice.language, "en-gb");
}

TEST(Espeak, SpeaksOtherLanguages) {
  const auto engine = make_espeak_engine({});
  ASSERT_GT(engine->voices().size(), 50U);
  const Audio german = spoken(*engine, {"Guten Tag, wie geht es Ihnen?", "espeak-de"});
  EXPECT_EQ(german.rate, 22'050U);
  EXPECT_GT(german.seconds(), 1);
  EXPECT_LT(german.seconds(), 4);
  EXPECT_GT(checks::rms(german.pcm), 500);
  const Audio slow = spoken(*engine, {"Guten Tag, wie geht es Ihnen?", "espeak-de", 0.5});
  EXPECT_GT(slow.seconds() / german.seconds(), 1.6);
  const Audio high = spoken(*engine, {"Guten Tag, wie geht es Ihnen?", "espeak-de", 1, 1.6});
  EXPECT_GT(checks::pitch(high), checks::pitch(german) * 1.1);
  // Options in the text are text.
  EXPECT_GT(spoken(*engine, {"-v en --version; rm x", "espeak-de"}).seconds(), 1);
}

TEST(Espeak, WithoutTheProgramThereAreNoVoices) {
  EspeakOptions options;
  options.program = "no-such-program-here";
  const auto engine = make_espeak_engine(options);
  EXPECT_TRUE(engine->voices().empty());
}

TEST(Espeak, ProcessesAreBounded) {
  EspeakOptions options;
  options.max_processes = 1;
  const auto engine = make_espeak_engine(options);
  bool inner_overloaded = false;
  PcmSink sink = [&](std::span<const std::int16_t>, std::uint32_t) {
    PcmSink other = [](std::span<const std::int16_t>, std::uint32_t) { return true; };
    const auto inner = engine->synthesize({"Zwei.", "espeak-de"}, other);
    inner_overloaded = !inner && inner.error().overloaded;
    return false;
  };
  ASSERT_TRUE(engine->synthesize({"Eins.", "espeak-de"}, sink));
  EXPECT_TRUE(inner_overloaded);
  EXPECT_GT(spoken(*engine, {"Drei.", "espeak-de"}).seconds(), 0.2);
}

TEST(ChildProcess, PassesInputAndOutputAndStatus) {
  auto child = ChildProcess::start({"cat"}, std::string(300'000, 'x'));
  ASSERT_TRUE(child);
  std::vector<char> block(10'000);
  std::size_t total = 0;
  for (;;) {
    const auto n = child->read(block, std::chrono::seconds(20));
    ASSERT_TRUE(n);
    if (*n == 0) break;
    total += *n;
  }
  EXPECT_EQ(total, 300'000U);
  EXPECT_EQ(child->exit_code(std::chrono::seconds(20)), 0);
  auto bad = ChildProcess::start({"false"}, std::string(300'000, 'x'));
  ASSERT_TRUE(bad);
  EXPECT_EQ(bad->read(block, std::chrono::seconds(20)), 0U);
  EXPECT_EQ(bad->exit_code(std::chrono::seconds(20)), 1);
  EXPECT_FALSE(ChildProcess::start({"no-such-program-here"}, ""));
}

TEST(ChildProcess, TimesOutAndIsKilled) {
  auto child = ChildProcess::start({"sleep", "1000"}, "");
  ASSERT_TRUE(child);
  std::vector<char> block(100);
  EXPECT_FALSE(child->read(block, std::chrono::milliseconds(20)));
  EXPECT_FALSE(child->exit_code(std::chrono::milliseconds(20)));
  auto second = ChildProcess::start({"sleep", "1000"}, "");
  ASSERT_TRUE(second);  // Killed by its destructor.
}

TEST(WavStream, TakesAnyCut) {
  std::string wav(
      "RIFF\xff\xff\xff\x7fWAVEfmt \x10\0\0\0\1\0\1\0\x22\x56\0\0\x44\xac\0\0\2\0\x10\0data\xff\xff\xff\x7f",
      44);
  wav += std::string("\1\0\2\0\xff\xff", 6);
  for (std::size_t step = 1; step < wav.size(); ++step) {
    WavStream stream;
    std::vector<std::int16_t> pcm;
    for (std::size_t i = 0; i < wav.size(); i += step)
      ASSERT_TRUE(stream.feed(std::string_view(wav).substr(i, step), pcm));
    EXPECT_EQ(stream.sample_rate_hz(), 22'050U);
    EXPECT_EQ(pcm, (std::vector<std::int16_t>{1, 2, -1}));
  }
  WavStream stream;
  std::vector<std::int16_t> pcm;
  EXPECT_FALSE(stream.feed(std::string(50, 'x'), pcm));
}

}  // namespace
}  // namespace tandem::speech
