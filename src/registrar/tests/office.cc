#include "registrar/tests/office.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <future>

namespace tandem::registrar::testing {

using sip::DigestAlgorithm;

Users::Users() {
  add("acme.example", "alice", "pass");
  add("acme.example", "bob", "word");
  add("trunk.example", "pbx", "deep", true);
}

void Users::add(const std::string& realm, const std::string& user, const std::string& password, bool trunk) {
  sip::Secrets s;
  s.ha1_md5 = sip::digest_ha1(DigestAlgorithm::md5, user, realm, password);
  s.ha1_sha256 = sip::digest_ha1(DigestAlgorithm::sha256, user, realm, password);
  s.account_id = model::AccountId("AC1");
  if (trunk) s.trunk_id = model::TrunkId("TK1");
  users_[realm + "\n" + user] = s;
}

bool Users::is_realm(std::string_view host) const {
  return host == "acme.example" || host == "trunk.example";
}

std::optional<sip::Secrets> Users::find(std::string_view realm, std::string_view username) const {
  const auto found = users_.find(std::string(realm) + "\n" + std::string(username));
  return found == users_.end() ? std::nullopt : std::optional(found->second);
}

void Happenings::on_endpoint(EndpointEvent event) {
  std::string text = event.endpoint.user + " " + std::string(to_string(event.change));
  if (event.reason != UnregisterReason::none) text += " " + std::string(to_string(event.reason));
  text += " " + std::to_string(event.endpoint.contacts.size());
  const std::lock_guard lock(mutex_);
  events_.push_back(std::move(text));
  changed_.notify_all();
}

std::string Happenings::next(std::chrono::milliseconds limit) {
  std::unique_lock lock(mutex_);
  if (!changed_.wait_for(lock, limit, [this] { return !events_.empty(); })) return "nothing";
  std::string out = std::move(events_.front());
  events_.pop_front();
  return out;
}

OfficeOptions office_options() {
  OfficeOptions out;
  out.agent = sip::testing::all_transports();
  out.registrar.probe_interval = 0ms;
  return out;
}

Office::Office(OfficeOptions options)
    : registrar_(std::make_unique<Registrar>(options.registrar)), control_("control", clock_) {
  auto made = sip::make_agent(options.agent, calls_, control_, clock_, Log{}, metrics_);
  if (!made) {
    ADD_FAILURE() << made.error().detail;
    std::abort();
  }
  agent_ = std::move(*made);
  on_control([this] { registrar_->bind({*agent_, *agent_, location_, events_, control_, Log{}, metrics_}); });
  agent_->serve_registrar(users_, *registrar_, options.access);
}

Office::~Office() {
  agent_.reset();
  on_control([this] { registrar_.reset(); });
}

void Office::on_control(Function<void()> task) {
  std::promise<void> done;
  control_.post([&, t = std::move(task)]() mutable {
    t();
    done.set_value();
  });
  done.get_future().wait();
}

model::SocketAddress Office::address(sip::Transport t) const {
  for (const auto& l : agent_->listening()) {
    if (l.transport == t) return l.address;
  }
  return {};
}

std::optional<cluster::Endpoint> Office::endpoint(const std::string& user) {
  std::optional<cluster::Endpoint> out;
  on_control([&] {
    if (const auto* found = location_.find(user, "acme.example")) out = *found;
  });
  return out;
}

sip::OutsideResult Office::ask(sip::OutsideRequest request) {
  std::promise<sip::OutsideResult> done;
  agent_->send(std::move(request), [&done](sip::OutsideResult r) { done.set_value(std::move(r)); });
  return done.get_future().get();
}

std::string text_of(const Words& w) {
  static std::atomic<int> branch{0};
  const std::string to = "sip:" + w.user + "@" + w.domain;
  std::string target = w.method == "REGISTER" ? "sip:" + w.domain : "sip:hotline@" + w.domain;
  std::string out = w.method + " " + target + " SIP/2.0\r\nVia: " + w.via + ";rport;branch=z9hG4bKw" +
                    std::to_string(++branch) + "\r\nMax-Forwards: 70\r\nFrom: <" +
                    (w.from.empty() ? to : w.from) + ">;tag=ft" + w.call_id + "\r\nTo: <" +
                    (w.method == "REGISTER" ? to : target) + ">\r\nCall-ID: " + w.call_id +
                    "\r\nCSeq: " + std::to_string(w.cseq) + " " + w.method + "\r\n";
  return out + w.extra + "Content-Length: 0\r\n\r\n";
}

std::string proof(const std::string& challenge, const std::string& user, const std::string& password,
                  const std::string& method, std::uint32_t count, const std::string& algorithm) {
  static constexpr std::string_view kName = "WWW-Authenticate: ";
  std::vector<std::string> values;
  for (std::size_t at = challenge.find(kName); at != std::string::npos; at = challenge.find(kName, at + 1)) {
    const std::size_t start = at + kName.size();
    const std::string value = challenge.substr(start, challenge.find("\r\n", start) - start);
    if (algorithm.empty() || value.find("algorithm=" + algorithm + ",") != std::string::npos)
      values.push_back(value);
  }
  const std::string uri = method == "REGISTER" ? "sip:acme.example" : "sip:hotline@acme.example";
  const auto answer = sip::answer_digest(values, {user, password, "", method, uri, "", count, ""});
  return answer ? "Authorization: " + answer->authorization + "\r\n" : "";
}

Stream::Stream(const model::SocketAddress& server) : fd_(socket(AF_INET, SOCK_STREAM, 0)) {
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(server.port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(connect(fd_, reinterpret_cast<sockaddr*>(&to), sizeof to), 0);
}

Stream::~Stream() {
  shut();
}

void Stream::shut() {
  if (fd_ >= 0) close(std::exchange(fd_, -1));
}

void Stream::send(const std::string& text) const {
  ::send(fd_, text.data(), text.size(), MSG_NOSIGNAL);
}

std::string Stream::read_until(const std::string& text) {
  while (got_.find(text) == std::string::npos) {
    pollfd p{fd_, POLLIN, 0};
    std::array<char, 4096> room{};
    if (poll(&p, 1, 5000) <= 0) break;
    const ssize_t n = recv(fd_, room.data(), room.size(), 0);
    if (n <= 0) break;
    got_.append(room.data(), static_cast<std::size_t>(n));
  }
  return std::exchange(got_, {});
}

}  // namespace tandem::registrar::testing
