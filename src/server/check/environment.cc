#include "server/check/environment.h"

#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <thread>

#include "store/sql/open_store.h"

namespace tandem::server {
namespace {

using Grade = Finding::Grade;

/// Errno of binding a socket there for a moment; 0 if it went well.
int try_bind(const model::SocketAddress& address, bool stream) {
  const bool v4 = address.ip.family == model::IpAddress::Family::v4;
  const int fd = ::socket(v4 ? AF_INET : AF_INET6, (stream ? SOCK_STREAM : SOCK_DGRAM) | SOCK_CLOEXEC, 0);
  if (fd < 0) return errno;
  sockaddr_storage storage{};
  socklen_t size = 0;
  if (v4) {
    sockaddr_in a{};
    a.sin_family = AF_INET, a.sin_port = htons(address.port);
    std::memcpy(&a.sin_addr, address.ip.bytes.data(), 4);
    std::memcpy(&storage, &a, size = sizeof a);
  } else {
    sockaddr_in6 a{};
    a.sin6_family = AF_INET6, a.sin6_port = htons(address.port);
    std::memcpy(&a.sin6_addr, address.ip.bytes.data(), 16);
    std::memcpy(&storage, &a, size = sizeof a);
    const int on = 1;
    ::setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
  }
  const int on = 1;
  // A server does the same; without it a port that was in use a moment ago would look taken.
  if (stream) ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  const int error = ::bind(fd, reinterpret_cast<const sockaddr*>(&storage), size) == 0 ? 0 : errno;
  ::close(fd);
  return error;
}

Finding bind_finding(std::string what, const model::SocketAddress& address, bool stream) {
  const int error = try_bind(address, stream);
  if (error == 0) return {Grade::ok, std::move(what), "can be opened"};
  if (error == EADDRINUSE)
    return {Grade::failure, std::move(what), "is in use; by a tandem that runs already?"};
  if (error == EADDRNOTAVAIL) return {Grade::failure, std::move(what), "this machine has no such address"};
  if (error == EACCES) return {Grade::failure, std::move(what), "needs more rights (ports below 1024)"};
  return {Grade::failure, std::move(what), std::strerror(error)};
}

void check_ports(const Settings& s, std::vector<Finding>& out) {
  constexpr const char* kNames[] = {"udp", "tcp", "tls"};
  for (const auto& l : s.sip.listen) {
    out.push_back(
        bind_finding(fmt::format("sip.listen {}:{}", kNames[static_cast<int>(l.transport)], l.address.str()),
                     l.address, l.transport != SipTransport::udp));
  }
  out.push_back(bind_finding("http.listen " + s.http.listen.str(), s.http.listen, true));
  for (const auto& ip : s.media.addresses) {
    // Ports of running calls may be taken; the address must be there.
    out.push_back(bind_finding("media.addresses " + ip.str(), {ip, 0}, false));
  }
  const auto calls = (s.media.port_max - s.media.port_min) / 2 + 1;
  if (s.sip.max_calls > calls) {
    out.push_back({Grade::warning, "media.port_min to media.port_max",
                   fmt::format("room for {} calls, sip.max_calls allows {}", calls, s.sip.max_calls)});
  } else {
    out.push_back(
        {Grade::ok, "media.port_min to media.port_max", fmt::format("room for {} calls at a time", calls)});
  }
}

void check_file(const char* setting, const std::string& path, std::vector<Finding>& out) {
  if (path.empty()) return;
  std::error_code error;
  if (std::filesystem::is_regular_file(path, error) && ::access(path.c_str(), R_OK) == 0) {
    out.push_back({Grade::ok, setting, path + " can be read"});
  } else {
    out.push_back({Grade::failure, setting,
                   path + ": " + (error ? error.message() : "is not a file that can be read")});
  }
}

void check_key(const char* setting, const std::string& path, std::vector<Finding>& out) {
  check_file(setting, path, out);
  struct stat info {};
  if (!path.empty() && ::stat(path.c_str(), &info) == 0 && (info.st_mode & 0007U) != 0) {
    out.push_back({Grade::warning, setting, path + " can be read by everybody on this machine; chmod 600"});
  }
}

void check_folders(const Settings& s, std::vector<Finding>& out) {
  std::error_code error;
  std::filesystem::create_directories(s.data_dir, error);
  const std::string probe = s.data_dir + "/.write-check-" + std::to_string(::getpid());
  const bool writable = !error && std::ofstream(probe).put('x').flush().good();
  ::unlink(probe.c_str());
  if (!writable) {
    out.push_back({Grade::failure, "data_dir",
                   s.data_dir + " cannot be written" + (error ? ": " + error.message() : "")});
  } else {
    const auto space = std::filesystem::space(s.data_dir, error);
    const auto free_mb = error ? 0 : space.available >> 20U;
    out.push_back({free_mb < 200 ? Grade::warning : Grade::ok, "data_dir",
                   fmt::format("{} can be written, {} MB are free", s.data_dir, free_mb)});
  }
  if (s.media.prompt_folder.empty()) return;
  const bool there = std::filesystem::is_directory(s.media.prompt_folder, error);
  out.push_back({there ? Grade::ok : Grade::failure, "media.prompt_folder",
                 s.media.prompt_folder + (there ? " is there" : " is not a folder")});
}

void check_store(const Settings& s, std::vector<Finding>& out) {
  // Looking must not make a database: a first start will.
  auto opened = store::open_store({store_url(s), false});
  if (opened) {
    const auto accounts = (*opened)->accounts();
    out.push_back({Grade::ok, "store.url",
                   fmt::format("{} opens, {} accounts", store::shown_url(store_url(s)),
                               accounts ? accounts->size() : 0)});
    return;
  }
  const auto& failure = opened.error();
  if (failure.error == store::StoreError::unavailable && failure.detail.ends_with("there is no database")) {
    out.push_back({Grade::ok, "store.url", "there is no database yet; the first start makes it"});
    return;
  }
  out.push_back(
      {Grade::failure, "store.url", fmt::format("{}: {}", to_string(failure.error), failure.detail)});
}

bool in_path(const std::string& program) {
  if (program.find('/') != std::string::npos) return ::access(program.c_str(), X_OK) == 0;
  const char* variable = std::getenv("PATH");
  std::string_view path = variable == nullptr ? "/usr/bin:/bin" : variable;
  while (!path.empty()) {
    const auto colon = std::min(path.find(':'), path.size());
    if (::access((std::string(path.substr(0, colon)) + "/" + program).c_str(), X_OK) == 0) return true;
    path.remove_prefix(std::min(colon + 1, path.size()));
  }
  return false;
}

void check_machine(const Settings& s, std::vector<Finding>& out) {
  if (in_path(s.speech.espeak_command)) {
    out.push_back({Grade::ok, "speech.espeak_command", s.speech.espeak_command + " is there"});
  } else {
    out.push_back(
        {Grade::warning, "speech.espeak_command",
         s.speech.espeak_command + " is missing: only English will be spoken (apt install espeak-ng)"});
  }
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  // Two sockets for RTP and RTCP, one WebSocket a call.
  const auto calls = files.rlim_cur / 3;
  const bool scarce = calls < 1000 || (s.sip.max_calls > 0 && calls < static_cast<rlim_t>(s.sip.max_calls));
  out.push_back({scarce ? Grade::warning : Grade::ok, "open files",
                 fmt::format("limit {}, enough for about {} calls{}", files.rlim_cur, calls,
                             scarce ? " (ulimit -n, LimitNOFILE=)" : "")});
  out.push_back({Grade::ok, "processor", fmt::format("{} cores", std::thread::hardware_concurrency())});
}

}  // namespace

std::vector<Finding> check_environment(const Settings& settings) {
  std::vector<Finding> out;
  check_folders(settings, out);
  check_store(settings, out);
  check_ports(settings, out);
  check_file("sip.tls_certificate", settings.sip.tls_certificate, out);
  check_key("sip.tls_key", settings.sip.tls_key, out);
  check_file("sip.tls_ca", settings.sip.tls_ca, out);
  check_file("http.tls_certificate", settings.http.tls_certificate, out);
  check_key("http.tls_key", settings.http.tls_key, out);
  check_file("net.ca_file", settings.net.ca_file, out);
  check_machine(settings, out);
  return out;
}

}  // namespace tandem::server
