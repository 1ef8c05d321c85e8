#include "app/worker_connector.h"

namespace tandem::app {

WorkerConnector::WorkerConnector(Session& session, const call::SessionOpening& opening, WorkerHub& hub,
                                 runtime::TimerExecutor& control, std::unique_ptr<Connector> by_url,
                                 Session::MakeDeliver deliver)
    : session_(session),
      application_(opening.application.id),
      id_(opening.id),
      hub_(hub),
      by_url_(std::move(by_url)),
      make_deliver_(std::move(deliver)),
      timer_(control) {}

WorkerConnector::~WorkerConnector() {
  hub_.withdraw(*this);
}

void WorkerConnector::open(std::uint64_t attempt) {
  attempt_ = attempt;
  if (offer()) return;
  if (by_url_) {
    use_url();
    return;
  }
  hub_.wait(*this);
  timer_.set(hub_.options().wait, [this] {
    hub_.withdraw(*this);
    session_.on_unreachable(attempt_);
  });
}

void WorkerConnector::recover(std::uint64_t attempt, bool untouched) {
  attempt_ = attempt;
  again_ = true;
  if (on_url_) {
    by_url_->recover(attempt, untouched);
  } else if (untouched) {
    timer_.set(hub_.options().reoffer, [this] { offer_again(); });
  }
}

void WorkerConnector::stop() {
  attempt_ = 0;
  timer_.cancel();
  hub_.withdraw(*this);
  if (on_url_) by_url_->stop();
}

/// The session has resume_ttl; until then any worker with credit is welcome.
void WorkerConnector::offer_again() {
  if (offer()) return;
  if (by_url_) {
    use_url();
  } else {
    hub_.wait(*this);
  }
}

void WorkerConnector::use_url() {
  on_url_ = true;
  by_url_->open(attempt_);
}

bool WorkerConnector::offer() {
  auto link = hub_.take(application_, id_);
  if (!link) return false;
  // The place is taken at once, the session hears of it in a turn of its own.
  make_deliver_()([this, attempt = attempt_, l = std::move(link)](Session&) mutable {
    on_offered(attempt, std::move(l));
  });
  return true;
}

void WorkerConnector::on_offered(std::uint64_t attempt, std::unique_ptr<WorkerLink> link) {
  if (attempt != attempt_) return;
  if (!link->up()) {  // The worker broke in between.
    again_ ? offer_again() : open(attempt);
    return;
  }
  link->bind(session_, attempt);
  session_.on_linked(attempt, std::move(link), Session::Peer::knows_nothing);
}

void WorkerConnector::on_credit() {
  timer_.cancel();
  auto link = hub_.take(application_, id_);
  if (link) on_offered(attempt_, std::move(link));
}

}  // namespace tandem::app
