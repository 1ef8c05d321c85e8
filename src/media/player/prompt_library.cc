#include "media/player/prompt_library.h"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <optional>

#include "media/api/prompt_cache.h"
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
        pool_(pool),
        fetcher_(fetcher),
        done_executor_(done_executor),
        clock_(clock),
        log_(std::move(log)),
        metrics_(metrics),
        hits_(metrics.counter("tandem_prompt_cache_hits_total", "Prompts served from the cache.")),
        misses_(
            metrics.counter("tandem_prompt_cache_misses_total", "Prompts that had to be loaded or checked.")),
        cache_bytes_(metrics.gauge("tandem_prompt_cache_bytes", "Memory held by cached prompts.")),
        folder_(options_.prompt_folder, options_.max_file_bytes),
        cache_(options_.cache_bytes) {}

  void url(const std::string& url, double gain_db, model::Codec codec, PromptReady done);
  void generated(const std::string& key, double gain_db, model::Codec codec, PromptReady done,
                 Function<std::unique_ptr<PcmSource>()> make);
  void reject(PromptReady done, PromptError error);

 private:
  // One load, from the question to the last sample.
  struct Job {
    std::string key;
    std::string what;  // For logs.
    double gain_db = 0;
    CachedPrompt known;  // What the cache held when the job began; may have no prompt.
  };
  using Shared = std::shared_ptr<Core>;

  // True when the caller must load; false when the answer is on its way.
  bool begin(Job& job, model::Codec codec, PromptReady done);
  void answer_cached(const CachedPrompt& cached, const std::string& key, model::Codec codec,
                     PromptReady done);
  void on_pool(Job job, Function<void(Core&, Job)> work);
  void read_file(const std::string& url, Job job);
  void fetch(const std::string& url, Job job);
  void loaded(const Job& job, Result<Fetcher::Fetched, PromptError> fetched);
  void unchanged(const Job& job, std::int64_t max_age_s);
  void produce(const Job& job, PcmSource& source, CachedPrompt cached, bool keep);
  void end(const Job& job, Prompt& prompt, const PcmSource& source, bool too_long);
  void deliver(const Job& job, CachedPrompt cached, bool keep);
  void fail(const Job& job, PromptError error);
  void post(PromptReady done, Result<std::shared_ptr<Prompt>, PromptError> result);
  TimePoint fresh_until(std::int64_t max_age_s) const {
    return clock_.now() + std::chrono::seconds(max_age_s);
  }

  const PromptLibraryOptions options_;
  runtime::BlockingPool& pool_;
  Fetcher& fetcher_;
  runtime::Executor& done_executor_;
  const Clock& clock_;
  const Log log_;
  Metrics& metrics_;
  Counter hits_;
  Counter misses_;
  Gauge cache_bytes_;
  const PromptFolder folder_;

  std::mutex mutex_;
  PromptCache cache_;                   // under mutex_
  PromptFlights<PromptError> flights_;  // under mutex_
};

void Core::post(PromptReady done, Result<std::shared_ptr<Prompt>, PromptError> result) {
  done_executor_.post([weak = weak_from_this(), d = std::move(done), r = std::move(result)]() mutable {
    if (weak.lock()) d(std::move(r));
  });
}

void Core::reject(PromptReady done, PromptError error) {
  metrics_
      .counter("tandem_prompt_errors_total", "Prompts that could not be made.",
               {{"code", name_of(error.code)}})
      .add();
  post(std::move(done), Err(std::move(error)));
}

bool Core::begin(Job& job, model::Codec codec, PromptReady done) {
  std::unique_lock lock(mutex_);
  if (const CachedPrompt* cached = cache_.find(job.key); cached != nullptr) {
    if (cached->fresh_until > clock_.now()) {
      const CachedPrompt copy = *cached;
      lock.unlock();
      hits_.add();
      answer_cached(copy, job.key, codec, std::move(done));
      return false;
    }
    job.known = *cached;
  }
  if (!flights_.known(job.key) && flights_.size() >= options_.max_loads) {
    lock.unlock();
    reject(std::move(done), {PromptErrorCode::overloaded, "too many prompts are being loaded"});
    return false;
  }
  misses_.add();
  return flights_.join(job.key, {codec, std::move(done)});
}

