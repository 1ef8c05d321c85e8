// `tandem check`: what the settings mean, what is wrong with them, and whether this machine can run them.
#pragma once

namespace tandem::server {

/// `argv[0]` is ignored, the arguments of the subcommand follow. Returns the exit code: 0 when all is well, 1
/// when something would keep the server from running, 2 for a wrong command line.
int run_check(int argc, char** argv);

}  // namespace tandem::server
