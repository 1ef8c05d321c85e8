// Records by id, in pages, with revisions and the audit log, on both databases.
#include "store/api/provisioning.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "store/sql/open_store.h"
#include "store/tests/postgres_server.h"
#include "store/tests/sample.h"
#include "store/tests/temporary_folder.h"

namespace tandem::store {
namespace {

class ProvisioningTest : public ::testing::TestWithParam<const char*> {
 protected:
  ProvisioningTest()
      : store_(std::move(open_store({std::string(GetParam()) == "sqlite"
                                         ? "sqlite://" + folder_.file("t.db")
                                         : PostgresServer::shared().make_database()}))
                   .value()),
        p_(*store_->provisioning()) {
    a_ = add(named<Account>("A"));
    b_ = add(named<Account>("B"));
    auto app = named<Application>("main");
    app.account_id = a_.id, app.url = "ws://127.0.0.1:3000/";
    app_ = add(app);
  }
  template <class T>
  static T named(const std::string& name) {
    T record;
    record.name = name;
    return record;
  }
  template <class T>
  T add(T record) {
    auto made = p_.insert(record, author_);
    EXPECT_TRUE(made) << made.error().field << " " << made.error().detail;
    return std::get<T>(made->record);
  }
  Number number(const std::string& did) {
    Number n;
    n.account_id = a_.id, n.application_id = app_.id, n.did = did;
    return n;
  }
  template <class T>
  RecordRef ref(Kind kind, const T& record) {
    return {kind, a_.id, record.id.str()};
  }

