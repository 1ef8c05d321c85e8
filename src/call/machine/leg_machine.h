// The life of a call as a pure function: (state, event) -> (state, effects). The call that owns the state
// carries the effects out, in order. What a state does not allow is refused here and nowhere else.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <variant>

namespace tandem::call::machine {

namespace leg {
// States. `was_answered` lives where it matters: in the states that follow an answer and those that do not.
struct Incoming {};   ///< INVITE came; nothing above 100 was sent.
struct Dialing {};    ///< Our INVITE went out; nothing above 100 came.
struct Ringing {};    ///< 18x without media was sent, or came.
struct Early {};      ///< Media is connected before the answer.
struct Answering {};  ///< 200 with our offer was sent; the ACK brings the answer.
struct Answered {};
struct Held {};       ///< Answered, and the peer does not want our audio.
struct Releasing {};  ///< We sent the final response or BYE; the SIP side has not confirmed yet.
struct Closing {};    ///< The SIP leg is over; media is being closed.
struct Ended {};
}  // namespace leg
using LegState = std::variant<leg::Incoming, leg::Dialing, leg::Ringing, leg::Early, leg::Answering,
                              leg::Answered, leg::Held, leg::Releasing, leg::Closing, leg::Ended>;

enum class LegEvent : std::uint8_t {
  ring,           ///< A provisional response without media is wanted, or came.
  connect_early,  ///< Early media was agreed.
  offer_answer,   ///< 200 goes out with our own offer (late offer).
  answer,         ///< 200 goes out with the answer or came with it, or the ACK completed a late offer.
  refuse,         ///< A final response of 300 to 699 is wanted; inbound only.
  release,        ///< An end in any state is wanted: BYE, 603 or CANCEL.
  peer_hold,
  peer_unhold,
  leg_ended,    ///< The SIP side says that the leg is over.
  media_closed  ///< The stream is gone, or there was none.
};
inline constexpr std::size_t kLegEvents = 10;

enum class LegEffect : std::uint8_t {
  none,
  tell_ringing,
  tell_early_media,
  tell_answered,
  open_ivr,  ///< ivr.created, if there is none.
  tell_held,
  tell_unheld,
  send_final,  ///< Carry out the wanted rejection or redirection.
  send_hangup,
  close_media,
  finish  ///< Complete what is open, report the end, write the CDR.
};

struct LegStep {
  LegState next;
  bool allowed = true;  ///< False: not possible in this state; `next` is the old state.
  std::array<LegEffect, 3> effects{};
};

[[nodiscard]] LegStep step(const LegState& state, LegEvent event);

/// The public name (protocol: call_state). Releasing and later are "ended".
[[nodiscard]] std::string_view name(const LegState& state);
/// 200 was sent, or came.
[[nodiscard]] bool answered(const LegState& state);
/// The application can still act: neither releasing nor over.
[[nodiscard]] bool live(const LegState& state);
/// No final response yet.
[[nodiscard]] bool unanswered(const LegState& state);

}  // namespace tandem::call::machine
