#include "media/rtp/source_lock.h"

namespace tandem::media {
namespace {
constexpr int kPacketsToLearn = 3;
constexpr Duration kSilence = std::chrono::milliseconds(500);
}  // namespace

void SourceLock::configure(const model::SocketAddress& described) {
  candidate_ = {};
  if (described != described_) {
    described_ = described;
    state_ = Learning{};
  } else if (auto* locked = std::get_if<Locked>(&state_)) {
    locked->may_move = true;
  }
}

SourceLock::Verdict SourceLock::lock(const model::SocketAddress& from, std::uint32_t ssrc, TimePoint now) {
  candidate_ = {};
  state_ = Locked{from, ssrc, now, false};
  return Verdict::locked;
}

SourceLock::Verdict SourceLock::learn(const model::SocketAddress& from, std::uint32_t ssrc,
                                      std::uint16_t sequence, TimePoint now) {
  Candidate& c = candidate_;
  const bool next = c.in_row > 0 && c.from == from && c.ssrc == ssrc &&
                    sequence == static_cast<std::uint16_t>(c.sequence + 1);
  c = Candidate{from, ssrc, sequence, next ? c.in_row + 1 : 1};
  return c.in_row >= kPacketsToLearn ? lock(from, ssrc, now) : Verdict::learning;
}

SourceLock::Verdict SourceLock::on_packet(const model::SocketAddress& from, std::uint32_t ssrc,
                                          std::uint16_t sequence, TimePoint now) {
  auto* locked = std::get_if<Locked>(&state_);
  if (locked == nullptr) return from == described_ ? lock(from, ssrc, now) : learn(from, ssrc, sequence, now);
  if (from == locked->from) {
    locked->heard = now;
    locked->ssrc = ssrc;
    return Verdict::accept;
  }
  if (from == described_) return lock(from, ssrc, now);
  if (now - locked->heard < kSilence) return Verdict::stranger;
  if (from.ip == locked->from.ip && ssrc == locked->ssrc) return lock(from, ssrc, now);
  return locked->may_move ? learn(from, ssrc, sequence, now) : Verdict::stranger;
}

const model::SocketAddress* SourceLock::source() const {
  const auto* locked = std::get_if<Locked>(&state_);
  return locked != nullptr ? &locked->from : nullptr;
}

}  // namespace tandem::media
