#include "net/resolver.h"

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace tandem::net {
namespace {

constexpr auto kCacheFor = std::chrono::seconds(30);
constexpr std::size_t kMaxEntries = 10'000;
constexpr std::size_t kThreads = 4;  // A name whose servers are dead holds one for seconds.
constexpr std::size_t kMaxLookups = 1'024;
constexpr std::size_t kMaxAddresses = 8;

model::IpAddress address_of(const sockaddr& address) {
  model::IpAddress out;
  if (address.sa_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, &address, sizeof v4);
    std::memcpy(out.bytes.data(), &v4.sin_addr, 4);
    return out;
  }
  sockaddr_in6 v6{};
  std::memcpy(&v6, &address, sizeof v6);
  out.family = model::IpAddress::Family::v6;
  std::memcpy(out.bytes.data(), &v6.sin6_addr, 16);
  return model::IpAddress::parse(out.str()).value_or(out);  // A v4-mapped answer becomes what it is.
}

}  // namespace

Resolver::Resolver(const Clock& clock, Lookup lookup)
    : clock_(clock), lookup_(std::move(lookup)), pool_("net-dns", kThreads, kMaxLookups) {}

Resolver::~Resolver() = default;

Resolver::Addresses Resolver::system_lookup(const std::string& name) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_ADDRCONFIG;
  addrinfo* list = nullptr;
  const int error = getaddrinfo(name.c_str(), nullptr, &hints, &list);
  if (error != 0) return Err<std::string>(gai_strerror(error));
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> guard(list, &freeaddrinfo);
  std::vector<model::IpAddress> out;
  for (const addrinfo* a = list; a != nullptr && out.size() < kMaxAddresses; a = a->ai_next) {
    if (a->ai_family != AF_INET && a->ai_family != AF_INET6) continue;
    const model::IpAddress ip = address_of(*a->ai_addr);
    if (std::find(out.begin(), out.end(), ip) == out.end()) out.push_back(ip);
  }
  if (out.empty()) return Err<std::string>("the name has no address");
  return out;
}

void Resolver::resolve(const std::string& host, Done done) {
  if (const auto ip = model::IpAddress::parse(host)) return done(std::vector{*ip});
  std::vector<model::IpAddress> known;
  bool must_look_up = false;
  {
    const std::lock_guard lock(mutex_);
    if (entries_.size() >= kMaxEntries) make_room();
    Entry& entry = entries_[host];
    if (entry.waiting.empty() && entry.expires > clock_.now()) {
      known = entry.addresses;
    } else {
      must_look_up = entry.waiting.empty();
      entry.waiting.push_back(std::move(done));
      done = nullptr;
    }
  }
  if (done) return done(std::move(known));
  if (!must_look_up) return;
  if (!pool_.try_post([this, host] { finish(host, lookup_(host)); })) {
    finish(host, Err<std::string>("too many look-ups are under way"));
  }
}

void Resolver::finish(const std::string& host, Addresses result) {
  std::vector<Done> waiting;
  {
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(host);
    waiting = std::move(found->second.waiting);
    if (result) {
      found->second = {result.value(), clock_.now() + kCacheFor, {}};
    } else {
      entries_.erase(found);
    }
  }
  for (auto& done : waiting) done(result);
}

void Resolver::make_room() {
  const TimePoint now = clock_.now();
  std::erase_if(entries_,
                [now](const auto& e) { return e.second.waiting.empty() && e.second.expires <= now; });
  if (entries_.size() < kMaxEntries) return;
  std::erase_if(entries_, [](const auto& e) { return e.second.waiting.empty(); });
}

}  // namespace tandem::net
