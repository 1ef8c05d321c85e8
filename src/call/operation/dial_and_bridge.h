// Dials for a call that waits, lets it hear how that goes, and bridges the two. Control thread.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "call/operation/dialer.h"

namespace tandem::call {

/// What a waiting call hears while others ring: its ringback, as a background on its speak lane.
class Ringback {
 public:
  /// `plan` absent: the ringback tone, once somebody rings.
  Ringback(Environment& env, model::CallId call, std::optional<PlayPlan> plan);
  /// Begins at once what the application gave.
  void start();
  /// Somebody rings. An unanswered inbound call is told by 180.
  void rings();
  void stop();

 private:
  void play(PlayPlan plan);
  Environment& env_;
  const model::CallId call_;
  std::optional<PlayPlan> plan_;
  OpTable::Key key_ = 0;
};

class DialAndBridge {
 public:
  struct Handlers {
    Function<void(Call& peer)> on_connected;
    Function<void(model::Error)> on_failed;     ///< Nobody answered, or the waiting call has gone.
    Function<void(const BridgeEnd&)> on_ended;  ///< After on_connected.
  };
  DialAndBridge(Environment& env, Call& waiting, DialRequest request, BridgeTerms terms,
                std::optional<PlayPlan> ringback, Handlers handlers);
  /// Gives up what is not connected; a bridge that stands goes on.
  ~DialAndBridge();
  DialAndBridge(const DialAndBridge&) = delete;
  DialAndBridge& operator=(const DialAndBridge&) = delete;

  void start();
  /// Ends it, connected or not; on_ended follows where on_connected came, nothing otherwise.
  void stop();
  [[nodiscard]] std::vector<model::DialAttempt> attempts() const { return dialer_.attempts(); }
  [[nodiscard]] const model::BridgeId& bridge_id() const { return bridge_id_; }
  [[nodiscard]] const model::CallId& peer_id() const { return peer_; }

 private:
  void on_rings(Call& call, bool early_media);
  void on_answered(Call& call);
  void on_failed(model::Error error);
  void on_bridge_end(const BridgeEnd& end);

  Handlers handlers_;
  const bool pass_early_media_;
  Ringback ringback_;
  Dialer dialer_;
  Bridge* bridge_ = nullptr;  ///< Until it ends.
  model::BridgeId bridge_id_;
  model::CallId peer_;
  enum class State : std::uint8_t { dialing, connected, over };
  State state_ = State::dialing;
  // Shared with the bridge, which may outlive this: null then.
  std::shared_ptr<DialAndBridge*> self_ = std::make_shared<DialAndBridge*>(this);
};

}  // namespace tandem::call
