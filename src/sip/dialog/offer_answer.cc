#include "sip/dialog/offer_answer.h"

namespace tandem::sip::dialog {

OfferCheck check_invite(const OfferState& state, InviteTransactions open) {
  if (open.client_open || std::holds_alternative<LocalOffer>(state)) return OfferCheck::glare;
  if (open.server_open || !std::holds_alternative<Stable>(state)) return OfferCheck::too_soon;
  return OfferCheck::ok;
}

OfferCheck check_update(const OfferState& state) {
  if (std::holds_alternative<LocalOffer>(state) || std::holds_alternative<LocalOfferInAnswer>(state)) {
    return OfferCheck::glare;
  }
  return std::holds_alternative<Stable>(state) ? OfferCheck::ok : OfferCheck::too_soon;
}

bool may_offer(const OfferState& state, InviteTransactions open) {
  return std::holds_alternative<Stable>(state) && !open.client_open && !open.server_open;
}

std::chrono::milliseconds glare_delay(bool owns_call_id, std::uint32_t random) {
  constexpr std::uint32_t kUnitMs = 10;
  return owns_call_id ? std::chrono::milliseconds(2100 + kUnitMs * (random % 191))
                      : std::chrono::milliseconds(kUnitMs * (random % 201));
}

}  // namespace tandem::sip::dialog
