// A session: one application's hold on its calls, over a link that may break and come back (docs: protocol,
// section 5). Lives on the control thread; how its application is reached is its connector's business.
#pragma once

#include <memory>
#include <string>
#include <variant>

#include "app/channel.h"
#include "app/connector.h"
#include "app/event_stream.h"
#include "app/link.h"
#include "base/log.h"
#include "call/api/core.h"
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
  using MakeConnector = Function<std::unique_ptr<Connector>(Session&, const call::SessionOpening&)>;

  /// `on_end` is the last thing that a session calls; its owner destroys it in a later turn.
  Session(call::SessionOpening opening, Environment environment, MakeConnector make_connector,
          Function<void(Ending)> on_end);

  void deliver(model::Event event);
  /// The core holds nothing of this session any more.
  void idle();
  [[nodiscard]] bool connected() const;
  [[nodiscard]] const model::SessionId& id() const { return opening_.id; }

  // From connectors and links. What belongs to an earlier attempt is dropped.
  enum class Peer : std::uint8_t {
    knows_nothing,    ///< Gets the session from its beginning.
    says_where_it_is  ///< Its first request is session.ack.
  };
  void on_linked(std::uint64_t attempt, std::unique_ptr<Link> link, Peer peer);
  void on_unreachable(std::uint64_t attempt);
  void on_request(std::uint64_t attempt, model::Request request);
  /// The link is gone. 1000: the application has closed the session.
  void on_closed(std::uint64_t attempt, std::uint16_t code);

  // session.resume on a worker's socket.
  [[nodiscard]] bool may_resume(const model::AccountId& account, const model::ApplicationId& application,
                                std::string_view token) const;
  /// Lets go of the link or the search for one; the attempt under which resume() brings the next. Only after
  /// may_resume().
  [[nodiscard]] std::uint64_t release();
  /// Answers the request and goes on behind `seq`, right after release().
  void resume(std::unique_ptr<Link> link, std::string rpc_id, std::uint64_t seq);

 private:
  // States. A link exists exactly where one is up.
  struct Connecting {};  ///< First link is sought; events wait in the stream.
  struct Live {
    std::unique_ptr<Link> link;
  };
  struct Resuming {
    std::unique_ptr<Link> link;
  };               ///< A link is back; session.ack is awaited.
  struct Lost {};  ///< A new link is sought or awaited until resume_ttl.
  struct Ended {};
  using State = std::variant<Connecting, Live, Resuming, Lost, Ended>;

  void begin(std::unique_ptr<Link> link);
  void renew_token();
  void answer(Link& link, model::Request request);
  void resume_from(std::unique_ptr<Link> link, std::uint64_t seq);
  void acknowledge(std::uint64_t seq);
  void send(EventPtr event);
  void check_pace();
  void cut_off(const char* reason);
  void become_lost();
  void end(Ending ending);
  void drop_link();
  [[nodiscard]] Link* live_link();
  [[nodiscard]] model::SessionSnapshot snapshot();
  [[nodiscard]] model::SessionStartedEvent started_event() const;
  [[nodiscard]] model::SessionInfo info() const;

  const call::SessionOpening opening_;
  Environment env_;
  Function<void(Ending)> on_end_;
  std::string resume_token_;
  const WallTime created_;
  EventStream stream_;
  State state_ = Connecting{};
  EventStream::Pace announced_ = EventStream::Pace::flowing;  ///< The last that the application was told of.
  std::uint64_t merged_ = 0;
  std::uint64_t attempt_ =
      1;                   ///< Counts searches for a link, so that what belongs to an earlier one is dropped.
  bool touched_ = false;   ///< The application has asked for something.
  runtime::Timer expiry_;  ///< resume_ttl while lost.
  runtime::Timer grace_;   ///< idle_grace once idle; resume_ack_timeout while resuming.
  runtime::Timer lag_;     ///< lag_grace once session.lagging was sent.
  bool core_idle_ = false;
  const std::unique_ptr<Connector> connector_;
};

}  // namespace tandem::app
