#include "sip/sofia/flow_table.h"

#include <algorithm>
#include <optional>

#include "sip/sofia/transports.h"

namespace tandem::sip {
namespace {

std::optional<std::pair<Transport, model::SocketAddress>> read_next_hop(std::string_view text) {
  if (!text.starts_with("sip:")) return std::nullopt;
  text.remove_prefix(4);
  const std::size_t end = text.find(';');
  if (end == std::string_view::npos) return std::nullopt;
  const auto address = model::SocketAddress::parse(text.substr(0, end));
  if (!address) return std::nullopt;
  const std::string_view params = text.substr(end);
  if (params == ";transport=tcp") return std::pair(Transport::tcp, *address);
  if (params == ";transport=tls") return std::pair(Transport::tls, *address);
  return std::nullopt;
}

bool is_open(const tport_t* connection) {
  return tport_is_closed(connection) == 0 && tport_is_shutdown(connection) == 0;
}

}  // namespace

void FlowTable::let_go(Flow& flow) {
  held_.erase(flow.connection);
  tport_unref(flow.connection);
}

bool FlowTable::keep(tport_t* connection, const model::SocketAddress& peer, TimePoint until,
                     std::size_t most) {
  if (connection == nullptr || tport_is_secondary(connection) == 0) return true;
  const Key key(transport_of(connection), peer);
  const auto found = flows_.find(key);
  if (found != flows_.end() && found->second.connection == connection) {
    found->second.until = std::max(found->second.until, until);  // Several users may share it.
    return true;
  }
  if (found != flows_.end()) {
    let_go(found->second);
    flows_.erase(found);
  }
  if (flows_.size() >= most || !is_open(connection)) return false;
  flows_.emplace(key, Flow{tport_ref(connection), until});
  held_.insert(connection);
  return true;
}

tport_t* FlowTable::find(const std::string& next_hop) const {
  const auto key = read_next_hop(next_hop);
  if (!key) return nullptr;
  const auto found = flows_.find(*key);
  return found != flows_.end() && is_open(found->second.connection) ? found->second.connection : nullptr;
}

void FlowTable::sweep(TimePoint now,
                      const std::function<void(Transport, const model::SocketAddress&)>& closed) {
  for (auto it = flows_.begin(); it != flows_.end();) {
    const bool open = is_open(it->second.connection);
    if (open && it->second.until > now) {
      ++it;
      continue;
    }
    if (!open) closed(it->first.first, it->first.second);
    let_go(it->second);
    it = flows_.erase(it);
  }
}

void FlowTable::clear() {
  for (auto& [key, flow] : flows_) let_go(flow);
  flows_.clear();
}

}  // namespace tandem::sip
