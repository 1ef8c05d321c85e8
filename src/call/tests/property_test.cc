// Random operations and random events: whatever happens, the rules of the protocol hold.
#include <random>
#include <set>

#include "call/tests/fakes/world.h"

namespace tandem::call::testing {
namespace {

class Chaos {
 public:
  explicit Chaos(unsigned seed) : random_(seed) {}

  void run() {
    auto invite = w_.invite();
    if (chance(5)) invite.offer.reset();
    invite.supports_100rel = chance(2);
    w_.arrive(invite);
    for (int i = 0; i < 60 && !ended_; ++i) step();
    while (!ended_ && w_.core->live_calls() > 0) end_leg();
    w_.prompts.release();
    w_.run();
    w_.advance(5'000);
    check();
  }

 private:
  int pick(int n) { return static_cast<int>(random_() % static_cast<unsigned>(n)); }
  bool chance(int one_in) { return pick(one_in) == 0; }

  void step() {
    switch (pick(12)) {
      case 0:
      case 1:
      case 2:
      case 3:
        submit(operation());
        break;
      case 4:
        submit(control());
        break;
      case 5:
        w_.press("0123456789*#"[pick(12)]);
        break;
      case 6:
        w_.engine.end_current(w_.call, chance(6) ? media::PlayEnd::failed : media::PlayEnd::finished);
        break;
      case 7:
        w_.advance(pick(3000));
        break;
      case 8:
        w_.prompts.release();
        break;
      case 9:
        peer_signals();
        break;
      case 10:
        if (chance(25)) end_leg();
        if (chance(60)) lose_session();
        break;
      default:
        w_.run();
        break;
    }
    if (chance(3)) w_.run();
    // The SIP side confirms what we asked it to end.
    if (!w_.agent.log.empty() && !ended_) {
      const std::string& last = w_.agent.log.back();
      if (last.starts_with("hangup") || last.starts_with("reject") || last.starts_with("redirect")) end_leg();
    }
  }

  void peer_signals() {
    switch (pick(5)) {
      case 0:
        w_.core->on_acknowledged(w_.call, chance(4) ? std::nullopt : std::optional(offer_of({0})));
        break;
      case 1:
        w_.core->on_prack(w_.call, std::optional(offer_of({8})));
        break;
      case 2:
        w_.core->on_offer(
            w_.call, {7, offer_of({8}, chance(2) ? model::Direction::inactive : model::Direction{}), true});
        break;
      case 3:
        w_.core->on_offer(w_.call, {8, std::nullopt, true});
        break;
      default:
        w_.core->on_request_result(w_.call, w_.agent.last_tag, chance(2) ? 200 : 404);
        break;
    }
  }

  void end_leg() {
    ended_ = true;
    const std::string last = w_.agent.log.empty() ? "" : w_.agent.log.back();
    const bool ours =
        last.starts_with("hangup") || last.starts_with("reject") || last.starts_with("redirect");
    w_.peer(ours ? sip::LegEnd::local_reject : sip::LegEnd::peer_bye, 200);
  }
  void lose_session() {
    if (chance(2)) {
      w_.core->session_lost(w_.session);
    } else {
      w_.core->session_closed(w_.session);
    }
    deaf_ = true;
  }

  model::RequestParams operation() {
    const std::string name = std::to_string(next_++);
    const auto busy = static_cast<model::WhenBusy>(pick(3));
    const auto with = [&](auto p) {
      p.when_busy = busy;
      if (chance(6)) p.deadline_ms = 1 + pick(2000);
      return p;
    };
    switch (pick(16)) {
      case 0:
      case 1:
      case 2:
        return with(w_.say(name));
      case 3:
      case 4:
        return with(w_.play(name, {chance(3) ? "http://slow" : chance(4) ? "http://fail" : "http://a"}));
      case 5:
      case 6:
        return with(w_.collect(name, 1, 1 + pick(4)));
      case 7:
      case 8: {
        auto p = with(w_.prompt(name, 1, 1 + pick(4)));
        p.max_tries = 1 + pick(3);
        return p;
      }
      default:
        return other_operation(name, busy);
    }
  }

  model::RequestParams other_operation(const std::string& name, model::WhenBusy busy) {
    const auto named = [&](auto p) {
      p.call_id = w_.call;
      p.op_id = World::op(name);
      return p;
    };
    switch (pick(7)) {
      case 0: {
        auto p = named(model::CallSendDigits{});
        p.digits = "12";
        p.when_busy = busy;
        return p;
      }
      case 1:
      case 2:
        return named(model::CallAnswer{});
      case 3: {
        auto p = named(model::CallRing{});
        p.early_media = chance(2);
        return p;
      }
      case 4: {
        auto p = named(model::CallSendSip{});
        if (chance(2)) p.deadline_ms = 500;
        return p;
      }
      case 5: {
        auto p = named(model::CallUpdate{});
        p.on_disconnect = model::OnDisconnect{static_cast<model::DisconnectAction>(pick(2)), std::nullopt};
        return p;
      }
      default:
        if (chance(8)) return w_.hangup(name);
        if (chance(8)) return named(model::CallReject{});
        return w_.say(name, busy);
    }
  }

  model::RequestParams control() {
    const std::string name = std::to_string(pick(next_ + 1));
    switch (pick(6)) {
      case 0:
        return World::control<model::OpCancel>(name);
      case 1:
        return World::control<model::OpStop>(name);
      case 2:
        return World::control<model::OpPause>(name);
      case 3:
        return World::control<model::OpResume>(name);
      case 4:
        return World::control<model::OpGet>(name);
      default: {
        auto p = World::control<model::OpUpdate>(name);
        p.loop = pick(3);
        p.gain_db = pick(6);
        return p;
      }
    }
  }

  void submit(model::RequestParams params) {
    const auto told = w_.gateway.events.size();
    const auto commands = w_.agent.log.size();
    const auto reply = w_.submit(params);
    EXPECT_EQ(w_.gateway.events.size(), told) << "an event before the reply";
    EXPECT_EQ(w_.agent.log.size(), commands) << "an effect before the reply";
    if (reply && model::method_name(params).starts_with("call.")) accepted_.insert(reply->id);
  }

  void check() {
    EXPECT_EQ(w_.core->live_calls(), 0U);
    EXPECT_EQ(w_.engine.streams(), 0U);
    ASSERT_EQ(w_.store.cdrs.size(), 1U);
    std::map<model::OpId, int> completed;
    int ivr_created = 0;
    int ivr_ended = 0;
    int call_ended = 0;
    for (const model::Event& e : w_.gateway.events) {
      const std::string type(model::event_type(e.data));
      if (call_ended > 0) {
        EXPECT_EQ(type, "cdr.ready");
      }
      if (type.starts_with("op.")) {
        EXPECT_EQ(ivr_ended, 0) << "an operation after its resource";
        EXPECT_EQ(completed[e.op_id], 0) << e.op_id.str() << " " << type << " after its end";
      }
      if (type == "op.completed") ++completed[e.op_id];
      if (type == "ivr.created") ++ivr_created;
      if (type == "ivr.ended") ++ivr_ended;
      if (type == "call.ended") ++call_ended;
    }
    if (deaf_) return;  // What came after the session's end was told to nobody.
    EXPECT_EQ(call_ended, 1);
    EXPECT_EQ(ivr_created, ivr_ended);
    for (const model::OpId& id : accepted_) EXPECT_EQ(completed[id], 1) << id.str();
    EXPECT_EQ(World::describe(w_.gateway.events.back()), "cdr.ready");
    EXPECT_EQ(w_.gateway.idle_sessions.size(), 1U);
  }

  World w_;
  std::mt19937 random_;
  std::set<model::OpId> accepted_;
  int next_ = 0;
  bool ended_ = false;
  bool deaf_ = false;
};

TEST(Property, TheRulesHoldWhateverHappens) {
  for (unsigned seed = 0; seed < 400; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Chaos(seed).run();
    if (::testing::Test::HasFailure()) return;
  }
}

}  // namespace
}  // namespace tandem::call::testing
