// WorkerReader: what a worker's socket needs for reading, on its net thread: decodes frames, holds each
// session to its rate, answers what is wrong by itself.
#pragma once

#include <memory>
#include <string>

#include "app/worker_admission.h"
#include "net/api/http.h"
#include "wire/frame.h"

namespace tandem::app {

class WorkerReader {
 public:
  /// Net thread; they hand over to the control thread.
  struct Handlers {
    Function<void(wire::WorkerFrame)> on_frame;
    Function<void(model::SessionId)> on_overrun;  ///< The session asked too much for too long.
  };
  /// `socket` is the one whose handlers own this reader. Shared admission: see there.
  WorkerReader(net::WebSocket& socket, std::shared_ptr<WorkerAdmission> admission,
               const ChannelLimits& limits, const Clock& clock, Handlers handlers);

  void read(std::string_view text);

 private:
  /// What counts for no session: worker.*, session.resume, and frames that are wrong. True if it may pass.
  [[nodiscard]] bool take_own(const std::string& rpc_id, const model::SessionId& session);
  void refuse(const std::string& rpc_id, const model::SessionId& session, const model::Error& error);
  /// True if a request of the session may pass; answers it if not.
  [[nodiscard]] bool take(const std::string& rpc_id, const model::SessionId& session);

  net::WebSocket& socket_;
  std::shared_ptr<WorkerAdmission> admission_;
  ChannelLimits limits_;
  const Clock& clock_;
  Handlers handlers_;
  TokenBucket own_;
  std::size_t refused_ = 0;
};

}  // namespace tandem::app
