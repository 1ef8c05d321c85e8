// What a call costs at the least: a bare program that makes the system calls of one answered and released
// call with its own WebSocket session, and nothing else: no parsing, no JSON, no timers, one thread. Beside
// it the server's figure says how much of its CPU is the kernel's due. Load comes from a second process,
// which is not counted.
//
//   signalling_floor [calls/s] [calls]
//
// A call: INVITE in, 100 out, TCP connect, HTTP upgrade out and answer in, the first events out, call.answer
// in, two RTP sockets, 200 out, ACK in, events out, call.hangup in, BYE out and its 200 in, events out, close
// frame in and out. All payloads are as long as the server's own.
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <thread>
#include <unordered_map>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

enum class Datagram : char { invite = 'I', trying = '1', ok = '2', ack = 'A', bye = 'B', bye_ok = 'b' };
constexpr std::size_t kInvite = 832, kTrying = 324, kOk = 782, kAck = 336, kBye = 520, kByeOk = 275;
constexpr std::size_t kUpgrade = 509, kSwitching = 164, kRequest = 107, kCloseFrame = 8;
// What the server sends on the session's socket after the upgrade, and what it waits for before each.
constexpr std::size_t kFirstEvents = 1123 + 1040, kAnswerTaken = 240, kAnswered = 1123, kHangupTaken = 570,
                      kEnded = 282, kCdr = 1168;

[[noreturn]] void die(const char* what) {
  std::perror(what);
  std::exit(1);
}

int check(int result, const char* what) {
  if (result < 0) die(what);
  return result;
}

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in a{};
  a.sin_family = AF_INET;
  a.sin_port = htons(port);
  a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return a;
}

sockaddr* any(sockaddr_in& a) {
  return reinterpret_cast<sockaddr*>(&a);
}

int bound(int type, sockaddr_in& address) {
  const int fd = check(::socket(AF_INET, type | SOCK_NONBLOCK, 0), "socket");
  address = loopback(0);
  check(::bind(fd, any(address), sizeof address), "bind");
  socklen_t size = sizeof address;
  check(::getsockname(fd, any(address), &size), "getsockname");
  return fd;
}

void watch(int epoll, int fd, std::uint32_t events, int op = EPOLL_CTL_ADD) {
  epoll_event e{};
  e.events = events;
  e.data.fd = fd;
  check(::epoll_ctl(epoll, op, fd, &e), "epoll_ctl");
}

struct Text {
  std::array<char, 4096> bytes{};
};
Text buffer;

void send_stream(int fd, std::size_t bytes) {
  (void)::send(fd, buffer.bytes.data(), bytes, MSG_NOSIGNAL);
}

/// The caller, which starts calls at a rate, and the application. One process; ends with its last call.
class Load {
 public:
  Load(int udp, int listener, sockaddr_in server, int rate, int calls)
      : udp_(udp), listener_(listener), server_(server), rate_(rate), calls_(calls) {}

  void run() {
    const int epoll = check(::epoll_create1(0), "epoll_create1");
    watch(epoll, udp_, EPOLLIN);
    watch(epoll, listener_, EPOLLIN);
    const auto start = Clock::now();
    std::array<epoll_event, 64> events{};
    while (done_ < calls_) {
      const auto elapsed = std::chrono::duration<double>(Clock::now() - start).count();
      while (started_ < calls_ && started_ < elapsed * rate_) datagram(Datagram::invite, kInvite, started_++);
      const int n = ::epoll_wait(epoll, events.data(), events.size(), 1);
      for (int i = 0; i < n; ++i) on_ready(epoll, events[static_cast<std::size_t>(i)].data.fd);
    }
  }

 private:
  void datagram(Datagram kind, std::size_t bytes, int call) {
    buffer.bytes[0] = static_cast<char>(kind);
    std::memcpy(&buffer.bytes[4], &call, sizeof call);
    (void)::sendto(udp_, buffer.bytes.data(), bytes, 0, any(server_), sizeof server_);
  }

  void on_ready(int epoll, int fd) {
    if (fd == listener_) {
      const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK);
      if (socket < 0) return;
      const int on = 1;
      ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      sessions_[socket] = 0;
      watch(epoll, socket, EPOLLIN);
    } else if (fd == udp_) {
      const ssize_t n = ::recv(udp_, in_.bytes.data(), in_.bytes.size(), 0);
      if (n <= 0) return;
      int call = 0;
      std::memcpy(&call, &in_.bytes[4], sizeof call);
      if (in_.bytes[0] == static_cast<char>(Datagram::ok)) datagram(Datagram::ack, kAck, call);
      if (in_.bytes[0] == static_cast<char>(Datagram::bye)) datagram(Datagram::bye_ok, kByeOk, call);
    } else {
      on_session(fd);
    }
  }

  /// Answers by how much has come, as an application does that reads frames.
  void on_session(int fd) {
    const ssize_t n = ::recv(fd, in_.bytes.data(), in_.bytes.size(), 0);
    if (n <= 0) {
      ::close(fd);
      sessions_.erase(fd);
      ++done_;
      return;
    }
    std::size_t& got = sessions_[fd];
    const std::size_t before = got;
    got += static_cast<std::size_t>(n);
    std::size_t mark = 0;
    const auto passes = [&](std::size_t bytes) { return mark += bytes, before < mark && got >= mark; };
    if (passes(kUpgrade)) send_stream(fd, kSwitching);
    if (passes(kFirstEvents)) send_stream(fd, kRequest);
    if (passes(kAnswerTaken + kAnswered)) send_stream(fd, kRequest);
    if (passes(kHangupTaken + kEnded + kCdr)) send_stream(fd, kCloseFrame);
  }

  const int udp_, listener_;
  sockaddr_in server_;
  const int rate_, calls_;
  int started_ = 0, done_ = 0;
  Text in_;
  std::unordered_map<int, std::size_t> sessions_;
};

