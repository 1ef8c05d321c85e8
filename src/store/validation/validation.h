// What a provisioned resource may look like. Pure; the store calls it on create, a door may call it earlier.
#pragma once

#include <optional>

#include "store/api/store.h"

namespace tandem::store {

/// Nothing when the record is fine; else `invalid` with the field's name and what is allowed. Ids may be
/// empty only where create() fills them in.
[[nodiscard]] std::optional<StoreFailure> check(const Account& account);
[[nodiscard]] std::optional<StoreFailure> check(const Application& application);
[[nodiscard]] std::optional<StoreFailure> check(const Number& number);
[[nodiscard]] std::optional<StoreFailure> check(const Domain& domain);
[[nodiscard]] std::optional<StoreFailure> check(const Trunk& trunk);
[[nodiscard]] std::optional<StoreFailure> check(const Credential& credential);
[[nodiscard]] std::optional<StoreFailure> check(const ApiKey& key);
[[nodiscard]] std::optional<StoreFailure> check(const Queue& queue);

/// Empty when `url` is an absolute ws, wss, http or https URL without user info and fragment (RFC 6455
/// section 3 has neither), at most 2048 characters; else what is wrong, for people.
[[nodiscard]] std::string url_problem(std::string_view url);
/// Empty when `name` is a host name (RFC 1123) or an IP address; else what is wrong.
[[nodiscard]] std::string domain_problem(std::string_view name);

}  // namespace tandem::store
