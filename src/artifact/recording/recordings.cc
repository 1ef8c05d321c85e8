#include "artifact/recording/recordings.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "artifact/recording/recording_machine.h"
#include "artifact/recording/spool_folder.h"
#include "base/hmac.h"
#include "runtime/blocking_pool.h"

namespace tandem::artifact {
namespace {

using model::ErrorCode;
using State = model::RecordingState;
using std::chrono::seconds;

constexpr Duration kLookAtDisk = seconds(2);
constexpr Duration kSweep = seconds(30);
constexpr std::size_t kPoolQueue = 65'536;

media::FileFormat file_format(model::RecordFormat f) {
  switch (f) {
    case model::RecordFormat::wav:
      return media::FileFormat::wav;
    case model::RecordFormat::ogg_opus:
      return media::FileFormat::ogg_opus;
    case model::RecordFormat::mp3:
      return media::FileFormat::mp3;
  }
  return media::FileFormat::wav;
}

media::RecordSide side_of(model::RecordTracks t) {
  switch (t) {
    case model::RecordTracks::both:
      return media::RecordSide::both;
    case model::RecordTracks::said:
      return media::RecordSide::said;
    case model::RecordTracks::heard:
      return media::RecordSide::heard;
  }
  return media::RecordSide::both;
}

model::Error record_failed(std::string message) {
  model::Error e;
  e.code = ErrorCode::record_failed;
  e.message = std::move(message);
  return e;
}

media::RecordSpec spec_of(const RecordingOrder& order, std::string path) {
  media::RecordSpec spec;
  spec.path = std::move(path);
  spec.format = file_format(order.format);
  spec.dual = order.channels == model::RecordChannels::dual;
  spec.side = side_of(order.tracks);
  spec.sample_rate_hz = order.sample_rate_hz;
  spec.skip_pauses = order.skip_pauses;
  spec.max_duration_ms = order.max_duration_ms;
  spec.initial_silence_ms = order.initial_silence_ms;
  spec.end_silence_ms = order.end_silence_ms;
  if (order.conference) {
    spec.origin = order.conference->origin;
    spec.side = media::RecordSide::said;
  }
  return spec;
}

media::RecordSource source_of(const RecordingOrder& order) {
  if (!order.conference) return order.call;
  media::RoomTrack track{order.conference->id, std::nullopt};
  if (!order.call.empty()) track.member = order.call;
  return track;
}

std::string maker_of(const model::Recording& r) {
  std::string out;
  if (r.call_id) out += " of call " + r.call_id->str();
  if (r.conference_id) out += " of conference " + r.conference_id->str();
  return out;
}

constexpr const char* kNoRoom = "the disk has no room left for recordings";

class RecordingsImpl final : public Recordings {
 public:
  RecordingsImpl(RecordingsOptions options, media::Recorder& recorder, Repair repair,
                 runtime::TimerExecutor& control, Log log, Metrics& metrics)
      : options_(std::move(options)),
        folder_(options_.folder),
        recorder_(recorder),
        repair_(std::make_shared<Repair>(std::move(repair))),
        control_(control),
        log_(std::move(log)),
        running_(metrics.gauge("tandem_recordings_running", "Recordings being written")),
        bytes_(metrics.gauge("tandem_recordings_bytes", "Bytes of recordings in the spool folder")),
        failures_(metrics.counter("tandem_recording_failures_total", "Recordings that broke off")),
        look_(control),
        sweep_(control),
        pool_("artifact", 1, kPoolQueue) {}
  ~RecordingsImpl() override { *self_ = nullptr; }

  [[nodiscard]] Status<std::string> open() {
    auto contents = folder_.open();
    if (!contents) return Err(contents.error());
    key_ = std::move(contents->link_key);
    for (const std::string& name : contents->damaged)
      log_.warn("recordings: {}: the note cannot be read; it and its audio are left alone", name);
    for (RecordingNote& note : contents->notes) take_up(std::move(note));
    low_ = below_limit(folder_.free_bytes());
    look_.set(kLookAtDisk, [this] { look_at_disk(); });
    sweep_.set(kSweep, [this] { sweep(); });
    show_bytes();
    return Unit{};
  }

  void set_news(RecordingNews* news) override { news_ = news; }

