// call.answer: 200 with our answer, or with our offer when the INVITE had none; then the ACK completes it.
#include "call/operation/verbs.h"
#include "call/resource/call.h"

namespace tandem::call {
namespace {

constexpr const char* kMethod = "call.answer";

class Answer final : public CallOperation {
 public:
  Answer(Call& c, OperationTraits traits, std::vector<model::Codec> codecs, sip::Headers headers)
      : CallOperation(c, traits), codecs_(std::move(codecs)), headers_(std::move(headers)) {}

  void begin() override {
    if (!machine::unanswered(call().leg())) return finish(failed(wrong_state(call(), kMethod)));
    MediaLink& media = call().media();
    if (media.agreed()) {  // Early media: the 200 repeats what was agreed (RFC 3261 13.2.1).
      if (!media.accepts(codecs_)) {
        return finish(failed(make_error(model::ErrorCode::codec_mismatch,
                                        "codecs: early media has agreed on another codec", "codecs")));
      }
      media.restart();
      return answered(*media.current());
    }
    if (!call().offer()) return offer_late();
    auto answer = media.answer(*call().offer(), codecs_);
    if (!answer) return refuse(answer.error());
    answered(std::move(*answer));
  }

  void on_offer_done(bool accepted) override {
    if (accepted) return finish(succeeded(model::OpReason::answered, result()));
    finish(
        failed(make_error(model::ErrorCode::codec_mismatch, "the caller's answer to our offer is no use")));
  }

 private:
  [[nodiscard]] model::OpResult result() {
    return model::CallAnswerResult{.codec = call().media().agreed()->codec};
  }

  void answered(model::SessionDescription session) {
    call().env().deps.agent.answer(call().id(), std::move(session), std::move(headers_));
    call().move(machine::LegEvent::answer);
    finish(succeeded(model::OpReason::answered, result()));
  }

  void offer_late() {
    auto offer = call().media().offer(call().facts().source->ip, codecs_);
    if (!offer) return refuse(offer.error());
    call().env().deps.agent.answer(call().id(), std::move(*offer), std::move(headers_));
    call().move(machine::LegEvent::offer_answer);
  }

  void refuse(const MediaProblem& problem) {
    Call& c = call();
    finish(failed(make_error(problem.code, problem.message)));
    c.end_by(problem.cause, problem.message);
  }

  std::vector<model::Codec> codecs_;
  sip::Headers headers_;
};

}  // namespace

MadeOperation make_operation(Call& call, const model::CallAnswer& p) {
  if (auto error = check_unanswered(call, kMethod)) return Err(std::move(*error));
  auto headers = checked_headers(p.headers);
  if (!headers) return Err(std::move(headers.error()));
  if (!call.media().accepts(p.codecs)) {
    return Err(make_error(model::ErrorCode::invalid_params, "codecs: early media has agreed on another codec",
                          "codecs"));
  }
  OperationTraits traits{.method = kMethod, .lanes = machine::kSignalling, .deadline_ms = p.deadline_ms};
  traits.opens_media = true;
  traits.acts_on_call = true;
  traits.irrevocable = true;
  return std::unique_ptr<Operation>(std::make_unique<Answer>(call, traits, p.codecs, std::move(*headers)));
}

}  // namespace tandem::call
