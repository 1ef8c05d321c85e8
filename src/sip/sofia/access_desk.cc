#include "sip/sofia/access_desk.h"

#include "base/random.h"
#include "sip/sofia/auth_view.h"
#include "sip/sofia/message_send.h"
#include "sip/sofia/message_view.h"

namespace tandem::sip {
namespace {

template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};
template <class... F>
Overloaded(F...) -> Overloaded<F...>;

}  // namespace

std::string challenge_lines(const Challenged& challenged) {
  std::string out;
  for (const std::string& value : challenged.values)
    out.append("WWW-Authenticate: ").append(value).append("\r\n");
  return out;
}

AccessDesk::AccessDesk(const Parts& parts, AccessPolicy policy)
    : parts_(parts),
      policy_(std::move(policy)),
      control_(parts.directory, policy_, parts.host.loop().clock()),
      challenged_(parts.metrics.counter("sip_auth_challenges_total", "Requests answered with a challenge")),
      proven_(parts.metrics.counter("sip_auth_proven_total", "Requests whose sender proved himself")),
      failed_(parts.metrics.counter("sip_auth_failures_total", "Wrong passwords and unknown users")),
      held_up_(parts.metrics.counter("sip_auth_held_up_total", "Requests of parties that guessed too much")) {
}

AccessDesk::~AccessDesk() {
  RegisterReply gone;
  gone.sip_code = 503;
  for (auto& [ticket, pending] : pending_) finish(pending, gone);
}

AccessVerdict AccessDesk::check_caller(const msg_t* msg, const sip_t* sip) {
  AccessVerdict out = control_.check_caller(access_request(msg, sip, sip->sip_from));
  count();
  return out;
}

void AccessDesk::count() {
  const AccessControl::Counts& now = control_.counts();
  challenged_.add(static_cast<double>(now.challenged - counted_.challenged));
  proven_.add(static_cast<double>(now.proven - counted_.proven));
  failed_.add(static_cast<double>(now.failed - counted_.failed));
  held_up_.add(static_cast<double>(now.held_up - counted_.held_up));
  counted_ = now;
}

void AccessDesk::refuse(msg_t* msg, int status, std::string_view phrase, const std::string& headers) {
  reply_stateless(parts_.host.nta(), msg,
                  {.status = status,
                   .phrase = phrase,
                   .headers = "Server: " + parts_.host.options().user_agent + "\r\n" + headers,
                   .content_type = {},
                   .body = {}});
}

// Who is not known learns nothing of what is wrong with the rest of his request.
void AccessDesk::on_register(msg_t* msg, sip_t* sip) {
  AccessVerdict verdict = control_.check_register(access_request(msg, sip, sip->sip_to));
  count();
  std::visit(Overloaded{[&](Admitted& admitted) {
                          auto view = register_view(msg, sip);
                          if (const auto* bad = std::get_if<BadRegister>(&view)) {
                            refuse(msg, bad->sip_code, bad->phrase, bad->headers);
                          } else {
                            take(msg, sip, std::get<RegisterRequest>(std::move(view)), std::move(admitted));
                          }
                        },
                        [&](const Challenged& c) { refuse(msg, 401, {}, challenge_lines(c)); },
                        [&](const Refused& r) { refuse(msg, r.sip_code, r.phrase, {}); },
                        [&](const Ignored&) { nta_msg_discard(parts_.host.nta(), msg); }},
             verdict);
}

void AccessDesk::take(msg_t* msg, sip_t* sip, RegisterRequest request, Admitted admitted) {
  if (pending_.size() >= policy_.max_pending_registers) {
    // Spread, or all of them come again at the same time.
    const auto spread = static_cast<std::uint32_t>(policy_.retry_after_s) + 1;
    const std::uint32_t wait = spread - 1 + random_u32() % spread;
    refuse(msg, 503, {}, "Retry-After: " + std::to_string(wait) + "\r\n");
    return;
  }
  tport_t* tport = tport_delivered_by(nta_agent_tports(parts_.host.nta()), msg);
  Pending pending;
  pending.source = request.source;
  pending.transport = transport_of(tport);
  pending.since = parts_.host.loop().clock().now();
  if (tport != nullptr && tport_is_secondary(tport) != 0) pending.connection = tport_ref(tport);
  request.ticket = next_ticket_++;
  request.transport = pending.transport;
  request.received = parts_.host.loop().clock().wall();
  request.by = std::move(*admitted.who);
  request.identity = std::move(admitted.identity);
  pending.irq = nta_incoming_create(parts_.host.nta(), nullptr, msg, sip, TAG_END());
  if (pending.irq == nullptr) {
    if (pending.connection != nullptr) tport_unref(pending.connection);
    return;
  }
  pending_.emplace(request.ticket, pending);
  parts_.host.notify([&handler = parts_.handler, r = std::move(request)](Observer&) mutable {
    handler.on_register(std::move(r));
  });
}

void AccessDesk::answer(std::uint64_t ticket, const RegisterReply& reply) {
  const auto found = pending_.find(ticket);
  if (found == pending_.end()) return;
  Pending pending = found->second;
  pending_.erase(found);
  finish(pending, reply);
}

void AccessDesk::finish(Pending& pending, const RegisterReply& reply) {
  sip::reply(pending.irq, {.status = reply.sip_code,
                           .phrase = reply.sip_reason,
                           .headers = "Server: " + parts_.host.options().user_agent + "\r\n" +
                                      register_reply_headers(reply),
                           .content_type = {},
                           .body = {}});
  nta_incoming_destroy(pending.irq);
  if (reply.sip_code == 200 && reply.keep_flow_s > 0 && pending.connection != nullptr) {
    const TimePoint until = parts_.host.loop().clock().now() + std::chrono::seconds(reply.keep_flow_s);
    if (!parts_.flows.keep(pending.connection, pending.source, until, policy_.max_flows))
      parts_.host.log().warn("connection of {} is not kept: too many", pending.source.str());
  }
  if (pending.connection != nullptr) tport_unref(pending.connection);
}

void AccessDesk::sweep() {
  const TimePoint now = parts_.host.loop().clock().now();
  parts_.flows.sweep(now, [this](Transport transport, const model::SocketAddress& source) {
    parts_.host.notify([&handler = parts_.handler, transport, source](Observer&) {
      handler.on_flow_closed(transport, source);
    });
  });
  for (auto it = pending_.begin(); it != pending_.end();) {
    if (now - it->second.since < policy_.register_deadline) {
      ++it;
      continue;
    }
    RegisterReply late;
    late.sip_code = 504;
    finish(it->second, late);
    it = pending_.erase(it);
  }
}

}  // namespace tandem::sip
