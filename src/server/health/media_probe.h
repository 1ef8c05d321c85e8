// The deep part of /health: two streams of the media engine send each other a digit. A node whose signalling
// lives while its media workers are stuck turns red here (docs: operations). Control thread.
#pragma once

#include <map>
#include <memory>
#include <vector>

#include "base/function.h"
#include "media/api/engine.h"
#include "runtime/executor.h"

namespace tandem::server {

/// Stands between the engine and the core: keeps the probe's own streams from the core, passes all else
/// through.
class MediaProbe final : public media::Observer {
 public:
  struct Outcome {
    bool ok = false;
    std::string detail;  ///< "digit heard after 41 ms" or what went wrong.
  };

  /// `calls` gets every event of streams that are not the probe's. Both outlive it.
  MediaProbe(media::Observer& calls, runtime::TimerExecutor& control) : calls_(calls), control_(control) {}
  void bind(media::Engine& engine, model::IpAddress address) {
    engine_ = &engine;
    address_ = address;
  }

  /// Calls `done` on the control thread within `timeout`. Requests that come while a probe runs share its
  /// outcome.
  void run(std::chrono::milliseconds timeout, Function<void(Outcome)> done);

  void on_digit(const media::StreamId& id, media::Digit digit) override;
  void on_play_started(const media::StreamId& id, media::PlayId play) override;
  void on_play_ended(const media::StreamId& id, media::PlayId play, media::PlayResult result) override;
  void on_digits_sent(const media::StreamId& id, media::PlayId tag, bool complete) override;
  void on_media_started(const media::StreamId& id) override;
  void on_rtp_timeout(const media::StreamId& id) override;
  void on_rtp_resumed(const media::StreamId& id) override;
  void on_source_changed(const media::StreamId& id, const model::SocketAddress& source) override;
  void on_mark(const media::StreamId& id, media::PlayId play, const std::string& name,
               std::int64_t played_ms) override;
  void on_quality(const media::StreamId& id, model::StreamQuality quality) override;
  void on_closed(const media::StreamId& id, model::StreamQuality quality) override;

 private:
  struct Running {
    explicit Running(runtime::TimerExecutor& control) : deadline(control) {}
    media::StreamId sender = media::StreamId::make();
    media::StreamId receiver = media::StreamId::make();
    TimePoint started;
    runtime::Timer deadline;
    std::vector<Function<void(Outcome)>> waiting;
  };
  [[nodiscard]] bool mine(const media::StreamId& id) const { return own_.contains(id); }
  bool start(Running& probe, std::string& error);
  void finish(const Outcome& outcome);

  media::Observer& calls_;
  runtime::TimerExecutor& control_;
  media::Engine* engine_ = nullptr;
  model::IpAddress address_;
  std::unique_ptr<Running> running_;
  std::map<media::StreamId, int> own_;  ///< Until on_closed.
};

}  // namespace tandem::server
