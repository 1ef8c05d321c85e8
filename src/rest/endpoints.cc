// Endpoints: who is registered.
#include <algorithm>

#include "rest/paging.h"
#include "rest/query.h"
#include "rest/resources.h"

namespace tandem::rest {
namespace {

model::SipTransport transport_of(std::string_view text) {
  if (text == "tcp") return model::SipTransport::tcp;
  if (text == "tls") return model::SipTransport::tls;
  return model::SipTransport::udp;
}

model::EndpointInfo info_of(const cluster::Endpoint& endpoint) {
  model::EndpointInfo out;
  out.id = endpoint.id;
  if (!endpoint.domain_id.empty()) out.domain_id = endpoint.domain_id;
  out.address = endpoint.user + "@" + endpoint.domain;
  for (const cluster::EndpointContact& c : endpoint.contacts) {
    model::EndpointContact contact;
    contact.uri = c.uri;
    contact.q = static_cast<double>(c.q_milli) / 1000;
    contact.expires_at = c.expires;
    contact.source = c.source.str();
    contact.transport = transport_of(c.transport);
    if (!c.user_agent.empty()) contact.user_agent = c.user_agent;
    contact.reachable = c.reachable;
    out.contacts.push_back(std::move(contact));
  }
  const bool reachable =
      std::any_of(out.contacts.begin(), out.contacts.end(), [](const auto& c) { return c.reachable; });
  out.state = reachable              ? model::EndpointState::registered
              : out.contacts.empty() ? model::EndpointState::gone
                                     : model::EndpointState::unreachable;
  return out;
}

}  // namespace

void list_endpoints(Desk& desk, ExchangePtr exchange) {
  Query query(std::move(exchange->target.query), exchange->route->query);
  const std::string after = cursor_key(query);
  const std::size_t limit = query.limit();
  if (query.error()) return exchange->refuse(*query.error());
  const model::AccountId account = exchange->account;
  desk.ask(
      [account, after, limit, locations = desk.locations](call::Core&) {
        return locations == nullptr ? cluster::EndpointPage{} : locations->list(account, after, limit);
      },
      [x = std::move(exchange)](const cluster::EndpointPage& page) {
        x->answer(200, page_text(
                           [&](wire::JsonWriter& w) {
                             for (const auto& endpoint : page.endpoints) wire::encode(w, info_of(endpoint));
                           },
                           make_cursor(page.next_cursor)));
      });
}

}  // namespace tandem::rest
