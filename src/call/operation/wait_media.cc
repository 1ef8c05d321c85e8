#include "call/operation/wait_media.h"

#include "call/operation/playing.h"
#include "call/operation/verbs.h"
#include "call/resource/call.h"

namespace tandem::call {
namespace {

/// A background that says where it stopped.
class Music final : public PlayingOperation {
 public:
  Music(Call& c, OperationTraits traits, PlayPlan plan, Function<void(std::int64_t)> stopped_at)
      : PlayingOperation(c, traits, std::move(plan)), stopped_at_(std::move(stopped_at)) {}

 protected:
  [[nodiscard]] model::OpResult result(std::int64_t) const override { return {}; }
  void on_playback_ended(PlaybackEnd end) override {
    stopped_at_(playback()->place_ms());
    PlayingOperation::on_playback_ended(std::move(end));
  }

 private:
  Function<void(std::int64_t)> stopped_at_;
};

}  // namespace

WaitMedia::WaitMedia(Call& call, std::optional<PlayPlan> music,
                     std::optional<model::QueueAnnouncement> announce, Function<machine::QueueFacts()> facts)
    : call_(call),
      music_(std::move(music)),
      announce_(std::move(announce)),
      facts_(std::move(facts)),
      next_(call.env().deps.loop) {
  if (music_) music_->loop = 0;
}

WaitMedia::~WaitMedia() {
  *self_ = nullptr;
}

void WaitMedia::start() {
  started_ = true;
  play();
  if (announce_) announce_after(announce_->first_after_ms);
}

void WaitMedia::stop() {
  if (!std::exchange(started_, false)) return;
  next_.cancel();
  for (OpTable::Key* key : {&music_key_, &announcement_key_}) {
    if (*key != 0) call_.ops().stop_internal(std::exchange(*key, 0));
  }
}

void WaitMedia::lanes_free() {
  play();
}

void WaitMedia::play() {
  if (!started_ || !music_ || music_key_ != 0 || !call_.live() || call_.ops().busy(machine::kSpeak)) return;
  OperationTraits traits{.method = "wait_media", .lanes = machine::kSpeak};
  traits.yields = true;
  PlayPlan plan = *music_;
  plan.offset_ms = place_ms_;
  auto music = std::make_unique<Music>(call_, traits, std::move(plan), [self = self_](std::int64_t at) {
    if (*self != nullptr) (*self)->place_ms_ = at;
  });
  music_key_ = call_.ops().submit_internal(std::move(music), true, [self = self_](const Completion& done) {
    if (*self != nullptr) (*self)->on_music_done(done);
  });
}

void WaitMedia::on_music_done(const Completion& done) {
  music_key_ = 0;
  if (!done.error || !call_.live()) return;
  call_.env().deps.log.warn("call {}: no wait media: {}", call_.id().str(), done.error->message);
  music_.reset();
}

// ---- announcements

Result<std::optional<PlayPlan>, model::Error> WaitMedia::plan_of(Call& call,
                                                                 const model::QueueAnnouncement& announce,
                                                                 const machine::QueueFacts& facts) {
  model::Playlist list;
  for (const model::Source& source : announce.sources) {
    model::Source filled = source;
    if (filled.say) {
      for (std::optional<std::string>* text : {&filled.say->text, &filled.say->ssml}) {
        if (!*text) continue;
        auto told = machine::announcement(**text, facts);
        *text = std::move(told);
      }
      if (!filled.say->text && !filled.say->ssml) continue;
    }
    list.sources.push_back(std::move(filled));
  }
  if (list.sources.empty()) return std::optional<PlayPlan>();
  auto plan = checked_plan(call, list, "wait.announce");
  if (!plan) return Err(std::move(plan.error()));
  return std::optional<PlayPlan>(std::move(*plan));
}

void WaitMedia::announce_after(std::int64_t ms) {
  next_.set(std::chrono::milliseconds(ms), [this] { announce(); });
}

void WaitMedia::announce() {
  constexpr std::int64_t kBusyMs = 1'000;
  if (!started_ || !call_.live()) return;
  const bool speaks = call_.ops().busy(machine::kSpeak) && music_key_ == 0;
  if (speaks || !call_.has_ivr() || call_.on_hold()) return announce_after(kBusyMs);
  auto plan = plan_of(call_, *announce_, facts_());
  if (!plan || !*plan) return announce_after(announce_->interval_ms);
  announcement_key_ = call_.ops().submit_internal(
      make_background(call_, std::move(**plan)), true, [self = self_](const Completion& done) {
        if (*self == nullptr) return;
        WaitMedia& media = **self;
        media.announcement_key_ = 0;
        if (done.error)
          media.call_.env().deps.log.warn("call {}: no announcement: {}", media.call_.id().str(),
                                          done.error->message);
        if (media.started_) media.announce_after(media.announce_->interval_ms);
      });
  if (announcement_key_ == 0) announce_after(announce_->interval_ms);
}

}  // namespace tandem::call
