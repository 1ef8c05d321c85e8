#include "speech/synthesizer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "media/api/prompt_desk.h"
#include "speech/flite/flite_engine.h"
#include "speech/language.h"
#include "speech/speech_plan.h"

namespace tandem::speech {
namespace {

using media::CachedPrompt;
using media::Prompt;
using Done = Function<void(Result<std::shared_ptr<Prompt>, SpeakError>)>;

constexpr std::int64_t kFirstAudioMs =
    60;  // Enough for a play to begin: the engines are far ahead of real time.
constexpr std::uint32_t kDefaultRate = 16'000;

const char* name_of(SpeakErrorCode code) {
  switch (code) {
    case SpeakErrorCode::bad_ssml:
      return "bad_ssml";
    case SpeakErrorCode::unknown_voice:
      return "unknown_voice";
    case SpeakErrorCode::unknown_language:
      return "unknown_language";
    case SpeakErrorCode::unknown_engine:
      return "unknown_engine";
    case SpeakErrorCode::engine_failed:
      return "engine_failed";
    case SpeakErrorCode::overloaded:
      return "overloaded";
  }
  return "unknown";
}

// Lengths in front, so that no two requests make the same key.
std::string key_of(const SpeakRequest& r) {
  return fmt::format("{} {}:{} {}:{} {}:{} {:.1f} {}", r.ssml ? "ssml" : "text", r.language.size(),
                     canonical_language(r.language), r.voice.size(), r.voice, r.engine.size(), r.engine,
                     r.gain_db, r.text);
}

// Puts the audio of the steps into a prompt and says when there is enough to begin with.
class Production {
 public:
  Production(double gain_db, std::int64_t max_duration_ms)
      : gain_db_(gain_db), max_duration_ms_(max_duration_ms) {}

  /// Nothing before the first audio. Shared with those who play it.
  [[nodiscard]] const std::shared_ptr<Prompt>& prompt() const { return prompt_; }
  [[nodiscard]] bool too_long() const { return too_long_; }

  bool add(std::span<const std::int16_t> pcm, std::uint32_t rate, double gain_db) {
    use_rate(rate);
    if (prompt_->duration_ms() >= max_duration_ms_) {
      too_long_ = true;
      return false;
    }
    if (gain_db == 0) return prompt_->append(pcm);
    const double gain = std::pow(10, gain_db / 20);
    louder_.assign(pcm.begin(), pcm.end());
    for (std::int16_t& s : louder_) {
      s = static_cast<std::int16_t>(std::clamp(std::lround(s * gain), -32768L, 32767L));
    }
    return prompt_->append(louder_);
  }

  void mark(const std::string& name) {
    if (prompt_ == nullptr) {
      first_marks_.push_back(name);
    } else {
      prompt_->add_mark(name);
    }
  }

  bool pause(std::int64_t ms) {
    const std::vector<std::int16_t> silence(static_cast<std::size_t>(ms) * std::max(rate_, kDefaultRate) /
                                            1000);
    return add(silence, std::max(rate_, kDefaultRate), 0);
  }

 private:
  void use_rate(std::uint32_t rate) {
    if (prompt_ == nullptr) {
      prompt_ = std::make_shared<Prompt>(rate, gain_db_);
      for (const std::string& name : first_marks_) prompt_->add_mark(name);
    } else if (rate != rate_) {
      prompt_->set_sample_rate(rate);
    }
    rate_ = rate;
  }
  const double gain_db_;
  const std::int64_t max_duration_ms_;
  std::shared_ptr<Prompt> prompt_;
  std::uint32_t rate_ = 0;
  bool too_long_ = false;
  std::vector<std::string> first_marks_;  // Before the first audio.
  std::vector<std::int16_t> louder_;
};

// Shared by the synthesizer and the work under way for it.
class Core : public std::enable_shared_from_this<Core> {
 public:
  Core(SynthesizerOptions options, std::vector<std::unique_ptr<Engine>> engines, runtime::BlockingPool& pool,
       runtime::Executor& done_executor, const Clock& clock, Log log, Metrics& metrics)
      : options_(std::move(options)),
        engines_(std::move(engines)),
        catalogue_(engines_),
        clock_(clock),
        log_(std::move(log)),
        first_audio_(metrics.histogram("tandem_speech_first_audio_seconds",
                                       "From the request to the first audio.",
                                       {0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5})),
        desk_(std::make_shared<Desk>(
            Desk::Options{options_.cache_bytes,
                          options_.max_waiting,
                          {SpeakErrorCode::overloaded, "", "too many texts are waiting to be spoken"},
                          {SpeakErrorCode::overloaded, "", "the queue for speech is full"}},
            counters(metrics), pool, done_executor, clock)) {}

  [[nodiscard]] const VoiceCatalogue& catalogue() const { return catalogue_; }
  void speak(const SpeakRequest& request, model::Codec codec, Done done);
  [[nodiscard]] SpeakRequest with_default_voice(SpeakRequest request) const {
    const bool free = request.voice.empty() && request.language.empty() && request.engine.empty();
    if (free) request.voice = options_.default_voice;
    return request;
  }

 private:
  using Desk = media::PromptDesk<SpeakError>;
  static Desk::Events counters(Metrics& metrics);
  struct Job {
    std::string key;
    double gain_db = 0;
    std::vector<Step> steps;
    TimePoint asked;
  };
  void synthesize(Job& job);
  void end(const Job& job, Production& production, bool delivered, const SpeakError* error);
  void deliver(const Job& job, const std::shared_ptr<Prompt>& prompt);
  void fail(const std::string& key, const SpeakError& error);

