// Holds answers and requests against the OpenAPI document that the door serves.
#pragma once

#include <boost/json/value.hpp>
#include <string>

#include "net/api/http.h"

namespace tandem::rest::test {

/// Empty, or where the answer differs from what the document says of this route and status.
[[nodiscard]] std::string contract_complaint(const std::string& method, const std::string& target,
                                             const net::HttpResponse& response);
/// Empty, or why `value` does not fit the component.
[[nodiscard]] std::string component_complaint(const std::string& component, const boost::json::value& value);
[[nodiscard]] const boost::json::value& document();

}  // namespace tandem::rest::test
