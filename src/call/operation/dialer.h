// Reaches one of several targets: groups in turn, the targets of a group at once, and the routes of each
// target (gateways of a trunk, contacts of an endpoint) as its rules say; the first that answers, and is let
// through by the screening, wins, the others are cancelled. Shared by dial, bridge and transfer. Control
// thread.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/function.h"
#include "call/operation/operation.h"
#include "call/resource/call.h"
#include "call/resource/exchange.h"
#include "model/request.h"

namespace tandem::call {

struct DialRequest {
  model::DialPlan plan;
  store::Route owner;  ///< Account and application that the calls belong to.
  model::SessionId session;
  model::CallId parent;  ///< The call that waits for it, or empty.
  model::OpId op;
  model::IntentId intent;
  std::string default_from;     ///< Where plan and target name no caller.
  std::string replaces_header;  ///< Of the INVITEs, or empty (RFC 3891).
};

/// What dials for `call` on behalf of `op`: owner, session, caller. The plan is the asker's.
[[nodiscard]] DialRequest dial_request_for(const Call& call, model::OpId op, model::DialPlan plan);

class Dialer final : private CallWatcher {
 public:
  struct Handlers {
    /// A call rings; `early_media`: it can be heard.
    Function<void(Call&, bool early_media)> on_rings;
    /// Once: the call that won.
    Function<void(Call&)> on_answered;
    /// Once, instead: nobody was reached.
    Function<void(model::Error)> on_failed;
  };

  Dialer(Environment& env, DialRequest request, Handlers handlers);
  /// Cancels what is under way.
  ~Dialer() override;

  /// What can be said before anything is sent: the first error of the plan's targets, if none can be tried.
  void start();
  /// Ends all attempts; no handler is called any more.
  void cancel(machine::LocalCause cause);
  [[nodiscard]] std::vector<model::DialAttempt> attempts() const;

 private:
  struct Attempt {
    model::DialAttempt view;
    Call* call = nullptr;  ///< While it lives for us.
    OutboundRoute route;
    std::size_t target = 0;
    TimePoint began;
    NextRoute next = NextRoute::stop;
    std::optional<model::Error> refusal;  ///< It was refused before an INVITE went out.
  };
  struct Target {
    model::DialTarget aim;
    OutboundSteps steps;
    std::size_t step = 0;
    bool over = false;
    std::vector<OutboundRoute> paced;  ///< Wait for their trunk's calls per second.
    runtime::Timer turn;               ///< Of those.
    runtime::Timer ring;
    explicit Target(runtime::TimerExecutor& loop) : turn(loop), ring(loop) {}
    void end() {
      over = true;
      paced.clear();
      turn.cancel();
      ring.cancel();
    }
  };

  // CallWatcher.
  void call_rings(Call& call, bool early_media) override;
  void call_answered(Call& call) override;
  void call_over(Call& call, const model::Verdict& verdict) override;
  void call_replaced(Call& call, Call& with) override;

  void next_group();
  void begin_target(std::size_t index);
  void next_step(std::size_t index);
  void place(std::size_t index, OutboundRoute route);
  /// The trunk is too fast just now: true if it is worth waiting for it.
  bool pace(std::size_t index, const OutboundRoute& route, const model::Error& error);
  void refused(std::size_t target, const model::Error& error, const std::string& uri,
               const model::TrunkId& trunk);
  void step_over(std::size_t index);
  void ring_timeout(std::size_t index);
  void total_timeout();
  void screen(Attempt& attempt);
  void accept(Attempt& attempt);
  void finish_with(Call& call);
  void end_attempts(machine::LocalCause cause, const Call* but);
  void give_up(model::Error error);
  [[nodiscard]] bool pending(std::size_t target) const;
  [[nodiscard]] Attempt* find(const Call& call);
  [[nodiscard]] Attempt* find(const model::CallId& call);
  [[nodiscard]] OutboundAim aim_of(const Target& target) const;
  [[nodiscard]] model::Error failure() const;
  /// Runs `f` in a later turn, if the dialer still exists then.
  template <class F>
  void later(F f);

  Environment& env_;
  DialRequest request_;
  Handlers handlers_;
  std::vector<model::DialGroup> groups_;
  std::size_t group_ = 0;
  std::vector<std::unique_ptr<Target>> targets_;  ///< Of the present group.
  std::size_t first_target_ = 0;
  std::vector<std::unique_ptr<Attempt>> attempts_;
  enum class State : std::uint8_t { dialing, winding_up, over };
  State state_ = State::dialing;
  bool timed_out_ = false;
  runtime::Timer total_;
  // Shared with tasks in flight: null once the dialer is gone.
  std::shared_ptr<Dialer*> self_ = std::make_shared<Dialer*>(this);
};

/// Text of a target as it was asked for.
[[nodiscard]] std::string target_text(const model::DialTarget& target);
/// Checks what the schema cannot: headers.
[[nodiscard]] std::optional<model::Error> check_plan(const model::DialPlan& plan, const std::string& field);

}  // namespace tandem::call
