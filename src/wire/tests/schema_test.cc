// The codecs against the schemas, which are the contract: what valijson accepts the decoder accepts, what the
// encoder writes valijson accepts. Found by example, by the conformance vectors and by spoiling each example
// in every place.
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <sstream>
#include <valijson/adapters/boost_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

#include "wire/frame.h"

namespace tandem::wire {
namespace {

namespace json = boost::json;
namespace fs = std::filesystem;
using Adapter = valijson::adapters::BoostJsonAdapter;

constexpr std::size_t kMaxFrame = 65'536;
const fs::path kProtocol = fs::path(TANDEM_VECTORS).parent_path();

json::value load(const fs::path& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return json::parse(text.str());
}

/// References between files become references within one document, and 2020-12's dependentRequired the older
/// `dependencies`, which is what valijson reads.
json::value bundled(const json::value& v) {
  if (v.is_array()) {
    json::array out;
    for (const json::value& item : v.get_array()) out.push_back(bundled(item));
    return out;
  }
  if (!v.is_object()) return v;
  json::object out;
  for (const auto& [key, value] : v.get_object()) {
    if (key == "$id" || key == "$schema" || key == "x-example") continue;
    if (key == "$ref" && value.is_string()) {
      const std::string target(value.get_string());
      out["$ref"] = target.substr(target.find('#'));
    } else if (key == "dependentRequired") {
      out["dependencies"] = value;
    } else {
      out[key] = bundled(value);
    }
  }
  return out;
}

/// One subschema of a file, with all shared definitions in reach.
class Schema {
 public:
  Schema(const json::value& file, std::string_view definition) {
    json::object definitions = bundled(load(kProtocol / "app/common.json")).at("$defs").as_object();
    definitions["cdr"] = bundled(load(kProtocol / "records/cdr.json")).at("$defs").at("cdr");
    const json::value whole = bundled(file);
    const json::value& part = definition.empty() ? whole : whole.at("$defs").at(definition);
    // A copy under a name, so that a part that is itself a reference works too.
    definitions["_root"] = part;
    document_ = json::object{{"$ref", "#/$defs/_root"}, {"$defs", std::move(definitions)}};
    valijson::SchemaParser parser;
    parser.populateSchema(Adapter(document_), schema_);
  }

  [[nodiscard]] std::string complaint(const json::value& instance) const {
    valijson::Validator validator;
    valijson::ValidationResults results;
    if (validator.validate(schema_, Adapter(instance), &results)) return {};
    std::string out;
    valijson::ValidationResults::Error error;
    while (results.popError(error)) {
      for (const std::string& step : error.context) out += step;
      out += " " + error.description + "\n";
    }
    return out.empty() ? "refused" : out;
  }
  [[nodiscard]] bool accepts(const json::value& instance) const { return complaint(instance).empty(); }

