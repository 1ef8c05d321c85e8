#include "trunk/router.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "base/random.h"
#include "trunk/registrations.h"
#include "trunk/selection.h"
#include "trunk/trunk_state.h"

namespace tandem::trunk {
namespace {

using breaker::Event;
using TrunkPtr = std::shared_ptr<TrunkState>;
using GatewayPtr = std::shared_ptr<GatewayState>;

constexpr std::size_t kMaxAttempts = 32;

double system_random() {
  return static_cast<double>(random_u32()) / 4294967296.0;
}

SelectFailure failure(SelectError error, std::string detail) {
  return {error, std::move(detail)};
}

class Router final : public TrunkRouter {
 public:
  Router(store::CallStore& store, sip::OutsideRequests& outside, runtime::TimerExecutor& loop, Log log,
         RouterOptions options, Function<double()> random)
      : store_(store),
        outside_(outside),
        loop_(loop),
        log_(std::move(log)),
        options_(options),
        random_(random ? std::move(random) : Function<double()>(system_random)),
        registrations_(outside, loop, [this](TrunkState& trunk, const sip::RegistrationStatus& status) {
          registration_changed(trunk, status);
        }) {}

  Result<std::vector<Attempt>, SelectFailure> select(const DialRequest& request) override;
  Admission admit(const Attempt& attempt) override;
  void heard_from(const Attempt& attempt) override;
  void report(const Attempt& attempt, const Judgement& judgement) override;
  [[nodiscard]] std::vector<TrunkStatus> status(const model::AccountId& account) const override;
  void on_event(Function<void(const TrunkEvent&)> listener) override { listener_ = std::move(listener); }
  void refresh() override;
  void stop(Function<void()> done) override;

 private:
  struct Place {
    TrunkPtr trunk;
    GatewayPtr gateway;
  };
  [[nodiscard]] Place place_of(const Attempt& attempt) const;
  /// Adds the attempts of one trunk, or says why there are none.
  std::optional<SelectFailure> add_attempts(const store::Trunk& trunk, const Destination& destination,
                                            const DialRequest& request, std::vector<Attempt>& list);
  [[nodiscard]] Slot slot_for(const Place& place, bool trial) const;
  void reconcile(const store::Trunk& config);
  void apply(const TrunkPtr& trunk, const GatewayPtr& gateway, Event event, Duration avoid_for = {});
  void tell(const TrunkState& trunk, TrunkEvent::Kind kind, std::string gateway, std::string detail);
  void schedule_probe(const TrunkPtr& trunk, const GatewayPtr& gateway, Duration delay);
  void probe(const TrunkPtr& trunk, const GatewayPtr& gateway);
  void probed(const TrunkPtr& trunk, const GatewayPtr& gateway, const sip::OutsideResult& result);
  [[nodiscard]] Duration next_probe_in(const GatewayState& gateway);
  void registration_changed(TrunkState& trunk, const sip::RegistrationStatus& status);

