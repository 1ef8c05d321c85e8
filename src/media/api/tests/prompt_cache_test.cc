#include "media/api/prompt_cache.h"

#include <gtest/gtest.h>

namespace tandem::media {
namespace {

CachedPrompt second() {
  CachedPrompt out;
  out.prompt = std::make_shared<Prompt>(8000);
  out.prompt->append(std::vector<std::int16_t>(8000));
  out.prompt->finish();
  return out;
}

TEST(PromptCache, TheLeastRecentlyUsedGoesFirst) {
  PromptCache cache(55'000);  // Three of 16 KB and a little.
  for (const char* key : {"a", "b", "c"}) cache.put(key, second());
  ASSERT_NE(cache.find("a"), nullptr);
  cache.put("d", second());
  EXPECT_EQ(cache.find("b"), nullptr);
  EXPECT_NE(cache.find("a"), nullptr);
  EXPECT_NE(cache.find("d"), nullptr);
  EXPECT_EQ(cache.size(), 3U);
}

TEST(PromptCache, APromptThatGrowsIsMeasuredAgain) {
  PromptCache cache(100'000);
  CachedPrompt growing;
  growing.prompt = std::make_shared<Prompt>(8000);
  const auto prompt = growing.prompt;
  cache.put("old", second());
  cache.put("growing", std::move(growing));
  const std::size_t before = cache.bytes();
  prompt->append(std::vector<std::int16_t>(40'000));
  cache.refresh("growing");
  EXPECT_GE(cache.bytes(), before + 80'000 - 20'000);
  EXPECT_EQ(cache.size(), 2U);
  (void)prompt->track(model::Codec::pcmu);
  cache.refresh("growing");
  EXPECT_LE(cache.bytes(), 100'000U);
}

TEST(PromptCache, ErasingGivesTheBytesBack) {
  PromptCache cache(100'000);
  cache.put("a", second());
  cache.put("a", second());
  EXPECT_EQ(cache.size(), 1U);
  cache.erase("a");
  cache.erase("a");
  EXPECT_EQ(cache.bytes(), 0U);
}

TEST(PromptCache, MarksTracks) {
  CachedPrompt cached;
  EXPECT_FALSE(cached.has(model::Codec::g722));
  cached.mark(model::Codec::g722);
  EXPECT_TRUE(cached.has(model::Codec::g722));
  EXPECT_FALSE(cached.has(model::Codec::pcmu));
}

TEST(PromptFlights, TheFirstLoadsForAll) {
  PromptFlights<int> flights;
  EXPECT_TRUE(flights.join("k", {model::Codec::pcmu, nullptr}));
  EXPECT_FALSE(flights.join("k", {model::Codec::pcma, nullptr}));
  EXPECT_TRUE(flights.known("k"));
  EXPECT_EQ(flights.take("k").size(), 2U);
  EXPECT_TRUE(flights.take("k").empty());
  EXPECT_EQ(flights.size(), 0U);
}

}  // namespace
}  // namespace tandem::media
