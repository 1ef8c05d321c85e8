#include "store/async/call_store.h"

#include <gtest/gtest.h>

#include <future>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "runtime/loop.h"
#include "store/sql/open_store.h"
#include "store/tests/sample.h"
#include "store/tests/temporary_folder.h"

namespace tandem::store {
namespace {

using namespace std::chrono_literals;

/// What the store's thread and the test share.
struct Switches {
  std::mutex mutex;
  bool broken = false;
  std::set<std::string> poison;  ///< Ids that are refused as invalid.
  std::vector<std::string> written;
  std::vector<std::size_t> batches;
  std::vector<std::size_t> touches;
};

/// A real store in memory whose failures the test controls.
class FlakyStore final : public Store {
 public:
  explicit FlakyStore(std::shared_ptr<Switches> s, std::unique_ptr<Store> real)
      : s_(std::move(s)), real_(std::move(real)) {}
  StoreResult<Account> create(Account a) override { return real_->create(std::move(a)); }
  StoreResult<Application> create(Application a) override { return real_->create(std::move(a)); }
  StoreResult<Number> create(Number a) override { return real_->create(std::move(a)); }
  StoreResult<Domain> create(Domain a) override { return real_->create(std::move(a)); }
  StoreResult<Trunk> create(Trunk a) override { return real_->create(std::move(a)); }
  StoreResult<Credential> create(Credential a) override { return real_->create(std::move(a)); }
  StoreResult<ApiKey> create(ApiKey a) override { return real_->create(std::move(a)); }
  StoreResult<Queue> create(Queue q) override { return real_->create(std::move(q)); }
  StoreResult<Account> update(Account a) override { return real_->update(std::move(a)); }
  StoreResult<Queue> update(Queue q) override { return real_->update(std::move(q)); }
  StoreResult<Unit> revoke(const model::ApiKeyId& id, WallTime now) override {
    return real_->revoke(id, now);
  }
  StoreResult<Unit> touch(const std::vector<std::pair<model::ApiKeyId, WallTime>>& used) override {
    const std::lock_guard lock(s_->mutex);
    s_->touches.push_back(used.size());
    return real_->touch(used);
  }
  StoreResult<std::vector<Account>> accounts() override { return real_->accounts(); }
  StoreResult<std::vector<Application>> applications(const model::AccountId& a) override {
    return real_->applications(a);
  }
  StoreResult<std::vector<Number>> numbers(const model::AccountId& a) override { return real_->numbers(a); }
  StoreResult<std::vector<Domain>> domains(const model::AccountId& a) override { return real_->domains(a); }
  StoreResult<std::vector<Trunk>> trunks(const model::AccountId& a) override { return real_->trunks(a); }
  StoreResult<std::vector<Credential>> credentials(const model::AccountId& a) override {
    return real_->credentials(a);
  }
  StoreResult<std::vector<ApiKey>> api_keys(const model::AccountId& a) override { return real_->api_keys(a); }
  StoreResult<Unit> remove(const model::AccountId& id) override { return real_->remove(id); }
  StoreResult<Unit> remove(const model::ApplicationId& id) override { return real_->remove(id); }
  StoreResult<Unit> remove(const model::NumberId& id) override { return real_->remove(id); }
  StoreResult<Unit> remove(const model::DomainId& id) override { return real_->remove(id); }
  StoreResult<Unit> remove(const model::TrunkId& id) override { return real_->remove(id); }
  StoreResult<Unit> remove(const model::CredentialId& id) override { return real_->remove(id); }
  StoreResult<Unit> remove(const model::ApiKeyId& id) override { return real_->remove(id); }
  StoreResult<Unit> remove(const model::QueueId& id) override { return real_->remove(id); }
  StoreResult<std::vector<Queue>> queues(const model::AccountId& a) override { return real_->queues(a); }
  StoreResult<CdrPage> cdrs(const CdrQuery& q) override {
    if (broken()) return Err(StoreFailure{StoreError::unavailable, {}, "broken"});
    return real_->cdrs(q);
  }
  StoreResult<Cdr> cdr(const model::AccountId& account, const model::CallId& call) override {
    return real_->cdr(account, call);
  }
  StoreResult<Unit> write_cdrs(const std::vector<Cdr>& cdrs) override {
    const std::lock_guard lock(s_->mutex);
    if (s_->broken) return Err(StoreFailure{StoreError::unavailable, {}, "broken"});
    for (const auto& c : cdrs) {
      if (s_->poison.contains(c.id.str())) return Err(StoreFailure{StoreError::invalid, {}, "poison"});
    }
    s_->batches.push_back(cdrs.size());
    for (const auto& c : cdrs) s_->written.push_back(c.id.str());
    return Unit{};
  }
  StoreResult<RoutingTable::Rules> rules() override {
    if (broken()) return Err(StoreFailure{StoreError::unavailable, {}, "broken"});
    return real_->rules();
  }
  StoreResult<std::int64_t> rules_version() override {
    if (broken()) return Err(StoreFailure{StoreError::unavailable, {}, "broken"});
    return real_->rules_version();
  }

