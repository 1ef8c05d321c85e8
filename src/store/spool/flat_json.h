// JSON objects without nesting, one a line: all that the spool file and the shell's --json output need.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace tandem::store {

/// Writes {"key":value,...} in the order of the calls. Text that is not UTF-8 comes out with U+FFFD in place.
class FlatJsonWriter {
 public:
  FlatJsonWriter& add(std::string_view key, std::string_view value);
  FlatJsonWriter& add(std::string_view key, const std::string& value) {
    return add(key, std::string_view(value));
  }
  FlatJsonWriter& add(std::string_view key, const char* value) { return add(key, std::string_view(value)); }
  FlatJsonWriter& add(std::string_view key, std::int64_t value);
  FlatJsonWriter& add(std::string_view key, int value) { return add(key, std::int64_t{value}); }
  FlatJsonWriter& add(std::string_view key, double value);  ///< Not a number and infinities become null.
  FlatJsonWriter& add(std::string_view key, bool value);
  FlatJsonWriter& add_null(std::string_view key);
  /// `json` goes in as it is: the caller vouches for it.
  FlatJsonWriter& add_raw(std::string_view key, std::string_view json);
  [[nodiscard]] std::string str() const { return text_ + "}"; }

 private:
  void key(std::string_view name);
  std::string text_ = "{";
};

/// `text` in quotes, escaped.
[[nodiscard]] std::string json_quoted(std::string_view text);

struct JsonScalar {
  bool is_text = false;
  std::string text;  ///< The decoded string, or the literal: a number, true, false, null.
  [[nodiscard]] std::optional<std::int64_t> integer() const;
  [[nodiscard]] std::optional<double> number() const;
};
using FlatJson = std::map<std::string, JsonScalar, std::less<>>;

/// Nothing when `line` is not exactly one JSON object of scalars.
[[nodiscard]] std::optional<FlatJson> parse_flat_json(std::string_view line);

}  // namespace tandem::store
