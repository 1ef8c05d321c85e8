// What only a database on a server can do: be away, come back, be another one.
#include <gtest/gtest.h>

#include <future>
#include <map>
#include <thread>

#include "runtime/loop.h"
#include "store/async/call_store.h"
#include "store/sql/connection.h"
#include "store/sql/migrations.h"
#include "store/sql/open_store.h"
#include "store/tests/postgres_server.h"
#include "store/tests/sample.h"
#include "store/tests/temporary_folder.h"

namespace tandem::store {
namespace {

using namespace std::chrono_literals;

std::unique_ptr<Store> open_at(const std::string& url) {
  auto opened = open_store({url});
  EXPECT_TRUE(opened) << (opened ? "" : opened.error().detail);
  return std::move(opened).value();
}

Account named(const std::string& name) {
  Account account;
  account.name = name;
  return account;
}

/// Kills the server that all tests use, one after the other.
class PostgresTest : public ::testing::Test {
 protected:
  ~PostgresTest() override { server_.start(); }
  /// Asks until the store answers again.
  void await(Store& store) {
    while (!store.rules_version()) std::this_thread::sleep_for(5ms);
  }
  PostgresServer& server_ = PostgresServer::shared();
  std::string url_ = server_.make_database();
};

TEST_F(PostgresTest, WhileTheServerIsAwayAllFailsAtOnceAndThenAllWorksAgain) {
  const auto store = open_at(url_);
  const auto account = store->create(named("A")).value();
  server_.kill();
  EXPECT_EQ(store->accounts().error().error, StoreError::unavailable);
  EXPECT_EQ(store->create(named("B")).error().error, StoreError::unavailable);
  EXPECT_EQ(store->write_cdrs({sample_cdr("1")}).error().error, StoreError::unavailable);
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < 1000; ++i) EXPECT_FALSE(store->rules());
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 5s);
  server_.start();
  await(*store);
  EXPECT_EQ(store->accounts()->at(0).id, account.id);
  EXPECT_TRUE(store->create(named("B")));
}

TEST_F(PostgresTest, ARestartBetweenTwoCallsIsNotNoticed) {
  const auto reader = open_at(url_);
  const auto writer = open_at(url_);
  const auto cdrs = open_at(url_);
  server_.kill();
  server_.start();
  EXPECT_TRUE(reader->accounts());
  const auto made = writer->create(named("A"));
  EXPECT_TRUE(made) << made.error().detail;
  const auto written = cdrs->write_cdrs({sample_cdr("1")});
  EXPECT_TRUE(written) << written.error().detail;
  EXPECT_EQ(reader->accounts()->size(), 1U);
}

TEST_F(PostgresTest, WithoutServerNothingOpensAndNoSecretIsTold) {
  server_.kill();
  const auto opened = open_store({url_ + "&password=geheim"});
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().error, StoreError::unavailable);
  EXPECT_EQ(opened.error().detail.find("geheim"), std::string::npos) << opened.error().detail;
  const auto malformed = open_store({"postgresql://u:geheim@[::1/x"});
  ASSERT_FALSE(malformed);
  EXPECT_EQ(malformed.error().detail.find("geheim"), std::string::npos) << malformed.error().detail;
}

TEST_F(PostgresTest, SchemasAreChecked) {
  open_at(url_);
  {
    Connection c(Connection::Server{url_});
    c.sql() << "INSERT INTO tandem_schema (version, name, applied_ms) VALUES (99, 'future', 0)";
  }
  EXPECT_EQ(open_store({url_}).error().error, StoreError::newer_schema);
  const std::string other = server_.make_database();
  {
    Connection c(Connection::Server{other});
    c.sql() << "CREATE TABLE birds (name TEXT)";
  }
  EXPECT_EQ(open_store({other}).error().error, StoreError::corrupt);
}

TEST_F(PostgresTest, ManyThatStartAtOnceMakeOneSchema) {
  std::vector<std::future<std::string>> all;
  for (int i = 0; i < 6; ++i) {
    all.push_back(std::async(std::launch::async, [this] {
      const auto opened = open_store({url_});
      return opened ? std::string() : opened.error().detail;
    }));
  }
  for (auto& opened : all) EXPECT_EQ(opened.get(), "");
}

