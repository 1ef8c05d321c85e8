#include "media/recorder/recorder.h"

#include <pthread.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <vector>

#include "media/recorder/record_job.h"

namespace tandem::media {
namespace {

// How long frames wait in the queue; a fifth of it may pass before the file has them after a crash.
constexpr std::chrono::milliseconds kRound{50};
// Of the frames of a room, which has one side.
constexpr FrameSizes kOfRoom{.said = 320, .heard = 0};

/// One thread that writes recordings in turn.
class WriterThread {
 public:
  /// Called on the thread, with the job gone from it.
  using Done = Function<void(const model::RecordingId&, RecordResult)>;
  WriterThread(Done done, std::size_t number) : done_(std::move(done)) {
    thread_ = std::thread([this, number] {
      pthread_setname_np(pthread_self(), ("recorder-" + std::to_string(number)).c_str());
      work();
    });
  }
  WriterThread(const WriterThread&) = delete;
  WriterThread& operator=(const WriterThread&) = delete;
  ~WriterThread() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_one();
    thread_.join();
  }

  void add(model::RecordingId id, std::unique_ptr<RecordJob> job) {
    {
      const std::lock_guard lock(mutex_);
      added_.push_back({std::move(id), std::move(job)});
    }
    wake_.notify_one();
  }

 private:
  struct Entry {
    model::RecordingId id;
    std::unique_ptr<RecordJob> job;
  };
  void work() {
    std::vector<Entry> jobs;
    while (true) {
      {
        std::unique_lock lock(mutex_);
        const auto ready = [this] { return stopping_ || !added_.empty(); };
        if (jobs.empty()) {
          wake_.wait(lock, ready);
        } else {
          wake_.wait_for(lock, kRound, ready);
        }
        for (Entry& e : added_) jobs.push_back(std::move(e));
        added_.clear();
        if (stopping_) break;
      }
      round(jobs);
    }
    // What is still open ends with the process that ends: as it is, closed and whole.
    round(jobs);
  }
  void round(std::vector<Entry>& jobs) {
    for (Entry& e : jobs) {
      auto result = e.job->run();
      if (!result) continue;
      e.job.reset();
      done_(e.id, std::move(*result));
    }
    std::erase_if(jobs, [](const Entry& e) { return e.job == nullptr; });
  }

  Done done_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<Entry> added_;  // under mutex_
  bool stopping_ = false;     // under mutex_
  std::thread thread_;
};

class RecorderImpl final : public Recorder {
 public:
  RecorderImpl(RecorderOptions options, Engine& engine, Mixer& mixer, runtime::Executor& control)
      : options_(options), engine_(engine), mixer_(mixer) {
    const std::size_t n = std::max<std::size_t>(1, options.threads);
    for (std::size_t i = 0; i < n; ++i) {
      writers_.push_back(std::make_unique<WriterThread>(
          [self = self_, &control](const model::RecordingId& id, RecordResult result) {
            control.post([self, id, r = std::move(result)]() mutable {
              if (*self != nullptr) (*self)->ended(id, std::move(r));
            });
          },
          i));
    }
  }
  ~RecorderImpl() override {
    *self_ = nullptr;
    for (auto& [id, entry] : entries_) {
      entry.tap->end();
      remove(entry);
    }
    writers_.clear();
  }

  bool start(const model::RecordingId& id, const RecordSource& source, RecordSpec spec,
             Function<void(RecordResult)> done) override {
    if (entries_.size() >= options_.max_recordings || entries_.contains(id)) return false;
    const auto* track = std::get_if<RoomTrack>(&source);
    auto tap = track == nullptr ? std::make_shared<RecordTap>() : std::make_shared<RecordTap>(kOfRoom, true);
    entries_.emplace(id, Entry{source, tap, std::move(done)});
    writers_[next_++ % writers_.size()]->add(id, std::make_unique<RecordJob>(std::move(spec), tap));
    if (track != nullptr) {
      mixer_.add_room_tap(track->room, track->member, std::move(tap));
    } else {
      engine_.add_tap(std::get<StreamId>(source), std::move(tap));
    }
    return true;
  }
  void pause(const model::RecordingId& id, bool paused, TimePoint from) override {
    if (const auto at = entries_.find(id); at != entries_.end()) at->second.tap->pause(paused, from);
  }
  void stop(const model::RecordingId& id) override {
    if (const auto at = entries_.find(id); at != entries_.end()) at->second.tap->end();
  }
  [[nodiscard]] std::size_t running() const override { return entries_.size(); }

 private:
  struct Entry {
    RecordSource source;
    std::shared_ptr<RecordTap> tap;  // Shared with the engine and the writer.
    Function<void(RecordResult)> done;
  };
  void remove(const Entry& entry) {
    if (const auto* track = std::get_if<RoomTrack>(&entry.source)) {
      mixer_.remove_room_tap(track->room, entry.tap);
    } else {
      engine_.remove_tap(std::get<StreamId>(entry.source), entry.tap);
    }
  }
  void ended(const model::RecordingId& id, RecordResult result) {
    const auto at = entries_.find(id);
    if (at == entries_.end()) return;
    Entry entry = std::move(at->second);
    entries_.erase(at);
    remove(entry);
    entry.done(std::move(result));
  }

  const RecorderOptions options_;
  Engine& engine_;
  Mixer& mixer_;
  // Shared with results under way: null once the recorder is gone.
  const std::shared_ptr<RecorderImpl*> self_ = std::make_shared<RecorderImpl*>(this);
  std::unordered_map<model::RecordingId, Entry> entries_;
  std::size_t next_ = 0;
  std::vector<std::unique_ptr<WriterThread>> writers_;
};

}  // namespace

std::unique_ptr<Recorder> make_recorder(RecorderOptions options, Engine& engine, Mixer& mixer,
                                        runtime::Executor& control) {
  return std::make_unique<RecorderImpl>(options, engine, mixer, control);
}

}  // namespace tandem::media
