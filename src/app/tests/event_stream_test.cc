#include "app/event_stream.h"

#include <gtest/gtest.h>

namespace tandem::app {
namespace {

model::Event event_of(model::EventData data, const std::string& op = "") {
  model::Event event;
  event.data = std::move(data);
  if (!op.empty()) event.op_id = model::OpId(op);
  return event;
}

class EventStreamTest : public testing::Test {
 protected:
  ManualClock clock_;
  EventStream stream_{clock_, model::SessionId("SE1"), {.window = 8, .replay = 20}};
};

TEST_F(EventStreamTest, NumbersWithoutGaps) {
  for (std::uint64_t i = 1; i <= 5; ++i) EXPECT_EQ(stream_.push(event_of(model::CallDtmfEvent{}))->seq, i);
  EXPECT_EQ(stream_.last_seq(), 5U);
}

TEST_F(EventStreamTest, ReplaysFromWhereTheClientIs) {
  for (int i = 0; i < 5; ++i) stream_.push(event_of(model::CallDtmfEvent{}));
  const auto missed = stream_.after(3);
  ASSERT_TRUE(missed);
  ASSERT_EQ(missed->size(), 2U);
  EXPECT_EQ(missed->front()->seq, 4U);
  EXPECT_TRUE(stream_.after(5)->empty());
  EXPECT_FALSE(stream_.after(6)) << "a sequence number that was never sent";
}

TEST_F(EventStreamTest, KeepsAcknowledgedEventsForARestartedClient) {
  for (int i = 0; i < 5; ++i) stream_.push(event_of(model::CallDtmfEvent{}));
  stream_.acknowledge(5);
  EXPECT_EQ(stream_.after(0)->size(), 5U);
}

TEST_F(EventStreamTest, ForgetsBeyondTheReplayBound) {
  for (int i = 0; i < 30; ++i) stream_.push(event_of(model::CallDtmfEvent{}));
  EXPECT_FALSE(stream_.after(9));
  EXPECT_EQ(stream_.after(10)->size(), 20U);
}

TEST_F(EventStreamTest, MergesProgressBeyondTheWindowAndReleasesTheLatest) {
  for (int i = 0; i < 8; ++i) stream_.push(event_of(model::CallDtmfEvent{}));
  EXPECT_EQ(stream_.pace(), EventStream::Pace::merging);
  for (std::int64_t ms = 250; ms <= 1000; ms += 250) {
    model::OpProgressEvent progress;
    progress.elapsed_ms = ms;
    EXPECT_EQ(stream_.push(event_of(progress, "OP1")), nullptr);
  }
  EXPECT_EQ(stream_.last_seq(), 8U);
  const auto released = stream_.acknowledge(8);
  ASSERT_EQ(released.size(), 1U);
  EXPECT_EQ(released[0]->seq, 9U);
  EXPECT_EQ(std::get<model::OpProgressEvent>(released[0]->data.value()).elapsed_ms, 1000);
}

TEST_F(EventStreamTest, DropsMergedProgressOfAnOperationThatCompleted) {
  for (int i = 0; i < 8; ++i) stream_.push(event_of(model::CallDtmfEvent{}));
  EXPECT_EQ(stream_.push(event_of(model::OpProgressEvent{}, "OP1")), nullptr);
  EXPECT_NE(stream_.push(event_of(model::OpCompletedEvent{}, "OP1")), nullptr);
  EXPECT_TRUE(stream_.acknowledge(9).empty());
}

TEST_F(EventStreamTest, SaysHowFarTheClientIsBehind) {
  for (int i = 0; i < 10; ++i) stream_.push(event_of(model::CallDtmfEvent{}));
  EXPECT_EQ(stream_.pace(), EventStream::Pace::lagging);
  for (int i = 0; i < 6; ++i) stream_.push(event_of(model::CallDtmfEvent{}));
  EXPECT_EQ(stream_.pace(), EventStream::Pace::stuck);
  stream_.acknowledge(16);
  EXPECT_EQ(stream_.pace(), EventStream::Pace::flowing);
}

}  // namespace
}  // namespace tandem::app
