// Makes the Recordings of a node over its folder and recorder.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "artifact/api/recordings.h"
#include "base/log.h"
#include "base/metrics.h"
#include "runtime/executor.h"

namespace tandem::artifact {

struct RecordingsOptions {
  std::string folder;
  std::uint64_t max_total_bytes = 0;                ///< 0: as much as the disk has.
  std::uint64_t max_account_bytes = 0;              ///< 0: no limit.
  std::uint64_t min_free_bytes = 0;                 ///< Left to others on the disk.
  std::chrono::milliseconds retention{86'400'000};  ///< Of what does not end with its session.
  std::chrono::milliseconds link_ttl{3'600'000};
  std::chrono::milliseconds tombstone{7 * 86'400'000LL};  ///< How long purged ones are remembered.
};

/// Puts a file right that nobody closed; blocks.
using Repair = Function<Result<media::RepairedFile, std::string>(const std::string& path, media::FileFormat)>;

/// Reads the folder and takes up what an earlier life left. Blocks: on the control thread before calls come.
/// `recorder` outlives the object. The error is for people.
[[nodiscard]] Result<std::unique_ptr<Recordings>, std::string> make_recordings(
    RecordingsOptions options, media::Recorder& recorder, Repair repair, runtime::TimerExecutor& control,
    Log log, Metrics& metrics);

}  // namespace tandem::artifact
