#include "media/player/prompt_folder.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

namespace tandem::media {
namespace {

namespace fs = std::filesystem;

class PromptFolderTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "prompts-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    root_ = pattern;
    fs::create_directories(root_ / "in" / "sub");
    write(root_ / "in" / "a b.txt", "hello");
    write(root_ / "in" / "sub" / "deep.txt", "deep");
    write(root_ / "secret.txt", "secret");
  }
  void TearDown() override { fs::remove_all(root_); }
  static void write(const fs::path& path, const std::string& text) { std::ofstream(path) << text; }
  [[nodiscard]] PromptFolder folder() const { return {(root_ / "in").string(), 1000}; }
  fs::path root_;
};

TEST_F(PromptFolderTest, ReadsBelowAndOnlyBelow) {
  EXPECT_EQ(folder().read("file:///a%20b.txt", "")->body, "hello");
  EXPECT_EQ(folder().read("file:///sub/deep.txt", "")->body, "deep");
  EXPECT_EQ(folder().read("file://localhost/sub/deep.txt", "")->body, "deep");
  EXPECT_EQ(folder().read("file://" + (root_ / "in/sub/deep.txt").string(), "")->body, "deep");
  for (const char* url :
       {"file:///../secret.txt", "file:///sub/../../secret.txt", "file:///%2e%2e/secret.txt",
        "file://host/a.txt", "file:///", "file:///a%00b", "file:///a%2", "file:relative"}) {
    const auto file = folder().read(url, "");
    ASSERT_FALSE(file) << url;
    EXPECT_EQ(file.error().code, PromptErrorCode::forbidden_url) << url;
  }
  EXPECT_FALSE(folder().read("file://" + (root_ / "secret.txt").string(), ""));
}

TEST_F(PromptFolderTest, LinksDoNotLeadOut) {
  fs::create_symlink(root_ / "secret.txt", root_ / "in" / "absolute");
  fs::create_symlink("../secret.txt", root_ / "in" / "relative");
  fs::create_symlink("..", root_ / "in" / "up");
  fs::create_symlink("sub/deep.txt", root_ / "in" / "inside");
  for (const char* url : {"file:///absolute", "file:///relative", "file:///up/secret.txt"}) {
    const auto file = folder().read(url, "");
    ASSERT_FALSE(file) << url;
    EXPECT_EQ(file.error().code, PromptErrorCode::forbidden_url) << url;
  }
  EXPECT_EQ(folder().read("file:///inside", "")->body, "deep");
}

TEST_F(PromptFolderTest, OnlyRegularFilesOfBoundedSize) {
  EXPECT_EQ(folder().read("file:///sub", "").error().code, PromptErrorCode::fetch_failed);
  EXPECT_EQ(folder().read("file:///absent", "").error().code, PromptErrorCode::fetch_failed);
  ASSERT_EQ(mkfifo((root_ / "in" / "pipe").c_str(), 0600), 0);
  EXPECT_EQ(folder().read("file:///pipe", "").error().code, PromptErrorCode::fetch_failed);
  write(root_ / "in" / "big", std::string(1001, 'x'));
  EXPECT_EQ(folder().read("file:///big", "").error().code, PromptErrorCode::too_large);
  EXPECT_EQ(PromptFolder("", 1000).read("file:///a", "").error().code, PromptErrorCode::forbidden_url);
}

TEST_F(PromptFolderTest, AnUnchangedFileIsNotReadAgain) {
  const auto first = folder().read("file:///sub/deep.txt", "");
  ASSERT_TRUE(first);
  const auto again = folder().read("file:///sub/deep.txt", first->version);
  EXPECT_TRUE(again->unchanged);
  EXPECT_EQ(again->body, "");
  write(root_ / "in" / "sub" / "deep.txt", "deeper");
  EXPECT_EQ(folder().read("file:///sub/deep.txt", first->version)->body, "deeper");
}

}  // namespace
}  // namespace tandem::media
