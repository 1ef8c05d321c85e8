// What an attempt's end means: pure functions over the verdict. Control thread or any other.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "model/error.h"
#include "model/generated/protocol.h"
#include "model/verdict.h"

namespace tandem::call::machine {

[[nodiscard]] model::AttemptOutcome outcome_of(const model::Verdict& verdict);
/// The outcome of an attempt that was refused before an INVITE went out.
[[nodiscard]] model::AttemptOutcome outcome_of(model::ErrorCode refusal);
/// The attempt whose end says most of a dial none of whose attempts succeeded.
[[nodiscard]] std::optional<std::size_t> most_telling(const std::vector<model::DialAttempt>& attempts);
/// The error of a dial none of whose attempts succeeded: the one that says most. A person's decision
/// (declined, busy, did not answer) before the network's.
[[nodiscard]] model::Error dial_error(const std::vector<model::DialAttempt>& attempts, bool timed_out);

}  // namespace tandem::call::machine
