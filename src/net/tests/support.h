// What the net tests share: a pool with an open policy, answers as futures, a scripted raw TCP peer and a
// throw-away certificate authority.
#pragma once

#include <condition_variable>
#include <deque>
#include <filesystem>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "net/api/http.h"

namespace tandem::net::test {

using Connected = Result<std::unique_ptr<WebSocket>, NetFailure>;
using Fetched = Result<FetchResponse, NetFailure>;

/// Values that net threads hand to the test's thread.
template <class T>
class Inbox {
 public:
  void push(T value) {
    const std::lock_guard lock(mutex_);
    values_.push_back(std::move(value));
    wake_.notify_all();
  }
  /// The next value; a test that waits for ten seconds has failed, and the exception says so.
  T pop() {
    std::unique_lock lock(mutex_);
    if (!wake_.wait_for(lock, std::chrono::seconds(10), [this] { return !values_.empty(); })) {
      throw std::runtime_error("nothing came within ten seconds");
    }
    T value = std::move(values_.front());
    values_.pop_front();
    return value;
  }
  bool empty() {
    const std::lock_guard lock(mutex_);
    return values_.empty();
  }

 private:
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<T> values_;
};

struct Closed {
  std::uint16_t code = 0;
  std::string reason;
};

/// A WebSocket with its events in inboxes, which outlive it.
struct Peer {
  std::unique_ptr<WebSocket> socket;
  std::shared_ptr<Inbox<std::string>> texts = std::make_shared<Inbox<std::string>>();
  std::shared_ptr<Inbox<Closed>> closes = std::make_shared<Inbox<Closed>>();
  std::shared_ptr<Inbox<int>> writable = std::make_shared<Inbox<int>>();
  void start();
};

AddressPolicy loopback_allowed();
Connected connect(Client& client, ConnectRequest request, HeaderMaker extra = {});
Peer connect_peer(Client& client, ConnectRequest request);
Fetched fetch(Client& client, FetchRequest request);

/// Accepts one connection after the other and runs `script(fd)` on each, then closes it.
class RawServer {
 public:
  explicit RawServer(std::function<void(int)> script);
  ~RawServer();
  [[nodiscard]] std::string url(const std::string& scheme, const std::string& path = "/") const;

 private:
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::thread thread_;
};
/// What comes up to and with `end`.
std::string read_until(int fd, const std::string& end);
void write_all(int fd, const std::string& bytes);
/// Reads a request and answers it.
std::function<void(int)> answering(std::string response);
int connect_raw(const model::SocketAddress& address);
/// Reads to the end of the stream.
std::string read_to_end(int fd);
/// The server side of a handshake; what follows on `fd` is frames.
void accept_websocket(int fd, const std::string& more_headers = {});
/// The client side of a handshake with a server of ours.
int open_websocket_raw(const model::SocketAddress& address, const std::string& target,
                       const std::string& more_headers = {});

/// A CA and a certificate for "localhost" and 127.0.0.1 signed by it, as files in a folder of their own.
class Certificates {
 public:
  explicit Certificates(const std::string& names = "DNS:localhost,IP:127.0.0.1");
  ~Certificates();
  [[nodiscard]] std::string ca() const { return (folder_ / "ca.pem").string(); }
  [[nodiscard]] std::string certificate() const { return (folder_ / "cert.pem").string(); }
  [[nodiscard]] std::string key() const { return (folder_ / "key.pem").string(); }

 private:
  std::filesystem::path folder_;
};

}  // namespace tandem::net::test
