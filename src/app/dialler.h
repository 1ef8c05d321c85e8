// Dialler: reaches an application by calling its URL (docs: protocol, "Transport"), and again when the socket
// broke.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/channel.h"
#include "app/connector.h"
#include "app/handshake.h"
#include "app/session.h"
#include "base/log.h"
#include "net/api/http.h"
#include "runtime/executor.h"

namespace tandem::app {

class Dialler final : public Connector {
 public:
  /// Borrowed; all outlive the dialler.
  struct Environment {
    net::Client& client;
    runtime::TimerExecutor& control;
    const SessionLimits& limits;
    Log log;
  };
  Dialler(Session& session, const call::SessionOpening& opening, Environment environment,
          Session::MakeDeliver deliver);

  /// URL, then fallback URL, then unreachable.
  void open(std::uint64_t attempt) override;
  /// The URLs in turn, with a pause that grows to a second, until told to stop.
  void recover(std::uint64_t attempt, bool untouched) override;
  void stop() override;

 private:
  using Dialled = Result<std::unique_ptr<Channel>, net::NetFailure>;

  void dial(const std::string& reason, std::size_t url_index);
  void on_dialled(std::uint64_t attempt, std::size_t url_index, Dialled result);
  void dial_again();

  Session& session_;
  Environment env_;
  Session::MakeDeliver make_deliver_;
  const Handshake handshake_;  ///< Its reason is that of the first dial.
  std::vector<std::string> urls_;
  std::uint64_t attempt_ = 0;  ///< 0: stopped; what still comes is dropped.
  bool resuming_ = false;
  unsigned tries_ = 0;
  runtime::Timer retry_;
};

}  // namespace tandem::app
