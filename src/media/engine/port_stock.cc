#include "media/engine/port_stock.h"

#include <algorithm>
#include <cerrno>

namespace tandem::media {
namespace {

constexpr int kBindTries = 64;
// What waits is not there for calls on another address: of few ports few are kept.
constexpr std::size_t kLeastShare = 8;

}  // namespace

PortStock::PortStock(const EngineOptions& options, runtime::BlockingPool& filler, const Clock& clock, Log log)
    : pooled_(options.port_max != 0),
      filler_(filler),
      log_(std::move(log)),
      ports_(options.port_min, options.port_max, options.port_quarantine, clock),
      goal_(pooled_ ? std::min(options.port_stock, ports_.size() / kLeastShare) : options.port_stock),
      shelves_(options.addresses.size()) {
  for (std::size_t i = 0; i < shelves_.size(); ++i) shelves_[i].local = options.addresses[i];
}

void PortStock::start() {
  started_ = true;
  for (Shelf& shelf : shelves_) ask_for_more(shelf);
}

PortStock::Shelf* PortStock::find(const model::IpAddress& local) {
  const auto at =
      std::find_if(shelves_.begin(), shelves_.end(), [&](const Shelf& s) { return s.local == local; });
  return at == shelves_.end() ? nullptr : &*at;
}

Result<std::unique_ptr<PortPair>, MediaError> PortStock::take(const model::IpAddress& local) {
  if (Shelf* shelf = find(local); shelf != nullptr) {
    std::unique_ptr<PortPair> pair = from_stock(*shelf);
    ask_for_more(*shelf);
    if (pair != nullptr) return pair;
  }
  auto pair = bind(local);
  if (!pair && pair.error() == MediaError::socket_failed)
    log_.warn("cannot bind RTP ports on {}", local.str());
  return pair;
}

std::unique_ptr<PortPair> PortStock::from_stock(Shelf& shelf) {
  const std::lock_guard lock(mutex_);
  if (shelf.pairs.empty()) return nullptr;
  std::unique_ptr<PortPair> pair = std::move(shelf.pairs.back());
  shelf.pairs.pop_back();
  return pair;
}

std::size_t PortStock::waiting(const model::IpAddress& local) {
  const Shelf* shelf = find(local);
  const std::lock_guard lock(mutex_);
  return shelf == nullptr ? 0 : shelf->pairs.size();
}

void PortStock::ask_for_more(Shelf& shelf) {
  if (!started_ || goal_ == 0) return;
  {
    const std::lock_guard lock(mutex_);
    // Many at a time: each job wakes a thread.
    if (shelf.filling || shelf.pairs.size() > goal_ / 2) return;
    shelf.filling = true;
  }
  const bool posted = filler_.try_post([weak = weak_from_this(), &shelf] {
    if (const auto self = weak.lock()) self->fill(shelf);
  });
  if (posted) return;
  const std::lock_guard lock(mutex_);
  shelf.filling = false;
}

void PortStock::fill(Shelf& shelf) {
  for (bool more = true; more;) {
    auto pair = bind(shelf.local);
    const std::lock_guard lock(mutex_);
    if (pair) {
      (*pair)->waited = true;
      shelf.pairs.push_back(std::move(*pair));
    }
    // Whoever needs one that cannot be bound is told so.
    more = pair.has_value() && shelf.pairs.size() < goal_;
    if (!more) shelf.filling = false;
  }
}

Result<std::unique_ptr<PortPair>, MediaError> PortStock::bind(const model::IpAddress& local) {
  for (int tried = 0; tried < kBindTries; ++tried) {
    std::uint16_t port = 0;
    if (pooled_) {
      const auto taken = ports_.take();
      if (!taken) return Err(MediaError::no_ports);
      port = *taken;
    }
    auto rtp = UdpSocket::bind({local, port});
    auto rtcp =
        rtp ? UdpSocket::bind({local, static_cast<std::uint16_t>(pooled_ ? port + 1 : 0)}) : std::nullopt;
    const int error = errno;
    if (rtp && rtcp) {
      return std::make_unique<PortPair>(std::move(*rtp), std::move(*rtcp), pooled_ ? &ports_ : nullptr, port);
    }
    // A port that another program holds rests like one of ours.
    if (pooled_) ports_.give_back(port);
    if (error != EADDRINUSE) break;
  }
  return Err(MediaError::socket_failed);
}

}  // namespace tandem::media
