// A file of CDRs that the store could not take, in order, one JSON object a line.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "store/api/records.h"

namespace tandem::store {

/// One thread. What append() took is on the disk (fdatasync) and stays there until consumed; a crash between
/// writing a batch to the store and consuming it offers the batch again, which the store's idempotency by id
/// absorbs.
class CdrSpool {
 public:
  /// `path` need not exist. With an empty path append() always fails.
  explicit CdrSpool(std::string path);

  [[nodiscard]] bool empty() const { return offset_ >= size_; }
  [[nodiscard]] std::uint64_t pending_bytes() const { return size_ - offset_; }
  /// All or nothing; the error says what the system said.
  Status<std::string> append(const std::vector<Cdr>& cdrs);

  struct Batch {
    std::vector<Cdr> cdrs;
    std::vector<std::string> damaged;  ///< Lines that are no CDRs, such as one torn by a power failure.
    std::uint64_t end = 0;             ///< For consume().
  };
  /// The next `limit` lines at most.
  [[nodiscard]] Result<Batch, std::string> peek(std::size_t limit);
  /// Forgets all up to `end`; the file is emptied when nothing is left.
  void consume(std::uint64_t end);

  /// Keeps a line that can never be written, in "<path>.rejected", for a person to look at.
  Status<std::string> set_aside(const std::string& line) const;

 private:
  std::string path_;
  std::uint64_t size_ = 0;
  std::uint64_t offset_ = 0;
};

}  // namespace tandem::store
