// What the checks of several records share.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "store/api/store.h"

namespace tandem::store {

[[nodiscard]] StoreFailure invalid(std::string field, std::string detail);
/// 1 to 200 characters of UTF-8 without control characters.
[[nodiscard]] std::optional<StoreFailure> check_name(std::string_view name);
/// Visible ASCII, at most `max` characters.
[[nodiscard]] std::optional<StoreFailure> check_visible(std::string_view text, std::size_t max,
                                                        const char* field);
/// A list of at most 1000 numbers without blanks; each with an optional trailing `*` if `wildcards`.
[[nodiscard]] std::optional<StoreFailure> check_numbers(const std::vector<std::string>& numbers,
                                                        bool wildcards, const char* field);
[[nodiscard]] std::optional<StoreFailure> check_rate(double per_second, const char* field);

template <class IdType>
std::optional<StoreFailure> check_id(const IdType& id, const char* field, bool may_be_empty) {
  if (id.empty() && may_be_empty) return std::nullopt;
  if (id.empty()) return invalid(field, "is missing");
  if (!IdType::valid(id.str())) return invalid(field, "is not an id of this kind");
  return std::nullopt;
}

template <class Record>
std::optional<StoreFailure> check_ids(const Record& r, bool application_optional = false) {
  if (auto f = check_id(r.id, "id", true)) return f;
  if (auto f = check_id(r.account_id, "account_id", false)) return f;
  return check_id(r.application_id, "application_id", application_optional);
}

}  // namespace tandem::store
