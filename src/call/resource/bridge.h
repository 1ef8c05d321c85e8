// A bridge: two calls whose audio is connected, or one that waits until the other is reached. A small machine
// of its own (connecting, active, ended); it decides what becomes of a call when the other one leaves.
// Control thread.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/function.h"
#include "call/resource/environment.h"
#include "call/resource/place.h"
#include "model/event.h"

namespace tandem::call {

struct BridgeTerms {
  model::BridgeDirection direction = model::BridgeDirection::both;  ///< Seen from the first call.
  model::LeaveAction first_stays = model::LeaveAction::ivr;   ///< The first call, when the second leaves.
  model::LeaveAction second_stays = model::LeaveAction::ivr;  ///< The second, when the first leaves.
};

struct BridgeEnd {
  model::BridgeEndReason reason = model::BridgeEndReason::left;
  model::CallId by;                       ///< The call that left; empty: nobody did.
  std::optional<model::EndReason> cause;  ///< Why that call ended, if it did.
  std::int64_t duration_ms = 0;
};

class Bridge final : public Place {
 public:
  /// The first call waits for the second; bridge.created is sent. `on_end` comes once; the bridge is
  /// destroyed in a later turn.
  Bridge(Environment& env, Call& first, BridgeTerms terms, Function<void(const BridgeEnd&)> on_end);
  ~Bridge() override;

  [[nodiscard]] const model::BridgeId& id() const { return id_; }
  [[nodiscard]] bool active() const override { return std::holds_alternative<Active>(state_); }
  [[nodiscard]] bool over() const { return std::holds_alternative<Ended>(state_); }
  [[nodiscard]] Call* first() const { return first_; }
  [[nodiscard]] Call* second() const { return second_; }
  [[nodiscard]] Call* other(const Call& call) const { return &call == first_ ? second_ : first_; }
  [[nodiscard]] model::BridgeSnapshot snapshot() const;

  /// The second call is there: both leave their ivrs and hear each other. An unanswered inbound call is
  /// answered. False: it could not be (the bridge has ended then).
  bool connect(Call& second);
  /// Lets the first call hear what comes before the second one's answer.
  void connect_early(Call& second);

  // Place.
  [[nodiscard]] model::IvrEndReason ivr_end() const override { return model::IvrEndReason::bridge; }
  void hold_changed(Call&) override { refresh_media(); }
  /// Neither hears the other.
  void suspend(Call& call, bool on) override;
  /// A partner that has left meanwhile counts as leaving now.
  void transfer_over() override;
  void take_out(Call& call) override;
  void replace(Call& old, Call& with) override;
  void left(Call& call, const model::Verdict& verdict) override;
  void describe(model::CallSnapshot& snapshot) const override { snapshot.bridge_id = id_; }
  [[nodiscard]] bool meets(const Call& call, const model::CallId& other) const override;
  [[nodiscard]] Bridge* bridge() override { return this; }
  /// Both calls go back to their ivrs.
  void stop();
  /// The second call will not come.
  void give_up();

 private:
  struct Connecting {};
  struct Active {
    TimePoint since;
  };
  struct Ended {};
  void end(BridgeEnd end);
  /// Hold began or ended on one side, or directions changed.
  void refresh_media();
  /// bridge.created, bridge.connected or bridge.updated.
  template <class Event>
  [[nodiscard]] Event state_event() const {
    Event event;
    event.bridge_id = id_;
    event.call_ids = call_ids();
    event.direction = terms_.direction;
    return event;
  }
  void tell(const model::EventData& data);
  [[nodiscard]] std::vector<model::CallId> call_ids() const;

  Environment& env_;
  const model::BridgeId id_;
  BridgeTerms terms_;
  Function<void(const BridgeEnd&)> on_end_;
  Call* first_;
  Call* second_ = nullptr;
  std::variant<Connecting, Active, Ended> state_;
  bool suspended_ = false;
  /// The call that left while the other one is being transferred, and why.
  std::optional<std::pair<model::CallId, model::EndReason>> departed_;
  const WallTime created_;
};

}  // namespace tandem::call
