// The patterns of protocol/ as hand-written matchers: no regular expressions over hostile text. Linear time.
#pragma once

#include <string_view>

namespace tandem::wire {

[[nodiscard]] bool match_no_nul(std::string_view s);
[[nodiscard]] bool match_header_value(
    std::string_view s);  ///< No control characters but HTAB (RFC 3261 25.1).
[[nodiscard]] bool match_header_name(std::string_view s);  ///< RFC 3261 token.
[[nodiscard]] bool match_voice(std::string_view s);
[[nodiscard]] bool match_language(std::string_view s);  ///< BCP 47, roughly.
[[nodiscard]] bool match_engine(std::string_view s);
[[nodiscard]] bool match_media_url(std::string_view s);
[[nodiscard]] bool match_dtmf_set(std::string_view s);
[[nodiscard]] bool match_digit_pattern(std::string_view s);
[[nodiscard]] bool match_sip_uri(std::string_view s);
[[nodiscard]] bool match_dial_uri(std::string_view s);           ///< sip: or sips:, no angle brackets.
[[nodiscard]] bool match_dial_number(std::string_view s);        ///< Digits, * and #, with an optional +.
[[nodiscard]] bool match_address_of_record(std::string_view s);  ///< user@domain.
[[nodiscard]] bool match_caller_id(std::string_view s);          ///< A number, a user name or a SIP URI.
[[nodiscard]] bool match_display_name(std::string_view s);
[[nodiscard]] bool match_send_digits(std::string_view s);
[[nodiscard]] bool match_content_type(std::string_view s);
[[nodiscard]] bool match_queue_name(std::string_view s);  ///< Letters, digits, `.`, `_`, `-`.

/// Characters (code points) of valid UTF-8.
[[nodiscard]] std::size_t utf8_length(std::string_view s);

}  // namespace tandem::wire
