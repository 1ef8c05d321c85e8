// The SIP side and the ways out, as fakes.
#pragma once

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "call/api/outbound.h"
#include "sip/api/agent.h"

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
  std::vector<sip::OutboundCall> invites;
  std::vector<model::CallId> hung_up;
  void invite(sip::OutboundCall c) override {
    note("invite " + c.target_uri, c.offer);
    invites.push_back(std::move(c));
  }
  void refer(const model::CallId&, std::uint64_t tag, sip::ReferRequest r) override {
    last_tag = tag;
    note("refer " + r.refer_to + (r.replaces ? " replaces " + r.replaces->str() : ""));
  }
  void answer_refer(const model::CallId&, std::uint64_t id, int code) override {
    note("answer_refer " + std::to_string(id) + " " + std::to_string(code));
  }
  void refer_progress(const model::CallId&, std::uint64_t id, int code, std::string, bool final) override {
    note("refer_progress " + std::to_string(id) + " " + std::to_string(code) + (final ? " final" : ""));
  }
  void acknowledge(const model::CallId&, model::SessionDescription) override { note("acknowledge"); }
  void hangup(const model::CallId& id, int q850, std::string text, sip::Headers) override {
    hung_up.push_back(id);
    note("hangup q" + std::to_string(q850) + " " + text);
  }
  void answer_offer(const model::CallId&, std::uint64_t offer, model::SessionDescription s) override {
    note("answer_offer " + std::to_string(offer), std::move(s));
  }
  void refuse_offer(const model::CallId&, std::uint64_t offer, int code) override {
    note("refuse_offer " + std::to_string(offer) + " " + std::to_string(code));
  }
  void reoffer(const model::CallId&, model::SessionDescription s) override { note("reoffer", std::move(s)); }
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

/// Numbers go out over trunk TKa, then TKb when that fails with 5xx; endpoints ring on two contacts.
class FakeRouter final : public OutboundRouter {
 public:
  std::vector<std::string> reports;
  std::optional<model::Error> admit_error;
  bool admit_once = false;  ///< The error is given once.
  int places = 0;

  Result<OutboundSteps, model::Error> routes(const OutboundAim& aim) override {
    const auto route = [&aim](const std::string& uri, const char* trunk) {
      OutboundRoute r;
      r.call.target_uri = uri;
      r.call.from_uri = "sip:" + aim.from + "@tandem.example";
      r.call.from_display_name = aim.from_display_name;
      r.call.headers = aim.headers;
      if (trunk != nullptr) r.trunk = model::TrunkId(trunk);
      return r;
    };
    if (aim.target.number) {
      if (aim.target.number->starts_with("+999"))
        return Err(make_error_of(model::ErrorCode::no_trunk, "no trunk serves this number"));
      return OutboundSteps{{route("sip:" + *aim.target.number + "@a.example", "TKa")},
                           {route("sip:" + *aim.target.number + "@b.example", "TKb")}};
    }
    if (aim.target.endpoint) {
      return OutboundSteps{{route("sip:" + *aim.target.endpoint + ";c=1", nullptr),
                            route("sip:" + *aim.target.endpoint + ";c=2", nullptr)}};
    }
    return OutboundSteps{{route(*aim.target.uri, nullptr)}};
  }
  Result<std::unique_ptr<TrunkPlace>, model::Error> admit(const OutboundRoute&) override {
    if (admit_error) {
      const model::Error error = *admit_error;
      if (admit_once) admit_error.reset();
      return Err(error);
    }
    struct Place final : TrunkPlace {
      explicit Place(int& n) : count(n) { ++count; }
      ~Place() override { --count; }
      int& count;
    };
    return std::unique_ptr<TrunkPlace>(std::make_unique<Place>(places));
  }
  void heard_from(const OutboundRoute&) override {}
  NextRoute report(const OutboundRoute& route, const sip::Ended* ended) override {
    reports.push_back(route.call.target_uri + " " + std::to_string(ended == nullptr ? 200 : ended->sip_code));
    const bool failing = ended != nullptr && ended->sip_code >= 500 && ended->sip_code < 600;
    return failing ? NextRoute::next : NextRoute::stop;
  }
  static model::Error make_error_of(model::ErrorCode code, std::string text) {
    model::Error e;
    e.code = code;
    e.message = std::move(text);
    return e;
  }
};

}  // namespace tandem::call::testing