TEST_F(PostgresTest, AStandByThatWasTheFirstIsLeft) {
  const auto store = open_at(url_);
  {
    Connection c(Connection::Server{url_});
    c.sql() << "ALTER ROLE tandem SET default_transaction_read_only = on";
  }
  const auto late = open_at(url_);  // Is read-only from here on, as a server that lost its place.
  EXPECT_EQ(late->create(named("A")).error().error, StoreError::unavailable);
  {
    Connection c(Connection::Server{url_});
    c.sql() << "SET default_transaction_read_only = off";
    c.sql() << "ALTER ROLE tandem RESET default_transaction_read_only";
  }
  EXPECT_TRUE(late->create(named("A")));  // By a connection made anew.
}

TEST_F(PostgresTest, ErrorsShowNoValues) {
  const auto store = open_at(url_);
  ASSERT_TRUE(store->create(named("secret name")));
  const auto twin = store->create(named("secret name"));
  EXPECT_EQ(twin.error().field, "name");
  EXPECT_EQ(twin.error().detail.find("secret"), std::string::npos);
}

TEST_F(PostgresTest, ChangesByTwoStoresAtOnceAllCountAndKeepRealmsApart) {
  const auto first = open_at(url_);
  const auto owner = first->create(named("A")).value();
  const auto before = first->rules_version().value();
  std::vector<std::future<int>> all;
  for (int i = 0; i < 4; ++i) {
    all.push_back(std::async(std::launch::async, [&, i] {
      const auto store = open_at(url_);
      int made = 0;
      for (int n = 0; n < 10; ++n) {
        Trunk t;
        t.account_id = owner.id, t.name = std::to_string(i) + "." + std::to_string(n);
        t.realm = "r" + std::to_string(n) + ".example";
        if (store->create(t)) ++made;
      }
      return made;
    }));
  }
  int made = 0;
  for (auto& one : all) made += one.get();
  EXPECT_EQ(made, 10);  // One a realm, though no constraint of the schema says so.
  EXPECT_EQ(first->rules_version().value(), before + 10);
}

TEST_F(PostgresTest, NoCdrIsLostOrTwiceWhileTheServerComesAndGoes) {
  TemporaryFolder folder;
  SystemClock clock;
  Metrics metrics;
  runtime::Loop control{"control", clock};
  CallStoreOptions options;
  options.spool_file = folder.file("spool");
  options.retry_interval = 5ms;
  options.cdr_batch = 7;
  options.cdr_batch_wait = 1ms;
  auto calls = make_call_store(open_at(url_), control, options, Log{}, metrics);
  int next = 1000;
  const auto write = [&](int count) {
    std::vector<std::future<void>> durable;
    for (int i = 0; i < count; ++i) {
      auto done = std::make_shared<std::promise<void>>();
      durable.push_back(done->get_future());
      auto cdr = sample_cdr(std::to_string(next));
      cdr.started = at_ms(next++);
      calls->write_cdr(std::move(cdr), [done] { done->set_value(); });
    }
    for (auto& d : durable) d.get();
  };
  for (int round = 0; round < 3; ++round) {
    write(40);
    // Dies in the middle of a stream of them.
    std::thread killer([&] { server_.kill(); });
    write(60);
    killer.join();
    write(40);  // Durable in the spool.
    std::promise<StoreError> refused;
    calls->list_cdrs({}, [&](const StoreResult<CdrPage>& p) {
      refused.set_value(p ? StoreError::conflict : p.error().error);
    });
    EXPECT_EQ(refused.get_future().get(), StoreError::unavailable);
    server_.start();
    while (!read_text(options.spool_file).empty()) std::this_thread::sleep_for(5ms);
  }
  std::promise<void> gone;
  control.post([&] {
    calls.reset();
    gone.set_value();
  });
  gone.get_future().wait();
  Connection c(Connection::Server{url_});
  int rows = 0, ids = 0, backwards = 0;
  c.sql() << "SELECT COUNT(*), COUNT(DISTINCT id) FROM cdrs", soci::into(rows), soci::into(ids);
  EXPECT_EQ(rows, next - 1000);
  EXPECT_EQ(ids, rows);
  // In order: transactions are numbered as they come. Where a row lies tells nothing, as after a crash the
  // server fills up older pages too.
  c.sql()
      << "SELECT COUNT(*) FROM (SELECT started_ms, LAG(started_ms) OVER (ORDER BY CAST(CAST(xmin AS TEXT) AS "
         "BIGINT), started_ms) AS before FROM cdrs) AS x WHERE started_ms < before",
      soci::into(backwards);
  EXPECT_EQ(backwards, 0);
}

}  // namespace
}  // namespace tandem::store
