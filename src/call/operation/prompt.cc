// call.prompt: play and collect; input may stop the prompt; again when nothing fits.
#include "call/operation/digit_input.h"
#include "call/operation/playback.h"
#include "call/operation/verbs.h"
#include "call/resource/call.h"

namespace tandem::call {
namespace {

using machine::Collected;
constexpr const char* kMethod = "call.prompt";

struct PromptSpec {
  PlayPlan play;
  std::optional<PlayPlan> retry_play;
  DigitInputSpec input;
  bool barge_in = true;
  std::int64_t max_tries = 1;
};

class Prompt final : public CallOperation {
 public:
  Prompt(Call& c, OperationTraits traits, PromptSpec spec)
      : CallOperation(c, traits),
        spec_(std::move(spec)),
        input_(c.env().deps.loop, spec_.input, [this](Collected got) { on_input(std::move(got)); }) {}

  void begin() override {
    playback_.emplace(call(), id(), [this](PlaybackEnd end) { on_playback_ended(std::move(end)); });
    start_try();
  }

  void halt() override {
    halted_ = true;
    input_.close();
    if (playback_->active()) {
      playback_->stop();
    } else {
      finish(succeeded(model::OpReason::stopped, result_so_far()));
    }
  }

  [[nodiscard]] model::OpResult result_so_far() const override {
    return result(got_ ? *got_ : input_.so_far());
  }
  [[nodiscard]] Playback* playback() override { return playback_ ? &*playback_ : nullptr; }

  void progress(std::int64_t elapsed_ms) override {
    elapsed_ms_ = elapsed_ms;
    if (playback_->playing()) {
      playback_->ask_position([](Operation& o) { o.on_position(); });
    } else {
      on_position();
    }
  }
  void on_position() override {
    model::OpProgressEvent event;
    event.method = kMethod;
    event.elapsed_ms = elapsed_ms_;
    event.heard_ms = playback_->heard_ms();
    event.digits = input_.digits();
    call().emit(std::move(event), id());
  }

  void on_digit(char c) override {
    if (halted_) return;
    if (playback_->active()) {
      if (!spec_.barge_in) return;
      input_.digit(c);
      playback_->stop();
    } else {
      input_.digit(c);
    }
  }
  void on_leg_ended(const sip::Ended&) override { input_.close(); }

 private:
  void start_try() {
    ++tries_;
    got_.reset();
    input_.reset();
    playback_->start(tries_ > 1 && spec_.retry_play ? *spec_.retry_play : spec_.play);
  }

  void on_playback_ended(PlaybackEnd end) {
    switch (end.how) {
      case PlaybackEnd::How::failed:
        input_.close();
        return finish(failed(std::move(*end.error), result_so_far()));
      case PlaybackEnd::How::stream_closed:
        return;  // The call ends: the table completes what is open.
      case PlaybackEnd::How::finished:
      case PlaybackEnd::How::stopped:
      case PlaybackEnd::How::max_duration:
        break;
    }
    if (halted_) return finish(succeeded(model::OpReason::stopped, result_so_far()));
    if (got_) return judge();
    input_.start_waiting();
  }

  void on_input(Collected got) {
    got_ = std::move(got);
    // How much was heard is known when the prompt has stopped.
    if (!playback_->active()) judge();
  }

  void judge() {
    const bool again = got_->how != Collected::How::match && tries_ < spec_.max_tries;
    if (again) return start_try();
    model::OpReason reason = model::OpReason::no_input;
    if (got_->how == Collected::How::match) reason = model::OpReason::match;
    if (got_->how == Collected::How::no_match) reason = model::OpReason::no_match;
    finish(succeeded(reason, result(*got_)));
  }

  [[nodiscard]] model::OpResult result(const Collected& got) const {
    model::CallPromptResult r;
    r.type = model::InputType::digits;
    r.value = got.value;
    if (!got.terminator.empty()) r.terminator = got.terminator;
    r.heard_ms = playback_ ? playback_->heard_ms() : 0;
    r.tries = std::max<std::int64_t>(tries_, 1);
    return r;
  }

  PromptSpec spec_;
  DigitInput input_;
  std::optional<Playback> playback_;
  std::optional<Collected> got_;  ///< Input that is complete while the prompt still has to fall silent.
  std::int64_t tries_ = 0;
  std::int64_t elapsed_ms_ = 0;
  bool halted_ = false;
};

}  // namespace

MadeOperation make_operation(Call& call, const model::CallPrompt& p) {
  if (auto error = check_media(call, kMethod)) return Err(std::move(*error));
  PromptSpec spec;
  auto plan = checked_plan(call, p.play, "play");
  if (!plan) return Err(std::move(plan.error()));
  spec.play = std::move(*plan);
  if (p.retry_play) {
    auto retry = checked_plan(call, *p.retry_play, "retry_play");
    if (!retry) return Err(std::move(retry.error()));
    spec.retry_play = std::move(*retry);
  }
  auto input = checked_input(p.collect, "collect");
  if (!input) return Err(std::move(input.error()));
  spec.input = std::move(*input);
  spec.barge_in = !p.barge_in || p.barge_in->digits;
  spec.max_tries = p.max_tries;
  OperationTraits traits{.method = kMethod, .lanes = machine::kSpeak | machine::kListen};
  traits.when_busy = busy_rule(p.when_busy);
  traits.deadline_ms = p.deadline_ms;
  traits.progress_interval_ms = p.progress_interval_ms;
  traits.plays = true;
  return std::unique_ptr<Operation>(std::make_unique<Prompt>(call, traits, std::move(spec)));
}

}  // namespace tandem::call
