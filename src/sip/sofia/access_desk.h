// Access control at work: REGISTER from the challenge to its answer, and who may call. SIP thread only.
#pragma once

#include <unordered_map>

#include "base/metrics.h"
#include "sip/access/access_control.h"
#include "sip/api/registrar.h"
#include "sip/sofia/flow_table.h"
#include "sip/sofia/leg_host.h"

namespace tandem::sip {

class AccessDesk {
 public:
  /// All outlive it.
  struct Parts {
    LegHost& host;
    FlowTable& flows;
    const AccessDirectory& directory;
    RegisterHandler& handler;
    Metrics& metrics;
  };
  AccessDesk(const Parts& parts, AccessPolicy policy);
  AccessDesk(const AccessDesk&) = delete;
  AccessDesk& operator=(const AccessDesk&) = delete;
  ~AccessDesk();

  [[nodiscard]] AccessVerdict check_caller(const msg_t* msg, const sip_t* sip);
  /// Takes `msg`.
  void on_register(msg_t* msg, sip_t* sip);
  void answer(std::uint64_t ticket, const RegisterReply& reply);
  /// Once a second: what waits too long, and connections that are gone.
  void sweep();

 private:
  struct Pending {
    nta_incoming_t* irq = nullptr;
    tport_t* connection = nullptr;  ///< Referenced; null on UDP.
    model::SocketAddress source;
    Transport transport = Transport::udp;
    TimePoint since;
  };
  void refuse(msg_t* msg, int status, std::string_view phrase, const std::string& headers);
  void take(msg_t* msg, sip_t* sip, RegisterRequest request, Admitted admitted);
  void finish(Pending& pending, const RegisterReply& reply);
  void count();

  const Parts parts_;
  const AccessPolicy policy_;
  AccessControl control_;
  std::unordered_map<std::uint64_t, Pending> pending_;
  std::uint64_t next_ticket_ = 1;
  AccessControl::Counts counted_;
  Counter challenged_;
  Counter proven_;
  Counter failed_;
  Counter held_up_;
};

/// WWW-Authenticate lines.
[[nodiscard]] std::string challenge_lines(const Challenged& challenged);

}  // namespace tandem::sip