void Core::answer_cached(const CachedPrompt& cached, const std::string& key, model::Codec codec,
                         PromptReady done) {
  if (cached.has(codec)) {
    post(std::move(done), cached.prompt);
    return;
  }
  // Encoding a long prompt for another codec takes its time: not on the caller's thread.
  auto waiting =
      std::make_shared<PromptReady>(std::move(done));  // Shared: needed again when the pool is full.
  const bool queued =
      pool_.try_post([weak = weak_from_this(), prompt = cached.prompt, key, codec, waiting]() mutable {
        const Shared self = weak.lock();
        if (!self) return;
        (void)prompt->track(codec);
        {
          const std::lock_guard lock(self->mutex_);
          if (CachedPrompt* entry = self->cache_.find(key); entry != nullptr && entry->prompt == prompt) {
            entry->mark(codec);
            self->cache_.refresh(key);
          }
        }
        self->post(std::move(*waiting), std::move(prompt));
      });
  if (!queued) reject(std::move(*waiting), {PromptErrorCode::overloaded, "the queue for decoding is full"});
}

void Core::on_pool(Job job, Function<void(Core&, Job)> work) {
  const Job copy = job;
  const bool queued =
      pool_.try_post([weak = weak_from_this(), j = std::move(job), w = std::move(work)]() mutable {
        if (const Shared self = weak.lock()) w(*self, std::move(j));
      });
  if (!queued) fail(copy, {PromptErrorCode::overloaded, "the queue for decoding is full"});
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
  deliver(job, std::move(cached), true);
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
      deliver(job, cached, keep);
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
  if (!delivered) deliver(job, std::move(cached), keep);
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
  const std::lock_guard lock(mutex_);
  if (const CachedPrompt* entry = cache_.find(job.key); entry != nullptr && entry->prompt.get() == &prompt) {
    if (why.empty()) {
      cache_.refresh(job.key);
    } else {
      cache_.erase(job.key);  // A repaired file shall be heard by the next who asks.
    }
  }
  cache_bytes_.set(static_cast<double>(cache_.bytes()));
}

void Core::deliver(const Job& job, CachedPrompt cached, bool keep) {
  std::vector<PromptFlights<PromptError>::Waiter> waiters;
  const std::shared_ptr<Prompt> prompt = cached.prompt;
  {
    const std::lock_guard lock(mutex_);
    waiters = flights_.take(job.key);
    if (keep) {
      cache_.put(job.key, std::move(cached));
    } else {
      cache_.erase(job.key);
    }
    cache_bytes_.set(static_cast<double>(cache_.bytes()));
  }
  for (auto& waiter : waiters) {
    (void)prompt->track(waiter.codec);
    post(std::move(waiter.done), prompt);
  }
  const std::lock_guard lock(mutex_);
  if (CachedPrompt* entry = cache_.find(job.key); entry != nullptr && entry->prompt == prompt) {
    for (const auto& waiter : waiters) entry->mark(waiter.codec);
  }
}

void Core::fail(const Job& job, PromptError error) {
  std::vector<PromptFlights<PromptError>::Waiter> waiters;
  {
    const std::lock_guard lock(mutex_);
    waiters = flights_.take(job.key);
    // A source that is gone or was replaced by rubbish must not live on; one that cannot be reached may come
    // back.
    if (error.code != PromptErrorCode::fetch_failed && error.code != PromptErrorCode::overloaded)
      cache_.erase(job.key);
  }
  log_.info("prompt {} failed: {}: {}", job.what, name_of(error.code), error.message);
  for (auto& waiter : waiters) reject(std::move(waiter.done), error);
}

class Library final : public PromptLibrary {
 public:
  explicit Library(std::shared_ptr<Core> core) : core_(std::move(core)) {}

  void url(const std::string& url, double gain_db, model::Codec codec, PromptReady done) override {
    core_->url(url, gain_db, codec, std::move(done));
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
