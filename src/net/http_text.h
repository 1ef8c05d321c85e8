// HTTP heads as text: checked header fields, request and status lines, and look-ups in a HeaderList.
#pragma once

#include <string>
#include <string_view>

#include "base/text.h"
#include "net/api/http.h"

namespace tandem::net {

/// The first header of that name (no case), or empty.
[[nodiscard]] std::string_view find_header(const HeaderList& headers, std::string_view name);
/// True if a comma-separated header (all its lines) has `token` (no case).
[[nodiscard]] bool has_token(const HeaderList& headers, std::string_view name, std::string_view token);
[[nodiscard]] bool is_token(std::string_view text);  ///< RFC 9110 section 5.6.2.
/// Empty, or what is wrong with a header that is to be sent; CR and LF above all.
[[nodiscard]] std::string header_fault(std::string_view name, std::string_view value);
/// As header_fault() for a whole list; refuses too the headers that this module writes itself.
[[nodiscard]] std::string headers_fault(const HeaderList& headers);
void append_header(std::string& out, std::string_view name, std::string_view value);
[[nodiscard]] std::string_view reason_phrase(int status);
/// A whole response; headers that are not sendable turn it into a 500. `head_only`: no body, for HEAD.
[[nodiscard]] std::string response_text(const HttpResponse& response, bool keep_alive, bool head_only);
[[nodiscard]] std::string base64(std::string_view bytes);

}  // namespace tandem::net
