// Language tags (BCP 47) as far as choosing a voice needs them.
#pragma once

#include <string>
#include <string_view>

namespace tandem::speech {

/// Letters, digits and hyphens in parts of 1 to 8.
[[nodiscard]] bool valid_language(std::string_view tag);
/// Lower case, '-' between parts, old and broad codes replaced by those that voices carry ("zh-CN" ->
/// "cmn-cn").
[[nodiscard]] std::string canonical_language(std::string_view tag);
/// True if both have the same first part; an empty tag counts as "en".
[[nodiscard]] bool same_primary_language(std::string_view a, std::string_view b);

}  // namespace tandem::speech