  TemporaryFolder folder_;
  std::unique_ptr<Store> store_;
  Provisioning& p_;
  Author author_{model::ApiKeyId("AKtest"), "192.0.2.1:5", "name"};
  Account a_, b_;
  Application app_;
};

TEST_P(ProvisioningTest, AnotherTenantsRecordIsAsGoodAsNone) {
  const RecordRef foreign{Kind::application, b_.id, app_.id.str()};
  const auto keep = [](Record&) { return std::optional<StoreFailure>(); };
  EXPECT_EQ(p_.find(foreign).error().error, StoreError::not_found);
  EXPECT_EQ(p_.edit(foreign, {}, keep, author_).error().error, StoreError::not_found);
  EXPECT_EQ(p_.erase(foreign, {}, author_).error().error, StoreError::not_found);
  EXPECT_EQ(p_.find({Kind::account, b_.id, a_.id.str()}).error().error, StoreError::not_found);
  EXPECT_TRUE(p_.find(ref(Kind::application, app_)));
  EXPECT_TRUE(p_.page({Kind::application, b_.id})->records.empty());
  EXPECT_EQ(p_.page({Kind::account, b_.id})->records.size(), 1U);
}

TEST_P(ProvisioningTest, EditsAreWholeAndRevisionsTellWhoWasFaster) {
  const auto rename = [](const char* name) {
    return [name](Record& r) {
      std::get<Application>(r).name = name;
      return std::optional<StoreFailure>();
    };
  };
  const auto first = p_.edit(ref(Kind::application, app_), 1, rename("x"), author_);
  ASSERT_TRUE(first) << first.error().detail;
  EXPECT_EQ(first->revision, 2);
  EXPECT_EQ(p_.edit(ref(Kind::application, app_), 1, rename("y"), author_).error().error,
            StoreError::outdated);
  EXPECT_EQ(p_.erase(ref(Kind::application, app_), 1, author_).error().error, StoreError::outdated);
  EXPECT_EQ(p_.edit(ref(Kind::application, app_), {}, rename(""), author_).error().field, "name");
  const auto found = p_.find(ref(Kind::application, app_)).value();
  EXPECT_EQ(found.revision, 2);
  EXPECT_EQ(std::get<Application>(found.record).name, "x");
  const auto version = store_->rules_version().value();
  EXPECT_TRUE(p_.erase(ref(Kind::application, app_), 2, author_));
  EXPECT_NE(store_->rules_version().value(), version);
}

TEST_P(ProvisioningTest, EveryKindCanBeEdited) {
  const auto edited = [&]<class T>(Kind kind, const T& record, auto change) {
    auto done = p_.edit(
        ref(kind, record), {},
        [&](Record& r) {
          change(std::get<T>(r));
          return std::optional<StoreFailure>();
        },
        author_);
    EXPECT_TRUE(done) << to_string(kind) << " " << done.error().field << " " << done.error().detail;
    return std::get<T>(p_.find(ref(kind, record)).value().record);
  };
  EXPECT_EQ(edited(Kind::account, a_, [&](Account& a) { a.outbound_application_id = app_.id; })
                .outbound_application_id,
            app_.id);
  const auto n = add(number("+1 555"));
  EXPECT_EQ(edited(Kind::number, n, [](Number& x) { x.did = "+1 556", x.ani = "+1*"; }).ani, "+1*");
  auto d = named<Domain>("one.example");
  d.account_id = a_.id, d.application_id = app_.id;
  d = add(d);
  EXPECT_EQ(edited(Kind::domain, d, [](Domain& x) { x.name = "TWO.example"; }).name, "two.example");
  auto t = named<Trunk>("t");
  t.account_id = a_.id, t.realm = "t.example", t.gateways = {{"a.example"}};
  t = add(t);
  const auto changed = edited(Kind::trunk, t, [&](Trunk& x) {
    x.application_id = app_.id, x.gateways = {{"b.example"}, {"c.example", 5070}}, x.priority = 7;
    x.max_calls_per_second = 2.5, x.trusted = true;
  });
  EXPECT_EQ(changed.gateways.size(), 2U);
  EXPECT_EQ(changed.gateways[1].port, 5070);
  EXPECT_EQ(changed.application_id, app_.id);
  EXPECT_DOUBLE_EQ(changed.max_calls_per_second, 2.5);
  Credential c;
  c.account_id = a_.id, c.domain_id = d.id, c.username = "bob", c.ha1_md5 = std::string(32, 'a'),
  c.ha1_sha256 = std::string(64, 'a');
  c = add(c);
  EXPECT_EQ(edited(Kind::credential, c, [](Credential& x) { x.ha1_md5 = std::string(32, 'b'); }).ha1_md5,
            std::string(32, 'b'));
  const auto fails = p_.edit(
      ref(Kind::domain, d), {},
      [](Record& r) {
        std::get<Domain>(r).name = "three.example";
        return std::optional<StoreFailure>();
      },
      author_);
  EXPECT_EQ(fails.error().error, StoreError::in_use);  // The hash of bob's password holds the name.
  ApiKey k;
  k.account_id = a_.id, k.name = "k", k.scopes = {Scope::provisioning_write};
  k = add(make_api_key(k).key);
  const auto key =
      edited(Kind::api_key, k, [](ApiKey& x) { x.scopes = {Scope::worker}, x.expires = at_ms(9); });
  EXPECT_EQ(key.scopes, std::vector{Scope::worker});
  EXPECT_EQ(key.expires, at_ms(9));
}

TEST_P(ProvisioningTest, PagesFollowEachOtherInAnyOrder) {
  for (int i = 0; i < 25; ++i) add(number("+1555" + std::to_string(100 + (i * 7) % 25)));
  for (const bool by_name : {false, true}) {
    for (const bool descending : {false, true}) {
      RecordQuery q{Kind::number, a_.id, 10};
      q.by_name = by_name, q.descending = descending;
      std::vector<std::string> seen;
      int pages = 0;
      do {
        const auto page = p_.page(q).value();
        for (const auto& r : page.records) seen.push_back(std::get<Number>(r).did);
        q.cursor = page.next;
        ++pages;
      } while (!q.cursor.empty());
      EXPECT_EQ(pages, 3);
      EXPECT_EQ(std::set(seen.begin(), seen.end()).size(), 25U);
      if (by_name && descending) std::ranges::reverse(seen);
      EXPECT_TRUE(!by_name || std::ranges::is_sorted(seen));
    }
  }
  RecordQuery q{Kind::number, a_.id, 10};
  for (const char* bad : {"x", "12", "a\nb", "12\n", "\nPN1", "99999999999999999999\nPN1"}) {
    q.cursor = bad;
    EXPECT_EQ(p_.page(q).error().field, "cursor") << bad;
  }
  q.cursor = "", q.name = "1-555-107";
  EXPECT_EQ(p_.page(q)->records.size(), 1U);
  q.name = "' OR 1=1 --";
  EXPECT_TRUE(p_.page(q)->records.empty());
  q.name = "", q.application_id = app_.id, q.limit = 200;
  EXPECT_EQ(p_.page(q)->records.size(), 25U);
  q.application_id = model::ApplicationId("APnone");
  EXPECT_TRUE(p_.page(q)->records.empty());
}

TEST_P(ProvisioningTest, TheLogSaysWhoDidWhat) {
  const auto n = add(number("1"));
  ASSERT_TRUE(store_->remove(n.id));  // From the shell.
  EXPECT_FALSE(p_.insert(number("nonsense"), author_));
  auto log = p_.audit(a_.id, 2, "").value();
  ASSERT_EQ(log.entries.size(), 2U);
  std::vector<std::string> lines;
  do {
    for (const auto& e : log.entries)
      lines.push_back(e.action + " " + e.kind + " " + e.key.str() + " " + e.address);
    if (log.next.empty()) break;
    log = p_.audit(a_.id, 2, log.next).value();
  } while (true);
  std::ranges::sort(lines);  // Within one millisecond the order is any.
  EXPECT_EQ(lines, (std::vector<std::string>{"created account AKtest 192.0.2.1:5",
                                             "created application AKtest 192.0.2.1:5",
                                             "created number AKtest 192.0.2.1:5", "deleted number  "}));
  EXPECT_EQ(p_.audit(b_.id, 50, "")->entries.size(), 1U);
  EXPECT_EQ(p_.audit(a_.id, 2, "x").error().field, "cursor");
}

INSTANTIATE_TEST_SUITE_P(Databases, ProvisioningTest, ::testing::Values("sqlite", "postgresql"),
                         [](const auto& test) { return std::string(test.param); });

}  // namespace
}  // namespace tandem::store
