#include "registrar/registrar.h"

#include <algorithm>

#include "base/random.h"
#include "registrar/watch_list.h"

namespace tandem::registrar {
namespace {

using cluster::Endpoint;
using cluster::EndpointContact;
using model::EndpointId;

constexpr int kRetryAfterS = 30;
constexpr double kTwoTo32 = 4'294'967'296.0;

bool any_reachable(const Endpoint& e) {
  return std::any_of(e.contacts.begin(), e.contacts.end(), [](const auto& c) { return c.reachable; });
}

/// An edge answers for the phone behind it; a phone that answers at all is there.
bool answered(const sip::OutsideResult& r, bool through_edge) {
  if (r.timed_out || r.transport_failed) return false;
  const bool edge_gave_up =
      r.sip_code == 404 || r.sip_code == 408 || r.sip_code == 410 || r.sip_code == 430 || r.sip_code >= 500;
  return !through_edge || !edge_gave_up;
}

Counter outcome_counter(Metrics& metrics, const char* outcome) {
  return metrics.counter("registrar_requests_total", "REGISTER by outcome", {{"outcome", outcome}});
}

}  // namespace

struct Registrar::Impl {
  Impl(const RegistrarOptions& o, Parts p)
      : options(o),
        parts(std::move(p)),
        start(parts.control.clock().now()),
        start_wall(parts.control.clock().wall()),
        endpoints_gauge(parts.metrics.gauge("registrar_endpoints", "Registered endpoints")),
        accepted(outcome_counter(parts.metrics, "accepted")),
        refused(outcome_counter(parts.metrics, "refused")),
        expired(
            parts.metrics.counter("registrar_contacts_expired_total", "Contacts that were not refreshed")),
        expiry_timer(parts.control),
        probe_timer(parts.control) {}

  void on_register(sip::RegisterRequest request);
  [[nodiscard]] bool has_room(const sip::RegisterRequest& request) const;
  [[nodiscard]] Endpoint current(const EndpointId& id, const sip::RegisterRequest& request);
  /// Keeps `endpoint` in place of what was known, tells of the changes, and of reachability.
  void settle(const std::optional<Endpoint>& before, Endpoint endpoint, std::vector<Change> changes);
  void tell(EndpointChange change, UnregisterReason reason, const Endpoint& endpoint,
            std::optional<EndpointContact> contact);
  bool clear(const EndpointId& id, UnregisterReason reason);

  void expire();
  void arm_expiry();
  void probe();
  void arm_probe();
  void plan_first_probe(const EndpointId& id);
  void send_probe(const Endpoint& endpoint, const EndpointContact& contact);
  void on_probe(const EndpointId& id, const std::string& key, const sip::OutsideResult& result);
  void mark(const EndpointId& id, bool reachable, Function<bool(const EndpointContact&)> which);

  /// Wall time that does not jump when the clock is set, so that a correction expires nobody.
  [[nodiscard]] WallTime now() const {
    return start_wall +
           std::chrono::duration_cast<std::chrono::milliseconds>(parts.control.clock().now() - start);
  }

