// From a raw value, as a file or the environment gives it, to a setting's type.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "server/settings/setting_table.h"

namespace tandem::server {

/// A TOML value reduced to what settings use; monostate for any other kind (tables, dates, mixed lists).
using RawValue =
    std::variant<std::monostate, bool, std::int64_t, double, std::string, std::vector<std::string>>;

/// Sets the field. Empty on success, else what is allowed, as the rest of a sentence: "must be …".
[[nodiscard]] std::string assign(const SettingSpec& spec, const RawValue& value, Settings& settings);
/// What the setting's type is and what it may hold, for people: "whole number, 1 to 64".
[[nodiscard]] std::string allowed(const SettingSpec& spec);
/// An environment variable's text as the raw value that the setting wants; monostate if it cannot be one.
[[nodiscard]] RawValue raw_from_text(const SettingSpec& spec, std::string_view text);

}  // namespace tandem::server
