// call.ring: 180 or 183, with or without early media.
#include "call/operation/verbs.h"
#include "call/resource/call.h"

namespace tandem::call {
namespace {

constexpr const char* kMethod = "call.ring";

class Ring final : public CallOperation {
 public:
  Ring(Call& c, OperationTraits traits, int code, bool early, sip::Headers headers)
      : CallOperation(c, traits), code_(code), early_(early), headers_(std::move(headers)) {}

  void begin() override {
    if (!machine::unanswered(call().leg())) return finish(failed(wrong_state(call(), kMethod)));
    if (!early_) return provisional(std::nullopt);
    if (call().media().agreed()) return provisional(call().media().current());
    if (call().offer()) {
      answer_early();
    } else {
      offer_early();
    }
  }

  void on_offer_done(bool accepted) override {
    if (accepted) finish(succeeded(model::OpReason::ringing));
  }

 private:
  void provisional(std::optional<model::SessionDescription> session) {
    call().set_provisional(code_);
    call().env().deps.agent.ring(call().id(), {code_, std::move(headers_), std::move(session)});
    call().move(machine::LegEvent::ring);
    finish(succeeded(model::OpReason::ringing));
  }

  void answer_early() {
    auto answer = call().media().answer(*call().offer(), {});
    if (!answer) return refuse(answer.error());
    call().set_provisional(code_);
    call().env().deps.agent.ring(call().id(), {code_, std::move(headers_), std::move(*answer)});
    call().move(machine::LegEvent::connect_early);
    finish(succeeded(model::OpReason::ringing));
  }

  // The INVITE had no offer: ours goes into a reliable 183, the PRACK brings the answer (RFC 3262 section 5).
  void offer_early() {
    auto offer = call().media().offer(call().facts().source->ip, {});
    if (!offer) return refuse(offer.error());
    call().set_provisional(code_);
    call().env().deps.agent.ring(call().id(), {code_, std::move(headers_), std::move(*offer)});
  }

  void refuse(const MediaProblem& problem) {
    Call& c = call();
    finish(failed(make_error(problem.code, problem.message)));
    c.end_by(problem.cause, problem.message);
  }

  int code_;
  bool early_;
  sip::Headers headers_;
};

}  // namespace

MadeOperation make_operation(Call& call, const model::CallRing& p) {
  if (auto error = check_unanswered(call, kMethod)) return Err(std::move(*error));
  auto headers = checked_headers(p.headers);
  if (!headers) return Err(std::move(headers.error()));
  if (p.early_media && !call.offer() && !call.facts().supports_100rel && !call.media().agreed()) {
    return Err(make_error(model::ErrorCode::wrong_state,
                          "early_media: the INVITE had no offer and the caller does not support 100rel",
                          "early_media"));
  }
  OperationTraits traits{.method = kMethod, .lanes = machine::kSignalling, .deadline_ms = p.deadline_ms};
  traits.opens_media = p.early_media;
  traits.acts_on_call = true;
  traits.irrevocable = true;
  const int code = p.early_media ? 183 : static_cast<int>(p.sip_code);
  return std::unique_ptr<Operation>(
      std::make_unique<Ring>(call, traits, code, p.early_media, std::move(*headers)));
}

}  // namespace tandem::call