  const SynthesizerOptions options_;
  const std::vector<std::unique_ptr<Engine>> engines_;
  const VoiceCatalogue catalogue_;
  const Clock& clock_;
  const Log log_;
  Histogram first_audio_;
  const std::shared_ptr<Desk> desk_;  // Shared with the work under way.
};

Core::Desk::Events Core::counters(Metrics& metrics) {
  Desk::Events e;
  e.hit = [c = metrics.counter("tandem_speech_cache_hits_total", "Texts served from the cache.")]() mutable {
    c.add();
  };
  e.miss = [c = metrics.counter("tandem_speech_cache_misses_total",
                                "Texts that had to be synthesised.")]() mutable { c.add(); };
  e.rejected = [&metrics](const SpeakError& error) {
    metrics
        .counter("tandem_speech_errors_total", "Texts that could not be spoken.",
                 {{"code", name_of(error.code)}})
        .add();
  };
  return e;
}

void Core::speak(const SpeakRequest& request, model::Codec codec, Done done) {
  const std::string key = key_of(request);
  if (!desk_->ask(key, codec, std::move(done))) return;
  auto steps = plan_speech(request, catalogue_);
  if (!steps) {
    fail(key, steps.error());
    return;
  }
  Job job{key, request.gain_db, std::move(steps).value(), clock_.now()};
  desk_->run(key, [weak = weak_from_this(), j = std::move(job)]() mutable {
    if (const auto self = weak.lock()) self->synthesize(j);
  });
}

void Core::synthesize(Job& job) {
  Production production(job.gain_db, options_.max_duration_ms);
  bool delivered = false;
  std::optional<SpeakError> error;
  for (const Step& step : job.steps) {
    bool more = true;
    if (const auto* pause = std::get_if<PauseStep>(&step)) more = production.pause(pause->ms);
    if (const auto* mark = std::get_if<MarkStep>(&step)) production.mark(mark->name);
    if (const auto* speak = std::get_if<SpeakStep>(&step)) {
      PcmSink sink = [&](std::span<const std::int16_t> pcm, std::uint32_t rate) {
        more = production.add(pcm, rate, speak->gain_db);
        if (!delivered && production.prompt()->duration_ms() >= kFirstAudioMs) {
          deliver(job, production.prompt());
          delivered = true;
        }
        return more;
      };
      if (auto status = speak->engine->synthesize(speak->utterance, sink); !status) {
        error =
            SpeakError{status.error().overloaded ? SpeakErrorCode::overloaded : SpeakErrorCode::engine_failed,
                       "", status.error().message};
      }
    }
    if (!more || error) break;
  }
  if (production.too_long()) {
    error = SpeakError{SpeakErrorCode::engine_failed, "text",
                       fmt::format("the speech lasts longer than {} s", options_.max_duration_ms / 1000)};
  }
  end(job, production, delivered, error ? &*error : nullptr);
}

void Core::end(const Job& job, Production& production, bool delivered, const SpeakError* error) {
  if (error != nullptr && !delivered) {
    fail(job.key, *error);
    return;
  }
  // Nothing to say, as a text of blanks has it, is no error: the prompt is empty.
  const std::shared_ptr<Prompt> prompt =
      production.prompt() != nullptr ? production.prompt() : std::make_shared<Prompt>(kDefaultRate);
  if (error == nullptr) {
    prompt->finish();
  } else {
    log_.warn("speech ends early: {}", error->message);
    prompt->fail(error->message);
  }
  if (!delivered) deliver(job, prompt);
  desk_->ended(job.key, *prompt, error == nullptr);
}

void Core::deliver(const Job& job, const std::shared_ptr<Prompt>& prompt) {
  first_audio_.observe(std::chrono::duration<double>(clock_.now() - job.asked).count());
  CachedPrompt cached;
  cached.prompt = prompt;
  desk_->deliver(job.key, std::move(cached), true);
}

void Core::fail(const std::string& key, const SpeakError& error) {
  log_.info("speech failed: {}: {}", name_of(error.code), error.message);
  desk_->fail(key, error, false);
}

class PooledSynthesizer final : public Synthesizer {
 public:
  explicit PooledSynthesizer(std::shared_ptr<Core> core) : core_(std::move(core)) {}

  [[nodiscard]] Status<SpeakError> check(const SpeakRequest& request) const override {
    auto steps = plan_speech(core_->with_default_voice(request), core_->catalogue());
    if (!steps) return Err(std::move(steps).error());
    return Unit{};
  }
  void speak(const SpeakRequest& request, model::Codec codec, Done done) override {
    core_->speak(core_->with_default_voice(request), codec, std::move(done));
  }
  [[nodiscard]] std::vector<Voice> voices() const override { return core_->catalogue().voices(); }

 private:
  const std::shared_ptr<Core> core_;  // Shared with the work under way.
};

}  // namespace

std::unique_ptr<Synthesizer> make_synthesizer(SynthesizerOptions options,
                                              std::vector<std::unique_ptr<Engine>> engines,
                                              runtime::BlockingPool& speech_pool,
                                              runtime::Executor& done_executor, const Clock& clock, Log log,
                                              Metrics& metrics) {
  return std::make_unique<PooledSynthesizer>(std::make_shared<Core>(
      std::move(options), std::move(engines), speech_pool, done_executor, clock, std::move(log), metrics));
}

std::unique_ptr<Synthesizer> make_synthesizer(SynthesizerOptions options, runtime::BlockingPool& speech_pool,
                                              runtime::Executor& done_executor, const Clock& clock, Log log,
                                              Metrics& metrics) {
  std::vector<std::unique_ptr<Engine>> engines;
  engines.push_back(make_flite_engine());
  engines.push_back(make_espeak_engine(options.espeak));
  return make_synthesizer(std::move(options), std::move(engines), speech_pool, done_executor, clock,
                          std::move(log), metrics);
}

}  // namespace tandem::speech
