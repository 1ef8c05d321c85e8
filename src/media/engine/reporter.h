// Posts a stream's events to the observer's thread.
#pragma once

#include <memory>
#include <utility>

#include "media/api/engine.h"
#include "media/api/mixer.h"
#include "runtime/executor.h"

namespace tandem::media {

/// Cleared when the engine is destroyed: events under way then die quietly. Touched on the observer's thread
/// only.
struct ObserverGate {
  Observer* observer = nullptr;
  MixerObserver* mixer_observer = nullptr;  // May be null.
};

/// A cheap handle. post() from any thread.
class Reporter {
 public:
  /// The gate is shared, since posted events outlive streams and engine.
  Reporter(std::shared_ptr<ObserverGate> gate, runtime::Executor& executor)
      : gate_(std::move(gate)), executor_(&executor) {}

  /// Runs `call(observer)` on the observer's thread; what `call` holds is destroyed there too.
  template <class Call>
  void post(Call call) const {
    executor_->post([gate = gate_, c = std::move(call)]() mutable {
      if (gate->observer != nullptr) c(*gate->observer);
    });
  }

  /// The same for what happens in rooms.
  template <class Call>
  void post_of_room(Call call) const {
    executor_->post([gate = gate_, c = std::move(call)]() mutable {
      if (gate->mixer_observer != nullptr) c(*gate->mixer_observer);
    });
  }

 private:
  std::shared_ptr<ObserverGate> gate_;
  runtime::Executor* executor_;
};

}  // namespace tandem::media