  Result<model::RecordingId, model::Error> begin(RecordingOrder order,
                                                 Function<void(const RecordingEnd&)> ended) override {
    if (low_) return Err(record_failed(kNoRoom));
    if (options_.max_total_bytes > 0 && total_bytes_ >= options_.max_total_bytes)
      return Err(record_failed("the folder of recordings is full"));
    if (options_.max_account_bytes > 0 && account_bytes_[order.account] >= options_.max_account_bytes)
      return Err(record_failed("the account's recordings take all the room that it may have"));
    const model::RecordingId id = model::RecordingId::make();
    const std::string path = folder_.audio_path(id, order.format);
    // The note first: after a crash it is what leads to the audio.
    Entry entry;
    entry.note = note_of(order, id);
    entry.ended = std::move(ended);
    if (!save(entry.note)) return Err(record_failed("too much waits for the disk"));
    if (!recorder_.start(id, source_of(order), spec_of(order, path),
                         [this, self = self_, id](media::RecordResult r) {
                           if (*self != nullptr) closed(id, std::move(r));
                         })) {
      model::Error e = record_failed("as many recordings run as this node may write");
      e.code = ErrorCode::no_capacity;
      on_pool([folder = folder_, id] { folder.forget(id); });
      return Err(std::move(e));
    }
    entries_.emplace(id, std::move(entry));
    running_.set(static_cast<double>(recorder_.running()));
    return id;
  }
  void pause(const model::RecordingId& id, bool paused, TimePoint at) override {
    recorder_.pause(id, paused, at);
  }
  void stop(const model::RecordingId& id) override { recorder_.stop(id); }
  void discard(const model::RecordingId& id) override {
    Entry* e = find(id);
    if (e == nullptr) return;
    if (e->note.recording.state != State::pending) return purge(*e);
    e->discard = true;
    recorder_.stop(id);
  }

  bool busy(const model::SessionId& session) const override {
    return std::any_of(entries_.begin(), entries_.end(), [&](const auto& item) {
      const model::Recording& r = item.second.note.recording;
      return r.state == State::pending && r.session_id == session;
    });
  }
  void session_closed(const model::SessionId& session) override {
    std::vector<model::RecordingId> done;
    for (auto& [id, e] : entries_) {
      if (e.note.recording.session_id != session || e.note.outlives_session) continue;
      if (e.note.recording.state == State::pending) {
        e.session_over = true;
      } else if (e.note.recording.state != State::purged) {
        done.push_back(id);
      }
    }
    for (const model::RecordingId& id : done) purge(*find(id));
  }

  std::optional<std::string> file_of(const model::AccountId& account,
                                     const model::RecordingId& id) const override {
    const Entry* e = find(account, id);
    if (e == nullptr || e->note.recording.state != State::ready) return std::nullopt;
    return folder_.audio_path(id, e->note.recording.format);
  }
  std::vector<model::Recording> list(const model::AccountId& account) const override {
    std::vector<model::Recording> out;
    for (const auto& [id, e] : entries_) {
      if (e.note.account == account) out.push_back(view(e));
    }
    return out;
  }
  std::optional<model::Recording> recording(const model::AccountId& account,
                                            const model::RecordingId& id) const override {
    const Entry* e = find(account, id);
    return e == nullptr ? std::nullopt : std::optional(view(*e));
  }
  Status<model::Error> erase(const model::AccountId& account, const model::RecordingId& id) override {
    Entry* e = find(account, id) == nullptr ? nullptr : find(id);
    model::Error error;
    if (e == nullptr) {
      error.code = ErrorCode::not_found;
      error.message = "no such recording";
      return Err(std::move(error));
    }
    if (e->note.recording.state == State::pending) {
      error.code = ErrorCode::wrong_state;
      error.message = "the recording is still being written";
      return Err(std::move(error));
    }
    purge(*e);
    return Unit{};
  }
  void read(ContentRequest request, Function<void(Result<ContentPart, ContentFault>)> done) override {
    const Entry* e = find(request.account, request.id);
    if (request.link && !good_link(request)) return done(Err(ContentFault::bad_link));
    if (e == nullptr) return done(Err(ContentFault::not_found));
    const model::Recording& r = e->note.recording;
    if (r.state == State::pending) return done(Err(ContentFault::not_yet));
    if (!has_content(r.state) || r.size_bytes == 0) return done(Err(ContentFault::gone));
    auto answer = std::make_shared<Function<void(Result<ContentPart, ContentFault>)>>(std::move(done));
    const bool posted = pool_.try_post(
        [path = folder_.audio_path(r.id, r.format), format = r.format, answer, range = request.range] {
          auto part = SpoolFolder::read_part(path, range);
          if (part) part->format = format;
          (*answer)(std::move(part));
        });
    if (!posted) (*answer)(Err(ContentFault::unavailable));
  }

