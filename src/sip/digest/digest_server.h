// The server's side of digest authentication (RFC 7616): challenges, and proof that a request's sender knows
// the password. Replays are refused by nonce count.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/function.h"
#include "base/result.h"
#include "sip/digest/auth_params.h"
#include "sip/digest/digest.h"
#include "sip/digest/nonce_book.h"

namespace tandem::sip {

enum class DigestFailure : std::uint8_t {
  malformed,          ///< No Digest credentials, or a parameter is missing or wrong.
  other_realm,        ///< For somebody else; look at the next header.
  algorithm_refused,  ///< Unknown, or weaker than the options allow.
  qop_required,       ///< Without qop=auth nothing would stop a replay.
  other_uri,          ///< The digest covers another URI than the request's.
  forged_nonce,
  stale_nonce,  ///< Right password, old nonce: challenge again with stale=true, without asking the user.
  replayed,     ///< As stale_nonce.
  wrong_secret  ///< Unknown user or wrong password: not told apart, in time either.
};
[[nodiscard]] std::string_view to_string(DigestFailure f);
/// Whether the next challenge() should say so.
[[nodiscard]] bool is_stale(DigestFailure f);

struct DigestServerOptions {
  std::string secret;  ///< For nonces; random where no other node must know them.
  /// In order of preference; -sess forms are accepted along with their base.
  std::vector<DigestAlgorithm> algorithms{DigestAlgorithm::sha256, DigestAlgorithm::md5};
  std::chrono::milliseconds nonce_lifetime{300'000};
  std::size_t max_nonces = 65'536;  ///< In use at once; beyond it the oldest go stale.
};

/// What a request's credentials claim, unproven but for the nonce: that is one of ours.
struct DigestClaim {
  AuthParams params;
  std::string username;
  std::string realm;
  std::uint64_t nonce_owner = 0;
};

/// For any number of realms. One thread.
class DigestServer {
 public:
  /// `clock` outlives the server.
  DigestServer(DigestServerOptions options, const Clock& clock);

  /// Header values of WWW-Authenticate or Proxy-Authenticate, one a algorithm, strongest first. `owner` marks
  /// whom they are for.
  [[nodiscard]] std::vector<std::string> challenge(std::string_view realm, bool stale,
                                                   std::uint64_t owner = 0) const;

  /// Reads an Authorization or Proxy-Authorization value. Errors: malformed, forged_nonce.
  [[nodiscard]] Result<DigestClaim, DigestFailure> read(std::string_view authorization) const;

  struct Request {
    std::string_view realm;  ///< The one that the request is to be proven for.
    std::string_view method;
    std::string_view uri;  ///< Request-URI; empty: the digest's own is taken, for routes that rewrite it.
  };
  /// digest_ha1() of the user in the realm, null if there is none.
  using Lookup = Function<std::optional<std::string>(const std::string& username, DigestAlgorithm algorithm)>;
  [[nodiscard]] Status<DigestFailure> verify(const DigestClaim& claim, const Request& request,
                                             Lookup& lookup);
  [[nodiscard]] std::size_t nonces_in_use() const { return nonces_.remembered(); }

 private:
  [[nodiscard]] bool accepts(DigestAlgorithm a) const;

  const DigestServerOptions options_;
  const std::string nobodys_ha1_;  ///< Stands in for an unknown user's, so that both take as long.
  NonceBook nonces_;
};

}  // namespace tandem::sip
