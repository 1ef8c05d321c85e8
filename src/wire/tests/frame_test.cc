#include "wire/frame.h"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fstream>
#include <sstream>

namespace tandem::wire {
namespace {

namespace json = boost::json;

json::value load(const std::string& name) {
  std::ifstream file(std::string(TANDEM_VECTORS) + "/" + name);
  std::stringstream text;
  text << file.rdbuf();
  return json::parse(text.str());
}

std::string text_of(const json::object& o, const char* key) {
  const json::value* v = o.if_contains(key);
  return v == nullptr ? std::string() : std::string(v->as_string());
}

TEST(Frame, AgreesWithTheConformanceVectors) {
  const json::value vectors = load("requests.json");
  ASSERT_GT(vectors.as_array().size(), 30U);
  for (const json::value& v : vectors.as_array()) {
    const json::object& vector = v.as_object();
    SCOPED_TRACE(text_of(vector, "name"));
    const auto request = decode_frame(json::serialize(vector.at("frame")), 65'536);
    ASSERT_EQ(request.has_value(), vector.at("ok").as_bool())
        << (request ? "" : request.error().error.message);
    if (request) continue;
    EXPECT_EQ(model::to_string(request.error().error.code), text_of(vector, "code"));
    EXPECT_EQ(request.error().error.field, text_of(vector, "field"));
    EXPECT_FALSE(request.error().error.message.empty());
  }
}

TEST(Frame, FillsDefaultsFromTheSchema) {
  const auto request = decode_frame(
      R"({"jsonrpc":"2.0","id":7,"method":"call.say","params":{"call_id":"CA1","text":"Hällo"}})", 65'536);
  ASSERT_TRUE(request);
  EXPECT_EQ(request->rpc_id, "7");
  const auto& say = std::get<model::CallSay>(request->params);
  EXPECT_EQ(say.call_id, model::CallId("CA1"));
  EXPECT_EQ(*say.speech.text, "Hällo");
  EXPECT_EQ(say.loop, 1);
  EXPECT_EQ(say.when_busy, model::WhenBusy::queue);
  EXPECT_FALSE(say.deadline_ms);
}

TEST(Frame, RefusesWhatIsNotJson) {
  for (const std::string text : {"", "{", "nonsense", "{\"a\":\xff}", "[[[["}) {
    const auto request = decode_frame(text, 65'536);
    ASSERT_FALSE(request);
    EXPECT_EQ(request.error().error.code, model::ErrorCode::parse_error) << text;
    EXPECT_EQ(request.error().rpc_id, "null");
  }
}

TEST(Frame, RefusesDeepNestingAndLargeFrames) {
  const std::string deep = std::string(100, '[') + std::string(100, ']');
  EXPECT_EQ(decode_frame(deep, 65'536).error().error.code, model::ErrorCode::parse_error);
  EXPECT_EQ(decode_frame(std::string(101, ' '), 100).error().error.code, model::ErrorCode::frame_too_large);
}

TEST(Frame, RefusesNamesThatStandTwice) {
  for (const std::string text :
       {R"({"jsonrpc":"2.0","id":1,"id":2,"method":"snapshot.get"})",
        R"({"jsonrpc":"2.0","id":1,"method":"op.get","params":{"op_id":"OP1","op_id":"OP2"}})"}) {
    const auto request = decode_frame(text, 65'536);
    ASSERT_FALSE(request);
    EXPECT_EQ(request.error().error.code, model::ErrorCode::invalid_request);
  }
  EXPECT_TRUE(decode_frame(R"({"jsonrpc":"2.0","id":"a:\":b","method":"snapshot.get"})", 65'536));
}

TEST(Frame, KeepsNoNumberThatJsonCannotSayAgain) {
  const auto request = decode_frame(
      R"({"jsonrpc":"2.0","id":1,"method":"call.update","params":{"call_id":"CA1","tag":[1e400]}})", 65'536);
  ASSERT_FALSE(request);
  EXPECT_EQ(request.error().error.field, "tag");
}

TEST(Frame, BoundsBodiesInBytes) {
  std::string body;
  for (int i = 0; i < 16'384; ++i) body += "ä";
  const auto request =
      decode_frame(R"({"jsonrpc":"2.0","id":1,"method":"call.send_sip","params":{"call_id":"CA1",)"
                   R"("method":"INFO","content_type":"text/plain","body":")" +
                       body + "\"}}",
                   65'536);
  ASSERT_FALSE(request);
  EXPECT_EQ(request.error().error.field, "body");
}

TEST(Frame, WritesEventsAsTheProtocolSays) {
  model::Event event;
  event.seq = 12;
  event.ts = WallTime{std::chrono::milliseconds{1'767'261'600'123}};
  event.session_id = model::SessionId("SE1");
  event.call_id = model::CallId("CA1");
  event.op_id = model::OpId("OP2");
  model::OpCompletedEvent completed;
  completed.method = "call.say";
  completed.outcome = model::OpOutcome::succeeded;
  completed.reason = model::OpReason::finished;
  model::CallSayResult result;
  result.heard_ms = 860;
  completed.result = result;
  event.data = completed;
  EXPECT_EQ(
      encode_event(event),
      R"({"jsonrpc":"2.0","method":"event","params":{"seq":12,"ts":"2026-01-01T10:00:00.123Z",)"
      R"("type":"op.completed","session_id":"SE1","call_id":"CA1","op_id":"OP2","data":{"method":"call.say",)"
      R"("outcome":"succeeded","reason":"finished","result":{"heard_ms":860}}}})");
}

TEST(Frame, WritesForeignBytesAsUtf8) {
  model::Event event;
  model::CallSipMessageEvent message;
  message.method = "INFO";
  message.body = "a\xff\"\\\n\x01\xc3\xa4";
  event.data = message;
  const std::string text = encode_event(event);
  EXPECT_NE(text.find("\"body\":\"a\xef\xbf\xbd\\\"\\\\\\n\\u0001\xc3\xa4\""), std::string::npos) << text;
  EXPECT_NO_THROW((void)json::parse(text));
}

TEST(Frame, WritesErrorsWithCodeFieldAndAdvice) {
  model::Error error;
  error.code = model::ErrorCode::invalid_params;
  error.field = "text";
  error.message = "text: must not be empty";
  EXPECT_EQ(
      encode_error("7", error),
      R"({"jsonrpc":"2.0","id":7,"error":{"code":-32602,"message":"text: must not be empty",)"
      R"("data":{"code":"invalid_params","message":"text: must not be empty","field":"text","retry":"fix"}}})");
}

}  // namespace
}  // namespace tandem::wire
