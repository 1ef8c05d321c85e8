// Name look-ups on threads of their own, with a short cache. Any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "base/function.h"
#include "base/result.h"
#include "model/socket_address.h"
#include "runtime/blocking_pool.h"

namespace tandem::net {

class Resolver {
 public:
  using Addresses = Result<std::vector<model::IpAddress>, std::string>;
  /// Called on any thread, once; inside resolve() when the answer is known.
  using Done = Function<void(const Addresses&)>;
  /// Blocking; a test replaces it.
  using Lookup = Function<Addresses(const std::string& name)>;

  explicit Resolver(const Clock& clock, Lookup lookup = system_lookup);
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;
  /// Waits for look-ups under way (the system's own time-out bounds them).
  ~Resolver();

  /// Literal addresses are answered at once, names from the cache (30 s) or by a look-up that all who ask
  /// share.
  void resolve(const std::string& host, Done done);

  static Addresses system_lookup(const std::string& name);

 private:
  struct Entry {
    std::vector<model::IpAddress> addresses;  // While nobody waits.
    TimePoint expires;
    std::vector<Done> waiting;  // Not empty: a look-up is under way.
  };
  void finish(const std::string& host, Addresses result);
  void make_room();

  const Clock& clock_;
  Lookup lookup_;
  std::mutex mutex_;
  std::unordered_map<std::string, Entry> entries_;  // under mutex_
  runtime::BlockingPool pool_;                      // Last: its threads use the members above.
};

}  // namespace tandem::net