 private:
  bool broken() {
    const std::lock_guard lock(s_->mutex);
    return s_->broken;
  }
  std::shared_ptr<Switches> s_;
  std::unique_ptr<Store> real_;
};

class CallStoreTest : public ::testing::Test {
 protected:
  CallStoreTest() {
    options_.spool_file = folder_.file("spool");
    options_.retry_interval = 5ms;
    options_.rules_poll_interval = 1h;  // Only a miss looks, unless a test says otherwise.
  }
  ~CallStoreTest() override { stop(); }
  std::unique_ptr<Store> open() { return std::move(open_store({url_, true})).value(); }
  void start() {
    calls_ =
        make_call_store(std::make_unique<FlakyStore>(switches_, open()), control_, options_, Log{}, metrics_);
  }
  /// On the control thread, as the interface demands while that runs.
  void stop() {
    std::promise<void> gone;
    control_.post([&] {
      calls_.reset();
      gone.set_value();
    });
    gone.get_future().wait();
  }
  void provision(const std::string& did) {
    const auto admin = open();
    Account account;
    account.name = did;
    account = admin->create(account).value();
    Application app;
    app.account_id = account.id, app.name = "x", app.url = "ws://a/";
    app = admin->create(app).value();
    Number n;
    n.account_id = account.id, n.application_id = app.id, n.did = did;
    ASSERT_TRUE(admin->create(n));
  }
  std::optional<Route> find(const std::string& called) {
    std::promise<std::optional<Route>> answer;
    control_.post([&] {
      calls_->find_route({called, "", "", *model::IpAddress::parse("127.0.0.1")},
                         [&](std::optional<Route> r) {
                           EXPECT_TRUE(control_.is_current());
                           answer.set_value(std::move(r));
                         });
    });
    return answer.get_future().get();
  }
  std::future<void> write(const std::string& n) {
    auto durable = std::make_shared<std::promise<void>>();
    calls_->write_cdr(sample_cdr(n), [durable] { durable->set_value(); });
    return durable->get_future();
  }
  void set_broken(bool broken) {
    const std::lock_guard lock(switches_->mutex);
    switches_->broken = broken;
  }
  std::vector<std::string> written() {
    const std::lock_guard lock(switches_->mutex);
    return switches_->written;
  }

