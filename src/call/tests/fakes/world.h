// A whole core over fakes of everything it stands on, with a loop and a clock that the test turns by hand.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "call/core.h"
#include "runtime/manual_loop.h"
#include "sip/api/negotiation.h"

namespace tandem::call::testing {

using std::chrono::milliseconds;

/// Remembers each command as one line of text, and the session descriptions that went out.
class FakeAgent final : public sip::Agent {
 public:
  std::vector<std::string> log;
  std::optional<model::SessionDescription> sent;
  std::uint64_t last_tag = 0;
  sip::Headers last_headers;
  bool draining = false;

  void ring(const model::CallId&, sip::RingOptions o) override {
    note("ring " + std::to_string(o.sip_code) + (o.session ? " sdp" : ""), o.session);
    last_headers = o.headers;
  }
  void answer(const model::CallId&, model::SessionDescription s, sip::Headers h) override {
    note("answer", std::move(s));
    last_headers = std::move(h);
  }
  void reject(const model::CallId&, int code, std::string reason, int q850, int retry,
              sip::Headers) override {
    note("reject " + std::to_string(code) + " " + reason + " q" + std::to_string(q850) + " r" +
         std::to_string(retry));
  }
  void redirect(const model::CallId&, int code, std::vector<std::string> contacts, sip::Headers) override {
    note("redirect " + std::to_string(code) + " " + contacts.at(0));
  }
  void invite(sip::OutboundCall) override { note("invite"); }
  void acknowledge(const model::CallId&, model::SessionDescription) override { note("acknowledge"); }
  void hangup(const model::CallId&, int q850, std::string text, sip::Headers) override {
    note("hangup q" + std::to_string(q850) + " " + text);
  }
  void answer_offer(const model::CallId&, std::uint64_t offer, model::SessionDescription s) override {
    note("answer_offer " + std::to_string(offer), std::move(s));
  }
  void refuse_offer(const model::CallId&, std::uint64_t offer, int code) override {
    note("refuse_offer " + std::to_string(offer) + " " + std::to_string(code));
  }
  void reoffer(const model::CallId&, model::SessionDescription) override { note("reoffer"); }
  void send_request(const model::CallId&, std::uint64_t tag, sip::InDialogMessage m) override {
    last_tag = tag;
    note("request " + m.method + " " + m.body);
  }
  [[nodiscard]] std::vector<Listening> listening() const override { return {}; }
  void set_draining(bool on) override { draining = on; }

 private:
  void note(std::string line, std::optional<model::SessionDescription> s = std::nullopt) {
    log.push_back(std::move(line));
    if (s) sent = std::move(s);
  }
};

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
  void set_audio(const model::CallId& id, media::AudioControl c) override { streams_map.at(id).audio = c; }
  void set_inband_digits(const model::CallId& id, bool on) override { streams_map.at(id).inband = on; }
  void info_digit(const model::CallId& id, char digit, std::uint32_t ms) override {
    loop_.post([this, id, digit, ms] { observer_->on_digit(id, {digit, ms, media::DigitSource::info}); });
  }
  void set_tap(const model::CallId&, Function<void(std::span<const std::int16_t>, std::uint32_t)>) override {}
  [[nodiscard]] std::size_t streams() const override { return streams_map.size(); }

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

class FakeStore final : public store::CallStore {
 public:
  explicit FakeStore(runtime::ManualLoop& loop) : loop_(loop) {}
  std::optional<store::Route> route;
  std::vector<store::Cdr> cdrs;
  bool durable = true;  ///< False: keeps the callbacks until release().

  std::shared_ptr<const store::RoutingTable> table =
      std::make_shared<const store::RoutingTable>(store::RoutingTable::Rules{});

  [[nodiscard]] std::shared_ptr<const store::RoutingTable> snapshot() override { return table; }
  void on_rules_changed(Function<void()> /*changed*/) override {}
  void list_cdrs(store::CdrQuery /*query*/,
                 Function<void(store::StoreResult<store::CdrPage>)> done) override {
    loop_.post([d = std::move(done), list = cdrs]() mutable { d(store::CdrPage{std::move(list), {}}); });
  }
  void find_cdr(model::AccountId /*account*/, model::CallId call,
                Function<void(store::StoreResult<store::Cdr>)> done) override {
    for (const auto& one : cdrs) {
      if (one.call_id == call) return loop_.post([d = std::move(done), one]() mutable { d(one); });
    }
    loop_.post([d = std::move(done)]() mutable {
      d(Err(store::StoreFailure{store::StoreError::not_found, "call_id", "there is no such call"}));
    });
  }
  void touch(const model::ApiKeyId& /*key*/) override {}
  void find_route(store::RouteQuery query, Function<void(std::optional<store::Route>)> done) override {
    const bool known = query.called == "+15550199";
    loop_.post([d = std::move(done), r = known ? route : std::nullopt]() mutable { d(std::move(r)); });
  }
  void write_cdr(store::Cdr cdr, Function<void()> done) override {
    cdrs.push_back(std::move(cdr));
    waiting_.push_back(std::move(done));
    if (durable) release();
  }
  void release() {
    for (auto& done : std::exchange(waiting_, {})) {
      loop_.post([d = std::move(done)]() mutable { d(); });
    }
  }

