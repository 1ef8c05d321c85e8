#include "cluster/single/journal.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace tandem::cluster {
namespace {

class JournalTest : public ::testing::Test {
 protected:
  JournalTest() {
    std::string name = (std::filesystem::temp_directory_path() / "tandem-test-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
    path_ = folder_ + "/calls.journal";
  }
  ~JournalTest() override { std::filesystem::remove_all(folder_); }
  Journal::Opened open(std::uint64_t compact_at = 1 << 20) {
    auto opened = Journal::open(path_, compact_at);
    EXPECT_TRUE(opened) << (opened ? "" : opened.error());
    return std::move(opened).value();
  }
  std::string read() const {
    std::ifstream in(path_, std::ios::binary);
    std::stringstream s;
    s << in.rdbuf();
    return s.str();
  }
  void write(const std::string& bytes) const {
    std::ofstream(path_, std::ios::binary | std::ios::trunc) << bytes;
  }

  std::string folder_;
  std::string path_;
};

TEST_F(JournalTest, LaterPutsReplaceAndRemovesRemove) {
  {
    const auto j = open().journal;
    ASSERT_TRUE(j->put("a", "1"));
    ASSERT_TRUE(j->put("b", "2"));
    ASSERT_TRUE(j->put("a", "3"));
    ASSERT_TRUE(j->remove("b"));
    ASSERT_TRUE(j->remove("nothing"));
  }
  EXPECT_EQ(open().journal->live(), (std::map<std::string, std::string>{{"a", "3"}}));
}

TEST_F(JournalTest, EveryTruncationKeepsTheWholeRecordsBefore) {
  {
    const auto j = open().journal;
    for (const char* key : {"a", "b", "c"}) ASSERT_TRUE(j->put(key, std::string(20, 'x')));
  }
  const std::string whole = read();
  const std::size_t record = (whole.size() - 9) / 3;
  for (std::size_t n = 0; n <= whole.size(); ++n) {
    write(whole.substr(0, n));
    const auto opened = open();
    EXPECT_EQ(opened.journal->live().size(), n < 9 ? 0 : (n - 9) / record) << n;
    EXPECT_EQ(opened.warning, "") << n;
    ASSERT_TRUE(opened.journal->put("d", "after"));
    // The torn record is gone from the file too.
    EXPECT_EQ(opened.journal->file_bytes(), read().size());
  }
}

TEST_F(JournalTest, EveryFlippedByteIsNoticedAndNothingIsInvented) {
  {
    const auto j = open().journal;
    for (const char* key : {"a", "b", "c"}) ASSERT_TRUE(j->put(key, std::string(20, 'x')));
  }
  const std::string whole = read();
  for (std::size_t n = 0; n < whole.size(); ++n) {
    std::string bad = whole;
    bad[n] = static_cast<char>(bad[n] ^ 0x40);
    write(bad);
    const auto opened = Journal::open(path_, 1 << 20);
    if (n == 8) {
      EXPECT_FALSE(opened);  // A newer version.
      continue;
    }
    ASSERT_TRUE(opened) << n;
    EXPECT_LT(opened->journal->live().size(), 3U) << n;
    for (const auto& [key, value] : opened->journal->live()) {
      EXPECT_TRUE(key == "a" || key == "b" || key == "c");
      EXPECT_EQ(value, std::string(20, 'x'));
    }
  }
}

TEST_F(JournalTest, DamageIsPutAside) {
  write("this is something else entirely");
  const auto opened = open();
  EXPECT_NE(opened.warning.find(".damaged"), std::string::npos);
  EXPECT_TRUE(std::filesystem::exists(path_ + ".damaged"));
}

TEST_F(JournalTest, ASecondProcessIsRefused) {
  const auto first = open();
  const auto second = Journal::open(path_, 1);
  ASSERT_FALSE(second);
  EXPECT_NE(second.error().find("another running tandem"), std::string::npos);
}

TEST_F(JournalTest, MissingFolderIsAnError) {
  path_ = folder_ + "/none/x";
  EXPECT_FALSE(Journal::open(path_, 1));
}

TEST_F(JournalTest, CompactionBoundsTheFile) {
  {
    const auto j = open(4096).journal;
    for (int i = 0; i < 20'000; ++i) {
      ASSERT_TRUE(j->put("call" + std::to_string(i % 7), std::string(100, static_cast<char>('a' + i % 26))));
      ASSERT_LE(j->file_bytes(), 4096U + 5 * 7 * 120);
    }
    EXPECT_EQ(j->file_bytes(), read().size());
  }
  const auto j = open(4096).journal;
  EXPECT_EQ(j->live().size(), 7U);
  EXPECT_EQ(j->live().at("call" + std::to_string(19'999 % 7)),
            std::string(100, static_cast<char>('a' + 19'999 % 26)));
}

TEST_F(JournalTest, GatheredChangesAreOneWrite) {
  {
    const auto j = open().journal;
    const auto empty = read().size();
    j->begin();
    ASSERT_TRUE(j->put("a", "1"));
    ASSERT_TRUE(j->put("b", "2"));
    ASSERT_TRUE(j->put("a", "3"));
    ASSERT_TRUE(j->remove("b"));
    EXPECT_EQ(read().size(), empty);
    ASSERT_TRUE(j->commit());
    EXPECT_EQ(j->file_bytes(), read().size());
    ASSERT_TRUE(j->put("c", "4"));  // At once again.
    EXPECT_EQ(j->file_bytes(), read().size());
  }
  const auto j = open().journal;
  EXPECT_EQ(j->live(), (std::map<std::string, std::string>{{"a", "3"}, {"c", "4"}}));
}

TEST_F(JournalTest, OversizedRecordsAreRefused) {
  const auto j = open().journal;
  EXPECT_FALSE(j->put("", "x"));
  EXPECT_FALSE(j->put(std::string(256, 'k'), "x"));
  EXPECT_FALSE(j->put("k", std::string(1 << 20, 'x')));
  EXPECT_TRUE(j->put(std::string(255, 'k'), "x"));
}

}  // namespace
}  // namespace tandem::cluster
