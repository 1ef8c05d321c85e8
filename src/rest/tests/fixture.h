// A door over fakes, and a client without a network.
#pragma once

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "rest/tests/contract.h"
#include "rest/tests/fakes.h"
#include "rest/tests/real_store.h"
#include "runtime/manual_loop.h"

namespace tandem::rest::test {

struct Answer {
  bool came = false;
  net::HttpResponse response;
  [[nodiscard]] int status() const { return came ? response.status : 0; }
  [[nodiscard]] std::string header(std::string_view name) const {
    for (const auto& [key, value] : response.headers) {
      if (key == name) return value;
    }
    return {};
  }
  [[nodiscard]] boost::json::value json() const {
    boost::json::error_code error;
    return boost::json::parse(response.body, error);
  }
  /// A member of the body as text; empty if it is none.
  [[nodiscard]] std::string text(std::string_view name) const {
    const auto body = json();
    const auto* object = body.if_object();
    const auto* v = object == nullptr ? nullptr : object->if_contains(name);
    if (v == nullptr || v->is_null()) return {};
    return v->is_string() ? std::string(v->get_string().c_str()) : boost::json::serialize(*v);
  }
  /// "400 invalid_params limit"
  [[nodiscard]] std::string problem() const {
    return std::to_string(status()) + " " + text("code") + (text("field").empty() ? "" : " " + text("field"));
  }
};
// Shared with the reply, which may come after the test has looked.
using AnswerPtr = std::shared_ptr<Answer>;

class DoorTest : public testing::Test {
 protected:
  static constexpr const char* kCalls = "/v1/Accounts/AC1/Calls";
  static constexpr const char* kOperations = "/v1/Accounts/AC1/Calls/CA1/Operations";

  void SetUp() override { make(DoorOptions{}); }
  /// For those who ask every route.
  static DoorOptions unlimited() {
    DoorOptions options;
    options.rate_limit = {1e9, 1e9};
    return options;
  }
  void make(DoorOptions options) {
    door_.reset();
    door_ = std::make_unique<Door>(options, DoorPorts{core_, loop_, loop_, access_, history_, &locations_,
                                                      metrics_, queues_, nullptr, &store_, hash_password});
  }

  /// Sends without waiting; every answer is held against the OpenAPI document.
  AnswerPtr send(const std::string& method, const std::string& target, const std::string& body = {},
                 net::HeaderList headers = {}) {
    net::HttpRequest request;
    request.method = method;
    request.target = target;
    request.body = body;
    request.headers = std::move(headers);
    const bool has_key = !request.header("Authorization").empty();
    if (!has_key) request.headers.emplace_back("Authorization", "Bearer " + token_);
    if (!body.empty() && request.header("Content-Type").empty())
      request.headers.emplace_back("Content-Type", "application/json");
    auto answer = std::make_shared<Answer>();
    door_->handle(std::move(request), [answer, method, target](net::HttpResponse response) {
      EXPECT_FALSE(answer->came) << "answered twice";
      answer->came = true;
      EXPECT_EQ(contract_complaint(method, target, response), "") << method << " " << target << "\n"
                                                                  << response.body;
      answer->response = std::move(response);
    });
    loop_.run_until_idle();
    return answer;
  }
  Answer ask(const std::string& method, const std::string& target, const std::string& body = {},
             net::HeaderList headers = {}) {
    return *send(method, target, body, std::move(headers));
  }
  Answer get(const std::string& target) { return ask("GET", target); }

  static model::LiveCall live(const std::string& id, int second,
                              model::CallState state = model::CallState::answered) {
    model::LiveCall out;
    out.call.id = model::CallId(id);
    out.call.state = state;
    out.call.from = "+15550100";
    out.call.to = "+15550199";
    out.call.created_at = WallTime(std::chrono::seconds(1'767'225'600 + second));
    out.call.answered_at = out.call.created_at;
    out.session_id = model::SessionId("SE1");
    out.application_id = kApplication;
    return out;
  }
  static model::Cdr ended(const std::string& id) {
    model::Cdr out;
    out.cdr_id = model::CdrId("CD" + id.substr(2));
    out.account_id = kAccount;
    out.call_id = model::CallId(id);
    out.from = "+15550100";
    out.to = "+15550199";
    out.created_at = out.ended_at = WallTime(std::chrono::seconds(1'767'225'500));
    return out;
  }
  static std::vector<std::string> ids(const Answer& answer) {
    std::vector<std::string> out;
    const auto body = answer.json();
    for (const auto& item : body.at("items").as_array()) out.emplace_back(item.at("id").as_string().c_str());
    return out;
  }

  std::string token_ = "AK1.all";
  runtime::ManualLoop loop_;
  Metrics metrics_;
  FakeCore core_;
  FakeHistory history_;
  FakeAccess access_;
  FakeLocations locations_;
  RealStore store_;
  FakeQueues queues_;
  std::unique_ptr<Door> door_;
};

}  // namespace tandem::rest::test
