// Recordings as files: what streams say and hear, and what is said in rooms, written by threads of their own.
//
// Threads: all methods on the control thread; callbacks come there. Media workers hand frames over through a
// bounded queue without waiting; what a slow disk cannot take in time becomes silence in the file.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "base/function.h"
#include "base/result.h"
#include "media/api/mixer.h"
#include "model/ids.h"

namespace tandem::media {

enum class FileFormat : std::uint8_t { wav, ogg_opus, mp3 };
enum class RecordSide : std::uint8_t { both, said, heard };

/// What is said in a room: the mix, or by one member.
struct RoomTrack {
  RoomId room;
  std::optional<StreamId> member;
};
using RecordSource = std::variant<StreamId, RoomTrack>;

struct RecordSpec {
  std::string path;  ///< Made anew; must not exist.
  FileFormat format = FileFormat::wav;
  bool dual = false;  ///< Two channels: said left, heard right. With `both` only.
  RecordSide side = RecordSide::both;
  std::uint32_t sample_rate_hz = 8000;  ///< Of the file: 8000, 16000 or 48000. Other audio is converted.
  bool skip_pauses = false;             ///< Otherwise a pause is silence of the same length.
  std::int64_t max_duration_ms = 0;     ///< Of audio in the file; 0: none.
  std::int64_t initial_silence_ms =
      0;  ///< 0: none. Silence is judged on what is said, or heard if only that is recorded.
  std::int64_t end_silence_ms = 0;  ///< 0: none.
  /// Of a room: the time of the file's first sample. Files whose origins lie whole frames (20 ms) apart stay
  /// in step to the sample. Absent: the first frame's.
  std::optional<TimePoint> origin;
};

enum class RecordEnd : std::uint8_t {
  stopped,
  max_duration,
  no_input,  ///< Nothing but silence from the beginning.
  end_silence,
  stream_closed,
  failed
};
struct RecordResult {
  RecordEnd how = RecordEnd::stopped;
  std::int64_t duration_ms = 0;
  std::uint64_t bytes = 0;
  std::int64_t gap_ms = 0;  ///< Silence in place of audio that was not there in time.
  std::string error;        ///< With `failed`; the file holds what was written before.
};

class Recorder {
 public:
  Recorder() = default;
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;
  /// Closes all files; nobody is told.
  virtual ~Recorder() = default;

  /// False if as many run as this node may write; `done` is dropped then. Otherwise `done` comes once, after
  /// the file is closed and on disk.
  [[nodiscard]] virtual bool start(const model::RecordingId& id, const RecordSource& source, RecordSpec spec,
                                   Function<void(RecordResult)> done) = 0;
  /// What is recorded from `at` on is a pause, or none any more; `at` never lies before an earlier one.
  virtual void pause(const model::RecordingId& id, bool paused, TimePoint at) = 0;
  virtual void stop(const model::RecordingId& id) = 0;
  [[nodiscard]] virtual std::size_t running() const = 0;
};

/// What a file holds that nobody had closed.
struct RepairedFile {
  std::int64_t duration_ms = 0;
  std::uint64_t bytes = 0;
};

}  // namespace tandem::media