 private:
  runtime::ManualLoop& loop_;
  std::vector<Function<void()>> waiting_;
};

class FakeDirectory final : public cluster::CallDirectory {
 public:
  std::map<model::CallId, cluster::CallRecord> records;
  std::vector<cluster::CallRecord> orphans;
  void put(cluster::CallRecord r) override { records[r.call_id] = std::move(r); }
  void remove(const model::CallId& id) override { records.erase(id); }
  [[nodiscard]] std::vector<cluster::CallRecord> take_orphans() override {
    return std::exchange(orphans, {});
  }
};

class FakeGateway final : public SessionGateway {
 public:
  std::vector<SessionOpening> opened;
  std::vector<model::Event> events;
  std::vector<model::SessionId> sessions;  ///< Of each event.
  std::vector<model::SessionId> idle_sessions;

  void open(SessionOpening opening) override { opened.push_back(std::move(opening)); }
  void deliver(const model::SessionId& session, model::Event event) override {
    events.push_back(std::move(event));
    sessions.push_back(session);
  }
  void idle(const model::SessionId& session) override { idle_sessions.push_back(session); }
};

/// An offer of one audio line with the given static payload types and telephone-event.
inline model::SessionDescription offer_of(std::vector<std::uint8_t> types, model::Direction direction = {}) {
  model::SessionDescription s;
  s.session_id = 1;
  s.session_version = 1;
  s.origin_address = *model::IpAddress::parse("198.51.100.7");
  s.connection = s.origin_address;
  model::MediaLine line;
  line.kind = "audio";
  line.port = 4000;
  line.connection = s.connection;
  line.protocol = "RTP/AVP";
  line.direction = direction;
  for (const std::uint8_t type : types) {
    const char* name = type == 0 ? "PCMU" : type == 8 ? "PCMA" : type == 9 ? "G722" : "GSM";
    line.formats.push_back({type, name, 8000, 1, ""});
  }
  line.formats.push_back({101, "telephone-event", 8000, 1, "0-15"});
  s.media.push_back(std::move(line));
  return s;
}

class World {
 public:
  explicit World(CoreOptions options = {})
      : engine(loop), prompts(loop), speech(loop), store(loop), core(make_core(std::move(options))) {
    engine.bind(*core);
    store::Route route;
    route.account.id = model::AccountId("ACtest");
    route.application.id = model::ApplicationId("APtest");
    route.number_id = model::NumberId("PNtest");
    store.route = route;
    core->bind({agent, engine, prompts, speech, store, directory, gateway, loop, Log(), metrics});
  }

  runtime::ManualLoop loop;
  Metrics metrics;
  FakeAgent agent;
  FakeEngine engine;
  FakePrompts prompts;
  FakeSpeech speech;
  FakeStore store;
  FakeDirectory directory;
  FakeGateway gateway;
  std::unique_ptr<CoreHandle> core;

  model::CallId call{"CAtest"};
  model::SessionId session;

  sip::IncomingCall invite(const std::string& called = "+15550199") {
    sip::IncomingCall c;
    c.id = call;
    c.from = {"sip:+15550100@example.com", "+15550100", "example.com", "Ann"};
    c.to = {"sip:" + called + "@example.net", called, "example.net", ""};
    c.request_uri = c.to;
    c.source = *model::SocketAddress::parse("198.51.100.7:5060");
    c.sip_call_id = "abc@198.51.100.7";
    c.headers = {{"User-Agent", "Phone/1.0"}, {"X-A", "1"}, {"X-A", "2"}};
    c.offer = offer_of({0, 8});
    c.received = loop.clock().now();
    c.received_wall = loop.clock().wall();
    return c;
  }
  /// INVITE, route, session up.
  void arrive(sip::IncomingCall c) {
    call = c.id;
    core->on_incoming(std::move(c));
    run();
    if (gateway.opened.empty()) return;
    session = gateway.opened.back().id;
    core->session_opened(session);
    run();
  }
  void arrive() { arrive(invite()); }
  /// A call that is answered.
  void answered() {
    arrive();
    ask(model::CallAnswer{
        .call_id = call, .codecs = {}, .headers = {}, .op_id = op("answer"), .deadline_ms = {}});
    run();
  }
  void run() { loop.run_until_idle(); }
  void advance(std::int64_t ms) { loop.advance(milliseconds(ms)); }

