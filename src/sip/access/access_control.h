// Decides what becomes of a request by who sends it: digest authentication for the realms of the directory,
// with the same answer and the same work for users that exist and users that do not, and limits on guessing.
// Knows no SIP stack. One thread.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "sip/access/failure_limiter.h"
#include "sip/api/registrar.h"
#include "sip/digest/digest_server.h"

namespace tandem::sip {

/// What access control looks at.
struct AccessRequest {
  std::string_view method;
  std::string uri;                  ///< Request-URI.
  std::string claimed_user;         ///< User of From (INVITE) or To (REGISTER), %-decoded.
  std::string claimed_host;         ///< Its host; case does not matter.
  std::vector<std::string> proofs;  ///< Authorization values.
  model::IpAddress source;
};

/// Taken. `who` is null when nobody asked: a trunk by its address, or a stranger from elsewhere.
struct Admitted {
  std::optional<Authenticated> who;
  Secrets identity;  ///< Without hashes; empty with `who` null.
};
/// 401 with these WWW-Authenticate values (RFC 3261 22.1: we are the user agent server, not a proxy).
struct Challenged {
  std::vector<std::string> values;
};
struct Refused {
  int sip_code = 403;
  std::string_view phrase;
};
/// No answer.
struct Ignored {};
using AccessVerdict = std::variant<Admitted, Challenged, Refused, Ignored>;

class AccessControl {
 public:
  /// `directory` and `clock` outlive it.
  AccessControl(const AccessDirectory& directory, const AccessPolicy& policy, const Clock& clock);

  /// A request that starts a dialog. Trunks and strangers from elsewhere are admitted as nobody.
  [[nodiscard]] AccessVerdict check_caller(const AccessRequest& request);
  /// REGISTER: always proven, for a realm of ours only.
  [[nodiscard]] AccessVerdict check_register(const AccessRequest& request);

  struct Counts {
    std::uint64_t challenged = 0;
    std::uint64_t proven = 0;
    std::uint64_t failed = 0;  ///< Wrong password or unknown user.
    std::uint64_t held_up = 0;
  };
  [[nodiscard]] const Counts& counts() const { return counts_; }

 private:
  [[nodiscard]] AccessVerdict prove(const AccessRequest& request, const std::string& realm);
  [[nodiscard]] AccessVerdict prove_claim(const AccessRequest& request, const std::string& realm,
                                          const DigestClaim& claim, const std::string& source);
  [[nodiscard]] AccessVerdict challenge(const std::string& realm, bool stale, const std::string& source);
  [[nodiscard]] AccessVerdict held_up(FailureLimiter::Gate gate);
  [[nodiscard]] AccessVerdict admit(const AccessRequest& request, const std::string& realm,
                                    const DigestClaim& claim, Secrets identity);
  /// The realm that an Authorization of the request is for, if it is one of ours.
  [[nodiscard]] std::string offered_realm(const AccessRequest& request) const;
  /// A mark of the address (of its /64 for IPv6) that says nothing to strangers.
  [[nodiscard]] std::string mark_of(const model::IpAddress& ip) const;

  const AccessDirectory& directory_;
  const Clock& clock_;
  const std::string secret_;
  DigestServer digest_;
  FailureLimiter sources_;
  FailureLimiter users_;
  BoundedMap<std::string, std::string> last_good_;  ///< User -> mark of the address that proved itself last.
  Counts counts_;
};

}  // namespace tandem::sip
