// The one folder that file:// may read from.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "media/api/prompt_source.h"

namespace tandem::media {

/// Reads files below a folder; no symbolic link, mount or ".." leads out of it (openat2, RESOLVE_BENEATH).
/// Blocking pool; any number of threads.
class PromptFolder {
 public:
  /// `path` empty: every file is refused.
  PromptFolder(std::string path, std::size_t max_file_bytes);

  struct File {
    std::string body;
    std::string version;     ///< Changes when the file does.
    bool unchanged = false;  ///< It still is `known_version`; body is then empty.
  };
  /// `url`: "file:///x.wav" means x.wav below the folder; the folder's own absolute path may come first.
  /// Escapes
  /// (%20) are undone.
  [[nodiscard]] Result<File, PromptError> read(const std::string& url,
                                               const std::string& known_version) const;

 private:
  const std::string path_;
  const std::size_t max_file_bytes_;
};

}  // namespace tandem::media
