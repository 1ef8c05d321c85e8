// `tandem admin`: provisioning and call records from the shell. Works while the server runs.
#pragma once

namespace tandem::server {

/// `argv[0]` is ignored, the arguments of the subcommand follow. Returns the exit code: 0 done, 1 failed
/// (message on standard error), 2 wrong command line or settings.
int run_admin(int argc, char** argv);

}  // namespace tandem::server
