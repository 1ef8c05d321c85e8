#include "media/player/prompt_library.h"

#include <gtest/gtest.h>

#include <condition_variable>
#include <deque>
#include <filesystem>
#include <fstream>
#include <optional>

#include "media/codec/codec.h"
#include "media/player/tests/audio_samples.h"

namespace tandem::media {
namespace {

using model::Codec;
using Answer = Result<std::shared_ptr<Prompt>, PromptError>;

/// The control thread of the test: waits for a task and runs it.
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

/// Answers from a script; holds answers back while `hold`.
class FakeFetcher final : public Fetcher {
 public:
  void fetch(const std::string& url, const std::string& etag,
             Function<void(Result<Fetched, PromptError>)> done) override {
    asked.push_back(url + "|" + etag);
    if (hold) {
      held.push_back(std::move(done));
    } else {
      done(answer);
    }
  }
  Result<Fetched, PromptError> answer = Err(PromptError{PromptErrorCode::fetch_failed, "no script"});
  bool hold = false;
  std::vector<std::string> asked;
  std::vector<Function<void(Result<Fetched, PromptError>)>> held;
};

Fetcher::Fetched file(std::string body, std::string etag = {}, std::int64_t max_age = 0) {
  Fetcher::Fetched out;
  out.body = std::move(body);
  out.etag = std::move(etag);
  out.max_age_s = max_age;
  return out;
}

class PromptLibraryTest : public testing::Test {
 protected:
  void make(PromptLibraryOptions options = {}) {
    library_ = make_prompt_library(std::move(options), *pool_, fetcher_, executor_, clock_, {}, metrics_);
  }
  void SetUp() override { make(); }
  void TearDown() override { pool_.reset(); }

  Answer url(const std::string& url, double gain = 0, Codec codec = Codec::pcmu) {
    std::optional<Answer> out;
    library_->url(url, gain, codec, [&](Answer a) { out = std::move(a); });
    executor_.run_one();
    return std::move(out).value();
  }
  void settle() {  // All that was posted to the pool has run.
    pool_.reset();
    pool_ = std::make_unique<runtime::BlockingPool>("decode", 1, 16);
  }