 private:
  json::value document_;
  valijson::Schema schema_;
};

/// 1.0 is an integer in JSON Schema; valijson looks at how the number is stored.
json::value integers_as_such(const json::value& v) {
  if (v.is_double() && std::trunc(v.get_double()) == v.get_double())
    return static_cast<std::int64_t>(v.get_double());
  if (v.is_array()) {
    json::array out;
    for (const json::value& item : v.get_array()) out.push_back(integers_as_such(item));
    return out;
  }
  if (!v.is_object()) return v;
  json::object out;
  for (const auto& [key, value] : v.get_object()) out[key] = integers_as_such(value);
  return out;
}

std::map<std::string, json::value> load_all(const char* folder) {
  std::map<std::string, json::value> out;
  for (const auto& entry : fs::directory_iterator(kProtocol / "app" / folder)) {
    if (entry.path().extension() == ".json") out.emplace(entry.path().stem().string(), load(entry.path()));
  }
  return out;
}

Result<model::Request, FrameError> decode(const std::string& method, const json::value& params) {
  const json::object frame{{"jsonrpc", "2.0"}, {"id", 1}, {"method", method}, {"params", params}};
  return decode_frame(json::serialize(frame), kMaxFrame);
}

using Spoiled = std::function<void(const json::value& whole, const std::string& what)>;

/// Calls `use` with `root` changed in one place at a time: each member left out, each value of another type
/// or out of any range, and one member too many in each object. `here` is a part of `root`, which is
/// restored.
void spoil(json::value& root, json::value& here, const std::string& path, const Spoiled& use) {
  const json::value before = here;
  for (const json::value& other :
       {json::value(nullptr), json::value(true), json::value("\r\n"), json::value(""),
        json::value(-1'000'000), json::value(0), json::value(0.5), json::value(9'000'000'000'000'000),
        json::value(json::array()), json::value(json::object())}) {
    here = other;
    use(root, path + " = " + json::serialize(other));
  }
  here = before;
  if (here.is_array()) {
    for (std::size_t i = 0; i < here.get_array().size(); ++i) {
      spoil(root, here.get_array()[i], path + "[" + std::to_string(i) + "]", use);
    }
    return;
  }
  if (!here.is_object()) return;
  here.get_object()["surprise"] = 1;
  use(root, path + " with a surprise");
  here = before;
  for (const auto& [key, value] : before.get_object()) {
    here.get_object().erase(key);
    use(root, path + " without " + std::string(key));
    here = before;
  }
  for (const auto& [key, value] : before.get_object()) {
    spoil(root, here.get_object().at(key), path + "." + std::string(key), use);
  }
}

TEST(Schemas, AgreeWithTheCodecOnTheConformanceVectors) {
  const auto methods = load_all("methods");
  std::size_t compared = 0;
  const json::value vectors = load(kProtocol / "vectors/requests.json");
  for (const json::value& v : vectors.as_array()) {
    const json::object& vector = v.as_object();
    SCOPED_TRACE(std::string(vector.at("name").as_string()));
    const json::value* code = vector.if_contains("code");
    const bool about_params = code == nullptr || *code == "invalid_params" || *code == "not_implemented";
    if (!about_params) continue;
    const json::object& frame = vector.at("frame").as_object();
    const auto method = methods.find(std::string(frame.at("method").as_string()));
    if (method == methods.end()) continue;
    const json::value* params = frame.if_contains("params");
    const json::value instance = params == nullptr ? json::value(json::object()) : integers_as_such(*params);
    const Schema schema(method->second, "params");
    // The schema knows what this build cannot do, and some rules stand in words only.
    const json::value* schema_ok = vector.if_contains("schema_ok");
    const bool valid = vector.at("ok").as_bool() || (schema_ok != nullptr && schema_ok->as_bool()) ||
                       (code != nullptr && *code == "not_implemented");
    EXPECT_EQ(schema.accepts(instance), valid) << schema.complaint(instance);
    ++compared;
  }
  EXPECT_GT(compared, 25U);
}

TEST(Schemas, AcceptTheExamplesOfMethods) {
  for (const auto& [name, method] : load_all("methods")) {
    SCOPED_TRACE(name);
    const json::object& example = method.at("x-example").as_object();
    EXPECT_EQ(Schema(method, "params").complaint(example.at("params")), "");
    const auto request = decode(name, example.at("params"));
    EXPECT_TRUE(request) << request.error().error.message;
    const json::value* result = example.if_contains("result");
    if (result == nullptr || !method.at("$defs").as_object().contains("result")) continue;
    EXPECT_EQ(Schema(method, "result").complaint(*result), "");
  }
}

TEST(Schemas, AcceptTheExamplesOfWorkerSockets) {
  for (const auto& [name, message] : load_all("worker")) {
    SCOPED_TRACE(name);
    EXPECT_EQ(Schema(message, "params").complaint(message.at("x-example").at("params")), "");
  }
}

TEST(Schemas, AcceptTheExamplesOfEvents) {
  for (const auto& [name, event] : load_all("events")) {
    SCOPED_TRACE(name);
    EXPECT_EQ(Schema(event, "").complaint(event.at("x-example")), "");
  }
}

TEST(Schemas, RefuseExactlyTheSpoiledParametersThatTheCodecRefuses) {
  std::size_t compared = 0;
  for (const auto& [name, method] : load_all("methods")) {
    const Schema schema(method, "params");
    json::value params = method.at("x-example").at("params");
    spoil(params, params, name, [&](const json::value& spoiled, const std::string& what) {
      const auto request = decode(name, spoiled);
      const bool can = request || request.error().error.code != model::ErrorCode::not_implemented;
      if (!can) return;
      EXPECT_EQ(request.has_value(), schema.accepts(spoiled))
          << what << "\ncodec: " << (request ? "accepts" : request.error().error.message)
          << "\nschema: " << schema.complaint(spoiled);
      if (!request) {
        EXPECT_EQ(request.error().error.code, model::ErrorCode::invalid_params) << what;
      }
      ++compared;
    });
  }
  EXPECT_GT(compared, 1'000U);
}

json::value data_of(const model::EventData& data, std::string& type) {
  model::Event event;
  event.session_id = model::SessionId("SE1");
  event.data = data;
  const json::value params = json::parse(encode_event(event)).at("params");
  type = std::string(params.at("type").as_string());
  return params.at("data");
}

model::Cdr some_cdr() {
  model::Cdr cdr;
  cdr.cdr_id = model::CdrId("CD1");
  cdr.call_id = model::CallId("CA1");
  cdr.from = "+15550100";
  cdr.verdict.reason = model::EndReason::hangup;
  cdr.quality.emplace().mos = 4.3;
  cdr.tag = model::RawJson{R"({"order":42})"};
  return cdr;
}

TEST(Schemas, AcceptWhatTheEncoderWrites) {
  model::CallEndedEvent ended;
  ended.verdict.reason = model::EndReason::media_timeout;
  ended.quality.emplace().jitter_ms = 2.5;
  model::OpCompletedEvent completed;
  completed.method = "call.prompt";
  completed.outcome = model::OpOutcome::failed;
  completed.reason = model::OpReason::error;
  completed.error.emplace().message = "no";
  model::SessionResumedEvent resumed;
  resumed.gap = true;
  resumed.snapshot.emplace().session.id = model::SessionId("SE1");
  resumed.snapshot->calls.emplace_back().id = model::CallId("CA1");
  auto& operation = resumed.snapshot->operations.emplace_back();
  operation.id = model::OpId("OP1");
  operation.method = "call.play";
  model::CdrReadyEvent ready;
  ready.cdr = some_cdr();
  for (const model::EventData& data : std::vector<model::EventData>{ended, completed, resumed, ready}) {
    std::string type;
    const json::value written = data_of(data, type);
    SCOPED_TRACE(type);
    EXPECT_EQ(Schema(load(kProtocol / "app/events" / (type + ".json")), "").complaint(written), "")
        << json::serialize(written);
  }
  EXPECT_EQ(
      Schema(load(kProtocol / "records/cdr.json"), "cdr").complaint(json::parse(encode_cdr(some_cdr()))), "");
}

}  // namespace
}  // namespace tandem::wire
