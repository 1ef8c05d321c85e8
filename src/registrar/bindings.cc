#include "registrar/bindings.h"

#include <algorithm>
#include <iterator>
#include <set>

#include "base/text.h"

namespace tandem::registrar {
namespace {

using cluster::EndpointContact;

/// A URI in pieces; the host with its port, parameters sorted and in lower case.
struct Pieces {
  std::string scheme;
  std::string user;
  std::string host;
  std::multiset<std::string> params;
  friend bool operator==(const Pieces&, const Pieces&) = default;
};

Pieces pieces_of(std::string_view uri) {
  Pieces out;
  const std::size_t colon = uri.find(':');
  if (colon != std::string_view::npos) {
    out.scheme = lower_case(uri.substr(0, colon));
    uri.remove_prefix(colon + 1);
  }
  if (const std::size_t at = uri.rfind('@'); at != std::string_view::npos) {
    out.user = uri.substr(0, at);
    uri.remove_prefix(at + 1);
  }
  const std::size_t semicolon = uri.find(';');
  out.host = lower_case(uri.substr(0, semicolon));
  while (uri.find(';') != std::string_view::npos) {
    uri.remove_prefix(uri.find(';') + 1);
    out.params.insert(lower_case(uri.substr(0, uri.find(';'))));
  }
  return out;
}

sip::RegisterReply refusal(int code, std::string reason = {}) {
  sip::RegisterReply out;
  out.sip_code = code;
  out.sip_reason = std::move(reason);
  return out;
}

/// Takes what `goes` holds for out of `from`.
template <class Predicate>
std::vector<EndpointContact> take_out(std::vector<EndpointContact>& from, Predicate goes) {
  const auto first = std::stable_partition(from.begin(), from.end(), [&](const auto& c) { return !goes(c); });
  std::vector<EndpointContact> out(std::make_move_iterator(first), std::make_move_iterator(from.end()));
  from.erase(first, from.end());
  return out;
}

std::uint32_t reg_id_of(const sip::RegisterContact& wanted) {
  return wanted.instance.empty() ? 0 : wanted.reg_id;
}

/// RFC 5626 6: instance and reg-id name a binding, whatever its URI.
bool names(const sip::RegisterContact& wanted, const EndpointContact& bound) {
  if (bound.reg_id != reg_id_of(wanted)) return false;
  return (!wanted.instance.empty() && bound.instance == wanted.instance) || same_uri(bound.uri, wanted.uri);
}

class Application {
 public:
  Application(const std::vector<EndpointContact>& bound, const sip::RegisterRequest& request,
              const BindingPolicy& policy)
      : request_(request), policy_(policy), contacts_(bound) {}

  RegisterOutcome run(const std::vector<EndpointContact>& before) {
    sip::RegisterReply problem = request_.wildcard ? remove_all() : take_contacts();
    if (problem.sip_code != 200) return {before, {}, std::move(problem)};
    std::stable_sort(contacts_.begin(), contacts_.end(),
                     [](const auto& a, const auto& b) { return a.q_milli > b.q_milli; });
    sip::RegisterReply reply = success();
    return {std::move(contacts_), std::move(changes_), std::move(reply)};
  }

 private:
  sip::RegisterReply remove_all() {
    if (!request_.contacts.empty() || request_.expires_s != 0U)
      return refusal(400, "Wildcard Contact needs Expires 0");
    for (const EndpointContact& c : contacts_) {
      if (out_of_order(c)) return refusal(500, "CSeq Out Of Order");
    }
    leave(take_out(contacts_, [](const auto&) { return true; }), UnregisterReason::removed);
    return refusal(200);
  }

  /// RFC 3261 10.3 step 7: within one Call-ID a REGISTER must be newer than what it changes. What this one
  /// brought itself may be named twice.
  bool out_of_order(const EndpointContact& bound) const {
    return bound.sip_call_id == request_.sip_call_id && request_.cseq <= bound.cseq &&
           !mine_.contains(bound.uri);
  }
  void leave(std::vector<EndpointContact> gone, UnregisterReason reason) {
    for (EndpointContact& c : gone) changes_.push_back({EndpointChange::unregistered, reason, std::move(c)});
  }
  void enter(const EndpointContact& c) {
    changes_.push_back({EndpointChange::registered, UnregisterReason::none, c});
  }

  sip::RegisterReply take_contacts() {
    for (const sip::RegisterContact& wanted : request_.contacts) {
      if (sip::RegisterReply problem = take(wanted); problem.sip_code != 200) return problem;
    }
    if (contacts_.size() > policy_.max_contacts) return refusal(403, "Too Many Contacts");
    return refusal(200);
  }

