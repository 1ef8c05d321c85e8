// Provisioned records between the store's form and that of the API (protocol/rest/resources.json). Pure.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "model/error.h"
#include "model/generated/rest.h"
#include "rest/access.h"
#include "store/api/provisioning.h"

namespace tandem::rest {

/// In the order of store::Kind.
using RecordBody = std::variant<model::RestAccountBody, model::RestApplicationBody, model::RestNumberBody,
                                model::RestDomainBody, model::RestTrunkBody, model::RestCredentialBody,
                                model::RestApiKeyBody>;

[[nodiscard]] Result<RecordBody, model::Error> decode_record(store::Kind kind, std::string_view text);
[[nodiscard]] store::Record empty_record(store::Kind kind, const model::AccountId& owner);
/// Puts what `body` gives into a record of the same kind. What it may look like the store says; here only
/// what the store's form cannot hold is refused, and keys that may do more than `caller`. A credential's
/// password is left.
[[nodiscard]] std::optional<store::StoreFailure> apply(const RecordBody& body, store::Record& record,
                                                       const Caller& caller, WallTime now);
/// Whether a key with these scopes may be made by `caller`.
[[nodiscard]] std::optional<store::StoreFailure> check_scopes(const std::vector<store::Scope>& scopes,
                                                              const Caller& caller);

/// What is shown but once, with the answer to a creation.
struct Once {
  std::string token;
  std::string webhook_secret;
};
/// JSON text without secrets, but for `once`.
[[nodiscard]] std::string record_text(const store::Record& record, const Once& once = {});
[[nodiscard]] std::string record_id(const store::Record& record);

}  // namespace tandem::rest
