#include "sip/sofia/tests/harness.h"

#include <arpa/inet.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <filesystem>

#include "base/random.h"

namespace tandem::sip::testing {

void Recorder::on_incoming(IncomingCall call) {
  const CallId id = call.id;
  add(id, std::move(call));
}

Side::Side(AgentOptions options, Timing timing) : loop_("observer", clock_) {
  auto made = make_sofia_agent({std::move(options), timing, seen_, loop_, clock_, Log{}, metrics_});
  if (!made) {
    ADD_FAILURE() << made.error().detail;
    std::abort();
  }
  agent_ = std::move(*made);
}

Side::~Side() {
  agent_.reset();
}

model::SocketAddress Side::address(Transport t) const {
  for (const auto& l : agent_->listening()) {
    if (l.transport == t) return l.address;
  }
  return {};
}

std::string Side::uri(Transport t, const std::string& user) const {
  const std::string suffix = t == Transport::udp ? "" : ";transport=" + std::string(to_string(t));
  return "sip:" + user + "@" + address(t).str() + suffix;
}

CallId Side::call(const std::string& target, std::optional<model::SessionDescription> offer,
                  std::function<void(OutboundCall&)> change) {
  OutboundCall c;
  c.id = CallId::make();
  c.target_uri = target;
  c.from_uri = "sip:alice@127.0.0.1";
  c.from_display_name = "Alice \"A\"";
  c.offer = std::move(offer);
  if (change) change(c);
  const CallId id = c.id;
  agent_->invite(std::move(c));
  return id;
}

AgentOptions udp_options(const std::string& ip) {
  AgentOptions o;
  o.listen = {{Transport::udp, {*model::IpAddress::parse(ip), 0}}};
  return o;
}

AgentOptions all_transports(const std::string& ip) {
  AgentOptions o = udp_options(ip);
  o.listen.push_back({Transport::tcp, {*model::IpAddress::parse(ip), 0}});
  return o;
}

model::SessionDescription sdp(std::uint16_t port, std::uint64_t version, const std::string& direction) {
  const std::string text = "v=0\r\no=- 1 " + std::to_string(version) +
                           " IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio " +
                           std::to_string(port) + " RTP/AVP 0\r\na=" + direction + "\r\n";
  auto parsed = parse_sdp(text);
  EXPECT_TRUE(parsed.has_value());
  return std::move(*parsed);
}

Timing quick() {
  Timing t;
  t.t1 = 50ms;
  t.t2 = 400ms;
  t.t4 = 500ms;
  t.t1x64 = 1600ms;
  t.connect_deadline = 1000ms;
  t.offer_deadline = 500ms;
  return t;
}

// ---- Certificates.

namespace {

EVP_PKEY* new_key() {
  return EVP_EC_gen("P-256");
}

X509* new_certificate(EVP_PKEY* key, const std::string& name, X509* issuer, EVP_PKEY* issuer_key,
                      const char* san) {
  X509* x = X509_new();
  X509_set_version(x, 2);
  ASN1_INTEGER_set_uint64(X509_get_serialNumber(x), random_u64() >> 2U);
  X509_gmtime_adj(X509_getm_notBefore(x), -60);
  X509_gmtime_adj(X509_getm_notAfter(x), 86'400);
  X509_NAME* subject = X509_get_subject_name(x);
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  X509_set_issuer_name(x, issuer == nullptr ? subject : X509_get_subject_name(issuer));
  X509_set_pubkey(x, key);
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer == nullptr ? x : issuer, x, nullptr, nullptr, 0);
  const auto add = [&](int nid, const char* value) {
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value);
    if (extension == nullptr) return;
    X509_add_ext(x, extension, -1);
    X509_EXTENSION_free(extension);
  };
  add(NID_basic_constraints, issuer == nullptr ? "critical,CA:TRUE" : "CA:FALSE");
  if (san != nullptr) add(NID_subject_alt_name, san);
  X509_sign(x, issuer == nullptr ? key : issuer_key, EVP_sha256());
  return x;
}

void write_pem(const std::string& path, X509* cert, EVP_PKEY* key) {
  FILE* f = std::fopen(path.c_str(), "wb");
  if (cert != nullptr) PEM_write_X509(f, cert);
  if (key != nullptr) PEM_write_PrivateKey(f, key, nullptr, nullptr, 0, nullptr, nullptr);
  std::fclose(f);
}

}  // namespace

TestCertificate::TestCertificate(const std::string& ip, const std::string& common_name) {
  std::string pattern = (std::filesystem::temp_directory_path() / "sip-test-XXXXXX").string();
  folder = mkdtemp(pattern.data());
  certificate = folder + "/cert.pem";
  key = folder + "/key.pem";
  authority = folder + "/ca.pem";
  EVP_PKEY* ca_key = new_key();
  X509* ca = new_certificate(ca_key, "Test CA", nullptr, nullptr, nullptr);
  EVP_PKEY* leaf_key = new_key();
  const std::string san = "DNS:" + ip + ",IP:" + ip + ",URI:sip:" + ip;
  X509* leaf = new_certificate(leaf_key, common_name, ca, ca_key, san.c_str());
  write_pem(authority, ca, nullptr);
  write_pem(certificate, leaf, nullptr);
  write_pem(key, nullptr, leaf_key);
  X509_free(leaf);
  X509_free(ca);
  EVP_PKEY_free(leaf_key);
  EVP_PKEY_free(ca_key);
}

