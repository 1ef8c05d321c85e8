// An append-only file of puts and removes, compacted when most of it is past.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace tandem::cluster {

/// One thread. Appending is a plain write(): what was appended survives the death of the process, not of the
/// machine.
///
/// File: the eight bytes "TNDMCALL", a version byte (1), then records of length (4 bytes, little-endian),
/// CRC-32 of the payload (4 bytes), payload: kind (1 put, 2 remove), length of the key (1 byte), key, value.
class Journal {
 public:
  struct Opened {
    std::unique_ptr<Journal> journal;
    std::string warning;  ///< For the log: what was damaged and where it was put aside. Empty: nothing was.
  };
  /// Reads what is there. A torn last record is dropped; anything else that is damaged goes to
  /// "<path>.damaged" and the records before it are kept. Fails when another process holds the journal, when
  /// its version is newer, or when it cannot be written; the text names the path.
  [[nodiscard]] static Result<Opened, std::string> open(const std::string& path, std::uint64_t compact_at);
  ~Journal();
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  /// Keys are 1 to 255 bytes. The error is the system's text; the record is then in memory only, and the next
  /// compaction tries again.
  Status<std::string> put(const std::string& key, std::string value);
  Status<std::string> remove(const std::string& key);
  /// From here to commit(), what put() and remove() append is gathered and written with one write().
  void begin() { gathering_ = true; }
  Status<std::string> commit();

  [[nodiscard]] const std::map<std::string, std::string>& live() const { return live_; }
  [[nodiscard]] std::uint64_t file_bytes() const { return file_bytes_; }

 private:
  Journal(std::string path, std::uint64_t compact_at) : path_(std::move(path)), compact_at_(compact_at) {}
  Status<std::string> lock();
  Result<std::string, std::string> load();
  Status<std::string> append(std::string_view frame);
  Status<std::string> compact();

  std::string path_;
  std::uint64_t compact_at_;
  int lock_fd_ = -1;
  int fd_ = -1;
  std::uint64_t file_bytes_ = 0;
  std::uint64_t live_bytes_ = 0;
  bool gathering_ = false;
  std::string gathered_;
  std::map<std::string, std::string> live_;
};

}  // namespace tandem::cluster
