#include "wire/duplicates.h"

#include <boost/json/value.hpp>

namespace tandem::wire {
namespace {

namespace json = boost::json;

/// Members of all objects in the tree; its depth is bounded by the parser.
std::size_t members(const json::value& v) {
  std::size_t n = 0;
  if (const auto* object = v.if_object()) {
    n = object->size();
    for (const auto& [key, value] : *object) n += members(value);
  } else if (const auto* array = v.if_array()) {
    for (const json::value& item : *array) n += members(item);
  }
  return n;
}

std::size_t colons_outside_strings(std::string_view text) {
  std::size_t n = 0;
  bool inside = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (inside && text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      inside = !inside;
    } else if (text[i] == ':' && !inside) {
      ++n;
    }
  }
  return n;
}

}  // namespace

/// Each member has one colon, so fewer members in the tree than colons in the text mean that one was
/// replaced.
bool has_name_twice(const json::value& tree, std::string_view text) {
  return members(tree) != colons_outside_strings(text);
}

}  // namespace tandem::wire
