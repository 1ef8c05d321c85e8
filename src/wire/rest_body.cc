#include "wire/rest_body.h"

#include <algorithm>
#include <array>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parse.hpp>
#include <utility>
#include <vector>

#include "wire/duplicates.h"
#include "wire/generated/codec.h"
#include "wire/generated/rest_codec.h"
#include "wire/matchers.h"
#include "wire/reader.h"

namespace tandem::wire {

namespace json = boost::json;
using model::ErrorCode;

namespace {

constexpr std::size_t kMaxDepth = 32;
constexpr std::size_t kShownName = 64;
// Of a queue's settings.
constexpr std::size_t kMaxName = 64;
constexpr std::size_t kMaxUrls = 16;
constexpr std::size_t kMaxUrl = 2048;

model::Error fault(ErrorCode code, std::string field, const std::string& what) {
  model::Error out;
  out.code = code;
  out.message = field.empty() ? what : field + ": " + what;
  out.field = std::move(field);
  return out;
}

/// Parses an object on the stack as far as it fits and hands it to `use`.
template <class T, class Use>
Result<T, model::Error> with_object(std::string_view body, Use use) {
  std::array<unsigned char, 16'384> buffer;
  json::monotonic_resource memory(buffer.data(), buffer.size());
  json::parse_options options;
  options.max_depth = kMaxDepth;
  json::error_code error;
  const json::value tree = json::parse(body, error, &memory, options);
  if (error)
    return Err(fault(ErrorCode::parse_error, {}, "the body is not JSON in UTF-8: " + error.message()));
  if (has_name_twice(tree, body))
    return Err(fault(ErrorCode::invalid_request, {}, "a name stands twice in one object"));
  if (!tree.is_object()) return Err(fault(ErrorCode::invalid_request, {}, "the body must be a JSON object"));
  return use(tree);
}

/// What the path of an operation names, and the parameter that carries its id.
struct OwnerKind {
  const char* parameter;
  const char* noun;
};
constexpr OwnerKind kCall{"call_id", "call"};
constexpr OwnerKind kConference{"conference_id", "conference"};
constexpr OwnerKind kQueue{"queue_id", "queue"};

template <class E>
bool parse_one(std::string_view text, E& out, std::initializer_list<E> values) {
  for (const E value : values) {
    if (to_string(value) == text) return out = value, true;
  }
  return false;
}

/// Which of its parameters a method belongs to, as its schema's `x-resource` says: an agent's call takes from
/// a queue, so queue.take is found below both.
template <class Params>
bool belongs_to(const OwnerKind& kind, std::string_view name) {
  constexpr bool names_conference = requires(Params p) {
    p.conference_id.str();
  };
  if (&kind == &kConference) return names_conference;
  if (&kind == &kQueue) return name.starts_with("queue.");
  constexpr bool names_call = requires(Params p) {
    p.call_id.str();
  };
  return names_call && !names_conference;
}

template <std::size_t I>
void add_method(const OwnerKind& kind, std::vector<std::string_view>& out) {
  using Params = std::variant_alternative_t<I, model::RequestParams>;
  const std::string_view name = model::method_name(model::RequestParams(std::in_place_index<I>));
  if (belongs_to<Params>(kind, name)) out.push_back(name);
}

/// Methods whose parameters name a call, a conference or a queue: those that make sense below its path.
std::vector<std::string_view> methods_of(const OwnerKind& kind) {
  std::vector<std::string_view> out;
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (add_method<I>(kind, out), ...);
  }
  (std::make_index_sequence<std::variant_size_v<model::RequestParams>>());
  return out;
}

/// Those of kCall, kConference or kQueue.
const std::vector<std::string_view>& fitting_methods(const OwnerKind& kind) {
  static const std::vector<std::string_view> kOnCalls = methods_of(kCall);
  static const std::vector<std::string_view> kOnConferences = methods_of(kConference);
  static const std::vector<std::string_view> kOnQueues = methods_of(kQueue);
  if (&kind == &kCall) return kOnCalls;
  return &kind == &kConference ? kOnConferences : kOnQueues;
}

/// Null when `name` can be carried out on it.
std::optional<model::Error> method_fault(std::string_view name, const OwnerKind& kind) {
  const std::vector<std::string_view>& fitting = fitting_methods(kind);
  const std::string shown(name.substr(0, kShownName));
  const auto& known = model::methods();
  const auto found = std::find_if(known.begin(), known.end(), [&](const auto& m) { return m.name == name; });
  if (found == known.end()) return fault(ErrorCode::unknown_method, "method", shown + ": no such method");
  if (!found->implemented)
    return fault(ErrorCode::not_implemented, "method", shown + ": this server cannot do it yet");
  if (!found->operation || std::find(fitting.begin(), fitting.end(), name) == fitting.end()) {
    return fault(ErrorCode::invalid_params, "method", shown + ": no operation on a " + kind.noun);
  }
  return std::nullopt;
}

Result<model::RequestParams, model::Error> operation_of(const json::object& body, const OwnerKind& kind,
                                                        const std::string& id) {
  for (const auto& [key, value] : body) {
    if (key != "method" && key != "params") {
      return Err(fault(ErrorCode::invalid_params, std::string(std::string_view(key).substr(0, kShownName)),
                       "is not known"));
    }
  }
  const json::value* method = body.if_contains("method");
  if (method == nullptr) return Err(fault(ErrorCode::invalid_params, "method", "is required"));
  if (!method->is_string()) return Err(fault(ErrorCode::invalid_params, "method", "must be a string"));
  const std::string_view name(method->get_string());
  if (auto wrong = method_fault(name, kind)) return Err(std::move(*wrong));
  json::value params = json::object();
  if (const json::value* given = body.if_contains("params")) params = *given;
  if (!params.is_object()) return Err(fault(ErrorCode::invalid_params, "params", "must be an object"));
  if (const json::value* given = params.get_object().if_contains(kind.parameter);
      given != nullptr && *given != json::value(id)) {
    return Err(fault(ErrorCode::invalid_params, std::string("params.") + kind.parameter,
                     "must be that of the path, or absent"));
  }
  params.get_object()[kind.parameter] = id;
  Complaint complaint;
  auto decoded = decode_params(name, params, complaint);
  if (complaint.any()) {
    model::Error error = complaint.take();
    const std::string field = error.field.empty() ? "params" : "params." + error.field;
    error.message = error.field.empty() ? field + ": " + error.message : "params." + error.message;
    error.field = field;
    return Err(std::move(error));
  }
  if (!decoded) return Err(fault(ErrorCode::unknown_method, "method", "no such method"));
  return std::move(*decoded);
}

}  // namespace

