// What is known of a trunk and its gateways while the program runs.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "runtime/executor.h"
#include "sip/api/registration.h"
#include "store/api/records.h"
#include "trunk/breaker.h"
#include "trunk/pace.h"

namespace tandem::trunk {

/// Shared so that answers to probes and slots of calls, which may come after
/// the gateway is gone from the rules, hold it weakly.
struct GatewayState {
  GatewayState(store::Gateway g, std::string gateway_name, runtime::TimerExecutor& loop)
      : config(std::move(g)), name(std::move(gateway_name)), timer(loop) {}

  store::Gateway config;
  std::string name;
  breaker::State state = breaker::Up{};
  runtime::Timer timer;    ///< The next probe.
  bool in_flight = false;  ///< A probe waits for its answer.
};

/// Shared for the same reason: slots.
struct TrunkState {
  store::Trunk config;
  std::vector<std::shared_ptr<GatewayState>> gateways;
  Pace pace;
  std::uint32_t calls = 0;
  std::unique_ptr<sip::RegistrationClient> registration;
  std::uint64_t registrations = 0;  ///< Begun so far: tells the news of an old one from those of the new.
  enum class Told : std::uint8_t { nothing, registered, failed } told = Told::nothing;

  [[nodiscard]] bool any_up() const {
    for (const auto& g : gateways) {
      if (std::holds_alternative<breaker::Up>(g->state)) return true;
    }
    return gateways.empty();
  }
};

}  // namespace tandem::trunk
