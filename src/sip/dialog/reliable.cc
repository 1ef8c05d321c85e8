#include "sip/dialog/reliable.h"

#include <algorithm>

namespace tandem::sip::dialog {

std::uint32_t ReliableSender::start() {
  open_ = Open{next_rseq_, t1_};
  return next_rseq_++;
}

bool ReliableSender::acknowledge(std::uint32_t rack_rseq, std::uint32_t rack_cseq,
                                 std::uint32_t invite_cseq) {
  if (!open_ || open_->rseq != rack_rseq || rack_cseq != invite_cseq) return false;
  open_.reset();
  return true;
}

std::optional<std::chrono::milliseconds> ReliableSender::next_wait() {
  if (!open_ || open_->waited >= 64 * t1_) return std::nullopt;
  const auto wait = std::min(open_->interval, 64 * t1_ - open_->waited);
  open_->waited += wait;
  open_->interval *= 2;
  return wait;
}

bool ReliableReceiver::take(std::uint32_t rseq) {
  if (rseq == 0 || (last_ && rseq != *last_ + 1)) return false;
  last_ = rseq;
  return true;
}

}  // namespace tandem::sip::dialog
