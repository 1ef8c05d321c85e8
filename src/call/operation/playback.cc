#include "call/operation/playback.h"

#include <fmt/format.h>

#include "call/operation/operation.h"
#include "call/resource/call.h"

namespace tandem::call {
namespace {

using model::ErrorCode;

model::Error error_of(const media::PromptError& e, const std::string& field) {
  ErrorCode code = ErrorCode::fetch_failed;
  switch (e.code) {
    case media::PromptErrorCode::fetch_failed:
    case media::PromptErrorCode::forbidden_url:
      break;
    case media::PromptErrorCode::unsupported_format:
    case media::PromptErrorCode::too_large:
      code = ErrorCode::unsupported_format;
      break;
    case media::PromptErrorCode::overloaded:
      code = ErrorCode::no_capacity;
      break;
  }
  return make_error(code, fmt::format("{}: {}", field, e.message), field);
}

model::Error error_of(const speech::SpeakError& e, const std::string& field) {
  const ErrorCode code =
      e.code == speech::SpeakErrorCode::overloaded ? ErrorCode::no_capacity : ErrorCode::tts_failed;
  return make_error(code, fmt::format("{}: {}", field, e.message), field);
}

/// A PromptReady or its speech twin.
template <class E, class Done>
auto prompt_ready(std::string field, Done done) {
  return [f = std::move(field), d = std::move(done)](Result<std::shared_ptr<media::Prompt>, E> got) mutable {
    if (got) {
      d(std::move(*got));
    } else {
      d(Err(error_of(got.error(), f)));
    }
  };
}

}  // namespace

void prepare_source(Environment& env, const PlaySource& source, double gain_db, model::Codec codec,
                    const std::string& field,
                    Function<void(Result<std::shared_ptr<media::Prompt>, model::Error>)> done) {
  if (const auto* speak = std::get_if<speech::SpeakRequest>(&source)) {
    speech::SpeakRequest request = *speak;
    request.gain_db = gain_db;
    env.deps.speech.speak(request, codec, prompt_ready<speech::SpeakError>(field, std::move(done)));
    return;
  }
  auto ready = prompt_ready<media::PromptError>(field, std::move(done));
  if (const auto* url = std::get_if<UrlSource>(&source)) {
    env.deps.prompts.url(url->url, gain_db, codec, std::move(ready));
  } else if (const auto* recording = std::get_if<RecordingSource>(&source)) {
    env.deps.prompts.file(recording->path, gain_db, codec, std::move(ready));
  } else if (const auto* tone = std::get_if<media::ToneSpec>(&source)) {
    env.deps.prompts.tone(*tone, gain_db, codec, std::move(ready));
  } else {
    env.deps.prompts.silence(std::get<SilenceSource>(source).duration_ms, codec, std::move(ready));
  }
}

model::Error broken_source(const PlayPlan& plan, const std::vector<std::shared_ptr<media::Prompt>>& prompts,
                           const std::string& message) {
  for (std::size_t i = 0; i < prompts.size(); ++i) {
    if (!prompts[i] || prompts[i]->error().empty()) continue;
    const bool speech = std::holds_alternative<speech::SpeakRequest>(plan.sources[i]);
    return make_error(speech ? ErrorCode::tts_failed : ErrorCode::unsupported_format,
                      fmt::format("{}: {}", plan.fields[i], prompts[i]->error()), plan.fields[i]);
  }
  return make_error(ErrorCode::internal, message.empty() ? "the prompt broke off" : message);
}

Playback::Playback(Call& call, model::OpId op, Function<void(PlaybackEnd)> on_end)
    : call_(call), op_(std::move(op)), on_end_(std::move(on_end)) {}

Playback::~Playback() = default;

void Playback::start(PlayPlan plan) {
  plan_ = std::move(plan);
  ++generation_;
  began_ = call_.env().now();
  heard_before_ms_ = 0;
  heard_now_ms_ = 0;
  phase_ = Phase::preparing;
  missing_ = plan_.sources.size();
  prompts_.assign(plan_.sources.size(), nullptr);
  for (std::size_t i = 0; i < plan_.sources.size() && missing_ > 0; ++i) request(i, plan_.sources[i]);
}

void Playback::request(std::size_t index, const PlaySource& source) {
  Environment& env = call_.env();
  const model::Codec codec = call_.media().agreed() ? call_.media().agreed()->codec : model::Codec::pcmu;
  // Finds the operation again, or nobody.
  prepare_source(env, source, plan_.gain_db, codec, plan_.fields[index],
                 [finder = env.finder, call = call_.id(), op = op_, generation = generation_,
                  index](Result<std::shared_ptr<media::Prompt>, model::Error> got) {
                   Operation* operation = finder->operation(call, op);
                   Playback* playback = operation == nullptr ? nullptr : operation->playback();
                   if (playback != nullptr) playback->on_prompt(generation, index, std::move(got));
                 });
}

void Playback::on_prompt(std::uint32_t generation, std::size_t index,
                         Result<std::shared_ptr<media::Prompt>, model::Error> got) {
  const bool preparing = phase_ == Phase::preparing || phase_ == Phase::preparing_paused;
  if (!preparing || generation != generation_ || index >= prompts_.size() || prompts_[index]) return;
  if (!got) {
    missing_ = 0;
    end(PlaybackEnd::How::failed, std::move(got.error()));
    return;
  }
  prompts_[index] = std::move(*got);
  if (--missing_ == 0) play(plan_.offset_ms, plan_.loop);
}

void Playback::play(std::int64_t offset_ms, std::uint32_t loop) {
  const bool paused = phase_ == Phase::preparing_paused || phase_ == Phase::relooping_paused;
  media::PlaySpec spec;
  spec.prompts = prompts_;
  spec.loop = loop;
  spec.offset_ms = offset_ms;
  if (plan_.max_duration_ms > 0) {
    spec.max_duration_ms = plan_.max_duration_ms - heard_before_ms_;
    if (spec.max_duration_ms <= 0) {
      end(PlaybackEnd::How::max_duration);
      return;
    }
  }
  play_ = call_.next_play_id();
  heard_now_ms_ = 0;
  media::Engine& engine = call_.env().deps.engine;
  engine.play(call_.id(), play_, std::move(spec));
  if (paused) engine.pause_play(call_.id(), play_, true);
  phase_ = paused ? Phase::paused : Phase::playing;
}

void Playback::stop() {
  switch (phase_) {
    case Phase::idle:
    case Phase::stopping:
      return;
    case Phase::preparing:
    case Phase::preparing_paused:
      end(PlaybackEnd::How::stopped);
      return;
    case Phase::playing:
    case Phase::paused:
      call_.env().deps.engine.stop_play(call_.id(), play_);
      break;
    case Phase::relooping:
    case Phase::relooping_paused:
      break;  // It is being stopped.
  }
  phase_ = Phase::stopping;
}

bool Playback::pause() {
  switch (phase_) {
    case Phase::preparing:
      phase_ = Phase::preparing_paused;
      return true;
    case Phase::relooping:
      phase_ = Phase::relooping_paused;
      return true;
    case Phase::playing:
      call_.env().deps.engine.pause_play(call_.id(), play_, true);
      phase_ = Phase::paused;
      return true;
    case Phase::preparing_paused:
    case Phase::relooping_paused:
    case Phase::paused:
      return true;
    case Phase::idle:
    case Phase::stopping:
      break;
  }
  return false;
}

void Playback::resume() {
  switch (phase_) {
    case Phase::preparing_paused:
      phase_ = Phase::preparing;
      break;
    case Phase::relooping_paused:
      phase_ = Phase::relooping;
      break;
    case Phase::paused:
      call_.env().deps.engine.pause_play(call_.id(), play_, false);
      phase_ = Phase::playing;
      break;
    default:
      break;
  }
}

void Playback::set_gain(double gain_db) {
  // The prompts carry the first gain in their samples and are shared; the difference goes onto the stream, on
  // which this playback is alone.
  call_.media().set_play_gain(gain_db - plan_.gain_db);
}

void Playback::set_loop(std::uint32_t loop) {
  if (loop == plan_.loop) return;
  plan_.loop = loop;
  if (phase_ != Phase::playing && phase_ != Phase::paused) return;
  phase_ = phase_ == Phase::playing ? Phase::relooping : Phase::relooping_paused;
  call_.env().deps.engine.stop_play(call_.id(), play_);
}

Playback::Round Playback::round() const {
  std::int64_t length_ms = 0;
  bool complete = true;
  for (const auto& prompt : prompts_) {
    complete = complete && prompt && prompt->finished();
    length_ms += prompt ? prompt->duration_ms() : 0;
  }
  const std::int64_t position = plan_.offset_ms + heard_before_ms_;
  // A prompt that still grows is in its first round; its length so far says nothing.
  if (!complete || length_ms <= 0) return {0, position};
  return {position / length_ms, position % length_ms};
}

bool Playback::rounds_left() const {
  return plan_.loop == 0 || round().done < plan_.loop;
}

void Playback::play_on() {
  const Round at = round();
  std::uint32_t left = 0;
  if (plan_.loop != 0) left = at.done < plan_.loop ? plan_.loop - static_cast<std::uint32_t>(at.done) : 1;
  play(at.offset_ms, left);
}

void Playback::on_play_started() {
  const Duration waited = call_.env().now() - began_;
  if (heard_before_ms_ == 0) call_.env().metrics.play_started(std::chrono::duration<double>(waited).count());
}

void Playback::on_play_ended(const media::PlayResult& result) {
  play_ = 0;
  heard_now_ms_ = 0;
  heard_before_ms_ += result.played_ms;
  const bool relooping = phase_ == Phase::relooping || phase_ == Phase::relooping_paused;
  switch (result.how) {
    case media::PlayEnd::stopped:
      if (relooping) {
        play_on();
      } else {
        end(PlaybackEnd::How::stopped);
      }
      return;
    case media::PlayEnd::finished:
      // The end came before our stop; rounds that were asked for meanwhile are still due.
      if (relooping && rounds_left()) {
        play_on();
      } else {
        end(PlaybackEnd::How::finished);
      }
      return;
    case media::PlayEnd::max_duration:
      end(PlaybackEnd::How::max_duration);
      return;
    case media::PlayEnd::stream_closed:
      end(PlaybackEnd::How::stream_closed);
      return;
    case media::PlayEnd::failed:
      break;
  }
  end(PlaybackEnd::How::failed, broken_source(plan_, prompts_, result.error));
}

void Playback::ask_position(Function<void(Operation&)> then) {
  Environment& env = call_.env();
  env.deps.engine.play_position(call_.id(), play_,
                                [finder = env.finder, call = call_.id(), op = op_, play = play_,
                                 t = std::move(then)](std::int64_t ms) mutable {
                                  Operation* operation = finder->operation(call, op);
                                  Playback* playback = operation == nullptr ? nullptr : operation->playback();
                                  if (playback == nullptr || !playback->owns(play)) return;
                                  playback->on_position(ms);
                                  t(*operation);
                                });
}

void Playback::on_position(std::int64_t ms) {
  if (ms >= 0) heard_now_ms_ = ms;
}

void Playback::end(PlaybackEnd::How how, std::optional<model::Error> error) {
  phase_ = Phase::idle;
  play_ = 0;
  call_.media().set_play_gain(0);
  PlaybackEnd result{how, heard_before_ms_, std::move(error)};
  on_end_(std::move(result));
}

}  // namespace tandem::call
