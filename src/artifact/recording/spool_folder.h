// The folder of recordings and the notes beside them. Every method blocks: for one thread off the control
// thread, except open() and the paths.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "artifact/api/recordings.h"
#include "artifact/recording/recording_note.h"
#include "base/result.h"

namespace tandem::artifact {

class SpoolFolder {
 public:
  explicit SpoolFolder(std::string path) : path_(std::move(path)) {}

  /// Makes the folder if it is missing; the key of signed links and all notes. The error is for people.
  struct Contents {
    std::string link_key;
    std::vector<RecordingNote> notes;
    std::vector<std::string> damaged;  ///< Names of notes that could not be read.
  };
  [[nodiscard]] Result<Contents, std::string> open() const;

  [[nodiscard]] std::string audio_path(const model::RecordingId& id, model::RecordFormat format) const;
  /// Replaces the note as a whole, and waits until that is on disk. False: it could not be written.
  [[nodiscard]] bool write(const RecordingNote& note) const;
  void forget(const model::RecordingId& id) const;
  void delete_audio(const model::RecordingId& id, model::RecordFormat format) const;
  /// SHA-256 as hexadecimal; empty if the file cannot be read.
  [[nodiscard]] static std::string hash_of(const std::string& file);
  [[nodiscard]] static Result<ContentPart, ContentFault> read_part(const std::string& file,
                                                                   const std::optional<ByteRange>& range);
  /// Bytes that the disk has left; nothing if that is unknown.
  [[nodiscard]] std::optional<std::uint64_t> free_bytes() const;

 private:
  [[nodiscard]] std::string note_path(const model::RecordingId& id) const;
  const std::string path_;
};

}  // namespace tandem::artifact
