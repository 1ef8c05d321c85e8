// The life of one leg as a pure function: (state, event) -> (state, effects). The owner (sofia/leg) carries
// the effects out; transactions and retransmission are not its business. Offers, session timers and PRACK
// have machines of their own beside it.
#pragma once

#include <cstdint>
#include <string_view>
#include <variant>

namespace tandem::sip::dialog {

// Inbound.
struct Proceeding {};     ///< INVITE taken, 100 sent.
struct Early {};          ///< 18x sent.
struct Accepted {};       ///< 200 sent, waiting for the ACK.
struct HangupPending {};  ///< Hung up before the ACK: BYE may follow only after it (RFC 3261 15).
// Outbound.
struct Calling {};     ///< INVITE sent.
struct Ringing {};     ///< Provisional response received.
struct Cancelling {};  ///< Given up; a final response is still due.
struct AckOwed {};     ///< 2xx with an offer: the ACK waits for our answer.
// Both.
struct Confirmed {};
struct Closing {};  ///< Our BYE is on its way.
struct Ended {};

using LegState = std::variant<Proceeding, Early, Accepted, HangupPending, Calling, Ringing, Cancelling,
                              AckOwed, Confirmed, Closing, Ended>;
[[nodiscard]] std::string_view to_string(const LegState& state);

enum class LegEvent : std::uint8_t {
  ring,
  answer,
  reject,
  hangup,
  acknowledge,
  peer_cancel,
  peer_bye,
  ack,
  ack_timeout,
  provisional,
  success,
  success_with_offer,
  failure,
  fault,   ///< The dialog cannot go on: session expired, 481, transport gone, bad answer.
  closed,  ///< The last transaction is over, or was waited for long enough.
};
inline constexpr int kLegEvents = static_cast<int>(LegEvent::closed) + 1;

/// What the owner has to do, in this order of bits.
enum class Effect : std::uint16_t {
  none = 0,
  send_progress = 1U << 0U,
  send_answer = 1U << 1U,
  send_final = 1U << 2U,  ///< A final response of 300 to 699 to the INVITE.
  send_cancel = 1U << 3U,
  send_ack = 1U << 4U,
  send_bye = 1U << 5U,
  report_progress = 1U << 6U,
  report_answered = 1U << 7U,
  report_acknowledged = 1U << 8U,
  report_end = 1U << 9U,
  release = 1U << 10U,  ///< Nothing is open any more.
};
[[nodiscard]] constexpr Effect operator|(Effect a, Effect b) {
  return static_cast<Effect>(static_cast<unsigned>(a) | static_cast<unsigned>(b));
}
[[nodiscard]] constexpr bool has(Effect set, Effect one) {
  return (static_cast<unsigned>(set) & static_cast<unsigned>(one)) != 0;
}

struct LegStep {
  LegState next;
  Effect effects = Effect::none;
  bool accepted = true;  ///< False: the event means nothing in this state, which stays.
};
[[nodiscard]] LegStep step(const LegState& state, LegEvent event);

/// True once on_ended has been reported.
[[nodiscard]] bool reported(const LegState& state);
/// True while a dialog exists in which requests may be sent.
[[nodiscard]] bool established(const LegState& state);

}  // namespace tandem::sip::dialog
