// Transfer without messages (RFC 3515, RFC 3891, RFC 4488): the texts that it is written in, and the life of
// a REFER that we sent as a pure function. Texts come from the network.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "sip/api/agent.h"

namespace tandem::sip::dialog {

/// The value of a Replaces header. Nothing when it is malformed: a tag missing or given twice, characters
/// that do not belong there, more than 512 bytes.
[[nodiscard]] std::optional<ReplacesInfo> parse_replaces(std::string_view value);

/// The first line of a message/sipfrag body (RFC 3420): "SIP/2.0 180 Ringing".
struct StatusLine {
  int code = 0;
  std::string reason;
};
[[nodiscard]] std::optional<StatusLine> parse_sipfrag(std::string_view body);

/// The headers of a URI, "Replaces=a%40b&X=1", decoded. Nothing when malformed or longer than 4096 bytes.
[[nodiscard]] std::optional<Headers> parse_uri_headers(std::string_view text);
/// Text for a header of a URI (RFC 3261 25.1, hvalue): everything but unreserved characters is escaped.
[[nodiscard]] std::string escape_uri_header(std::string_view value);
/// True for a sip:, sips: or tel: URI that can stand between angle brackets, without headers.
[[nodiscard]] bool plain_uri(std::string_view uri);

// ---- A REFER that we sent.

struct ReferSent {};       ///< No final response yet.
struct ReferAccepted {};   ///< 2xx; the first NOTIFY is due.
struct ReferReporting {};  ///< NOTIFYs come.
struct ReferDone {};
using ReferState = std::variant<ReferSent, ReferAccepted, ReferReporting, ReferDone>;

struct ReferResponse {
  int code = 0;
  std::string reason;
  bool reports = true;  ///< False: Refer-Sub: false.
};
struct ReferNotify {
  StatusLine status;
  bool terminated = false;
};
struct ReferTimeout {};
struct ReferLegEnded {};
using ReferEvent = std::variant<ReferResponse, ReferNotify, ReferTimeout, ReferLegEnded>;

struct ReferStep {
  ReferState next;
  std::optional<ReferProgress> report;
};
/// A NOTIFY may overtake the response to the REFER. After the final report nothing more is reported.
[[nodiscard]] ReferStep step(const ReferState& state, const ReferEvent& event);

}  // namespace tandem::sip::dialog
