// The small parts by themselves.
#include <gtest/gtest.h>

#include "rest/paging.h"
#include "rest/prefer.h"
#include "rest/problem.h"
#include "rest/query.h"
#include "rest/rate_limiter.h"
#include "rest/target.h"

namespace tandem::rest {
namespace {

using std::chrono::seconds;

TEST(TargetTest, IsTakenApart) {
  const auto target = parse_target("/v1/a%20b/?x=1&y=%2B2&z=+3#part");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->segments, (std::vector<std::string>{"v1", "a b", ""}));
  EXPECT_EQ(target->query, (Target{{}, {{"x", "1"}, {"y", "+2"}, {"z", "+3"}}}.query));
  EXPECT_FALSE(parse_target("v1"));
  EXPECT_FALSE(parse_target(""));
  EXPECT_FALSE(parse_target("/a\x80"));
  EXPECT_TRUE(parse_target("/%F0%9F%93%9E"));
  EXPECT_FALSE(parse_target("/%F0%9F%93"));
  EXPECT_FALSE(parse_target("/%C0%80"));
  EXPECT_FALSE(parse_target("/%F4%90%80%80"));
}

TEST(Rfc3339Test, IsRead) {
  const auto ms = [](std::string_view text) {
    const auto time = parse_rfc3339(text);
    return time ? time->time_since_epoch().count() : -1;
  };
  EXPECT_EQ(ms("1970-01-01T00:00:00Z"), 0);
  EXPECT_EQ(ms("1970-01-01t00:00:01.5z"), 1'500);
  EXPECT_EQ(ms("1970-01-01T00:00:01.123456789Z"), 1'123);
  EXPECT_EQ(ms("1970-01-01T01:00:00+01:00"), 0);
  EXPECT_EQ(ms("1970-01-01T00:00:00-00:30"), 1'800'000);
  EXPECT_EQ(ms("2024-02-29T00:00:00Z"), 1'709'164'800'000);
  for (const char* bad :
       {"", "1970-01-01", "1970-01-01T00:00:00", "1970-1-1T00:00:00Z", "1970-01-01T24:00:00Z",
        "2023-02-29T00:00:00Z", "1970-01-01T00:00:00.Z", "1970-01-01T00:00:00Zx", "1969-12-31T00:00:00Z",
        "+970-01-01T00:00:00Z", "1970-01-01T00:00:00+0100", "1970-01--1T00:00:00Z"}) {
    EXPECT_EQ(ms(bad), -1) << bad;
  }
}

TEST(PreferTest, FirstOfAKindCounts) {
  const auto of = [](const char* value) { return preference_of({{"prefer", value}}); };
  EXPECT_EQ(of("").wait, seconds(30));
  EXPECT_EQ(of("respond-async").wait, seconds(0));
  EXPECT_EQ(of("Respond-Async ; x=1, wait=\"7\"").wait, seconds(7));
  EXPECT_EQ(of("wait=7, wait=9").wait, seconds(7));
  EXPECT_EQ(of("wait=-1").wait, seconds(30));
  EXPECT_EQ(of("wait=,wait").wait, seconds(30));
  EXPECT_EQ(of("wait=61").applied, "wait=60");
  EXPECT_EQ(preference_of({{"Prefer", "wait=1"}, {"Prefer", "respond-async"}}).applied,
            "respond-async, wait=1");
}

TEST(RateLimiterTest, ForgetsFullBuckets) {
  RateLimiter limiter({10, 20});
  TimePoint now{seconds(1'000)};
  for (int i = 0; i < 100; ++i) (void)limiter.take(model::ApiKeyId("AK" + std::to_string(i)), now);
  EXPECT_EQ(limiter.size(), 100U);
  now += std::chrono::minutes(2);
  EXPECT_TRUE(limiter.take(model::ApiKeyId("AK0"), now).pass);
  EXPECT_EQ(limiter.size(), 1U);
}

TEST(CursorTest, IsReadBackOrRefused) {
  const std::string key("L\0\xff/?", 5);
  EXPECT_EQ(read_cursor(make_cursor(key)), key);
  EXPECT_FALSE(read_cursor("0"));
  EXPECT_FALSE(read_cursor("0G"));
  EXPECT_FALSE(read_cursor("AA"));
}

TEST(ProblemTest, EveryCodeHasAStatus) {
  for (int i = 0; i <= static_cast<int>(model::ErrorCode::node_lost); ++i) {
    model::Error error;
    error.code = static_cast<model::ErrorCode>(i);
    const auto response = problem(error);
    EXPECT_GE(response.status, 400);
    EXPECT_LT(response.status, 600);
    const bool later = response.status == 429 || response.status == 503;
    EXPECT_EQ(response.body.find("retry_after_ms") != std::string::npos, later);
    EXPECT_NE(response.body.find(model::to_string(error.code)), std::string::npos);
  }
  EXPECT_EQ(problem(fault(model::ErrorCode::invalid_request, "X", "y"), 415).status, 415);
}

}  // namespace
}  // namespace tandem::rest
