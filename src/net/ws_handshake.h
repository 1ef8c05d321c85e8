// The opening handshake's own arithmetic (RFC 6455 section 4, RFC 7692 section 7): keys and extensions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "net/api/http.h"

namespace tandem::net {

[[nodiscard]] std::string make_ws_key();
[[nodiscard]] bool is_ws_key(std::string_view key);
[[nodiscard]] std::string ws_accept(std::string_view key);

/// What our client offers, without the header's name.
inline constexpr std::string_view kDeflateOffer =
    "permessage-deflate; server_no_context_takeover; client_no_context_takeover";

struct DeflateAgreement {
  int our_window_bits = 15;  ///< The peer's limit on what we send.
};
/// Server: the first acceptable offer among the client's, and the header value that accepts it.
struct DeflateAnswer {
  DeflateAgreement agreement;
  std::string header;
};
[[nodiscard]] std::optional<DeflateAnswer> answer_deflate(const HeaderList& request);

enum class ClientDeflate : std::uint8_t { off, on, violation };
/// Client: what the server's answer to kDeflateOffer (`offered`) or to no offer means.
[[nodiscard]] ClientDeflate read_deflate_answer(const HeaderList& response, bool offered);

}  // namespace tandem::net
