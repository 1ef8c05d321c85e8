// Bodies of REST requests: JSON text to typed values (protocol/rest/resources.json). Any thread; never throws
// on input. The text may be empty where the schema needs nothing.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/error.h"
#include "model/request.h"

namespace tandem::wire {

struct CreateCallBody {
  std::string data_json = "null";         ///< JSON text without spaces.
  model::ApplicationId application_id{};  ///< May be empty.
};
/// `data` has at most `max_data_bytes` as JSON text without spaces.
[[nodiscard]] Result<CreateCallBody, model::Error> decode_create_call(std::string_view body,
                                                                      std::size_t max_data_bytes);

/// {"method": …, "params": {…}} of an operation on one call, which the path has named.
[[nodiscard]] Result<model::RequestParams, model::Error> decode_operation(std::string_view body,
                                                                          const model::CallId& call);

/// The same on one conference.
[[nodiscard]] Result<model::RequestParams, model::Error> decode_operation(
    std::string_view body, const model::ConferenceId& conference);

/// The parameters of conference.create, without `op_id`.
[[nodiscard]] Result<model::ConferenceCreate, model::Error> decode_create_conference(std::string_view body);
/// As decode_operation(), of an operation on the queue that the path has named.
[[nodiscard]] Result<model::RequestParams, model::Error> decode_queue_operation(std::string_view body,
                                                                                const model::QueueId& queue);

/// The settings of a provisioned queue; what the store wants of them beyond their types it checks itself.
struct QueueSettingsBody {
  std::string name;
  std::int64_t max_size = 0;
  std::int64_t max_wait_ms = 0;
  model::QueueOverflow overflow_action = model::QueueOverflow::ivr;
  std::string overflow_queue;
  std::vector<std::string> wait_urls;
  model::QueueOrdering order = model::QueueOrdering::priority;
};
[[nodiscard]] Result<QueueSettingsBody, model::Error> decode_queue_settings(std::string_view body);

/// What a provisioned record is made of, or what is changed of one; a rotation; a route to be explained.
/// Empty text is an empty object. Instantiated for the bodies of model/generated/rest.h.
template <class Body>
[[nodiscard]] Result<Body, model::Error> decode_body(std::string_view text);
/// Names of the members of an object, with blanks between; the text has been decoded before.
[[nodiscard]] std::string member_names(std::string_view text);

/// Nothing, or an empty object.
[[nodiscard]] Status<model::Error> decode_empty(std::string_view body);

}  // namespace tandem::wire
