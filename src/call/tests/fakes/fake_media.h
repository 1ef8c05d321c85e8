// Media and speech as fakes.
#pragma once

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "media/api/engine.h"
#include "media/api/prompt_source.h"
#include "runtime/manual_loop.h"
#include "speech/api/synthesizer.h"

namespace tandem::call::testing {

using std::chrono::milliseconds;

/// Plays take as long as the clock says; they end when told to, stopped, or when the stream closes.
class FakeEngine final : public media::Engine {
 public:
  explicit FakeEngine(runtime::ManualLoop& loop) : loop_(loop) {}
  void bind(media::Observer& observer) { observer_ = &observer; }

  struct Play {
    media::PlayId id = 0;
    media::PlaySpec spec;
    TimePoint since;
    bool paused = false;
    bool digits = false;
    std::int64_t before_ms = 0;
  };
  struct Stream {
    std::vector<Play> plays;
    std::optional<model::AgreedMedia> media;
    media::AudioControl audio;
    bool inband = false;
    int configured = 0;
  };
  std::map<model::CallId, Stream> streams_map;
  std::optional<media::MediaError> open_error;
  bool confirm_close = true;
  std::string last_digits;
  std::vector<media::PlaySpec> played;

  Result<media::LocalAddresses, media::MediaError> open(const model::CallId& id,
                                                        const model::IpAddress&) override {
    if (open_error) return Err(*open_error);
    streams_map[id];
    return media::LocalAddresses{*model::SocketAddress::parse("192.0.2.1:20000"),
                                 *model::SocketAddress::parse("192.0.2.1:20001")};
  }
  void configure(const model::CallId& id, const model::AgreedMedia& m) override {
    Stream& s = streams_map.at(id);
    s.media = m;
    ++s.configured;
  }
  void close(const model::CallId& id) override {
    auto found = streams_map.find(id);
    if (found == streams_map.end()) return;
    Stream gone = std::move(found->second);
    streams_map.erase(found);
    disconnect(id);
    for (const Play& p : gone.plays) report(id, p, media::PlayEnd::stream_closed);
    if (!confirm_close) return;
    model::StreamQuality q;
    q.packets_received = 500;
    q.mos = 4.2;
    loop_.post([this, id, q] { observer_->on_closed(id, q); });
  }
  void play(const model::CallId& id, media::PlayId play, media::PlaySpec spec) override {
    auto found = streams_map.find(id);
    played.push_back(spec);
    if (found == streams_map.end()) return;
    found->second.plays.push_back({play, std::move(spec), loop_.clock().now(), false, false, 0});
    loop_.post([this, id, play] { observer_->on_play_started(id, play); });
  }
  void stop_play(const model::CallId& id, media::PlayId play) override {
    end(id, play, media::PlayEnd::stopped);
  }
  void pause_play(const model::CallId& id, media::PlayId play, bool paused) override {
    Play* p = find(id, play);
    if (p == nullptr || p->paused == paused) return;
    if (paused) p->before_ms = position(*p);
    p->since = loop_.clock().now();
    p->paused = paused;
  }
  void play_position(const model::CallId& id, media::PlayId play,
                     Function<void(std::int64_t)> done) override {
    const Play* p = find(id, play);
    loop_.post([d = std::move(done), ms = p == nullptr ? -1 : position(*p)]() mutable { d(ms); });
  }
  void send_digits(const model::CallId& id, media::PlayId tag, std::string digits, std::uint32_t,
                   std::uint32_t) override {
    last_digits = digits;
    auto found = streams_map.find(id);
    if (found != streams_map.end())
      found->second.plays.push_back({tag, {}, loop_.clock().now(), false, true, 0});
  }
  void stop_digits(const model::CallId& id, media::PlayId tag) override {
    end(id, tag, media::PlayEnd::stopped);
  }
  /// "a>b", "a<b" or "a<>b" of the pairs that are connected.
  std::vector<std::string> connections;
  void connect(const model::CallId& a, const model::CallId& b, media::Connection what) override {
    disconnect(a);
    disconnect(b);
    connections.push_back(a.str() + (what.b_to_a ? "<" : "") + (what.a_to_b ? ">" : "") + b.str());
  }
  Function<void(const model::CallId&)> on_disconnect;  ///< It leaves a room too.
  void disconnect(const model::CallId& id) override {
    if (on_disconnect) on_disconnect(id);
    std::erase_if(connections, [&id](const std::string& c) { return c.find(id.str()) != std::string::npos; });
  }
  void add_tap(const model::CallId&, std::shared_ptr<media::StreamTap>) override {}
  void remove_tap(const model::CallId&, const std::shared_ptr<media::StreamTap>&) override {}
  void set_audio(const model::CallId& id, media::AudioControl c) override { streams_map.at(id).audio = c; }
  void set_inband_digits(const model::CallId& id, bool on) override { streams_map.at(id).inband = on; }
  void info_digit(const model::CallId& id, char digit, std::uint32_t ms) override {
    loop_.post([this, id, digit, ms] { observer_->on_digit(id, {digit, ms, media::DigitSource::info}); });
  }
  void set_tap(const model::CallId&, Function<void(std::span<const std::int16_t>, std::uint32_t)>) override {}
  [[nodiscard]] std::size_t streams() const override { return streams_map.size(); }

