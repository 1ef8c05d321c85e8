// A CDR as one line of JSON: the form in which the spool file keeps it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "store/api/records.h"

namespace tandem::store {

[[nodiscard]] std::string cdr_to_json(const Cdr& cdr);
/// Nothing when `line` is not a CDR with at least an id and a call's id. Fields that are missing stay empty.
[[nodiscard]] std::optional<Cdr> cdr_from_json(std::string_view line);

/// The inverse of model::to_string.
[[nodiscard]] std::optional<model::EndReason> end_reason_of(std::string_view text);
[[nodiscard]] std::optional<model::Party> party_of(std::string_view text);
[[nodiscard]] std::optional<model::VerdictClass> verdict_class_of(std::string_view text);

}  // namespace tandem::store
