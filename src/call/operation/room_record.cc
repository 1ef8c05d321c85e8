#include "call/operation/room_record.h"

#include <algorithm>
#include <unordered_map>

#include "artifact/api/recordings.h"
#include "call/resource/call.h"
#include "call/resource/conference.h"

namespace tandem::call {
namespace {

using model::ConferenceTracks;
using std::chrono::milliseconds;

constexpr Duration kFrame = milliseconds(20);
constexpr std::size_t kMostFiles = 2'000;  ///< Of one recording; each is in its result.
constexpr double kBeepHz = 1400;
constexpr std::int64_t kBeepMs = 200;

PlayPlan beep_plan() {
  PlayPlan plan;
  media::ToneSpec tone;
  tone.frequencies_hz = {kBeepHz};
  tone.duration_ms = kBeepMs;
  plan.sources.emplace_back(std::move(tone));
  plan.fields.emplace_back("beep");
  return plan;
}

std::int64_t ms(Duration d) {
  return std::chrono::duration_cast<milliseconds>(d).count();
}

/// Its own words reach everybody, when it is not muted.
bool speaks_to_all(const ConferenceMember& member) {
  switch (member.role()) {
    case model::ConferenceRole::moderator:
    case model::ConferenceRole::participant:
      return true;
    case model::ConferenceRole::listener:
      return false;
    case model::ConferenceRole::supervisor:
      break;
  }
  const auto& supervise = member.plan.terms.supervise;
  return supervise && supervise->mode == model::SuperviseMode::barge;
}

/// Whole frames since the beginning are what all its files count in: a pause is the same frames in each, and
/// each begins where a frame of the whole does.
class RoomRecord final : public Operation {
 public:
  RoomRecord(Conference& conference, OperationTraits traits, model::ConferenceRecordOptions how)
      : Operation(conference, traits),
        conference_(conference),
        how_(how),
        beep_(env().deps.loop),
        longest_(env().deps.loop) {}
  ~RoomRecord() override { *self_ = nullptr; }

  void begin() override {
    origin_ = env().now();
    if (how_.tracks != ConferenceTracks::participants) {
      if (auto error = open(nullptr)) return finish(failed(std::move(*error), result_so_far()));
    }
    for (const auto& member : conference_.members()) on_member(*member);
    longest_.set(milliseconds(how_.max_duration_ms), [this] { end(model::OpReason::max_duration); });
    if (how_.beep) beep();
  }

  void halt_as(machine::EndWish wish) override {
    if (wish == machine::EndWish::cancel) {
      for (const File& file : files_) env().deps.recordings.discard(file.id);
    }
    end(model::OpReason::stopped);
  }

  void set_paused(bool paused) override {
    const TimePoint now = env().now();
    // A frame from now on, so that no writer has passed it before it knows.
    TimePoint at = origin_ + kFrame * ((now - origin_) / kFrame + 2);
    if (!pauses_.empty()) at = std::max(at, pauses_.back().at);
    pauses_.push_back({at, paused});
    for (const File& file : files_) {
      if (!file.end) env().deps.recordings.pause(file.id, paused, at);
      if (!file.end) tell_paused(file.id, paused);
    }
    if (how_.pause_mode != model::PauseMode::skip || over_) return;
    if (paused) return longest_.cancel();
    const std::int64_t left = how_.max_duration_ms - recorded_ms(at) + ms(at - now);
    longest_.set(milliseconds(std::max<std::int64_t>(left, 1)),
                 [this] { end(model::OpReason::max_duration); });
  }

  void on_member(ConferenceMember& member) override {
    const bool wanted = how_.tracks != ConferenceTracks::mix && speaks_to_all(member);
    if (over_ || !wanted || tracks_.contains(member.call().id())) return;
    if (files_.size() >= kMostFiles) {
      ++missing_;
    } else if (auto error = open(&member.call().id())) {
      ++missing_;
      env().deps.log.warn("conference {}: no track of call {}: {}", conference_.id().str(),
                          member.call().id().str(), error->message);
    }
  }
  void on_member_left(const ConferenceMember& member) override {
    const auto track = tracks_.extract(member.call().id());
    if (track) env().deps.recordings.stop(files_[track.mapped()].id);
  }
  void on_conference_over() override {
    beep_.cancel();
    longest_.cancel();
    ended_at_ = ended_at_.value_or(env().now());
    // The files are closed with the room; nobody waits for the disk.
    finish(succeeded(model::OpReason::finished, result_so_far()));
  }

  [[nodiscard]] model::OpResult result_so_far() const override {
    model::ConferenceRecordResult r;
    for (const File& file : files_) {
      model::ConferenceRecording out;
      out.recording_id = file.id;
      out.call_id = file.call;
      out.offset_ms = file.offset_ms;
      if (file.end) {
        out.duration_ms = file.end->duration_ms;
        out.size_bytes = file.end->size_bytes;
        out.gap_ms = file.end->gap_ms;
        out.error = file.end->error;
      }
      r.recordings.push_back(std::move(out));
    }
    const bool mixed = !files_.empty() && !files_.front().call;
    r.duration_ms = mixed && files_.front().end ? files_.front().end->duration_ms
                                                : recorded_ms(ended_at_.value_or(env().now()));
    if (missing_ > 0) r.missing = missing_;
    return r;
  }

