// Speech proven by content: what a caller on G.722 hears is recognised again, against a grammar of digits.
#include <gtest/gtest.h>
#include <pocketsphinx.h>

#include <filesystem>
#include <fstream>
#include <future>
#include <memory>
#include <thread>

#include "media/codec/codec.h"
#include "runtime/blocking_pool.h"
#include "speech/synthesizer.h"

namespace tandem::speech {
namespace {

using model::Codec;

constexpr const char* kGrammar =
    "#JSGF V1.0;\n"
    "grammar digits;\n"
    "public <digits> = (zero | one | two | three | four | five | six | seven | eight | nine)+;\n";
constexpr const char* kModel = "/usr/share/pocketsphinx/model/en-us/en-us";
constexpr const char* kDictionary = "/usr/share/pocketsphinx/model/en-us/cmudict-en-us.dict";

class Recogniser {
 public:
  Recogniser() {
    std::string pattern = (std::filesystem::temp_directory_path() / "digits-XXXXXX").string();
    const int fd = mkstemp(pattern.data());
    EXPECT_GE(fd, 0);
    std::ofstream(pattern) << kGrammar;
    config_ = cmd_ln_init(nullptr, ps_args(), 1, "-hmm", kModel, "-dict", kDictionary, "-jsgf",
                          pattern.c_str(), "-logfn", "/dev/null", nullptr);
    decoder_ = ps_init(config_);
    close(fd);
    std::filesystem::remove(pattern);
  }
  ~Recogniser() {
    ps_free(decoder_);
    cmd_ln_free_r(config_);
  }
  Recogniser(const Recogniser&) = delete;
  Recogniser& operator=(const Recogniser&) = delete;

  std::string words(const std::vector<std::int16_t>& pcm16k) {
    if (decoder_ == nullptr) return "no decoder";
    run(pcm16k);  // The first utterance of a fresh decoder is worse: it has not learnt the channel yet.
    return run(pcm16k);
  }

 private:
  std::string run(const std::vector<std::int16_t>& pcm) {
    ps_start_utt(decoder_);
    ps_process_raw(decoder_, pcm.data(), pcm.size(), 0, 1);
    ps_end_utt(decoder_);
    int score = 0;
    const char* text = ps_get_hyp(decoder_, &score);
    return text == nullptr ? "" : text;
  }
  cmd_ln_t* config_ = nullptr;
  ps_decoder_t* decoder_ = nullptr;
};

/// Runs what is posted at once: the test waits for the promise that it fulfils.
class DirectExecutor final : public runtime::Executor {
 public:
  void post(runtime::Task task) override { task(); }
  [[nodiscard]] bool is_current() const override { return true; }
};

std::vector<std::int16_t> heard(Synthesizer& synthesizer, const SpeakRequest& request) {
  std::promise<std::shared_ptr<media::Prompt>> promise;
  synthesizer.speak(request, Codec::g722, [&](Result<std::shared_ptr<media::Prompt>, SpeakError> r) {
    promise.set_value(r ? *r : nullptr);
  });
  const auto prompt = promise.get_future().get();
  std::vector<std::int16_t> out;
  EXPECT_NE(prompt, nullptr);
  if (prompt == nullptr) return out;
  while (!prompt->finished()) std::this_thread::yield();
  EXPECT_EQ(prompt->error(), "");
  const auto track = prompt->track(Codec::g722);
  const auto decoder = media::make_decoder(Codec::g722);
  std::vector<std::int16_t> pcm(320);
  for (std::size_t i = 0; i < track->ready(); ++i) {
    decoder->decode(track->frame(i), pcm);
    out.insert(out.end(), pcm.begin(), pcm.end());
  }
  return out;
}

TEST(Recognition, DigitsAreHeardAsSpoken) {
  SystemClock clock;
  Metrics metrics;
  DirectExecutor executor;
  runtime::BlockingPool pool("speech", 1, 16);
  const auto synthesizer = make_synthesizer({}, pool, executor, clock, {}, metrics);
  Recogniser recogniser;
  SpeakRequest request;
  request.text = "One. Two. Three.";
  EXPECT_EQ(recogniser.words(heard(*synthesizer, request)), "one two three");
  request.text = "<speak><say-as interpret-as=\"digits\">4711</say-as></speak>";
  request.ssml = true;
  EXPECT_EQ(recogniser.words(heard(*synthesizer, request)), "four seven one one");
  request.text =
      "<speak>Nine<break time=\"300ms\"/><voice name=\"rms\">eight <prosody "
      "rate=\"slow\">six</prosody></voice></speak>";
  EXPECT_EQ(recogniser.words(heard(*synthesizer, request)), "nine eight six");
}

}  // namespace
}  // namespace tandem::speech
