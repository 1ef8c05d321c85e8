#include "call/machine/leg_machine.h"

namespace tandem::call::machine {
namespace {

using leg::Answered;
using leg::Answering;
using leg::Closing;
using leg::Dialing;
using leg::Early;
using leg::Ended;
using leg::Held;
using leg::Incoming;
using leg::Releasing;
using leg::Ringing;
using E = LegEffect;

LegStep to(LegState next, E a = E::none, E b = E::none, E c = E::none) {
  return {next, true, {a, b, c}};
}
LegStep refused(LegState same) {
  return {same, false, {}};
}

/// What every state before the final response has in common.
template <class S>
LegStep before_answer(const S& same, LegEvent event) {
  switch (event) {
    case LegEvent::connect_early:
      return to(Early{}, E::tell_early_media, E::open_ivr);
    case LegEvent::offer_answer:
      return to(Answering{});
    case LegEvent::answer:
      return to(Answered{}, E::tell_answered, E::open_ivr);
    case LegEvent::refuse:
      return to(Releasing{}, E::send_final);
    case LegEvent::release:
      return to(Releasing{}, E::send_hangup);
    case LegEvent::leg_ended:
      return to(Closing{}, E::close_media);
    default:
      return refused(same);
  }
}

LegStep on(const Incoming& s, LegEvent event) {
  if (event == LegEvent::ring) return to(Ringing{}, E::tell_ringing);
  return before_answer(s, event);
}
LegStep on(const Dialing& s, LegEvent event) {
  if (event == LegEvent::ring) return to(Ringing{}, E::tell_ringing);
  // There is no response of ours to an INVITE of ours, nor a late offer.
  if (event == LegEvent::refuse || event == LegEvent::offer_answer) return refused(s);
  return before_answer(s, event);
}
LegStep on(const Ringing& s, LegEvent event) {
  if (event == LegEvent::ring) return to(s, E::tell_ringing);
  return before_answer(s, event);
}
LegStep on(const Early& s, LegEvent event) {
  if (event == LegEvent::ring) return to(s, E::tell_ringing);
  // Media was agreed already: neither a second early answer nor an offer of our own may follow.
  if (event == LegEvent::connect_early || event == LegEvent::offer_answer) return refused(s);
  return before_answer(s, event);
}
LegStep on(const Answering& s, LegEvent event) {
  switch (event) {
    case LegEvent::answer:
      return to(Answered{}, E::tell_answered, E::open_ivr);
    case LegEvent::release:
      return to(Releasing{}, E::send_hangup);
    case LegEvent::leg_ended:
      return to(Closing{}, E::close_media);
    default:
      return refused(s);
  }
}
LegStep on(const Answered& s, LegEvent event) {
  switch (event) {
    case LegEvent::peer_hold:
      return to(Held{}, E::tell_held);
    case LegEvent::peer_unhold:
      return to(s);
    case LegEvent::release:
      return to(Releasing{}, E::send_hangup);
    case LegEvent::leg_ended:
      return to(Closing{}, E::close_media);
    default:
      return refused(s);
  }
}
LegStep on(const Held& s, LegEvent event) {
  switch (event) {
    case LegEvent::peer_hold:
      return to(s);
    case LegEvent::peer_unhold:
      return to(Answered{}, E::tell_unheld);
    case LegEvent::release:
      return to(Releasing{}, E::send_hangup);
    case LegEvent::leg_ended:
      return to(Closing{}, E::close_media);
    default:
      return refused(s);
  }
}
LegStep on(const Releasing& s, LegEvent event) {
  switch (event) {
    case LegEvent::leg_ended:
      return to(Closing{}, E::close_media);
    case LegEvent::release:
      return to(s);  // It is under way.
    default:
      return refused(s);
  }
}
LegStep on(const Closing& s, LegEvent event) {
  switch (event) {
    case LegEvent::media_closed:
      return to(Ended{}, E::finish);
    case LegEvent::release:
      return to(s);
    default:
      return refused(s);
  }
}
LegStep on(const Ended& s, LegEvent event) {
  return event == LegEvent::release ? to(s) : refused(s);
}

}  // namespace

LegStep step(const LegState& state, LegEvent event) {
  return std::visit([event](const auto& s) { return on(s, event); }, state);
}

std::string_view name(const LegState& state) {
  static constexpr std::array<std::string_view, std::variant_size_v<LegState>> names{
      "incoming", "dialing", "ringing", "early", "incoming", "answered", "held", "ended", "ended", "ended"};
  return names.at(state.index());
}

bool answered(const LegState& state) {
  return std::holds_alternative<Answering>(state) || std::holds_alternative<Answered>(state) ||
         std::holds_alternative<Held>(state);
}
bool unanswered(const LegState& state) {
  return std::holds_alternative<Incoming>(state) || std::holds_alternative<Dialing>(state) ||
         std::holds_alternative<Ringing>(state) || std::holds_alternative<Early>(state);
}
bool live(const LegState& state) {
  return answered(state) || unanswered(state);
}

}  // namespace tandem::call::machine
