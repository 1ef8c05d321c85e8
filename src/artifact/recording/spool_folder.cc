#include "artifact/recording/spool_folder.h"

#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/hmac.h"
#include "base/random.h"

namespace tandem::artifact {
namespace {

namespace fs = std::filesystem;
constexpr std::size_t kMaxNote = 64 << 10;
constexpr std::uint64_t kMaxPart = 16 << 20;

std::string read_whole(const std::string& path, std::size_t at_most) {
  std::ifstream in(path, std::ios::binary);
  std::string out(at_most, '\0');
  in.read(out.data(), static_cast<std::streamsize>(at_most));
  out.resize(static_cast<std::size_t>(in.gcount()));
  return out;
}

/// Written beside, synced and put in place: either the old text or the new one is there.
bool replace_file(const std::string& path, std::string_view text) {
  const std::string beside = path + ".new";
  const int fd = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) return false;
  const bool written = ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  const bool synced = written && ::fdatasync(fd) == 0;
  const bool closed = ::close(fd) == 0;
  if (synced && closed && ::rename(beside.c_str(), path.c_str()) == 0) return true;
  ::unlink(beside.c_str());
  return false;
}

std::string_view extension(model::RecordFormat format) {
  switch (format) {
    case model::RecordFormat::wav:
      return ".wav";
    case model::RecordFormat::ogg_opus:
      return ".ogg";
    case model::RecordFormat::mp3:
      return ".mp3";
  }
  return ".wav";
}

}  // namespace

std::string SpoolFolder::audio_path(const model::RecordingId& id, model::RecordFormat format) const {
  return path_ + "/" + id.str() + std::string(extension(format));
}
std::string SpoolFolder::note_path(const model::RecordingId& id) const {
  return path_ + "/" + id.str() + ".note";
}

Result<SpoolFolder::Contents, std::string> SpoolFolder::open() const {
  std::error_code error;
  fs::create_directories(path_, error);
  if (error) return Err(path_ + ": " + error.message());
  fs::permissions(path_, fs::perms::owner_all, error);
  Contents out;
  const std::string key_file = path_ + "/link.key";
  out.link_key = read_whole(key_file, 64);
  if (out.link_key.size() != 64) {
    out.link_key = random_hex(32);
    if (!replace_file(key_file, out.link_key)) return Err(path_ + ": cannot be written to");
  }
  for (const auto& entry : fs::directory_iterator(path_, error)) {
    if (entry.path().extension() != ".note") continue;
    auto note = note_from(read_whole(entry.path().string(), kMaxNote));
    if (note && entry.path().stem() == note->recording.id.str()) {
      out.notes.push_back(std::move(*note));
    } else {
      out.damaged.push_back(entry.path().filename().string());
    }
  }
  if (error) return Err(path_ + ": " + error.message());
  return out;
}

bool SpoolFolder::write(const RecordingNote& note) const {
  return replace_file(note_path(note.recording.id), to_text(note));
}

void SpoolFolder::forget(const model::RecordingId& id) const {
  std::error_code error;
  fs::remove(note_path(id), error);
}

void SpoolFolder::delete_audio(const model::RecordingId& id, model::RecordFormat format) const {
  std::error_code error;
  fs::remove(audio_path(id, format), error);
}

std::string SpoolFolder::hash_of(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return {};
  Sha256Stream digest;
  std::vector<char> block(1 << 16);
  while (in) {
    in.read(block.data(), static_cast<std::streamsize>(block.size()));
    digest.add({block.data(), static_cast<std::size_t>(in.gcount())});
  }
  return digest.hex();
}

Result<ContentPart, ContentFault> SpoolFolder::read_part(const std::string& file,
                                                         const std::optional<ByteRange>& range) {
  std::error_code error;
  ContentPart out;
  out.total = fs::file_size(file, error);
  if (error) return Err(ContentFault::unavailable);
  std::uint64_t length = out.total;
  if (range) {
    const std::uint64_t last = out.total == 0 ? 0 : out.total - 1;
    if (range->first) {
      out.offset = *range->first;
      if (out.offset >= out.total || (range->last && *range->last < out.offset))
        return Err(ContentFault::bad_range);
      length = std::min(range->last.value_or(last), last) - out.offset + 1;
    } else {
      length = std::min(range->last.value_or(0), out.total);
      if (length == 0) return Err(ContentFault::bad_range);
      out.offset = out.total - length;
    }
    length = std::min(length, kMaxPart);
  } else if (length > kMaxPart) {
    return Err(ContentFault::too_large);
  }
  std::ifstream in(file, std::ios::binary);
  in.seekg(static_cast<std::streamoff>(out.offset));
  out.bytes.resize(length);
  in.read(out.bytes.data(), static_cast<std::streamsize>(length));
  if (static_cast<std::uint64_t>(in.gcount()) != length) return Err(ContentFault::unavailable);
  return out;
}

std::optional<std::uint64_t> SpoolFolder::free_bytes() const {
  struct statvfs info {};
  if (::statvfs(path_.c_str(), &info) != 0) return std::nullopt;
  return static_cast<std::uint64_t>(info.f_bavail) * info.f_frsize;
}

}  // namespace tandem::artifact
