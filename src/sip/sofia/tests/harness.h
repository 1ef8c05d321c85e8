// Agents over loopback, an observer that remembers, and a raw UDP peer that says exactly what a test wants
// said.
#pragma once

#include <gtest/gtest.h>

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <variant>
#include <vector>

#include "runtime/loop.h"
#include "sip/sdp/sdp.h"
#include "sip/sofia/sofia_agent.h"

namespace tandem::sip::testing {

using namespace std::chrono_literals;

struct Acknowledged {
  std::optional<model::SessionDescription> session;
};
struct Pracked {
  std::optional<model::SessionDescription> session;
};
struct RequestResult {
  std::uint64_t tag;
  int code;
};
struct Referred {
  std::uint64_t tag;
  ReferProgress progress;
};
using EventBody =
    std::variant<IncomingCall, Progress, Answered, Acknowledged, Pracked, PeerOffer, ReofferResult,
                 InDialogMessage, InfoDigit, RequestResult, Referred, PeerRefer, RefusedCall, Ended>;
struct Event {
  CallId id;
  EventBody body;
};

class Recorder final : public Observer {
 public:
  void on_incoming(IncomingCall call) override;
  void on_progress(const CallId& id, Progress p) override { add(id, std::move(p)); }
  void on_answered(const CallId& id, Answered a) override { add(id, std::move(a)); }
  void on_acknowledged(const CallId& id, std::optional<model::SessionDescription> s) override {
    add(id, Acknowledged{std::move(s)});
  }
  void on_prack(const CallId& id, std::optional<model::SessionDescription> s) override {
    add(id, Pracked{std::move(s)});
  }
  void on_offer(const CallId& id, PeerOffer o) override { add(id, std::move(o)); }
  void on_reoffer_result(const CallId& id, ReofferResult r) override { add(id, std::move(r)); }
  void on_message(const CallId& id, InDialogMessage m) override { add(id, std::move(m)); }
  void on_info_digit(const CallId& id, InfoDigit d) override { add(id, d); }
  void on_request_result(const CallId& id, std::uint64_t tag, int code) override {
    add(id, RequestResult{tag, code});
  }
  void on_refer_progress(const CallId& id, std::uint64_t tag, ReferProgress p) override {
    add(id, Referred{tag, std::move(p)});
  }
  void on_refer(const CallId& id, PeerRefer r) override { add(id, std::move(r)); }
  void on_refused(RefusedCall c) override { add(CallId{}, std::move(c)); }
  void on_ended(const CallId& id, Ended e) override { add(id, std::move(e)); }

  /// Waits for the next event of type T (of any call), taking it; other events stay. Fails the test after
  /// `limit`.
  template <class T>
  std::pair<CallId, T> next(std::chrono::milliseconds limit = 5s) {
    std::unique_lock lock(mutex_);
    auto found = events_.end();
    const bool got = changed_.wait_for(lock, limit, [&] {
      found = std::find_if(events_.begin(), events_.end(),
                           [](const Event& e) { return std::holds_alternative<T>(e.body); });
      return found != events_.end();
    });
    if (!got) {
      ADD_FAILURE() << "no such event: " << __PRETTY_FUNCTION__;
      return {};
    }
    std::pair<CallId, T> out{found->id, std::get<T>(std::move(found->body))};
    events_.erase(found);
    return out;
  }
  /// True if no event of type T comes within `limit`.
  template <class T>
  bool none(std::chrono::milliseconds limit) {
    std::unique_lock lock(mutex_);
    return !changed_.wait_for(lock, limit, [&] {
      return std::any_of(events_.begin(), events_.end(),
                         [](const Event& e) { return std::holds_alternative<T>(e.body); });
    });
  }

 private:
  void add(const CallId& id, EventBody body) {
    const std::lock_guard lock(mutex_);
    events_.push_back({id, std::move(body)});
    changed_.notify_all();
  }
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Event> events_;
};

/// An agent with its observer and the observer's thread.
class Side {
 public:
  explicit Side(AgentOptions options, Timing timing = {});
  ~Side();
  Agent& agent() { return *agent_; }
  Recorder& seen() { return seen_; }
  [[nodiscard]] std::string uri(Transport t = Transport::udp, const std::string& user = "100") const;
  [[nodiscard]] model::SocketAddress address(Transport t = Transport::udp) const;
  void stop() { agent_.reset(); }
  /// A call to `target`; the id of our leg.
  CallId call(const std::string& target, std::optional<model::SessionDescription> offer,
              std::function<void(OutboundCall&)> change = {});

 private:
  SystemClock clock_;
  Metrics metrics_;
  Recorder seen_;
  runtime::Loop loop_;
  std::unique_ptr<Agent> agent_;
};

[[nodiscard]] AgentOptions udp_options(const std::string& ip = "127.0.0.1");
[[nodiscard]] AgentOptions all_transports(const std::string& ip = "127.0.0.1");
[[nodiscard]] model::SessionDescription sdp(std::uint16_t port, std::uint64_t version = 1,
                                            const std::string& direction = "sendrecv");
/// Timers ten times as fast as the standard's.
[[nodiscard]] Timing quick();

/// A certificate for 127.0.0.1 signed by a fresh authority, as files; made once by `openssl`-free code.
struct TestCertificate {
  std::string folder;
  std::string certificate;
  std::string key;
  std::string authority;
  explicit TestCertificate(const std::string& ip = "127.0.0.1", const std::string& common_name = "127.0.0.1");
  ~TestCertificate();
};

/// A peer on a UDP socket of 127.0.0.1.
class RawPeer {
 public:
  explicit RawPeer(const model::SocketAddress& server);
  ~RawPeer();
  RawPeer(const RawPeer&) = delete;
  RawPeer& operator=(const RawPeer&) = delete;
  void send(const std::string& message) const;
  /// The next datagram, or empty after `limit`.
  [[nodiscard]] std::string receive(std::chrono::milliseconds limit = 3s) const;
  /// The next message whose first line holds `text`; others are dropped.
  [[nodiscard]] std::string receive_with(const std::string& text, std::chrono::milliseconds limit = 5s) const;
  [[nodiscard]] std::string host_port() const;
  [[nodiscard]] const model::SocketAddress& address() const { return self_; }

 private:
  int fd_ = -1;
  model::SocketAddress self_;
};

struct RawInvite {
  std::string call_id = "raw-1";
  std::string branch = "z9hG4bKraw1";
  std::string via_extra;      ///< Appended to the top Via.
  std::string via_host_port;  ///< Empty: the peer's own.
  std::string extra;          ///< Whole header lines.
  std::string body =
      "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n";
  std::string from_tag = "ft1";
  int cseq = 1;
};
[[nodiscard]] std::string invite_text(const RawPeer& peer, const RawInvite& invite = {});
/// A request in the dialog of `response` (a response to invite_text).
[[nodiscard]] std::string dialog_request(const RawPeer& peer, const std::string& method,
                                         const RawInvite& invite, const std::string& to_tag, int cseq,
                                         const std::string& extra = "", const std::string& body = "",
                                         const std::string& branch = "");
[[nodiscard]] std::string header(const std::string& message, const std::string& name);
/// Has the agent drain, and returns when it does: the word travels to its thread, and what `peer` sends could
/// overtake it.
void drain(Side& side, const RawPeer& peer);
[[nodiscard]] std::string to_tag(const std::string& message);

}  // namespace tandem::sip::testing
