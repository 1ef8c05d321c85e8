#include "speech/flite/flite_engine.h"

#include <flite/flite.h>

#include <algorithm>
#include <array>

#include "speech/flite/plain_english.h"
#include "speech/sentences.h"

extern "C" {
cst_voice* register_cmu_us_slt(const char* voxdir);
cst_voice* register_cmu_us_rms(const char* voxdir);
cst_voice* register_cmu_us_awb(const char* voxdir);
cst_voice* register_cmu_us_kal16(const char* voxdir);
cst_voice* register_cmu_us_kal(const char* voxdir);
}

namespace tandem::speech {
namespace {

constexpr int kChunkSamples = 1600;  // What flite makes before it hands audio over: 100 ms at 16 kHz.

struct Known {
  const char* name;
  const char* language;
  cst_voice* (*load)(const char*);
};
// awb speaks with a Scottish accent.
constexpr std::array<Known, 5> kVoices = {{{"slt", "en-US", register_cmu_us_slt},
                                           {"rms", "en-US", register_cmu_us_rms},
                                           {"awb", "en-GB", register_cmu_us_awb},
                                           {"kal16", "en-US", register_cmu_us_kal16},
                                           {"kal", "en-US", register_cmu_us_kal}}};

// The C callback must not let an exception through.
int on_audio(const cst_wave* wave, int start, int size, int /*last*/,
             cst_audio_streaming_info* info) noexcept {
  try {
    auto& sink = *static_cast<PcmSink*>(info->userdata);
    const std::span samples(wave->samples + start, static_cast<std::size_t>(std::max(size, 0)));
    return sink(samples, static_cast<std::uint32_t>(wave->sample_rate)) ? CST_AUDIO_STREAM_CONT
                                                                        : CST_AUDIO_STREAM_STOP;
  } catch (...) {
    return CST_AUDIO_STREAM_STOP;
  }
}

struct UtteranceFree {
  void operator()(cst_utterance* u) const { delete_utterance(u); }
};

class FliteEngine final : public Engine {
 public:
  FliteEngine() {
    flite_init();
    for (const Known& known : kVoices) {
      loaded_.push_back(known.load(nullptr));
      voices_.push_back({known.name, known.language, "flite"});
    }
  }

  [[nodiscard]] const std::vector<Voice>& voices() const override { return voices_; }

  Status<EngineError> synthesize(const Utterance& utterance, PcmSink& sink) override {
    const auto voice = std::find_if(voices_.begin(), voices_.end(),
                                    [&](const Voice& v) { return v.name == utterance.voice; });
    if (voice == voices_.end()) return Err(EngineError{false, "flite has no voice " + utterance.voice});
    const std::string text = plain_english(utterance.text);
    if (!speakable(text)) return Unit{};
    std::unique_ptr<cst_utterance, UtteranceFree> u(new_utterance());
    utt_set_input_text(u.get(), text.c_str());
    // Set on the utterance, not on the voice: the voice is shared by all threads and stays as it is.
    feat_set_float(u->features, "duration_stretch", static_cast<float>(1 / utterance.rate));
    if (utterance.pitch != 1) feat_set_float(u->features, "f0_shift", static_cast<float>(utterance.pitch));
    cst_audio_streaming_info* info = new_audio_streaming_info();
    info->min_buffsize = kChunkSamples;
    info->asc = on_audio;
    info->userdata = &sink;
    feat_set(u->features, "streaming_info", audio_streaming_info_val(info));  // Frees it with the utterance.
    cst_voice* loaded = loaded_[static_cast<std::size_t>(voice - voices_.begin())];
    cst_utterance* done = flite_do_synth(u.get(), loaded, utt_synth);
    if (done == nullptr) {
      (void)u.release();  // flite deleted it.
      return Err(EngineError{false, "flite could not synthesise the text"});
    }
    return Unit{};
  }

 private:
  std::vector<cst_voice*> loaded_;  // flite keeps them until the process ends.
  std::vector<Voice> voices_;
};

}  // namespace

std::unique_ptr<Engine> make_flite_engine() {
  return std::make_unique<FliteEngine>();
}

}  // namespace tandem::speech
