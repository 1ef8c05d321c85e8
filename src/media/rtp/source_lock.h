// Whose packets a stream accepts: symmetric RTP with rules that resist injection (RTP bleed).
#pragma once

#include <cstdint>
#include <optional>
#include <variant>

#include "base/clock.h"
#include "model/socket_address.h"

namespace tandem::media {

/// Learning until a source is locked on to: the address of the session description is believed at once,
/// another one after three consecutive packets of one address and SSRC. Locked: another source replaces the
/// first only if it is (a) the described address, (b) the same SSRC and IP from a new port (NAT rebinding)
/// after 500 ms of silence, or (c) after configure(), three consecutive packets, again after 500 ms of
/// silence. One thread.
class SourceLock {
 public:
  enum class Verdict : std::uint8_t {
    accept,
    locked,    ///< Accept; the source is new from this packet on.
    learning,  ///< Not accepted yet: may become the source.
    stranger
  };

  /// The description came or changed; the same address again keeps the lock.
  void configure(const model::SocketAddress& described);
  /// A well-formed packet of an agreed payload type.
  Verdict on_packet(const model::SocketAddress& from, std::uint32_t ssrc, std::uint16_t sequence,
                    TimePoint now);
  [[nodiscard]] const model::SocketAddress* source() const;

 private:
  struct Candidate {
    model::SocketAddress from;
    std::uint32_t ssrc = 0;
    std::uint16_t sequence = 0;
    int in_row = 0;
  };
  struct Learning {};
  struct Locked {
    model::SocketAddress from;
    std::uint32_t ssrc = 0;
    TimePoint heard{};
    bool may_move = false;  // configure() came since.
  };
  Verdict lock(const model::SocketAddress& from, std::uint32_t ssrc, TimePoint now);
  Verdict learn(const model::SocketAddress& from, std::uint32_t ssrc, std::uint16_t sequence, TimePoint now);

  model::SocketAddress described_;
  std::variant<Learning, Locked> state_;
  Candidate candidate_;
};

}  // namespace tandem::media
