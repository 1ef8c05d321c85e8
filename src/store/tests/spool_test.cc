#include <gtest/gtest.h>

#include "store/spool/cdr_json.h"
#include "store/spool/cdr_spool.h"
#include "store/spool/flat_json.h"
#include "store/tests/sample.h"
#include "store/tests/temporary_folder.h"

namespace tandem::store {
namespace {

TEST(CdrJson, RoundTripsOnOneLine) {
  auto cdr = sample_cdr("1");
  const std::string line = cdr_to_json(cdr);
  EXPECT_EQ(line.find('\n'), std::string::npos);
  const auto back = cdr_from_json(line);
  ASSERT_TRUE(back);
  expect_same(cdr, *back);
  cdr.ringing.reset(), cdr.answered.reset();
  EXPECT_FALSE(cdr_from_json(cdr_to_json(cdr))->answered);
}

TEST(CdrJson, EveryVerdictRoundTrips) {
  for (int r = 0; r <= static_cast<int>(model::EndReason::internal); ++r) {
    auto cdr = sample_cdr("1");
    cdr.verdict.reason = static_cast<model::EndReason>(r);
    EXPECT_EQ(cdr_from_json(cdr_to_json(cdr))->verdict.reason, cdr.verdict.reason);
  }
}

TEST(CdrJson, EveryTruncationIsRefused) {
  const std::string line = cdr_to_json(sample_cdr("1"));
  for (std::size_t n = 0; n < line.size(); ++n) EXPECT_FALSE(cdr_from_json(line.substr(0, n))) << n;
}

TEST(FlatJson, ReadsAllEscapesAndRefusesNonsense) {
  const auto object =
      parse_flat_json(R"( {"a":"\u00e4\ud83d\ude00\n\/\"" , "b":-1.5e3,"c":true,"d":null,"e":12} )");
  ASSERT_TRUE(object);
  EXPECT_EQ(object->at("a").text, "ä😀\n/\"");
  EXPECT_EQ(object->at("b").number(), -1500.0);
  EXPECT_EQ(object->at("e").integer(), 12);
  EXPECT_EQ(object->at("a").integer(), std::nullopt);
  EXPECT_TRUE(parse_flat_json("{}"));
  for (const char* bad :
       {"", "{", "[]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{\"a\":1}x", "{\"a\":[1]}", "{\"a\":nul}",
        "{\"a\":\"\\u12\"}", "{\"a\":\"\\ud800\"}", "{\"a\":\"\\x\"}", "{\"a\":\"\n\"}", "{\"a\":inf}"}) {
    EXPECT_FALSE(parse_flat_json(bad)) << bad;
  }
}

TEST(FlatJson, WriterEscapes) {
  EXPECT_EQ(FlatJsonWriter().add("a\"", "b\\\x01\xff").add("n", 1.5).add("t", true).add("i", 7).str(),
            R"({"a\"":"b\\\u0001\ufffd","n":1.5,"t":true,"i":7})");
}

class CdrSpoolTest : public ::testing::Test {
 protected:
  static std::vector<std::string> ids(const CdrSpool::Batch& batch) {
    std::vector<std::string> out;
    for (const auto& c : batch.cdrs) out.push_back(c.id.str());
    return out;
  }
  TemporaryFolder folder_;
  std::string path_ = folder_.file("cdr.spool");
};

TEST_F(CdrSpoolTest, KeepsOrderAndForgetsWhatIsConsumed) {
  {
    CdrSpool spool(path_);
    EXPECT_TRUE(spool.empty());
    ASSERT_TRUE(spool.append({sample_cdr("1"), sample_cdr("2")}));
    ASSERT_TRUE(spool.append({sample_cdr("3")}));
  }
  CdrSpool spool(path_);  // The next life.
  EXPECT_FALSE(spool.empty());
  auto batch = spool.peek(2).value();
  EXPECT_EQ(ids(batch), (std::vector<std::string>{"CD1", "CD2"}));
  EXPECT_EQ(ids(spool.peek(2).value()), ids(batch));  // Not consumed yet.
  spool.consume(batch.end);
  ASSERT_TRUE(spool.append({sample_cdr("4")}));
  batch = spool.peek(10).value();
  EXPECT_EQ(ids(batch), (std::vector<std::string>{"CD3", "CD4"}));
  spool.consume(batch.end);
  EXPECT_TRUE(spool.empty());
  EXPECT_EQ(read_text(path_), "");
}

TEST_F(CdrSpoolTest, TornLastLineCostsOnlyItself) {
  write_text(path_, cdr_to_json(sample_cdr("1")) + "\n" + cdr_to_json(sample_cdr("2")).substr(0, 50));
  CdrSpool spool(path_);
  ASSERT_TRUE(spool.append({sample_cdr("3")}));
  const auto batch = spool.peek(10).value();
  EXPECT_EQ(ids(batch), (std::vector<std::string>{"CD1", "CD3"}));
  ASSERT_EQ(batch.damaged.size(), 1U);
  ASSERT_TRUE(spool.set_aside(batch.damaged[0]));
  EXPECT_EQ(read_text(path_ + ".rejected"), batch.damaged[0] + "\n");
}

TEST_F(CdrSpoolTest, FailureIsReported) {
  EXPECT_FALSE(CdrSpool("").append({sample_cdr("1")}));
  CdrSpool spool(folder_.file("none/x"));
  EXPECT_FALSE(spool.append({sample_cdr("1")}));
  EXPECT_TRUE(spool.empty());
}

TEST_F(CdrSpoolTest, LargeSpoolsAreReadInPieces) {
  CdrSpool spool(path_);
  std::vector<Cdr> many;
  for (int i = 0; i < 4000; ++i) many.push_back(sample_cdr(std::to_string(i)));
  ASSERT_TRUE(spool.append(many));
  std::size_t seen = 0;
  while (!spool.empty()) {
    const auto batch = spool.peek(100'000).value();
    ASSERT_TRUE(batch.damaged.empty());
    for (const auto& c : batch.cdrs) EXPECT_EQ(c.id.str(), "CD" + std::to_string(seen++));
    spool.consume(batch.end);
  }
  EXPECT_EQ(seen, 4000U);
}

}  // namespace
}  // namespace tandem::store