  store::CallStore& store_;
  sip::OutsideRequests& outside_;
  runtime::TimerExecutor& loop_;
  Log log_;
  RouterOptions options_;
  Function<double()> random_;
  Function<void(const TrunkEvent&)> listener_;
  std::unordered_map<model::TrunkId, TrunkPtr> trunks_;
  Registrations registrations_;
  bool stopped_ = false;
};

// ---- choosing

Result<std::vector<Attempt>, SelectFailure> Router::select(const DialRequest& request) {
  runtime::assert_on(loop_);
  const auto table = store_.snapshot();
  const store::Account* account = table->account(request.account_id);
  if (account == nullptr) return Err(failure(SelectError::unknown_account, "there is no such account"));
  const auto destination = read_destination(request.destination);
  if (!destination) {
    return Err(failure(SelectError::bad_destination, "the destination is neither a number nor a SIP URI"));
  }
  if (!destination_allowed(*account, request.destination)) {
    return Err(failure(SelectError::destination_not_allowed,
                       "the account may not dial numbers that begin like this one"));
  }
  std::vector<const store::Trunk*> trunks;
  if (!request.trunk_id.empty()) {
    const store::Trunk* trunk = table->trunk(request.trunk_id);
    if (trunk == nullptr || trunk->account_id != account->id) {
      return Err(failure(SelectError::unknown_trunk, "the account has no such trunk"));
    }
    if (trunk->gateways.empty()) return Err(failure(SelectError::no_trunk, "the trunk has no gateways"));
    trunks.push_back(trunk);
  } else if (!destination->uri.empty()) {
    return Err(failure(SelectError::bad_destination, "a SIP URI goes through a trunk only if it is named"));
  } else {
    trunks = trunks_for(table->trunks_of(account->id), destination->digits);
  }
  std::vector<Attempt> list;
  std::optional<SelectFailure> first;
  for (const store::Trunk* trunk : trunks) {
    auto why = add_attempts(*trunk, *destination, request, list);
    if (why && !first) first = std::move(why);
  }
  if (!list.empty()) return list;
  if (first) return Err(std::move(*first));
  return Err(failure(SelectError::no_trunk, "no trunk of the account takes this number"));
}

std::optional<SelectFailure> Router::add_attempts(const store::Trunk& trunk, const Destination& destination,
                                                  const DialRequest& request, std::vector<Attempt>& list) {
  if (trunk.srtp != store::SrtpPolicy::never) {
    return failure(SelectError::not_implemented,
                   "trunk " + trunk.name + " wants SRTP, which outbound calls cannot do yet");
  }
  const auto caller_id = caller_id_for(trunk, request.caller_id);
  if (!caller_id) {
    return failure(SelectError::caller_id_not_allowed,
                   "trunk " + trunk.name + " does not allow this caller id");
  }
  const auto known = trunks_.find(trunk.id);
  const TimePoint now = loop_.clock().now();
  const std::size_t before = list.size();
  for (const std::size_t i : gateway_order(trunk.gateways, random_)) {
    const store::Gateway& gateway = trunk.gateways[i];
    Attempt attempt = make_attempt(trunk, gateway, destination, *caller_id, request);
    if (known != trunks_.end()) {
      const Place place = place_of(attempt);
      if (place.gateway && !breaker::lets_through(place.gateway->state, now)) continue;
    }
    if (list.size() < kMaxAttempts) list.push_back(std::move(attempt));
  }
  if (list.size() != before || before == kMaxAttempts) return std::nullopt;
  return failure(SelectError::all_down, "all gateways of trunk " + trunk.name + " are down");
}

Router::Place Router::place_of(const Attempt& attempt) const {
  const auto it = trunks_.find(attempt.trunk_id);
  if (it == trunks_.end()) return {};
  const auto& gateways = it->second->gateways;
  const auto found =
      std::ranges::find_if(gateways, [&](const auto& g) { return g->name == attempt.gateway; });
  return {it->second, found == gateways.end() ? nullptr : *found};
}

Admission Router::admit(const Attempt& attempt) {
  runtime::assert_on(loop_);
  Place place = place_of(attempt);
  if (!place.gateway && !stopped_) {
    refresh();  // Provisioned a moment ago.
    place = place_of(attempt);
  }
  if (!place.gateway) return {};
  const TimePoint now = loop_.clock().now();
  TrunkState& trunk = *place.trunk;
  apply(place.trunk, place.gateway, Event::due);
  if (!breaker::lets_through(place.gateway->state, now)) return {};
  const std::uint32_t most = trunk.config.max_concurrent_calls;
  if (most != 0 && trunk.calls >= most) return {Admission::Verdict::too_many, {}, {}};
  if (const Duration wait = trunk.pace.take(now); wait > Duration{0}) {
    return {Admission::Verdict::too_fast, wait, {}};
  }
  const bool trial = std::holds_alternative<breaker::HalfOpen>(place.gateway->state);
  if (trial) apply(place.trunk, place.gateway, Event::begin);
  ++trunk.calls;
  return {Admission::Verdict::admitted, {}, slot_for(place, trial)};
}

Slot Router::slot_for(const Place& place, bool trial) const {
  return Slot(
      [t = std::weak_ptr<TrunkState>(place.trunk), g = std::weak_ptr<GatewayState>(place.gateway), trial] {
        if (const auto trunk = t.lock()) --trunk->calls;
        const auto gateway = trial ? g.lock() : nullptr;
        // A trial that ended without a word, such as a caller's hang-up, must not
        // keep the gateway waiting.
        if (gateway) gateway->state = breaker::step(gateway->state, {Event::abandoned, {}, {}}, {}).state;
      });
}

void Router::heard_from(const Attempt& attempt) {
  const Place place = place_of(attempt);
  if (place.gateway) apply(place.trunk, place.gateway, Event::success);
}

void Router::report(const Attempt& attempt, const Judgement& judgement) {
  const Place place = place_of(attempt);
  if (!place.gateway) return;
  switch (judgement.health) {
    case Health::unknown:
      return;
    case Health::alive:
      return apply(place.trunk, place.gateway, Event::success);
    case Health::failing:
      if (judgement.avoid_for.count() > 0) {
        return apply(place.trunk, place.gateway, Event::avoid, judgement.avoid_for);
      }
      return apply(place.trunk, place.gateway, Event::failure);
  }
}

// ---- health

void Router::apply(const TrunkPtr& trunk, const GatewayPtr& gateway, Event event, Duration avoid_for) {
  const bool was_up = trunk->any_up();
  const TimePoint now = loop_.clock().now();
  const auto step = breaker::step(gateway->state, {event, now, avoid_for}, options_.breaker);
  const bool same = step.state.index() == gateway->state.index();
  gateway->state = step.state;
  const auto* down = std::get_if<breaker::Down>(&gateway->state);
  if (!same && down != nullptr && gateway->config.probe && !stopped_) {
    schedule_probe(trunk, gateway, down->until - now);
  }
  switch (step.change) {
    case breaker::Change::none:
      return;
    case breaker::Change::went_down:
      log_.warn("gateway {} of trunk {} is down", gateway->name, trunk->config.id.str());
      tell(*trunk, TrunkEvent::Kind::gateway_down, gateway->name, "it does not answer, or refuses calls");
      if (was_up && !trunk->any_up()) tell(*trunk, TrunkEvent::Kind::trunk_down, {}, "all gateways are down");
      return;
    case breaker::Change::came_up:
      log_.info("gateway {} of trunk {} is up again", gateway->name, trunk->config.id.str());
      tell(*trunk, TrunkEvent::Kind::gateway_up, gateway->name, "it answers again");
      if (!was_up) tell(*trunk, TrunkEvent::Kind::trunk_up, {}, "a gateway is up again");
      return;
  }
}

void Router::tell(const TrunkState& trunk, TrunkEvent::Kind kind, std::string gateway, std::string detail) {
  if (!listener_) return;
  listener_({kind, trunk.config.account_id, trunk.config.id, std::move(gateway), std::move(detail)});
}

Duration Router::next_probe_in(const GatewayState& gateway) {
  if (const auto* down = std::get_if<breaker::Down>(&gateway.state)) return down->until - loop_.clock().now();
  const auto* up = std::get_if<breaker::Up>(&gateway.state);
  if (up == nullptr || up->failures > 0) return options_.reprobe_interval;
  // Spread, so that many gateways are not all asked at once.
  const double factor = 0.8 + 0.4 * random_();
  return std::chrono::duration_cast<Duration>(options_.probe_interval * factor);
}

void Router::schedule_probe(const TrunkPtr& trunk, const GatewayPtr& gateway, Duration delay) {
  gateway->timer.set(delay,
                     [this, t = std::weak_ptr<TrunkState>(trunk), g = std::weak_ptr<GatewayState>(gateway)] {
                       const auto owner = t.lock();
                       const auto it = g.lock();
                       if (owner && it) probe(owner, it);
                     });
}

void Router::probe(const TrunkPtr& trunk, const GatewayPtr& gateway) {
  if (gateway->in_flight) return;
  apply(trunk, gateway, Event::due);
  if (std::holds_alternative<breaker::Down>(gateway->state)) {
    return schedule_probe(trunk, gateway, next_probe_in(*gateway));
  }
  if (std::holds_alternative<breaker::HalfOpen>(gateway->state)) apply(trunk, gateway, Event::begin);
  gateway->in_flight = true;
  sip::OutsideRequest request;
  request.method = "OPTIONS";
  request.uri = "sip:" + gateway->name;
  const auto host_end = gateway->name.find(';');
  request.from_uri = "sip:ping@" + gateway->name.substr(0, host_end);
  request.contact = "auto";
  request.contact_user = "ping";
  request.timeout = options_.probe_timeout;
  outside_.send(std::move(request),
                [this, t = std::weak_ptr<TrunkState>(trunk),
                 g = std::weak_ptr<GatewayState>(gateway)](const sip::OutsideResult& result) {
                  // The states live no longer than the router, but for the moment of a
                  // callback on this thread.
                  const auto owner = t.lock();
                  const auto it = g.lock();
                  if (owner && it) probed(owner, it, result);
                });
}

void Router::probed(const TrunkPtr& trunk, const GatewayPtr& gateway, const sip::OutsideResult& result) {
  gateway->in_flight = false;
  if (stopped_) return;
  // Any answer shows life, also a refusal; only 503 says that it is not well.
  const bool well = !result.timed_out && !result.transport_failed && result.sip_code != 503;
  const bool up = std::holds_alternative<breaker::Up>(gateway->state);
  if (!well && result.retry_after_s && !result.transport_failed && !result.timed_out) {
    const auto avoid = std::chrono::seconds{std::clamp<std::uint32_t>(*result.retry_after_s, 1, 300)};
    apply(trunk, gateway, Event::avoid, avoid);
  } else if (!well) {
    apply(trunk, gateway, Event::failure);
  } else if (!up) {
    // Of a gateway that is up, failures of calls are not undone by answered
    // probes.
    apply(trunk, gateway, Event::success);
  }
  schedule_probe(trunk, gateway, next_probe_in(*gateway));
}

void Router::registration_changed(TrunkState& trunk, const sip::RegistrationStatus& status) {
  using State = sip::RegistrationStatus::State;
  if (status.state == State::registered) {
    if (std::exchange(trunk.told, TrunkState::Told::registered) == TrunkState::Told::registered) return;
    log_.info("trunk {} is registered", trunk.config.id.str());
    tell(trunk, TrunkEvent::Kind::registered, {}, "registered as " + status.contact);
  } else if (status.state == State::failing || status.state == State::refused) {
    if (std::exchange(trunk.told, TrunkState::Told::failed) == TrunkState::Told::failed) return;
    const std::string detail = std::to_string(status.sip_code) + " " + status.sip_reason;
    log_.warn("trunk {} cannot register: {}", trunk.config.id.str(), detail);
    tell(trunk, TrunkEvent::Kind::registration_failed, {}, detail);
  }
}

// ---- rules

void Router::refresh() {
  runtime::assert_on(loop_);
  if (stopped_) return;
  const auto table = store_.snapshot();
  std::erase_if(trunks_, [&](auto& entry) {
    if (table->trunk(entry.first) != nullptr) return false;
    registrations_.end(*entry.second);
    return true;
  });
  for (const store::Trunk* trunk : table->trunks()) reconcile(*trunk);
}

void Router::reconcile(const store::Trunk& config) {
  auto& trunk = trunks_[config.id];
  if (!trunk) trunk = std::make_shared<TrunkState>();
  registrations_.reconcile(trunk, config);
  trunk->config = config;
  trunk->pace.set_rate(config.max_calls_per_second);
  std::vector<GatewayPtr> gateways;
  for (const store::Gateway& g : config.gateways) {
    const std::string name = gateway_name(g);
    const auto same = [&](const GatewayPtr& have) { return have->name == name; };
    if (std::ranges::any_of(gateways, same)) continue;  // Named twice: one state.
    const auto known = std::ranges::find_if(trunk->gateways, same);
    if (known != trunk->gateways.end() && (*known)->config.probe == g.probe) {
      (*known)->config = g;
      gateways.push_back(*known);
      continue;
    }
    gateways.push_back(std::make_shared<GatewayState>(g, name, loop_));
    // The first look soon, but not all at once.
    if (g.probe) {
      const auto soon = std::chrono::duration_cast<Duration>(std::chrono::seconds{1} * random_());
      schedule_probe(trunk, gateways.back(), soon);
    }
  }
  trunk->gateways = std::move(gateways);
}

void Router::stop(Function<void()> done) {
  runtime::assert_on(loop_);
  stopped_ = true;
  for (auto& [id, trunk] : trunks_) {
    for (auto& gateway : trunk->gateways) gateway->timer.cancel();
    registrations_.end(*trunk);
  }
  registrations_.when_all_ended(options_.logout_patience, std::move(done));
}

std::vector<TrunkStatus> Router::status(const model::AccountId& account) const {
  std::vector<TrunkStatus> list;
  for (const auto& [id, trunk] : trunks_) {
    if (!account.empty() && trunk->config.account_id != account) continue;
    TrunkStatus status{
        id, trunk->config.account_id, trunk->config.name, trunk->any_up(), trunk->calls, {}, {}, 0};
    for (const auto& g : trunk->gateways) {
      status.gateways.push_back({g->name, std::string(breaker::name(g->state))});
    }
    if (trunk->registration) {
      status.registration = to_string(trunk->registration->status().state);
      status.registration_sip_code = trunk->registration->status().sip_code;
    }
    list.push_back(std::move(status));
  }
  std::ranges::sort(list, {}, &TrunkStatus::trunk_id);
  return list;
}

}  // namespace

std::unique_ptr<TrunkRouter> make_trunk_router(store::CallStore& store, sip::OutsideRequests& outside,
                                               runtime::TimerExecutor& loop, Log log, RouterOptions options,
                                               Function<double()> random) {
  return std::make_unique<Router>(store, outside, loop, std::move(log), options, std::move(random));
}

}  // namespace tandem::trunk
