#include "echo_server.h"

#include <arpa/inet.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>

namespace tandem::bench {

EchoServer::EchoServer(std::size_t sockets) : epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
  for (std::size_t i = 0; i < sockets; ++i) {
    const int fd = ::socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    sockaddr_in a{};
    a.sin_family = AF_INET;
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof a;
    epoll_event e{};
    e.events = EPOLLIN;
    e.data.fd = fd;
    if (fd < 0 || ::bind(fd, reinterpret_cast<sockaddr*>(&a), length) != 0 ||
        ::getsockname(fd, reinterpret_cast<sockaddr*>(&a), &length) != 0 ||
        ::epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &e) != 0) {
      std::perror("echo socket");
      std::exit(1);
    }
    sockets_.push_back(fd);
    ports_.push_back(ntohs(a.sin_port));
  }
  thread_ = std::thread([this] { run(); });
}

EchoServer::~EchoServer() {
  stop_.store(true);
  thread_.join();
  for (const int fd : sockets_) ::close(fd);
  ::close(epoll_);
}

void EchoServer::run() {
  constexpr std::size_t kMax = 256;
  static std::array<std::array<std::uint8_t, 512>, kMax> bytes;
  std::array<epoll_event, kMax> ready{};
  std::array<mmsghdr, kMax> out{};
  std::array<iovec, kMax> vectors{};
  std::array<sockaddr_in, kMax> names{};
  while (!stop_.load(std::memory_order_relaxed)) {
    const int n = ::epoll_wait(epoll_, ready.data(), kMax, 100);
    unsigned count = 0;
    for (int i = 0; i < n; ++i) {
      socklen_t length = sizeof names[count];
      const ssize_t got =
          ::recvfrom(ready[static_cast<std::size_t>(i)].data.fd, bytes[count].data(), bytes[count].size(), 0,
                     reinterpret_cast<sockaddr*>(&names[count]), &length);
      if (got <= 0) continue;
      vectors[count] = {bytes[count].data(), static_cast<std::size_t>(got)};
      out[count].msg_hdr = {};
      out[count].msg_hdr.msg_name = &names[count];
      out[count].msg_hdr.msg_namelen = length;
      out[count].msg_hdr.msg_iov = &vectors[count];
      out[count].msg_hdr.msg_iovlen = 1;
      ++count;
    }
    // One socket sends for all: that is what makes one call possible, and what symmetric RTP cannot do.
    if (count > 0) ::sendmmsg(sockets_[0], out.data(), count, 0);
    packets_.fetch_add(count, std::memory_order_relaxed);
  }
}

}  // namespace tandem::bench
