// UDP sockets as the packet path wants them: prepared addresses, batched receiving with the kernel's arrival
// times.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>

#include "base/clock.h"
#include "model/socket_address.h"

namespace tandem::media {

/// A destination in the form that the kernel takes.
class Endpoint {
 public:
  Endpoint() = default;
  explicit Endpoint(const model::SocketAddress& address);
  /// False for no address or port 0: nothing can be sent there.
  [[nodiscard]] bool usable() const { return length_ != 0; }
  [[nodiscard]] const sockaddr* data() const { return reinterpret_cast<const sockaddr*>(&storage_); }
  [[nodiscard]] socklen_t length() const { return length_; }

 private:
  sockaddr_in6 storage_{};  // Large enough for both families.
  socklen_t length_ = 0;
};

class UdpSocket {
 public:
  UdpSocket() = default;
  UdpSocket(UdpSocket&& o) noexcept : fd_(std::exchange(o.fd_, -1)), port_(o.port_) {}
  UdpSocket& operator=(UdpSocket&& o) noexcept {
    std::swap(fd_, o.fd_);
    std::swap(port_, o.port_);
    return *this;
  }
  ~UdpSocket();

  /// A non-blocking socket on `local` (port 0: the system's choice); nothing with errno set if that failed.
  [[nodiscard]] static std::optional<UdpSocket> bind(const model::SocketAddress& local);
  [[nodiscard]] std::uint16_t port() const { return port_; }
  /// False if the system refused it: the packet is lost, as on any network.
  bool send(const Endpoint& to, std::span<const std::uint8_t> bytes) const;
  [[nodiscard]] int fd() const { return fd_; }

 private:
  explicit UdpSocket(int fd) : fd_(fd) {}
  int fd_ = -1;
  std::uint16_t port_ = 0;
};

struct Datagram {
  model::SocketAddress from;
  Duration age{};                 ///< Since the kernel got it.
  std::span<std::uint8_t> bytes;  ///< May be written: a relay changes headers in place.
};

/// The buffers of one thread for receiving on any of its sockets.
class ReceiveBuffers {
 public:
  static constexpr std::size_t kBatch = 8;
  static constexpr std::size_t kBytes = 1600;

  ReceiveBuffers();
  ReceiveBuffers(const ReceiveBuffers&) = delete;
  ReceiveBuffers& operator=(const ReceiveBuffers&) = delete;

  /// One system call: up to kBatch waiting datagrams; how many. Those longer than kBytes are left out by
  /// datagram().
  std::size_t receive(const UdpSocket& socket);
  /// Datagram `i` of the last receive(); nothing if it was too long.
  [[nodiscard]] std::optional<Datagram> datagram(std::size_t i);

 private:
  static constexpr std::size_t kControlBytes = 64;
  std::array<mmsghdr, kBatch> headers_{};
  std::array<iovec, kBatch> vectors_{};
  std::array<sockaddr_in6, kBatch> names_{};
  alignas(8) std::array<std::array<std::uint8_t, kControlBytes>, kBatch> control_{};
  std::array<std::array<std::uint8_t, kBytes>, kBatch> bytes_{};
  std::size_t used_ = kBatch;  // Headers that the kernel changed.
  std::int64_t wall_ns_ = 0;
};

}  // namespace tandem::media
