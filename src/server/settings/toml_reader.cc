#include "server/settings/toml_reader.h"

#include <toml++/toml.h>

namespace tandem::server {
namespace {

RawValue raw_of(const toml::node& node) {
  if (const auto* v = node.as_boolean()) return v->get();
  if (const auto* v = node.as_integer()) return v->get();
  if (const auto* v = node.as_floating_point()) return v->get();
  if (const auto* v = node.as_string()) return v->get();
  const auto* list = node.as_array();
  if (list == nullptr) return {};
  std::vector<std::string> items;
  for (const auto& item : *list) {
    const auto* text = item.as_string();
    if (text == nullptr) return {};
    items.push_back(text->get());
  }
  return items;
}

void flatten(const toml::table& table, const std::string& prefix, int depth, std::vector<TomlEntry>& out) {
  for (const auto& [key, node] : table) {
    std::string name = prefix + std::string(key.str()).substr(0, 200);
    const int line = static_cast<int>(node.source().begin.line);
    const auto* inner = node.as_table();
    // No setting lies deeper than one table; a deeper one is unknown whatever is in it.
    if (inner == nullptr || inner->empty() || depth == 1) {
      out.push_back({std::move(name), line, inner == nullptr ? raw_of(node) : RawValue{}, inner != nullptr});
    } else {
      flatten(*inner, name + ".", depth + 1, out);
    }
  }
}

}  // namespace

Result<std::vector<TomlEntry>, TomlProblem> read_toml(std::string_view text) {
  try {
    const toml::table table = toml::parse(text);
    std::vector<TomlEntry> entries;
    flatten(table, "", 0, entries);
    return entries;
  } catch (const toml::parse_error& e) {
    return Err(TomlProblem{static_cast<int>(e.source().begin.line), std::string(e.description())});
  }
}

}  // namespace tandem::server
