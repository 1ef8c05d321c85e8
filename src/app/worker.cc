#include "app/worker.h"

namespace tandem::app {
namespace {

constexpr std::uint16_t kAbnormalClosure = 1006;

}  // namespace

Worker::Worker(WorkerIdentity identity, std::unique_ptr<net::WebSocket> socket,
               std::shared_ptr<WorkerAdmission> admission, runtime::TimerExecutor& control,
               WorkerOutbox::Limits limits, Function<void()> on_credit, Function<void()> on_stall)
    : identity_(std::move(identity)),
      socket_(std::move(socket)),
      admission_(std::move(admission)),
      on_credit_(std::move(on_credit)),
      outbox_(*socket_, control, limits, std::move(on_stall)) {}

Worker::~Worker() {
  for (auto& [session, link] : links_) link->forget_worker();
}

bool Worker::ready(std::size_t max_sessions) {
  if (stage_ != Stage::fresh) return false;
  stage_ = Stage::ready;
  max_sessions_ = max_sessions;
  on_credit_();
  return true;
}

bool Worker::drain() {
  if (stage_ != Stage::ready) return false;
  stage_ = Stage::draining;
  return true;
}

std::size_t Worker::credit() const {
  if (stage_ != Stage::ready || links_.size() >= max_sessions_) return 0;
  return max_sessions_ - links_.size();
}

std::unique_ptr<WorkerLink> Worker::attach(const model::SessionId& session) {
  auto link = std::make_unique<WorkerLink>(*this, session);
  links_.emplace(session, link.get());
  admission_->add(session);
  return link;
}

WorkerLink* Worker::find(const model::SessionId& session) {
  const auto found = links_.find(session);
  return found == links_.end() ? nullptr : found->second;
}

void Worker::detach(WorkerLink& link) {
  link.forget_worker();
  links_.erase(link.session());
  admission_->remove(link.session());
  if (credit() > 0) on_credit_();
}

void Worker::close(std::uint16_t code, std::string reason) {
  if (stage_ == Stage::gone) return;
  socket_->close(code, std::move(reason));
  lose_links();
}

void Worker::on_socket_closed() {
  if (stage_ != Stage::gone) lose_links();
}

void Worker::lose_links() {
  stage_ = Stage::gone;
  while (!links_.empty()) {
    WorkerLink& link = *links_.begin()->second;
    detach(link);
    link.on_gone(kAbnormalClosure);
  }
}

}  // namespace tandem::app
