// A new file that is written by position, with errors as text.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "base/result.h"

namespace tandem::media {

class OutputFile {
 public:
  OutputFile() = default;
  OutputFile(OutputFile&& other) noexcept;
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;
  OutputFile& operator=(OutputFile&&) = delete;
  ~OutputFile();

  /// Readable and writable by the owner alone; an existing file is an error.
  [[nodiscard]] static Result<OutputFile, std::string> create(const std::string& path);
  [[nodiscard]] Status<std::string> write_at(std::uint64_t offset, std::span<const std::uint8_t> bytes) const;
  [[nodiscard]] std::size_t read_at(std::uint64_t offset, std::span<std::uint8_t> bytes) const;
  [[nodiscard]] std::uint64_t size() const;
  /// On disk, and closed.
  [[nodiscard]] Status<std::string> close();

 private:
  int fd_ = -1;
};

}  // namespace tandem::media
