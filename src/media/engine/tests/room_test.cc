// Rooms, proven by what each far end hears.
#include <random>

#include "media/engine/tests/room_fixture.h"

namespace tandem::media::test {
namespace {

TEST_F(RoomTest, EachHearsTheOthersAndNotItself) {
  for (int i = 0; i < 5; ++i) join(500 + 300 * i);
  talk_and_listen();
  for (Voice& v : voices) {
    Tones others{500, 800, 1100, 1400, 1700};
    others.erase(v.hz);
    EXPECT_EQ(hears(v), others) << v.hz;
  }
}

TEST_F(RoomTest, LevelsAreKept) {
  Voice& a = join(500);
  Voice& b = join(800);
  a.amplitude = 4000;
  talk_and_listen();
  EXPECT_NEAR(amplitude_at(last(b), 500, 8000), 4000, 120);
  AudioControl louder;
  louder.gain_in_db = 6;
  engine->set_audio(a.id, louder);
  talk_and_listen();
  EXPECT_NEAR(amplitude_at(last(b), 500, 8000), 7980, 250);
  AudioControl quieter;
  quieter.gain_out_db = -6;
  engine->set_audio(b.id, quieter);
  talk_and_listen();
  EXPECT_NEAR(amplitude_at(last(b), 500, 8000), 4000, 150);
}

TEST_F(RoomTest, ManyLoudVoicesAreLimitedNotClipped) {
  Voice& listener = join(310);
  listener.talks = false;
  for (int i = 0; i < 8; ++i) join(500 + 200 * i).amplitude = 15'000;
  talk_and_listen(20);
  const auto pcm = last(listener);
  double in_tones = 0;
  double energy = 0;
  for (const std::int16_t s : pcm) energy += static_cast<double>(s) * s / static_cast<double>(pcm.size());
  for (int i = 0; i < 8; ++i) in_tones += std::pow(amplitude_at(pcm, 500 + 200 * i, 8000), 2) / 2;
  EXPECT_GT(in_tones / energy, 0.93);
  EXPECT_GT(energy, 1e7);
}

TEST_F(RoomTest, MutedIsNotHeardAndHears) {
  Voice& a = join(500);
  Voice& b = join(800);
  AudioControl muted;
  muted.mute_in = true;
  engine->set_audio(a.id, muted);
  talk_and_listen();
  EXPECT_EQ(hears(b), Tones{});
  EXPECT_EQ(hears(a), (Tones{800}));
  AudioControl deaf;
  deaf.mute_out = true;
  engine->set_audio(a.id, deaf);
  talk_and_listen();
  EXPECT_EQ(hears(b), (Tones{500}));
  EXPECT_EQ(hears(a), Tones{});
}

TEST_F(RoomTest, DeafMemberHearsNobodyAndIsHeard) {
  Voice& a = join(500, hears_nobody());
  Voice& b = join(800);
  Voice& c = join(1100);
  talk_and_listen();
  EXPECT_EQ(hears(a), Tones{});
  EXPECT_EQ(hears(b), (Tones{500, 1100}));
  EXPECT_EQ(hears(c), (Tones{500, 800}));
}

TEST_F(RoomTest, MonitorCoachAndBarge) {
  Voice& customer = join(500);
  Voice& agent = join(800);
  Voice& supervisor = join(1100, heard_by_nobody());
  talk_and_listen();
  EXPECT_EQ(hears(supervisor), (Tones{500, 800}));
  EXPECT_EQ(hears(agent), (Tones{500}));
  EXPECT_EQ(hears(customer), (Tones{800}));
  engine->set_member(room, supervisor.id, only_heard_by({agent.id}));  // Coach.
  talk_and_listen();
  EXPECT_EQ(hears(supervisor), (Tones{500, 800}));
  EXPECT_EQ(hears(agent), (Tones{500, 1100}));
  EXPECT_EQ(hears(customer), (Tones{800}));
  engine->set_member(room, supervisor.id, {});  // Barge.
  talk_and_listen();
  EXPECT_EQ(hears(supervisor), (Tones{500, 800}));
  EXPECT_EQ(hears(agent), (Tones{500, 1100}));
  EXPECT_EQ(hears(customer), (Tones{800, 1100}));
}

TEST_F(RoomTest, EveryMatrixOfThreeHoldsExactly) {
  Voice& a = join(500, {}, Codec::g722);
  Voice& b = join(800, {}, Codec::pcma);
  Voice& c = join(1100);
  const auto audience = [](unsigned kind, const StreamId& one) {
    Audience out;
    if (kind == 1) out.kind = Audience::Kind::nobody;
    if (kind == 2) out = {Audience::Kind::only, {one}};
    return out;
  };
  const auto covers = [](const Audience& x, const StreamId& who) {
    return x.kind == Audience::Kind::everyone || (x.kind == Audience::Kind::only && x.members.front() == who);
  };
  for (unsigned code = 0; code < 81; code += 2) {
    const std::array<Voice*, 3> all{&a, &b, &c};
    std::array<MemberAudio, 3> audio{
        MemberAudio{audience(code % 3, b.id), audience(code / 3 % 3, c.id)},
        MemberAudio{audience(code / 9 % 3, c.id), audience(code / 27 % 3, a.id)},
        MemberAudio{audience((code + 1) % 3, a.id), audience((code / 3 + 1) % 3, b.id)}};
    for (std::size_t i = 0; i < 3; ++i) engine->set_member(room, all[i]->id, audio[i]);
    talk(8);
    drain();
    talk(6);
    for (std::size_t l = 0; l < 3; ++l) {
      Tones expected;
      for (std::size_t s = 0; s < 3; ++s) {
        if (s != l && covers(audio[s].heard_by, all[l]->id) && covers(audio[l].hears, all[s]->id))
          expected.insert(all[s]->hz);
      }
      EXPECT_EQ(hears(*all[l]), expected) << code << " " << l;
    }
  }
}

TEST_F(RoomTest, MixedCodecsHearEachOther) {
  join(500, {}, Codec::pcmu);
  join(800, {}, Codec::pcma);
  join(1100, {}, Codec::g722);
  join(1400, {}, Codec::g722);
  join(1700, {}, Codec::pcmu).talks = false;
  join(2000, {}, Codec::pcma).talks = false;
  join(2300, {}, Codec::g722).talks = false;
  talk_and_listen();
  for (Voice& v : voices) {
    Tones others{500, 800, 1100, 1400};
    others.erase(v.hz);
    EXPECT_EQ(hears(v), others) << v.hz;
  }
}

TEST_F(RoomTest, WidebandStaysWideAmongWideband) {
  Voice& a = join(5500, {}, Codec::g722);
  Voice& b = join(500, {}, Codec::g722);
  Voice& c = join(800, {}, Codec::pcmu);
  talk_and_listen();
  EXPECT_EQ(hears(b), (Tones{5500, 800}));
  EXPECT_EQ(hears(c, {2500}), (Tones{500}));  // Nothing folded down into it.
  talk(10);
  set_codec(a, Codec::pcmu);
  a.hz = 1100;
  talk_and_listen();
  EXPECT_EQ(hears(b), (Tones{1100, 800}));
  EXPECT_EQ(hears(c), (Tones{1100, 500}));
}

TEST_F(RoomTest, QuietSpeechIsWholeFromItsFirstSample) {
  Voice& a = join(500);
  Voice& b = join(800);
  a.talks = b.talks = false;
  talk(50);
  drain();
  a.talks = true;
  a.amplitude = 250;
  a.sample = 0;
  talk(10);
  a.talks = false;
  talk(10);
  auto pcm = decode(b.peer.take());
  std::size_t audible = 0;
  for (const std::int16_t s : pcm) audible += std::abs(s) > 20 ? 1 : 0;
  EXPECT_EQ(audible, 1600U * 14 / 16);  // 16 samples a period, two of which are 0.
}

TEST_F(RoomTest, SilentMembersAreNotDecodedAndNoiseIsNotMixed) {
  Voice& a = join(500);
  Voice& b = join(800);
  a.amplitude = 60;  // -58 dBov.
  talk_and_listen();
  for (const std::int16_t s : last(b)) EXPECT_LE(std::abs(s), 8);
}

TEST_F(RoomTest, JitteryLateAndLossyMembersDelayNobody) {
  Voice& a = join(500);
  Voice& b = join(800);
  Voice& c = join(1100);
  join(1400).talks = false;
  std::mt19937 random(1);
  std::vector<std::vector<std::uint8_t>> held;
  drain();
  for (int i = 0; i < 150; ++i) {
    a.say();
    voices[3].say();
    if (random() % 10 != 0)
      b.say();  // Loses a tenth, but its clock goes on.
    else
      b.frame(b.hz, 0), ++b.peer.sequence, b.peer.timestamp += 160;
    held.push_back(c.frame(c.hz, c.amplitude));
    if (random() % 3 == 0) {  // Bursts.
      for (const auto& payload : held) c.peer.send(c.local.rtp, 0, payload);
      held.clear();
    }
    run(20ms);
  }
  auto got = voices[3].peer.take();
  EXPECT_GE(got.size(), 149U);
  expect_in_order(got);
  const auto pcm = decode(got);
  const auto later = std::span(pcm).last(8000);
  // The steady one is untouched; the others are there, somewhat torn.
  EXPECT_NEAR(amplitude_at(later, 500, 8000), 3000, 90);
  EXPECT_GT(amplitude_at(later, 800, 8000), 1800);
  EXPECT_GT(amplitude_at(later, 1100, 8000), 1200);
}

TEST_F(RoomTest, MemberThatFallsSilentIsNotHeardOn) {
  Voice& a = join(500);
  Voice& b = join(800);
  talk(20);
  for (int i = 0; i < 30; ++i) {
    b.say();
    run(20ms);
  }
  b.peer.take();
  for (int i = 0; i < 10; ++i) {
    b.say();
    run(20ms);
  }
  EXPECT_EQ(hears(b), Tones{});
  talk_and_listen();
  EXPECT_EQ(hears(b), (Tones{500}));
  EXPECT_EQ(hears(a), (Tones{800}));
}

TEST_F(RoomTest, HoldByDirectionAndByLeaving) {
  Voice& a = join(500);
  Voice& b = join(800);
  Voice& c = join(1100);
  a.media.direction = model::Direction::send_only;  // Ours: it is sent to, and not listened to.
  engine->configure(a.id, a.media);
  talk_and_listen();
  EXPECT_EQ(hears(b), (Tones{1100}));
  a.media.direction = model::Direction::send_recv;
  engine->configure(a.id, a.media);
  talk_and_listen();
  EXPECT_EQ(hears(b), (Tones{500, 1100}));
  engine->disconnect(a.id);
  talk_and_listen();
  EXPECT_EQ(hears(a), Tones{});
  EXPECT_EQ(hears(b), (Tones{1100}));
  engine->join_room(room, a.id, {});
  talk_and_listen();
  EXPECT_EQ(hears(a), (Tones{800, 1100}));
  EXPECT_EQ(hears(c), (Tones{500, 800}));
}

TEST_F(RoomTest, SequenceAndTimeGoOnThroughJoiningAndLeaving) {
  Voice& a = add(500);
  Voice& b = add(800);
  talk(10);
  for (int i = 0; i < 4; ++i) {
    engine->join_room(room, a.id, {});
    engine->join_room(room, b.id, {});
    talk(7);
    engine->connect(a.id, b.id, {});
    talk(7);
    engine->disconnect(b.id);
    talk(3);
  }
  const auto got = a.peer.take();
  expect_in_order(got);
  for (std::size_t i = 1; i < got.size(); ++i)
    EXPECT_GT(timestamp_distance(got[i].packet.timestamp, got[i - 1].packet.timestamp), 0);
  EXPECT_GE(got.size(), 70U);
}

TEST_F(RoomTest, RoomTakesConnectedStreamsAndConnectTakesMembers) {
  Voice& a = add(500);
  Voice& b = add(800);
  Voice& c = join(1100);
  engine->connect(a.id, b.id, {});
  talk_and_listen();
  EXPECT_EQ(hears(a), (Tones{800}));
  engine->join_room(room, a.id, {});
  talk_and_listen();
  EXPECT_EQ(hears(a), (Tones{1100}));
  EXPECT_EQ(hears(b), Tones{});
  EXPECT_EQ(hears(c), (Tones{500}));
  engine->connect(c.id, b.id, {});
  talk_and_listen();
  EXPECT_EQ(hears(a), Tones{});
  EXPECT_EQ(hears(b), (Tones{1100}));
  EXPECT_EQ(hears(c), (Tones{800}));
}

TEST_F(RoomTest, AnotherRoomTakesTheMember) {
  const RoomId second = RoomId::make();
  engine->open_room(second, {});
  Voice& a = join(500);
  Voice& b = join(800);
  Voice& c = join(1100);
  engine->join_room(second, a.id, {});
  engine->join_room(second, b.id, {});
  talk_and_listen();
  EXPECT_EQ(hears(a), (Tones{800}));
  EXPECT_EQ(hears(c), Tones{});
  engine->close_room(second);
  engine->join_room(second, a.id, {});  // Gone: nothing happens.
  talk_and_listen();
  EXPECT_EQ(hears(a), Tones{});
  engine->join_room(room, b.id, {});
  engine->close(c.id);
  talk_and_listen();
  EXPECT_EQ(hears(b), Tones{});
}

}  // namespace
}  // namespace tandem::media::test
