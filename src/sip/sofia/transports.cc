#include "sip/sofia/transports.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <set>

#include "sip/sofia/message_view.h"
#include "sip/sofia/tls_files.h"

namespace tandem::sip {
namespace {

using Family = model::IpAddress::Family;

constexpr unsigned kUdpBufferBytes = 4U << 20U;  // A burst waits in the kernel rather than being lost.
constexpr unsigned kIdleConnectionMs = 120'000;  // A connection that a leg holds on to is not idle.
constexpr unsigned kPartialMessageMs = 10'000;   // A message must come in whole within this.

std::string bracketed(const model::IpAddress& ip) {
  return ip.family == Family::v6 ? "[" + ip.str() + "]" : ip.str();
}

struct Bind {
  Transport transport;
  model::IpAddress ip;
  std::uint16_t port;  // 0: any.
  bool server;
};

class Binder {
 public:
  Binder(nta_agent_t* nta, const AgentOptions& options, const TlsFolder* tls)
      : nta_(nta), options_(options), tls_(tls) {}

  // The port that was bound, or 0.
  std::uint16_t bind(const Bind& b) {
    std::set<const tport_t*> before;
    for_each_primary([&](const tport_t* tp) { before.insert(tp); });
    const std::string url = url_of(b);
    const bool is_tls = b.transport == Transport::tls;
    const unsigned verify = options_.tls_verify_server ? TPTLS_VERIFY_SUBJECTS_OUT : TPTLS_VERIFY_NONE;
    const int result = nta_agent_add_tport(
        nta_, reinterpret_cast<const url_string_t*>(url.c_str()), TPTAG_SERVER(b.server),
        TPTAG_IDLE(kIdleConnectionMs), TPTAG_TIMEOUT(kPartialMessageMs), TPTAG_QUEUESIZE(64),
        TPTAG_STUN_SERVER(0), TPTAG_PONG2PING(1), TPTAG_UDP_RMEM(kUdpBufferBytes),
        TAG_IF(is_tls && tls_ != nullptr, TPTAG_CERTIFICATE(tls_ != nullptr ? tls_->path().c_str() : "")),
        TAG_IF(is_tls, TPTAG_TLS_VERIFY_POLICY(verify)), TAG_END());
    if (result < 0) return 0;
    std::uint16_t port = 0;
    for_each_primary([&](const tport_t* tp) {
      if (before.contains(tp)) return;
      const su_addrinfo_t* ai = tport_get_address(tp);
      if (ai != nullptr && ai->ai_addr != nullptr) {
        port = address_of(*reinterpret_cast<const su_sockaddr_t*>(ai->ai_addr)).port;
      }
    });
    return b.server ? port : 1;
  }

 private:
  template <class F>
  void for_each_primary(F f) {
    for (tport_t* tp = tport_primaries(nta_agent_tports(nta_)); tp != nullptr; tp = tport_next(tp)) f(tp);
  }

  std::string url_of(const Bind& b) const {
    const bool replace = options_.advertised && b.ip.is_unspecified() && b.server;
    std::string url = b.transport == Transport::tls ? "sips:" : "sip:";
    url.append(bracketed(replace ? *options_.advertised : b.ip));
    url.append(":").append(b.port == 0 ? "*" : std::to_string(b.port));
    url.append(";transport=").append(to_string(b.transport));
    if (replace) url.append(";maddr=").append(bracketed(b.ip));
    return url;
  }

