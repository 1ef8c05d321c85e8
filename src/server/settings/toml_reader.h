// TOML text as a flat list of names and raw values. The only file that sees the TOML library.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "server/settings/setting_value.h"

namespace tandem::server {

struct TomlEntry {
  std::string name;  ///< Dotted, at most a few hundred characters.
  int line = 0;
  RawValue value;
  bool is_table = false;  ///< An empty table: no value, but its name should still be known.
};
struct TomlProblem {
  int line = 0;
  std::string message;
};

[[nodiscard]] Result<std::vector<TomlEntry>, TomlProblem> read_toml(std::string_view text);

}  // namespace tandem::server
