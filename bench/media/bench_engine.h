// An engine under a load of far ends, and what it costs; what the media benchmarks share.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "media/engine/engine_factory.h"
#include "runtime/loop.h"
#include "udp_load.h"

namespace tandem::bench {

using Clock = std::chrono::steady_clock;

/// Of this process, since its start.
[[nodiscard]] double cpu_seconds();
[[nodiscard]] double resident_kb();
/// 20 ms of PCMU with a tone, `amplitude` of 32767.
[[nodiscard]] std::vector<std::uint8_t> tone_payload(double amplitude);
/// As many file descriptors as the system allows.
void raise_file_limit();

/// What streams report.
class Tally final : public media::Observer {
 public:
  void on_digit(const media::StreamId&, media::Digit) override { ++digits; }
  void on_play_started(const media::StreamId&, media::PlayId) override {}
  void on_play_ended(const media::StreamId&, media::PlayId, media::PlayResult) override {}
  void on_digits_sent(const media::StreamId&, media::PlayId, bool) override {}
  void on_media_started(const media::StreamId&) override {}
  void on_rtp_timeout(const media::StreamId&) override {}
  void on_rtp_resumed(const media::StreamId&) override {}
  void on_source_changed(const media::StreamId&, const model::SocketAddress&) override {}
  void on_mark(const media::StreamId&, media::PlayId, const std::string&, std::int64_t) override {}
  void on_quality(const media::StreamId&, model::StreamQuality) override {}
  void on_closed(const media::StreamId&, model::StreamQuality q) override {
    lost += q.packets_lost;
    ++closed;
  }
  std::uint64_t digits = 0;
  std::uint64_t lost = 0;
  std::size_t closed = 0;
};

/// The engine with a control loop of its own. What touches it runs in on_loop().
class EngineUnderLoad {
 public:
  explicit EngineUnderLoad(std::size_t legs);
  EngineUnderLoad(const EngineUnderLoad&) = delete;
  EngineUnderLoad& operator=(const EngineUnderLoad&) = delete;
  ~EngineUnderLoad();

  [[nodiscard]] media::MixingEngine& engine() { return *engine_; }
  [[nodiscard]] UdpLoad& load() { return load_; }
  [[nodiscard]] const Tally& seen() const { return seen_; }
  [[nodiscard]] const std::vector<media::StreamId>& ids() const { return ids_; }
  /// Runs `f` on the control loop and waits for it.
  void on_loop(const std::function<void()>& f);
  /// Opens a stream towards the far end at `peer` and returns its own port; ends the program when there is
  /// none. `media` has all but the addresses.
  std::uint16_t add(std::uint16_t peer, model::AgreedMedia media);
  /// A figure of the engine's own metrics: the line that begins with `name`, whose last character is the
  /// blank before the number. 0 if there is none.
  [[nodiscard]] double metric(const std::string& name);

 private:
  SystemClock clock_;
  Metrics metrics_;
  Tally seen_;
  UdpLoad load_;
  runtime::BlockingPool pool_{"encode", 1, 10'000};
  runtime::Loop loop_{"control", clock_};
  std::unique_ptr<media::MixingEngine> engine_;
  std::vector<media::StreamId> ids_;
};

}  // namespace tandem::bench
