#include "sip/sofia/tests/name_server.h"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "base/random.h"

namespace tandem::sip::testing {
namespace {

constexpr int kTypeA = 1;
constexpr int kTypeSrv = 33;

std::string u16(unsigned v) {
  return {static_cast<char>(v >> 8U), static_cast<char>(v & 0xffU)};
}

std::string encode_name(const std::string& name) {
  std::string out;
  for (std::size_t at = 0; at < name.size();) {
    const std::size_t end = std::min(name.find('.', at), name.size());
    out.push_back(static_cast<char>(end - at));
    out += name.substr(at, end - at);
    at = end + 1;
  }
  return out + std::string(1, '\0');
}

std::string record(int type, const std::string& data) {
  return "\xc0\x0c" + u16(static_cast<unsigned>(type)) + u16(1) + u16(0) + u16(300) +
         u16(static_cast<unsigned>(data.size())) + data;
}

}  // namespace

NameServer::NameServer(std::map<std::string, std::vector<Srv>> services)
    : services_(std::move(services)), fd_(socket(AF_INET, SOCK_DGRAM, 0)) {
  sockaddr_in self{};
  self.sin_family = AF_INET;
  self.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  bind(fd_, reinterpret_cast<sockaddr*>(&self), sizeof self);
  socklen_t size = sizeof self;
  getsockname(fd_, reinterpret_cast<sockaddr*>(&self), &size);
  config_ = (std::filesystem::temp_directory_path() / ("resolv-" + random_hex(8))).string();
  std::ofstream(config_) << "nameserver 127.0.0.1\nport " << ntohs(self.sin_port) << "\n";
  thread_ = std::thread([this] { serve(); });
}

NameServer::~NameServer() {
  stop_ = true;
  thread_.join();
  close(fd_);
  std::filesystem::remove(config_);
}

void NameServer::serve() {
  while (!stop_) {
    pollfd p{fd_, POLLIN, 0};
    if (poll(&p, 1, 20) <= 0) continue;
    std::array<char, 1500> room{};
    sockaddr_in from{};
    socklen_t size = sizeof from;
    const ssize_t n = recvfrom(fd_, room.data(), room.size(), 0, reinterpret_cast<sockaddr*>(&from), &size);
    if (n < 17) continue;
    const std::string out = answer({room.data(), static_cast<std::size_t>(n)});
    sendto(fd_, out.data(), out.size(), 0, reinterpret_cast<sockaddr*>(&from), size);
  }
}

std::string NameServer::answer(const std::string& query) const {
  std::string name;
  std::size_t at = 12;
  while (at < query.size() && query[at] != 0) {
    const auto length = static_cast<std::size_t>(static_cast<unsigned char>(query[at]));
    if (!name.empty()) name.push_back('.');
    name += query.substr(at + 1, length);
    at += length + 1;
  }
  const int type = static_cast<unsigned char>(query.at(at + 2));
  std::vector<std::string> answers;
  if (type == kTypeSrv) {
    const auto found = services_.find(name);
    if (found != services_.end()) {
      for (const Srv& s : found->second) {
        answers.push_back(record(kTypeSrv, u16(s.priority) + u16(1) + u16(s.port) + encode_name(s.target)));
      }
    }
  } else if (type == kTypeA) {
    answers.push_back(record(kTypeA, std::string("\x7f\0\0\x01", 4)));
  }
  std::string out = query.substr(0, 2) + std::string("\x85\x80", 2) + u16(1) +
                    u16(static_cast<unsigned>(answers.size())) + u16(0) + u16(0) +
                    query.substr(12, at + 5 - 12);
  for (const auto& a : answers) out += a;
  return out;
}

}  // namespace tandem::sip::testing
