// call.record: the call into a file, beside everything else.
#include "artifact/api/recordings.h"
#include "call/operation/verbs.h"
#include "call/resource/call.h"
#include "call/resource/recording_order.h"

namespace tandem::call {
namespace {

constexpr const char* kMethod = "call.record";
constexpr double kBeepHz = 1400;
constexpr std::int64_t kBeepMs = 200;

class Record final : public CallOperation {
 public:
  Record(Call& c, OperationTraits traits, const model::CallRecord& p)
      : CallOperation(c, traits), params_(p), beep_(c.env().deps.loop) {}

  void begin() override {
    auto order = recording_order(call(), params_);
    order.op = id();
    Environment& env = call().env();
    auto begun = env.deps.recordings.begin(std::move(order), [finder = env.finder, c = call().id(),
                                                              op = id()](const artifact::RecordingEnd& end) {
      if (Operation* operation = finder->operation(c, op)) operation->on_recording_ended(end);
    });
    if (!begun) return finish(failed(std::move(begun.error())));
    recording_ = *begun;
    model::RecordingStartedEvent started;
    started.recording_id = *recording_;
    started.format = params_.format;
    started.channels = params_.channels;
    started.tracks = params_.tracks;
    call().emit(std::move(started), id());
    if (params_.beep) beep();
  }
  void halt_as(machine::EndWish wish) override {
    beep_.cancel();
    auto& recordings = call().env().deps.recordings;
    if (wish == machine::EndWish::cancel) return recordings.discard(*recording_);
    recordings.stop(*recording_);
  }
  void set_paused(bool paused) override {
    call().env().deps.recordings.pause(*recording_, paused, call().env().now());
    if (paused) {
      model::RecordingPausedEvent event;
      event.recording_id = *recording_;
      call().emit(std::move(event), id());
    } else {
      model::RecordingResumedEvent event;
      event.recording_id = *recording_;
      call().emit(std::move(event), id());
    }
  }
  [[nodiscard]] model::OpResult result_so_far() const override {
    model::CallRecordResult r;
    r.recording_id = recording_;
    return r;
  }
  void on_digit(char c) override {
    if (!recording_ || !terminator_.empty() || params_.terminators.find(c) == std::string::npos) return;
    terminator_ = std::string(1, c);
    beep_.cancel();
    call().env().deps.recordings.stop(*recording_);
  }
  void on_leg_ended(const sip::Ended&) override {
    beep_.cancel();
    // The file is closed when the stream is; the call does not wait for the disk.
    finish(succeeded(model::OpReason::finished, result_so_far()));
  }
  void on_recording_ended(const artifact::RecordingEnd& end) override {
    beep_.cancel();
    model::CallRecordResult r;
    r.recording_id = recording_;
    r.duration_ms = end.duration_ms;
    r.size_bytes = end.size_bytes;
    r.gap_ms = end.gap_ms;
    if (!terminator_.empty()) r.terminator = terminator_;
    if (end.error) return finish(failed(*end.error, r));
    finish(succeeded(reason(end.how), r));
  }

 private:
  [[nodiscard]] model::OpReason reason(media::RecordEnd how) const {
    switch (how) {
      case media::RecordEnd::max_duration:
        return model::OpReason::max_duration;
      case media::RecordEnd::no_input:
        return model::OpReason::no_input;
      case media::RecordEnd::end_silence:
        return model::OpReason::end_silence;
      case media::RecordEnd::stream_closed:
        return model::OpReason::finished;
      case media::RecordEnd::stopped:
      case media::RecordEnd::failed:
        break;
    }
    return terminator_.empty() ? model::OpReason::stopped : model::OpReason::terminator;
  }

  /// Heard over everything else, behind what is being played.
  void beep() {
    media::ToneSpec tone;
    tone.frequencies_hz = {kBeepHz};
    tone.duration_ms = kBeepMs;
    Environment& env = call().env();
    env.deps.prompts.tone(tone, 0, call().media().agreed()->codec,
                          [finder = env.finder, c = call().id(),
                           op = id()](Result<std::shared_ptr<media::Prompt>, media::PromptError> got) {
                            Call* found = finder->call(c);
                            if (!got || found == nullptr || finder->operation(c, op) == nullptr) return;
                            media::PlaySpec play;
                            play.prompts.push_back(std::move(*got));
                            found->env().deps.engine.play(c, found->next_play_id(), std::move(play));
                          });
    if (params_.beep_interval_ms)
      beep_.set(std::chrono::milliseconds(*params_.beep_interval_ms), [this] { beep(); });
  }

  const model::CallRecord params_;
  std::optional<model::RecordingId> recording_;
  std::string terminator_;
  runtime::Timer beep_;
};

}  // namespace

MadeOperation make_operation(Call& call, const model::CallRecord& p) {
  if (!call.has_media()) {
    model::Error error = wrong_state(call, kMethod);
    error.message += "; wait for its answer, or for ring with early_media";
    return Err(std::move(error));
  }
  OperationTraits traits{.method = kMethod, .lanes = machine::kNoLane};
  traits.deadline_ms = p.deadline_ms;
  traits.pauses = true;
  return std::unique_ptr<Operation>(std::make_unique<Record>(call, traits, p));
}

}  // namespace tandem::call
