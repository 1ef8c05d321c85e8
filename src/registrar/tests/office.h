// A node's SIP side with its registrar on loopback, phones that say exactly what a test wants said, and a
// second agent as the other party.
#pragma once

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>

#include "cluster/single/single_location.h"
#include "registrar/registrar.h"
#include "sip/digest/digest.h"
#include "sip/sofia/agent_factory.h"
#include "sip/sofia/tests/harness.h"

namespace tandem::registrar::testing {

using namespace std::chrono_literals;

/// Users of acme.example, and a trunk that logs in to trunk.example.
class Users final : public sip::AccessDirectory {
 public:
  Users();
  void add(const std::string& realm, const std::string& user, const std::string& password,
           bool trunk = false);
  void trust(bool trusted) { trusted_ = trusted; }
  [[nodiscard]] bool is_realm(std::string_view host) const override;
  [[nodiscard]] std::optional<sip::Secrets> find(std::string_view realm,
                                                 std::string_view username) const override;
  [[nodiscard]] bool is_trusted(const model::IpAddress&) const override { return trusted_; }

 private:
  std::map<std::string, sip::Secrets> users_;  // Filled before the agent asks.
  std::atomic<bool> trusted_{false};
};

class Happenings final : public EndpointObserver {
 public:
  void on_endpoint(EndpointEvent event) override;
  /// The next event within 5 s as "alice registered 1" (contacts left), or "nothing".
  std::string next(std::chrono::milliseconds limit = 5s);

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::string> events_;
};

struct OfficeOptions {
  sip::AgentOptions agent;
  sip::AccessPolicy access;
  RegistrarOptions registrar;
};
[[nodiscard]] OfficeOptions office_options();

class Office {
 public:
  explicit Office(OfficeOptions options = office_options());
  ~Office();
  sip::SipStack& agent() { return *agent_; }
  sip::testing::Recorder& calls() { return calls_; }
  Happenings& events() { return events_; }
  Users& users() { return users_; }
  [[nodiscard]] model::SocketAddress address(sip::Transport t = sip::Transport::udp) const;
  [[nodiscard]] std::optional<cluster::Endpoint> endpoint(const std::string& user);
  /// Sends and waits for the outcome.
  sip::OutsideResult ask(sip::OutsideRequest request);
  runtime::Loop& control() { return control_; }
  void on_control(Function<void()> task);

 private:
  SystemClock clock_;
  Metrics metrics_;
  sip::testing::Recorder calls_;
  Happenings events_;
  Users users_;
  cluster::SingleLocation location_;
  std::unique_ptr<Registrar> registrar_;
  runtime::Loop control_;
  std::unique_ptr<sip::SipStack> agent_;
};

/// Requests of a phone as text.
struct Words {
  std::string method = "REGISTER";
  std::string user = "alice";
  std::string domain = "acme.example";
  std::string from;  ///< Empty: as To.
  std::string via = "SIP/2.0/UDP 127.0.0.1:9";
  std::string call_id = "phone-1";
  std::string extra;  ///< Whole header lines.
  int cseq = 1;
};
[[nodiscard]] std::string text_of(const Words& words);
/// An Authorization line for a 401; `algorithm` empty: the strongest.
[[nodiscard]] std::string proof(const std::string& challenge, const std::string& user,
                                const std::string& password, const std::string& method = "REGISTER",
                                std::uint32_t count = 1, const std::string& algorithm = "");

class Stream {
 public:
  explicit Stream(const model::SocketAddress& server);
  ~Stream();
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  void shut();
  void send(const std::string& text) const;
  /// What came since the last call, once `text` is in it; or what came within 5 s.
  std::string read_until(const std::string& text);

 private:
  int fd_;
  std::string got_;
};

}  // namespace tandem::registrar::testing
