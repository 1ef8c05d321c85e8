// Makes the recorder, and puts files right that a dead process left behind.
#pragma once

#include <memory>
#include <string>

#include "base/log.h"
#include "media/api/recorder.h"
#include "runtime/executor.h"

namespace tandem::media {

struct RecorderOptions {
  std::size_t threads = 2;
  std::size_t max_recordings = 2'000;
};

/// `engine` and `mixer` outlive the recorder; `control` is their observer's executor. Construct and destroy
/// there.
[[nodiscard]] std::unique_ptr<Recorder> make_recorder(RecorderOptions options, Engine& engine, Mixer& mixer,
                                                      runtime::Executor& control);

/// A file that nobody closed: its header is put right. What it holds; an error for people when it cannot be
/// played. Blocks.
[[nodiscard]] Result<RepairedFile, std::string> repair_recording(const std::string& path, FileFormat format);

}  // namespace tandem::media
