#include "wire/rest_body.h"

#include <gtest/gtest.h>

namespace tandem::wire {
namespace {

constexpr std::size_t kMaxData = 65'536;
const model::CallId kCall("CA1");

template <class T>
std::string fault_of(const Result<T, model::Error>& result) {
  if (result) return "accepted";
  return std::string(model::to_string(result.error().code)) + " " + result.error().field;
}

TEST(CreateCallBody, TakesAnyJsonAsData) {
  EXPECT_EQ(decode_create_call("", kMaxData)->data_json, "null");
  EXPECT_EQ(decode_create_call("{}", kMaxData)->data_json, "null");
  for (const char* data : {"null", "true", "12", "\"x\"", "[1,[2]]", R"({"a":{"b":null}})"}) {
    const auto body = decode_create_call(std::string(R"({ "data" : )") + data + "}", kMaxData);
    ASSERT_TRUE(body) << data;
    EXPECT_EQ(body->data_json, data);
  }
  EXPECT_EQ(decode_create_call(R"({"application_id":"AP1"})", kMaxData)->application_id.str(), "AP1");
}

TEST(CreateCallBody, RefusesTheRestByName) {
  EXPECT_EQ(fault_of(decode_create_call("[]", kMaxData)), "invalid_request ");
  EXPECT_EQ(fault_of(decode_create_call("{", kMaxData)), "parse_error ");
  EXPECT_EQ(fault_of(decode_create_call("{\"data\":\"\xff\"}", kMaxData)), "parse_error ");
  EXPECT_EQ(fault_of(decode_create_call("\xef\xbb\xbf{}", kMaxData)), "parse_error ");
  EXPECT_EQ(fault_of(decode_create_call(R"({"data":1,"data":2})", kMaxData)), "invalid_request ");
  EXPECT_EQ(fault_of(decode_create_call(R"({"data":{"x":1,"x":2}})", kMaxData)), "invalid_request ");
  EXPECT_EQ(fault_of(decode_create_call(R"({"data":1e999})", kMaxData)), "invalid_params data");
  EXPECT_EQ(fault_of(decode_create_call(R"({"to":"+1555"})", kMaxData)), "invalid_params to");
  EXPECT_EQ(fault_of(decode_create_call(R"({"application_id":"AC1"})", kMaxData)),
            "invalid_params application_id");
  EXPECT_EQ(fault_of(decode_create_call(R"({"application_id":null})", kMaxData)),
            "invalid_params application_id");
  const std::string fits(kMaxData - 2, 'x');
  EXPECT_EQ(fault_of(decode_create_call(R"({"data":")" + fits + "\"}", kMaxData)), "accepted");
  EXPECT_EQ(fault_of(decode_create_call(R"({"data":"x)" + fits + "\"}", kMaxData)), "invalid_params data");
  const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
  EXPECT_EQ(fault_of(decode_create_call(R"({"data":)" + deep + "}", kMaxData)), "parse_error ");
}

TEST(OperationBody, IsTheProtocolsWithTheCallOfThePath) {
  const auto say = decode_operation(R"({"method":"call.say","params":{"text":"Hi","op_id":"OP1"}})", kCall);
  ASSERT_TRUE(say) << say.error().message;
  const auto& params = std::get<model::CallSay>(*say);
  EXPECT_EQ(params.call_id, kCall);
  EXPECT_EQ(params.op_id->str(), "OP1");
  EXPECT_TRUE(decode_operation(R"({"method":"call.hangup"})", kCall));
  EXPECT_TRUE(decode_operation(R"({"method":"call.hangup","params":{"call_id":"CA1"}})", kCall));
}

TEST(OperationBody, RefusesTheRestByName) {
  EXPECT_EQ(fault_of(decode_operation("", kCall)), "parse_error ");
  EXPECT_EQ(fault_of(decode_operation("{}", kCall)), "invalid_params method");
  EXPECT_EQ(fault_of(decode_operation(R"({"method":1})", kCall)), "invalid_params method");
  EXPECT_EQ(fault_of(decode_operation(R"({"method":"call.fly"})", kCall)), "unknown_method method");
  EXPECT_EQ(fault_of(decode_operation(R"({"method":"call.detect"})", kCall)), "not_implemented method");
  for (const char* method : {"call.dial", "op.stop", "session.ack", "snapshot.get", "session.subscribe"}) {
    EXPECT_EQ(fault_of(decode_operation(std::string(R"({"method":")") + method + "\"}", kCall)),
              "invalid_params method")
        << method;
  }
  EXPECT_EQ(fault_of(decode_operation(R"({"method":"call.say","params":[]})", kCall)),
            "invalid_params params");
  EXPECT_EQ(
      fault_of(decode_operation(R"({"method":"call.say","params":{"call_id":"CA2","text":"x"}})", kCall)),
      "invalid_params params.call_id");
  EXPECT_EQ(fault_of(decode_operation(R"({"method":"call.say","params":{"text":7}})", kCall)),
            "invalid_params params.text");
  EXPECT_EQ(fault_of(decode_operation(R"({"method":"call.play","params":{"sources":[{"url":1}]}})", kCall)),
            "invalid_params params.sources[0].url");
  EXPECT_EQ(fault_of(decode_operation(R"({"method":"call.hangup","id":1})", kCall)), "invalid_params id");
}

TEST(EmptyBody, IsNothingOrAnEmptyObject) {
  EXPECT_TRUE(decode_empty(""));
  EXPECT_TRUE(decode_empty(" {} "));
  EXPECT_EQ(fault_of(decode_empty("null")), "invalid_request ");
  EXPECT_EQ(fault_of(decode_empty(R"({"force":true})")), "invalid_params force");
}

}  // namespace
}  // namespace tandem::wire