TestCertificate::~TestCertificate() {
  std::filesystem::remove_all(folder);
}

// ---- The raw peer.

namespace {

sockaddr_in to_sockaddr(const model::SocketAddress& a) {
  sockaddr_in out{};
  out.sin_family = AF_INET;
  std::copy_n(a.ip.bytes.begin(), 4, reinterpret_cast<std::uint8_t*>(&out.sin_addr));
  out.sin_port = htons(a.port);
  return out;
}

}  // namespace

RawPeer::RawPeer(const model::SocketAddress& server) : fd_(socket(AF_INET, SOCK_DGRAM, 0)) {
  self_.ip = *model::IpAddress::parse("127.0.0.1");
  auto address = to_sockaddr(self_);
  EXPECT_EQ(bind(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  socklen_t size = sizeof address;
  getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size);
  self_.port = ntohs(address.sin_port);
  if (server.port == 0) return;
  auto peer = to_sockaddr(server);
  EXPECT_EQ(connect(fd_, reinterpret_cast<sockaddr*>(&peer), sizeof peer), 0);
}

RawPeer::~RawPeer() {
  close(fd_);
}

void RawPeer::send(const std::string& message) const {
  ::send(fd_, message.data(), message.size(), 0);
}

std::string RawPeer::receive(std::chrono::milliseconds limit) const {
  pollfd p{fd_, POLLIN, 0};
  if (poll(&p, 1, static_cast<int>(limit.count())) <= 0) return {};
  std::array<char, 65'536> room{};
  sockaddr_in from{};
  socklen_t size = sizeof from;
  const ssize_t n = recvfrom(fd_, room.data(), room.size(), 0, reinterpret_cast<sockaddr*>(&from), &size);
  if (n <= 0) return {};
  connect(fd_, reinterpret_cast<sockaddr*>(&from), size);  // A server peer answers whoever called it.
  return {room.data(), static_cast<std::size_t>(n)};
}

std::string RawPeer::receive_with(const std::string& text, std::chrono::milliseconds limit) const {
  const auto end = std::chrono::steady_clock::now() + limit;
  for (;;) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
    if (left.count() <= 0) return {};
    const std::string message = receive(left);
    if (message.substr(0, message.find("\r\n")).find(text) != std::string::npos) return message;
  }
}

std::string RawPeer::host_port() const {
  return self_.str();
}

std::string invite_text(const RawPeer& peer, const RawInvite& i) {
  std::string out =
      "INVITE sip:100@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP " +
      (i.via_host_port.empty() ? peer.host_port() : i.via_host_port) + i.via_extra + ";branch=" + i.branch +
      "\r\nFrom: \"Bob\" <sip:bob@127.0.0.1>;tag=" + i.from_tag +
      "\r\nTo: <sip:100@127.0.0.1>\r\nCall-ID: " + i.call_id + "\r\nCSeq: " + std::to_string(i.cseq) +
      " INVITE\r\nMax-Forwards: 70\r\nContact: <sip:bob@" + peer.host_port() + ">\r\n" + i.extra;
  if (!i.body.empty()) out += "Content-Type: application/sdp\r\n";
  return out + "Content-Length: " + std::to_string(i.body.size()) + "\r\n\r\n" + i.body;
}

std::string dialog_request(const RawPeer& peer, const std::string& method, const RawInvite& i,
                           const std::string& tag, int cseq, const std::string& extra,
                           const std::string& body, const std::string& branch) {
  return method + " sip:100@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP " + peer.host_port() +
         ";branch=" + (branch.empty() ? "z9hG4bK" + method + std::to_string(cseq) + random_hex(4) : branch) +
         "\r\nFrom: \"Bob\" <sip:bob@127.0.0.1>;tag=" + i.from_tag + "\r\nTo: <sip:100@127.0.0.1>" +
         (tag.empty() ? "" : ";tag=" + tag) + "\r\nCall-ID: " + i.call_id +
         "\r\nCSeq: " + std::to_string(cseq) + " " + method + "\r\nMax-Forwards: 70\r\n" + extra +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

std::string header(const std::string& message, const std::string& name) {
  const std::size_t at = message.find("\r\n" + name + ": ");
  if (at == std::string::npos) return {};
  const std::size_t start = at + name.size() + 4;
  return message.substr(start, message.find("\r\n", start) - start);
}

void drain(Side& side, const RawPeer& peer) {
  side.agent().set_draining(true);
  std::string told;
  for (int cseq = 1; cseq < 1000 && !told.starts_with("SIP/2.0 503"); ++cseq) {
    peer.send(dialog_request(peer, "OPTIONS", {}, "", cseq));
    do {
      told = peer.receive();
    } while (!told.empty() && header(told, "CSeq").find("OPTIONS") == std::string::npos);
  }
}

std::string to_tag(const std::string& message) {
  const std::string to = header(message, "To");
  const std::size_t at = to.find(";tag=");
  return at == std::string::npos ? std::string() : to.substr(at + 5);
}

}  // namespace tandem::sip::testing

// The packaged Sofia-SIP lets go of connections' TLS objects only with the process when an agent is
// destroyed.
extern "C" const char* __lsan_default_suppressions();  // NOLINT: the sanitizer's name.
extern "C" const char* __lsan_default_suppressions() {
  return "leak:libcrypto.so\nleak:libssl.so\n";
}  // NOLINT
