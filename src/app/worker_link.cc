#include "app/worker_link.h"

#include "app/worker.h"
#include "wire/frame.h"

namespace tandem::app {
namespace {

constexpr std::uint16_t kPolicyViolation = 1008;

}  // namespace

WorkerLink::~WorkerLink() {
  if (worker_ != nullptr) worker_->detach(*this);
}

void WorkerLink::bind(Session& owner, std::uint64_t attempt) {
  owner_ = &owner;
  attempt_ = attempt;
}

bool WorkerLink::send_event(EventPtr event) {
  return worker_ == nullptr ||
         worker_->send(session_, [e = std::move(event)] { return wire::encode_event(*e); });
}

bool WorkerLink::send_operation(std::string rpc_id, model::OperationView view) {
  return worker_ == nullptr ||
         worker_->send(session_, [id = std::move(rpc_id), v = std::move(view), s = session_] {
           return wire::encode_response(id, v, s.str());
         });
}

bool WorkerLink::send_snapshot(std::string rpc_id, model::SessionSnapshot snapshot) {
  return worker_ == nullptr ||
         worker_->send(session_, [id = std::move(rpc_id), v = std::move(snapshot), s = session_] {
           return wire::encode_snapshot(id, v, s.str());
         });
}

bool WorkerLink::send_done(std::string rpc_id) {
  return worker_ == nullptr || worker_->send(session_, [id = std::move(rpc_id), s = session_] {
    return wire::encode_done(id, s.str());
  });
}

bool WorkerLink::send_error(std::string rpc_id, model::Error error) {
  return worker_ == nullptr ||
         worker_->send(session_, [id = std::move(rpc_id), e = std::move(error), s = session_] {
           return wire::encode_error(id, e, s.str());
         });
}

void WorkerLink::close(std::uint16_t code, std::string reason) {
  if (worker_ == nullptr) return;
  Worker& worker = *worker_;
  worker.detach(*this);
  if (code == kPolicyViolation) worker.drop(session_);
  model::SessionClosed closed;
  closed.code = code;
  closed.reason = std::move(reason);
  worker.send(session_, [c = std::move(closed), s = session_] { return wire::encode_session_closed(s, c); });
}

void WorkerLink::on_request(model::Request request) {
  if (owner_ != nullptr) owner_->on_request(attempt_, std::move(request));
}

void WorkerLink::on_gone(std::uint16_t code) {
  if (owner_ != nullptr) owner_->on_closed(attempt_, code);
}

}  // namespace tandem::app