  /// The call's current play passes a mark now.
  void mark_current(const model::CallId& id, const std::string& name) {
    const Play* p = current(id);
    if (p != nullptr) observer_->on_mark(id, p->id, name, position(*p));
  }
  /// Ends the call's current play or digits.
  bool end_current(const model::CallId& id, media::PlayEnd how = media::PlayEnd::finished,
                   std::string error = {}) {
    auto found = streams_map.find(id);
    if (found == streams_map.end() || found->second.plays.empty()) return false;
    end(id, found->second.plays.front().id, how, std::move(error));
    return true;
  }
  [[nodiscard]] const Play* current(const model::CallId& id) const {
    auto found = streams_map.find(id);
    return found == streams_map.end() || found->second.plays.empty() ? nullptr : &found->second.plays.front();
  }

 private:
  [[nodiscard]] std::int64_t position(const Play& p) const {
    if (p.paused) return p.before_ms;
    return p.before_ms + std::chrono::duration_cast<milliseconds>(loop_.clock().now() - p.since).count();
  }
  Play* find(const model::CallId& id, media::PlayId play) {
    auto found = streams_map.find(id);
    if (found == streams_map.end()) return nullptr;
    for (Play& p : found->second.plays) {
      if (p.id == play) return &p;
    }
    return nullptr;
  }
  void end(const model::CallId& id, media::PlayId play, media::PlayEnd how, std::string error = {}) {
    const Play* p = find(id, play);
    if (p == nullptr) return;
    report(id, *p, how, std::move(error));
    std::erase_if(streams_map.at(id).plays, [play](const Play& x) { return x.id == play; });
  }
  void report(const model::CallId& id, const Play& p, media::PlayEnd how, std::string error = {}) {
    if (p.digits) {
      loop_.post([this, id, tag = p.id, how] {
        observer_->on_digits_sent(id, tag, how == media::PlayEnd::finished);
      });
      return;
    }
    media::PlayResult r{how, position(p), std::move(error)};
    loop_.post([this, id, play = p.id, r] { observer_->on_play_ended(id, play, r); });
  }

  runtime::ManualLoop& loop_;
  media::Observer* observer_ = nullptr;
};

/// One second of silence for whatever is asked; "fail" in a URL fails, "slow" waits for release().
class FakePrompts final : public media::PromptLibrary {
 public:
  explicit FakePrompts(runtime::ManualLoop& loop) : loop_(loop) {}
  std::vector<std::string> asked;

  void url(const std::string& url, double gain, model::Codec, media::PromptReady done) override {
    asked.push_back(url + " " + std::to_string(static_cast<int>(gain)));
    if (url.find("slow") != std::string::npos) {
      slow_.push_back(std::move(done));
    } else if (url.find("fail") != std::string::npos) {
      loop_.post([d = std::move(done)]() mutable {
        d(Err(media::PromptError{media::PromptErrorCode::fetch_failed, "404 from the server"}));
      });
    } else if (url.find("odd") != std::string::npos) {
      loop_.post([d = std::move(done)]() mutable {
        d(Err(media::PromptError{media::PromptErrorCode::unsupported_format, "not audio"}));
      });
    } else {
      give(std::move(done));
    }
  }
  void file(const std::string& path, double, model::Codec, media::PromptReady done) override {
    asked.push_back("file " + path);
    give(std::move(done));
  }
  void tone(const media::ToneSpec& tone, double, model::Codec, media::PromptReady done) override {
    asked.push_back("tone " + std::to_string(tone.duration_ms));
    give(std::move(done));
  }
  void silence(std::int64_t ms, model::Codec, media::PromptReady done) override {
    asked.push_back("silence " + std::to_string(ms));
    give(std::move(done));
  }
  void release() {
    for (auto& done : std::exchange(slow_, {})) give(std::move(done));
  }
  bool growing = false;  ///< Prompts are handed out before they are complete.
  static std::shared_ptr<media::Prompt> second(bool complete = true) {
    auto prompt = std::make_shared<media::Prompt>(8000);
    const std::vector<std::int16_t> pcm(8000, 0);
    prompt->append(pcm);
    if (complete) prompt->finish();
    return prompt;
  }

 private:
  void give(media::PromptReady done) {
    loop_.post([d = std::move(done), complete = !growing]() mutable { d(second(complete)); });
  }
  runtime::ManualLoop& loop_;
  std::vector<media::PromptReady> slow_;
};

class FakeSpeech final : public speech::Synthesizer {
 public:
  explicit FakeSpeech(runtime::ManualLoop& loop) : loop_(loop) {}
  std::vector<speech::SpeakRequest> asked;
  bool growing = false;

  [[nodiscard]] Status<speech::SpeakError> check(const speech::SpeakRequest& r) const override {
    using C = speech::SpeakErrorCode;
    if (r.ssml && r.text.find("</speak>") == std::string::npos) {
      return Err(speech::SpeakError{C::bad_ssml, "ssml", "no closing tag"});
    }
    if (r.voice == "nobody") return Err(speech::SpeakError{C::unknown_voice, "voice", "unknown"});
    if (r.language == "xx") return Err(speech::SpeakError{C::unknown_language, "language", "unknown"});
    return Unit{};
  }
  void speak(const speech::SpeakRequest& r, model::Codec,
             Function<void(Result<std::shared_ptr<media::Prompt>, speech::SpeakError>)> done) override {
    asked.push_back(r);
    if (r.text.find("explode") != std::string::npos) {
      loop_.post([d = std::move(done)]() mutable {
        d(Err(speech::SpeakError{speech::SpeakErrorCode::engine_failed, "", "engine died"}));
      });
      return;
    }
    loop_.post([d = std::move(done), c = !growing]() mutable { d(FakePrompts::second(c)); });
  }
  [[nodiscard]] std::vector<speech::Voice> voices() const override { return {}; }

 private:
  runtime::ManualLoop& loop_;
};

}  // namespace tandem::call::testing
