// A network and a core whose every move is the test's.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "call/api/core.h"
#include "net/api/http.h"

namespace tandem::app {

/// What the application's end of a socket saw and can do.
struct Wire {
  net::WebSocket::Handlers handlers;
  std::vector<std::string> sent;
  std::optional<std::uint16_t> closed;
  bool dropped = false;
  bool reads = true;
  /// Frames that are not written yet; see holds.
  std::deque<Function<std::string()>> held;
  bool holds = false;  ///< The socket takes frames but writes none until release().

  void release(std::size_t frames) {
    for (; frames > 0 && !held.empty(); --frames) {
      Function<std::string()> make = std::move(held.front());
      held.pop_front();
      sent.push_back(make());
    }
  }
};

class FakeSocket final : public net::WebSocket {
 public:
  explicit FakeSocket(std::shared_ptr<Wire> wire) : wire_(std::move(wire)) {}
  ~FakeSocket() override { wire_->dropped = true; }
  void start(Handlers handlers) override { wire_->handlers = std::move(handlers); }
  bool send(std::string text) override {
    wire_->sent.push_back(std::move(text));
    return wire_->reads;
  }
  bool send_made(Function<std::string()> make) override {
    if (!wire_->holds) return send(make());
    wire_->held.push_back(std::move(make));
    return true;
  }
  void close(std::uint16_t code, std::string) override { wire_->closed = code; }
  [[nodiscard]] std::size_t queued_bytes() const override { return 0; }
  [[nodiscard]] std::string subprotocol() const override { return "tandem.v1"; }
  [[nodiscard]] model::SocketAddress peer() const override { return {}; }

 private:
  std::shared_ptr<Wire> wire_;  // Shared with the test, which outlives the socket.
};

class FakeClient final : public net::Client {
 public:
  struct Dial {
    std::string url;
    net::HeaderList headers;
    Function<void(Result<std::unique_ptr<net::WebSocket>, net::NetFailure>)> done;
  };
  void connect(net::ConnectRequest request, net::HeaderMaker headers,
               Function<void(Result<std::unique_ptr<net::WebSocket>, net::NetFailure>)> done) override {
    dials.push_back({request.url, headers(request.url), std::move(done)});
  }
  void fetch(net::FetchRequest, Function<void(Result<net::FetchResponse, net::NetFailure>)>) override {}
  std::deque<Dial> dials;
};

class FakeCore final : public call::Core {
 public:
  Result<model::OperationView, model::Error> submit(const model::SessionId&,
                                                    const model::RequestParams& params) override {
    model::OperationView view;
    view.id = model::OpId("OP1");
    view.method = std::string(model::method_name(params));
    return view;
  }
  model::SessionSnapshot snapshot(const model::SessionId&) override { return {}; }
  Result<model::Intent, model::Error> request_outbound(call::OutboundRequest) override {
    return Err(model::Error{});
  }
  std::optional<model::Intent> intent(const model::AccountId&, const model::IntentId&) override { return {}; }
  std::vector<model::Intent> intents(const model::AccountId&) override { return {}; }
  std::vector<model::LiveCall> calls(const model::AccountId&) override { return {}; }
  std::optional<model::LiveCall> call(const model::AccountId&, const model::CallId&) override { return {}; }
  std::vector<model::LiveSession> sessions(const model::AccountId&) override { return {}; }
  Result<model::OperationView, model::Error> submit(const model::AccountId&, const model::RequestParams&,
                                                    Function<void(const model::OperationView&)>) override {
    return Err(model::Error{});
  }
  std::optional<model::OperationView> operation(const model::AccountId&, const model::CallId&,
                                                const model::OpId&) override {
    return {};
  }
  std::vector<model::ConferenceSnapshot> conferences(const model::AccountId&) override { return {}; }
  std::optional<model::ConferenceSnapshot> conference(const model::AccountId&,
                                                      const model::ConferenceId&) override {
    return {};
  }
  Result<model::ConferenceSnapshot, model::Error> create_conference(const model::AccountId&,
                                                                    const model::ConferenceCreate&) override {
    return Err(model::Error{});
  }
  std::optional<model::OperationView> operation(const model::AccountId&, const model::ConferenceId&,
                                                const model::OpId&) override {
    return {};
  }
  std::vector<model::QueueInfo> queues(const model::AccountId&) override { return {}; }
  std::optional<call::QueuePage> queue(const model::AccountId&, const model::QueueId&, std::size_t,
                                       std::size_t) override {
    return {};
  }
  void subscribe(const model::SessionId&, const model::SessionSubscribe&) override {}
  void session_opened(const model::SessionId&) override { said.emplace_back("opened"); }
  void session_failed(const model::SessionId&, call::SessionFailure) override { said.emplace_back("failed"); }
  void session_lost(const model::SessionId&) override { said.emplace_back("lost"); }
  void session_closed(const model::SessionId&) override { said.emplace_back("closed"); }
  void set_draining(bool) override {}
  [[nodiscard]] std::size_t live_calls() const override { return 0; }
  std::vector<std::string> said;
};

}  // namespace tandem::app
