// The mix of a room without sockets: sums are exact, common frames are shared.
#include <gtest/gtest.h>

#include <vector>

#include "media/mixer/room_mix.h"

namespace tandem::media {
namespace {

using model::Codec;

std::vector<std::int16_t> level(std::int16_t v, std::size_t n = 160) {
  return std::vector<std::int16_t>(n, v);
}

TEST(RoomMix, SumsAreExactAndListenersShareOneFrame) {
  RoomMix mix(0);
  auto& a = mix.add(StreamId::make(), {}, Codec::pcmu);
  auto& b = mix.add(StreamId::make(), {}, Codec::pcmu);
  auto& c = mix.add(StreamId::make(), {}, Codec::pcmu);
  auto& d = mix.add(StreamId::make(), {}, Codec::pcma);
  mix.say(a, level(100));
  mix.say(b, level(-1000));
  mix.mix({});
  EXPECT_EQ(mix.hear(a)[5], -1000);
  EXPECT_EQ(mix.hear(b)[5], 100);
  EXPECT_EQ(mix.hear(c)[5], -900);
  EXPECT_EQ(mix.hear(c).data(), mix.hear(d).data());
  EXPECT_NE(mix.hear_encoded(c).data(), mix.hear_encoded(d).data());
  mix.mix({});
  EXPECT_TRUE(mix.hear(c).empty());
  EXPECT_TRUE(mix.hear_encoded(a).empty());
}

TEST(RoomMix, WhoSpeaksAloneHearsNothing) {
  RoomMix mix(0);
  auto& a = mix.add(StreamId::make(), {}, Codec::pcmu);
  EXPECT_FALSE(RoomMix::audible(a));
  auto& b = mix.add(StreamId::make(), {}, Codec::g722);
  EXPECT_TRUE(RoomMix::audible(a));
  mix.say(a, level(100));
  mix.mix({});
  EXPECT_TRUE(mix.hear(a).empty());
  EXPECT_EQ(mix.hear(b).size(), 320U);
}

TEST(RoomMix, MemberMayLeaveBetweenSayingAndMixing) {
  RoomMix mix(1);
  auto& a = mix.add(StreamId::make(), {}, Codec::pcmu);
  auto& b = mix.add(StreamId::make(), {}, Codec::pcmu);
  auto& c = mix.add(StreamId::make(), {}, Codec::pcmu);
  mix.say(a, level(100));
  mix.say(b, level(200));
  EXPECT_FALSE(mix.remove(a));
  mix.mix({});
  EXPECT_FALSE(mix.hear(c).empty());
  mix.set_codec(b, Codec::g722);
  mix.say(b, level(200));  // Of the wrong length: left out.
  mix.mix({});
  EXPECT_TRUE(mix.hear(c).empty());
  EXPECT_EQ(mix.play_codec(), Codec::g722);
}

TEST(RoomMix, TheTalkComesUpAgainAfterAPlay) {
  RoomMix mix(0);
  auto& a = mix.add(StreamId::make(), {}, Codec::pcmu);
  auto& b = mix.add(StreamId::make(), {}, Codec::pcmu);
  const auto play = level(8);
  const std::vector<std::uint8_t> payload(160, 1);
  const auto turn = [&](bool playing) {
    mix.say(a, level(1000));
    mix.mix(playing ? std::optional(RoomPlayFrame{payload, play}) : std::nullopt);
    return mix.hear(b).back();
  };
  EXPECT_EQ(turn(false), 1000);
  EXPECT_EQ(turn(true), 258);
  EXPECT_EQ(turn(true), 258);
  EXPECT_EQ(turn(false), 1000);
  mix.mix(RoomPlayFrame{payload, play});
  EXPECT_EQ(mix.hear_encoded(a).data(), payload.data());
  EXPECT_EQ(mix.hear_encoded(b).data(), payload.data());
}

}  // namespace
}  // namespace tandem::media
