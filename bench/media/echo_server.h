// The yardstick: a bare UDP echo, epoll + recvfrom on each ready socket + one sendmmsg for all of a wake-up.
#pragma once

#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>

namespace tandem::bench {

class EchoServer {
 public:
  explicit EchoServer(std::size_t sockets);
  EchoServer(const EchoServer&) = delete;
  EchoServer& operator=(const EchoServer&) = delete;
  ~EchoServer();
  [[nodiscard]] const std::vector<std::uint16_t>& ports() const { return ports_; }
  [[nodiscard]] std::uint64_t packets() const { return packets_.load(std::memory_order_relaxed); }

 private:
  void run();
  int epoll_ = -1;
  std::vector<int> sockets_;
  std::vector<std::uint16_t> ports_;
  std::atomic<std::uint64_t> packets_{0};
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

}  // namespace tandem::bench
