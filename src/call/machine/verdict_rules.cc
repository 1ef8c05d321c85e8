#include "call/machine/verdict_rules.h"

namespace tandem::call::machine {
namespace {

using model::EndReason;
using model::Party;
using model::Verdict;
using model::VerdictClass;

struct Rule {
  EndReason reason;
  Party party;
};

Rule rejected_with(int sip_code, Party party) {
  switch (sip_code) {
    case 404:
    case 604:
      return {EndReason::not_found, party};
    case 486:
    case 600:
      return {EndReason::busy, party};
    case 408:
    case 480:
      return {EndReason::no_answer, party};
    default:
      return {EndReason::rejected, party};
  }
}

Rule peer_rejected(int sip_code) {
  if (sip_code >= 300 && sip_code < 400) return {EndReason::redirected, Party::callee};
  if (sip_code == 487) return {EndReason::cancelled, Party::application};
  if (sip_code == 403 || sip_code == 603 || sip_code == 607) return {EndReason::rejected, Party::callee};
  if (sip_code == 488 || sip_code == 606) return {EndReason::codec_mismatch, Party::callee};
  if (sip_code == 503) return {EndReason::unreachable, Party::platform};
  const Rule by_code = rejected_with(sip_code, Party::callee);
  return by_code.reason == EndReason::rejected ? Rule{EndReason::sip_error, Party::callee} : by_code;
}

Rule ours(const EndFacts& f) {
  switch (f.ours) {
    case LocalCause::app_hangup:
      if (f.answered) return {EndReason::hangup, Party::application};
      return {f.outbound ? EndReason::cancelled : EndReason::rejected, Party::application};
    case LocalCause::app_reject:
      return rejected_with(f.sip_code, Party::application);
    case LocalCause::app_redirect:
      return {EndReason::redirected, Party::application};
    case LocalCause::not_found:
      return {EndReason::not_found, Party::caller};
    case LocalCause::app_unreachable:
      return {EndReason::app_unreachable, Party::application};
    case LocalCause::app_overloaded:
      return {EndReason::overloaded, Party::platform};
    case LocalCause::app_timeout:
      return {EndReason::app_timeout, Party::application};
    case LocalCause::ring_limit:
      return {EndReason::no_answer, f.outbound ? Party::callee : Party::application};
    case LocalCause::answered_elsewhere:
      return {EndReason::answered_elsewhere, Party::platform};
    case LocalCause::screened_out:
      return {EndReason::screened_out, Party::callee};
    case LocalCause::transferred:
      return {EndReason::transferred, Party::application};
    case LocalCause::replaced:
      return {EndReason::replaced, Party::platform};
    case LocalCause::bridge_ended:
      return {EndReason::bridge_ended, Party::platform};
    case LocalCause::app_disconnected:
      return {EndReason::app_disconnected, Party::application};
    case LocalCause::orphan_expired:
      return {EndReason::orphan_expired, Party::platform};
    case LocalCause::max_duration:
      return {EndReason::max_duration, Party::platform};
    case LocalCause::codec_mismatch:
      return {EndReason::codec_mismatch, Party::caller};
    case LocalCause::no_media_capacity:
      return {EndReason::overloaded, Party::platform};
    case LocalCause::media_timeout:
      return {EndReason::media_timeout, f.outbound ? Party::callee : Party::caller};
    case LocalCause::limit_rate:
    case LocalCause::limit_concurrency:
      return {EndReason::limit_exceeded, Party::platform};
    case LocalCause::node_draining:
      return {EndReason::node_draining, Party::platform};
    case LocalCause::node_lost:
      return {EndReason::node_lost, Party::platform};
    case LocalCause::none:
    case LocalCause::internal:
      break;
  }
  return {EndReason::internal, Party::platform};
}

Rule rule_for(const EndFacts& f) {
  const Party peer = f.outbound ? Party::callee : Party::caller;
  switch (f.how) {
    case LegEnd::local_hangup:
    case LegEnd::local_reject:
      return ours(f);
    case LegEnd::peer_bye:
      return {f.answered ? EndReason::hangup : EndReason::cancelled, peer};
    case LegEnd::peer_cancel:
      return {EndReason::cancelled, peer};
    case LegEnd::peer_reject:
      return peer_rejected(f.sip_code);
    case LegEnd::no_ack:
      return {EndReason::no_ack, peer};
    case LegEnd::session_expired:
      return {EndReason::session_expired, peer};
    case LegEnd::timeout:
      return {f.answered ? EndReason::sip_error : EndReason::unreachable, peer};
    case LegEnd::transport_error:
      return {EndReason::transport_error, peer};
    case LegEnd::bad_answer:
      return {EndReason::codec_mismatch, peer};
    case LegEnd::dialog_gone:
      return {EndReason::sip_error, peer};
    case LegEnd::shutdown:
      return {EndReason::node_draining, Party::platform};
  }
  return {EndReason::internal, Party::platform};
}

VerdictClass class_of(EndReason reason) {
  switch (reason) {
    case EndReason::hangup:
    case EndReason::cancelled:
    case EndReason::rejected:
    case EndReason::redirected:
    case EndReason::busy:
    case EndReason::no_answer:
    case EndReason::max_duration:
    case EndReason::transferred:
    case EndReason::replaced:
    case EndReason::answered_elsewhere:
    case EndReason::screened_out:
    case EndReason::bridge_ended:
      return VerdictClass::success;
    case EndReason::not_found:
    case EndReason::codec_mismatch:
    case EndReason::limit_exceeded:
      return VerdictClass::client_error;
    case EndReason::app_unreachable:
    case EndReason::app_timeout:
    case EndReason::app_disconnected:
    case EndReason::unreachable:
    case EndReason::no_ack:
    case EndReason::transport_error:
    case EndReason::sip_error:
      return VerdictClass::upstream_error;
    case EndReason::overloaded:
    case EndReason::node_draining:
    case EndReason::node_lost:
    case EndReason::internal:
      return VerdictClass::server_error;
    case EndReason::orphan_expired:
    case EndReason::media_timeout:
    case EndReason::session_expired:
      return VerdictClass::indeterminate;
  }
  return VerdictClass::indeterminate;
}

bool retryable(EndReason reason) {
  switch (reason) {
    case EndReason::busy:
    case EndReason::no_answer:
    case EndReason::unreachable:
    case EndReason::app_unreachable:
    case EndReason::app_timeout:
    case EndReason::transport_error:
    case EndReason::overloaded:
    case EndReason::limit_exceeded:
    case EndReason::node_draining:
    case EndReason::node_lost:
      return true;
    default:
      return false;
  }
}

int q850_for(EndReason reason, int sip_code, bool answered) {
  switch (reason) {
    case EndReason::hangup:
    case EndReason::cancelled:
    case EndReason::transferred:
    case EndReason::replaced:
    case EndReason::bridge_ended:
      return 16;
    case EndReason::answered_elsewhere:
      return 26;
    case EndReason::screened_out:
      return 21;
    case EndReason::redirected:
      return 23;
    case EndReason::max_duration:
    case EndReason::orphan_expired:
    case EndReason::session_expired:
    case EndReason::no_ack:
      return 102;
    case EndReason::codec_mismatch:
      return 88;
    case EndReason::app_disconnected:
    case EndReason::media_timeout:
    case EndReason::transport_error:
    case EndReason::node_lost:
      return 41;
    case EndReason::overloaded:
    case EndReason::node_draining:
      return 42;
    default:
      break;
  }
  return answered ? 31 : q850_for_sip(sip_code);
}

}  // namespace

Refusal refusal(LocalCause cause) {
  switch (cause) {
    case LocalCause::app_hangup:
    case LocalCause::app_reject:
    case LocalCause::app_redirect:
      return {603, "Decline", false};
    case LocalCause::not_found:
      return {404, "Not Found", false};
    case LocalCause::app_unreachable:
    case LocalCause::app_timeout:
    case LocalCause::ring_limit:
    case LocalCause::app_disconnected:
    case LocalCause::orphan_expired:
    case LocalCause::max_duration:
    case LocalCause::media_timeout:
      return {480, "Temporarily Unavailable", false};
    case LocalCause::codec_mismatch:
      return {488, "Not Acceptable Here", false};
    case LocalCause::limit_concurrency:
      return {486, "Busy Here", false};
    case LocalCause::limit_rate:
    case LocalCause::app_overloaded:
    case LocalCause::no_media_capacity:
    case LocalCause::node_draining:
      return {503, "Service Unavailable", true};
    case LocalCause::bridge_ended:
    case LocalCause::transferred:
    case LocalCause::replaced:
    case LocalCause::answered_elsewhere:
    case LocalCause::screened_out:
      return {480, "Temporarily Unavailable", false};
    case LocalCause::none:
    case LocalCause::node_lost:
    case LocalCause::internal:
      break;
  }
  return {};
}

Verdict make_verdict(EndFacts facts) {
  // A CANCEL that the SIP side saw before our 200 went out: whatever we believed, the call was not answered.
  if (facts.how == LegEnd::peer_cancel) facts.answered = false;
  const Rule rule = rule_for(facts);
  Verdict v;
  v.reason = rule.reason;
  v.party = rule.party;
  v.sip_code = facts.answered ? 200 : facts.sip_code;
  v.q850_cause = facts.q850_cause != 0 ? facts.q850_cause : q850_for(rule.reason, v.sip_code, facts.answered);
  v.verdict_class = class_of(rule.reason);
  v.retryable = retryable(rule.reason);
  v.detail = std::move(facts.detail);
  return v;
}

Verdict refused_verdict(int sip_code) {
  Verdict v;
  v.sip_code = sip_code;
  v.party = Party::caller;
  v.reason = EndReason::sip_error;
  if (sip_code == 503) {
    v.reason = EndReason::overloaded;
    v.party = Party::platform;
  } else if (sip_code == 488 || sip_code == 415 || sip_code == 606) {
    v.reason = EndReason::codec_mismatch;
  } else if (sip_code == 403 || sip_code == 401 || sip_code == 407) {
    v.reason = EndReason::rejected;
    v.party = Party::platform;
  }
  v.q850_cause = q850_for_sip(sip_code);
  v.verdict_class =
      v.reason == EndReason::overloaded ? VerdictClass::server_error : VerdictClass::client_error;
  v.retryable = retryable(v.reason);
  v.detail = "refused before a call was made of it";
  return v;
}

int q850_for_sip(int sip_code) {
  switch (sip_code) {
    case 400:
      return 41;
    case 401:
    case 402:
    case 403:
    case 407:
    case 603:
      return 21;
    case 404:
    case 485:
    case 604:
      return 1;
    case 405:
      return 63;
    case 408:
      return 102;
    case 410:
      return 22;
    case 413:
    case 414:
    case 416:
    case 420:
    case 421:
    case 423:
    case 505:
    case 513:
      return 127;
    case 415:
    case 406:
    case 501:
      return 79;
    case 480:
      return 18;
    case 482:
    case 483:
      return 25;
    case 484:
      return 28;
    case 486:
    case 600:
      return 17;
    case 487:
      return 16;
    case 488:
    case 606:
      return 88;
    case 502:
      return 38;
    case 504:
      return 102;
    case 481:
    case 500:
    case 503:
      return 41;
    default:
      return sip_code >= 300 && sip_code < 400 ? 23 : 31;
  }
}

}  // namespace tandem::call::machine
