#include "media/player/prompt_library.h"

#include <fmt/format.h>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <algorithm>
#include <optional>

#include "media/api/prompt_desk.h"
#include "media/player/audio_file.h"
#include "media/player/generated_source.h"
#include "media/player/prompt_folder.h"
#include "media/tone/generator.h"

namespace tandem::media {
namespace {

constexpr std::size_t kReadSamples = 4096;
constexpr std::int64_t kFirstAudioMs = 200;  // Enough for a play to begin while the rest is made.
constexpr std::chrono::seconds kFileFresh{1};

// For logs: a URL's query and user info may hold secrets.
std::string public_part(const std::string& url) {
  std::string out = url.substr(0, url.find_first_of("?#"));
  const std::size_t scheme = out.find("://");
  if (scheme == std::string::npos) return out;
  const std::size_t authority = scheme + 3;
  const std::size_t at = out.rfind('@', out.find('/', authority));
  if (at != std::string::npos && at > authority) out.erase(authority, at + 1 - authority);
  return out;
}

const char* name_of(PromptErrorCode code) {
  switch (code) {
    case PromptErrorCode::fetch_failed:
      return "fetch_failed";
    case PromptErrorCode::unsupported_format:
      return "unsupported_format";
    case PromptErrorCode::too_large:
      return "too_large";
    case PromptErrorCode::forbidden_url:
      return "forbidden_url";
    case PromptErrorCode::overloaded:
      return "overloaded";
  }
  return "unknown";
}

// Shared by the library and the work under way for it; the work holds it weakly between steps, so that what
// ends after the library is gone dies quietly.
class Core : public std::enable_shared_from_this<Core> {
 public:
  Core(PromptLibraryOptions options, runtime::BlockingPool& pool, Fetcher& fetcher,
       runtime::Executor& done_executor, const Clock& clock, Log log, Metrics& metrics)
      : options_(std::move(options)),
        fetcher_(fetcher),
        clock_(clock),
        log_(std::move(log)),
        folder_(options_.prompt_folder, options_.max_file_bytes),
        desk_(std::make_shared<Desk>(
            Desk::Options{options_.cache_bytes,
                          options_.max_loads,
                          {PromptErrorCode::overloaded, "too many prompts are being loaded"},
                          {PromptErrorCode::overloaded, "the queue for decoding is full"}},
            counters(metrics), pool, done_executor, clock)) {}

  void url(const std::string& url, double gain_db, model::Codec codec, PromptReady done);
  void own_file(const std::string& path, double gain_db, model::Codec codec, PromptReady done);
  void generated(const std::string& key, double gain_db, model::Codec codec, PromptReady done,
                 Function<std::unique_ptr<PcmSource>()> make);
  void reject(PromptReady done, PromptError error) { desk_->reject(std::move(done), std::move(error)); }

 private:
  using Desk = PromptDesk<PromptError>;
  static Desk::Events counters(Metrics& metrics);
  // One load, from the question to the last sample.
  struct Job {
    std::string key;
    std::string what;  // For logs.
    double gain_db = 0;
    CachedPrompt known;  // What the cache held when the job began; may have no prompt.
  };
  using Shared = std::shared_ptr<Core>;

  /// True when the caller must load; false when the answer is on its way.
  bool begin(Job& job, model::Codec codec, PromptReady done) {
    auto known = desk_->ask(job.key, codec, std::move(done));
    if (known) job.known = std::move(*known);
    return known.has_value();
  }
  void on_pool(Job job, Function<void(Core&, Job)> work);
  void read_file(const std::string& url, Job job);
  void fetch(const std::string& url, Job job);
  void loaded(const Job& job, Result<Fetcher::Fetched, PromptError> fetched);
  void unchanged(const Job& job, std::int64_t max_age_s);
  void produce(const Job& job, PcmSource& source, CachedPrompt cached, bool keep);
  void end(const Job& job, Prompt& prompt, const PcmSource& source, bool too_long);
  void fail(const Job& job, PromptError error);
  TimePoint fresh_until(std::int64_t max_age_s) const {
    return clock_.now() + std::chrono::seconds(max_age_s);
  }

