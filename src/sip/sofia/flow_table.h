// Connections of registered phones, kept open so that requests to the phone find them: nobody can connect to
// a phone behind NAT. SIP thread only.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <unordered_set>
#include <utility>

#include "base/clock.h"
#include "model/socket_address.h"
#include "sip/api/agent.h"
#include "sip/sofia/sofia_api.h"

namespace tandem::sip {

class FlowTable {
 public:
  FlowTable() = default;
  FlowTable(const FlowTable&) = delete;
  FlowTable& operator=(const FlowTable&) = delete;
  ~FlowTable() { clear(); }

  /// Holds on to `connection` until then, or longer if it was to be kept longer; a UDP socket is none. False
  /// when the table is full.
  bool keep(tport_t* connection, const model::SocketAddress& peer, TimePoint until, std::size_t most);
  /// The open connection that a "sip:192.0.2.7:40123;transport=tcp" names, or null.
  [[nodiscard]] tport_t* find(const std::string& next_hop) const;
  [[nodiscard]] bool holds(const tport_t* connection) const { return held_.contains(connection); }
  [[nodiscard]] std::size_t size() const { return flows_.size(); }
  /// Lets go of what is due, and of what the peer closed: `closed` is called for each of those.
  void sweep(TimePoint now, const std::function<void(Transport, const model::SocketAddress&)>& closed);
  void clear();

 private:
  using Key = std::pair<Transport, model::SocketAddress>;
  struct Flow {
    tport_t* connection = nullptr;
    TimePoint until;
  };
  void let_go(Flow& flow);

  std::map<Key, Flow> flows_;
  std::unordered_set<const tport_t*> held_;
};

}  // namespace tandem::sip
