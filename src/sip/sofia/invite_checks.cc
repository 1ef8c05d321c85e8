// What a new INVITE must be like, whether it may replace a call (RFC 3891), and how its refusal is told.
#include "sip/sofia/message_view.h"
#include "sip/sofia/sofia_agent.h"

namespace tandem::sip {

namespace {

constexpr double kMaxReportsPerSecond = 100;

}  // namespace

// For the books; a flood of refusals is not.
void SofiaAgent::report_refused(const msg_t* msg, const sip_t* sip, int status) {
  if (!refused_reports_.take(kMaxReportsPerSecond, parts_.clock.now())) return;
  RefusedCall call;
  call.from = party_of(sip->sip_from->a_url, sip->sip_from->a_display);
  call.to = party_of(sip->sip_to->a_url, sip->sip_to->a_display);
  call.request_uri = party_of(sip->sip_request->rq_url, nullptr);
  call.source = source_of(msg);
  call.transport = transport_of(tport_delivered_by(nta_agent_tports(nta_), msg));
  call.sip_call_id = sip->sip_call_id->i_id;
  call.sip_code = status;
  call.received_wall = parts_.clock.wall();
  notify([c = std::move(call)](Observer& observer) mutable { observer.on_refused(std::move(c)); });
}

void SofiaAgent::refuse_invite(msg_t* msg, sip_t* sip, int status, std::string_view phrase,
                               std::string headers) {
  report_refused(msg, sip, status);
  refuse(msg, status, phrase, std::move(headers));
}

// What can be wrong with an INVITE in itself. True: it may be taken. Else it has been answered.
bool SofiaAgent::check_invite(msg_t* msg, sip_t* sip) {
  const url_t* target = sip->sip_request->rq_url;
  if (target->url_type != url_sip && target->url_type != url_sips) {
    refuse_invite(msg, sip, 416);
  } else if (sip->sip_max_forwards != nullptr && sip->sip_max_forwards->mf_count == 0) {
    refuse_invite(msg, sip, 483);
  } else if (const std::string unknown = unknown_requirements(sip); !unknown.empty()) {
    refuse_invite(msg, sip, 420, {}, "Unsupported: " + unknown + "\r\n");
  } else if (contact_uri(sip).empty()) {
    refuse_invite(msg, sip, 400, "Missing Contact");
  } else if (sip->sip_from->a_tag == nullptr) {
    refuse_invite(msg, sip, 400, "Missing From Tag");
  } else if ((!body_of(sip).empty() && !sdp_of(sip)) || sip->sip_content_encoding != nullptr) {
    refuse_invite(msg, sip, 415, {}, "Accept: application/sdp\r\nAccept-Encoding: identity\r\n");
  } else if (dialog::interval_too_small(session_timer_of(sip), {parts_.options.session_expires_s,
                                                                parts_.options.min_session_expires_s})) {
    refuse_invite(msg, sip, 422, {},
                  "Min-SE: " + std::to_string(parts_.options.min_session_expires_s) + "\r\n");
  } else {
    return true;
  }
  return false;
}

// RFC 3891 section 3. False: refused.
bool SofiaAgent::match_replaces(msg_t* msg, sip_t* sip, IncomingCall& call) {
  const bool bad = has_bad_header(sip, "Replaces");
  if (sip->sip_replaces == nullptr && !bad) return true;
  const auto text = header_value(sip, "Replaces");
  const auto replaces = text && !bad ? dialog::parse_replaces(*text) : std::nullopt;
  if (!replaces) {
    refuse_invite(msg, sip, 400, "Bad Replaces Header");
    return false;
  }
  const Leg* named = leg(*replaces);
  switch (named == nullptr ? Leg::Replaceable::no : named->replaceable()) {
    case Leg::Replaceable::no:
      refuse_invite(msg, sip, 481);
      return false;
    case Leg::Replaceable::ended:
      refuse_invite(msg, sip, 603);
      return false;
    case Leg::Replaceable::confirmed:
      if (!replaces->early_only) break;
      refuse_invite(msg, sip, 486);
      return false;
    case Leg::Replaceable::early_ours:
      break;
  }
  call.replaces = named->id();
  call.replaces_early_only = replaces->early_only;
  return true;
}

const Leg* SofiaAgent::leg(const CallId& id) const {
  const auto found = legs_.find(id);
  return found == legs_.end() || found->second.leg->ended() ? nullptr : found->second.leg.get();
}

const Leg* SofiaAgent::leg(const ReplacesInfo& replaces) const {
  const auto found = by_tag_.find(replaces.to_tag);
  if (found == by_tag_.end()) return nullptr;
  const Leg& named = *found->second;
  const bool same = named.dialog().call_id == replaces.call_id && named.has_peer(replaces.from_tag);
  return same ? &named : nullptr;
}

}  // namespace tandem::sip
