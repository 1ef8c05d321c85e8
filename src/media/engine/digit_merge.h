// One key press may be seen three ways: RFC 4733, in-band, SIP INFO. It is reported once.
#pragma once

#include "base/clock.h"
#include "media/api/engine.h"

namespace tandem::media {

/// One thread.
class DigitMerge {
 public:
  /// False if `digit` is the press that another way reported less than 200 ms ago, or that lasts still.
  bool accept(char digit, DigitSource source, TimePoint now, Duration duration = {});
  /// The press reported by `source` still lasts, or ended now.
  void touch(char digit, DigitSource source, TimePoint now);

 private:
  char digit_ = 0;
  DigitSource source_ = DigitSource::rfc4733;
  TimePoint until_{};
};

}  // namespace tandem::media
