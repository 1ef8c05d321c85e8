// Everything that phones share: loop, SIP agent, media engine, sounds and the switchboard.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "runtime/executor.h"
#include "server/phone/options.h"
#include "server/phone/switchboard.h"

namespace tandem::phone {

/// Opened, used and destroyed by one thread that is not the loop's. Destruction ends the calls that are left.
class Station {
 public:
  /// The error is for people. `clock` outlives the station.
  [[nodiscard]] static Result<std::unique_ptr<Station>, std::string> open(const StationOptions& options,
                                                                          const Clock& clock);
  ~Station();
  Station(const Station&) = delete;
  Station& operator=(const Station&) = delete;

  [[nodiscard]] runtime::TimerExecutor& loop();
  [[nodiscard]] Switchboard& switchboard();  ///< Use it on the loop only.
  [[nodiscard]] std::vector<sip::Agent::Listening> listening() const;
  /// Runs `task` on the loop and waits for its end. Not from the loop.
  void run_on_loop(Function<void()> task);

 private:
  struct Impl;
  explicit Station(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace tandem::phone
