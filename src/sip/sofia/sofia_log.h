// Sofia-SIP's log goes to ours. Its loggers are global to the process while agents are not, so each SIP
// thread names its own Log; what other threads log is dropped.
#pragma once

#include "base/log.h"

namespace tandem::sip {

/// Redirects Sofia's log for the calling thread. `log` must outlive the thread, or be replaced by null first.
void redirect_sofia_log(const Log* log);

}  // namespace tandem::sip
