// Operations: waited for, not waited for, controlled; ending a call.
#include <filesystem>
#include <fstream>
#include <sstream>

#include "rest/tests/fixture.h"

namespace tandem::rest::test {
namespace {

namespace json = boost::json;
using std::chrono::seconds;

constexpr const char* kSay = R"({"method":"call.say","params":{"text":"Hello"}})";

class OperationsTest : public DoorTest {
 protected:
  AnswerPtr say(const std::string& prefer = {}) {
    net::HeaderList headers;
    if (!prefer.empty()) headers.emplace_back("Prefer", prefer);
    return send("POST", kOperations, kSay, std::move(headers));
  }
  void refuse(model::ErrorCode code, const std::string& field = {}) {
    core_.refusal.emplace();
    core_.refusal->code = code;
    core_.refusal->field = field;
  }
};

TEST_F(OperationsTest, TheOutcomeIsWaitedFor) {
  const auto answer = say();
  EXPECT_FALSE(answer->came);
  EXPECT_EQ(std::get<model::CallSay>(core_.submitted.at(0)).call_id, kCall);
  loop_.advance(seconds(29));
  EXPECT_FALSE(answer->came);
  core_.complete(kOp, model::OpOutcome::failed, model::OpReason::call_ended);
  loop_.run_until_idle();
  EXPECT_EQ(answer->status(), 200);
  EXPECT_EQ(answer->text("outcome"), "failed");
  EXPECT_EQ(answer->header("Location"), "/v1/Accounts/AC1/Calls/CA1/Operations/OP1");
  EXPECT_EQ(loop_.timers(), 0U);
}

TEST_F(OperationsTest, NotForEver) {
  const auto usual = say();
  const auto shorter = say("wait=5");
  const auto longest = say("wait=100000000000000000000");
  loop_.advance(seconds(5));
  EXPECT_EQ(shorter->status(), 202);
  EXPECT_EQ(shorter->header("Preference-Applied"), "wait=5");
  EXPECT_EQ(shorter->text("state"), "running");
  EXPECT_FALSE(usual->came);
  loop_.advance(seconds(25));
  EXPECT_EQ(usual->status(), 202);
  EXPECT_FALSE(longest->came);
  loop_.advance(seconds(30));
  EXPECT_EQ(longest->status(), 202);
  core_.complete(kOp, model::OpOutcome::succeeded, model::OpReason::finished);  // Nobody waits any more.
  loop_.run_until_idle();
  EXPECT_EQ(get("/v1/Accounts/AC1/Calls/CA1/Operations/OP1").text("outcome"), "succeeded");
}

TEST_F(OperationsTest, OrNotAtAll) {
  const auto answer = say("respond-async");
  EXPECT_EQ(answer->status(), 202);
  EXPECT_EQ(answer->header("Preference-Applied"), "respond-async");
  EXPECT_EQ(get(answer->header("Location")).text("id"), "OP1");
  EXPECT_EQ(say("wait=0")->status(), 202);
  EXPECT_FALSE(say("respond-async, wait=3")->came);
  EXPECT_FALSE(say("wait=soon;q=1, handling=strict")->came);
  EXPECT_TRUE(core_.dones.size() == 2);
  core_.complete_at_once = true;
  EXPECT_EQ(say()->status(), 200);
}

TEST_F(OperationsTest, WhenTooManyWaitNobodyElseDoes) {
  DoorOptions options;
  options.max_waiting_per_account = 2;
  make(options);
  const auto first = say();
  const auto second = say();
  EXPECT_EQ(say()->status(), 202);
  core_.complete(kOp, model::OpOutcome::succeeded, model::OpReason::finished);
  loop_.run_until_idle();
  EXPECT_EQ(first->status(), 200);
  EXPECT_FALSE(say()->came);
  EXPECT_FALSE(second->came);
}

TEST_F(OperationsTest, RefusalsNameTheParameter) {
  refuse(model::ErrorCode::invalid_params, "text");
  EXPECT_EQ(say()->problem(), "400 invalid_params params.text");
  refuse(model::ErrorCode::call_not_found);
  EXPECT_EQ(say()->problem(), "404 call_not_found");
  refuse(model::ErrorCode::wrong_state);
  EXPECT_EQ(say()->problem(), "409 wrong_state");
  refuse(model::ErrorCode::queue_full);
  EXPECT_EQ(say()->problem(), "429 queue_full");
  EXPECT_EQ(ask("POST", kOperations, R"({"method":"call.say"})").problem(), "400 invalid_params params.text");
  EXPECT_EQ(ask("POST", kOperations, R"({"method":"call.detect"})").problem(), "501 not_implemented method");
  EXPECT_EQ(ask("POST", kOperations, R"({"method":"call.dial","params":{}})").problem(),
            "400 invalid_params method");
  EXPECT_EQ(ask("POST", kOperations).problem(), "400 parse_error");
}

/// The document, the decoder and the protocol's own examples say the same.
TEST_F(OperationsTest, EveryMethodsExampleIsAccepted) {
  core_.complete_at_once = true;
  std::size_t seen = 0;
  const auto& requests =
      document().at("components").at("schemas").at("operation_request").at("oneOf").as_array();
  for (const auto& entry : std::filesystem::directory_iterator(TANDEM_METHODS)) {
    std::stringstream text;
    text << std::ifstream(entry.path()).rdbuf();
    const json::value method = json::parse(text.str());
    json::value params = method.at("x-example").at("params");
    if (method.at("x-resource") != "call" || !method.at("x-operation").as_bool()) continue;
    params.as_object().erase("call_id");
    const json::value body = json::object{{"method", method.at("x-method")}, {"params", params}};
    EXPECT_EQ(component_complaint("operation_request", body), "") << entry.path();
    const Answer answer = ask("POST", kOperations, json::serialize(body));
    EXPECT_EQ(answer.status(), 200) << entry.path() << answer.response.body;
    EXPECT_EQ(answer.text("method"), method.at("x-method").as_string().c_str());
    ++seen;
  }
  EXPECT_EQ(seen, requests.size());
}

TEST_F(OperationsTest, AreFoundUnderTheirCallOnly) {
  say("respond-async");
  core_.all_calls = {live("CA1", 1), live("CA2", 2)};
  EXPECT_EQ(get("/v1/Accounts/AC1/Calls/CA1/Operations/OP1").status(), 200);
  EXPECT_EQ(get("/v1/Accounts/AC1/Calls/CA2/Operations/OP1").problem(), "404 op_not_found");
  EXPECT_EQ(get("/v1/Accounts/AC1/Calls/CA3/Operations/OP1").problem(), "404 call_not_found");
  EXPECT_EQ(ask("POST", "/v1/Accounts/AC1/Calls/CA2/Operations/OP1/cancel").problem(), "404 op_not_found");
  EXPECT_EQ(core_.submitted.size(), 1U);
}

TEST_F(OperationsTest, AreControlled) {
  say("respond-async");
  for (const char* verb : {"cancel", "stop", "pause", "resume"}) {
    const Answer answer = ask("POST", std::string("/v1/Accounts/AC1/Calls/CA1/Operations/OP1/") + verb);
    EXPECT_EQ(answer.status(), 200) << verb;
    EXPECT_EQ(answer.json().at("no_op"), true);
    EXPECT_EQ(model::method_name(core_.submitted.back()), std::string("op.") + verb);
  }
  EXPECT_EQ(ask("POST", "/v1/Accounts/AC1/Calls/CA1/Operations/OP1/stop", R"({"now":true})").problem(),
            "400 invalid_params now");
  refuse(model::ErrorCode::wrong_state);
  EXPECT_EQ(ask("POST", "/v1/Accounts/AC1/Calls/CA1/Operations/OP1/pause").problem(), "409 wrong_state");
}

TEST_F(OperationsTest, EndingACall) {
  const auto answer = send("DELETE", "/v1/Accounts/AC1/Calls/CA1");
  EXPECT_FALSE(answer->came);
  EXPECT_TRUE(std::holds_alternative<model::CallHangup>(core_.submitted.at(0)));
  core_.complete(kOp, model::OpOutcome::succeeded, model::OpReason::hung_up);
  loop_.run_until_idle();
  EXPECT_EQ(answer->status(), 204);
  const Answer async = ask("DELETE", "/v1/Accounts/AC1/Calls/CA1", {}, {{"Prefer", "respond-async"}});
  EXPECT_EQ(async.status(), 202);
  EXPECT_EQ(async.text("method"), "call.hangup");
  const auto raced = send("DELETE", "/v1/Accounts/AC1/Calls/CA1");
  core_.complete(model::OpId("OP3"), model::OpOutcome::failed, model::OpReason::call_ended);
  loop_.run_until_idle();
  EXPECT_EQ(raced->status(), 204);
}

TEST_F(OperationsTest, EndingACallThatIsOverIsNoError) {
  refuse(model::ErrorCode::call_ended);
  EXPECT_EQ(ask("DELETE", "/v1/Accounts/AC1/Calls/CA1").status(), 204);
  refuse(model::ErrorCode::call_not_found);
  EXPECT_EQ(ask("DELETE", "/v1/Accounts/AC1/Calls/CA1").problem(), "404 call_not_found");
  history_.cdrs = {ended("CA1")};
  EXPECT_EQ(ask("DELETE", "/v1/Accounts/AC1/Calls/CA1").status(), 204);
  refuse(model::ErrorCode::lane_busy);
  EXPECT_EQ(ask("DELETE", "/v1/Accounts/AC1/Calls/CA1").problem(), "409 lane_busy");
}

}  // namespace
}  // namespace tandem::rest::test
