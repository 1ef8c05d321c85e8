// The tables of credentials and API keys.
#pragma once

#include <soci/soci.h>

#include <utility>
#include <vector>

#include "store/api/records.h"
#include "store/sql/columns.h"

namespace tandem::store {

// All inside the caller's transaction or view; they throw soci::soci_error.
void insert_credential(soci::session& sql, const Credential& credential);
[[nodiscard]] std::vector<Credential> select_credentials(soci::session& sql, const Tail& tail);
/// The hashes alone: realm and user name are part of them.
void update_credential(soci::session& sql, const Credential& credential);
void update_api_key(soci::session& sql, const ApiKey& key);
void insert_api_key(soci::session& sql, const ApiKey& key);
[[nodiscard]] std::vector<ApiKey> select_api_keys(soci::session& sql, const Tail& tail);
/// False when there is no such key.
[[nodiscard]] bool revoke_api_key(soci::session& sql, const model::ApiKeyId& id, WallTime now);
void touch_api_keys(soci::session& sql, const std::vector<std::pair<model::ApiKeyId, WallTime>>& used);

}  // namespace tandem::store