  const PromptLibraryOptions options_;
  Fetcher& fetcher_;
  const Clock& clock_;
  const Log log_;
  const PromptFolder folder_;
  const std::shared_ptr<Desk> desk_;  // Shared with the work under way.
};

Core::Desk::Events Core::counters(Metrics& metrics) {
  Desk::Events e;
  e.hit = [c = metrics.counter("tandem_prompt_cache_hits_total",
                               "Prompts served from the cache.")]() mutable { c.add(); };
  e.miss = [c = metrics.counter("tandem_prompt_cache_misses_total",
                                "Prompts that had to be loaded or checked.")]() mutable { c.add(); };
  e.cache_size = [g = metrics.gauge("tandem_prompt_cache_bytes", "Memory held by cached prompts.")](
                     std::size_t bytes) mutable { g.set(static_cast<double>(bytes)); };
  e.rejected = [&metrics](const PromptError& error) {
    metrics
        .counter("tandem_prompt_errors_total", "Prompts that could not be made.",
                 {{"code", name_of(error.code)}})
        .add();
  };
  return e;
}

void Core::on_pool(Job job, Function<void(Core&, Job)> work) {
  const std::string key = job.key;
  desk_->run(key, [weak = weak_from_this(), j = std::move(job), w = std::move(work)]() mutable {
    if (const Shared self = weak.lock()) w(*self, std::move(j));
  });
}

void Core::url(const std::string& url, double gain_db, model::Codec codec, PromptReady done) {
  const bool file = url.starts_with("file://");
  if (!file && !url.starts_with("http://") && !url.starts_with("https://")) {
    reject(std::move(done), {PromptErrorCode::forbidden_url, "only http, https and file URLs can be played"});
    return;
  }
  Job job{fmt::format("url {:.1f} {}", gain_db, url), public_part(url), gain_db, {}};
  if (!begin(job, codec, std::move(done))) return;
  if (file) {
    read_file(url, std::move(job));
  } else {
    fetch(url, std::move(job));
  }
}

void Core::own_file(const std::string& path, double gain_db, model::Codec codec, PromptReady done) {
  Job job{fmt::format("own {:.1f} {}", gain_db, path), path, gain_db, {}};
  if (!begin(job, codec, std::move(done))) return;
  on_pool(std::move(job), [path](Core& self, const Job& j) {
    std::error_code error;
    const auto size = std::filesystem::file_size(path, error);
    if (error) return self.fail(j, {PromptErrorCode::fetch_failed, "the recording is gone"});
    if (size > self.options_.max_file_bytes)
      return self.fail(j, {PromptErrorCode::too_large, "the recording is too large to be played"});
    Fetcher::Fetched fetched;
    std::ifstream in(path, std::ios::binary);
    fetched.body.assign(std::istreambuf_iterator<char>(in), {});
    fetched.max_age_s = kFileFresh.count();
    self.loaded(j, std::move(fetched));
  });
}

void Core::generated(const std::string& key, double gain_db, model::Codec codec, PromptReady done,
                     Function<std::unique_ptr<PcmSource>()> make) {
  Job job{key, key, gain_db, {}};
  if (!begin(job, codec, std::move(done))) return;
  on_pool(std::move(job), [m = std::move(make)](Core& self, const Job& j) mutable {
    const auto source = m();
    self.produce(j, *source, {}, true);
  });
}

void Core::read_file(const std::string& url, Job job) {
  on_pool(std::move(job), [url](Core& self, const Job& j) {
    auto file = self.folder_.read(url, j.known.version);
    if (!file) {
      self.fail(j, std::move(file).error());
      return;
    }
    Fetcher::Fetched fetched;
    fetched.body = std::move(file->body);
    fetched.etag = std::move(file->version);
    fetched.max_age_s = kFileFresh.count();
    fetched.not_modified = file->unchanged;
    self.loaded(j, std::move(fetched));
  });
}

void Core::fetch(const std::string& url, Job job) {
  const std::string version = job.known.version;
  fetcher_.fetch(
      url, version,
      [weak = weak_from_this(), j = std::move(job)](Result<Fetcher::Fetched, PromptError> got) mutable {
        const Shared self = weak.lock();
        if (!self) return;
        self->on_pool(std::move(j), [g = std::move(got)](Core& core, const Job& jj) mutable {
          core.loaded(jj, std::move(g));
        });
      });
}

void Core::loaded(const Job& job, Result<Fetcher::Fetched, PromptError> fetched) {
  if (!fetched) {
    fail(job, std::move(fetched).error());
    return;
  }
  const std::int64_t max_age_s = fetched->max_age_s;
  if (fetched->not_modified) {
    unchanged(job, max_age_s);
    return;
  }
  if (fetched->body.size() > options_.max_file_bytes) {
    fail(job, {PromptErrorCode::too_large, fmt::format("the file has {} bytes; at most {} are allowed",
                                                       fetched->body.size(), options_.max_file_bytes)});
    return;
  }
  auto source = open_audio_file(std::move(fetched->body), {options_.max_duration_ms});
  if (!source) {
    fail(job, std::move(source).error());
    return;
  }
  CachedPrompt cached;
  cached.version = std::move(fetched->etag);
  cached.fresh_until = fresh_until(max_age_s);
  // What can neither be trusted for a while nor be asked about is of no use to the next caller.
  const bool keep = max_age_s > 0 || !cached.version.empty();
  produce(job, **source, std::move(cached), keep);
}

void Core::unchanged(const Job& job, std::int64_t max_age_s) {
  if (job.known.prompt == nullptr) {
    fail(job, {PromptErrorCode::fetch_failed, "the server answered 304 to a first request"});
    return;
  }
  CachedPrompt cached = job.known;
  cached.fresh_until = fresh_until(max_age_s);
  desk_->deliver(job.key, std::move(cached), true);
}

void Core::produce(const Job& job, PcmSource& source, CachedPrompt cached, bool keep) {
  cached.prompt = std::make_shared<Prompt>(source.sample_rate_hz(), job.gain_db);
  const std::shared_ptr<Prompt> prompt = cached.prompt;
  std::vector<std::int16_t> pcm(kReadSamples);
  bool delivered = false;
  bool too_long = false;
  for (std::size_t n = source.read(pcm); n > 0 && !too_long; n = source.read(pcm)) {
    too_long = prompt->duration_ms() > options_.max_duration_ms || !prompt->append(std::span(pcm).first(n));
    if (!delivered && prompt->duration_ms() >= kFirstAudioMs) {
      desk_->deliver(job.key, cached, keep);
      delivered = true;
      cached.prompt.reset();
    }
    // Nobody plays it and no cache keeps it: the rest is not worth making.
    if (delivered && prompt.use_count() == 1) break;
  }
  if (!delivered && (prompt->duration_ms() == 0 || !source.error().empty())) {
    const std::string why = source.error();
    fail(job, {PromptErrorCode::unsupported_format, why.empty() ? "the file holds no audio" : why});
    return;
  }
  end(job, *prompt, source, too_long);
  if (!delivered) desk_->deliver(job.key, std::move(cached), keep);
}

void Core::end(const Job& job, Prompt& prompt, const PcmSource& source, bool too_long) {
  std::string why = source.error();
  if (too_long) why = fmt::format("it lasts longer than {} s", options_.max_duration_ms / 1000);
  if (why.empty()) {
    prompt.finish();
  } else {
    log_.info("prompt {} ends early: {}", job.what, why);
    prompt.fail(why);
  }
  desk_->ended(job.key, prompt, why.empty());  // A repaired file shall be heard by the next who asks.
}

void Core::fail(const Job& job, PromptError error) {
  // A source that is gone or was replaced by rubbish must not live on; one that cannot be reached may come
  // back.
  const bool forget =
      error.code != PromptErrorCode::fetch_failed && error.code != PromptErrorCode::overloaded;
  log_.info("prompt {} failed: {}: {}", job.what, name_of(error.code), error.message);
  desk_->fail(job.key, error, forget);
}

class Library final : public PromptLibrary {
 public:
  explicit Library(std::shared_ptr<Core> core) : core_(std::move(core)) {}

