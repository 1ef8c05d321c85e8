#include "sip/dialog/leg_state.h"

namespace tandem::sip::dialog {
namespace {

using E = LegEvent;
using enum Effect;

LegStep ignored(const LegState& state) {
  return {state, none, false};
}

// Before the answer, inbound: Proceeding and Early differ in nothing but their names.
LegStep unanswered_inbound(const LegState& state, E event) {
  switch (event) {
    case E::ring:
      return {Early{}, send_progress};
    case E::answer:
      return {Accepted{}, send_answer};
    case E::reject:
    case E::hangup:
    case E::peer_bye:
    case E::fault:
      return {Ended{}, send_final | report_end | release};
    case E::peer_cancel:
      return {Ended{}, send_final | report_end | release};
    default:
      return ignored(state);
  }
}

LegStep unanswered_outbound(const LegState& state, E event) {
  switch (event) {
    case E::provisional:
      return {Ringing{}, report_progress};
    case E::success:
      return {Confirmed{}, send_ack | report_answered};
    case E::success_with_offer:
      return {AckOwed{}, report_answered};
    case E::failure:
      return {Ended{}, report_end | release};
    case E::hangup:
    case E::peer_bye:
    case E::fault:
      return {Cancelling{}, send_cancel | report_end};
    default:
      return ignored(state);
  }
}

struct Stepper {
  E event;

  LegStep operator()(const Proceeding& s) const { return unanswered_inbound(s, event); }
  LegStep operator()(const Early& s) const { return unanswered_inbound(s, event); }
  LegStep operator()(const Accepted& s) const {
    switch (event) {
      case E::ack:
        return {Confirmed{}, report_acknowledged};
      case E::ack_timeout:
        return {Closing{}, send_bye | report_end};
      case E::hangup:
      case E::fault:
        return {HangupPending{}, report_end};
      case E::peer_bye:
        return {Ended{}, report_end | release};
      default:
        return ignored(s);
    }
  }
  LegStep operator()(const HangupPending& s) const {
    switch (event) {
      case E::ack:
      case E::ack_timeout:
        return {Closing{}, send_bye};
      case E::peer_bye:
      case E::closed:
        return {Ended{}, release};
      default:
        return ignored(s);
    }
  }
  LegStep operator()(const Calling& s) const { return unanswered_outbound(s, event); }
  LegStep operator()(const Ringing& s) const { return unanswered_outbound(s, event); }
  LegStep operator()(const Cancelling& s) const {
    switch (event) {
      case E::success:
      case E::success_with_offer:
        return {Closing{}, send_ack | send_bye};
      case E::failure:
      case E::closed:
        return {Ended{}, release};
      default:
        return ignored(s);
    }
  }
  LegStep operator()(const AckOwed& s) const {
    switch (event) {
      case E::acknowledge:
        return {Confirmed{}, send_ack};
      case E::hangup:
      case E::fault:
        return {Closing{}, send_ack | send_bye | report_end};
      case E::peer_bye:
        return {Ended{}, send_ack | report_end | release};
      default:
        return ignored(s);
    }
  }
  LegStep operator()(const Confirmed& s) const {
    switch (event) {
      case E::hangup:
      case E::fault:
        return {Closing{}, send_bye | report_end};
      case E::peer_bye:
        return {Ended{}, report_end | release};
      default:
        return ignored(s);
    }
  }
  LegStep operator()(const Closing& s) const {
    return event == E::closed ? LegStep{Ended{}, release} : ignored(s);
  }
  LegStep operator()(const Ended& s) const { return ignored(s); }
};

struct Namer {
  std::string_view operator()(const Proceeding&) const { return "proceeding"; }
  std::string_view operator()(const Early&) const { return "early"; }
  std::string_view operator()(const Accepted&) const { return "accepted"; }
  std::string_view operator()(const HangupPending&) const { return "hangup_pending"; }
  std::string_view operator()(const Calling&) const { return "calling"; }
  std::string_view operator()(const Ringing&) const { return "ringing"; }
  std::string_view operator()(const Cancelling&) const { return "cancelling"; }
  std::string_view operator()(const AckOwed&) const { return "ack_owed"; }
  std::string_view operator()(const Confirmed&) const { return "confirmed"; }
  std::string_view operator()(const Closing&) const { return "closing"; }
  std::string_view operator()(const Ended&) const { return "ended"; }
};

template <class... States>
bool is_one_of(const LegState& state) {
  return (std::holds_alternative<States>(state) || ...);
}

}  // namespace

LegStep step(const LegState& state, LegEvent event) {
  return std::visit(Stepper{event}, state);
}
std::string_view to_string(const LegState& state) {
  return std::visit(Namer{}, state);
}
bool reported(const LegState& state) {
  return is_one_of<HangupPending, Cancelling, Closing, Ended>(state);
}
bool established(const LegState& state) {
  return is_one_of<Accepted, Confirmed>(state);
}

}  // namespace tandem::sip::dialog
