#include "server/phone/script_runner.h"

#include <fmt/format.h>

namespace tandem::phone {
namespace {

constexpr std::uint32_t kDigitMs = 100;
constexpr std::uint32_t kGapMs = 100;

/// What ends with the call without anybody missing it.
bool may_be_cut_short(const Step& s) {
  return std::holds_alternative<SayStep>(s) || std::holds_alternative<PlayStep>(s) ||
         std::holds_alternative<ToneStep>(s) || std::holds_alternative<PauseStep>(s);
}

}  // namespace

ScriptRunner::ScriptRunner(std::vector<Step> steps, media::StreamId stream, Parts parts,
                           Function<void()> finished)
    : steps_(std::move(steps)),
      stream_(std::move(stream)),
      parts_(parts),
      finished_(std::move(finished)),
      timer_(parts.loop) {}

void ScriptRunner::start(model::Codec codec) {
  codec_ = codec;
  if (!std::holds_alternative<Idle>(state_)) return;
  if (steps_.empty()) {
    state_ = Finished{};
    return;
  }
  step_ = 0;
  parts_.timeline.add({"step", to_string(steps_[0]), {}});
  std::visit([this](const auto& s) { begin(s); }, steps_[0]);
}

void ScriptRunner::next() {
  timer_.cancel();
  if (++step_ >= steps_.size()) {
    state_ = Finished{};
    finished_();
    return;
  }
  parts_.timeline.add({"step", to_string(steps_[step_]), {}});
  std::visit([this](const auto& s) { begin(s); }, steps_[step_]);
}

void ScriptRunner::stop() {
  *alive_ = false;
  timer_.cancel();
  if (finished()) return;
  // Peers hang up on the last digit's first packet; digits that are on their way count as sent.
  const std::size_t first = std::holds_alternative<SendingDigits>(state_) ? step_ + 1 : step_;
  for (std::size_t i = first; i < steps_.size(); ++i) {
    if (!may_be_cut_short(steps_[i])) undone_.push_back("not done: " + to_string(steps_[i]));
  }
  state_ = Finished{};
}

void ScriptRunner::failed(const std::string& why) {
  undone_.push_back(to_string(steps_[step_]) + ": " + why);
  parts_.timeline.add({"step_failed", undone_.back(), {}});
}

Sounds::Ready ScriptRunner::when_ready() {
  state_ = Preparing{};
  return [this, alive = alive_, step = step_](Result<std::shared_ptr<media::Prompt>, std::string> prompt) {
    if (!*alive || step != step_ || !std::holds_alternative<Preparing>(state_)) return;
    if (!prompt) {
      failed(prompt.error());
      next();
      return;
    }
    const media::PlayId play = ++last_id_;
    state_ = Playing{play};
    media::PlaySpec spec;
    spec.prompts.push_back(std::move(*prompt));
    parts_.engine.play(stream_, play, std::move(spec));
  };
}

void ScriptRunner::begin(const SayStep& s) {
  auto ready = when_ready();
  parts_.sounds.say(s.text, codec_, std::move(ready));
}

void ScriptRunner::begin(const PlayStep& s) {
  auto ready = when_ready();
  parts_.sounds.play(s.file, codec_, std::move(ready));
}

void ScriptRunner::begin(const ToneStep& s) {
  auto ready = when_ready();
  parts_.sounds.tone(s, codec_, std::move(ready));
}

void ScriptRunner::begin(const DigitsStep& s) {
  const media::PlayId tag = ++last_id_;
  state_ = SendingDigits{tag};
  parts_.engine.send_digits(stream_, tag, s.digits, kDigitMs, kGapMs);
}

void ScriptRunner::begin(const WaitAudioStep&) {
  state_ = WaitingForAudio{};
  on_heard();
}

void ScriptRunner::begin(const WaitSilenceStep& s) {
  state_ = WaitingForSilence{parts_.loop.clock().now(), s.duration};
  check_silence();
}

void ScriptRunner::begin(const PauseStep& s) {
  state_ = Pausing{};
  timer_.set(s.duration, [this] { next(); });
}

void ScriptRunner::begin(const WaitDigitsStep& s) {
  state_ = WaitingForDigits{s.count};
  // Not on_digit(): that would count one.
  if (digits_waiting_ < s.count) return;
  digits_waiting_ -= s.count;
  next();
}

void ScriptRunner::on_heard() {
  if (std::holds_alternative<WaitingForAudio>(state_) && parts_.ear.heard_something()) next();
}

/// Sleeps to the moment at which the silence would be long enough; sound in between moves it.
void ScriptRunner::check_silence() {
  const auto& wait = std::get<WaitingForSilence>(state_);
  const TimePoint since = std::max(wait.since, parts_.ear.last_loud().value_or(wait.since));
  const Duration left = since + wait.duration - parts_.loop.clock().now();
  if (left <= Duration{0}) {
    next();
    return;
  }
  timer_.set(left, [this] { check_silence(); });
}

void ScriptRunner::on_digit() {
  ++digits_waiting_;
  const auto* wait = std::get_if<WaitingForDigits>(&state_);
  if (wait == nullptr || digits_waiting_ < wait->count) return;
  digits_waiting_ -= wait->count;
  next();
}

void ScriptRunner::on_play_ended(media::PlayId play, const media::PlayResult& result) {
  const auto* playing = std::get_if<Playing>(&state_);
  if (playing == nullptr || playing->play != play || result.how == media::PlayEnd::stream_closed) return;
  if (result.how == media::PlayEnd::failed) failed(result.error);
  next();
}

void ScriptRunner::on_digits_sent(media::PlayId tag, bool complete) {
  const auto* sending = std::get_if<SendingDigits>(&state_);
  if (sending == nullptr || sending->tag != tag) return;
  if (!complete) failed("not all were sent");
  next();
}

}  // namespace tandem::phone
