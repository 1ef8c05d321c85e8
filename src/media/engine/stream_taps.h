// Who records a stream: puts together what was said and what was heard in each tick.
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "media/api/stream_tap.h"
#include "media/codec/codec.h"

namespace tandem::media {

/// Runs on the media worker. Exists while there is a tap.
class StreamTaps {
 public:
  explicit StreamTaps(model::Codec codec) { set_codec(codec); }

  /// Shared with the recorder's thread, which takes the frames out.
  void add(std::shared_ptr<StreamTap> tap) { taps_.push_back(std::move(tap)); }
  void remove(const StreamTap* tap) {
    std::erase_if(taps_, [tap](const auto& t) { return t.get() == tap; });
  }
  [[nodiscard]] bool empty() const { return taps_.empty(); }
  void close();

  /// Of the payloads that sent() gets.
  void set_codec(model::Codec codec);
  /// The audio payload that goes out in this tick.
  void sent(std::span<const std::uint8_t> payload);
  /// What the peer said in its tick, while its packets are relayed as they come.
  void relayed(TapAudio audio);
  /// The end of this tick.
  void tick(TimePoint now, TapAudio said);

 private:
  static constexpr std::size_t kMaxFrame = 960;
  static constexpr std::size_t kMaxRelayed = 3 * kMaxFrame;
  [[nodiscard]] TapAudio take_heard();

  std::vector<std::shared_ptr<StreamTap>> taps_;
  model::Codec codec_ = model::Codec::pcmu;
  std::unique_ptr<Decoder> decoder_;
  std::array<std::int16_t, kMaxFrame> sent_{};
  std::size_t sent_samples_ = 0;
  // Of the peer, whose ticks fall between ours.
  std::array<std::int16_t, kMaxRelayed> relayed_{};
  std::size_t relayed_samples_ = 0;
  std::uint32_t relayed_hz_ = 8000;
  std::array<std::int16_t, kMaxFrame> heard_{};
};

}  // namespace tandem::media