  ManualClock clock_;
  Metrics metrics_;
  FakeFetcher fetcher_;
  WaitingExecutor executor_;
  std::unique_ptr<runtime::BlockingPool> pool_ = std::make_unique<runtime::BlockingPool>("decode", 1, 16);
  std::unique_ptr<PromptLibrary> library_;
};

void wait_finished(const Prompt& prompt) {
  while (!prompt.finished()) std::this_thread::yield();
}

TEST_F(PromptLibraryTest, AUrlBecomesAPromptWithItsTrack) {
  fetcher_.answer = file(samples::wav(16'000, 440, 2));
  const Answer answer = url("https://example.com/a.wav");
  ASSERT_TRUE(answer) << answer.error().message;
  wait_finished(**answer);
  EXPECT_EQ((*answer)->error(), "");
  EXPECT_EQ((*answer)->track(Codec::pcmu)->ready(), 100U);
}

TEST_F(PromptLibraryTest, FreshIsServedFromTheCacheAndStaleIsAskedAbout) {
  fetcher_.answer = file(samples::wav(8000, 440, 1), "\"v1\"", 60);
  const auto first = url("http://example.com/a.wav");
  const auto second = url("http://example.com/a.wav");
  EXPECT_EQ(*first, *second);
  EXPECT_EQ(fetcher_.asked.size(), 1U);
  clock_.advance(std::chrono::seconds(61));
  fetcher_.answer = file("", "\"v1\"", 60);
  fetcher_.answer->not_modified = true;
  EXPECT_EQ(*url("http://example.com/a.wav"), *first);
  EXPECT_EQ(fetcher_.asked.back(), "http://example.com/a.wav|\"v1\"");
  clock_.advance(std::chrono::seconds(61));
  fetcher_.answer = file(samples::wav(8000, 440, 1), "\"v2\"", 60);
  EXPECT_NE(*url("http://example.com/a.wav"), *first);
  EXPECT_EQ(fetcher_.asked.size(), 3U);
}

TEST_F(PromptLibraryTest, OtherGainsAndCodecsAreOtherPromptsAndTracks) {
  fetcher_.answer = file(samples::wav(8000, 440, 1), "\"v1\"", 60);
  const auto plain = url("http://example.com/a.wav");
  EXPECT_NE(*url("http://example.com/a.wav", -6), *plain);
  const auto wide = url("http://example.com/a.wav", 0, Codec::g722);
  EXPECT_EQ(*wide, *plain);
  EXPECT_EQ(fetcher_.asked.size(), 2U);
}

TEST_F(PromptLibraryTest, ManyWhoAskAtOnceCauseOneFetch) {
  fetcher_.hold = true;
  int answers = 0;
  std::shared_ptr<Prompt> prompt;
  for (const Codec codec : {Codec::pcmu, Codec::pcma, Codec::pcmu}) {
    library_->url("http://example.com/a.wav", 0, codec, [&](Answer a) {
      ASSERT_TRUE(a);
      EXPECT_TRUE(prompt == nullptr || prompt == *a);
      prompt = *a;
      ++answers;
    });
  }
  ASSERT_EQ(fetcher_.held.size(), 1U);
  fetcher_.held[0](file(samples::wav(8000, 440, 1)));
  for (int i = 0; i < 3; ++i) executor_.run_one();
  EXPECT_EQ(answers, 3);
}

TEST_F(PromptLibraryTest, FailuresAreNotCached) {
  auto answer = url("http://example.com/a.wav");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().message, "no script");
  fetcher_.answer = file("<html>not found</html>", "\"v\"", 60);
  answer = url("http://example.com/a.wav");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, PromptErrorCode::unsupported_format);
  fetcher_.answer = file(samples::wav(8000, 440, 1), "\"v\"", 60);
  EXPECT_TRUE(url("http://example.com/a.wav"));
}

TEST_F(PromptLibraryTest, ALyingWavAndABrokenFlac) {
  std::string lie = samples::wav(8000, 440, 1);
  lie[lie.find("data") + 6] = 0x7f;
  fetcher_.answer = file(lie);
  const auto refused = url("http://example.com/lie.wav");
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("claims"), std::string::npos);
  const std::string flac = samples::encoded(SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 8000, 1, 440, 10);
  fetcher_.answer = file(flac.substr(0, flac.size() / 2), "\"v\"", 60);
  const auto begun = url("http://example.com/cut.flac");
  ASSERT_TRUE(begun);
  wait_finished(**begun);
  EXPECT_NE((*begun)->error(), "");
  EXPECT_GT((*begun)->duration_ms(), 1000);
  settle();
  make();
}

TEST_F(PromptLibraryTest, LimitsOfSizeAndLengthAndLoad) {
  PromptLibraryOptions options;
  options.max_file_bytes = 40'000;
  options.max_duration_ms = 2000;
  options.max_loads = 1;
  make(options);
  fetcher_.answer = file(samples::wav(8000, 440, 3));
  EXPECT_EQ(url("http://example.com/a.wav").error().code, PromptErrorCode::too_large);
  fetcher_.answer = file(samples::wav(8000, 440, 4, SF_FORMAT_ULAW));
  EXPECT_EQ(url("http://example.com/a.wav").error().code, PromptErrorCode::too_large);
  fetcher_.hold = true;
  library_->url("http://example.com/1.wav", 0, Codec::pcmu, [](Answer) {});
  EXPECT_EQ(url("http://example.com/2.wav").error().code, PromptErrorCode::overloaded);
}

TEST_F(PromptLibraryTest, AFullPoolIsOverload) {
  pool_ = std::make_unique<runtime::BlockingPool>("decode", 1, 1);
  make();
  std::mutex gate;
  gate.lock();
  std::atomic<bool> running{false};
  ASSERT_TRUE(pool_->try_post([&] {
    running = true;
    const std::lock_guard wait(gate);
  }));
  while (!running) std::this_thread::yield();
  ASSERT_TRUE(pool_->try_post([] {}));
  std::optional<Answer> out;
  library_->tone({{440}, {}, -10, 1000}, 0, Codec::pcmu, [&](Answer a) { out = std::move(a); });
  executor_.run_one();
  EXPECT_EQ(out->error().code, PromptErrorCode::overloaded);
  gate.unlock();
  pool_.reset();  // Joined while the gate is there.
}

TEST_F(PromptLibraryTest, OtherSchemesAndFilesAreForbidden) {
  EXPECT_EQ(url("ftp://example.com/a.wav").error().code, PromptErrorCode::forbidden_url);
  EXPECT_EQ(url("file:///etc/passwd").error().code, PromptErrorCode::forbidden_url);
}

TEST_F(PromptLibraryTest, FilesOfThePromptFolder) {
  std::string folder = (std::filesystem::temp_directory_path() / "library-XXXXXX").string();
  ASSERT_NE(mkdtemp(folder.data()), nullptr);
  std::ofstream(folder + "/a.wav") << samples::wav(8000, 440, 1);
  PromptLibraryOptions options;
  options.prompt_folder = folder;
  make(options);
  const auto first = url("file:///a.wav");
  ASSERT_TRUE(first) << first.error().message;
  clock_.advance(std::chrono::seconds(2));
  EXPECT_EQ(*url("file:///a.wav"), *first);
  std::ofstream(folder + "/a.wav") << samples::wav(8000, 440, 2);
  clock_.advance(std::chrono::seconds(2));
  const auto changed = url("file:///a.wav");
  EXPECT_NE(*changed, *first);
  wait_finished(**changed);
  EXPECT_EQ((*changed)->duration_ms(), 2000);
  std::filesystem::remove_all(folder);
}

TEST_F(PromptLibraryTest, TonesAndSilence) {
  std::optional<Answer> out;
  library_->tone(*named_tone("beep"), 0, Codec::pcmu, [&](Answer a) { out = std::move(a); });
  executor_.run_one();
  ASSERT_TRUE(*out);
  wait_finished(***out);
  EXPECT_EQ((**out)->track(Codec::pcmu)->ready(), 25U);
  library_->silence(1500, Codec::pcma, [&](Answer a) { out = std::move(a); });
  executor_.run_one();
  wait_finished(***out);
  const auto track = (**out)->track(Codec::pcma);
  EXPECT_EQ(track->ready(), 75U);
  EXPECT_EQ(track->frame(10)[5], 0xd5);
  library_->tone({{5}, {}, -10, 1000}, 0, Codec::pcmu, [&](Answer a) { out = std::move(a); });
  executor_.run_one();
  EXPECT_EQ(out->error().code, PromptErrorCode::unsupported_format);
}

TEST_F(PromptLibraryTest, NothingCallsBackAfterItsEnd) {
  fetcher_.hold = true;
  library_->url("http://example.com/a.wav", 0, Codec::pcmu, [](Answer) { FAIL(); });
  library_->silence(1000, Codec::pcma, [](Answer) { FAIL(); });
  settle();
  library_.reset();
  fetcher_.held[0](file(samples::wav(8000, 440, 1)));
  executor_.run_one();
}

}  // namespace
}  // namespace tandem::media
