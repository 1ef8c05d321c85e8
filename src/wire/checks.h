// Rules between members that the schema states in words or in if/then, by hand.
#pragma once

#include <string>

#include "model/generated/protocol.h"
#include "wire/reader.h"

namespace tandem::wire {

/// min is not above max; the pattern is well-formed.
void check(const model::CollectDigits& digits, Complaint& c, const std::string& path);
/// `play` with play_then_hangup and only then.
void check(const model::OnDisconnect& policy, Complaint& c, const std::string& path);

}  // namespace tandem::wire
