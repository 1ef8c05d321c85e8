#include "sip/sofia/sofia_agent.h"

#include <algorithm>

#include "sip/sofia/agent_factory.h"

namespace tandem::sip {

Result<std::unique_ptr<SipStack>, AgentFailure> make_agent(AgentOptions options, Observer& observer,
                                                           runtime::Executor& observer_executor,
                                                           const Clock& clock, Log log, Metrics& metrics) {
  return make_sofia_agent(
      {std::move(options), Timing{}, observer, observer_executor, clock, std::move(log), metrics});
}

Result<std::unique_ptr<SipStack>, AgentFailure> make_sofia_agent(AgentParts parts) {
  auto agent = std::make_unique<SofiaAgent>(std::move(parts));
  if (auto opened = agent->open(); !opened) return Err(opened.error());
  return std::unique_ptr<SipStack>(std::move(agent));
}

SofiaAgent::SofiaAgent(AgentParts parts)
    : parts_(std::move(parts)),
      requests_total_(parts_.metrics.counter("sip_requests_total", "SIP requests outside transactions")),
      refused_total_(
          parts_.metrics.counter("sip_requests_refused_total", "SIP requests refused by policy or vetting")),
      dropped_total_(
          parts_.metrics.counter("sip_requests_dropped_total", "SIP requests dropped without an answer")),
      legs_gauge_(parts_.metrics.gauge("sip_legs", "SIP dialogs and calls being set up")),
      overload_(parts_.options.overload),
      root_(parts_.clock, parts_.log) {}

Status<AgentFailure> SofiaAgent::open() {
  if (!root_.wait_started()) return Err(AgentFailure{AgentError::sofia_failed, "no event loop"});
  // Shared: the SIP thread may still be inside set_value() when we have our answer.
  auto outcome = std::make_shared<std::promise<Status<AgentFailure>>>();
  auto future = outcome->get_future();
  root_.post([this, outcome] { outcome->set_value(open_stack()); });
  runtime::Turn::wake_others();
  return future.get();
}

Status<AgentFailure> SofiaAgent::open_stack() {
  const auto ms = [](std::chrono::milliseconds d) { return static_cast<unsigned>(d.count()); };
  const Timing& t = parts_.timing;
  const std::string& resolver = parts_.options.resolver_config_file;
  // NTATAG_MERGE_482 stays off: the stack would make a transaction for a merged request before it is vetted.
  // UDP_MTU: requests above 1300 bytes stay on UDP. SERVER_RPORT: responses go to where the request came
  // from.
  nta_ = nta_agent_create(root_.root(), reinterpret_cast<const url_string_t*>(-1), &on_agent_message, this,
                          NTATAG_UA(1), NTATAG_MERGE_482(0), NTATAG_CANCEL_487(1), NTATAG_SERVER_RPORT(1),
                          NTATAG_CLIENT_RPORT(1), NTATAG_UDP_MTU(65'535),
                          NTATAG_MAXSIZE(parts_.options.max_message_bytes), NTATAG_SIP_T1(ms(t.t1)),
                          NTATAG_SIP_T2(ms(t.t2)), NTATAG_SIP_T4(ms(t.t4)), NTATAG_SIP_T1X64(ms(t.t1x64)),
                          NTATAG_EXTRA_100(0), NTATAG_TIMEOUT_408(1), NTATAG_PASS_408(0), NTATAG_PASS_100(1),
                          TAG_IF(!resolver.empty(), SRESTAG_RESOLV_CONF(resolver.c_str())), TAG_END());
  if (nta_ == nullptr) return Err(AgentFailure{AgentError::sofia_failed, "cannot create the SIP stack"});
  auto opened = Transports::open(nta_, parts_.options);
  if (!opened) {
    nta_agent_destroy(std::exchange(nta_, nullptr));
    return Err(opened.error());
  }
  transports_ = std::move(*opened);
  listening_ = transports_->listening();
  for (const auto& l : listening_)
    parts_.log.info("listening on {} {}", to_string(l.transport), l.address.str());
  next_target_ = std::make_unique<NextTarget>(root_.root(), resolver);
  outside_ = std::make_unique<OutsideSender>(static_cast<LegHost&>(*this), flows_);
  housekeeping_ = std::make_unique<runtime::Timer>(root_);
  housekeep();
  return Unit{};
}

SofiaAgent::~SofiaAgent() {
  if (!root_.wait_started()) return;
  auto closed = std::make_shared<std::promise<void>>();  // Shared as in open().
  auto future = closed->get_future();
  root_.post([this, closed] {
    closed_ = closed;
    if (nta_ == nullptr) {
      closed_->set_value();
      return;
    }
    draining_ = true;
    std::vector<Leg*> all;
    for (const auto& [id, kept] : legs_) all.push_back(kept.leg.get());
    for (Leg* leg : all) leg->shutdown();
    housekeeping_->set(legs_.empty() ? std::chrono::milliseconds(0) : parts_.timing.shutdown_deadline,
                       [this] { shut(); });
  });
  runtime::Turn::wake_others();
  future.wait();
}

void SofiaAgent::shut() {
  released_.clear();
  by_tag_.clear();
  by_merge_key_.clear();
  legs_.clear();
  legs_gauge_.set(0);
  next_target_.reset();
  access_.reset();
  outside_.reset();
  flows_.clear();
  nta_agent_destroy(std::exchange(nta_, nullptr));
  std::unique_ptr<runtime::Timer> running = std::move(housekeeping_);
  closed_->set_value();
}

// Once a second: bounds on what the stack holds.
void SofiaAgent::housekeep() {
  usize_t used = 0;
  nta_agent_get_stats(nta_, NTATAG_S_IRQ_HASH_USED_REF(used), TAG_END());
  const std::size_t high = parts_.timing.busy_transactions;
  const bool busy = used > (busy_ ? high / 2 : high);
  if (busy != busy_) {
    busy_ = busy;
    const auto keep_for = busy ? parts_.timing.t1x64_busy : parts_.timing.t1x64;
    nta_agent_set_params(nta_, NTATAG_SIP_T1X64(static_cast<unsigned>(keep_for.count())), TAG_END());
    parts_.log.warn("{} transactions held: finished ones are now kept for {} ms", used, keep_for.count());
  }
  Transports::close_excess(nta_, parts_.timing.max_connections, [this](const tport_t* connection) {
    if (flows_.holds(connection)) return true;
    return std::any_of(legs_.begin(), legs_.end(),
                       [connection](const auto& entry) { return entry.second.leg->flow() == connection; });
  });
  if (access_) access_->sweep();
  housekeeping_->set(std::chrono::seconds(1), [this] { housekeep(); });
}

void SofiaAgent::notify(Function<void(Observer&)> call) {
  parts_.observer_executor.post(
      [&observer = parts_.observer, c = std::move(call)]() mutable { c(observer); });
}

Leg& SofiaAgent::keep(std::unique_ptr<Leg> leg, std::string merge_key) {
  Leg& out = *leg;
  by_tag_[out.dialog().local_tag] = &out;
  if (!merge_key.empty()) by_merge_key_[merge_key] = &out;
  legs_[out.id()] = Kept{std::move(leg), std::move(merge_key)};
  legs_gauge_.set(static_cast<double>(legs_.size()));
  return out;
}

void SofiaAgent::release(Leg& leg) {
  const auto found = legs_.find(leg.id());
  if (found == legs_.end() || found->second.leg.get() != &leg) return;
  by_tag_.erase(leg.dialog().local_tag);
  by_merge_key_.erase(found->second.merge_key);
  released_.push_back(std::move(found->second.leg));
  legs_.erase(found);
  legs_gauge_.set(static_cast<double>(legs_.size()));
  // We are inside one of the leg's own callbacks.
  if (released_.size() == 1) root_.post([this] { released_.clear(); });
  if (closed_ != nullptr && legs_.empty())
    housekeeping_->set(std::chrono::milliseconds(0), [this] { shut(); });
}

template <class F>
void SofiaAgent::with_leg(const CallId& id, F f) {
  root_.post([this, id, f = std::move(f)]() mutable {
    const auto found = legs_.find(id);
    if (found != legs_.end() && !found->second.leg->ended()) f(*found->second.leg);
  });
}

void SofiaAgent::ring(const CallId& id, RingOptions options) {
  with_leg(id, [o = std::move(options)](Leg& leg) mutable { leg.ring(std::move(o)); });
}
void SofiaAgent::answer(const CallId& id, model::SessionDescription session, Headers headers) {
  with_leg(id, [s = std::move(session), h = std::move(headers)](Leg& leg) { leg.answer(s, h); });
}
void SofiaAgent::reject(const CallId& id, int sip_code, std::string sip_reason, int q850_cause,
                        int retry_after_s, Headers headers) {
  with_leg(id, [=, r = std::move(sip_reason), h = std::move(headers)](Leg& leg) mutable {
    leg.reject(sip_code, std::move(r), q850_cause, retry_after_s, h);
  });
}
void SofiaAgent::redirect(const CallId& id, int sip_code, std::vector<std::string> contacts,
                          Headers headers) {
  with_leg(id, [sip_code, c = std::move(contacts), h = std::move(headers)](Leg& leg) {
    leg.reject(sip_code >= 300 && sip_code < 400 ? sip_code : 302, {}, 0, 0, h, c);
  });
}
void SofiaAgent::invite(OutboundCall call) {
  root_.post([this, c = std::move(call)]() mutable {
    if (legs_.contains(c.id) || nta_ == nullptr || closed_ != nullptr) return;
    keep(std::make_unique<Leg>(static_cast<LegHost&>(*this), std::move(c)), {}).invite();
  });
}
void SofiaAgent::acknowledge(const CallId& id, model::SessionDescription answer) {
  with_leg(id, [a = std::move(answer)](Leg& leg) { leg.acknowledge(a); });
}
void SofiaAgent::hangup(const CallId& id, int q850_cause, std::string reason_text, Headers headers) {
  with_leg(id, [q850_cause, r = std::move(reason_text), h = std::move(headers)](Leg& leg) {
    leg.hangup(q850_cause, r, h);
  });
}
void SofiaAgent::answer_offer(const CallId& id, std::uint64_t offer_id, model::SessionDescription session) {
  with_leg(id, [offer_id, s = std::move(session)](Leg& leg) { leg.answer_offer(offer_id, s); });
}
void SofiaAgent::refuse_offer(const CallId& id, std::uint64_t offer_id, int sip_code) {
  with_leg(id, [offer_id, sip_code](Leg& leg) { leg.refuse_offer(offer_id, sip_code); });
}
void SofiaAgent::reoffer(const CallId& id, model::SessionDescription offer) {
  with_leg(id, [o = std::move(offer)](Leg& leg) { leg.reoffer(o); });
}
void SofiaAgent::send_request(const CallId& id, std::uint64_t tag, InDialogMessage message) {
  root_.post([this, id, tag, m = std::move(message)]() mutable {
    const auto found = legs_.find(id);
    if (found != legs_.end() && !found->second.leg->ended())
      found->second.leg->send_request(tag, std::move(m));
  });
}
void SofiaAgent::refer(const CallId& id, std::uint64_t tag, ReferRequest request) {
  with_leg(id, [tag, r = std::move(request)](Leg& leg) { leg.refer(tag, r); });
}
void SofiaAgent::answer_refer(const CallId& id, std::uint64_t refer_id, int sip_code) {
  with_leg(id, [refer_id, sip_code](Leg& leg) { leg.answer_refer(refer_id, sip_code); });
}
void SofiaAgent::refer_progress(const CallId& id, std::uint64_t refer_id, int sip_code, std::string reason,
                                bool final) {
  with_leg(id, [refer_id, sip_code, r = std::move(reason), final](Leg& leg) {
    leg.refer_progress(refer_id, sip_code, r, final);
  });
}
void SofiaAgent::find_next_target(const Leg& leg, const std::string& uri, Transport transport,
                                  std::vector<std::string> tried) {
  next_target_->find(uri, transport, std::move(tried), [this, id = leg.id()](const std::string& next) {
    const auto found = legs_.find(id);
    if (found != legs_.end()) found->second.leg->on_next_target(next);
  });
}
void SofiaAgent::set_draining(bool draining) {
  root_.post([this, draining] { draining_ = draining; });
}

}  // namespace tandem::sip