  nta_agent_t* nta_;
  const AgentOptions& options_;
  const TlsFolder* tls_;
};

// The local address that the kernel would use towards `peer`.
std::optional<model::IpAddress> route_source(const model::IpAddress& peer) {
  su_sockaddr_t to{};
  socklen_t size = 0;
  if (peer.family == Family::v6) {
    to.su_sin6.sin6_family = AF_INET6;
    std::memcpy(&to.su_sin6.sin6_addr, peer.bytes.data(), 16);
    to.su_sin6.sin6_port = htons(9);
    size = sizeof to.su_sin6;
  } else {
    to.su_sin.sin_family = AF_INET;
    std::memcpy(&to.su_sin.sin_addr, peer.bytes.data(), 4);
    to.su_sin.sin_port = htons(9);
    size = sizeof to.su_sin;
  }
  const int fd = socket(to.su_sa.sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return std::nullopt;
  su_sockaddr_t local{};
  socklen_t local_size = sizeof local;
  const bool ok = connect(fd, &to.su_sa, size) == 0 && getsockname(fd, &local.su_sa, &local_size) == 0;
  close(fd);
  return ok ? std::optional(address_of(local).ip) : std::nullopt;
}

Err<AgentFailure> cannot_listen(const AgentOptions::Listen& listen) {
  return Err(AgentFailure{AgentError::cannot_listen, std::string(to_string(listen.transport)) + " " +
                                                         listen.address.str() + ": " + std::strerror(errno)});
}

}  // namespace

Result<Transports, AgentFailure> Transports::open(nta_agent_t* nta, const AgentOptions& options) {
  Transports out;
  out.advertised_ = options.advertised;
  const bool serves_tls = std::any_of(options.listen.begin(), options.listen.end(),
                                      [](const auto& l) { return l.transport == Transport::tls; });
  if (serves_tls && options.tls_certificate_file.empty()) {
    return Err(AgentFailure{AgentError::bad_tls_files, "TLS needs tls_certificate_file and tls_key_file"});
  }
  auto folder = TlsFolder::make(options);
  if (!folder) return Err(folder.error());
  Binder binder(nta, options, &folder.value());

  for (const auto& listen : options.listen) {
    std::uint16_t port = 0;
    if (listen.address.port == 0 && listen.transport != Transport::tls) {
      // UDP and TCP of one address share a port where that works.
      const auto sibling = std::find_if(out.listening_.begin(), out.listening_.end(), [&](const auto& l) {
        return l.address.ip == listen.address.ip && l.transport != Transport::tls &&
               l.transport != listen.transport;
      });
      if (sibling != out.listening_.end()) {
        port = binder.bind({listen.transport, listen.address.ip, sibling->address.port, true});
      }
    }
    if (port == 0) port = binder.bind({listen.transport, listen.address.ip, listen.address.port, true});
    if (port == 0) return cannot_listen(listen);
    out.listening_.push_back({listen.transport, {listen.address.ip, port}});
  }

  // Outbound-only transports: TCP and TLS towards peers although nobody may connect to us by them.
  std::set<model::IpAddress> ips;
  for (const auto& l : out.listening_) ips.insert(l.address.ip);
  for (const auto& ip : ips) {
    for (const Transport t : {Transport::tcp, Transport::tls}) {
      const bool present = std::any_of(out.listening_.begin(), out.listening_.end(), [&](const auto& l) {
        return l.transport == t && l.address.ip.family == ip.family;
      });
      if (!present) binder.bind({t, ip, 0, false});
    }
  }
  return out;
}

std::string Transports::contact_uri(Transport transport, const model::IpAddress& peer) const {
  const Agent::Listening* best = nullptr;
  int best_score = -1;
  for (const auto& l : listening_) {
    const int score = (l.address.ip.family == peer.family ? 4 : 0) + (l.transport == transport ? 2 : 0) +
                      (l.address.ip.is_loopback() == peer.is_loopback() ? 1 : 0);
    if (score > best_score) {
      best = &l;
      best_score = score;
    }
  }
  if (best == nullptr) return "sip:invalid.invalid";
  model::IpAddress ip = best->address.ip;
  if (ip.is_unspecified()) ip = advertised_ ? *advertised_ : route_source(peer).value_or(ip);
  std::string out = "sip:" + bracketed(ip) + ":" + std::to_string(best->address.port);
  if (best->transport != Transport::udp) out.append(";transport=").append(to_string(best->transport));
  return out;
}

void Transports::close_excess(nta_agent_t* nta, std::size_t most,
                              const std::function<bool(const tport_t*)>& in_use) {
  for (tport_t* tp = tport_primaries(nta_agent_tports(nta)); tp != nullptr; tp = tport_next(tp)) {
    if (tport_is_dgram(tp) != 0) continue;
    // The library keeps connections in a balanced tree and lets us walk only from its root upwards: about
    // half of them. That half is held to half of the cap; the tree balances itself as it shrinks.
    std::vector<tport_t*> seen;
    for (tport_t* c = tport_secondary(tp); c != nullptr; c = tport_next(c)) seen.push_back(c);
    std::size_t kept = 0;
    for (tport_t* c : seen) {
      if (++kept > most / 2 + 1 && !in_use(c)) tport_shutdown(c, 2);
    }
  }
}

Transport transport_of(const tport_t* tport) {
  if (tport == nullptr) return Transport::udp;
  if (tport_has_tls(tport) != 0) return Transport::tls;
  return tport_is_tcp(tport) != 0 ? Transport::tcp : Transport::udp;
}

TargetHint target_hint(const std::string& uri) {
  TargetHint out;
  auto* home = static_cast<su_home_t*>(su_home_new(sizeof(su_home_t)));
  const url_t* url = url_make(home, uri.c_str());
  if (url != nullptr) {
    std::array<char, 16> name{};
    if (url->url_type == url_sips) out.transport = Transport::tls;
    if (url_param(url->url_params, "transport", name.data(), name.size()) > 0) {
      if (su_casematch(name.data(), "tcp") != 0) out.transport = Transport::tcp;
      if (su_casematch(name.data(), "tls") != 0) out.transport = Transport::tls;
    }
    if (url->url_host != nullptr) out.ip = model::IpAddress::parse(url->url_host);
  }
  su_home_unref(home);
  return out;
}

}  // namespace tandem::sip
