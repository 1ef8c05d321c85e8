#include "sip/policy/overload.h"

#include <algorithm>
#include <cstring>

namespace tandem::sip {
namespace {

constexpr std::size_t kMaxSources = 65'536;
constexpr double kDropFactor = 10;

}  // namespace

bool TokenBucket::take(double per_second, TimePoint now) {
  const double capacity = std::max(1.0, per_second);
  if (tokens_ < 0) {
    tokens_ = capacity;
  } else {
    tokens_ = std::min(capacity, tokens_ + per_second * std::chrono::duration<double>(now - last_).count());
  }
  last_ = now;
  if (tokens_ < 1) return false;
  tokens_ -= 1;
  return true;
}

std::size_t Overload::Hash::operator()(const model::IpAddress& ip) const noexcept {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  std::memcpy(&high, ip.bytes.data(), sizeof high);
  std::memcpy(&low, ip.bytes.data() + sizeof high, sizeof low);
  return std::hash<std::uint64_t>{}(high * 0x9e3779b97f4a7c15U ^ low);
}

Overload::Source& Overload::source_of(const model::IpAddress& ip, TimePoint now) {
  if (sources_.size() >= kMaxSources && !sources_.contains(ip)) {
    // A full bucket says the same as none: sources quiet for a second are forgotten, and all of them if that
    // is not enough, which costs a flood of forged addresses nothing but keeps memory bounded.
    std::erase_if(sources_, [now](const auto& entry) {
      return now - entry.second.allowed.last_used() > std::chrono::seconds(1);
    });
    if (sources_.size() >= kMaxSources) sources_.clear();
  }
  return sources_[ip];
}

Admission Overload::admit(const model::IpAddress& source, std::size_t legs, TimePoint now) {
  const double per_source = policy_.max_invites_per_second_per_source;
  if (per_source > 0) {
    Source& s = source_of(source, now);
    if (!s.answered.take(per_source * kDropFactor, now)) return Admission::drop;
    if (!s.allowed.take(per_source, now)) return Admission::refuse;
  }
  if (policy_.max_legs > 0 && legs >= policy_.max_legs) return Admission::refuse;
  const double per_node = policy_.max_invites_per_second;
  return per_node > 0 && !node_.take(per_node, now) ? Admission::refuse : Admission::admit;
}

Admission Overload::admit_other(const model::IpAddress& source, TimePoint now) {
  const double per_source = policy_.max_invites_per_second_per_source;
  if (per_source <= 0) return Admission::admit;
  return source_of(source, now).answered.take(per_source * kDropFactor, now) ? Admission::admit
                                                                             : Admission::drop;
}

}  // namespace tandem::sip
