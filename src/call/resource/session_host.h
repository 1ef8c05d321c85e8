// A session as the core knows it: which calls it holds, and the operations that belong to no call (dial).
// Control thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "call/operation/operation.h"
#include "call/resource/environment.h"
#include "call/resource/op_table.h"
#include "store/api/routing.h"

namespace tandem::call {

class SessionHost final : public OpHost {
 public:
  SessionHost(Environment& env, model::SessionId id, store::Route owner, model::SessionReason reason)
      : env_(env),
        id_(std::move(id)),
        owner_(std::move(owner)),
        reason_(reason),
        created_(env.wall()),
        ops_(env, *this) {}

  [[nodiscard]] const model::SessionId& id() const { return id_; }
  [[nodiscard]] const store::Route& owner() const { return owner_; }
  [[nodiscard]] const model::AccountId& account() const { return owner_.account.id; }
  [[nodiscard]] Environment& env() { return env_; }
  [[nodiscard]] OpTable& ops() override { return ops_; }
  void emit(model::EventData data, const model::OpId& op = {}) override {
    model::Event event;
    event.op_id = op;
    event.data = std::move(data);
    env_.deps.gateway.deliver(id_, std::move(event));
  }
  [[nodiscard]] model::CallId op_call_id() const override { return {}; }
  [[nodiscard]] bool holds(const model::CallId& call) const;
  [[nodiscard]] model::LiveSession view() const;

  std::vector<model::CallId> calls;  ///< Those that exist, also ended ones that linger.
  model::IntentId intent;            ///< Of an outbound session.
  model::SessionSubscribe subscription;

 private:
  Environment& env_;
  const model::SessionId id_;
  const store::Route owner_;
  const model::SessionReason reason_;
  const WallTime created_;
  OpTable ops_;
};

/// The verbs of a session.
[[nodiscard]] MadeOperation make_operation(SessionHost& session, const model::CallDial& p);
[[nodiscard]] MadeOperation make_operation(SessionHost& session, const model::ConferenceCreate& p);
[[nodiscard]] MadeOperation make_operation(SessionHost& session, const model::QueueRemove& p);
[[nodiscard]] MadeOperation make_operation(SessionHost& session, const model::QueueUpdate& p);

}  // namespace tandem::call
