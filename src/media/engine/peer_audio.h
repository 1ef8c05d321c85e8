// What a stream hears of the stream that it is connected with.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "base/clock.h"
#include "media/codec/codec.h"
#include "media/codec/resampler.h"
#include "media/engine/under_play.h"

namespace tandem::media {

/// One direction of a connection, held by the stream that listens. Runs on the media worker; allocates when
/// the route changes, not in its ticks.
class PeerAudio {
 public:
  enum class Path : std::uint8_t {
    none,   ///< Nothing passes.
    relay,  ///< Packets go as they come.
    pcm     ///< Decoded, mixed and encoded.
  };
  struct Route {
    Path path = Path::none;
    model::Codec from = model::Codec::pcmu;  ///< Of the peer.
    model::Codec to = model::Codec::pcmu;    ///< Of the stream that listens.
    friend bool operator==(const Route&, const Route&) = default;
  };

  [[nodiscard]] const Route& route() const { return route_; }
  void set_route(const Route& route);

  void on_relayed(TimePoint now) { relayed_ = now; }
  /// Packets are relayed, or the peer makes one of its short pauses: nothing of ours is to go between.
  [[nodiscard]] bool relaying(TimePoint now) const {
    return route_.path == Path::relay && relayed_ && now - *relayed_ < kRelayHold;
  }

  /// Path pcm: 20 ms of the peer, at its codec's sample rate.
  void hear(std::span<const std::int16_t> pcm);
  /// Path pcm: the payload for this tick; nothing when there is neither audio of the peer nor `play`, a
  /// payload of the listener's codec that is heard over the peer. Valid until the next call.
  std::optional<std::span<const std::uint8_t>> next(std::optional<std::span<const std::uint8_t>> play,
                                                    double gain_db);

 private:
  static constexpr Duration kRelayHold = std::chrono::milliseconds(200);
  static constexpr std::size_t kMaxFrame = 320;
  static constexpr std::size_t kMaxWaiting = 3 * kMaxFrame;
  struct Coders {
    Coders(const Route& route);
    StreamResampler resampler;
    std::unique_ptr<Encoder> encoder;
    std::unique_ptr<Decoder> play_decoder;
  };

  Route route_;
  std::optional<TimePoint> relayed_;
  std::unique_ptr<Coders> coders_;
  std::array<std::int16_t, kMaxWaiting> waiting_{};  // At the listener's rate.
  std::size_t filled_ = 0;
  UnderPlay under_play_;
  std::array<std::uint8_t, 160> payload_{};
};

}  // namespace tandem::media