 private:
  struct Entry {
    RecordingNote note;
    Function<void(const RecordingEnd&)> ended;
    bool session_over = false;
    bool discard = false;
    bool no_room = false;
  };

  [[nodiscard]] Entry* find(const model::RecordingId& id) {
    const auto at = entries_.find(id);
    return at == entries_.end() ? nullptr : &at->second;
  }
  [[nodiscard]] const Entry* find(const model::AccountId& account, const model::RecordingId& id) const {
    const auto at = entries_.find(id);
    return at == entries_.end() || at->second.note.account != account ? nullptr : &at->second;
  }
  [[nodiscard]] RecordingNote note_of(const RecordingOrder& order, const model::RecordingId& id) const {
    RecordingNote note;
    note.account = order.account;
    note.outlives_session = order.outlives_session;
    model::Recording& r = note.recording;
    r.id = id;
    r.state = State::pending;
    if (!order.call.empty()) r.call_id = order.call;
    if (order.conference) {
      r.conference_id = order.conference->id;
      r.offset_ms = order.conference->offset_ms;
    }
    if (!order.session.empty()) r.session_id = order.session;
    if (!order.application.empty()) r.application_id = order.application;
    if (!order.op.empty()) r.op_id = order.op;
    r.format = order.format;
    r.channels = order.channels;
    r.tracks = order.tracks;
    r.sample_rate_hz = order.sample_rate_hz;
    r.started_at = control_.clock().wall();
    return note;
  }

  /// In the order of posting, on the one thread that touches the folder.
  template <class F>
  bool on_pool(F work) {
    if (pool_.try_post(std::move(work))) return true;
    log_.error("recordings: too much waits for the disk");
    return false;
  }
  bool save(const RecordingNote& note) {
    return on_pool([folder = folder_, note, log = log_]() mutable {
      if (!folder.write(note)) log.error("recording {}: its note cannot be written", note.recording.id.str());
    });
  }
  /// Runs `f(*this)` on the control thread if the object still exists.
  template <class F>
  auto back(F f) {
    return [self = self_, &control = control_, f = std::move(f)](auto value) mutable {
      control.post([self, f = std::move(f), v = std::move(value)]() mutable {
        if (*self != nullptr) f(**self, std::move(v));
      });
    };
  }

  /// The recorder has closed the file.
  void closed(const model::RecordingId& id, media::RecordResult result) {
    Entry* e = find(id);
    if (e == nullptr) return;
    if (e->no_room) {
      result.how = media::RecordEnd::failed;
      result.error = kNoRoom;
    }
    model::Recording& r = e->note.recording;
    r.ended_at = control_.clock().wall();
    r.duration_ms = result.duration_ms;
    r.size_bytes = static_cast<std::int64_t>(result.bytes);
    r.gap_ms = result.gap_ms;
    RecordingEnd end{result.how, r.duration_ms, r.size_bytes, r.gap_ms, std::nullopt};
    if (result.how == media::RecordEnd::failed) {
      r.error = record_failed(result.error);
      end.error = r.error;
      failures_.add();
      log_.error("recording {}{} broke off: {}", id.str(), maker_of(r), result.error);
    }
    running_.set(static_cast<double>(recorder_.running()));
    if (auto ended = std::move(e->ended)) ended(end);
    e = find(id);
    if (e == nullptr) return;
    const bool unwanted = e->discard || (e->session_over && !e->note.outlives_session);
    if (unwanted) {
      purge(*e);
    } else {
      hash(id, e->note.recording.error.has_value());
    }
  }

