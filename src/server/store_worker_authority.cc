#include "server/store_worker_authority.h"

#include "store/api/api_key.h"

namespace tandem::server {
namespace {

bool may_work(const store::ApiKey& key, const model::AccountId& account) {
  const bool own = key.account_id.empty() || key.account_id == account;
  return own && store::allows(key, store::Scope::worker);
}

bool has_application(const store::RoutingTable& table, const model::AccountId& account,
                     const model::ApplicationId& application) {
  const store::Application* found = table.application(application);
  return found != nullptr && found->account_id == account;
}

}  // namespace

Result<app::WorkerIdentity, app::WorkerAuthority::Refusal> StoreWorkerAuthority::admit(
    const model::AccountId& account, const model::ApplicationId& application, std::string_view token) const {
  const auto table = store_.snapshot();
  const auto key = store::authenticate(*table, token, clock_.wall());
  if (!key) return Err(Refusal::unauthenticated);
  if (!may_work(**key, account)) return Err(Refusal::forbidden);
  if (!has_application(*table, account, application)) return Err(Refusal::not_found);
  store_.touch((*key)->id);
  return app::WorkerIdentity{account, application, (*key)->id};
}

bool StoreWorkerAuthority::still_holds(const app::WorkerIdentity& identity) const {
  const auto table = store_.snapshot();
  const store::ApiKey* key = table->api_key(identity.key);
  if (key == nullptr || key->revoked || (key->expires && *key->expires <= clock_.wall())) return false;
  return may_work(*key, identity.account) && has_application(*table, identity.account, identity.application);
}

}  // namespace tandem::server