  sip::RegisterReply take(const sip::RegisterContact& wanted) {
    if (wanted.uri.size() > policy_.max_uri_bytes) return refusal(400, "Contact Too Long");
    std::uint32_t expires = wanted.expires_s.value_or(request_.expires_s.value_or(policy_.default_expires_s));
    if (expires != 0 && expires < policy_.min_expires_s) {
      sip::RegisterReply brief = refusal(423);
      brief.min_expires_s = policy_.min_expires_s;
      return brief;
    }
    expires = std::min(expires, policy_.max_expires_s);
    for (const EndpointContact& c : contacts_) {
      if (names(wanted, c) && out_of_order(c)) return refusal(500, "CSeq Out Of Order");
    }
    std::vector<EndpointContact> old = take_out(contacts_, [&](const auto& c) { return names(wanted, c); });
    if (expires == 0) {
      leave(std::move(old), UnregisterReason::removed);
      return refusal(200);
    }
    EndpointContact fresh = made(wanted, expires);
    mine_.insert(fresh.uri);
    const auto same =
        std::find_if(old.begin(), old.end(), [&](const auto& c) { return same_uri(c.uri, fresh.uri); });
    if (same != old.end()) {
      fresh.registered = same->registered;
      old.erase(same);
      leave(std::move(old), UnregisterReason::replaced);
    } else {
      leave(std::move(old), UnregisterReason::replaced);
      enter(fresh);
    }
    contacts_.push_back(std::move(fresh));
    return refusal(200);
  }

  EndpointContact made(const sip::RegisterContact& wanted, std::uint32_t expires) const {
    EndpointContact c;
    c.uri = wanted.uri;
    c.q_milli = wanted.q_milli;
    c.expires = request_.received + std::chrono::seconds(expires);
    c.registered = request_.received;
    c.refreshed = request_.received;
    c.source = request_.source;
    c.transport = sip::to_string(request_.transport);
    c.user_agent = request_.user_agent;
    c.instance = wanted.instance;
    c.reg_id = reg_id_of(wanted);
    c.sip_call_id = request_.sip_call_id;
    c.cseq = request_.cseq;
    c.path = request_.path;
    return c;
  }

  sip::RegisterReply success() const {
    sip::RegisterReply out;
    const bool flows = std::any_of(request_.contacts.begin(), request_.contacts.end(),
                                   [](const auto& c) { return c.reg_id != 0 && !c.instance.empty(); });
    out.outbound = flows && request_.supports_outbound;
    if (request_.supports_path) out.path = request_.path;
    for (const EndpointContact& c : contacts_) {
      const auto left = std::chrono::duration_cast<std::chrono::seconds>(c.expires - request_.received);
      const auto seconds = static_cast<std::uint32_t>(std::max<std::int64_t>(left.count(), 0));
      out.contacts.push_back({c.uri, c.q_milli, seconds, c.instance, c.reg_id});
      const bool this_flow = c.source == request_.source && c.transport == sip::to_string(request_.transport);
      if (this_flow) out.keep_flow_s = std::max(out.keep_flow_s, seconds);
    }
    return out;
  }

  const sip::RegisterRequest& request_;
  const BindingPolicy& policy_;
  std::vector<EndpointContact> contacts_;
  std::vector<Change> changes_;
  std::set<std::string> mine_;  // URIs that this request bound.
};

}  // namespace

std::string_view to_string(EndpointChange c) {
  switch (c) {
    case EndpointChange::registered:
      return "registered";
    case EndpointChange::unregistered:
      return "unregistered";
    case EndpointChange::unreachable:
      return "unreachable";
    case EndpointChange::reachable:
      return "reachable";
  }
  return "unknown";
}

std::string_view to_string(UnregisterReason r) {
  switch (r) {
    case UnregisterReason::none:
      return "none";
    case UnregisterReason::expired:
      return "expired";
    case UnregisterReason::removed:
      return "removed";
    case UnregisterReason::replaced:
      return "replaced";
  }
  return "unknown";
}

bool same_uri(std::string_view a, std::string_view b) {
  return a == b || pieces_of(a) == pieces_of(b);
}

RegisterOutcome apply_register(const std::vector<EndpointContact>& bound, const sip::RegisterRequest& request,
                               const BindingPolicy& policy) {
  return Application(bound, request, policy).run(bound);
}

std::vector<EndpointContact> take_expired(std::vector<EndpointContact>& contacts, WallTime now) {
  return take_out(contacts, [now](const auto& c) { return c.expires <= now; });
}

}  // namespace tandem::registrar