Result<CreateCallBody, model::Error> decode_create_call(std::string_view body, std::size_t max_data_bytes) {
  if (body.empty()) return CreateCallBody{};
  return with_object<CreateCallBody>(body,
                                     [&](const json::value& tree) -> Result<CreateCallBody, model::Error> {
                                       Complaint complaint;
                                       ObjectReader reader(tree, complaint, {});
                                       CreateCallBody out;
                                       std::optional<model::RawJson> data;
                                       reader.raw("data", data, Need::optional, max_data_bytes);
                                       reader.id("application_id", out.application_id, Need::optional);
                                       reader.finish();
                                       if (complaint.any()) return Err(complaint.take());
                                       if (data) out.data_json = std::move(data->text);
                                       return out;
                                     });
}

Result<model::RequestParams, model::Error> decode_operation(std::string_view body,
                                                            const model::CallId& call) {
  return with_object<model::RequestParams>(
      body, [&](const json::value& tree) { return operation_of(tree.get_object(), kCall, call.str()); });
}

Result<model::RequestParams, model::Error> decode_operation(std::string_view body,
                                                            const model::ConferenceId& conference) {
  return with_object<model::RequestParams>(body, [&](const json::value& tree) {
    return operation_of(tree.get_object(), kConference, conference.str());
  });
}

Result<model::ConferenceCreate, model::Error> decode_create_conference(std::string_view body) {
  using Decoded = Result<model::ConferenceCreate, model::Error>;
  return with_object<model::ConferenceCreate>(
      body.empty() ? std::string_view("{}") : body, [](const json::value& tree) -> Decoded {
        if (tree.get_object().contains("op_id"))
          return Err(fault(ErrorCode::invalid_params, "op_id", "is not known"));
        Complaint complaint;
        auto decoded = decode_params("conference.create", tree, complaint);
        if (complaint.any()) return Err(complaint.take());
        return std::get<model::ConferenceCreate>(std::move(*decoded));
      });
}

