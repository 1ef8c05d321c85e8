// The registrar: takes REGISTER from the SIP agent, keeps the location service, lets bindings expire, watches
// whether phones answer, and tells of all that. Control thread.
#pragma once

#include <chrono>
#include <memory>

#include "base/function.h"
#include "base/log.h"
#include "base/metrics.h"
#include "cluster/api/location.h"
#include "registrar/bindings.h"
#include "registrar/events.h"
#include "runtime/executor.h"
#include "sip/api/outside.h"
#include "sip/api/registrar.h"

namespace tandem::registrar {

struct RegistrarOptions {
  BindingPolicy bindings{};
  std::size_t max_endpoints = 200'000;
  std::size_t max_endpoints_per_account = 50'000;
  /// OPTIONS to each contact this often, 0: never. Spread evenly, at most `max_probes` at a time.
  std::chrono::milliseconds probe_interval{60'000};
  std::chrono::milliseconds probe_timeout{5'000};
  std::uint32_t probe_failures = 2;  ///< So many in a row make a contact unreachable.
  std::size_t max_probes = 256;
};

class Registrar final : public sip::RegisterHandler {
 public:
  /// What it works with; all outlive it.
  struct Parts {
    sip::RegistrarPort& port;
    sip::OutsideRequests& outside;
    cluster::LocationService& location;
    EndpointObserver& observer;
    runtime::TimerExecutor& control;
    Log log;
    Metrics& metrics;
  };
  explicit Registrar(RegistrarOptions options);
  ~Registrar() override;
  /// Once, before anything else happens to it.
  void bind(Parts parts);

  void on_register(sip::RegisterRequest request) override;
  void on_flow_closed(sip::Transport transport, model::SocketAddress source) override;

  /// Takes an endpoint's bindings away (credential or domain deleted, or by REST). False if there are none.
  bool unregister(const model::EndpointId& id);
  /// After the provisioned data changed: takes away the endpoints for which `allowed` does not hold.
  void keep_only(Function<bool(const cluster::Endpoint&)> allowed);
  [[nodiscard]] std::size_t endpoints() const;

 private:
  struct Impl;
  const RegistrarOptions options_;
  std::unique_ptr<Impl> impl_;  ///< From bind() on.
};

}  // namespace tandem::registrar