  TemporaryFolder folder_;
  std::string url_ = "sqlite://" + folder_.file("t.db");
  CallStoreOptions options_;
  std::shared_ptr<Switches> switches_ = std::make_shared<Switches>();
  SystemClock clock_;
  Metrics metrics_;
  runtime::Loop control_{"control", clock_};
  std::unique_ptr<CallStore> calls_;
};

TEST_F(CallStoreTest, RoutesByTheRulesAtStart) {
  provision("+1");
  start();
  const auto route = find("1");
  ASSERT_TRUE(route);
  EXPECT_EQ(route->rule, "number +1");
}

TEST_F(CallStoreTest, AMissLooksAtFreshRules) {
  start();
  EXPECT_FALSE(find("2"));
  provision("2");
  EXPECT_TRUE(find("2"));
  EXPECT_FALSE(find("3"));
}

TEST_F(CallStoreTest, ChangesArriveByPollingToo) {
  options_.rules_poll_interval = 1ms;
  provision("1");
  start();
  {
    const auto admin = open();
    ASSERT_TRUE(admin->remove(admin->numbers({}).value().at(0).id));
  }
  while (
      find("1")) {  // A removed number is no miss: only polling notices. Hangs, thus fails, if it does not.
  }
}

TEST_F(CallStoreTest, BrokenStoreKeepsTheLastRules) {
  provision("1");
  start();
  set_broken(true);
  EXPECT_TRUE(find("1"));
  EXPECT_FALSE(find("2"));
  set_broken(false);
  provision("2");
  EXPECT_TRUE(find("2"));
}

TEST_F(CallStoreTest, ManyMissesAtOnceAreAllAnswered) {
  start();
  std::promise<void> all;
  int answers = 0;
  control_.post([&] {
    for (int i = 0; i < 500; ++i) {
      calls_->find_route({"x", "", "", {}}, [&](const std::optional<Route>& r) {
        EXPECT_FALSE(r);
        if (++answers == 500) all.set_value();
      });
    }
  });
  all.get_future().wait();
}

TEST_F(CallStoreTest, AMissThatTheStoreKeepsWaitingStaysAMiss) {
  options_.miss_timeout = 1ms;
  start();
  std::promise<bool> answered;
  {
    const std::lock_guard stuck(switches_->mutex);  // The store's thread hangs in it.
    control_.post([&] {
      calls_->find_route({"x", "", "", {}},
                         [&](const std::optional<Route>& r) { answered.set_value(r.has_value()); });
    });
    EXPECT_FALSE(answered.get_future().get());
  }
}

TEST_F(CallStoreTest, SnapshotsAreForAnyThreadAndOldOnesStayWhileHeld) {
  options_.rules_poll_interval = 1ms;
  start();
  const auto old = calls_->snapshot();
  std::promise<void> changed;
  control_.post([&] {
    calls_->on_rules_changed([&changed, told = false]() mutable {
      if (!std::exchange(told, true)) changed.set_value();
    });
  });
  provision("+15550188");
  changed.get_future().wait();
  for (int i = 0; i < 1000 && !calls_->snapshot()->find({"+15550188", "", "", {}}); ++i) {
    std::this_thread::sleep_for(1ms);
  }
  EXPECT_TRUE(calls_->snapshot()->find({"+15550188", "", "", {}}));
  EXPECT_FALSE(old->find({"+15550188", "", "", {}}));
}

TEST_F(CallStoreTest, ListsAndFindsCdrs) {
  std::vector<Cdr> many;
  for (int i = 0; i < 250; ++i) many.push_back(sample_cdr(std::to_string(1000 + i)));
  ASSERT_TRUE(open()->write_cdrs(many));
  start();
  std::promise<StoreResult<CdrPage>> page;
  CdrQuery query;
  query.account_id = model::AccountId("AC1"), query.limit = 100'000;
  calls_->list_cdrs(query, [&](StoreResult<CdrPage> p) { page.set_value(std::move(p)); });
  const auto got = page.get_future().get();
  EXPECT_EQ(got->cdrs.size(), kMaxCdrPage);
  EXPECT_FALSE(got->next.empty());
  std::promise<bool> found;
  calls_->find_cdr(model::AccountId("AC1"), model::CallId("CA1007"),
                   [&](const StoreResult<Cdr>& c) { found.set_value(c && c->id.str() == "CD1007"); });
  EXPECT_TRUE(found.get_future().get());
  {
    const std::lock_guard lock(switches_->mutex);
    switches_->broken = true;
  }
  std::promise<StoreError> why;
  calls_->list_cdrs(query, [&](const StoreResult<CdrPage>& p) { why.set_value(p.error().error); });
  EXPECT_EQ(why.get_future().get(), StoreError::unavailable);
}

TEST_F(CallStoreTest, KeyUseIsWrittenOnceForManyUses) {
  Account account;
  const auto admin = open();
  account.name = "A";
  ApiKey key;
  key.account_id = admin->create(account)->id, key.name = "k", key.scopes = {Scope::worker};
  key = admin->create(make_api_key(key).key).value();
  start();
  for (int i = 0; i < 50; ++i) calls_->touch(key.id);
  stop();  // Writes what is gathered.
  EXPECT_EQ(switches_->touches, std::vector<std::size_t>{1});
  EXPECT_TRUE(admin->api_keys({})->at(0).last_used);
}

TEST_F(CallStoreTest, CdrsAreWrittenInBatches) {
  options_.cdr_batch = 3;
  options_.cdr_batch_wait = 1h;
  start();
  auto a = write("1");
  auto b = write("2");
  auto c = write("3");
  c.get();
  EXPECT_EQ(written(), (std::vector<std::string>{"CD1", "CD2", "CD3"}));
  EXPECT_EQ(switches_->batches, std::vector<std::size_t>{3});
  options_.cdr_batch_wait = 1ms;
  stop();
  start();
  write("4").get();
  EXPECT_EQ(written().back(), "CD4");
}

TEST_F(CallStoreTest, DestructionFlushes) {
  options_.cdr_batch_wait = 1h;
  start();
  write("1");
  stop();
  EXPECT_EQ(written(), std::vector<std::string>{"CD1"});
}

TEST_F(CallStoreTest, StoreFailureSpoolsAndReplaysInOrderOnce) {
  options_.cdr_batch_wait = 1ms;
  options_.cdr_batch = 4;
  start();
  set_broken(true);
  for (int i = 0; i < 10; ++i) write(std::to_string(i)).get();  // Durable though the store is down.
  EXPECT_TRUE(written().empty());
  EXPECT_NE(read_text(options_.spool_file), "");
  set_broken(false);
  while (written().size() < 10) write("later").get();
  while (!read_text(options_.spool_file).empty()) std::this_thread::yield();
  stop();
  auto list = written();
  std::set<std::string> once(list.begin(), list.end());
  for (int i = 0; i < 10; ++i) EXPECT_EQ(list[static_cast<std::size_t>(i)], "CD" + std::to_string(i));
  EXPECT_EQ(std::count(list.begin(), list.end(), "CD3"), 1);
  EXPECT_EQ(read_text(options_.spool_file), "");
}

TEST_F(CallStoreTest, SpoolOfAFormerLifeIsReplayed) {
  set_broken(true);
  options_.cdr_batch_wait = 1h;
  start();
  write("1");
  stop();  // Into the spool.
  EXPECT_TRUE(written().empty());
  set_broken(false);
  start();
  while (written().empty()) std::this_thread::yield();
  stop();
  EXPECT_EQ(written(), std::vector<std::string>{"CD1"});
}

TEST_F(CallStoreTest, APoisonousCdrDoesNotHoldUpTheOthers) {
  options_.cdr_batch = 3;
  options_.cdr_batch_wait = 1h;
  switches_->poison = {"CD2"};
  start();
  write("1");
  auto poisoned = write("2");
  write("3").get();
  poisoned.get();
  EXPECT_EQ(written(), (std::vector<std::string>{"CD1", "CD3"}));
  EXPECT_NE(read_text(options_.spool_file + ".rejected").find("\"CD2\""), std::string::npos);
}

TEST_F(CallStoreTest, WithoutSpoolCdrsWaitInMemory) {
  options_.spool_file.clear();
  options_.cdr_batch_wait = 1ms;
  start();
  set_broken(true);
  auto first = write("1");
  EXPECT_EQ(first.wait_for(30ms), std::future_status::timeout);  // Not durable, hence no word of it.
  auto second = write("2");
  set_broken(false);
  first.get();
  second.get();
  EXPECT_EQ(written(), (std::vector<std::string>{"CD1", "CD2"}));
}

}  // namespace
}  // namespace tandem::store
