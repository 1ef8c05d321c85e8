// Names that stand twice in one JSON object: the parser keeps the last, another reader might keep the first.
#pragma once

#include <boost/json/fwd.hpp>
#include <string_view>

namespace tandem::wire {

/// True if `text`, the valid JSON that `tree` was parsed from, has an object with a name twice. Linear time.
[[nodiscard]] bool has_name_twice(const boost::json::value& tree, std::string_view text);

}  // namespace tandem::wire
