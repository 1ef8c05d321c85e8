#include "sip/digest/digest_server.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/hmac.h"
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
      nonces_(options_.secret, options_.nonce_lifetime, options_.max_nonces, clock) {}

std::vector<std::string> DigestServer::challenge(bool stale) const {
  std::vector<std::string> out;
  for (const DigestAlgorithm a : options_.algorithms) {
    out.push_back(fmt::format("Digest realm={}, nonce=\"{}\", algorithm={}, qop=\"auth\"{}",
                              quoted(options_.realm), nonces_.issue(), to_string(a),
                              stale ? ", stale=true" : ""));
  }
  return out;
}

bool DigestServer::accepts(DigestAlgorithm a) const {
  return std::find(options_.algorithms.begin(), options_.algorithms.end(), base_of(a)) !=
         options_.algorithms.end();
}

Result<std::string, DigestFailure> DigestServer::verify(const Request& request, Lookup& lookup) {
  const auto params = parse_digest_params(request.authorization);
  if (!params) return Err(DigestFailure::malformed);
  for (const char* needed : {"username", "realm", "nonce", "uri", "response"}) {
    if (param(*params, needed).empty()) return Err(DigestFailure::malformed);
  }
  if (unescaped(param(*params, "realm")) != options_.realm) return Err(DigestFailure::other_realm);
  const auto algorithm = digest_algorithm(param(*params, "algorithm"));
  if (!algorithm || !accepts(*algorithm)) return Err(DigestFailure::algorithm_refused);
  if (!equal_no_case(param(*params, "qop"), "auth")) return Err(DigestFailure::qop_required);
  const std::string& nonce = param(*params, "nonce");
  const std::string& nc = param(*params, "nc");
  const auto count = nonce_count(nc);
  if (!count || param(*params, "cnonce").empty()) return Err(DigestFailure::malformed);
  const std::string uri = unescaped(param(*params, "uri"));
  if (!request.uri.empty() && request.uri != uri) return Err(DigestFailure::other_uri);
  if (nonces_.check(nonce) == NonceState::forged) return Err(DigestFailure::forged_nonce);

  const std::string username = unescaped(param(*params, "username"));
  const auto known = lookup(username, base_of(*algorithm));
  // Nobody's hash stands in for an unknown user's, so that both take as long.
  const std::string ha1 = known ? *known : digest_ha1(*algorithm, username, options_.realm, options_.secret);
  const std::string expected = digest_response(
      {*algorithm, ha1, nonce, nc, param(*params, "cnonce"), DigestQop::auth, request.method, uri, {}});
  const bool proven = equal_constant_time(expected, lower_case(param(*params, "response")));
  if (!known || !proven || expected.empty()) return Err(DigestFailure::wrong_secret);
  const NonceState state = nonces_.use(nonce, *count);
  if (state != NonceState::good) return Err(failure_of(state));
  return username;
}

}  // namespace tandem::sip
