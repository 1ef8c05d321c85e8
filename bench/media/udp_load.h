// The far ends of many calls: a child process that sends one packet each 20 ms for every leg and takes what
// comes back.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace tandem::bench {

struct LoadOptions {
  std::vector<std::uint16_t> targets;  ///< One port a leg, on 127.0.0.1.
  std::vector<std::uint8_t> payload;   ///< Of one 20 ms packet; events are added where asked for.
  std::uint8_t odd_payload_type = 0;   ///< Of every second leg; the others send 0.
  std::vector<std::uint8_t> quiet;     ///< Instead, from leg `talkers` on.
  std::size_t talkers = SIZE_MAX;
  bool events = false;  ///< A key press each second, as telephone-event 101.
};

/// A running load; its own process, so that its CPU is not counted as ours.
class UdpLoad {
 public:
  /// Binds one socket a leg; ports() are those.
  explicit UdpLoad(std::size_t legs);
  UdpLoad(const UdpLoad&) = delete;
  UdpLoad& operator=(const UdpLoad&) = delete;
  ~UdpLoad();

  [[nodiscard]] const std::vector<std::uint16_t>& ports() const { return ports_; }
  /// Forks the sender.
  void start(LoadOptions options);
  void stop();

 private:
  void run(const LoadOptions& options) const;
  std::vector<int> sockets_;
  std::vector<std::uint16_t> ports_;
  pid_t child_ = -1;
};

}  // namespace tandem::bench