  const RegistrarOptions options;
  Parts parts;
  const TimePoint start;
  const WallTime start_wall;
  Gauge endpoints_gauge;
  Counter accepted;
  Counter refused;
  Counter expired;
  WatchList watches;
  WallTime armed_for{};
  TimePoint probe_armed_for{};
  std::size_t probes_in_flight = 0;
  /// Shared with the answers to probes, which may come when this is gone.
  std::shared_ptr<bool> alive = std::make_shared<bool>(true);
  runtime::Timer expiry_timer;
  runtime::Timer probe_timer;
};

Registrar::Registrar(RegistrarOptions options) : options_(options) {}
Registrar::~Registrar() = default;

void Registrar::bind(Parts parts) {
  impl_ = std::make_unique<Impl>(options_, std::move(parts));
}

void Registrar::on_register(sip::RegisterRequest request) {
  impl_->on_register(std::move(request));
}

void Registrar::on_flow_closed(sip::Transport transport, model::SocketAddress source) {
  const std::string name(sip::to_string(transport));
  for (const EndpointId& id : impl_->watches.on_flow(name, source)) {
    impl_->mark(id, false,
                [&](const EndpointContact& c) { return c.transport == name && c.source == source; });
  }
}

bool Registrar::unregister(const EndpointId& id) {
  return impl_->clear(id, UnregisterReason::removed);
}

void Registrar::keep_only(Function<bool(const Endpoint&)> allowed) {
  for (const EndpointId& id : impl_->watches.ids()) {
    const Endpoint* endpoint = impl_->parts.location.find(id);
    if (endpoint != nullptr && !allowed(*endpoint)) impl_->clear(id, UnregisterReason::removed);
  }
}

std::size_t Registrar::endpoints() const {
  return impl_->watches.size();
}

bool Registrar::Impl::has_room(const sip::RegisterRequest& request) const {
  return watches.size() < options.max_endpoints &&
         watches.count(request.identity.account_id) < options.max_endpoints_per_account;
}

Endpoint Registrar::Impl::current(const EndpointId& id, const sip::RegisterRequest& request) {
  const Endpoint* known = parts.location.find(id);
  if (known != nullptr && known->account_id != request.identity.account_id) {
    // The domain went to another tenant.
    clear(id, UnregisterReason::removed);
    known = nullptr;
  }
  Endpoint out;
  if (known != nullptr) {
    out = *known;
  } else {
    out.id = id;
    out.user = request.user;
    out.domain = request.domain;
  }
  out.account_id = request.identity.account_id;
  out.domain_id = request.identity.domain_id;
  out.trunk_id = request.identity.trunk_id;
  return out;
}

void Registrar::Impl::on_register(sip::RegisterRequest request) {
  request.received = now();
  expire();
  const EndpointId id = cluster::endpoint_id(request.user, request.domain);
  Endpoint endpoint = current(id, request);
  const bool is_new = endpoint.contacts.empty();
  if (is_new && !request.contacts.empty() && !has_room(request)) {
    refused.add();
    parts.log.warn("no room for another endpoint: {}@{}", request.user, request.domain);
    sip::RegisterReply full;
    full.sip_code = 503;
    full.retry_after_s = kRetryAfterS;
    parts.port.answer_register(request.ticket, std::move(full));
    return;
  }
  RegisterOutcome outcome = apply_register(endpoint.contacts, request, options.bindings);
  const bool ok = outcome.reply.sip_code == 200;
  (ok ? accepted : refused).add();
  parts.port.answer_register(request.ticket, std::move(outcome.reply));
  if (!ok || (request.contacts.empty() && !request.wildcard)) return;
  std::optional<Endpoint> before = is_new ? std::nullopt : std::optional(endpoint);
  endpoint.contacts = std::move(outcome.contacts);
  settle(before, std::move(endpoint), std::move(outcome.changes));
  plan_first_probe(id);
}

void Registrar::Impl::settle(const std::optional<Endpoint>& before, Endpoint endpoint,
                             std::vector<Change> changes) {
  const EndpointId id = endpoint.id;
  if (endpoint.contacts.empty()) {
    watches.remove(id);
    parts.location.remove(id);
  } else {
    watches.update(endpoint);
    parts.location.put(endpoint);
  }
  endpoints_gauge.set(static_cast<double>(watches.size()));
  arm_expiry();
  for (Change& c : changes) tell(c.change, c.reason, endpoint, std::move(c.contact));
  if (!before || before->contacts.empty() || endpoint.contacts.empty()) return;
  const bool was = any_reachable(*before);
  const bool is = any_reachable(endpoint);
  if (was != is)
    tell(is ? EndpointChange::reachable : EndpointChange::unreachable, {}, endpoint, std::nullopt);
}

void Registrar::Impl::tell(EndpointChange change, UnregisterReason reason, const Endpoint& endpoint,
                           std::optional<EndpointContact> contact) {
  parts.log.debug("{}@{} {} {}", endpoint.user, endpoint.domain, to_string(change),
                  contact ? contact->uri : std::string());
  parts.observer.on_endpoint({change, reason, endpoint, std::move(contact), parts.control.clock().wall()});
}

bool Registrar::Impl::clear(const EndpointId& id, UnregisterReason reason) {
  const Endpoint* known = parts.location.find(id);
  if (known == nullptr) return false;
  Endpoint endpoint = *known;
  const Endpoint before = endpoint;
  endpoint.contacts.clear();
  std::vector<Change> changes;
  for (const EndpointContact& c : before.contacts)
    changes.push_back({EndpointChange::unregistered, reason, c});
  settle(before, std::move(endpoint), std::move(changes));
  return true;
}

void Registrar::Impl::expire() {
  const WallTime at = now();
  while (const auto id = watches.expired(at)) {
    const Endpoint* known = parts.location.find(*id);
    if (known == nullptr) {
      watches.remove(*id);
      continue;
    }
    Endpoint endpoint = *known;
    const Endpoint before = endpoint;
    std::vector<Change> changes;
    for (EndpointContact& c : take_expired(endpoint.contacts, at))
      changes.push_back({EndpointChange::unregistered, UnregisterReason::expired, std::move(c)});
    expired.add(static_cast<double>(changes.size()));
    settle(before, std::move(endpoint), std::move(changes));
  }
  arm_expiry();
}

void Registrar::Impl::arm_expiry() {
  const auto next = watches.next_expiry();
  if (!next) {
    expiry_timer.cancel();
    return;
  }
  // The first to expire is nearly always the same one as before: an early wake-up costs less than a new timer
  // for each REGISTER.
  if (expiry_timer.pending() && *next >= armed_for) return;
  armed_for = *next;
  expiry_timer.set(*next - now(), [this] { expire(); });
}

// The first one at random within an interval's width, so that phones that registered together are not probed
// together.
void Registrar::Impl::plan_first_probe(const EndpointId& id) {
  if (options.probe_interval.count() <= 0) return;
  const double share = 0.75 + random_u32() / kTwoTo32 / 2;
  watches.probe_at(
      id, parts.control.clock().now() + std::chrono::duration_cast<Duration>(options.probe_interval * share));
  arm_probe();
}

void Registrar::Impl::arm_probe() {
  const auto next = watches.next_probe();
  if (!next || (probe_timer.pending() && *next >= probe_armed_for)) return;
  probe_armed_for = *next;
  probe_timer.set(*next - parts.control.clock().now(), [this] { probe(); });
}

void Registrar::Impl::probe() {
  while (probes_in_flight < options.max_probes) {
    const auto id = watches.take_probe(parts.control.clock().now());
    if (!id) break;
    if (const Endpoint* endpoint = parts.location.find(*id)) {
      const Endpoint copy = *endpoint;
      for (const EndpointContact& c : copy.contacts) send_probe(copy, c);
    }
    watches.probe_at(*id, parts.control.clock().now() + options.probe_interval);
  }
  // With all probes in flight the next answer goes on.
  if (probes_in_flight < options.max_probes) arm_probe();
}

void Registrar::Impl::send_probe(const Endpoint& endpoint, const EndpointContact& contact) {
  const cluster::ContactTarget target = cluster::target_of(contact);
  sip::OutsideRequest request;
  request.method = "OPTIONS";
  request.uri = target.uri;
  request.route = target.route;
  request.next_hop = target.next_hop;
  request.from_uri = "sip:" + endpoint.domain;
  request.to_uri = target.uri;
  request.timeout = options.probe_timeout;
  ++probes_in_flight;
  parts.outside.send(std::move(request), [this, held = std::weak_ptr<bool>(alive), id = endpoint.id,
                                          key = contact_key(contact)](const sip::OutsideResult& result) {
    if (held.expired()) return;
    --probes_in_flight;
    on_probe(id, key, result);
    arm_probe();
  });
}

void Registrar::Impl::on_probe(const EndpointId& id, const std::string& key,
                               const sip::OutsideResult& result) {
  const Endpoint* endpoint = parts.location.find(id);
  if (endpoint == nullptr) return;
  const auto contact = std::find_if(endpoint->contacts.begin(), endpoint->contacts.end(),
                                    [&key](const EndpointContact& c) { return contact_key(c) == key; });
  if (contact == endpoint->contacts.end()) return;
  const bool there = answered(result, !contact->path.empty());
  if (there) {
    watches.succeeded(id, key);
  } else if (watches.failed(id, key) < options.probe_failures) {
    return;
  }
  mark(id, there, [&key](const EndpointContact& c) { return contact_key(c) == key; });
}

void Registrar::Impl::mark(const EndpointId& id, bool reachable,
                           Function<bool(const EndpointContact&)> which) {
  const Endpoint* known = parts.location.find(id);
  if (known == nullptr) return;
  const Endpoint before = *known;
  Endpoint endpoint = before;
  bool changed = false;
  for (EndpointContact& c : endpoint.contacts) {
    if (c.reachable == reachable || !which(c)) continue;
    c.reachable = reachable;
    changed = true;
  }
  if (changed) settle(before, std::move(endpoint), {});
}

}  // namespace tandem::registrar