  void url(const std::string& url, double gain_db, model::Codec codec, PromptReady done) override {
    core_->url(url, gain_db, codec, std::move(done));
  }
  void file(const std::string& path, double gain_db, model::Codec codec, PromptReady done) override {
    core_->own_file(path, gain_db, codec, std::move(done));
  }
  void tone(const ToneSpec& tone, double gain_db, model::Codec codec, PromptReady done) override {
    if (auto problem = tone_problem(tone)) {
      core_->reject(std::move(done), {PromptErrorCode::unsupported_format, std::move(*problem)});
      return;
    }
    std::string key = fmt::format("tone {:.1f} {} {}", gain_db, tone.level_dbm0, tone.duration_ms);
    for (const double hz : tone.frequencies_hz) key += fmt::format(" {}Hz", hz);
    for (const std::int64_t ms : tone.cadence_ms) key += fmt::format(" {}ms", ms);
    core_->generated(key, gain_db, codec, std::move(done), [tone] { return make_tone_source(tone); });
  }
  void silence(std::int64_t duration_ms, model::Codec codec, PromptReady done) override {
    if (duration_ms < 1 || duration_ms > 3'600'000) {
      core_->reject(std::move(done),
                    {PromptErrorCode::unsupported_format, "silence: not within 1 to 3600000 ms"});
      return;
    }
    core_->generated(fmt::format("silence {}", duration_ms), 0, codec, std::move(done),
                     [duration_ms] { return make_silence_source(duration_ms); });
  }

 private:
  const std::shared_ptr<Core> core_;  // Shared with the work under way.
};

}  // namespace

std::unique_ptr<PromptLibrary> make_prompt_library(PromptLibraryOptions options, runtime::BlockingPool& pool,
                                                   Fetcher& fetcher, runtime::Executor& done_executor,
                                                   const Clock& clock, Log log, Metrics& metrics) {
  return std::make_unique<Library>(std::make_shared<Core>(std::move(options), pool, fetcher, done_executor,
                                                          clock, std::move(log), metrics));
}

}  // namespace tandem::media
