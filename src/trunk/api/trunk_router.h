// Which ways an outbound call may take, in which order, and how the trunks and their gateways are doing. All
// of it on the control thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/function.h"
#include "base/result.h"
#include "model/ids.h"
#include "sip/api/agent.h"
#include "store/api/records.h"
#include "trunk/api/failover.h"

namespace tandem::trunk {

struct DialRequest {
  model::AccountId account_id;
  model::TrunkId trunk_id;  ///< Empty: the trunks whose prefix fits, longest first, then by priority.
  std::string destination;  ///< A number, "tel:" or, through a trunk, "sip:" URI.
  std::string caller_id;    ///< Number or user name; empty: the trunk's default, or anonymous.
  std::string caller_name;
  sip::CallerPrivacy privacy = sip::CallerPrivacy::none;
};

enum class SelectError : std::uint8_t {
  unknown_account,
  unknown_trunk,  ///< Not of this account, or not there.
  bad_destination,
  destination_not_allowed,  ///< By the account's allowed prefixes.
  no_trunk,                 ///< None takes this number, or the one named has no gateways.
  caller_id_not_allowed,
  not_implemented,  ///< The trunk wants SRTP.
  all_down          ///< Ways there are, but no gateway is up.
};
[[nodiscard]] std::string_view to_string(SelectError e);
struct SelectFailure {
  SelectError error = SelectError::no_trunk;
  std::string detail;  ///< For people.
};

/// One way to try.
struct Attempt {
  model::TrunkId trunk_id;
  std::string gateway;     ///< "sbc.carrier.example:5060;transport=tcp": names it in records and reports.
  sip::OutboundCall call;  ///< All but id, offer and the caller's own headers; number and identity as the
                           ///< trunk writes them.
  std::chrono::milliseconds ring_timeout{0};  ///< Until answered; 0: what the dialling side says.
};

/// The index after `current` that `next` leads to; nothing: there is no further way.
[[nodiscard]] std::optional<std::size_t> next_attempt(const std::vector<Attempt>& attempts,
                                                      std::size_t current, Next next);

/// A place among the trunk's concurrent calls; given back when destroyed (on the control thread). May outlive
/// the router.
class Slot {
 public:
  Slot() = default;
  explicit Slot(Function<void()> release) : release_(std::move(release)) {}
  Slot(Slot&& other) noexcept : release_(std::exchange(other.release_, nullptr)) {}
  Slot& operator=(Slot&& other) noexcept {
    if (this != &other) {
      give_back();
      release_ = std::exchange(other.release_, nullptr);
    }
    return *this;
  }
  Slot(const Slot&) = delete;
  Slot& operator=(const Slot&) = delete;
  ~Slot() { give_back(); }
  void give_back() {
    if (auto release = std::exchange(release_, nullptr)) release();
  }

 private:
  Function<void()> release_;
};

struct Admission {
  enum class Verdict : std::uint8_t {
    admitted,
    too_fast,  ///< The trunk's calls per second: again after `retry_after`.
    too_many,  ///< Its concurrent calls: another trunk, or when one has ended.
    down       ///< The gateway has gone down since select(): go on to the next gateway.
  };
  Verdict verdict = Verdict::down;
  Duration retry_after{0};
  Slot slot;  ///< Hold it until the call has ended.
};

struct GatewayStatus {
  std::string gateway;
  std::string state;  ///< "up", "down", "half_open", "trying".
};
struct TrunkStatus {
  model::TrunkId trunk_id;
  model::AccountId account_id;
  std::string name;
  bool up = true;  ///< False when it has gateways and all are down.
  std::uint32_t calls = 0;
  std::vector<GatewayStatus> gateways;
  std::string registration;  ///< "" when it does not register, else the state's name.
  int registration_sip_code = 0;
};

struct TrunkEvent {
  enum class Kind : std::uint8_t {
    gateway_down,
    gateway_up,
    trunk_down,  ///< The last of its gateways went down.
    trunk_up,
    registered,
    registration_failed  ///< Told once until it registers again.
  };
  Kind kind = Kind::trunk_up;
  model::AccountId account_id;
  model::TrunkId trunk_id;
  std::string gateway;  ///< With the gateway's kinds.
  std::string detail;   ///< For people.
};
[[nodiscard]] std::string_view to_string(TrunkEvent::Kind k);

/// True when the account may dial there: `destination` is a number, or a URI whose user is one, that begins
/// with one of its allowed prefixes. Without prefixes everything is allowed. Pure.
[[nodiscard]] bool destination_allowed(const store::Account& account, std::string_view destination);

class TrunkRouter {
 public:
  TrunkRouter() = default;
  TrunkRouter(const TrunkRouter&) = delete;
  TrunkRouter& operator=(const TrunkRouter&) = delete;
  virtual ~TrunkRouter() = default;

  /// At least one attempt, best first: trunk by trunk, within one by priority and then at random by weight.
  /// Gateways that are down are left out.
  virtual Result<std::vector<Attempt>, SelectFailure> select(const DialRequest& request) = 0;
  /// Ask right before the INVITE of each attempt.
  virtual Admission admit(const Attempt& attempt) = 0;
  /// The gateway answered with anything, also with 100 to 199.
  virtual void heard_from(const Attempt& attempt) = 0;
  /// The attempt ended without an answered call; what judge() said.
  virtual void report(const Attempt& attempt, const Judgement& judgement) = 0;

  /// Of one account, or of all when it is empty.
  [[nodiscard]] virtual std::vector<TrunkStatus> status(const model::AccountId& account) const = 0;
  virtual void on_event(Function<void(const TrunkEvent&)> listener) = 0;

  /// Reads the rules and begins to probe and register; call again whenever the rules have changed.
  virtual void refresh() = 0;
  /// Stops probing and logs out everywhere; `done` once, when that is over or after a few seconds.
  virtual void stop(Function<void()> done) = 0;
};

}  // namespace tandem::trunk
