// A dialog (RFC 3261 section 12) as a plain record: what a re-INVITE from another process would need. No
// Sofia here.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tandem::sip::dialog {

struct Dialog {
  std::string call_id;
  std::string local_tag;
  std::string remote_tag;
  std::string local_party;  ///< From or To value without tag: `"Name" <sip:user@host>`.
  std::string remote_party;
  std::string remote_target;           ///< The peer's Contact URI; before the dialog exists, the request URI.
  std::vector<std::string> route_set;  ///< URIs in the order in which our requests visit them.
  std::uint32_t local_cseq = 0;
  std::optional<std::uint32_t> remote_cseq;
};

/// RFC 3261 12.2.2: a request whose CSeq is below the last one is out of order (500); the same number again
/// under a new branch is a merged request (482). ACK and CANCEL do not come here.
enum class CseqCheck : std::uint8_t { fresh, merged, out_of_order };
/// Remembers `cseq` when fresh.
[[nodiscard]] CseqCheck check_remote_cseq(Dialog& dialog, std::uint32_t cseq);

/// Request URI and Route values (RFC 3261 12.2.1.1), loose and strict first hops.
struct Routing {
  std::string request_uri;
  std::vector<std::string> routes;
};
[[nodiscard]] Routing route_request(const Dialog& dialog);

/// The header block of a request within (or creating) the dialog, each line ended by CRLF: From, To, Call-ID,
/// CSeq, Max-Forwards, Route. `contact` empty: no Contact.
[[nodiscard]] std::string request_headers(const Dialog& dialog, std::string_view method, std::uint32_t cseq,
                                          const std::vector<std::string>& routes, std::string_view contact);

/// "\"display\" <uri>" with the display name escaped (RFC 3261 25.1); control characters are dropped.
[[nodiscard]] std::string name_addr(std::string_view uri, std::string_view display_name);

}  // namespace tandem::sip::dialog