Result<model::RequestParams, model::Error> decode_queue_operation(std::string_view body,
                                                                  const model::QueueId& queue) {
  return with_object<model::RequestParams>(
      body, [&](const json::value& tree) { return operation_of(tree.get_object(), kQueue, queue.str()); });
}

Result<QueueSettingsBody, model::Error> decode_queue_settings(std::string_view body) {
  const auto parse_overflow = [](std::string_view s, model::QueueOverflow& out) {
    using enum model::QueueOverflow;
    return parse_one(s, out, {ivr, hangup, queue});
  };
  const auto parse_order = [](std::string_view s, model::QueueOrdering& out) {
    using enum model::QueueOrdering;
    return parse_one(s, out, {priority, arrival});
  };
  return with_object<QueueSettingsBody>(
      body, [&](const json::value& tree) -> Result<QueueSettingsBody, model::Error> {
        Complaint complaint;
        ObjectReader r(tree, complaint, {});
        QueueSettingsBody out;
        const TextRule name{1, kMaxName, match_queue_name, SIZE_MAX};
        r.text("name", out.name, Need::required, name);
        r.integer("max_size", out.max_size, Need::optional, {0, 100'000, {}});
        r.integer("max_wait_ms", out.max_wait_ms, Need::optional, {0, 86'400'000, {}});
        r.enumeration("overflow_action", out.overflow_action, Need::optional, +parse_overflow,
                      "ivr, hangup, queue");
        r.text("overflow_queue", out.overflow_queue, Need::optional, name);
        r.list("wait_urls", out.wait_urls, Need::optional, {0, kMaxUrls},
               [](const json::value& v, auto& item, Complaint& problem, const std::string& at) {
                 (void)read_text(v, {1, kMaxUrl, nullptr, SIZE_MAX}, item, problem, at);
               });
        r.enumeration("order", out.order, Need::optional, +parse_order, "priority, arrival");
        r.finish();
        if (complaint.any()) return Err(complaint.take());
        return out;
      });
}

template <class Body>
Result<Body, model::Error> decode_body(std::string_view text) {
  return with_object<Body>(text.empty() ? "{}" : text,
                           [](const json::value& tree) -> Result<Body, model::Error> {
                             Complaint complaint;
                             Body out;
                             decode(tree, out, complaint);
                             if (complaint.any()) return Err(complaint.take());
                             return out;
                           });
}
template Result<model::RestAccountBody, model::Error> decode_body(std::string_view);
template Result<model::RestApplicationBody, model::Error> decode_body(std::string_view);
template Result<model::RestNumberBody, model::Error> decode_body(std::string_view);
template Result<model::RestDomainBody, model::Error> decode_body(std::string_view);
template Result<model::RestTrunkBody, model::Error> decode_body(std::string_view);
template Result<model::RestCredentialBody, model::Error> decode_body(std::string_view);
template Result<model::RestApiKeyBody, model::Error> decode_body(std::string_view);
template Result<model::RestRotateApiKey, model::Error> decode_body(std::string_view);
template Result<model::RestExplainRoute, model::Error> decode_body(std::string_view);

std::string member_names(std::string_view text) {
  json::error_code error;
  const json::value tree = json::parse(text, error);
  std::string out;
  if (error || !tree.is_object()) return out;
  for (const auto& [key, value] : tree.get_object()) out += (out.empty() ? "" : " ") + std::string(key);
  return out;
}

Status<model::Error> decode_empty(std::string_view body) {
  if (body.empty()) return Unit{};
  return with_object<Unit>(body, [](const json::value& tree) -> Status<model::Error> {
    if (tree.get_object().empty()) return Unit{};
    const std::string name(std::string_view(tree.get_object().begin()->key()).substr(0, kShownName));
    return Err(fault(ErrorCode::invalid_params, name, "is not known"));
  });
}

}  // namespace tandem::wire
