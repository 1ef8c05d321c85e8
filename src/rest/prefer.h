// The Prefer header (RFC 7240): how long the client wants to wait for the outcome of an operation.
#pragma once

#include <chrono>
#include <string>

#include "net/api/http.h"

namespace tandem::rest {

struct Preference {
  std::chrono::seconds wait{30};  ///< 0: answer as soon as the operation is accepted.
  std::string applied{};          ///< For Preference-Applied; empty: nothing was asked for.
};

/// Preferences that are unknown or not well-formed are ignored, as the RFC wants.
[[nodiscard]] Preference preference_of(const net::HeaderList& headers);

}  // namespace tandem::rest
