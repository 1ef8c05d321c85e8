// A name server on a UDP port of 127.0.0.1 that knows a few SRV records; every A record is 127.0.0.1.
#pragma once

#include <atomic>
#include <map>
#include <string>
#include <thread>
#include <vector>

namespace tandem::sip::testing {

class NameServer {
 public:
  struct Srv {
    std::uint16_t priority;
    std::string target;
    std::uint16_t port;
  };
  /// Service names such as "_sip._udp.trunk.test".
  explicit NameServer(std::map<std::string, std::vector<Srv>> services);
  ~NameServer();
  NameServer(const NameServer&) = delete;
  NameServer& operator=(const NameServer&) = delete;
  /// A resolv.conf that names this server.
  [[nodiscard]] const std::string& config_file() const { return config_; }

 private:
  void serve();
  [[nodiscard]] std::string answer(const std::string& query) const;

  std::map<std::string, std::vector<Srv>> services_;
  int fd_ = -1;
  std::string config_;
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

}  // namespace tandem::sip::testing
