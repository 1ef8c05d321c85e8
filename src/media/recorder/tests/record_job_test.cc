// One recording without an engine: frames in, a file out.
#include "media/recorder/record_job.h"

#include <sys/resource.h>

#include <csignal>
#include <fstream>

#include "media/recorder/recorder.h"
#include "media/recorder/tests/recording_checks.h"

namespace tandem::media::test {
namespace {

using std::chrono::milliseconds;

class JobTest : public testing::Test {
 protected:
  void begin(RecordSpec spec) {
    spec.path = folder.file("a");
    tap = std::make_shared<RecordTap>();
    job.emplace(spec, tap);
  }
  /// `frames` ticks; the job runs after each 50.
  void talk(int frames, Speaker* said, Speaker* heard, std::uint32_t said_hz = 8000) {
    for (int i = 0; i < frames && !result; ++i) {
      tap->frame(now, {said == nullptr ? std::span<const std::int16_t>{} : said->frame(), said_hz},
                 {heard == nullptr ? std::span<const std::int16_t>{} : heard->frame(), 8000});
      now += milliseconds(20);
      if (i % 50 == 49) result = job->run();
    }
    if (!result) result = job->run();
  }
  RecordResult stop() {
    tap->end();
    if (!result) result = job->run();
    EXPECT_TRUE(result);
    return result.value_or(RecordResult{});
  }
  Decoded file() { return decode_file(folder.file("a")); }

