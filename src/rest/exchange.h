// Exchange: one request on its way to its answer. It is answered once; dropped unanswered, the HTTP server
// says 500.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "base/metrics.h"
#include "model/ids.h"
#include "net/api/http.h"
#include "rest/access.h"
#include "rest/generated/routes.h"
#include "rest/problem.h"
#include "rest/target.h"

namespace tandem::rest {

/// Counts the requests under way, and those answered by status class.
class Traffic {
 public:
  explicit Traffic(Metrics& metrics);
  void begin();
  void end(int status);
  [[nodiscard]] std::size_t under_way() const { return under_way_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::size_t> under_way_{0};
  Gauge gauge_;
  Counter answered_[4];  // 2xx, 3xx, 4xx, 5xx.
};

class Exchange {
 public:
  /// `traffic` must outlive it; shared, since an answer may be dropped after the door is gone.
  Exchange(std::shared_ptr<Traffic> traffic, net::HttpRequest request, net::HttpServer::Reply reply);
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;
  ~Exchange();

  // Filled in by the door before a resource gets it.
  net::HttpRequest request;
  const Route* route = nullptr;
  Target target{};
  Caller caller{};
  model::AccountId account{};
  bool whole = false;  ///< The path names no account: it is about all of them.
  model::CallId call{};
  model::ConferenceId conference{};  ///< In place of `call` below /Conferences.
  model::OpId op{};
  model::IntentId intent{};
  model::QueueId queue{};
  model::QueueEntryId entry{};
  model::RecordingId recording{};
  std::string record{};       ///< Id of a provisioned record, of the route's kind.
  net::HeaderList headers{};  ///< Go with whatever the answer is.

  /// JSON with this status. Any thread; once.
  void answer(int status, std::string body, net::HeaderList more = {});
  void answer_empty(int status, net::HeaderList more = {});
  void refuse(const model::Error& error, std::optional<int> status = std::nullopt);
  void refuse(const store::StoreFailure& failure);
  void send(net::HttpResponse response);

 private:
  // Shared with the door and its other exchanges, see the constructor.
  const std::shared_ptr<Traffic> traffic_;
  net::HttpServer::Reply reply_;
  int status_ = 500;
};
using ExchangePtr = std::unique_ptr<Exchange>;

}  // namespace tandem::rest
