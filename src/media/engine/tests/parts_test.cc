// Port pool, wheel, digit merging, and the engine with real threads.
#include <gtest/gtest.h>

#include <condition_variable>
#include <future>
#include <set>

#include "media/engine/digit_merge.h"
#include "media/engine/port_pool.h"
#include "media/engine/port_stock.h"
#include "media/engine/stream.h"
#include "media/engine/tests/engine_fixture.h"
#include "media/engine/wheel.h"
#include "runtime/loop.h"

namespace tandem::media {
namespace {

using namespace std::chrono_literals;

TEST(PortPool, HandsOutEvenPortsOnce) {
  ManualClock clock;
  PortPool pool(20'001, 20'010, 5s, clock);
  std::set<std::uint16_t> got;
  while (const auto p = pool.take()) {
    EXPECT_EQ(*p % 2, 0);
    EXPECT_GE(*p, 20'002);
    EXPECT_LE(*p, 20'010);
    EXPECT_TRUE(got.insert(*p).second);
  }
  EXPECT_EQ(got.size(), 5U);
}

TEST(PortPool, PortsRestAfterUse) {
  ManualClock clock;
  PortPool pool(20'000, 20'002, 5s, clock);
  const auto a = pool.take();
  const auto b = pool.take();
  pool.give_back(*a);
  pool.give_back(5);
  EXPECT_FALSE(pool.take());
  clock.advance(4999ms);
  EXPECT_FALSE(pool.take());
  clock.advance(1ms);
  EXPECT_EQ(pool.take(), a);
  EXPECT_FALSE(pool.take()) << *b << " is in use";
}

TEST(PortPool, EmptyRange) {
  ManualClock clock;
  PortPool pool(20'000, 19'998, 5s, clock);
  EXPECT_FALSE(pool.take());
}

EngineOptions with_stock(std::size_t pairs) {
  EngineOptions o;
  o.port_max = 0;
  o.port_stock = pairs;
  o.addresses = {test::loopback()};
  return o;
}

TEST(PortStock, IsFilledAheadAndAgain) {
  ManualClock clock;
  runtime::BlockingPool filler("fill", 1, 10);
  const auto stock = std::make_shared<PortStock>(with_stock(4), filler, clock, Log());
  EXPECT_TRUE(stock->take(test::loopback())) << "binds when there is none";
  EXPECT_EQ(stock->waiting(test::loopback()), 0U);
  const auto settle = [&] {
    std::promise<void> done;
    ASSERT_TRUE(filler.try_post([&done] { done.set_value(); }));
    done.get_future().wait();
  };
  stock->start();
  settle();
  EXPECT_EQ(stock->waiting(test::loopback()), 4U);
  std::vector<std::unique_ptr<PortPair>> taken;
  std::set<std::uint16_t> ports;
  for (int i = 0; i < 12; ++i) {
    auto pair = stock->take(test::loopback());
    ASSERT_TRUE(pair);
    EXPECT_TRUE((*pair)->waited);
    EXPECT_TRUE(ports.insert((*pair)->rtp.port()).second);
    EXPECT_TRUE(ports.insert((*pair)->rtcp.port()).second);
    taken.push_back(std::move(*pair));
    settle();
    EXPECT_GE(stock->waiting(test::loopback()), 2U);
    EXPECT_LE(stock->waiting(test::loopback()), 4U);
  }
  EXPECT_FALSE(ports.contains(0));
}

TEST(PortStock, AJobThatOutlivesItDoesNothing) {
  ManualClock clock;
  std::promise<void> go;  // Used by the filler to its end.
  runtime::BlockingPool filler("fill", 1, 10);
  ASSERT_TRUE(filler.try_post([&go] { go.get_future().wait(); }));
  auto stock = std::make_shared<PortStock>(with_stock(4), filler, clock, Log());
  stock->start();
  stock.reset();
  go.set_value();
}

TEST(PortStock, WhatCameWhileASocketWaitedIsNotHeard) {
  ManualClock clock;
  runtime::ManualLoop loop;
  test::Recorded seen;
  const auto gate = std::make_shared<ObserverGate>(ObserverGate{&seen});
  auto rtp = UdpSocket::bind({test::loopback(), 0});
  auto rtcp = UdpSocket::bind({test::loopback(), 0});
  ASSERT_TRUE(rtp && rtcp);
  const model::SocketAddress local{test::loopback(), rtp->port()};
  auto pair = std::make_unique<PortPair>(std::move(*rtp), std::move(*rtcp), nullptr, std::uint16_t{0});
  pair->waited = true;
  test::Peer stranger;
  test::Peer peer;
  const std::vector<std::uint8_t> payload(160, 0x55);
  for (int i = 0; i < 20; ++i) stranger.send(local, 0, payload);
  const EngineOptions options = with_stock(0);
  Stream stream(StreamId::make(), std::move(pair), options, Reporter(gate, loop), clock);
  ReceiveBuffers buffers;
  PacketCounters counters;
  stream.drop_strangers(buffers);
  model::AgreedMedia media;
  media.remote_rtp = peer.rtp();
  stream.configure(media);
  peer.send(local, 0, payload);
  stream.tick(clock.now(), buffers, counters);
  EXPECT_EQ(counters.received, 1U);
  EXPECT_EQ(stream.quality().packets_received, 1U);
  EXPECT_EQ(stream.quality().packets_discarded, 0U);
}

TEST(Wheel, EachPhaseOnceIn20MsWithoutDrift) {
  ManualClock clock;
  Wheel wheel(clock.now());
  std::array<int, Wheel::kPhases> runs{};
  for (int i = 0; i < 800; ++i) wheel.add();
  // Late by odd amounts, as a real thread is.
  for (int n = 0; n < 700; ++n) {
    clock.advance(1'430us);
    while (const auto due = wheel.take_due(clock.now())) ++runs[due->phase];
  }
  for (const int r : runs) EXPECT_NEAR(r, 50, 1);
  EXPECT_EQ(wheel.skipped(), 0U);
}

TEST(Wheel, FewStreamsShareAPhaseAndManyAreSpread) {
  ManualClock clock;
  Wheel wheel(clock.now());
  std::map<std::size_t, int> load;
  for (int i = 0; i < 64; ++i) ++load[wheel.add()];
  EXPECT_EQ(load.size(), 2U);
  for (int i = 64; i < 2000; ++i) ++load[wheel.add()];
  for (const auto& [phase, n] : load) EXPECT_EQ(n, 100);
}

TEST(Wheel, LongStallIsGivenUp) {
  ManualClock clock;
  Wheel wheel(clock.now());
  wheel.add();
  clock.advance(10s);
  int runs = 0;
  while (wheel.take_due(clock.now())) ++runs;
  EXPECT_LE(runs, 1);
  EXPECT_GT(wheel.skipped(), 9000U);
}

TEST(Wheel, EmptyWheelHasNothingDue) {
  ManualClock clock;
  Wheel wheel(clock.now());
  EXPECT_FALSE(wheel.next_due());
  clock.advance(1h);
  EXPECT_FALSE(wheel.take_due(clock.now()));
  EXPECT_EQ(wheel.skipped(), 0U);
}

TEST(DigitMerge, SameDigitOfAnotherWayWithinTheWindow) {
  DigitMerge m;
  const TimePoint t{1000s};
  EXPECT_TRUE(m.accept('1', DigitSource::rfc4733, t));
  EXPECT_FALSE(m.accept('1', DigitSource::inband, t + 60ms));
  EXPECT_TRUE(m.accept('1', DigitSource::rfc4733, t + 150ms)) << "the same way again is a new press";
  EXPECT_FALSE(m.accept('1', DigitSource::info, t + 340ms));
  EXPECT_TRUE(m.accept('1', DigitSource::info, t + 400ms));
  EXPECT_TRUE(m.accept('2', DigitSource::inband, t + 410ms));
}

TEST(DigitMerge, LongPressKeepsTheWindowOpen) {
  DigitMerge m;
  const TimePoint t{1000s};
  EXPECT_TRUE(m.accept('1', DigitSource::rfc4733, t));
  for (int n = 1; n <= 50; ++n) m.touch('1', DigitSource::rfc4733, t + n * 20ms);
  EXPECT_FALSE(m.accept('1', DigitSource::info, t + 1100ms));
  EXPECT_TRUE(m.accept('1', DigitSource::info, t + 1201ms));
}

// The whole with its threads: two workers, the observer on a loop, many streams opened and closed.
class Counting final : public Observer {
 public:
  void on_digit(const StreamId&, Digit) override {}
  void on_play_started(const StreamId&, PlayId) override {}
  void on_play_ended(const StreamId&, PlayId, PlayResult r) override {
    if (r.how == PlayEnd::finished) add(finished_);
  }
  void on_digits_sent(const StreamId&, PlayId, bool) override {}
  void on_media_started(const StreamId&) override {}
  void on_rtp_timeout(const StreamId&) override {}
  void on_rtp_resumed(const StreamId&) override {}
  void on_source_changed(const StreamId&, const model::SocketAddress&) override {}
  void on_mark(const StreamId&, PlayId, const std::string&, std::int64_t) override {}
  void on_quality(const StreamId&, model::StreamQuality) override {}
  void on_closed(const StreamId&, model::StreamQuality) override { add(closed_); }

  bool wait(std::size_t finished, std::size_t closed) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, 30s, [&] { return finished_ >= finished && closed_ >= closed; });
  }

 private:
  void add(std::size_t& what) {
    const std::lock_guard lock(mutex_);
    ++what;
    changed_.notify_all();
  }
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t finished_ = 0;
  std::size_t closed_ = 0;
};

// With `change`, streams are connected and moved to and fro between the workers all the while.
void play_on_threads(bool change) {
  constexpr std::size_t kStreams = 40;
  SystemClock clock;
  Metrics metrics;
  Counting seen;
  runtime::BlockingPool pool("encode", 1, 100);
  runtime::Loop loop("control", clock);
  EngineOptions o;
  o.workers = 2;
  o.port_max = 0;
  o.addresses = {test::loopback()};
  auto engine = make_engine(o, seen, loop, pool, clock, Log(), metrics);
  const auto sink = UdpSocket::bind({test::loopback(), 0});
  auto prompt = std::make_shared<Prompt>(8000);
  prompt->append(std::vector<std::int16_t>(1600, 100));
  prompt->finish();
  std::vector<StreamId> ids;
  loop.post([&] {
    for (std::size_t n = 0; n < kStreams; ++n) {
      ids.push_back(StreamId::make());
      ASSERT_TRUE(engine->open(ids.back(), test::loopback()));
      model::AgreedMedia media;
      media.remote_rtp = media.remote_rtcp = {test::loopback(), sink->port()};
      engine->configure(ids.back(), media);
      PlaySpec s;
      s.prompts = {prompt};
      engine->play(ids.back(), 1, std::move(s));
    }
    for (std::size_t n = 0; change && n < 300; ++n) {
      engine->connect(ids[n * 7 % kStreams], ids[n * 11 % kStreams], {});
      if (n % 5 == 0) engine->disconnect(ids[n % kStreams]);
    }
  });
  EXPECT_TRUE(seen.wait(kStreams, 0));
  loop.post([&] {
    for (std::size_t n = 0; change && n < 300; ++n) {
      engine->connect(ids[n * 13 % kStreams], ids[n * 3 % kStreams], {});
    }
  });
  loop.post([&] {
    for (const auto& stream : ids) engine->close(stream);
  });
  EXPECT_TRUE(seen.wait(kStreams, kStreams));
  std::promise<void> gone;
  loop.post([&] {
    EXPECT_EQ(engine->streams(), 0U);
    engine.reset();
    gone.set_value();
  });
  gone.get_future().wait();
}

TEST(EngineThreads, ManyStreamsPlayToTheirEnd) {
  play_on_threads(false);
}

TEST(EngineThreads, PartnersChangeWhileTheyPlay) {
  play_on_threads(true);
}

}  // namespace
}  // namespace tandem::media
