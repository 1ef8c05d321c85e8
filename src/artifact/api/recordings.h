// Recordings from their first sample to their end: who owns them, where their files are, how long they stay.
//
// Threads: all methods on the control thread; callbacks come there, never within the call that asked.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/function.h"
#include "base/result.h"
#include "media/api/recorder.h"
#include "model/error.h"
#include "model/event.h"
#include "model/generated/protocol.h"
#include "model/ids.h"

namespace tandem::artifact {

struct RecordingOrder {
  model::AccountId account;
  model::ApplicationId application;
  model::SessionId session;  ///< Empty: no session holds the call.
  model::CallId call;        ///< Empty: the mix of a conference.
  model::OpId op;            ///< Empty: by setting.
  struct OfConference {
    model::ConferenceId id;
    TimePoint origin;            ///< Of the file; see media::RecordSpec.
    std::int64_t offset_ms = 0;  ///< From the beginning of the whole recording.
  };
  std::optional<OfConference> conference;  ///< It is made of `call` in there, or of the mix.
  model::RecordFormat format = model::RecordFormat::wav;
  model::RecordChannels channels = model::RecordChannels::mono;
  model::RecordTracks tracks = model::RecordTracks::both;
  std::uint32_t sample_rate_hz = 8000;
  bool skip_pauses = false;
  std::int64_t max_duration_ms = 0;
  std::int64_t initial_silence_ms = 0;
  std::int64_t end_silence_ms = 0;
  /// Kept for the configured time when the session closes, not purged with it.
  bool outlives_session = false;
};

/// The file is closed.
struct RecordingEnd {
  media::RecordEnd how = media::RecordEnd::stopped;
  std::int64_t duration_ms = 0;
  std::int64_t size_bytes = 0;
  std::int64_t gap_ms = 0;
  std::optional<model::Error> error;  ///< With `failed`.
};

/// Told what the session that holds the call shall hear: ready, failed, purged.
class RecordingNews {
 public:
  RecordingNews() = default;
  RecordingNews(const RecordingNews&) = delete;
  RecordingNews& operator=(const RecordingNews&) = delete;
  virtual ~RecordingNews() = default;
  virtual void on_recording(const model::SessionId& session, model::Event event) = 0;
};

enum class ContentFault : std::uint8_t {
  not_found,
  not_yet,
  gone,
  bad_link,
  bad_range,
  too_large,
  unavailable
};
struct ContentPart {
  std::string bytes;
  std::uint64_t offset = 0;
  std::uint64_t total = 0;
  model::RecordFormat format = model::RecordFormat::wav;
};
/// Both ends included; `last` absent: to the end. `first` absent: the last `last` bytes.
struct ByteRange {
  std::optional<std::uint64_t> first;
  std::optional<std::uint64_t> last;
};
struct ContentRequest {
  model::AccountId account;
  model::RecordingId id;
  /// Of a signed link; absent: an API key was shown.
  std::optional<std::pair<std::int64_t, std::string>> link;
  std::optional<ByteRange> range;
};

class Recordings {
 public:
  Recordings() = default;
  Recordings(const Recordings&) = delete;
  Recordings& operator=(const Recordings&) = delete;
  virtual ~Recordings() = default;

  /// Who hears of what happens; null: nobody. Outlives the object or lets go.
  virtual void set_news(RecordingNews* news) = 0;

  /// Begins with the call's next frame, or as `conference` says. `ended` comes once. Errors: record_failed
  /// (no room, disk), no_capacity.
  [[nodiscard]] virtual Result<model::RecordingId, model::Error> begin(
      RecordingOrder order, Function<void(const RecordingEnd&)> ended) = 0;
  /// From `at` on; never before an earlier one.
  virtual void pause(const model::RecordingId& id, bool paused, TimePoint at) = 0;
  virtual void stop(const model::RecordingId& id) = 0;
  /// Stops it and deletes what was recorded; also one that is ready.
  virtual void discard(const model::RecordingId& id) = 0;

  /// Recordings of the session that are not settled yet.
  [[nodiscard]] virtual bool busy(const model::SessionId& session) const = 0;
  /// What the session left is purged, now or once it is settled.
  virtual void session_closed(const model::SessionId& session) = 0;

  /// The file of a ready recording of this account; nothing if there is none.
  [[nodiscard]] virtual std::optional<std::string> file_of(const model::AccountId& account,
                                                           const model::RecordingId& id) const = 0;
  [[nodiscard]] virtual std::vector<model::Recording> list(const model::AccountId& account) const = 0;
  [[nodiscard]] virtual std::optional<model::Recording> recording(const model::AccountId& account,
                                                                  const model::RecordingId& id) const = 0;
  /// Errors: not_found, wrong_state (it is being written).
  virtual Status<model::Error> erase(const model::AccountId& account, const model::RecordingId& id) = 0;
  /// `done` comes on any thread.
  virtual void read(ContentRequest request, Function<void(Result<ContentPart, ContentFault>)> done) = 0;
};

}  // namespace tandem::artifact
