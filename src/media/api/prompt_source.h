// Where prompts come from: files and URLs, tones, silence. Speech has its own interface (speech/api), whose
// results are prompts too.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/function.h"
#include "base/result.h"
#include "media/api/prompt.h"

namespace tandem::media {

struct ToneSpec {
  std::vector<double> frequencies_hz;  ///< 1 to 4, 20 to 3800 Hz.
  /// Alternating on and off times; empty: continuous. Repeats until `duration_ms`.
  std::vector<std::int64_t> cadence_ms;
  double level_dbm0 = -10;
  std::int64_t duration_ms = 1000;  ///< At most 3,600,000.
};
/// The tone known under `name` (ITU-T E.180 Suppl. 2, North American cadences): dial, ringback, busy,
/// congestion, beep.
[[nodiscard]] std::optional<ToneSpec> named_tone(const std::string& name);

enum class PromptErrorCode : std::uint8_t {
  fetch_failed,
  unsupported_format,
  too_large,
  forbidden_url,
  overloaded
};
struct PromptError {
  PromptErrorCode code = PromptErrorCode::fetch_failed;
  std::string message;  ///< For the developer: what and why, without secrets.
};
using PromptReady = Function<void(Result<std::shared_ptr<Prompt>, PromptError>)>;

/// How a URL's bytes are got; implemented over net/ and wired in server/, since media links no HTTP.
class Fetcher {
 public:
  Fetcher() = default;
  Fetcher(const Fetcher&) = delete;
  Fetcher& operator=(const Fetcher&) = delete;
  virtual ~Fetcher() = default;

  struct Fetched {
    std::string body;
    std::string content_type;
    std::string etag;
    std::int64_t max_age_s = 0;  ///< Of Cache-Control; 0: revalidate.
    bool not_modified = false;   ///< 304 to `etag`.
  };
  /// Calls `done` once, on any thread. Limits on bytes, time and redirects are the fetcher's.
  virtual void fetch(const std::string& url, const std::string& etag,
                     Function<void(Result<Fetched, PromptError>)> done) = 0;
};

/// The prompt library: cache, decoding (WAV, MP3, FLAC, Ogg) and tone generation on a blocking pool.
class PromptLibrary {
 public:
  PromptLibrary() = default;
  PromptLibrary(const PromptLibrary&) = delete;
  PromptLibrary& operator=(const PromptLibrary&) = delete;
  virtual ~PromptLibrary() = default;

  /// http(s):// through the fetcher; file:// only below the configured prompt folder. `done` comes on the
  /// executor given at construction, with a track for `codec` already encoded.
  virtual void url(const std::string& url, double gain_db, model::Codec codec, PromptReady done) = 0;
  /// A file of the server's own (a recording) that never changes. `done` as with url().
  virtual void file(const std::string& path, double gain_db, model::Codec codec, PromptReady done) = 0;
  virtual void tone(const ToneSpec& tone, double gain_db, model::Codec codec, PromptReady done) = 0;
  virtual void silence(std::int64_t duration_ms, model::Codec codec, PromptReady done) = 0;
};

}  // namespace tandem::media
