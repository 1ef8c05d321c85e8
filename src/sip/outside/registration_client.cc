#include <algorithm>
#include <utility>

#include "base/random.h"
#include "sip/outside/registration_machine.h"

namespace tandem::sip {

std::string_view to_string(RegistrationStatus::State s) {
  switch (s) {
    case RegistrationStatus::State::trying:
      return "trying";
    case RegistrationStatus::State::registered:
      return "registered";
    case RegistrationStatus::State::failing:
      return "failing";
    case RegistrationStatus::State::refused:
      return "refused";
    case RegistrationStatus::State::unregistered:
      return "unregistered";
  }
  return "unknown";
}

struct RegistrationClient::Impl : std::enable_shared_from_this<Impl> {
  Impl(RegistrationOptions o, OutsideRequests& out, runtime::TimerExecutor& l, Observer obs)
      : options(std::move(o)),
        outside_requests(out),
        loop(l),
        observer(std::move(obs)),
        call_id(random_hex(16)),
        timer(l) {}

  void take(const outside::RegistrationEvent& event) {
    constexpr double kTwoTo32 = 4'294'967'296.0;
    outside::RegistrationStep next =
        outside::step(state, event, loop.clock().now(), options, random_u32() / kTwoTo32);
    state = next.state;
    if (next.send) {
      timer.cancel();
      send(*next.send);
    }
    if (next.wake) {
      timer.set(*next.wake - loop.clock().now(), [this] { take(outside::TimerFired{}); });
    }
    if (next.report) {
      status = std::move(*next.report);
      observer(status);
    }
    if (std::holds_alternative<outside::Stopped>(state)) {
      timer.cancel();
      if (Function<void()> done = std::exchange(stopped, {})) done();
    }
  }

  void send(std::uint32_t expires_s) {
    OutsideRequest r;
    r.method = "REGISTER";
    r.uri = options.registrar_uri;
    r.route = options.route;
    r.next_hop = options.next_hop;
    r.from_uri = options.address_uri;
    r.to_uri = options.address_uri;
    r.contact = "auto";
    r.contact_user = options.contact_user;
    r.expires_s = expires_s;
    r.credentials = options.credentials;
    r.timeout = options.timeout;
    r.call_id = call_id;
    r.cseq = ++cseq;
    outside_requests.send(std::move(r), [weak = weak_from_this()](OutsideResult result) {
      if (const auto self = weak.lock()) {
        self->cseq = std::max(self->cseq, result.cseq);
        self->take(outside::RegistrationEvent(std::move(result)));
      }
    });
  }

  const RegistrationOptions options;
  OutsideRequests& outside_requests;
  runtime::TimerExecutor& loop;
  Observer observer;
  const std::string call_id;
  std::uint32_t cseq = 0;
  outside::RegistrationState state;
  RegistrationStatus status;
  Function<void()> stopped;
  runtime::Timer timer;
};

RegistrationClient::RegistrationClient(RegistrationOptions options, OutsideRequests& outside,
                                       runtime::TimerExecutor& loop, Observer observer)
    : impl_(std::make_shared<Impl>(std::move(options), outside, loop, std::move(observer))) {}

RegistrationClient::~RegistrationClient() = default;

void RegistrationClient::start() {
  impl_->take(outside::Start{});
}

void RegistrationClient::stop(Function<void()> done) {
  if (std::holds_alternative<outside::Stopped>(impl_->state)) {
    done();
    return;
  }
  impl_->stopped = std::move(done);
  impl_->take(outside::Stop{});
}

const RegistrationStatus& RegistrationClient::status() const {
  return impl_->status;
}

}  // namespace tandem::sip
