// Where an outbound call goes: what the core asks of the trunks and of the location service. Implemented by
// server/ over src/trunk and cluster/. Control thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/error.h"
#include "model/generated/protocol.h"
#include "sip/api/agent.h"
#include "store/api/records.h"

namespace tandem::call {

/// A place on a trunk, held by a call until it ends; giving it back is its destruction.
class TrunkPlace {
 public:
  TrunkPlace() = default;
  TrunkPlace(const TrunkPlace&) = delete;
  TrunkPlace& operator=(const TrunkPlace&) = delete;
  virtual ~TrunkPlace() = default;
};

/// One way to reach a target.
struct OutboundRoute {
  /// All but id, sip_call_id and offer.
  sip::OutboundCall call;
  model::TrunkId trunk;                       ///< Empty: no trunk is involved.
  std::string gateway;                        ///< Names the gateway of that trunk for admit() and report().
  std::chrono::milliseconds ring_timeout{0};  ///< The trunk's own; 0: none.
};
/// What is worth trying after an attempt that failed.
enum class NextRoute : std::uint8_t { stop, next, other_trunk };
/// Steps that are tried in turn; the routes of a step at once.
using OutboundSteps = std::vector<std::vector<OutboundRoute>>;

struct OutboundAim {
  const store::Account& account;
  const model::DialTarget& target;
  model::TrunkId trunk;  ///< Asked for; empty: by the rules.
  std::string from;      ///< Number, user or URI; empty: the default.
  std::string from_display_name;
  bool withhold_identity = false;
  sip::Headers headers;
};

class OutboundRouter {
 public:
  OutboundRouter() = default;
  OutboundRouter(const OutboundRouter&) = delete;
  OutboundRouter& operator=(const OutboundRouter&) = delete;
  virtual ~OutboundRouter() = default;

  /// Errors: no_trunk, trunk_down, endpoint_not_found, forbidden_destination, invalid_params (`field` of the
  /// target).
  [[nodiscard]] virtual Result<OutboundSteps, model::Error> routes(const OutboundAim& aim) = 0;
  /// A place on the route's trunk. Errors: cps_exceeded, concurrency_exceeded, trunk_down. Null: no trunk.
  [[nodiscard]] virtual Result<std::unique_ptr<TrunkPlace>, model::Error> admit(
      const OutboundRoute& route) = 0;
  /// The other side answered something.
  virtual void heard_from(const OutboundRoute& route) = 0;
  /// How the attempt fared; `ended` is null when it was answered.
  virtual NextRoute report(const OutboundRoute& route, const sip::Ended* ended) = 0;
};

}  // namespace tandem::call
