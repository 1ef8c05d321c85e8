// Recordings over a real folder and a recorder that the test plays.
#include "artifact/recording/recordings.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "artifact/recording/recording_machine.h"
#include "artifact/recording/recording_note.h"
#include "base/hmac.h"
#include "runtime/manual_loop.h"

namespace tandem::artifact::test {
namespace {

namespace fs = std::filesystem;
using State = model::RecordingState;

class FakeRecorder final : public media::Recorder {
 public:
  struct One {
    media::RecordSource source;
    media::RecordSpec spec;
    Function<void(media::RecordResult)> done;
    bool stopped = false;
  };
  std::map<model::RecordingId, One> all;
  bool full = false;
  bool start(const model::RecordingId& id, const media::RecordSource& source, media::RecordSpec spec,
             Function<void(media::RecordResult)> done) override {
    if (full) return false;
    all.emplace(id, One{source, std::move(spec), std::move(done), false});
    return true;
  }
  void pause(const model::RecordingId&, bool, TimePoint) override {}
  void stop(const model::RecordingId& id) override {
    if (const auto at = all.find(id); at != all.end()) at->second.stopped = true;
  }
  [[nodiscard]] std::size_t running() const override { return all.size(); }

  /// Writes `text` as the file and says that it is closed.
  void end(const model::RecordingId& id, const std::string& text,
           media::RecordEnd how = media::RecordEnd::stopped) {
    One one = std::move(all.at(id));
    all.erase(id);
    std::ofstream(one.spec.path) << text;
    one.done({how, 1000, text.size(), 0, how == media::RecordEnd::failed ? "the disk is full" : ""});
  }
};

struct News final : RecordingNews {
  std::vector<std::string> told;
  std::vector<model::Recording> recordings;
  void on_recording(const model::SessionId& session, model::Event event) override {
    told.push_back(session.str() + " " + std::string(model::event_type(event.data)));
    if (const auto* ready = std::get_if<model::RecordingReadyEvent>(&event.data))
      recordings.push_back(ready->recording);
  }
};

class RecordingsTest : public testing::Test {
 protected:
  RecordingsTest() {
    std::string name = (fs::temp_directory_path() / "tandem-spool-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
    options_.folder = folder_;
    start();
  }
  ~RecordingsTest() override {
    recordings_.reset();
    fs::remove_all(folder_);
  }
  void start() {
    recordings_.reset();
    loop_.run_until_idle();
    auto made = make_recordings(
        options_, recorder_,
        [this](const std::string& path, media::FileFormat) -> Result<media::RepairedFile, std::string> {
          if (!fs::exists(path)) return Err(std::string("there is no file"));
          std::ofstream(path, std::ios::app) << " repaired";
          return media::RepairedFile{repaired_ms_, fs::file_size(path)};
        },
        loop_, Log(), metrics_);
    ASSERT_TRUE(made) << made.error();
    recordings_ = std::move(*made);
    recordings_->set_news(&news_);
  }
  /// Lets the folder's thread do what waits.
  void settle() {
    for (int i = 0; i < 3; ++i) {
      std::atomic<bool> done{false};
      // Its work is done in order.
      recordings_->read({kAccount, kept_, {}, {}},
                        [&done](Result<ContentPart, ContentFault>) { done = true; });
      while (!done) std::this_thread::yield();
      loop_.run_until_idle();
    }
  }
  RecordingOrder order() {
    RecordingOrder o;
    o.account = kAccount;
    o.session = model::SessionId("SE1");
    o.call = model::CallId("CA1");
    o.op = model::OpId("OP1");
    return o;
  }
  model::RecordingId begin(RecordingOrder o) {
    auto begun = recordings_->begin(std::move(o), [this](const RecordingEnd& end) { ends_.push_back(end); });
    EXPECT_TRUE(begun);
    return *begun;
  }
  /// A ready one by which settle() knows that others are done.
  void keep_one() {
    auto o = order();
    o.session = {};
    o.outlives_session = true;
    kept_ = begin(o);
    recorder_.end(kept_, "kept");
    while (state(kept_) == State::pending) {
      std::this_thread::yield();
      loop_.run_until_idle();
    }
  }
  State state(const model::RecordingId& id) { return recordings_->recording(kAccount, id)->state; }
  Result<ContentPart, ContentFault> read(ContentRequest request) {
    std::optional<Result<ContentPart, ContentFault>> out;
    std::atomic<bool> done{false};
    recordings_->read(std::move(request), [&](Result<ContentPart, ContentFault> r) {
      out = std::move(r);
      done = true;
    });
    while (!done) std::this_thread::yield();
    return std::move(*out);
  }
  std::string path(const model::RecordingId& id) { return folder_ + "/" + id.str() + ".wav"; }

  const model::AccountId kAccount{"AC1"};
  std::string folder_;
  RecordingsOptions options_;
  runtime::ManualLoop loop_;
  Metrics metrics_;
  FakeRecorder recorder_;
  News news_;
  std::vector<RecordingEnd> ends_;
  model::RecordingId kept_{"REnone"};
  std::int64_t repaired_ms_ = 900;
  std::unique_ptr<Recordings> recordings_;
};

TEST_F(RecordingsTest, BecomesReadyWithSizeAndHash) {
  keep_one();
  const auto id = begin(order());
  EXPECT_EQ(state(id), State::pending);
  EXPECT_TRUE(recordings_->busy(model::SessionId("SE1")));
  EXPECT_FALSE(recordings_->file_of(kAccount, id));
  recorder_.end(id, "audio");
  EXPECT_EQ(ends_.back().size_bytes, 5);
  settle();
  const auto r = *recordings_->recording(kAccount, id);
  EXPECT_EQ(r.state, State::ready);
  EXPECT_EQ(r.sha256, sha256_hex("audio"));
  EXPECT_EQ(r.duration_ms, 1000);
  EXPECT_EQ(news_.told, std::vector<std::string>{"SE1 recording.ready"});
  EXPECT_EQ(recordings_->file_of(kAccount, id), path(id));
  EXPECT_FALSE(recordings_->busy(model::SessionId("SE1")));
}

TEST_F(RecordingsTest, AnotherAccountSeesNothing) {
  keep_one();
  const model::AccountId other("AC2");
  EXPECT_FALSE(recordings_->recording(other, kept_));
  EXPECT_FALSE(recordings_->file_of(other, kept_));
  EXPECT_TRUE(recordings_->list(other).empty());
  EXPECT_FALSE(recordings_->erase(other, kept_));
  EXPECT_EQ(read({other, kept_, {}, {}}).error(), ContentFault::not_found);
  EXPECT_EQ(state(kept_), State::ready);
}

TEST_F(RecordingsTest, TheSessionsEndPurgesWhatItLeft) {
  keep_one();
  const auto ready = begin(order());
  recorder_.end(ready, "audio");
  settle();
  const auto running = begin(order());
  recordings_->session_closed(model::SessionId("SE1"));
  settle();
  EXPECT_EQ(state(ready), State::purged);
  EXPECT_FALSE(fs::exists(path(ready)));
  EXPECT_EQ(read({kAccount, ready, {}, {}}).error(), ContentFault::gone);
  EXPECT_EQ(state(running), State::pending);
  recorder_.end(running, "more");
  settle();
  EXPECT_EQ(state(running), State::purged);
  EXPECT_FALSE(fs::exists(path(running)));
  EXPECT_EQ(state(kept_), State::ready);
  EXPECT_EQ(news_.told.back(), "SE1 recording.purged");
}

TEST_F(RecordingsTest, DiscardDeletesTheAudio) {
  keep_one();
  const auto id = begin(order());
  recordings_->discard(id);
  EXPECT_TRUE(recorder_.all.at(id).stopped);
  recorder_.end(id, "audio");
  settle();
  EXPECT_EQ(state(id), State::purged);
  EXPECT_FALSE(fs::exists(path(id)));
}

TEST_F(RecordingsTest, WhatBrokeOffKeepsWhatWasWritten) {
  keep_one();
  const auto id = begin(order());
  recorder_.end(id, "part", media::RecordEnd::failed);
  EXPECT_EQ(ends_.back().error->code, model::ErrorCode::record_failed);
  settle();
  const auto r = *recordings_->recording(kAccount, id);
  EXPECT_EQ(r.state, State::failed);
  EXPECT_EQ(r.error->message, "the disk is full");
  EXPECT_EQ(read({kAccount, id, {}, {}})->bytes, "part repaired");
  EXPECT_EQ(news_.told, std::vector<std::string>{"SE1 recording.failed"});
}

TEST_F(RecordingsTest, ACrashLeavesAFileThatIsFinishedAtTheNextStart) {
  const auto id = begin(order());
  std::ofstream(path(id)) << "half";
  const auto lost = begin(order());
  start();  // Nobody closed anything.
  keep_one();
  settle();
  const auto r = *recordings_->recording(kAccount, id);
  EXPECT_EQ(r.state, State::ready);
  EXPECT_EQ(r.duration_ms, 900);
  EXPECT_EQ(r.sha256, sha256_hex("half repaired"));
  EXPECT_EQ(r.call_id, model::CallId("CA1"));
  EXPECT_EQ(state(lost), State::failed);
  start();
  EXPECT_EQ(state(id), State::ready);
  EXPECT_EQ(recordings_->recording(kAccount, id)->sha256, sha256_hex("half repaired"));
  loop_.advance(options_.retention + std::chrono::minutes(2));
  settle();
  EXPECT_EQ(state(id), State::purged);
  while (fs::exists(path(id))) std::this_thread::yield();
}

TEST_F(RecordingsTest, OfAConferenceTheMixAndATrackAndTheirPlaceInTheWhole) {
  keep_one();
  auto mix = order();
  mix.call = {};
  mix.conference = {model::ConferenceId("CF1"), TimePoint(std::chrono::seconds(9)), 0};
  auto track = order();
  track.conference = {model::ConferenceId("CF1"), TimePoint(std::chrono::seconds(12)), 3000};
  const auto a = begin(mix), b = begin(track);
  const auto& of_mix = std::get<media::RoomTrack>(recorder_.all.at(a).source);
  EXPECT_EQ(of_mix.room, model::ConferenceId("CF1"));
  EXPECT_FALSE(of_mix.member);
  EXPECT_EQ(recorder_.all.at(a).spec.side, media::RecordSide::said);
  EXPECT_EQ(std::get<media::RoomTrack>(recorder_.all.at(b).source).member, model::CallId("CA1"));
  EXPECT_EQ(recorder_.all.at(b).spec.origin, TimePoint(std::chrono::seconds(12)));
  recorder_.end(a, "mix");
  recorder_.end(b, "track");
  settle();
  start();  // Its notes say the same.
  const auto r = *recordings_->recording(kAccount, b);
  EXPECT_EQ(r.conference_id, model::ConferenceId("CF1"));
  EXPECT_EQ(r.call_id, model::CallId("CA1"));
  EXPECT_EQ(r.offset_ms, 3000);
  EXPECT_FALSE(recordings_->recording(kAccount, a)->call_id);
  EXPECT_EQ(state(a), State::ready);
}

TEST_F(RecordingsTest, WhatIsReadyOrOnItsWayIsDiscardedToo) {
  keep_one();
  const auto ready = begin(order()), closing = begin(order());
  recorder_.end(ready, "ready");
  settle();
  recorder_.end(closing, "closing");
  recordings_->discard(closing);  // Its hash is not known yet.
  recordings_->discard(ready);
  settle();
  EXPECT_EQ(state(ready), State::purged);
  EXPECT_EQ(state(closing), State::purged);
}

TEST_F(RecordingsTest, SignedLinksAreGoodForATimeAndForOneRecording) {
  keep_one();
  const std::string link = *recordings_->recording(kAccount, kept_)->content_path;
  const auto expires = std::stoll(link.substr(link.find("expires=") + 8));
  const std::string signature = link.substr(link.find("signature=") + 10);
  EXPECT_EQ(read({kAccount, kept_, std::pair(expires, signature), {}})->bytes, "kept");
  EXPECT_EQ(read({kAccount, kept_, std::pair(expires + 1, signature), {}}).error(), ContentFault::bad_link);
  EXPECT_EQ(read({model::AccountId("AC2"), kept_, std::pair(expires, signature), {}}).error(),
            ContentFault::bad_link);
  loop_.advance(options_.link_ttl + std::chrono::seconds(2));
  EXPECT_EQ(read({kAccount, kept_, std::pair(expires, signature), {}}).error(), ContentFault::bad_link);
}

TEST_F(RecordingsTest, PartsOfAFile) {
  keep_one();
  const auto part = [&](std::optional<std::uint64_t> first, std::optional<std::uint64_t> last) {
    const auto got = read({kAccount, kept_, {}, ByteRange{first, last}});
    return got ? got->bytes : "fault " + std::to_string(static_cast<int>(got.error()));
  };
  EXPECT_EQ(part(0, 0), "k");
  EXPECT_EQ(part(1, 99), "ept");
  EXPECT_EQ(part(2, {}), "pt");
  EXPECT_EQ(part({}, 3), "ept");
  EXPECT_EQ(part(4, {}), "fault " + std::to_string(static_cast<int>(ContentFault::bad_range)));
  EXPECT_EQ(part(3, 2), "fault " + std::to_string(static_cast<int>(ContentFault::bad_range)));
}

TEST_F(RecordingsTest, AnAccountsRoomIsItsOwn) {
  options_.max_account_bytes = 4;
  start();
  keep_one();
  EXPECT_FALSE(recordings_->begin(order(), {}));
  auto other = order();
  other.account = model::AccountId("AC2");
  EXPECT_TRUE(recordings_->begin(other, {}));
  EXPECT_TRUE(recordings_->erase(kAccount, kept_));
  EXPECT_TRUE(recordings_->begin(order(), {}));
}

TEST_F(RecordingsTest, WithoutRoomOnTheDiskNoneBegins) {
  options_.min_free_bytes = std::uint64_t{1} << 62;
  start();
  const auto refused = recordings_->begin(order(), {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, model::ErrorCode::record_failed);
}

TEST(RecordingMachine, EveryPair) {
  using enum RecordingEvent;
  const State states[] = {State::pending, State::ready, State::shipped, State::failed, State::purged};
  for (const State s : states) {
    EXPECT_EQ(step(s, settled), s == State::pending ? std::optional(State::ready) : std::nullopt);
    EXPECT_EQ(step(s, broke), s == State::pending ? std::optional(State::failed) : std::nullopt);
    EXPECT_EQ(step(s, purge), s == State::purged ? std::nullopt : std::optional(State::purged));
  }
}

TEST(RecordingNoteText, ThereAndBackAndNothingHalf) {
  RecordingNote note;
  note.account = model::AccountId("AC1");
  note.outlives_session = true;
  note.recording.id = model::RecordingId("RE1");
  note.recording.call_id = model::CallId("CA1");
  note.recording.state = State::failed;
  note.recording.format = model::RecordFormat::ogg_opus;
  note.recording.channels = model::RecordChannels::dual;
  note.recording.sample_rate_hz = 16'000;
  note.recording.gap_ms = 40;
  note.recording.error.emplace();
  note.recording.error->code = model::ErrorCode::record_failed;
  note.recording.error->message = "two\nlines";
  const std::string text = to_text(note);
  const auto back = note_from(text);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->recording.error->message, "two lines");
  EXPECT_EQ(back->recording.sample_rate_hz, 16'000);
  EXPECT_TRUE(back->outlives_session);
  for (std::size_t n = 0; n + 1 < text.size(); ++n) EXPECT_FALSE(note_from(text.substr(0, n))) << n;
}

}  // namespace
}  // namespace tandem::artifact::test
