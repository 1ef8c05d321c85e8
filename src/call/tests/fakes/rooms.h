// Calls and conferences over the fakes, as the tests of conferences have them.
#pragma once

#include <gtest/gtest.h>

#include "call/tests/fakes/world.h"

namespace tandem::call::testing {

using Lines = std::vector<std::string>;
using model::ConferenceRole;

class Rooms : public ::testing::Test {
 protected:
  explicit Rooms(CoreOptions options = {}) : w(std::move(options)) {}

  /// An inbound call of its own session, answered unless told otherwise.
  model::CallId caller(const std::string& name, bool answer = true) {
    auto invite = w.invite();
    invite.id = model::CallId("CA" + name);
    w.arrive(invite);
    sessions[invite.id] = w.session;
    if (!answer) return invite.id;
    model::CallAnswer p;
    p.call_id = invite.id;
    EXPECT_TRUE(w.core->submit(w.session, p));
    w.run();
    return invite.id;
  }
  model::CallJoin join_of(const model::CallId& call, const std::string& name = "room") {
    model::CallJoin p;
    p.call_id = call;
    p.op_id = World::op("join-" + call.str());
    p.name = name;
    p.create.emplace();
    return p;
  }
  Result<model::OperationView, model::Error> join(model::CallJoin p) {
    const model::SessionId session = sessions[p.call_id];
    auto reply = w.core->submit(session, std::move(p));
    w.run();
    return reply;
  }
  void joined(model::CallJoin p) {
    auto reply = join(std::move(p));
    ASSERT_TRUE(reply) << reply.error().message;
  }
  model::CallId member(const std::string& name, ConferenceRole role = ConferenceRole::participant) {
    const auto id = caller(name);
    auto p = join_of(id);
    p.terms.role = role;
    joined(p);
    return id;
  }
  /// On behalf of the session of `call`; error code and field, or the outcome.
  std::string ask(const model::CallId& call, model::RequestParams params, const std::string& op) {
    std::visit(
        [&op](auto& p) {
          if constexpr (requires { p.op_id = World::op(op); }) p.op_id = World::op(op).value();
        },
        params);
    auto reply = w.core->submit(sessions[call], params);
    if (!reply) return std::string(to_string(reply.error().code)) + " " + reply.error().field;
    w.run();
    return w.outcome(op);
  }
  model::ConferenceUpdateParticipant change(const model::CallId& call) {
    model::ConferenceUpdateParticipant p;
    p.conference_id = w.mixer.only_id();
    p.call_id = call;
    return p;
  }
  void ends(const model::CallId& id, sip::LegEnd how = sip::LegEnd::peer_bye) {
    sip::Ended e;
    e.how = how;
    e.sip_code = 200;
    w.core->on_ended(id, e);
    w.run();
  }
  std::size_t count(const std::string& type) const {
    std::size_t n = 0;
    for (const auto& e : w.gateway.events) n += model::event_type(e.data) == type ? 1 : 0;
    return n;
  }
  std::string left_reason(const model::CallId& call) {
    const auto* done = w.completion("join-" + call.str());
    if (done == nullptr || !done->result) return "open";
    const auto* result = std::get_if<model::CallJoinResult>(&*done->result);
    return result->leave_reason ? std::string(to_string(*result->leave_reason)) : "never";
  }
  const model::ConferenceEndedEvent* ended() const {
    for (const auto& e : w.gateway.events) {
      if (const auto* data = std::get_if<model::ConferenceEndedEvent>(&e.data)) return data;
    }
    return nullptr;
  }

  World w;
  std::map<model::CallId, model::SessionId> sessions;
};

}  // namespace tandem::call::testing
