// `tandem serve`.
#pragma once

namespace tandem::server {

/// Runs a node until SIGINT (at once) or SIGTERM (drains: no new calls, ends with the last call or the drain
/// deadline; a second signal ends at once). Prints one JSON line on standard output when ready:
/// {"ready":true,"sip":[{"transport":"udp","address":"127.0.0.1:5060"},...],"http":"127.0.0.1:8080"}.
/// Exit code 0 after a clean stop, 1 if it could not start, 3 for usage.
[[nodiscard]] int run_serve(int argc, char** argv);

}  // namespace tandem::server
