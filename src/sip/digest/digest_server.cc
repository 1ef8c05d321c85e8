#include "sip/digest/digest_server.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/hmac.h"
#include "base/text.h"
#include "sip/digest/auth_params.h"

namespace tandem::sip {
namespace {

DigestAlgorithm base_of(DigestAlgorithm a) {
  switch (a) {
    case DigestAlgorithm::md5:
    case DigestAlgorithm::md5_sess:
      return DigestAlgorithm::md5;
    case DigestAlgorithm::sha256:
    case DigestAlgorithm::sha256_sess:
      break;
  }
  return DigestAlgorithm::sha256;
}

/// Exactly eight hexadecimal digits.
std::optional<std::uint32_t> nonce_count(std::string_view text) {
  std::uint32_t out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out, 16);
  if (text.size() != 8 || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return out;
}

DigestFailure failure_of(NonceState state) {
  switch (state) {
    case NonceState::stale:
      return DigestFailure::stale_nonce;
    case NonceState::replayed:
      return DigestFailure::replayed;
    case NonceState::good:
    case NonceState::forged:
      break;
  }
  return DigestFailure::forged_nonce;
}

/// Phones do not agree on whether the digest's URI repeats the parameters of the Request-URI.
std::string_view without_params(std::string_view uri) {
  const std::size_t at = uri.find('@');
  return uri.substr(0, uri.find_first_of(";?", at == std::string_view::npos ? 0 : at));
}

std::string lower_case(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c; });
  return text;
}

}  // namespace

std::string_view to_string(DigestFailure f) {
  switch (f) {
    case DigestFailure::malformed:
      return "malformed credentials";
    case DigestFailure::other_realm:
      return "another realm";
    case DigestFailure::algorithm_refused:
      return "algorithm not accepted";
    case DigestFailure::qop_required:
      return "qop=auth required";
    case DigestFailure::other_uri:
      return "digest of another URI";
    case DigestFailure::forged_nonce:
      return "nonce is not ours";
    case DigestFailure::stale_nonce:
      return "nonce is stale";
    case DigestFailure::replayed:
      return "nonce count was used before";
    case DigestFailure::wrong_secret:
      return "unknown user or wrong password";
  }
  return "unknown";
}

bool is_stale(DigestFailure f) {
  return f == DigestFailure::stale_nonce || f == DigestFailure::replayed;
}

DigestServer::DigestServer(DigestServerOptions options, const Clock& clock)
    : options_(std::move(options)),
      nobodys_ha1_(hmac_sha256_hex(options_.secret, "nobody")),
      nonces_(options_.secret, options_.nonce_lifetime, options_.max_nonces, clock) {}

std::vector<std::string> DigestServer::challenge(std::string_view realm, bool stale,
                                                 std::uint64_t owner) const {
  std::vector<std::string> out;
  for (const DigestAlgorithm a : options_.algorithms) {
    out.push_back(fmt::format("Digest realm={}, nonce=\"{}\", algorithm={}, qop=\"auth\"{}", quoted(realm),
                              nonces_.issue(owner), to_string(a), stale ? ", stale=true" : ""));
  }
  return out;
}

bool DigestServer::accepts(DigestAlgorithm a) const {
  return std::find(options_.algorithms.begin(), options_.algorithms.end(), base_of(a)) !=
         options_.algorithms.end();
}

Result<DigestClaim, DigestFailure> DigestServer::read(std::string_view authorization) const {
  auto params = parse_digest_params(authorization);
  if (!params) return Err(DigestFailure::malformed);
  for (const char* needed : {"username", "realm", "nonce", "uri", "response"}) {
    if (param(*params, needed).empty()) return Err(DigestFailure::malformed);
  }
  const auto owner = nonces_.owner(param(*params, "nonce"));
  if (!owner) return Err(DigestFailure::forged_nonce);
  DigestClaim out{std::move(*params), {}, {}, *owner};
  out.username = unescaped(param(out.params, "username"));
  out.realm = unescaped(param(out.params, "realm"));
  return out;
}

Status<DigestFailure> DigestServer::verify(const DigestClaim& claim, const Request& request, Lookup& lookup) {
  const AuthParams& params = claim.params;
  if (claim.realm != request.realm) return Err(DigestFailure::other_realm);
  const auto algorithm = digest_algorithm(param(params, "algorithm"));
  if (!algorithm || !accepts(*algorithm)) return Err(DigestFailure::algorithm_refused);
  if (!equal_no_case(param(params, "qop"), "auth")) return Err(DigestFailure::qop_required);
  const std::string& nonce = param(params, "nonce");
  const std::string& nc = param(params, "nc");
  const auto count = nonce_count(nc);
  if (!count || param(params, "cnonce").empty()) return Err(DigestFailure::malformed);
  const std::string uri = unescaped(param(params, "uri"));
  if (!request.uri.empty() && without_params(request.uri) != without_params(uri))
    return Err(DigestFailure::other_uri);

  const DigestAlgorithm base = base_of(*algorithm);
  const auto known = lookup(claim.username, base);
  const std::string_view nobody(nobodys_ha1_);
  const std::string_view ha1 =
      known ? std::string_view(*known) : nobody.substr(0, base == DigestAlgorithm::md5 ? 32 : 64);
  const std::string expected = digest_response(
      {*algorithm, ha1, nonce, nc, param(params, "cnonce"), DigestQop::auth, request.method, uri, {}});
  const bool proven = equal_constant_time(expected, lower_case(param(params, "response")));
  if (!known || !proven || expected.empty()) return Err(DigestFailure::wrong_secret);
  const NonceState state = nonces_.use(nonce, *count);
  if (state != NonceState::good) return Err(failure_of(state));
  return Unit{};
}

}  // namespace tandem::sip
