#include "wire/frame.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parse.hpp>

#include "wire/duplicates.h"
#include "wire/generated/codec.h"
#include "wire/reader.h"

namespace tandem::wire {

namespace json = boost::json;
using model::ErrorCode;

namespace {

constexpr std::size_t kMaxDepth = 32;

FrameError fault(std::string rpc_id, ErrorCode code, std::string message) {
  FrameError out;
  out.rpc_id = std::move(rpc_id);
  out.error.code = code;
  out.error.message = std::move(message);
  return out;
}

/// The id as JSON text, empty if it is neither a string nor an integer.
std::string id_text(const json::object& frame) {
  static constexpr std::size_t kMaxId = 128;
  const json::value* id = frame.if_contains("id");
  if (id == nullptr) return {};
  if (id->is_int64() || id->is_uint64()) return json::serialize(*id);
  if (id->is_string() && id->get_string().size() <= kMaxId) return json::serialize(*id);
  return {};
}

/// What is wrong with the frame's own members, empty if nothing. `also`: one more member that may stand
/// there, if not empty.
std::string envelope_fault(const json::object& frame, std::string_view also) {
  const json::value* version = frame.if_contains("jsonrpc");
  if (version == nullptr || !version->is_string() || version->get_string() != "2.0")
    return "jsonrpc: must be \"2.0\"";
  const json::value* method = frame.if_contains("method");
  if (method == nullptr || !method->is_string()) return "method: a string is needed";
  for (const auto& [key, value] : frame) {
    if (key != "jsonrpc" && key != "id" && key != "method" && key != "params" &&
        (also.empty() || key != also))
      return std::string(std::string_view(key).substr(0, 64)) + ": is not known";
  }
  return {};
}

const json::value& params_of(const json::object& frame) {
  static const json::value kNoParams = json::object();
  const json::value* params = frame.if_contains("params");
  return params == nullptr ? kNoParams : *params;
}

FrameError not_a_method(std::string id, std::string_view name) {
  const auto& known = model::methods();
  const bool planned = std::any_of(known.begin(), known.end(), [&](const auto& m) { return m.name == name; });
  const std::string shown(name.substr(0, 64));
  if (planned)
    return fault(std::move(id), ErrorCode::not_implemented, shown + ": this server cannot do it yet");
  return fault(std::move(id), ErrorCode::unknown_method, shown + ": no such method");
}

constexpr const char* kNeedsId = "id: a string of at most 128 bytes or an integer is needed";

Result<model::Request, FrameError> decode_request(const json::object& frame) {
  const std::string id = id_text(frame);
  if (id.empty()) return Err(fault("null", ErrorCode::invalid_request, kNeedsId));
  if (std::string wrong = envelope_fault(frame, {}); !wrong.empty())
    return Err(fault(id, ErrorCode::invalid_request, std::move(wrong)));
  Complaint complaint;
  const std::string_view name(frame.at("method").get_string());
  auto decoded = decode_params(name, params_of(frame), complaint);
  if (!decoded) return Err(not_a_method(id, name));
  if (complaint.any()) return Err(FrameError{id, complaint.take()});
  return model::Request{id, std::move(*decoded)};
}

/// Whether the frame is about one session is the message's to say; the fault if the frame says otherwise.
std::string session_fault(const WorkerFrame& frame) {
  const auto* own = std::get_if<model::WorkerParams>(&frame.params);
  const bool about_worker = own != nullptr && (std::holds_alternative<model::WorkerReady>(*own) ||
                                               std::holds_alternative<model::WorkerDrain>(*own));
  if (about_worker && !frame.session.empty()) return "session_id: does not belong here";
  if (!about_worker && frame.session.empty()) return "session_id: is needed on a worker's socket";
  const bool may_lack_id = own != nullptr && std::holds_alternative<model::SessionClose>(*own);
  if (frame.rpc_id.empty() && !may_lack_id) return kNeedsId;
  return {};
}

Result<WorkerFrame, FrameError> decode_worker_object(const json::object& object) {
  WorkerFrame frame;
  frame.rpc_id = id_text(object);
  const std::string id = frame.rpc_id.empty() ? "null" : frame.rpc_id;
  const auto refuse = [&](FrameError error) {
    error.session = frame.session;
    return Err(std::move(error));
  };
  if (frame.rpc_id.empty() && object.contains("id"))
    return refuse(fault("null", ErrorCode::invalid_request, kNeedsId));
  if (const json::value* session = object.if_contains("session_id")) {
    if (!session->is_string() || !model::SessionId::valid(std::string_view(session->get_string())))
      return refuse(fault(id, ErrorCode::invalid_request, "session_id: must be the id of a session"));
    frame.session = model::SessionId(std::string(session->get_string()));
  }
  if (std::string wrong = envelope_fault(object, "session_id"); !wrong.empty())
    return refuse(fault(id, ErrorCode::invalid_request, std::move(wrong)));
  Complaint complaint;
  const std::string_view name(object.at("method").get_string());
  if (auto own = decode_worker_params(name, params_of(object), complaint)) {
    frame.params = std::move(*own);
  } else if (auto request = decode_params(name, params_of(object), complaint)) {
    frame.params = std::move(*request);
  } else {
    return refuse(not_a_method(id, name));
  }
  if (std::string wrong = session_fault(frame); !wrong.empty())
    return refuse(fault(id, ErrorCode::invalid_request, std::move(wrong)));
  if (complaint.any()) return refuse(FrameError{id, complaint.take()});
  return frame;
}

/// Parses `text` and hands its object to `decode`. The tree lives in here, so that small frames need no heap.
template <class T>
Result<T, FrameError> decode_text(std::string_view text, std::size_t max_bytes,
                                  Result<T, FrameError> (*decode)(const json::object&)) {
  if (text.size() > max_bytes) {
    return Err(fault("null", ErrorCode::frame_too_large,
                     fmt::format("the frame has more than {} bytes", max_bytes)));
  }
  std::array<unsigned char, 16'384> buffer;
  json::monotonic_resource memory(buffer.data(), buffer.size());
  json::parse_options options;
  options.max_depth = kMaxDepth;
  json::error_code error;
  const json::value frame = json::parse(text, error, &memory, options);
  if (error)
    return Err(fault("null", ErrorCode::parse_error, "the frame is not JSON in UTF-8: " + error.message()));
  if (has_name_twice(frame, text)) {
    return Err(fault("null", ErrorCode::invalid_request, "a name stands twice in one object"));
  }
  if (!frame.is_object())
    return Err(fault("null", ErrorCode::invalid_request, "one object a frame, no batches"));
  return decode(frame.get_object());
}

/// `event`: a model::Event or KeptEvent; `encode_data` writes its data.
template <class E, class F>
std::string event_text(const E& event, std::string_view type, F encode_data) {
  std::string out;
  out.reserve(1024);
  JsonWriter w(out);
  w.begin_object();
  w.key("jsonrpc");
  w.string("2.0");
  w.key("method");
  w.string("event");
  w.key("params");
  w.begin_object();
  w.key("seq");
  w.integer(event.seq);
  w.key("ts");
  w.time(event.ts);
  w.key("type");
  w.string(type);
  w.key("session_id");
  w.string(event.session_id.str());
  if (!event.call_id.empty()) {
    w.key("call_id");
    w.string(event.call_id.str());
  }
  if (!event.op_id.empty()) {
    w.key("op_id");
    w.string(event.op_id.str());
  }
  w.key("data");
  encode_data(w);
  w.end_object();
  w.end_object();
  return out;
}

void begin_response(JsonWriter& w, std::string_view rpc_id, std::string_view session_id) {
  w.begin_object();
  w.key("jsonrpc");
  w.string("2.0");
  w.key("id");
  w.raw(rpc_id);
  if (session_id.empty()) return;
  w.key("session_id");
  w.string(session_id);
}

}  // namespace

Result<model::Request, FrameError> decode_frame(std::string_view text, std::size_t max_bytes) {
  return decode_text<model::Request>(text, max_bytes, decode_request);
}

Result<WorkerFrame, FrameError> decode_worker_frame(std::string_view text, std::size_t max_bytes) {
  return decode_text<WorkerFrame>(text, max_bytes, decode_worker_object);
}

std::string encode_event(const model::Event& event) {
  return event_text(event, model::event_type(event.data), [&](JsonWriter& w) { encode(w, event.data); });
}

std::string encode_event(const model::KeptEvent& event) {
  return event_text(event, event.type,
                    [&](JsonWriter& w) { event.data.visit([&](const auto& data) { encode(w, data); }); });
}

std::string encode_response(std::string_view rpc_id, const model::OperationView& view,
                            std::string_view session_id) {
  std::string out;
  out.reserve(512);
  JsonWriter w(out);
  begin_response(w, rpc_id, session_id);
  w.key("result");
  w.begin_object();
  w.key("op");
  encode(w, view);
  if (view.no_op) {
    w.key("no_op");
    w.boolean(true);
  }
  w.end_object();
  w.end_object();
  return out;
}

std::string encode_snapshot(std::string_view rpc_id, const model::SessionSnapshot& snapshot,
                            std::string_view session_id) {
  std::string out;
  JsonWriter w(out);
  begin_response(w, rpc_id, session_id);
  w.key("result");
  encode(w, snapshot);
  w.end_object();
  return out;
}

std::string encode_done(std::string_view rpc_id, std::string_view session_id) {
  std::string out;
  JsonWriter w(out);
  begin_response(w, rpc_id, session_id);
  w.key("result");
  w.begin_object();
  w.end_object();
  w.end_object();
  return out;
}

std::string encode_error(std::string_view rpc_id, const model::Error& error, std::string_view session_id) {
  std::string out;
  JsonWriter w(out);
  begin_response(w, rpc_id, session_id);
  w.key("error");
  w.begin_object();
  w.key("code");
  w.integer(std::int64_t{model::traits(error.code).jsonrpc});
  w.key("message");
  w.string(error.message);
  w.key("data");
  encode(w, error);
  w.end_object();
  w.end_object();
  return out;
}

std::string encode_session_closed(const model::SessionId& session, const model::SessionClosed& closed) {
  std::string out;
  JsonWriter w(out);
  w.begin_object();
  w.key("jsonrpc");
  w.string("2.0");
  w.key("method");
  w.string("session.closed");
  w.key("session_id");
  w.string(session.str());
  w.key("params");
  encode(w, closed);
  w.end_object();
  return out;
}

std::string encode_cdr(const model::Cdr& cdr) {
  std::string out;
  JsonWriter w(out);
  encode(w, cdr);
  return out;
}

}  // namespace tandem::wire
