#include "rest/exchange.h"

#include <algorithm>
#include <utility>

namespace tandem::rest {
namespace {

Counter answered(Metrics& metrics, const char* status) {
  return metrics.counter("tandem_rest_requests_total", "REST requests answered, by class of status.",
                         {{"status", status}});
}

}  // namespace

Traffic::Traffic(Metrics& metrics)
    : gauge_(metrics.gauge("tandem_rest_requests_under_way", "REST requests not answered yet.")),
      answered_{answered(metrics, "2xx"), answered(metrics, "3xx"), answered(metrics, "4xx"),
                answered(metrics, "5xx")} {}

void Traffic::begin() {
  under_way_.fetch_add(1, std::memory_order_relaxed);
  gauge_.add(1);
}

void Traffic::end(int status) {
  under_way_.fetch_sub(1, std::memory_order_relaxed);
  gauge_.add(-1);
  answered_[static_cast<std::size_t>(std::clamp(status / 100, 2, 5) - 2)].add();
}

Exchange::Exchange(std::shared_ptr<Traffic> traffic, net::HttpRequest r, net::HttpServer::Reply reply)
    : request(std::move(r)), traffic_(std::move(traffic)), reply_(std::move(reply)) {
  traffic_->begin();
}

Exchange::~Exchange() {
  traffic_->end(status_);
}

void Exchange::answer(int status, std::string body, net::HeaderList more) {
  net::HttpResponse response;
  response.status = status;
  response.content_type = "application/json";
  response.body = std::move(body);
  response.headers = std::move(more);
  response.headers.emplace_back("Cache-Control", "no-store");
  send(std::move(response));
}

void Exchange::answer_empty(int status, net::HeaderList more) {
  net::HttpResponse response;
  response.status = status;
  response.content_type.clear();
  response.headers = std::move(more);
  send(std::move(response));
}

void Exchange::refuse(const model::Error& error, std::optional<int> status) {
  send(problem(error, status));
}

void Exchange::refuse(const store::StoreFailure& failure) {
  send(problem(failure));
}

void Exchange::send(net::HttpResponse response) {
  if (!reply_) return;
  auto reply = std::exchange(reply_, nullptr);
  status_ = response.status;
  response.headers.insert(response.headers.end(), headers.begin(), headers.end());
  reply(std::move(response));
}

}  // namespace tandem::rest
