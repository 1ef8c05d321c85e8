// call.hold and call.unhold: music for the call, and a re-INVITE that tells its phone.
#include <fmt/format.h>

#include "call/operation/verbs.h"
#include "call/resource/call.h"

namespace tandem::call {
namespace {

/// The re-INVITE that hold and unhold have in common.
class Reoffering : public CallOperation {
 public:
  Reoffering(Call& c, OperationTraits traits, model::Direction direction)
      : CallOperation(c, traits), direction_(direction) {}

  void on_reoffer_done(int sip_code) override {
    if (!waiting_) return;
    waiting_ = false;
    if (sip_code >= 200 && sip_code < 300) return agreed();
    model::Error error = make_error(model::ErrorCode::sip_error,
                                    fmt::format("the peer answered the re-INVITE with {}", sip_code));
    error.sip_code = sip_code;
    finish(failed(std::move(error)));
  }

 protected:
  virtual void agreed() = 0;
  void signal() {
    if (!machine::answered(call().leg())) return finish(failed(wrong_state(call(), method())));
    waiting_ = true;
    if (call().reoffer(direction_)) return;
    waiting_ = false;
    finish(failed(make_error(model::ErrorCode::wrong_state, "another offer is under way")));
  }

 private:
  const model::Direction direction_;
  bool waiting_ = false;
};

class Hold final : public Reoffering {
 public:
  Hold(Call& c, OperationTraits traits, std::optional<PlayPlan> music, bool tell)
      : Reoffering(c, traits, model::Direction::send_only), music_(std::move(music)), tell_(tell) {}

  void begin() override {
    if (!machine::answered(call().leg())) return finish(failed(wrong_state(call(), method())));
    if (!tell_ || call().signalled_hold()) return agreed();
    signal();
  }

 protected:
  void agreed() override {
    call().hold(std::move(music_), tell_);
    finish(succeeded(model::OpReason::held));
  }

 private:
  std::optional<PlayPlan> music_;
  const bool tell_;
};

class Unhold final : public Reoffering {
 public:
  Unhold(Call& c, OperationTraits traits) : Reoffering(c, traits, model::Direction::send_recv) {}

  void begin() override {
    if (!call().on_hold()) return finish(succeeded(model::OpReason::unheld));
    if (!call().signalled_hold()) return agreed();
    signal();
  }

 protected:
  void agreed() override {
    call().unhold();
    finish(succeeded(model::OpReason::unheld));
  }
};

OperationTraits traits_of(const char* method, std::optional<std::int64_t> deadline_ms) {
  OperationTraits traits{.method = method, .lanes = machine::kSignalling, .deadline_ms = deadline_ms};
  traits.irrevocable = true;
  return traits;
}

}  // namespace

MadeOperation make_operation(Call& call, const model::CallHold& p) {
  auto music = checked_plan(call, p.music, "music");
  if (!music) return Err(std::move(music.error()));
  if (auto error = check_media(call, "call.hold")) return Err(std::move(*error));
  return std::unique_ptr<Operation>(
      std::make_unique<Hold>(call, traits_of("call.hold", p.deadline_ms), std::move(*music), p.signal));
}

MadeOperation make_operation(Call& call, const model::CallUnhold& p) {
  return std::unique_ptr<Operation>(std::make_unique<Unhold>(call, traits_of("call.unhold", p.deadline_ms)));
}

}  // namespace tandem::call
