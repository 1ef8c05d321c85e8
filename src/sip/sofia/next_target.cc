#include "sip/sofia/next_target.h"

#include <algorithm>
#include <array>

#include "model/socket_address.h"

namespace tandem::sip {

struct NextTarget::Search {
  struct Server {
    std::string host;
    std::uint16_t port = 0;
  };
  NextTarget* owner = nullptr;
  sres_query_t* query = nullptr;
  Transport transport = Transport::udp;
  std::vector<std::string> tried;
  std::vector<Server> servers;  // Best first.
  std::size_t index = 0;
  bool v6 = false;  // Asking for AAAA of the server at `index`.
  Function<void(std::string)> found;
};

namespace {

constexpr std::size_t kMaxServers = 16;

std::string host_of(const std::string& uri, bool& has_port) {
  auto* home = static_cast<su_home_t*>(su_home_new(sizeof(su_home_t)));
  const url_t* url = url_make(home, uri.c_str());
  std::string out = url != nullptr && url->url_host != nullptr ? url->url_host : "";
  has_port = url != nullptr && url->url_port != nullptr && *url->url_port != '\0';
  su_home_unref(home);
  return out;
}

std::string srv_name(const std::string& host, Transport transport) {
  switch (transport) {
    case Transport::tls:
      return "_sips._tcp." + host;
    case Transport::tcp:
      return "_sip._tcp." + host;
    case Transport::udp:
      break;
  }
  return "_sip._udp." + host;
}

}  // namespace

NextTarget::NextTarget(su_root_t* root, std::string resolver_config)
    : root_(root), config_(std::move(resolver_config)) {}

NextTarget::~NextTarget() {
  for (const auto& search : searches_) {
    if (search->query != nullptr) sres_query_bind(search->query, nullptr, nullptr);
  }
  if (resolver_ != nullptr) sres_resolver_destroy(resolver_);
}

bool NextTarget::possible(const std::string& uri) {
  bool has_port = false;
  const std::string host = host_of(uri, has_port);
  return !host.empty() && !has_port && !model::IpAddress::parse(host);
}

void NextTarget::find(const std::string& uri, Transport transport, std::vector<std::string> tried,
                      Function<void(std::string)> found) {
  searches_.push_back(std::make_unique<Search>());
  Search& search = *searches_.back();
  search.owner = this;
  search.transport = transport;
  search.tried = std::move(tried);
  search.found = std::move(found);
  if (resolver_ == nullptr) {
    resolver_ = sres_resolver_create(root_, config_.empty() ? nullptr : config_.c_str(), TAG_END());
  }
  bool has_port = false;
  const std::string name = srv_name(host_of(uri, has_port), transport);
  if (resolver_ != nullptr) {
    search.query = sres_query(resolver_, &NextTarget::on_servers, reinterpret_cast<sres_context_t*>(&search),
                              sres_type_srv, name.c_str());
  }
  if (search.query == nullptr) finish(search, {});
}

void NextTarget::on_servers(sres_context_t* context, sres_query_t*, sres_record_t** answers) noexcept {
  auto* search = reinterpret_cast<Search*>(context);
  NextTarget& self = *search->owner;
  search->query = nullptr;
  sres_sort_answers(self.resolver_, answers);
  for (std::size_t i = 0; answers != nullptr && answers[i] != nullptr; ++i) {
    const sres_srv_record_t* srv = answers[i]->sr_srv;
    if (answers[i]->sr_record->r_type != sres_type_srv || answers[i]->sr_record->r_status != SRES_OK)
      continue;
    if (search->servers.size() >= kMaxServers || srv->srv_target == nullptr) break;
    std::string host = srv->srv_target;
    if (host.ends_with('.')) host.pop_back();
    if (!host.empty()) search->servers.push_back({std::move(host), srv->srv_port});
  }
  sres_free_answers(self.resolver_, answers);
  self.ask(*search);
}

void NextTarget::ask(Search& search) {
  for (; search.index < search.servers.size(); ++search.index, search.v6 = false) {
    const std::string name = search.servers[search.index].host + ".";
    search.query = sres_query(resolver_, &NextTarget::on_address, reinterpret_cast<sres_context_t*>(&search),
                              search.v6 ? sres_type_aaaa : sres_type_a, name.c_str());
    if (search.query != nullptr) return;
  }
  finish(search, {});
}

void NextTarget::on_address(sres_context_t* context, sres_query_t*, sres_record_t** answers) noexcept {
  auto* search = reinterpret_cast<Search*>(context);
  NextTarget& self = *search->owner;
  search->query = nullptr;
  const Search::Server& server = search->servers[search->index];
  std::string uri;
  bool any = false;
  for (std::size_t i = 0; answers != nullptr && answers[i] != nullptr && uri.empty(); ++i) {
    const auto* record = answers[i]->sr_record;
    if (record->r_status != SRES_OK) continue;
    model::SocketAddress address;
    address.port = server.port;
    if (record->r_type == sres_type_a) {
      std::copy_n(reinterpret_cast<const std::uint8_t*>(&answers[i]->sr_a->a_addr), 4,
                  address.ip.bytes.begin());
    } else if (record->r_type == sres_type_aaaa) {
      address.ip.family = model::IpAddress::Family::v6;
      std::copy_n(reinterpret_cast<const std::uint8_t*>(&answers[i]->sr_aaaa->aaaa_addr), 16,
                  address.ip.bytes.begin());
    } else {
      continue;
    }
    any = true;
    const std::string text = address.str();
    if (std::find(search->tried.begin(), search->tried.end(), text) != search->tried.end()) continue;
    uri = (search->transport == Transport::tls ? "sips:" : "sip:") +
          (search->transport == Transport::tls ? server.host + ":" + std::to_string(server.port) : text) +
          ";transport=" + std::string(to_string(search->transport));
  }
  sres_free_answers(self.resolver_, answers);
  if (!uri.empty()) {
    self.finish(*search, std::move(uri));
    return;
  }
  if (!any && !search->v6) {
    search->v6 = true;
  } else {
    ++search->index;
    search->v6 = false;
  }
  self.ask(*search);
}

void NextTarget::finish(Search& search, std::string uri) {
  Function<void(std::string)> found = std::move(search.found);
  searches_.remove_if([&](const auto& s) { return s.get() == &search; });
  found(std::move(uri));
}

}  // namespace tandem::sip
