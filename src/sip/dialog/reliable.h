// Reliable provisional responses (RFC 3262), both sides, without messages.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace tandem::sip::dialog {

/// Our side sends: at most one reliable response is open at a time; the next waits for its PRACK.
class ReliableSender {
 public:
  /// `first_rseq` between 1 and 2^31 - 1, random; `t1` the first interval.
  ReliableSender(std::uint32_t first_rseq, std::chrono::milliseconds t1)
      : next_rseq_(first_rseq == 0 ? 1 : first_rseq & 0x7fffffffU), t1_(t1) {}

  [[nodiscard]] bool open() const { return open_.has_value(); }
  /// The RSeq for a response that is sent now. Call only when !open().
  std::uint32_t start();
  /// True if the RAck acknowledges the open response to the INVITE of `invite_cseq`; it is then closed.
  [[nodiscard]] bool acknowledge(std::uint32_t rack_rseq, std::uint32_t rack_cseq, std::uint32_t invite_cseq);
  /// How long to wait before sending again (T1, doubled each time); nothing once 64*T1 have passed: give up.
  [[nodiscard]] std::optional<std::chrono::milliseconds> next_wait();

 private:
  struct Open {
    std::uint32_t rseq;
    std::chrono::milliseconds interval;
    std::chrono::milliseconds waited{0};
  };
  std::uint32_t next_rseq_;
  std::chrono::milliseconds t1_;
  std::optional<Open> open_;
};

/// The peer sends: only the next RSeq in order is taken (RFC 3262 section 4).
class ReliableReceiver {
 public:
  /// True: new and in order, so send PRACK. A repeated or early one is to be dropped.
  [[nodiscard]] bool take(std::uint32_t rseq);

 private:
  std::optional<std::uint32_t> last_;
};

}  // namespace tandem::sip::dialog
