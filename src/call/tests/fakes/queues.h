// Callers, agents and queues over the fakes, as the tests of queues have them.
#pragma once

#include <gtest/gtest.h>

#include "call/tests/fakes/world.h"

namespace tandem::call::testing {

using Lines = std::vector<std::string>;

class Queues : public ::testing::Test {
 protected:
  struct Party {
    model::CallId call;
    model::SessionId session;
  };
  /// An inbound call with a session of its own, answered.
  Party arrive(const std::string& name) {
    sip::IncomingCall c = w.invite();
    c.id = model::CallId("CA" + name);
    w.arrive(std::move(c));
    Party p{model::CallId("CA" + name), w.session};
    EXPECT_TRUE(w.core->submit(p.session, model::CallAnswer{.call_id = p.call,
                                                            .codecs = {},
                                                            .headers = {},
                                                            .op_id = w.op("answer" + name),
                                                            .deadline_ms = {}}));
    w.run();
    w.core->on_acknowledged(p.call, {});
    w.run();
    return p;
  }
  model::CallEnqueue enqueue(const Party& p, const std::string& op, std::int64_t priority = 0) const {
    model::CallEnqueue e;
    e.call_id = p.call;
    e.queue = "support";
    e.priority = priority;
    e.op_id = World::op(op);
    return e;
  }
  model::QueueTake take(const Party& p, const std::string& op) const {
    model::QueueTake t;
    t.call_id = p.call;
    t.queue = "support";
    t.op_id = World::op(op);
    return t;
  }
  static model::Playlist list(const std::string& url) {
    model::Playlist out;
    model::Source s;
    s.url = url;
    out.sources.push_back(s);
    return out;
  }
  void ask(const Party& p, model::RequestParams params) {
    auto reply = w.core->submit(p.session, params);
    ASSERT_TRUE(reply.has_value()) << reply.error().message;
    w.run();
  }
  std::string refused(const Party& p, model::RequestParams params) {
    auto reply = w.core->submit(p.session, params);
    if (reply) return "accepted";
    return std::string(to_string(reply.error().code)) + " " + reply.error().field;
  }
  /// A call that waits.
  Party waiting(const std::string& name, std::int64_t priority = 0) {
    Party p = arrive(name);
    ask(p, enqueue(p, name, priority));
    return p;
  }
  void hangs_up(const model::CallId& id) {
    sip::Ended e;
    e.how = sip::LegEnd::peer_bye;
    e.sip_code = 200;
    w.core->on_ended(id, e);
    w.run();
  }
  template <class Event>
  std::vector<Event> events(const model::SessionId& session = {}) const {
    std::vector<Event> out;
    for (std::size_t i = 0; i < w.gateway.events.size(); ++i) {
      const auto* e = std::get_if<Event>(&w.gateway.events[i].data);
      if (e != nullptr && (session.empty() || w.gateway.sessions[i] == session)) out.push_back(*e);
    }
    return out;
  }
  template <class Result>
  Result result(const std::string& op) const {
    const auto* done = w.completion(op);
    return done == nullptr ? Result{} : std::get<Result>(*done->result);
  }
  model::QueueStatistics statistics() {
    const auto all = w.core->queues(model::AccountId("ACtest"));
    return all.empty() ? model::QueueStatistics{} : all.front().statistics;
  }
  std::size_t playing(const model::CallId& id) const {
    const auto found = w.engine.streams_map.find(id);
    return found == w.engine.streams_map.end() ? 0 : found->second.plays.size();
  }
  void provision(const std::string& name, const std::function<void(store::Queue&)>& edit) {
    store::Queue q;
    q.id = model::QueueId("QU" + name);
    q.account_id = model::AccountId("ACtest");
    q.name = name;
    edit(q);
    w.store.rules.queues.push_back(q);
  }
  World w;
};

}  // namespace tandem::call::testing
