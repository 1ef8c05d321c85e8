#include "cluster/single/journal.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>
#include <utility>

namespace tandem::cluster {
namespace {

constexpr std::string_view kMagic = "TNDMCALL";
constexpr char kVersion = 1;
constexpr std::size_t kHeader = 9;
constexpr std::size_t kFrameHeader = 8;
constexpr std::size_t kMaxPayload = 1 << 20;
constexpr char kPut = 1;
constexpr char kRemove = 2;

/// CRC-32 (IEEE 802.3, reflected).
std::uint32_t crc32(std::string_view bytes) {
  static constexpr auto kTable = [] {
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t i = 0; i < 256; ++i) {
      std::uint32_t c = i;
      for (int k = 0; k < 8; ++k) c = (c & 1U) != 0 ? 0xedb88320U ^ (c >> 1) : c >> 1;
      table[i] = c;
    }
    return table;
  }();
  std::uint32_t crc = 0xffffffffU;
  for (const char b : bytes) crc = kTable[(crc ^ static_cast<unsigned char>(b)) & 0xffU] ^ (crc >> 8);
  return crc ^ 0xffffffffU;
}

void put_u32(std::string& out, std::uint32_t v) {
  for (int i = 0; i < 4; ++i) out.push_back(static_cast<char>((v >> (8 * i)) & 0xffU));
}

std::uint32_t get_u32(std::string_view b) {
  std::uint32_t v = 0;
  for (std::size_t i = 4; i-- > 0;) v = (v << 8) | static_cast<unsigned char>(b[i]);
  return v;
}

std::string frame(char kind, const std::string& key, std::string_view value) {
  std::string payload{kind, static_cast<char>(key.size())};
  payload += key;
  payload += value;
  std::string out;
  put_u32(out, static_cast<std::uint32_t>(payload.size()));
  put_u32(out, crc32(payload));
  return out + payload;
}

std::string header() {
  return std::string(kMagic) + kVersion;
}

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

std::string system_text(const std::string& path) {
  return path + ": " + std::strerror(errno);
}

/// How far the bytes make sense, and whether what follows is more than a torn last record.
struct Scan {
  std::size_t good = kHeader;
  bool damaged = false;
};

Scan scan(std::string_view bytes, std::map<std::string, std::string>& live) {
  Scan result;
  while (result.good < bytes.size()) {
    const std::string_view rest = bytes.substr(result.good);
    if (rest.size() < kFrameHeader) break;
    const std::size_t size = get_u32(rest);
    if (size < 3 || size > kMaxPayload) {
      result.damaged = true;
      break;
    }
    if (rest.size() - kFrameHeader < size) break;
    const std::string_view payload = rest.substr(kFrameHeader, size);
    const std::size_t key_size = static_cast<unsigned char>(payload[1]);
    if (crc32(payload) != get_u32(rest.substr(4)) || key_size == 0 || 2 + key_size > size) {
      result.damaged = true;
      break;
    }
    std::string key(payload.substr(2, key_size));
    if (payload[0] == kPut) {
      live.insert_or_assign(std::move(key), std::string(payload.substr(2 + key_size)));
    } else if (payload[0] == kRemove) {
      live.erase(key);
    }
    result.good += kFrameHeader + size;
  }
  return result;
}

}  // namespace

Result<Journal::Opened, std::string> Journal::open(const std::string& path, std::uint64_t compact_at) {
  std::unique_ptr<Journal> journal(new Journal(path, compact_at));
  if (auto locked = journal->lock(); !locked) return Err(locked.error());
  auto warning = journal->load();
  if (!warning) return Err(warning.error());
  if (auto ready = journal->compact(); !ready) return Err(ready.error());
  return Opened{std::move(journal), std::move(*warning)};
}

Journal::~Journal() {
  if (fd_ >= 0) ::close(fd_);
  if (lock_fd_ >= 0) ::close(lock_fd_);
}

