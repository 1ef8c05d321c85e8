// Errors as HTTP: the one table from error codes to statuses, and application/problem+json (RFC 9457).
#pragma once

#include <optional>

#include "model/error.h"
#include "net/api/http.h"
#include "store/api/failure.h"

namespace tandem::rest {

/// The HTTP status of a request that is refused with this code.
[[nodiscard]] int status_of(model::ErrorCode code);

/// `status` where HTTP has a closer one than the code's (405, 415).
[[nodiscard]] net::HttpResponse problem(const model::Error& error, std::optional<int> status = std::nullopt);

/// An error whose message begins with its field.
[[nodiscard]] model::Error fault(model::ErrorCode code, std::string_view field, const std::string& what);

/// With three codes of its own: conflict, in_use, precondition_failed.
[[nodiscard]] net::HttpResponse problem(const store::StoreFailure& failure);

}  // namespace tandem::rest
