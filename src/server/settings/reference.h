// The reference of all settings, made from the table.
#pragma once

#include <string>

namespace tandem::server {

/// For a terminal: each setting with default, what is allowed and help.
[[nodiscard]] std::string settings_text();
/// docs/reference/settings.md.
[[nodiscard]] std::string settings_markdown();
/// protocol/settings/settings.schema.json: JSON Schema 2020-12 of a settings file.
[[nodiscard]] std::string settings_schema();

}  // namespace tandem::server