  static std::optional<model::OpId> op(const std::string& name) { return model::OpId("OP" + name); }
  Result<model::OperationView, model::Error> submit(model::RequestParams params) {
    return core->submit(session, params);
  }
  /// Submits what must be accepted.
  model::OperationView ask(model::RequestParams params) {
    auto reply = submit(std::move(params));
    EXPECT_TRUE(reply.has_value()) << (reply ? "" : reply.error().message);
    return reply ? *reply : model::OperationView{};
  }
  /// Submits what must be refused; its code and field.
  std::string refused(model::RequestParams params) {
    auto reply = submit(std::move(params));
    EXPECT_FALSE(reply.has_value());
    if (reply) return "accepted";
    std::string out(to_string(reply.error().code));
    return reply.error().field.empty() ? out : out + " " + reply.error().field;
  }

  void peer(sip::LegEnd how, int code = 200) { core->on_ended(call, {how, code, "", {}, {}}); }
  void press(char digit) { core->on_digit(call, {digit, 100, media::DigitSource::rfc4733}); }

  /// What happened since the last time, one word an event: "call.answered", "op.completed(say
  /// succeeded/finished)".
  std::vector<std::string> news() {
    std::vector<std::string> out;
    for (; told_ < gateway.events.size(); ++told_) out.push_back(describe(gateway.events[told_]));
    return out;
  }
  /// The completion of an operation; null while it is open.
  [[nodiscard]] const model::OpCompletedEvent* completion(const std::string& name) const {
    for (const model::Event& e : gateway.events) {
      const auto* done = std::get_if<model::OpCompletedEvent>(&e.data);
      if (done != nullptr && e.op_id.str() == "OP" + name) return done;
    }
    return nullptr;
  }
  /// "succeeded/finished" or "open".
  [[nodiscard]] std::string outcome(const std::string& name) const {
    const auto* done = completion(name);
    if (done == nullptr) return "open";
    std::string out = std::string(to_string(done->outcome)) + "/" + std::string(to_string(done->reason));
    if (done->error) out += " " + std::string(to_string(done->error->code));
    return out;
  }
  static std::string describe(const model::Event& e) {
    std::string out(model::event_type(e.data));
    if (const auto* done = std::get_if<model::OpCompletedEvent>(&e.data)) {
      out += "(" + e.op_id.str().substr(2) + " " + std::string(to_string(done->outcome)) + "/" +
             std::string(to_string(done->reason)) + ")";
    } else if (!e.op_id.empty()) {
      out += "(" + e.op_id.str().substr(2) + ")";
    }
    return out;
  }

  // Parameters, short.
  [[nodiscard]] model::CallSay say(const std::string& name,
                                   model::WhenBusy busy = model::WhenBusy::queue) const {
    model::CallSay p;
    p.call_id = call;
    p.op_id = op(name);
    p.speech.text = "hello";
    p.when_busy = busy;
    return p;
  }
  [[nodiscard]] model::CallPlay play(const std::string& name,
                                     std::vector<std::string> urls = {"http://a/1.wav"}) const {
    model::CallPlay p;
    p.call_id = call;
    p.op_id = op(name);
    for (auto& url : urls) {
      model::Source s;
      s.url = url;
      p.play.sources.push_back(s);
    }
    return p;
  }
  [[nodiscard]] model::CallCollect collect(const std::string& name, std::int64_t min,
                                           std::int64_t max) const {
    model::CallCollect p;
    p.call_id = call;
    p.op_id = op(name);
    p.input.digits.emplace();
    p.input.digits->min = min;
    p.input.digits->max = max;
    return p;
  }
  [[nodiscard]] model::CallPrompt prompt(const std::string& name, std::int64_t min, std::int64_t max) const {
    model::CallPrompt p;
    p.call_id = call;
    p.op_id = op(name);
    p.play = play(name).play;
    p.collect = collect(name, min, max).input;
    return p;
  }
  [[nodiscard]] model::CallHangup hangup(const std::string& name = "hangup") const {
    model::CallHangup p;
    p.call_id = call;
    p.op_id = op(name);
    return p;
  }
  template <class P>
  static P control(const std::string& name) {
    P p;
    p.op_id = *op(name);
    return p;
  }

 private:
  std::size_t told_ = 0;
};

}  // namespace tandem::call::testing
