// call.set_audio: mute and gain of either direction; kept for the time when media is connected.
#include "call/operation/verbs.h"
#include "call/resource/call.h"

namespace tandem::call {
namespace {

constexpr const char* kMethod = "call.set_audio";

class SetAudio final : public CallOperation {
 public:
  SetAudio(Call& c, OperationTraits traits, const model::CallSetAudio& p)
      : CallOperation(c, traits), mute_(p.mute), gain_(p.gain_db) {}

  void begin() override {
    media::AudioControl audio = call().media().audio();
    if (mute_ && mute_->in) audio.mute_in = *mute_->in;
    if (mute_ && mute_->out) audio.mute_out = *mute_->out;
    if (gain_ && gain_->in) audio.gain_in_db = *gain_->in;
    if (gain_ && gain_->out) audio.gain_out_db = *gain_->out;
    call().media().set_audio(audio);
    finish(succeeded(model::OpReason::applied));
  }

 private:
  std::optional<model::AudioMute> mute_;
  std::optional<model::AudioGain> gain_;
};

}  // namespace

MadeOperation make_operation(Call& call, const model::CallSetAudio& p) {
  OperationTraits traits{.method = kMethod, .lanes = machine::kNoLane, .deadline_ms = p.deadline_ms};
  return std::unique_ptr<Operation>(std::make_unique<SetAudio>(call, traits, p));
}

}  // namespace tandem::call
