// Frames of a worker's socket: the conformance vectors, and what is written beside events.
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fstream>
#include <sstream>

#include "wire/frame.h"

namespace tandem::wire {
namespace {

namespace json = boost::json;

std::string text_of(const json::object& o, const char* key) {
  const json::value* v = o.if_contains(key);
  return v == nullptr ? std::string() : std::string(v->as_string());
}

TEST(WorkerFrame, AgreesWithTheConformanceVectors) {
  std::ifstream file(std::string(TANDEM_VECTORS) + "/worker.json");
  std::stringstream text;
  text << file.rdbuf();
  const json::value vectors = json::parse(text.str());
  ASSERT_GT(vectors.as_array().size(), 20U);
  for (const json::value& v : vectors.as_array()) {
    const json::object& vector = v.as_object();
    SCOPED_TRACE(text_of(vector, "name"));
    const auto frame = decode_worker_frame(json::serialize(vector.at("frame")), 65'536);
    ASSERT_EQ(frame.has_value(), vector.at("ok").as_bool()) << (frame ? "" : frame.error().error.message);
    if (frame) {
      EXPECT_EQ(frame->session.str(), text_of(vector, "session_id"));
      continue;
    }
    EXPECT_EQ(model::to_string(frame.error().error.code), text_of(vector, "code"));
    EXPECT_EQ(frame.error().error.field, text_of(vector, "field"));
  }
}

TEST(WorkerFrame, KeepsIdSessionAndParameters) {
  const auto frame =
      decode_worker_frame(R"({"jsonrpc":"2.0","id":"r1","session_id":"SE1","method":"session.resume",)"
                          R"("params":{"resume_token":"abc","last_seq":7}})",
                          65'536);
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->rpc_id, "\"r1\"");
  const auto& resume = std::get<model::SessionResume>(std::get<model::WorkerParams>(frame->params));
  EXPECT_EQ(resume.resume_token, "abc");
  EXPECT_EQ(resume.last_seq, 7U);
}

TEST(WorkerFrame, ARefusalNamesTheSessionItIsAbout) {
  const auto frame = decode_worker_frame(
      R"({"jsonrpc":"2.0","id":1,"session_id":"SE1","method":"op.get","params":{}})", 65'536);
  ASSERT_FALSE(frame);
  EXPECT_EQ(frame.error().session, model::SessionId("SE1"));
}

TEST(WorkerFrame, SessionIdIsUnknownOnASocketOfItsOwn) {
  const auto request =
      decode_frame(R"({"jsonrpc":"2.0","id":1,"session_id":"SE1","method":"snapshot.get"})", 65'536);
  ASSERT_FALSE(request);
  EXPECT_EQ(request.error().error.code, model::ErrorCode::invalid_request);
  const auto nameless = decode_frame(R"({"jsonrpc":"2.0","id":1,"":1,"method":"snapshot.get"})", 65'536);
  EXPECT_FALSE(nameless);
}

TEST(WorkerFrame, AnswersCarryTheSession) {
  EXPECT_EQ(encode_done("7", "SE1"), R"({"jsonrpc":"2.0","id":7,"session_id":"SE1","result":{}})");
  EXPECT_EQ(encode_done("7"), R"({"jsonrpc":"2.0","id":7,"result":{}})");
  model::SessionClosed closed;
  closed.code = 1001;
  closed.reason = "another worker has it";
  EXPECT_EQ(encode_session_closed(model::SessionId("SE1"), closed),
            R"({"jsonrpc":"2.0","method":"session.closed","session_id":"SE1",)"
            R"("params":{"code":1001,"reason":"another worker has it"}})");
}

}  // namespace
}  // namespace tandem::wire
