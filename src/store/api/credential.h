// A SIP user name with what proves its password: of an endpoint on a domain, or of a trunk that calls in.
#pragma once

#include <string>

#include "base/clock.h"
#include "model/ids.h"

namespace tandem::store {

/// The password itself is nowhere: only H(user:realm:password) (RFC 7616). Unique by realm and user name; a
/// realm belongs to one domain or one trunk.
struct Credential {
  model::CredentialId id;
  model::AccountId account_id;
  model::DomainId domain_id;  ///< Exactly one of these two is set.
  model::TrunkId trunk_id;
  std::string username;
  std::string realm;       ///< The domain's name or the trunk's realm.
  std::string ha1_md5;     ///< 32 hexadecimal digits, lower case.
  std::string ha1_sha256;  ///< 64.
  WallTime created;
};

}  // namespace tandem::store