  /// What the file holds: its length after a failure, and its hash.
  struct Looked {
    std::optional<media::RepairedFile> repaired;
    std::string sha256;
    std::string problem;
  };
  void hash(const model::RecordingId& id, bool repair_first) {
    const model::Recording& r = find(id)->note.recording;
    auto done = back([id](RecordingsImpl& self, Looked looked) { self.settle(id, std::move(looked)); });
    const bool posted = on_pool([path = folder_.audio_path(id, r.format), format = file_format(r.format),
                                 repair_first, repair = repair_, d = std::move(done)]() mutable {
      Looked looked;
      if (repair_first) {
        auto repaired = (*repair)(path, format);
        if (repaired) {
          looked.repaired = *repaired;
        } else {
          looked.problem = repaired.error();
        }
      }
      if (looked.problem.empty()) looked.sha256 = SpoolFolder::hash_of(path);
      d(std::move(looked));
    });
    if (!posted) settle(id, {std::nullopt, {}, "too much waits for the disk"});
  }
  void settle(const model::RecordingId& id, Looked looked) {
    Entry* e = find(id);
    if (e == nullptr || e->note.recording.state != State::pending) return;
    if (e->discard) return purge(*e);
    model::Recording& r = e->note.recording;
    if (looked.repaired) {
      r.duration_ms = looked.repaired->duration_ms;
      r.size_bytes = static_cast<std::int64_t>(looked.repaired->bytes);
    }
    if (!looked.problem.empty()) r.size_bytes = r.duration_ms = 0;
    if (!looked.sha256.empty()) r.sha256 = looked.sha256;
    if (looked.sha256.empty() && !r.error)
      r.error = record_failed(looked.problem.empty() ? "the file cannot be read" : looked.problem);
    move(*e, r.error ? RecordingEvent::broke : RecordingEvent::settled);
    count(*e, r.size_bytes);
    save(e->note);
    if (r.error) {
      tell(*e, model::RecordingFailedEvent{view(*e)});
    } else {
      tell(*e, model::RecordingReadyEvent{view(*e)});
    }
    e = find(id);
    if (e != nullptr && e->session_over && !e->note.outlives_session) purge(*e);
  }
  bool move(Entry& e, RecordingEvent event) {
    const auto next = step(e.note.recording.state, event);
    if (next) e.note.recording.state = *next;
    return next.has_value();
  }

  void purge(Entry& e) {
    const bool counted = e.note.recording.state != State::pending;
    if (!move(e, RecordingEvent::purge)) return;
    if (counted) count(e, -e.note.recording.size_bytes);
    e.note.purged_at = control_.clock().wall();
    on_pool([folder = folder_, note = e.note, log = log_,
             done = back([id = e.note.recording.id](RecordingsImpl& self, bool) {
               Entry* gone = self.find(id);
               if (gone == nullptr) return;
               model::RecordingPurgedEvent event;
               event.recording_id = id;
               event.conference_id = gone->note.recording.conference_id;
               self.tell(*gone, std::move(event));
             })]() mutable {
      folder.delete_audio(note.recording.id, note.recording.format);
      // Without it the recording is found to have no audio at the next start.
      if (!folder.write(note)) log.error("recording {}: its note cannot be written", note.recording.id.str());
      done(true);
    });
  }

  void tell(const Entry& e, model::EventData data) {
    const model::Recording& r = e.note.recording;
    if (news_ == nullptr || !r.session_id) return;
    model::Event event;
    if (r.call_id && !r.conference_id) event.call_id = *r.call_id;
    if (r.op_id) event.op_id = *r.op_id;
    event.data = std::move(data);
    news_->on_recording(*r.session_id, std::move(event));
  }

  [[nodiscard]] model::Recording view(const Entry& e) const {
    model::Recording out = e.note.recording;
    if (has_content(out.state) && out.size_bytes > 0) {
      const std::int64_t expires =
          (control_.clock().wall().time_since_epoch() + options_.link_ttl).count() / 1000;
      out.content_path =
          fmt::format("/v1/Accounts/{}/Recordings/{}/Content?expires={}&signature={}", e.note.account.str(),
                      out.id.str(), expires, signature(e.note.account, out.id, expires));
    }
    return out;
  }
  [[nodiscard]] std::string signature(const model::AccountId& account, const model::RecordingId& id,
                                      std::int64_t expires) const {
    return hmac_sha256_hex(key_, fmt::format("{}/{}/{}", account.str(), id.str(), expires));
  }
  [[nodiscard]] bool good_link(const ContentRequest& request) const {
    const auto& [expires, shown] = *request.link;
    const std::int64_t now = control_.clock().wall().time_since_epoch().count() / 1000;
    return equal_constant_time(shown, signature(request.account, request.id, expires)) && now <= expires;
  }