Status<std::string> Journal::lock() {
  // A file of its own: compaction replaces the journal, and a lock would go with the old one.
  const std::string name = path_ + ".lock";
  lock_fd_ = ::open(name.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
  if (lock_fd_ < 0) return Err(system_text(name));
  if (::flock(lock_fd_, LOCK_EX | LOCK_NB) == 0) return Unit{};
  return Err(path_ + ": another running tandem uses this data folder");
}

Result<std::string, std::string> Journal::load() {
  std::ifstream in(path_, std::ios::binary);
  if (!in) {
    if (::access(path_.c_str(), F_OK) == 0) return Err(system_text(path_));
    return std::string();
  }
  std::stringstream buffer;
  buffer << in.rdbuf();
  const std::string bytes = buffer.str();
  if (bytes.empty() || header().starts_with(bytes)) return std::string();  // Torn while being made.
  const bool ours = bytes.starts_with(kMagic) && bytes.size() >= kHeader;
  if (ours && bytes[kMagic.size()] > kVersion) return Err(path_ + ": was written by a newer Tandem");
  const Scan found = ours ? scan(bytes, live_) : Scan{0, true};
  for (const auto& [key, value] : live_) live_bytes_ += kFrameHeader + 2 + key.size() + value.size();
  if (!found.damaged) return std::string();
  const std::string aside = path_ + ".damaged";
  if (::rename(path_.c_str(), aside.c_str()) != 0) return Err(system_text(aside));
  return path_ + " is damaged after byte " + std::to_string(found.good) + ", it was moved to " + aside +
         "; " + std::to_string(live_.size()) + " calls could be read";
}

Status<std::string> Journal::put(const std::string& key, std::string value) {
  if (key.empty() || key.size() > 255 || value.size() > kMaxPayload - 2 - key.size()) {
    return Err(std::string("the record is too large for the journal"));
  }
  const std::string bytes = frame(kPut, key, value);
  auto [it, fresh] = live_.try_emplace(key);
  if (!fresh) live_bytes_ -= kFrameHeader + 2 + key.size() + it->second.size();
  it->second = std::move(value);
  live_bytes_ += bytes.size();
  return append(bytes);
}

Status<std::string> Journal::remove(const std::string& key) {
  const auto it = live_.find(key);
  if (it == live_.end()) return Unit{};
  live_bytes_ -= kFrameHeader + 2 + key.size() + it->second.size();
  live_.erase(it);
  return append(frame(kRemove, key, {}));
}

Status<std::string> Journal::commit() {
  gathering_ = false;
  const std::string bytes = std::exchange(gathered_, {});
  return bytes.empty() ? Status<std::string>(Unit{}) : append(bytes);
}

Status<std::string> Journal::append(std::string_view bytes) {
  if (gathering_) {
    gathered_ += bytes;
    return Unit{};
  }
  if (fd_ < 0 || file_bytes_ + bytes.size() > compact_at_ + 4 * live_bytes_) return compact();
  if (write_all(fd_, bytes)) {
    file_bytes_ += bytes.size();
    return Unit{};
  }
  const std::string problem = system_text(path_);
  // Half a record must not come before the next one.
  if (::ftruncate(fd_, static_cast<off_t>(file_bytes_)) != 0) {
    ::close(fd_);
    fd_ = -1;
  }
  return Err(problem);
}

Status<std::string> Journal::compact() {
  const std::string fresh = path_ + ".new";
  const int fd = ::open(fresh.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
  if (fd < 0) return Err(system_text(fresh));
  std::string bytes = header();
  for (const auto& [key, value] : live_) bytes += frame(kPut, key, value);
  // Synced, since a rename may reach the disk before the contents do.
  if (!write_all(fd, bytes) || ::fdatasync(fd) != 0 || ::rename(fresh.c_str(), path_.c_str()) != 0) {
    const std::string problem = system_text(fresh);
    ::close(fd);
    ::unlink(fresh.c_str());
    return Err(problem);
  }
  if (fd_ >= 0) ::close(fd_);
  fd_ = fd;
  file_bytes_ = bytes.size();
  return Unit{};
}

}  // namespace tandem::cluster
