#include "media/rtp/telephone_event.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace tandem::media {
namespace {

struct Wire {
  std::array<std::uint8_t, 4> payload{};
  RtpPacket packet;
};

// A digit as our own sender puts it on the wire.
std::vector<Wire> press(char digit, std::uint32_t timestamp, std::uint16_t duration) {
  EventSender sender;
  sender.start(*digit_event(digit), timestamp, duration);
  std::vector<Wire> out;
  while (sender.active()) {
    const auto o = sender.tick(160);
    Wire w;
    write_event(o.payload, w.payload);
    w.packet.timestamp = o.timestamp;
    w.packet.marker = o.marker;
    out.push_back(w);
  }
  return out;
}

class Hearing {
 public:
  void hear(const Wire& w) {
    RtpPacket p = w.packet;
    p.payload = w.payload;
    const auto seen = receiver_.on_packet(p);
    if (!seen) return;
    if (seen->start) digits += seen->digit;
    if (seen->end) {
      ++ends;
    }
    duration_ms = seen->duration_ms;
  }
  std::string digits;
  int ends = 0;
  std::uint32_t duration_ms = 0;

 private:
  EventReceiver receiver_;
};

TEST(TelephoneEvent, SenderFollowsTheRfc) {
  const auto packets = press('5', 7000, 800);
  ASSERT_EQ(packets.size(), 7U);
  for (std::size_t i = 0; i < packets.size(); ++i) {
    const auto e = parse_event(packets[i].payload);
    ASSERT_TRUE(e);
    EXPECT_EQ(e->event, 5);
    EXPECT_EQ(e->volume, 10);
    EXPECT_EQ(packets[i].packet.timestamp, 7000U);
    EXPECT_EQ(packets[i].packet.marker, i == 0);
    EXPECT_EQ(e->end, i >= 4) << "three end packets";
    EXPECT_EQ(e->duration, std::min<std::size_t>(800, 160 * (i + 1)));
  }
}

TEST(TelephoneEvent, EachDigitOnce) {
  Hearing h;
  std::uint32_t t = 0xffff'f000;
  for (const char c : std::string("0123456789*#ABCD11")) {
    for (const auto& w : press(c, t, 800)) h.hear(w);
    t += 1600;
  }
  EXPECT_EQ(h.digits, "0123456789*#ABCD11");
  EXPECT_EQ(h.ends, 18);
  EXPECT_EQ(h.duration_ms, 100U);
}

TEST(TelephoneEvent, AnyOnePacketOfADigitIsEnough) {
  const auto packets = press('7', 1000, 800);
  for (const auto& w : packets) {
    Hearing h;
    h.hear(w);
    EXPECT_EQ(h.digits, "7");
  }
}

TEST(TelephoneEvent, LostEndsDoNotMergeEqualDigits) {
  Hearing h;
  for (std::uint32_t k = 0; k < 3; ++k) {
    const auto packets = press('1', 1000 + 1600 * k, 800);
    for (std::size_t i = 0; i < 4; ++i) h.hear(packets[i]);
  }
  EXPECT_EQ(h.digits, "111");
}

TEST(TelephoneEvent, LateEndOfAnOlderDigitIsIgnored) {
  Hearing h;
  const auto first = press('1', 1000, 800);
  const auto second = press('2', 2600, 800);
  for (std::size_t i = 0; i < 5; ++i) h.hear(first[i]);
  h.hear(second[0]);
  h.hear(first[5]);
  h.hear(first[6]);
  for (std::size_t i = 1; i < second.size(); ++i) h.hear(second[i]);
  EXPECT_EQ(h.digits, "12");
}

TEST(TelephoneEvent, RandomLossReorderAndRepetition) {
  std::mt19937 random(4733);
  int lost = 0;
  for (int round = 0; round < 200; ++round) {
    std::vector<Wire> all;
    for (std::uint32_t k = 0; k < 10; ++k) {
      for (const auto& w : press(static_cast<char>('0' + k), 5000 + 1600 * k, 800)) all.push_back(w);
    }
    for (std::size_t i = 0; i + 1 < all.size(); ++i) {
      // Not across a new digit's start, where the order says which came first.
      if (random() % 20 == 0 && all[i].packet.timestamp == all[i + 1].packet.timestamp)
        std::swap(all[i], all[i + 1]);
    }
    Hearing h;
    for (const auto& w : all) {
      if (random() % 20 == 0) {
        ++lost;
        continue;
      }
      h.hear(w);
      if (random() % 20 == 0) h.hear(w);
    }
    EXPECT_EQ(h.digits, "0123456789");
  }
  EXPECT_GT(lost, 500);
}

TEST(TelephoneEvent, LongPressOfSeveralSegmentsIsOneDigit) {
  Hearing h;
  const auto hear = [&](std::uint32_t timestamp, std::uint16_t duration, bool marker, bool end) {
    Wire w;
    write_event({3, end, 10, duration}, w.payload);
    w.packet.timestamp = timestamp;
    w.packet.marker = marker;
    h.hear(w);
  };
  hear(1000, 160, true, false);
  hear(1000, 0xffff, false, false);
  hear(1000 + 0xffff, 160, false, false);
  hear(1000 + 0xffff, 8000, false, true);
  EXPECT_EQ(h.digits, "3");
  EXPECT_EQ(h.duration_ms, (0xffffU + 8000U) / 8);
}

TEST(TelephoneEvent, SenderThatMovesTheTimestampIsOneDigit) {
  Hearing h;
  for (std::uint32_t k = 0; k < 6; ++k) {
    Wire w;
    write_event({9, k == 5, 10, static_cast<std::uint16_t>(160 * (k + 1))}, w.payload);
    w.packet.timestamp = 1000 + 160 * k;
    w.packet.marker = k == 0;
    h.hear(w);
  }
  EXPECT_EQ(h.digits, "9");
}

TEST(TelephoneEvent, OtherEventsAndMalformedPayloadsAreNoDigits) {
  EventReceiver r;
  RtpPacket p;
  for (const std::vector<std::uint8_t>& bytes : {std::vector<std::uint8_t>{},
                                                 {1},
                                                 {1, 0, 0},
                                                 {1, 0, 0, 160, 9},
                                                 {16, 0, 0, 160},
                                                 {255, 0x8a, 0, 160}}) {
    p.payload = bytes;
    EXPECT_FALSE(r.on_packet(p));
  }
}

TEST(TelephoneEvent, CutEndsWithTheNextPacket) {
  EventSender s;
  s.start(1, 0, 8000);
  EXPECT_FALSE(s.tick(160).payload.end);
  s.cut();
  EXPECT_TRUE(s.tick(160).payload.end);
  s.tick(160);
  EXPECT_TRUE(s.active());
  s.tick(160);
  EXPECT_FALSE(s.active());
}

}  // namespace
}  // namespace tandem::media
