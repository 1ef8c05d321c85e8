// Who has an open offer in a dialog (RFC 3264, RFC 6337), as pure functions. It knows neither SDP nor
// messages.
#pragma once

#include <chrono>
#include <cstdint>
#include <variant>

namespace tandem::sip::dialog {

struct Stable {};
/// Our offer is out: in the INVITE, a re-INVITE, an UPDATE.
struct LocalOffer {};
/// Our offer went out in a 200; the answer is due in the ACK.
struct LocalOfferInAnswer {};
/// The peer's offer waits for our answer.
struct RemoteOffer {
  std::uint64_t offer_id = 0;  ///< 0: the offer of the first INVITE.
};
/// The peer's INVITE without SDP waits for our offer.
struct OfferAsked {
  std::uint64_t offer_id = 0;
};
using OfferState = std::variant<Stable, LocalOffer, LocalOfferInAnswer, RemoteOffer, OfferAsked>;

/// What a dialog's INVITE transactions are at; offers of INVITE and UPDATE share the state above.
struct InviteTransactions {
  bool client_open = false;
  bool server_open = false;
};

enum class OfferCheck : std::uint8_t {
  ok,
  glare,     ///< 491: ours is out (RFC 3261 14.2, RFC 3311 5.2).
  too_soon,  ///< 500 with Retry-After: theirs is still open (same places).
};
/// May a re-INVITE (with or without offer) be taken now?
[[nodiscard]] OfferCheck check_invite(const OfferState& state, InviteTransactions open);
/// May an UPDATE with an offer be taken now?
[[nodiscard]] OfferCheck check_update(const OfferState& state);
/// May we send a re-INVITE now?
[[nodiscard]] bool may_offer(const OfferState& state, InviteTransactions open);

/// How long to wait after 491 before trying again (RFC 3261 14.1): 2.1 to 4 s for the owner of the Call-ID, 0
/// to 2 s for the other side, in units of 10 ms. `random` is any number.
[[nodiscard]] std::chrono::milliseconds glare_delay(bool owns_call_id, std::uint32_t random);

}  // namespace tandem::sip::dialog
