#include "app/worker_reader.h"

namespace tandem::app {
namespace {

constexpr std::uint16_t kPolicyViolation = 1008;
/// A worker that comes back resumes all its sessions at once.
constexpr double kOwnShare = 10;

model::Error rate_error(std::int64_t wait_ms, const char* whose) {
  model::Error error;
  error.code = model::ErrorCode::rate_limited;
  error.message = std::string("too many requests in a second on this ") + whose;
  error.retry_after_ms = wait_ms;
  return error;
}

}  // namespace

WorkerReader::WorkerReader(net::WebSocket& socket, std::shared_ptr<WorkerAdmission> admission,
                           const ChannelLimits& limits, const Clock& clock, Handlers handlers)
    : socket_(socket),
      admission_(std::move(admission)),
      limits_(limits),
      clock_(clock),
      handlers_(std::move(handlers)),
      own_(limits.requests_per_second * kOwnShare, limits.request_burst * kOwnShare, clock.now()) {}

void WorkerReader::read(std::string_view text) {
  auto frame = wire::decode_worker_frame(text, limits_.max_frame_bytes);
  if (!frame) {
    const wire::FrameError& wrong = frame.error();
    if (take(wrong.rpc_id, wrong.session)) refuse(wrong.rpc_id, wrong.session, wrong.error);
    return;
  }
  const auto* own = std::get_if<model::WorkerParams>(&frame->params);
  const bool counts_for_session = own == nullptr || std::holds_alternative<model::SessionClose>(*own);
  const bool passes =
      counts_for_session ? take(frame->rpc_id, frame->session) : take_own(frame->rpc_id, frame->session);
  if (passes) handlers_.on_frame(std::move(*frame));
}

bool WorkerReader::take(const std::string& rpc_id, const model::SessionId& session) {
  if (session.empty()) return take_own(rpc_id, session);
  const WorkerAdmission::Ruling ruling = admission_->take(session);
  switch (ruling.verdict) {
    case WorkerAdmission::Verdict::pass:
      return true;
    case WorkerAdmission::Verdict::limited:
      refuse(rpc_id, session, rate_error(ruling.wait_ms, "session"));
      return false;
    case WorkerAdmission::Verdict::overrun:
      handlers_.on_overrun(session);
      return false;
    case WorkerAdmission::Verdict::unknown:
      break;
  }
  if (take_own(rpc_id, session)) {
    model::Error error;
    error.code = model::ErrorCode::session_not_found;
    error.message = "session_id: no such session on this socket";
    error.field = "session_id";
    refuse(rpc_id, session, error);
  }
  return false;
}

bool WorkerReader::take_own(const std::string& rpc_id, const model::SessionId& session) {
  if (own_.take(clock_.now())) {
    refused_ = 0;
    return true;
  }
  if (++refused_ >= limits_.refusals_before_close) {
    socket_.close(kPolicyViolation, "rate limit");
  } else {
    refuse(rpc_id, session, rate_error(own_.wait_ms(), "socket"));
  }
  return false;
}

/// A notification (no id) is not answered.
void WorkerReader::refuse(const std::string& rpc_id, const model::SessionId& session,
                          const model::Error& error) {
  if (!rpc_id.empty()) socket_.send(wire::encode_error(rpc_id, error, session.str()));
}

}  // namespace tandem::app
