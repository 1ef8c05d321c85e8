#include "registrar/store_directory.h"

namespace tandem::registrar {

bool StoreDirectory::is_realm(std::string_view host) const {
  const Rules rules = rules_.load();
  return rules != nullptr && !host.empty() &&
         (rules->domain(host) != nullptr || rules->trunk_by_realm(host) != nullptr);
}

std::optional<sip::Secrets> StoreDirectory::find(std::string_view realm, std::string_view username) const {
  const Rules rules = rules_.load();
  if (rules == nullptr) return std::nullopt;
  const store::Credential* c = rules->credential(realm, username);
  if (c == nullptr) return std::nullopt;
  return sip::Secrets{c->ha1_md5, c->ha1_sha256, c->account_id, c->domain_id, c->trunk_id};
}

bool StoreDirectory::is_trusted(const model::IpAddress& source) const {
  const Rules rules = rules_.load();
  return rules != nullptr && rules->trunk_by_source(source) != nullptr;
}

bool StoreDirectory::may_stay(const cluster::Endpoint& endpoint) const {
  const auto secrets = find(endpoint.domain, endpoint.user);
  return secrets && secrets->account_id == endpoint.account_id;
}

}  // namespace tandem::registrar