  /// From an earlier life of the process.
  void take_up(RecordingNote note) {
    const model::RecordingId id = note.recording.id;
    note.outlives_session = true;  // Its session is gone.
    Entry& e = entries_.emplace(id, Entry{std::move(note), {}, false, false, false}).first->second;
    model::Recording& r = e.note.recording;
    if (r.state == State::purged) {
      folder_.delete_audio(id, r.format);  // The process may have died in between.
      return;
    }
    if (r.state != State::pending) return count(e, r.size_bytes);
    log_.warn("recording {}{} was left behind; its file is put right", id.str(), maker_of(r));
    r.ended_at = control_.clock().wall();
    hash(id, true);
  }

  void count(const Entry& e, std::int64_t bytes) {
    total_bytes_ += static_cast<std::uint64_t>(bytes);
    account_bytes_[e.note.account] += static_cast<std::uint64_t>(bytes);
    show_bytes();
  }
  void show_bytes() { bytes_.set(static_cast<double>(total_bytes_)); }

  [[nodiscard]] bool below_limit(std::optional<std::uint64_t> free) const {
    return free && *free < options_.min_free_bytes;
  }
  void look_at_disk() {
    on_pool([folder = folder_, done = back([](RecordingsImpl& self, std::optional<std::uint64_t> free) {
                                 self.looked_at_disk(free);
                               })]() mutable { done(folder.free_bytes()); });
    look_.set(kLookAtDisk, [this] { look_at_disk(); });
  }
  void looked_at_disk(std::optional<std::uint64_t> free) {
    const bool low = below_limit(free);
    if (low != low_ && low)
      log_.error("alert: recordings: {} bytes are free on the disk; none begins", *free);
    if (low != low_ && !low) log_.info("recordings: there is room on the disk again");
    low_ = low;
    if (!low_) return;
    for (auto& [id, e] : entries_) {
      if (e.note.recording.state != State::pending || e.no_room) continue;
      e.no_room = true;
      recorder_.stop(id);
    }
  }

  void sweep() {
    const WallTime now = control_.clock().wall();
    std::vector<model::RecordingId> old;
    std::vector<model::RecordingId> forgotten;
    for (const auto& [id, e] : entries_) {
      const model::Recording& r = e.note.recording;
      const bool ended = r.state == State::ready || r.state == State::failed;
      if (ended && e.note.outlives_session && r.ended_at && now - *r.ended_at > options_.retention)
        old.push_back(id);
      if (r.state == State::purged && now - e.note.purged_at.value_or(now) > options_.tombstone)
        forgotten.push_back(id);
    }
    for (const auto& id : old) purge(*find(id));
    for (const auto& id : forgotten) {
      entries_.erase(id);
      on_pool([folder = folder_, id] { folder.forget(id); });
    }
    sweep_.set(kSweep, [this] { sweep(); });
  }

  const RecordingsOptions options_;
  const SpoolFolder folder_;
  media::Recorder& recorder_;
  const std::shared_ptr<Repair> repair_;  // Shared with work on the pool.
  runtime::TimerExecutor& control_;
  mutable Log log_;
  Gauge running_;
  Gauge bytes_;
  Counter failures_;
  RecordingNews* news_ = nullptr;
  std::string key_;
  // Shared with what is under way: null once the object is gone.
  const std::shared_ptr<RecordingsImpl*> self_ = std::make_shared<RecordingsImpl*>(this);
  std::unordered_map<model::RecordingId, Entry> entries_;
  std::unordered_map<model::AccountId, std::uint64_t> account_bytes_;
  std::uint64_t total_bytes_ = 0;
  bool low_ = false;
  runtime::Timer look_;
  runtime::Timer sweep_;
  runtime::BlockingPool pool_;  // Last: its work ends before anything else goes.
};

}  // namespace

Result<std::unique_ptr<Recordings>, std::string> make_recordings(RecordingsOptions options,
                                                                 media::Recorder& recorder, Repair repair,
                                                                 runtime::TimerExecutor& control, Log log,
                                                                 Metrics& metrics) {
  auto made = std::make_unique<RecordingsImpl>(std::move(options), recorder, std::move(repair), control,
                                               std::move(log), metrics);
  if (auto ok = made->open(); !ok) return Err(ok.error());
  return std::unique_ptr<Recordings>(std::move(made));
}

}  // namespace tandem::artifact
