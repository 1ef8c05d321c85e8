#include "rest/tests/contract.h"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <map>
#include <memory>
#include <valijson/adapters/boost_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

#include "rest/openapi.h"

namespace tandem::rest::test {
namespace {

namespace json = boost::json;
using Adapter = valijson::adapters::BoostJsonAdapter;

/// 2020-12's dependentRequired as the older `dependencies`, which is what valijson reads.
json::value readable(const json::value& v) {
  if (v.is_array()) {
    json::array out;
    for (const json::value& item : v.get_array()) out.push_back(readable(item));
    return out;
  }
  if (!v.is_object()) return v;
  json::object out;
  for (const auto& [key, value] : v.get_object()) {
    out[key == "dependentRequired" ? "dependencies" : key] = readable(value);
  }
  return out;
}

struct Compiled {
  json::value source;
  valijson::Schema schema;
};

const valijson::Schema& schema_of(const std::string& component) {
  static std::map<std::string, std::unique_ptr<Compiled>> cache;
  auto& compiled = cache[component];
  if (!compiled) {
    compiled = std::make_unique<Compiled>();
    compiled->source = json::object{{"$ref", "#/components/schemas/" + component},
                                    {"components", readable(document().at("components"))}};
    valijson::SchemaParser().populateSchema(Adapter(compiled->source), compiled->schema);
  }
  return compiled->schema;
}

std::vector<std::string> split(std::string_view path) {
  std::vector<std::string> out;
  while (true) {
    const std::size_t slash = path.find('/');
    out.emplace_back(path.substr(0, slash));
    if (slash == std::string_view::npos) return out;
    path.remove_prefix(slash + 1);
  }
}

/// The document's entry for this request, or null.
const json::object* route_of(const std::string& method, const std::string& target) {
  const auto path = split(target.substr(0, target.find('?')));
  for (const auto& [pattern, methods] : document().at("paths").as_object()) {
    const auto parts = split(std::string_view(pattern));
    const bool fits = std::equal(parts.begin(), parts.end(), path.begin(), path.end(),
                                 [](const auto& p, const auto& s) { return p.starts_with("{") || p == s; });
    if (!fits) continue;
    std::string name = method == "HEAD" ? "GET" : method;
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
    const auto* entry = methods.as_object().if_contains(name);
    return entry == nullptr ? nullptr : &entry->as_object();
  }
  return nullptr;
}

std::string component_of(const json::value& schema) {
  const auto* ref = schema.as_object().if_contains("$ref");
  if (ref == nullptr) return {};
  const std::string text = ref->as_string().c_str();
  return text.substr(text.rfind('/') + 1);
}

}  // namespace

const json::value& document() {
  static const json::value parsed = json::parse(openapi_document());
  return parsed;
}

std::string component_complaint(const std::string& component, const json::value& value) {
  valijson::Validator validator;
  valijson::ValidationResults results;
  if (validator.validate(schema_of(component), Adapter(value), &results)) return {};
  std::string out = component + ": ";
  valijson::ValidationResults::Error error;
  while (results.popError(error)) {
    for (const std::string& step : error.context) out += step;
    out += " " + error.description + "\n";
  }
  return out;
}

std::string contract_complaint(const std::string& method, const std::string& target,
                               const net::HttpResponse& response) {
  const json::object* route = route_of(method, target);
  json::error_code parse_error;
  const json::value body = json::parse(response.body, parse_error);
  if (response.status >= 400) {
    if (response.content_type != "application/problem+json") return "the error is no problem+json";
    if (parse_error) return "the problem is not JSON";
    if (body.at("status") != response.status) return "status differs from that in the body";
    return component_complaint("problem", body);
  }
  if (method == "OPTIONS" || response.status == 304) return {};
  if (route == nullptr) return "the document does not know the route";
  const json::value* described =
      route->at("responses").as_object().if_contains(std::to_string(response.status));
  if (described == nullptr) return "the document does not know the status " + std::to_string(response.status);
  const json::value* content = described->as_object().if_contains("content");
  if (content == nullptr) return response.body.empty() ? "" : "a body where there is none";
  if (content->as_object().contains("application/octet-stream"))
    return response.content_type.starts_with("audio/") ? "" : "wrong content type";
  if (response.content_type != "application/json") return "wrong content type";
  if (parse_error) return "the body is not JSON";
  const std::string component = component_of(content->at("application/json").at("schema"));
  return component.empty() ? "" : component_complaint(component, body);
}

}  // namespace tandem::rest::test
