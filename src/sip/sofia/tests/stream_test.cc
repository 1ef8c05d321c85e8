// TCP as peers and strangers use it: trickled, pipelined, idle, and gone before the answer.
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "sip/sofia/tests/harness.h"

namespace tandem::sip::testing {
namespace {

class RawStream {
 public:
  explicit RawStream(const model::SocketAddress& server) : fd_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(server.port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(connect(fd_, reinterpret_cast<sockaddr*>(&to), sizeof to), 0);
    const int on = 1;
    setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  }
  RawStream(const RawStream&) = delete;
  RawStream& operator=(const RawStream&) = delete;
  ~RawStream() { shut(); }
  void shut() {
    if (fd_ >= 0) close(std::exchange(fd_, -1));
  }
  void send(const std::string& text) const { ::send(fd_, text.data(), text.size(), MSG_NOSIGNAL); }
  [[nodiscard]] bool is_open() const {
    char c = 0;
    return recv(fd_, &c, 1, MSG_DONTWAIT | MSG_PEEK) < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
  }
  /// Everything until `text` has come, or what came within 5 s.
  std::string read_until(const std::string& text) {
    while (got_.find(text) == std::string::npos) {
      pollfd p{fd_, POLLIN, 0};
      std::array<char, 4096> room{};
      if (poll(&p, 1, 5000) <= 0) break;
      const ssize_t n = recv(fd_, room.data(), room.size(), 0);
      if (n <= 0) break;
      got_.append(room.data(), static_cast<std::size_t>(n));
    }
    return got_;
  }

 private:
  int fd_;
  std::string got_;
};

std::string tcp_invite(const std::string& call_id, const std::string& via = "127.0.0.1:5090") {
  const RawPeer unused({});
  RawInvite invite;
  invite.call_id = call_id;
  invite.branch = "z9hG4bK" + call_id;
  invite.via_host_port = via;
  std::string text = invite_text(unused, invite);
  return text.replace(text.find("SIP/2.0/UDP"), 11, "SIP/2.0/TCP");
}

TEST(Stream, TrickledByteByByteAndPipelined) {
  Side side(all_transports());
  RawStream slow(side.address(Transport::tcp));
  for (const char c : tcp_invite("trickle")) slow.send(std::string(1, c));
  EXPECT_EQ(side.seen().next<IncomingCall>().second.transport, Transport::tcp);
  RawStream fast(side.address(Transport::tcp));
  fast.send(tcp_invite("one") + "\r\n\r\n" + tcp_invite("two") + tcp_invite("three"));
  for (int i = 0; i < 3; ++i) side.seen().next<IncomingCall>();
}

TEST(Stream, IdleConnectionsAboveTheCapAreClosedAndOthersServed) {
  Timing timing;
  timing.max_connections = 50;
  Side side(all_transports(), timing);
  std::vector<std::unique_ptr<RawStream>> idle;
  for (int i = 0; i < 120; ++i) idle.push_back(std::make_unique<RawStream>(side.address(Transport::tcp)));
  // The cap is looked at once a second; about half of what is above it goes each time.
  std::ptrdiff_t open = 120;
  for (int i = 0; i < 500 && open > 100; ++i) {
    side.seen().none<Ended>(20ms);
    open = std::count_if(idle.begin(), idle.end(), [](const auto& s) { return s->is_open(); });
  }
  EXPECT_LE(open, 100);
  RawPeer peer(side.address());
  peer.send(invite_text(peer, {}));
  EXPECT_NE(peer.receive_with("SIP/2.0 100"), "");
}

// The INVITE of death by TCP: nobody is left to take the refusal when the ACK comes.
TEST(Stream, CallerGoneBeforeTheAnswerThenItsAck) {
  Side side(all_transports());
  int n = 0;
  for (const std::string via : {"127.0.0.1:1", "127.0.0.1:0", "255.255.255.255:5060"}) {
    const std::string call_id = "gone" + std::to_string(++n);
    const std::string invite = tcp_invite(call_id, via);
    RawStream first(side.address(Transport::tcp));
    first.send(invite);
    if (via != "127.0.0.1:0") {
      const auto id = side.seen().next<IncomingCall>().first;
      first.read_until("SIP/2.0 100");
      first.shut();
      side.agent().reject(id, 486, {}, 0, 0, {});
      side.seen().next<Ended>();
    }
    RawStream second(side.address(Transport::tcp));
    std::string ack = invite.substr(0, invite.find("Content-Type"));
    for (std::size_t at = ack.find("INVITE"); at != std::string::npos; at = ack.find("INVITE"))
      ack.replace(at, 6, "ACK");
    second.send(ack + "Content-Length: 0\r\n\r\n");
    second.send(tcp_invite("after" + call_id));
    EXPECT_NE(second.read_until("SIP/2.0 100").find("SIP/2.0 100"), std::string::npos);
    side.seen().next<IncomingCall>();
  }
}

TEST(Stream, CallSurvivesTheCallersNewConnection) {
  Side side(all_transports());
  RawStream first(side.address(Transport::tcp));
  first.send(tcp_invite("move"));
  const auto id = side.seen().next<IncomingCall>().first;
  side.agent().answer(id, sdp(5000), {});
  const std::string got = first.read_until("m=audio");
  const std::string ok = got.substr(got.find("SIP/2.0 200"));
  first.shut();
  const RawPeer unused({});
  RawInvite invite;
  invite.call_id = "move";
  const auto by_tcp = [&](const std::string& method, int cseq) {
    std::string text = dialog_request(unused, method, invite, to_tag(ok), cseq);
    return text.replace(text.find("SIP/2.0/UDP"), 11, "SIP/2.0/TCP");
  };
  RawStream second(side.address(Transport::tcp));
  second.send(by_tcp("ACK", 1) + by_tcp("BYE", 2));
  side.seen().next<Acknowledged>();
  EXPECT_EQ(side.seen().next<Ended>().second.how, LegEnd::peer_bye);
  EXPECT_NE(second.read_until("SIP/2.0 200").find("200"), std::string::npos);
}

}  // namespace
}  // namespace tandem::sip::testing
