// The subcommands `tandem phone` and `tandem load`. They print to standard output and return the exit code.
#pragma once

namespace tandem::phone {

/// 0: as expected; 1: an expectation was not met; 2: the call failed; 3: usage. `argv[0]` is the subcommand's
/// name.
[[nodiscard]] int run_phone(int argc, char** argv);
/// 0: every call went as expected; 1: some did not; 3: usage.
[[nodiscard]] int run_load(int argc, char** argv);

}  // namespace tandem::phone
