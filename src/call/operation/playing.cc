#include "call/operation/playing.h"

#include "call/operation/verbs.h"
#include "call/resource/call.h"

namespace tandem::call {

PlayingOperation::PlayingOperation(Call& c, OperationTraits traits, PlayPlan plan)
    : CallOperation(c, traits), plan_(std::move(plan)) {}

void PlayingOperation::begin() {
  playback_.emplace(call(), id(), [this](PlaybackEnd end) { on_playback_ended(std::move(end)); });
  playback_->start(std::move(plan_));
}

void PlayingOperation::halt() {
  playback_->stop();
}

model::OpResult PlayingOperation::result_so_far() const {
  return result(playback_ ? playback_->heard_ms() : 0);
}

void PlayingOperation::on_playback_ended(PlaybackEnd end) {
  switch (end.how) {
    case PlaybackEnd::How::finished:
      return finish(succeeded(model::OpReason::finished, result(end.heard_ms)));
    case PlaybackEnd::How::stopped:
      return finish(succeeded(model::OpReason::stopped, result(end.heard_ms)));
    case PlaybackEnd::How::max_duration:
      return finish(succeeded(model::OpReason::max_duration, result(end.heard_ms)));
    case PlaybackEnd::How::failed:
      return finish(failed(std::move(*end.error), result(end.heard_ms)));
    case PlaybackEnd::How::stream_closed:
      return;  // The call ends: the table completes what is open.
  }
}

void PlayingOperation::progress(std::int64_t elapsed_ms) {
  elapsed_ms_ = elapsed_ms;
  if (playback_ && playback_->playing()) playback_->ask_position([](Operation& o) { o.on_position(); });
}

void PlayingOperation::on_position() {
  model::OpProgressEvent event;
  event.method = method();
  event.elapsed_ms = elapsed_ms_;
  event.heard_ms = playback_->heard_ms();
  call().emit(std::move(event), id());
}

namespace {

/// on_disconnect: play_then_hangup.
class Farewell final : public PlayingOperation {
 public:
  using PlayingOperation::PlayingOperation;

 protected:
  [[nodiscard]] model::OpResult result(std::int64_t) const override { return {}; }
  void on_playback_ended(PlaybackEnd end) override {
    Call& c = call();
    PlayingOperation::on_playback_ended(std::move(end));
    c.end_by(machine::LocalCause::app_disconnected, "the application's connection was lost");
  }
};

class Background final : public PlayingOperation {
 public:
  using PlayingOperation::PlayingOperation;

 protected:
  [[nodiscard]] model::OpResult result(std::int64_t) const override { return {}; }
};

}  // namespace

std::unique_ptr<Operation> make_background(Call& call, PlayPlan plan) {
  OperationTraits traits{.method = "background", .lanes = machine::kSpeak};
  traits.yields = true;
  return std::make_unique<Background>(call, traits, std::move(plan));
}

std::unique_ptr<Operation> make_whisper(Call& call, PlayPlan plan) {
  return std::make_unique<Background>(call, OperationTraits{.method = "whisper", .lanes = machine::kSpeak},
                                      std::move(plan));
}

std::unique_ptr<Operation> make_farewell(Call& call, const model::OnDisconnect& policy) {
  if (!policy.play) return nullptr;
  auto plan = checked_plan(call, *policy.play, "on_disconnect.play");
  if (!plan) return nullptr;
  OperationTraits traits{
      .method = "farewell", .lanes = machine::kSpeak, .when_busy = machine::BusyRule::interrupt};
  return std::make_unique<Farewell>(call, traits, std::move(*plan));
}

}  // namespace tandem::call
