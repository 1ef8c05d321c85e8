// Appends JSON text: no tree, no second copy. Used by the generated encoders.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace tandem::wire {

class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) : out_(out) {}

  void begin_object();
  void end_object();
  void begin_array();
  void end_array();
  void key(std::string_view name);
  void string(std::string_view s);  ///< Bytes that are not UTF-8 become U+FFFD.
  void integer(std::int64_t n);
  void integer(std::uint64_t n);
  void number(double n);  ///< Not finite: null.
  void boolean(bool b);
  void time(WallTime t);            ///< RFC 3339 in UTC with milliseconds.
  void raw(std::string_view json);  ///< Empty text: null.
  void null();

 private:
  void separate();
  std::size_t special(std::string_view s);
  std::string& out_;
  bool first_ = true;
  bool after_key_ = false;
};

/// "2026-01-01T10:00:00.123Z"
[[nodiscard]] std::string rfc3339(WallTime t);

}  // namespace tandem::wire