 private:
  struct File {
    model::RecordingId id;
    std::optional<model::CallId> call;  ///< Nothing: the mix.
    std::int64_t offset_ms = 0;
    std::optional<artifact::RecordingEnd> end;
  };
  struct Pause {
    TimePoint at;
    bool paused = false;
  };
  [[nodiscard]] Environment& env() const { return conference_.env(); }

  /// How much of the whole lies before `at`.
  [[nodiscard]] std::int64_t recorded_ms(TimePoint at) const {
    if (at <= origin_) return 0;
    Duration out = at - origin_;
    if (how_.pause_mode == model::PauseMode::silence) return ms(out);
    std::optional<TimePoint> since;
    for (const Pause& p : pauses_) {
      if (p.at >= at) break;
      if (p.paused && !since) since = p.at;
      if (!p.paused && since) out -= p.at - *std::exchange(since, std::nullopt);
    }
    if (since) out -= at - *since;
    return ms(out);
  }

  /// A file of the mix, or of the call.
  std::optional<model::Error> open(const model::CallId* call) {
    const TimePoint origin = origin_ + kFrame * ((env().now() - origin_) / kFrame);
    artifact::RecordingOrder order;
    order.account = conference_.account();
    order.session = conference_.session_of(id());
    order.outlives_session = order.session.empty();
    if (call != nullptr) order.call = *call;
    order.op = id();
    order.conference = {conference_.id(), origin, recorded_ms(origin)};
    order.format = how_.format;
    order.tracks = call == nullptr ? model::RecordTracks::both : model::RecordTracks::said;
    order.sample_rate_hz = static_cast<std::uint32_t>(how_.sample_rate_hz);
    order.skip_pauses = how_.pause_mode == model::PauseMode::skip;
    const std::size_t index = files_.size();
    const model::RecordTracks tracks = order.tracks;
    auto begun = env().deps.recordings.begin(std::move(order),
                                             [self = self_, index](const artifact::RecordingEnd& ended) {
                                               if (*self != nullptr) (*self)->on_ended(index, ended);
                                             });
    if (!begun) return std::move(begun.error());
    File& file = files_.emplace_back();
    file.id = *begun;
    file.offset_ms = recorded_ms(origin);
    if (call != nullptr) file.call = *call;
    if (call != nullptr) tracks_.emplace(*call, index);
    ++open_;
    // A pause that is on, or was a moment ago.
    for (std::size_t i = pauses_.size() - std::min<std::size_t>(pauses_.size(), 4); i < pauses_.size(); ++i)
      env().deps.recordings.pause(file.id, pauses_[i].paused, pauses_[i].at);
    tell_started(file, tracks);
    return std::nullopt;
  }

  void tell_started(const File& file, model::RecordTracks tracks) {
    model::RecordingStartedEvent event;
    event.recording_id = file.id;
    event.format = how_.format;
    event.channels = model::RecordChannels::mono;
    event.tracks = tracks;
    event.conference_id = conference_.id();
    event.participant_call_id = file.call;
    event.offset_ms = file.offset_ms;
    conference_.emit(std::move(event), id());
  }
  void tell_paused(const model::RecordingId& file, bool paused) {
    const auto told = [&](auto event) {
      event.recording_id = file;
      event.conference_id = conference_.id();
      conference_.emit(std::move(event), id());
    };
    paused ? told(model::RecordingPausedEvent()) : told(model::RecordingResumedEvent());
  }

  void end(model::OpReason reason) {
    if (over_) return;
    over_ = reason;
    ended_at_ = env().now();
    beep_.cancel();
    longest_.cancel();
    for (const File& file : files_) {
      if (!file.end) env().deps.recordings.stop(file.id);
    }
    complete();
  }
  void on_ended(std::size_t index, const artifact::RecordingEnd& ended) {
    File& file = files_[index];
    file.end = ended;
    --open_;
    if (file.call) tracks_.erase(*file.call);
    // Without the mix there is nothing to be in step with.
    if (!file.call && ended.error) error_ = *ended.error;
    if (!file.call && !over_) return end(model::OpReason::finished);
    complete();
  }
  void complete() {
    if (!over_ || open_ > 0) return;
    if (error_) return finish(failed(std::move(*error_), result_so_far()));
    finish(succeeded(*over_, result_so_far()));
  }

  void beep() {
    conference_.play_sound(beep_plan());
    if (how_.beep_interval_ms) beep_.set(milliseconds(*how_.beep_interval_ms), [this] { beep(); });
  }

  Conference& conference_;
  const model::ConferenceRecordOptions how_;
  TimePoint origin_{};
  std::vector<File> files_;
  std::unordered_map<model::CallId, std::size_t> tracks_;  ///< Of those who are in.
  std::size_t open_ = 0;
  std::int64_t missing_ = 0;
  std::vector<Pause> pauses_;
  std::optional<model::OpReason> over_;  ///< It ends, for this reason.
  std::optional<TimePoint> ended_at_;
  std::optional<model::Error> error_;
  runtime::Timer beep_;
  runtime::Timer longest_;
  // Shared with recordings that are being closed: null once this is gone.
  std::shared_ptr<RoomRecord*> self_ = std::make_shared<RoomRecord*>(this);
};

}  // namespace

std::unique_ptr<Operation> make_room_record(Conference& conference, const model::ConferenceRecordOptions& how,
                                            std::optional<std::int64_t> deadline_ms) {
  OperationTraits traits{.method = "conference.record", .lanes = machine::kNoLane};
  traits.deadline_ms = deadline_ms;
  traits.pauses = true;
  return std::make_unique<RoomRecord>(conference, traits, how);
}

}  // namespace tandem::call
