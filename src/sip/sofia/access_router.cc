// The agent's doors beside calls: who is let in, REGISTER, and requests outside of dialogs.
#include "sip/sofia/sofia_agent.h"

namespace tandem::sip {

void SofiaAgent::serve_registrar(const AccessDirectory& directory, RegisterHandler& handler,
                                 AccessPolicy policy) {
  root_.post([this, &directory, &handler, p = std::move(policy)]() mutable {
    if (nta_ == nullptr || access_) return;
    const AccessDesk::Parts parts{static_cast<LegHost&>(*this), flows_, directory, handler, parts_.metrics};
    access_ = std::make_unique<AccessDesk>(parts, std::move(p));
  });
}

void SofiaAgent::answer_register(std::uint64_t ticket, RegisterReply reply) {
  root_.post([this, ticket, r = std::move(reply)] {
    if (access_) access_->answer(ticket, r);
  });
}

void SofiaAgent::send(OutsideRequest request, Done done) {
  root_.post([this, r = std::move(request), d = std::move(done)]() mutable {
    if (outside_) {
      outside_->send(std::move(r), std::move(d));
      return;
    }
    OutsideResult gone;
    gone.sip_code = 503;
    gone.transport_failed = true;
    notify([done = std::move(d), result = std::move(gone)](Observer&) mutable { done(std::move(result)); });
  });
}

// False: the INVITE has been answered, or is not to be. A challenge is no refusal: the call comes again.
bool SofiaAgent::let_in(msg_t* msg, sip_t* sip, IncomingCall& call) {
  if (!access_) return true;
  AccessVerdict verdict = access_->check_caller(msg, sip);
  if (auto* admitted = std::get_if<Admitted>(&verdict)) {
    call.authenticated = std::move(admitted->who);
    return true;
  }
  if (const auto* challenged = std::get_if<Challenged>(&verdict)) {
    refuse(msg, 401, {}, challenge_lines(*challenged));
  } else if (const auto* refused = std::get_if<Refused>(&verdict)) {
    refuse_invite(msg, sip, refused->sip_code, refused->phrase);
  } else {
    dropped_total_.add();
    nta_msg_discard(nta_, msg);
  }
  return false;
}

}  // namespace tandem::sip
