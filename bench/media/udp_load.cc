#include "udp_load.h"

#include <arpa/inet.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace tandem::bench {
namespace {

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in a{};
  a.sin_family = AF_INET;
  a.sin_port = htons(port);
  a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return a;
}

// Header and payload of the packet of leg `leg` at frame `frame`; returns its size.
std::size_t build(std::array<std::uint8_t, 512>& out, const LoadOptions& o, std::size_t leg,
                  std::uint32_t frame) {
  const std::uint32_t in_second = frame % 50;
  const bool event = o.events && in_second < 7;
  const std::uint32_t timestamp = (event ? frame - in_second : frame) * 160;
  const std::uint32_t header[3] = {
      htonl(0x80000000U | (event ? 101U << 16 : 0U) |
            (!event && leg % 2 == 1 ? std::uint32_t{o.odd_payload_type} << 16 : 0U) |
            (event && in_second == 0 ? 0x00800000U : 0U) | (frame & 0xffffU)),
      htonl(timestamp), htonl(static_cast<std::uint32_t>(leg) + 1)};
  std::memcpy(out.data(), header, sizeof header);
  if (event) {
    const std::uint32_t duration = std::min(in_second + 1, 5U) * 160;
    const std::uint32_t body =
        htonl((frame / 50 % 10) << 24 | (in_second >= 4 ? 0x800000U : 0U) | 10U << 16 | duration);
    std::memcpy(out.data() + 12, &body, sizeof body);
    return 16;
  }
  const auto& payload = leg < o.talkers ? o.payload : o.quiet;
  std::memcpy(out.data() + 12, payload.data(), payload.size());
  return 12 + payload.size();
}

}  // namespace

UdpLoad::UdpLoad(std::size_t legs) {
  for (std::size_t i = 0; i < legs; ++i) {
    const int fd = ::socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    sockaddr_in a = loopback(0);
    socklen_t length = sizeof a;
    if (fd < 0 || ::bind(fd, reinterpret_cast<sockaddr*>(&a), length) != 0 ||
        ::getsockname(fd, reinterpret_cast<sockaddr*>(&a), &length) != 0) {
      std::perror("load socket");
      std::exit(1);
    }
    sockets_.push_back(fd);
    ports_.push_back(ntohs(a.sin_port));
  }
}

UdpLoad::~UdpLoad() {
  stop();
  for (const int fd : sockets_) ::close(fd);
}

void UdpLoad::start(LoadOptions options) {
  child_ = ::fork();
  if (child_ != 0) return;
  ::prctl(PR_SET_PDEATHSIG, SIGKILL, 0UL, 0UL, 0UL);
  run(options);
}

void UdpLoad::stop() {
  if (child_ <= 0) return;
  ::kill(child_, SIGKILL);
  ::waitpid(child_, nullptr, 0);
  child_ = -1;
}

// Legs are spread evenly over the 20 ms, as calls are; what came back is dropped in the kernel's way, one
// read a packet.
void UdpLoad::run(const LoadOptions& o) const {
  timespec next{};
  ::clock_gettime(CLOCK_MONOTONIC, &next);
  std::array<std::uint8_t, 512> packet{};
  std::array<std::uint8_t, 512> sink{};
  const std::size_t legs = sockets_.size();
  for (std::uint32_t frame = 0;; ++frame) {
    for (std::size_t slot = 0; slot < 20; ++slot) {
      for (std::size_t leg = slot; leg < legs; leg += 20) {
        const sockaddr_in to = loopback(o.targets[leg]);
        const std::size_t bytes = build(packet, o, leg, frame);
        ::sendto(sockets_[leg], packet.data(), bytes, MSG_DONTWAIT, reinterpret_cast<const sockaddr*>(&to),
                 sizeof to);
        while (::recv(sockets_[leg], sink.data(), sink.size(), MSG_DONTWAIT) > 0) {
        }
      }
      next.tv_nsec += 1'000'000;
      if (next.tv_nsec >= 1'000'000'000) {
        next.tv_nsec -= 1'000'000'000;
        ++next.tv_sec;
      }
      ::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &next, nullptr);
    }
  }
}

}  // namespace tandem::bench
