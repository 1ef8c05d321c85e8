// A session: one application's hold on its calls, over a socket that may break and come back (docs: protocol,
// section 5). Lives on the control thread; the sockets it dials live on the net pool.
#pragma once

#include <memory>
#include <string>
#include <variant>

#include "app/channel.h"
#include "app/event_stream.h"
#include "app/handshake.h"
#include "base/log.h"
#include "call/api/core.h"
#include "net/api/http.h"
#include "runtime/executor.h"

namespace tandem::app {

struct SessionLimits {
  EventStream::Limits events;
  ChannelLimits channel;
  std::chrono::milliseconds connect_timeout{5'000};
  std::chrono::milliseconds resume_ttl{30'000};
  /// How long the application may stay behind after session.lagging before its socket is closed with the
  /// state kept.
  std::chrono::milliseconds lag_grace{10'000};
  /// How long a session without calls waits for the application's close.
  std::chrono::milliseconds idle_grace{30'000};
  /// How long a resumed socket may take to say where it stands.
  std::chrono::milliseconds resume_ack_timeout{5'000};
  std::uint32_t max_queued_operations = 200;
  std::uint32_t max_calls = 1000;  ///< That one session may hold.
};

class Session {
 public:
  /// Borrowed; all outlive the session.
  struct Environment {
    net::Client& client;
    runtime::TimerExecutor& control;
    call::Core& core;
    const SessionLimits& limits;
    const std::vector<std::string>& capabilities;
    Log log;
  };
  /// Runs a task for this session on the control thread if it still exists then: how late callbacks die
  /// quietly.
  using Deliver = Function<void(Function<void(Session&)>)>;
  using MakeDeliver = Function<Deliver()>;

  enum class Ending : std::uint8_t { unreachable, closed_by_application, not_resumed, idle };

  /// `on_end` is the last thing that a session calls; its owner destroys it in a later turn.
  Session(call::SessionOpening opening, Environment environment, MakeDeliver deliver,
          Function<void(Ending)> on_end);

  void deliver(model::Event event);
  /// The core holds nothing of this session any more.
  void idle();
  [[nodiscard]] bool connected() const;

 private:
  // States. A channel exists exactly where a socket is up.
  struct Connecting {};  ///< First dial; events wait in the stream.
  struct Live {
    std::unique_ptr<Channel> channel;
  };
  struct Resuming {
    std::unique_ptr<Channel> channel;
  };  ///< Socket back; session.ack is awaited.
  struct Lost {
    unsigned attempts = 0;
  };  ///< Dialling again until resume_ttl.
  struct Ended {};
  using State = std::variant<Connecting, Live, Resuming, Lost, Ended>;

  void dial(const std::string& reason, std::size_t url_index);
  void on_dialled(std::uint64_t dial, std::size_t url_index,
                  Result<std::unique_ptr<Channel>, net::NetFailure> result);
  void on_dial_failed(std::size_t url_index, const net::NetFailure& failure);
  void redial_later(unsigned attempts);
  void on_request(std::uint64_t dial, model::Request request);
  void on_close(std::uint64_t dial, std::uint16_t code);
  void answer(Channel& channel, model::Request request);
  void resume_from(std::uint64_t seq);
  void acknowledge(std::uint64_t seq);
  void send(EventPtr event);
  void check_pace();
  void cut_off(const char* reason);
  void become_lost();
  void end(Ending ending);
  [[nodiscard]] Channel* live_channel();
  [[nodiscard]] model::SessionSnapshot snapshot();
  [[nodiscard]] model::SessionStartedEvent started_event() const;
  [[nodiscard]] model::SessionInfo info() const;
  [[nodiscard]] std::vector<std::string> urls() const;

  const call::SessionOpening opening_;
  Environment env_;
  MakeDeliver make_deliver_;
  Function<void(Ending)> on_end_;
  const std::string resume_token_;
  const std::string trace_parent_;
  const WallTime created_;
  EventStream stream_;
  State state_ = Connecting{};
  EventStream::Pace announced_ = EventStream::Pace::flowing;  ///< The last that the application was told of.
  std::uint64_t merged_ = 0;
  std::uint64_t dial_ = 0;  ///< Counts dials, so that what belongs to an earlier socket is dropped.
  runtime::Timer retry_;
  runtime::Timer expiry_;  ///< resume_ttl while lost.
  runtime::Timer grace_;   ///< idle_grace once idle; resume_ack_timeout while resuming.
  runtime::Timer lag_;     ///< lag_grace once session.lagging was sent.
  bool core_idle_ = false;
};

}  // namespace tandem::app
