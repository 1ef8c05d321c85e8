#include "net/tests/support.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>
#include <stdexcept>

#include "net/ws_handshake.h"

namespace tandem::net::test {

void Peer::start() {
  WebSocket::Handlers handlers;
  handlers.on_text = [t = texts](std::string text) { t->push(std::move(text)); };
  handlers.on_close = [c = closes](std::uint16_t code, std::string reason) {
    c->push({code, std::move(reason)});
  };
  handlers.on_writable = [w = writable] { w->push(1); };
  socket->start(std::move(handlers));
}

AddressPolicy loopback_allowed() {
  return AddressPolicy({*model::IpBlock::parse("127.0.0.0/8"), *model::IpBlock::parse("::1")});
}

Connected connect(Client& client, ConnectRequest request, HeaderMaker extra) {
  auto promise = std::make_shared<std::promise<Connected>>();
  client.connect(std::move(request), std::move(extra),
                 [promise](Connected c) { promise->set_value(std::move(c)); });
  return promise->get_future().get();
}

Peer connect_peer(Client& client, ConnectRequest request) {
  auto connected = connect(client, std::move(request));
  if (!connected) throw std::runtime_error(connected.error().detail);
  Peer peer;
  peer.socket = std::move(*connected);
  peer.start();
  return peer;
}

Fetched fetch(Client& client, FetchRequest request) {
  auto promise = std::make_shared<std::promise<Fetched>>();
  client.fetch(std::move(request), [promise](Fetched f) { promise->set_value(std::move(f)); });
  return promise->get_future().get();
}

namespace {

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

}  // namespace

RawServer::RawServer(std::function<void(int)> script) {
  listener_ = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(listener_, 16) != 0) {
    throw std::runtime_error("cannot listen");
  }
  ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this, s = std::move(script)] {
    while (true) {
      const int fd = ::accept(listener_, nullptr, nullptr);
      if (fd < 0) return;
      s(fd);
      ::close(fd);
    }
  });
}

RawServer::~RawServer() {
  ::shutdown(listener_, SHUT_RDWR);
  thread_.join();
  ::close(listener_);
}

std::string RawServer::url(const std::string& scheme, const std::string& path) const {
  return scheme + "://127.0.0.1:" + std::to_string(port_) + path;
}

std::string read_until(int fd, const std::string& end) {
  std::string out;
  char c = 0;
  while (!out.ends_with(end) && ::recv(fd, &c, 1, 0) == 1) out.push_back(c);
  return out;
}

std::string read_to_end(int fd) {
  std::string out;
  std::array<char, 4096> block;
  for (ssize_t n = 0; (n = ::recv(fd, block.data(), block.size(), 0)) > 0;) {
    out.append(block.data(), static_cast<std::size_t>(n));
  }
  return out;
}

void write_all(int fd, const std::string& bytes) {
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t n = ::send(fd, bytes.data() + done, bytes.size() - done, MSG_NOSIGNAL);
    if (n <= 0) return;
    done += static_cast<std::size_t>(n);
  }
}

std::function<void(int)> answering(std::string response) {
  return [r = std::move(response)](int fd) {
    read_until(fd, "\r\n\r\n");
    write_all(fd, r);
  };
}

int connect_raw(const model::SocketAddress& address) {
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  const timeval patience{10, 0};
  ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  sockaddr_in to = loopback(address.port);
  if (::connect(fd, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0)
    throw std::runtime_error("cannot connect");
  return fd;
}

void accept_websocket(int fd, const std::string& more_headers) {
  const std::string head = read_until(fd, "\r\n\r\n");
  const std::string name = "Sec-WebSocket-Key: ";
  const std::string key = head.substr(head.find(name) + name.size(), 24);
  write_all(fd,
            "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: "
            "websocket\r\nSec-WebSocket-Accept: " +
                ws_accept(key) + "\r\n" + more_headers + "\r\n");
}

int open_websocket_raw(const model::SocketAddress& address, const std::string& target,
                       const std::string& more_headers) {
  const int fd = connect_raw(address);
  write_all(fd, "GET " + target +
                    " HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
                    more_headers + "\r\n");
  const std::string head = read_until(fd, "\r\n\r\n");
  if (!head.starts_with("HTTP/1.1 101")) throw std::runtime_error(head);
  return fd;
}

namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Cert = std::unique_ptr<X509, decltype(&X509_free)>;

void extend(X509* certificate, X509* issuer, int id, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, id, value.c_str());
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

Cert make_certificate(const Key& key, const std::string& name, X509* issuer, const Key& issuer_key,
                      int extension, const std::string& value) {
  Cert out(X509_new(), &X509_free);
  X509_set_version(out.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(out.get()), issuer == nullptr ? 1 : 2);
  X509_gmtime_adj(X509_getm_notBefore(out.get()), -3600);
  X509_gmtime_adj(X509_getm_notAfter(out.get()), 3600);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(out.get()), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  X509* by = issuer == nullptr ? out.get() : issuer;
  X509_set_issuer_name(out.get(), X509_get_subject_name(by));
  X509_set_pubkey(out.get(), key.get());
  extend(out.get(), by, extension, value);
  X509_sign(out.get(), issuer_key.get(), EVP_sha256());
  return out;
}

void save(const std::filesystem::path& path, const std::function<void(std::FILE*)>& write) {
  std::FILE* file = std::fopen(path.c_str(), "w");
  write(file);
  std::fclose(file);
}

}  // namespace

Certificates::Certificates(const std::string& names) {
  std::string pattern = (std::filesystem::temp_directory_path() / "tandem-net-XXXXXX").string();
  folder_ = ::mkdtemp(pattern.data());
  const Key ca_key(EVP_EC_gen("P-256"), &EVP_PKEY_free);
  const Key server_key(EVP_EC_gen("P-256"), &EVP_PKEY_free);
  const Cert root =
      make_certificate(ca_key, "Test CA", nullptr, ca_key, NID_basic_constraints, "critical,CA:TRUE");
  const Cert leaf = make_certificate(server_key, "server", root.get(), ca_key, NID_subject_alt_name, names);
  save(folder_ / "ca.pem", [&](std::FILE* f) { PEM_write_X509(f, root.get()); });
  save(folder_ / "cert.pem", [&](std::FILE* f) { PEM_write_X509(f, leaf.get()); });
  save(folder_ / "key.pem", [&](std::FILE* f) {
    PEM_write_PrivateKey(f, server_key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  });
}

Certificates::~Certificates() {
  std::filesystem::remove_all(folder_);
}

}  // namespace tandem::net::test
