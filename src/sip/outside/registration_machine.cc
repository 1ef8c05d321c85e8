#include "sip/outside/registration_machine.h"

#include <algorithm>

namespace tandem::sip::outside {
namespace {

using State = RegistrationStatus::State;
using std::chrono::duration_cast;
using std::chrono::seconds;

constexpr std::uint32_t kLongestExpiresS = 86'400;
constexpr std::uint32_t kLongestWaitS = 86'400;
constexpr unsigned kMaxDoublings = 16;

Duration share(Duration d, double of) {
  return duration_cast<Duration>(std::chrono::duration<double>(d) * of);
}

/// Registered well before the end: 75 to 90 % of a long life, at least five seconds ahead; half of a very
/// short one.
Duration refresh_after(std::uint32_t granted, double chance) {
  const Duration life = seconds(granted);
  if (granted < 20) return life / 2;
  return std::min<Duration>(share(life, 0.75 + 0.15 * chance), life - seconds(5));
}

bool is_refusal(const OutsideResult& r) {
  if (r.credentials_refused) return true;
  switch (r.sip_code) {
    case 400:
    case 403:
    case 404:
    case 405:
    case 416:
    case 420:
    case 501:
    case 604:
      return true;
    default:
      return false;
  }
}

Duration wait_after(const OutsideResult& r, unsigned failures, const RegistrationOptions& o, double chance) {
  Duration wait = Duration(o.first_retry) * (1U << std::min(failures, kMaxDoublings));
  wait = share(std::min<Duration>(wait, o.longest_retry), 0.5 + 0.5 * chance);
  if (is_refusal(r)) wait = std::max<Duration>(wait, share(o.refused_retry, 1 + 0.25 * chance));
  if (r.retry_after_s) {
    const Duration asked = seconds(std::min(*r.retry_after_s, kLongestWaitS));
    wait = std::max<Duration>(wait, asked + share(o.first_retry, chance));
  }
  return wait;
}

RegistrationStatus status_of(State state, const OutsideResult& r, const std::optional<Bound>& bound,
                             std::optional<TimePoint> next) {
  RegistrationStatus out;
  out.state = state;
  out.sip_code = r.sip_code;
  out.sip_reason = r.sip_reason;
  if (bound) out.until = bound->until;
  out.next_try = next;
  out.contact = r.our_contact;
  return out;
}

std::optional<Bound> still(const std::optional<Bound>& bound, TimePoint now) {
  return bound && bound->until > now ? bound : std::nullopt;
}

RegistrationStep stay(RegistrationState state) {
  return {state, {}, {}, {}};
}

RegistrationStep gone(const OutsideResult& r) {
  return {Stopped{}, {}, {}, status_of(State::unregistered, r, {}, {})};
}

RegistrationStep on_result(const Asking& s, const OutsideResult& r, TimePoint now,
                           const RegistrationOptions& o, double chance) {
  const std::uint32_t granted = r.sip_code / 100 == 2 ? granted_s(r, s.expires_s) : 0;
  if (granted > 0) {
    const Bound bound{now + seconds(granted)};
    const TimePoint refresh = now + refresh_after(granted, chance);
    return {Registered{s.expires_s, bound}, {}, refresh, status_of(State::registered, r, bound, refresh)};
  }
  if (r.sip_code == 423 && r.min_expires_s && !s.raised && *r.min_expires_s > s.expires_s &&
      *r.min_expires_s <= kLongestExpiresS) {
    return {Asking{*r.min_expires_s, true, s.failures, s.bound}, r.min_expires_s, {}, {}};
  }
  const std::optional<Bound> bound = still(s.bound, now);
  const TimePoint retry = now + wait_after(r, s.failures, o, chance);
  const State state = is_refusal(r) ? State::refused : State::failing;
  return {Waiting{s.expires_s, s.failures + 1, bound}, {}, retry, status_of(state, r, bound, retry)};
}

struct Machine {
  TimePoint now;
  const RegistrationOptions& options;
  double chance;

  RegistrationStep operator()(const Idle& s, const RegistrationEvent& e) const {
    if (std::holds_alternative<Start>(e))
      return {Asking{options.expires_s, false, 0, {}}, options.expires_s, {}, {}};
    return std::holds_alternative<Stop>(e) ? gone({}) : stay(s);
  }
  RegistrationStep operator()(const Asking& s, const RegistrationEvent& e) const {
    if (const auto* r = std::get_if<OutsideResult>(&e)) return on_result(s, *r, now, options, chance);
    return stay(std::holds_alternative<Stop>(e) ? RegistrationState(StoppingSoon{s.bound})
                                                : RegistrationState(s));
  }
  RegistrationStep operator()(const Registered& s, const RegistrationEvent& e) const {
    if (std::holds_alternative<TimerFired>(e))
      return {Asking{s.expires_s, false, 0, s.bound}, s.expires_s, {}, {}};
    if (std::holds_alternative<Stop>(e)) return leave(s.bound);
    return stay(s);
  }
  RegistrationStep operator()(const Waiting& s, const RegistrationEvent& e) const {
    if (std::holds_alternative<TimerFired>(e))
      return {Asking{s.expires_s, false, s.failures, still(s.bound, now)}, s.expires_s, {}, {}};
    if (std::holds_alternative<Stop>(e)) return leave(s.bound);
    return stay(s);
  }
  RegistrationStep operator()(const StoppingSoon& s, const RegistrationEvent& e) const {
    const auto* r = std::get_if<OutsideResult>(&e);
    if (r == nullptr) return stay(s);
    if (r->sip_code / 100 == 2) return {Leaving{}, 0U, {}, {}};
    return leave(s.bound);
  }
  RegistrationStep operator()(const Leaving& s, const RegistrationEvent& e) const {
    const auto* r = std::get_if<OutsideResult>(&e);
    return r == nullptr ? stay(s) : gone(*r);
  }
  RegistrationStep operator()(const Stopped& s, const RegistrationEvent& /*e*/) const { return stay(s); }

  RegistrationStep leave(const std::optional<Bound>& bound) const {
    return still(bound, now) ? RegistrationStep{Leaving{}, 0U, {}, {}} : gone({});
  }
};

}  // namespace

std::uint32_t granted_s(const OutsideResult& result, std::uint32_t asked_s) {
  const OutsideContact* ours = nullptr;
  for (const OutsideContact& c : result.contacts) {
    if (c.uri == result.our_contact) ours = &c;
  }
  // A registrar may write our Contact differently; if it is the only one it is ours.
  if (ours == nullptr && result.contacts.size() == 1) ours = &result.contacts.front();
  const std::uint32_t granted =
      ours != nullptr && ours->expires_s ? *ours->expires_s : result.expires_s.value_or(asked_s);
  return std::min(granted, kLongestExpiresS);
}

RegistrationStep step(const RegistrationState& state, const RegistrationEvent& event, TimePoint now,
                      const RegistrationOptions& options, double chance) {
  const Machine machine{now, options, chance};
  return std::visit([&](const auto& s) { return machine(s, event); }, state);
}

}  // namespace tandem::sip::outside
