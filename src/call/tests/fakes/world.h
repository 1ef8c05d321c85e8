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
#include "call/tests/fakes/fake_books.h"
#include "call/tests/fakes/fake_media.h"
#include "call/tests/fakes/fake_mixer.h"
#include "call/tests/fakes/fake_recordings.h"
#include "call/tests/fakes/fake_sip.h"
#include "cluster/single/single_queue_order.h"
#include "runtime/manual_loop.h"
#include "sip/api/negotiation.h"

namespace tandem::call::testing {

using std::chrono::milliseconds;

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
      : engine(loop),
        mixer(loop, engine),
        prompts(loop),
        speech(loop),
        store(loop),
        core(make_core(std::move(options))) {
    engine.bind(*core);
    mixer.bind(*core);
    store::Route route;
    route.account.id = model::AccountId("ACtest");
    route.application.id = model::ApplicationId("APtest");
    route.number_id = model::NumberId("PNtest");
    store.route = route;
    core->bind({agent, engine, mixer, prompts, speech, store, directory, recordings, gateway, router, loop,
                Log(), metrics, queue_order});
  }

  runtime::ManualLoop loop;
  Metrics metrics;
  FakeAgent agent;
  FakeEngine engine;
  FakeMixer mixer;
  FakePrompts prompts;
  FakeSpeech speech;
  FakeStore store;
  FakeDirectory directory;
  FakeRecordings recordings;
  FakeGateway gateway;
  FakeRouter router;
  cluster::SingleQueueOrder queue_order;
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

  void peer(sip::LegEnd how, int code = 200) {
    sip::Ended ended;
    ended.how = how;
    ended.sip_code = code;
    core->on_ended(call, std::move(ended));
  }
  [[nodiscard]] const std::vector<std::string>& prompts_asked() const { return prompts.asked; }
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
