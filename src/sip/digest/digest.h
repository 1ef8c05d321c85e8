// Digest authentication (RFC 7616, RFC 8760): the hashes, and the client's side. Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tandem::sip {

enum class DigestAlgorithm : std::uint8_t { md5, md5_sess, sha256, sha256_sess };
[[nodiscard]] std::string_view to_string(DigestAlgorithm a);
/// Without case; an empty text is MD5.
[[nodiscard]] std::optional<DigestAlgorithm> digest_algorithm(std::string_view text);

/// H(user:realm:password) as lower-case hexadecimal: what a server may store in place of the password. The
/// same for an algorithm and its -sess form.
[[nodiscard]] std::string digest_ha1(DigestAlgorithm a, std::string_view username, std::string_view realm,
                                     std::string_view password);

enum class DigestQop : std::uint8_t { none, auth, auth_int };
struct DigestInput {
  DigestAlgorithm algorithm = DigestAlgorithm::md5;
  std::string_view ha1;  ///< Of digest_ha1().
  std::string_view nonce;
  std::string_view nonce_count;  ///< Eight hexadecimal digits, as on the wire.
  std::string_view cnonce;
  DigestQop qop = DigestQop::auth;
  std::string_view method;
  std::string_view uri;
  std::string_view body;  ///< Counts with auth_int only.
};
/// The `response` parameter.
[[nodiscard]] std::string digest_response(const DigestInput& in);

struct DigestRequest {
  std::string username;
  std::string password;
  std::string realm;  ///< Challenges of other realms stay unanswered; empty: the realm of the first.
  std::string method;
  std::string uri;  ///< The Request-URI, as text.
  std::string body;
  std::uint32_t nonce_count = 1;  ///< Raise for each use of one nonce.
  std::string cnonce = {};        ///< Empty: random. Tests set it.
};
struct DigestAnswer {
  std::string authorization;  ///< Value of Authorization or Proxy-Authorization.
  std::string realm;          ///< Hold on to it: later challenges for this target must be of the same.
};
/// Answers the strongest usable one of `challenges` (header values of one 401 or 407, one challenge each).
/// Null when there is none: other scheme, unknown algorithm or qop, malformed, another realm.
[[nodiscard]] std::optional<DigestAnswer> answer_digest(const std::vector<std::string>& challenges,
                                                        const DigestRequest& request);

}  // namespace tandem::sip
