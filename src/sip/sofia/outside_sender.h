// Requests outside of dialogs, on client transactions (sip/api/outside.h). SIP thread only.
#pragma once

#include <memory>
#include <unordered_map>

#include "sip/api/outside.h"
#include "sip/sofia/flow_table.h"
#include "sip/sofia/leg_host.h"

namespace tandem::sip {

class OutsideSender {
 public:
  /// Both outlive it.
  OutsideSender(LegHost& host, const FlowTable& flows);
  OutsideSender(const OutsideSender&) = delete;
  OutsideSender& operator=(const OutsideSender&) = delete;
  ~OutsideSender();

  void send(OutsideRequest request, OutsideRequests::Done done);
  /// The agent goes away: everything fails.
  void close();
  [[nodiscard]] std::size_t in_flight() const { return exchanges_.size(); }

 private:
  friend int on_outside_response(ClientRequest* magic, nta_outgoing_t* orq, const sip_t* sip) noexcept;
  struct Exchange;

  [[nodiscard]] static std::string problem_of(const OutsideRequest& request);
  [[nodiscard]] bool dispatch(Exchange& exchange);
  [[nodiscard]] std::string headers_of_request(const Exchange& exchange) const;
  void on_response(Exchange& exchange, int status, const sip_t* sip);
  /// True: another request is on its way.
  [[nodiscard]] bool answer_challenge(Exchange& exchange, int status, const sip_t* sip);
  void finish(Exchange& exchange, OutsideResult result);
  void fail(OutsideRequests::Done done, int code, std::string reason, bool transport_failed);

  LegHost& host_;
  const FlowTable& flows_;
  std::unordered_map<Exchange*, std::unique_ptr<Exchange>> exchanges_;
};

int on_outside_response(ClientRequest* magic, nta_outgoing_t* orq, const sip_t* sip) noexcept;

}  // namespace tandem::sip
