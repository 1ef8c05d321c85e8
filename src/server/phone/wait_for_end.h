// How a subcommand waits: for its work to be done, or for Ctrl-C.
#pragma once

#include "base/function.h"

namespace tandem::phone {

/// Made before any thread, so that SIGINT and SIGTERM reach nobody else.
class WaitForEnd {
 public:
  WaitForEnd();
  ~WaitForEnd();
  WaitForEnd(const WaitForEnd&) = delete;
  WaitForEnd& operator=(const WaitForEnd&) = delete;

  /// Ends wait(). Any thread, repeatedly.
  void done();
  /// Blocks until done(); calls `interrupted` on the first signal and gives up (false) on the second.
  bool wait(Function<void()> interrupted);

 private:
  int signals_ = -1;
  int done_ = -1;
};

}  // namespace tandem::phone
