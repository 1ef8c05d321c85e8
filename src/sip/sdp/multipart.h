// The one part of a multipart body that we understand (RFC 2046, RFC 5621). Input from the network.
#pragma once

#include <optional>
#include <string_view>

namespace tandem::sip {

/// The body of the first part of type `wanted` ("application/sdp") in a body of type multipart/mixed,
/// multipart/alternative or multipart/related; `content_type` is the header's value with its parameters.
/// Looks into nested multiparts to a depth of 3, and at 16 parts of each. Nothing when there is none, when
/// the part is encoded (base64, quoted-printable), or when the boundary is missing or malformed. The view
/// points into `body`.
[[nodiscard]] std::optional<std::string_view> find_part(std::string_view content_type, std::string_view body,
                                                        std::string_view wanted);

}  // namespace tandem::sip
