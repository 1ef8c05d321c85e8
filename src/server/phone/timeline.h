// What happens to a phone, as it happens: for people, or as JSON lines.
#pragma once

#include <cstdio>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"

namespace tandem::phone {

struct TimelineEvent {
  std::string_view name;                                         ///< JSON: "event".
  std::string text;                                              ///< For people.
  std::vector<std::pair<std::string_view, std::string>> fields;  ///< JSON only.
};

class Timeline {
 public:
  Timeline() = default;
  Timeline(const Timeline&) = delete;
  Timeline& operator=(const Timeline&) = delete;
  virtual ~Timeline() = default;
  /// On the phone's loop.
  virtual void add(const TimelineEvent& event) = 0;
};

/// For load generators.
class SilentTimeline final : public Timeline {
 public:
  void add(const TimelineEvent&) override {}
};

/// Prints each event at once, with the time since construction.
class PrintedTimeline final : public Timeline {
 public:
  PrintedTimeline(std::FILE* out, bool json, const Clock& clock);
  void add(const TimelineEvent& event) override;

 private:
  std::FILE* out_;
  const bool json_;
  const Clock& clock_;
  const TimePoint begin_;
};

/// `event` as one line without its end.
[[nodiscard]] std::string readable_line(const TimelineEvent& event, double seconds);
[[nodiscard]] std::string json_line(const TimelineEvent& event, double seconds);

}  // namespace tandem::phone