/// The counted side.
class Server {
 public:
  Server(int udp, sockaddr_in application) : udp_(udp), application_(application) {
    watch(epoll_, udp_, EPOLLIN);
  }

  void run(int calls) {
    std::array<epoll_event, 64> events{};
    while (done_ < calls) {
      const int n = ::epoll_wait(epoll_, events.data(), events.size(), 2000);
      if (n == 0) die("a call got lost");
      for (int i = 0; i < n; ++i) {
        const epoll_event& e = events[static_cast<std::size_t>(i)];
        if (e.data.fd == udp_) {
          on_datagram();
        } else {
          on_stream(e.data.fd, e.events);
        }
      }
    }
  }

 private:
  enum class Step : std::uint8_t { connecting, upgrading, offered, answered, released, over };
  struct Call {
    int id = 0;
    sockaddr_in peer{};
    Step step = Step::connecting;
    std::array<int, 2> rtp{-1, -1};
  };

  void datagram(Datagram kind, std::size_t bytes, const Call& call) {
    buffer.bytes[0] = static_cast<char>(kind);
    std::memcpy(&buffer.bytes[4], &call.id, sizeof call.id);
    sockaddr_in to = call.peer;
    (void)::sendto(udp_, buffer.bytes.data(), bytes, 0, any(to), sizeof to);
  }

  void on_datagram() {
    sockaddr_in from{};
    socklen_t size = sizeof from;
    const ssize_t n = ::recvfrom(udp_, in_.bytes.data(), in_.bytes.size(), 0, any(from), &size);
    if (n <= 0) return;
    int id = 0;
    std::memcpy(&id, &in_.bytes[4], sizeof id);
    if (in_.bytes[0] == static_cast<char>(Datagram::invite)) return begin(id, from);
    const auto found = sockets_.find(id);
    if (found == sockets_.end()) return;
    if (in_.bytes[0] == static_cast<char>(Datagram::bye_ok)) {
      send_stream(found->second, kEnded);
      for (const int fd : calls_[found->second].rtp) ::close(fd);
      send_stream(found->second, kCdr);
    }
  }

  void begin(int id, const sockaddr_in& from) {
    Call call{id, from, Step::connecting, {}};
    datagram(Datagram::trying, kTrying, call);
    const int fd = check(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), "socket");
    const int on = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    (void)::connect(fd, any(application_), sizeof application_);
    watch(epoll_, fd, EPOLLIN | EPOLLOUT | EPOLLET);
    calls_[fd] = call;
    sockets_[id] = fd;
  }

  void on_stream(int fd, std::uint32_t events) {
    Call& call = calls_[fd];
    if (call.step == Step::connecting && (events & EPOLLOUT) != 0) {
      call.step = Step::upgrading;
      return send_stream(fd, kUpgrade);
    }
    if ((events & EPOLLIN) == 0) return;
    const ssize_t n = ::recv(fd, in_.bytes.data(), in_.bytes.size(), 0);
    if (n <= 0) return;
    switch (call.step) {
      case Step::upgrading:
        call.step = Step::offered;
        return send_stream(fd, kFirstEvents);
      case Step::offered:
        call.step = Step::answered;
        return answer(fd, call);
      case Step::answered:
        call.step = Step::released;
        send_stream(fd, kHangupTaken);
        return datagram(Datagram::bye, kBye, call);
      case Step::released:
        send_stream(fd, kCloseFrame);
        ::close(fd);
        sockets_.erase(call.id);
        calls_.erase(fd);
        ++done_;
        return;
      default:
        return;
    }
  }

  void answer(int fd, Call& call) {
    for (int& socket : call.rtp) {
      sockaddr_in unused{};
      socket = bound(SOCK_DGRAM, unused);
      const int room = 1 << 18;
      ::setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
    }
    send_stream(fd, kAnswerTaken);
    datagram(Datagram::ok, kOk, call);
    send_stream(fd, kAnswered);
  }

  const int udp_;
  sockaddr_in application_;
  const int epoll_ = check(::epoll_create1(0), "epoll_create1");
  int done_ = 0;
  Text in_;
  std::unordered_map<int, Call> calls_;
  std::unordered_map<int, int> sockets_;
};

double cpu_ms() {
  rusage r{};
  ::getrusage(RUSAGE_SELF, &r);
  const auto ms = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) * 1e3 + static_cast<double>(t.tv_usec) / 1e3;
  };
  return ms(r.ru_utime) + ms(r.ru_stime);
}

}  // namespace

int main(int argc, char** argv) {
  const int rate = argc > 1 ? std::atoi(argv[1]) : 300;
  const int calls = argc > 2 ? std::atoi(argv[2]) : rate * 10;
  sockaddr_in server{}, caller{}, application{};
  const int server_udp = bound(SOCK_DGRAM, server);
  const int caller_udp = bound(SOCK_DGRAM, caller);
  const int listener = bound(SOCK_STREAM, application);
  check(::listen(listener, 1024), "listen");
  const pid_t child = check(::fork(), "fork");
  if (child == 0) {
    Load(caller_udp, listener, server, rate, calls).run();
    std::_Exit(0);
  }
  const double before = cpu_ms();
  Server(server_udp, application).run(calls);
  std::printf("%d calls/s, %d calls: %.3f ms of CPU a call\n", rate, calls, (cpu_ms() - before) / calls);
  ::waitpid(child, nullptr, 0);
  return 0;
}
