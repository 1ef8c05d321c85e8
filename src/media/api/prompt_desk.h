// What every producer of shared prompts has in common: a cache, one making for many who ask for the same, and
// answers on the askers' executor.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/function.h"
#include "base/result.h"
#include "media/api/prompt_cache.h"
#include "runtime/blocking_pool.h"
#include "runtime/executor.h"

namespace tandem::media {

/// Any thread. Held by its producer and, weakly, by jobs under way: what ends after the producer is gone dies
/// quietly.
template <class Error>
class PromptDesk : public std::enable_shared_from_this<PromptDesk<Error>> {
 public:
  using Done = Function<void(Result<std::shared_ptr<Prompt>, Error>)>;
  struct Options {
    std::size_t cache_bytes = 0;
    std::size_t max_makings = 0;  ///< At a time; beyond it `overloaded`.
    Error overloaded;             ///< Too many are being made.
    Error queue_full;             ///< The pool takes no more.
  };
  struct Events {
    Function<void()> hit;
    Function<void()> miss;
    Function<void(const Error&)> rejected;   ///< For each asker.
    Function<void(std::size_t)> cache_size;  ///< Bytes.
  };

  PromptDesk(Options options, Events events, runtime::BlockingPool& pool, runtime::Executor& done_executor,
             const Clock& clock)
      : options_(std::move(options)),
        events_(std::move(events)),
        pool_(pool),
        done_executor_(done_executor),
        clock_(clock),
        cache_(options_.cache_bytes) {}

  /// Nothing: the answer is on its way, now or with the making of an earlier asker. Otherwise the caller must
  /// make the prompt and end it with deliver() or fail(); what it gets is the stale entry, maybe without
  /// prompt.
  std::optional<CachedPrompt> ask(const std::string& key, model::Codec codec, Done done) {
    std::unique_lock lock(mutex_);
    CachedPrompt known;
    if (const CachedPrompt* cached = cache_.find(key); cached != nullptr) {
      known = *cached;
      if (known.fresh_until > clock_.now()) {
        lock.unlock();
        events_.hit();
        answer(known, key, codec, std::move(done));
        return std::nullopt;
      }
    }
    if (!flights_.known(key) && flights_.size() >= options_.max_makings) {
      lock.unlock();
      reject(std::move(done), options_.overloaded);
      return std::nullopt;
    }
    const bool first = flights_.join(key, {codec, std::move(done)});
    lock.unlock();
    events_.miss();
    if (!first) return std::nullopt;
    return known;
  }

  /// Runs `work` on the pool; all askers of `key` are told if the pool is full.
  void run(const std::string& key, Function<void()> work) {
    if (!pool_.try_post(std::move(work))) fail(key, options_.queue_full, false);
  }

  /// Answers all who wait, with a prompt that may still grow. `keep`: others get it from the cache too.
  void deliver(const std::string& key, CachedPrompt cached, bool keep) {
    const std::shared_ptr<Prompt> prompt = cached.prompt;
    std::vector<Waiter> waiters;
    {
      const std::lock_guard lock(mutex_);
      waiters = flights_.take(key);
      if (keep) {
        cache_.put(key, std::move(cached));
      } else {
        cache_.erase(key);
      }
      tell_size();
    }
    for (Waiter& waiter : waiters) {
      (void)prompt->track(waiter.codec);
      post(std::move(waiter.done), prompt);
    }
    const std::lock_guard lock(mutex_);
    if (CachedPrompt* entry = entry_of(key, *prompt)) {
      for (const Waiter& waiter : waiters) entry->mark(waiter.codec);
    }
  }

  /// A prompt that was delivered has come to its end: `good`, or it shall be made anew for the next asker.
  void ended(const std::string& key, const Prompt& prompt, bool good) {
    const std::lock_guard lock(mutex_);
    if (entry_of(key, prompt) != nullptr) {
      if (good) {
        cache_.refresh(key);
      } else {
        cache_.erase(key);
      }
    }
    tell_size();
  }

  /// Tells all who wait. `forget`: what the cache holds of it is not worth keeping.
  void fail(const std::string& key, const Error& error, bool forget) {
    std::vector<Waiter> waiters;
    {
      const std::lock_guard lock(mutex_);
      waiters = flights_.take(key);
      if (forget) cache_.erase(key);
    }
    for (Waiter& waiter : waiters) reject(std::move(waiter.done), error);
  }

  void reject(Done done, Error error) {
    events_.rejected(error);
    post(std::move(done), Err(std::move(error)));
  }

 private:
  using Waiter = typename PromptFlights<Error>::Waiter;

  void post(Done done, Result<std::shared_ptr<Prompt>, Error> result) {
    done_executor_.post(
        [weak = this->weak_from_this(), d = std::move(done), r = std::move(result)]() mutable {
          if (weak.lock()) d(std::move(r));
        });
  }

  // under mutex_
  CachedPrompt* entry_of(const std::string& key, const Prompt& prompt) {
    CachedPrompt* entry = cache_.find(key);
    return entry != nullptr && entry->prompt.get() == &prompt ? entry : nullptr;
  }
  void tell_size() {
    if (events_.cache_size) events_.cache_size(cache_.bytes());
  }

  void answer(const CachedPrompt& cached, const std::string& key, model::Codec codec, Done done) {
    if (cached.has(codec)) {
      post(std::move(done), cached.prompt);
      return;
    }
    // Encoding a long prompt for another codec takes its time: not on the caller's thread.
    auto waiting = std::make_shared<Done>(std::move(done));  // Shared: needed again when the pool is full.
    const bool queued =
        pool_.try_post([weak = this->weak_from_this(), prompt = cached.prompt, key, codec, waiting] {
          if (const auto self = weak.lock()) self->encode(key, prompt, codec, std::move(*waiting));
        });
    if (!queued) reject(std::move(*waiting), options_.queue_full);
  }

  void encode(const std::string& key, const std::shared_ptr<Prompt>& prompt, model::Codec codec, Done done) {
    (void)prompt->track(codec);
    {
      const std::lock_guard lock(mutex_);
      if (CachedPrompt* entry = entry_of(key, *prompt)) {
        entry->mark(codec);
        cache_.refresh(key);
      }
    }
    post(std::move(done), prompt);
  }

  const Options options_;
  Events events_;
  runtime::BlockingPool& pool_;
  runtime::Executor& done_executor_;
  const Clock& clock_;
  std::mutex mutex_;
  PromptCache cache_;             // under mutex_
  PromptFlights<Error> flights_;  // under mutex_
};

}  // namespace tandem::media
