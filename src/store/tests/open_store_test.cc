#include <gtest/gtest.h>
#include <soci/sqlite3/soci-sqlite3.h>
#include <sys/stat.h>

#include "store/sql/migrations.h"
#include "store/sql/open_store.h"
#include "store/tests/sample.h"
#include "store/tests/temporary_folder.h"

namespace tandem::store {
namespace {

class OpenStoreTest : public ::testing::Test {
 protected:
  StoreResult<std::unique_ptr<Store>> open(bool create = true) {
    return open_store({"sqlite://" + path_, create});
  }
  StoreError error() {
    const auto opened = open();
    EXPECT_FALSE(opened);
    if (opened) return StoreError::in_use;
    EXPECT_NE(opened.error().detail.find(path_), std::string::npos) << opened.error().detail;
    return opened.error().error;
  }
  void make(int accounts = 1) {
    const auto store = open().value().get() ? std::move(open()).value() : nullptr;
    for (int i = 0; i < accounts; ++i) {
      Account a;
      a.name = "account " + std::to_string(i) + std::string(150, 'x');
      ASSERT_TRUE(store->create(a));
    }
  }
  TemporaryFolder folder_;
  std::string path_ = folder_.file("t.db");
};

TEST_F(OpenStoreTest, MakesAFileForItsOwnerAloneAndKeepsIt) {
  make();
  struct stat info {};
  ASSERT_EQ(::stat(path_.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0600U);
  EXPECT_EQ(open().value()->accounts()->size(), 1U);
  int files = 0;
  for ([[maybe_unused]] const auto& f : std::filesystem::directory_iterator(folder_.path())) ++files;
  EXPECT_EQ(files, 1);  // No left-overs of the making.
}

TEST_F(OpenStoreTest, WalAndForeignKeysAreOn) {
  make();
  Connection c(path_);
  std::string mode;
  int keys = 0;
  c.sql() << "PRAGMA journal_mode", soci::into(mode);
  c.sql() << "PRAGMA foreign_keys", soci::into(keys);
  EXPECT_EQ(mode, "wal");
  EXPECT_EQ(keys, 1);
}

TEST_F(OpenStoreTest, UrlsAreChecked) {
  for (const char* url : {"", "sqlite", "sqlite://", "mysql://x", "file.db", "sqlite://a\"b"}) {
    const auto opened = open_store({url, true});
    ASSERT_FALSE(opened) << url;
    EXPECT_EQ(opened.error().error, StoreError::invalid);
    EXPECT_EQ(opened.error().field, "url");
  }
  EXPECT_TRUE(open_store({"sqlite::memory:", true}));
}

TEST_F(OpenStoreTest, MissingFolderAndMissingFile) {
  EXPECT_EQ(open(false).error().error, StoreError::unavailable);
  path_ = folder_.file("none/t.db");
  EXPECT_EQ(error(), StoreError::unavailable);
  path_ = folder_.path();
  EXPECT_EQ(error(), StoreError::invalid);
}

TEST_F(OpenStoreTest, NewerSchemaIsRefused) {
  make();
  {
    Connection c(path_);
    c.sql() << "INSERT INTO tandem_schema (version, name, applied_ms) VALUES (99, 'future', 0)";
  }
  EXPECT_EQ(error(), StoreError::newer_schema);
}

TEST_F(OpenStoreTest, DamagedFilesAreRefusedAndLeftAlone) {
  make(300);
  const std::string whole = read_text(path_);
  ASSERT_GT(whole.size(), 20'000U);
  std::string overwritten = whole;
  overwritten.replace(0, 100, std::string(100, 'x'));
  std::string holed = whole;
  for (std::size_t at = 4096; at + 4096 <= holed.size(); at += 8192)
    holed.replace(at, 4096, std::string(4096, '\x5a'));
  for (const std::string& damaged :
       {std::string(), overwritten, whole.substr(0, 8192), holed, std::string("hello")}) {
    write_text(path_, damaged);
    EXPECT_EQ(error(), StoreError::corrupt) << damaged.size();
    EXPECT_EQ(read_text(path_), damaged);
  }
}

TEST_F(OpenStoreTest, DatabaseOfAnotherProgramIsRefused) {
  { soci::session(*soci::factory_sqlite3(), "db=" + path_) << "CREATE TABLE birds (name TEXT)"; }
  EXPECT_EQ(error(), StoreError::corrupt);
}

TEST_F(OpenStoreTest, MigrationsRunInOrderOnceAndAsOne) {
  Connection c(path_);
  const std::vector<Migration> one = {
      {"0001_a", "-- comment; with semicolon\nCREATE TABLE a (x BIGINT);\nINSERT INTO a (x) VALUES (1);\n"}};
  auto two = one;
  two.push_back({"0002_b", "ALTER TABLE a ADD COLUMN y BIGINT;\nUPDATE a SET y = 2;"});
  auto broken = two;
  broken.push_back({"0003_c", "CREATE TABLE c (x BIGINT);\nCREATE NONSENSE;\n"});
  ASSERT_TRUE(migrate(c, one, true));
  EXPECT_FALSE(migrate(c, broken, true));
  EXPECT_FALSE(c.has_table("c"));
  int version = 0;
  c.sql() << "SELECT MAX(version) FROM tandem_schema", soci::into(version);
  EXPECT_EQ(version, 1);
  ASSERT_TRUE(migrate(c, two, true));
  ASSERT_TRUE(migrate(c, two, true));
  int sum = 0;
  c.sql() << "SELECT x + y FROM a", soci::into(sum);
  EXPECT_EQ(sum, 3);
  EXPECT_EQ(migrate(c, one, true).error().error, StoreError::newer_schema);
}

TEST_F(OpenStoreTest, ADatabaseOfTheFirstSchemaIsBroughtUpWithItsRows) {
  const std::string path = folder_.file("old.db");
  {
    Connection old(path);
    ASSERT_TRUE(migrate(old, {migrations().front()}, true));
    old.sql() << "INSERT INTO accounts VALUES ('AC1', 'A', '0123456789abcdef', 1, 2000, 3, 4.5, 6)";
    old.sql() << "INSERT INTO trunks VALUES ('TK1', 'AC1', NULL, 't', '192.0.2.0/24', 7)";
  }
  auto store = std::move(open_store({"sqlite://" + path, false})).value();
  const auto account = store->accounts()->at(0);
  EXPECT_EQ(account.max_concurrent_calls, 3U);
  EXPECT_EQ(account.intent_queue_size, Account{}.intent_queue_size);
  EXPECT_EQ(account.intent_expiry_ms, Account{}.intent_expiry_ms);
  EXPECT_TRUE(account.outbound_application_id.empty());
  const auto trunk = store->trunks({})->at(0);
  EXPECT_EQ(trunk.addresses.size(), 1U);
  EXPECT_TRUE(trunk.gateways.empty());
  EXPECT_EQ(trunk.outbound_format, NumberFormat{});
  EXPECT_EQ(trunk.first_response_timeout_ms, Trunk{}.first_response_timeout_ms);
  ASSERT_TRUE(store->update(account));
}

TEST_F(OpenStoreTest, BackupIsAWholeCopyMadeWhileTheDatabaseIsInUse) {
  make(3);
  const auto live = open().value().get() ? std::move(open()).value() : nullptr;
  const std::string copy = folder_.file("copy 'q'.db");
  ASSERT_TRUE(backup_store("sqlite://" + path_, copy));
  Account late;
  late.name = "late";
  ASSERT_TRUE(live->create(late));
  struct stat info {};
  ASSERT_EQ(::stat(copy.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0600U);
  EXPECT_EQ(open_store({"sqlite://" + copy, false}).value()->accounts()->size(), 3U);
  EXPECT_FALSE(backup_store("sqlite://" + path_, copy));  // Never over what is there.
  EXPECT_EQ(backup_store("sqlite://" + folder_.file("none"), folder_.file("c2")).error().error,
            StoreError::unavailable);
  EXPECT_EQ(backup_store("postgresql:///x", folder_.file("c2")).error().field, "url");
}

TEST_F(OpenStoreTest, ShownUrlsHaveNoSecrets) {
  EXPECT_EQ(shown_url("sqlite:///a/b.db"), "sqlite:///a/b.db");
  EXPECT_EQ(shown_url("postgresql://u:p%40w@db.example:5433/t?password=x"), "postgresql://db.example:5433/t");
  EXPECT_EQ(shown_url("postgres:///t?password=x@y"), "postgresql:///t");
}

}  // namespace
}  // namespace tandem::store
