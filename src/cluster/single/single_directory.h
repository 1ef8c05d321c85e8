// The call directory of a node on its own: a journal file and a thread that writes it.
#pragma once

#include <memory>
#include <string>

#include "base/clock.h"
#include "base/log.h"
#include "base/result.h"
#include "cluster/api/call_directory.h"

namespace tandem::cluster {

struct SingleDirectoryOptions {
  std::uint64_t compact_at_bytes = 1 << 20;  ///< Rewritten beyond this plus four times what is live.
  /// How long a change may wait for others, so that many calls a second do not wake the thread for each.
  Duration gather_for = std::chrono::milliseconds{10};
};

/// Opens or makes the journal at `path` and starts the thread "calldir". The error, for people, names the
/// path: the folder is missing, another tandem holds it, or a newer one wrote it. Damage is put aside and
/// logged.
///
/// Orphans stay in the journal until remove(): write the CDR first, remove when it is durable, and a crash in
/// between closes the books again (give the CDR an id that follows from the call's, the store takes it once).
/// What put() and remove() were given has been written when the object is destroyed, and else after
/// `gather_for` or moments more; a crash of the process loses what had not reached write(), so the changes of
/// that time.
[[nodiscard]] Result<std::unique_ptr<CallDirectory>, std::string> make_single_directory(
    const std::string& path, Log log, const SingleDirectoryOptions& options = {});

}  // namespace tandem::cluster
