// What the registrar tells of endpoints.
#pragma once

#include <cstdint>
#include <string_view>

#include "cluster/api/location.h"

namespace tandem::registrar {

enum class EndpointChange : std::uint8_t {
  registered,    ///< A contact was added.
  unregistered,  ///< A contact went away; the endpoint is gone when none is left.
  unreachable,   ///< No contact answers any more.
  reachable      ///< One answers again.
};
[[nodiscard]] std::string_view to_string(EndpointChange c);

/// Why a contact went away.
enum class UnregisterReason : std::uint8_t {
  none,
  expired,
  removed,  ///< By the phone, or by the operator.
  replaced  ///< By another of the same instance.
};
[[nodiscard]] std::string_view to_string(UnregisterReason r);

struct EndpointEvent {
  EndpointChange change = EndpointChange::registered;
  UnregisterReason reason = UnregisterReason::none;
  cluster::Endpoint endpoint;                       ///< As it is now.
  std::optional<cluster::EndpointContact> contact;  ///< The one concerned; null for (un)reachable.
  WallTime at;
};

/// Control thread.
class EndpointObserver {
 public:
  EndpointObserver() = default;
  EndpointObserver(const EndpointObserver&) = delete;
  EndpointObserver& operator=(const EndpointObserver&) = delete;
  virtual ~EndpointObserver() = default;
  virtual void on_endpoint(EndpointEvent event) = 0;
};

}  // namespace tandem::registrar