  TemporaryFolder folder;
  std::shared_ptr<RecordTap> tap;
  std::optional<RecordJob> job;
  std::optional<RecordResult> result;
  TimePoint now{std::chrono::seconds(50)};
  Speaker caller{500};
  Speaker server{1700};
};

TEST_F(JobTest, TwoChannelsInEachFormat) {
  for (const FileFormat format : {FileFormat::wav, FileFormat::ogg_opus, FileFormat::mp3}) {
    RecordSpec spec;
    spec.format = format;
    spec.dual = true;
    spec.sample_rate_hz = 16'000;
    result.reset();
    begin(spec);
    talk(50, &caller, nullptr);
    talk(50, nullptr, &server);
    const RecordResult r = stop();
    EXPECT_EQ(r.how, RecordEnd::stopped) << r.error;
    EXPECT_EQ(r.duration_ms, 2000);
    EXPECT_EQ(r.bytes, std::filesystem::file_size(folder.file("a")));
    const Decoded d = file();
    ASSERT_EQ(d.channels.size(), 2U);
    EXPECT_NEAR(static_cast<double>(d.ms()), 2000, format == FileFormat::mp3 ? 160 : 20);
    // MP3 begins with the coder's delay.
    const std::int64_t late = format == FileFormat::mp3 ? 80 : 0;
    EXPECT_GT(d.tone(0, 500, 100 + late, 900 + late), 0.95);
    EXPECT_TRUE(d.silent(1, 100, 900));
    EXPECT_TRUE(d.silent(0, 1150 + late, 1900));
    EXPECT_GT(d.tone(1, 1700, 1100 + late, 1900), 0.95);
    std::filesystem::remove(folder.file("a"));
  }
}

TEST_F(JobTest, MonoMixesAndOneSideStandsAlone) {
  begin({});
  talk(50, &caller, &server);
  stop();
  Decoded d = file();
  ASSERT_EQ(d.channels.size(), 1U);
  EXPECT_NEAR(d.tone(0, 500, 0, 1000), 0.5, 0.05);
  EXPECT_NEAR(d.tone(0, 1700, 0, 1000), 0.5, 0.05);
  std::filesystem::remove(folder.file("a"));
  result.reset();
  RecordSpec spec;
  spec.side = RecordSide::heard;
  begin(spec);
  talk(50, &caller, &server);
  stop();
  EXPECT_GT(file().tone(0, 1700, 0, 1000), 0.98);
}

TEST_F(JobTest, APauseIsSilenceOrNothing) {
  for (const bool skip : {false, true}) {
    RecordSpec spec;
    spec.skip_pauses = skip;
    result.reset();
    begin(spec);
    talk(25, &caller, nullptr);
    tap->pause(true, now);
    talk(25, &server, nullptr);
    tap->pause(false, now);
    talk(25, &caller, nullptr);
    EXPECT_EQ(stop().duration_ms, skip ? 1000 : 1500);
    const Decoded d = file();
    EXPECT_LT(d.tone(0, 1700, 0, 1500), 0.01);
    EXPECT_GT(d.tone(0, 500, 0, 500), 0.98);
    EXPECT_EQ(d.silent(0, 500, 1000), !skip);
    EXPECT_GT(d.tone(0, 500, skip ? 500 : 1000, skip ? 1000 : 1500), 0.98);
    std::filesystem::remove(folder.file("a"));
  }
}

TEST_F(JobTest, TimeThatIsMissingIsSilenceOfItsLength) {
  begin({});
  talk(50, &caller, nullptr);
  now += milliseconds(400);
  talk(50, &caller, nullptr);
  const RecordResult r = stop();
  EXPECT_EQ(r.duration_ms, 2400);
  EXPECT_EQ(r.gap_ms, 400);
  const Decoded d = file();
  EXPECT_GT(d.tone(0, 500, 0, 1000), 0.98);
  EXPECT_TRUE(d.silent(0, 1000, 1400));
  EXPECT_GT(d.tone(0, 500, 1400, 2400), 0.98);
}

TEST_F(JobTest, ADiskThatHangsCostsAudioButNotTime) {
  begin({});
  for (int i = 0; i < 400; ++i) {
    tap->frame(now, {caller.frame(), 8000}, {});
    now += milliseconds(20);
  }
  EXPECT_FALSE(job->run());
  talk(10, &caller, nullptr);
  const RecordResult r = stop();
  EXPECT_EQ(r.duration_ms, 8200);
  EXPECT_EQ(r.gap_ms, (400 - static_cast<std::int64_t>(FrameQueue::kFrames)) * 20);
}

TEST_F(JobTest, LateTicksAreNoGap) {
  begin({});
  for (int i = 0; i < 50; ++i) {
    tap->frame(now + milliseconds(i % 5 == 0 ? 45 : 0), {caller.frame(), 8000}, {});
    now += milliseconds(20);
  }
  const RecordResult r = stop();
  EXPECT_EQ(r.duration_ms, 1000);
  EXPECT_EQ(r.gap_ms, 0);
  EXPECT_GT(file().tone(0, 500, 0, 1000), 0.98);
}

TEST_F(JobTest, TheRateMayChangeOnTheWay) {
  begin({});
  Speaker wide(500, 16'000);
  talk(50, &caller, nullptr);
  talk(50, &wide, nullptr, 16'000);
  talk(50, &caller, nullptr);
  EXPECT_EQ(stop().duration_ms, 3000);
  const Decoded d = file();
  EXPECT_GT(d.tone(0, 500, 0, 1000), 0.98);
  EXPECT_GT(d.tone(0, 500, 1040, 2000), 0.98);
  EXPECT_GT(d.tone(0, 500, 2000, 3000), 0.98);
}

TEST_F(JobTest, MaxDurationIsExact) {
  RecordSpec spec;
  spec.max_duration_ms = 700;
  begin(spec);
  talk(100, &caller, nullptr);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->how, RecordEnd::max_duration);
  EXPECT_EQ(result->duration_ms, 700);
  EXPECT_EQ(file().ms(), 700);
}

TEST_F(JobTest, SilenceEndsIt) {
  RecordSpec spec;
  spec.initial_silence_ms = 1000;
  spec.end_silence_ms = 600;
  begin(spec);
  talk(100, nullptr, &server);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->how, RecordEnd::no_input);
  EXPECT_EQ(result->duration_ms, 1000);
  std::filesystem::remove(folder.file("a"));

  result.reset();
  begin(spec);
  talk(20, nullptr, nullptr);
  talk(25, &caller, nullptr);
  talk(20, nullptr, nullptr);  // A breath.
  talk(25, &caller, nullptr);
  talk(60, nullptr, nullptr);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->how, RecordEnd::end_silence);
  EXPECT_EQ(result->duration_ms, 1800 + 600);
}

TEST_F(JobTest, TheStreamsEndEndsItWithAllThatCame) {
  begin({});
  for (int i = 0; i < 10; ++i) {
    tap->frame(now, {caller.frame(), 8000}, {});
    now += milliseconds(20);
  }
  tap->closed();
  result = job->run();
  ASSERT_TRUE(result);
  EXPECT_EQ(result->how, RecordEnd::stream_closed);
  EXPECT_EQ(result->duration_ms, 200);
}

TEST_F(JobTest, AFileThatNobodyClosedIsPlayableAndPutRight) {
  for (const FileFormat format : {FileFormat::wav, FileFormat::ogg_opus, FileFormat::mp3}) {
    RecordSpec spec;
    spec.format = format;
    spec.dual = true;
    result.reset();
    begin(spec);
    talk(200, &caller, &server);
    // As the disk has it when the process dies now; with a broken write at its end.
    std::filesystem::copy_file(folder.file("a"), folder.file("b"));
    std::ofstream(folder.file("b"), std::ios::app | std::ios::binary) << "OggS\x01\x02\x03";
    const auto repaired = repair_recording(folder.file("b"), format);
    ASSERT_TRUE(repaired) << repaired.error();
    EXPECT_GE(repaired->duration_ms, 4000 - 800) << static_cast<int>(format) << " " << repaired->bytes;
    EXPECT_LE(repaired->duration_ms, 4000 + 80);
    EXPECT_EQ(repaired->bytes, std::filesystem::file_size(folder.file("b")));
    const Decoded d = decode_file(folder.file("b"));
    EXPECT_GT(d.tone(0, 500, 200, 3000), 0.95);
    EXPECT_GT(d.tone(1, 1700, 200, 3000), 0.95);
    stop();
    std::filesystem::remove(folder.file("a"));
    std::filesystem::remove(folder.file("b"));
  }
}

TEST_F(JobTest, WhatCannotBeWrittenFailsAndKeepsWhatWas) {
  ::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  for (const FileFormat format : {FileFormat::wav, FileFormat::ogg_opus}) {
    RecordSpec spec;
    spec.format = format;
    result.reset();
    begin(spec);
    rlimit small = before;
    small.rlim_cur = format == FileFormat::wav ? 100'000 : 6'000;
    ::setrlimit(RLIMIT_FSIZE, &small);
    talk(1000, &caller, nullptr);
    ::setrlimit(RLIMIT_FSIZE, &before);
    ASSERT_TRUE(result);
    EXPECT_EQ(result->how, RecordEnd::failed);
    EXPECT_FALSE(result->error.empty());
    const auto repaired = repair_recording(folder.file("a"), format);
    ASSERT_TRUE(repaired) << repaired.error();
    EXPECT_GT(repaired->duration_ms, 500);
    std::filesystem::remove(folder.file("a"));
  }
}

TEST_F(JobTest, AFileThatIsThereIsNotTouched) {
  std::ofstream(folder.file("a")) << "mine";
  begin({});
  result = job->run();
  ASSERT_TRUE(result);
  EXPECT_EQ(result->how, RecordEnd::failed);
  EXPECT_EQ(std::filesystem::file_size(folder.file("a")), 4U);
}

}  // namespace
}  // namespace tandem::media::test
