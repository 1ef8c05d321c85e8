#include <gtest/gtest.h>

#include "store/sql/open_store.h"
#include "store/tests/postgres_server.h"
#include "store/tests/sample.h"
#include "store/tests/temporary_folder.h"

namespace tandem::store {
namespace {

/// Every test on both databases.
class SqlStoreTest : public ::testing::TestWithParam<const char*> {
 protected:
  SqlStoreTest()
      : url_(std::string(GetParam()) == "sqlite" ? "sqlite://" + folder_.file("a b=c.db")
                                                 : PostgresServer::shared().make_database()),
        store_(open()) {}
  std::unique_ptr<Store> open() {
    auto opened = open_store({url_, true});
    EXPECT_TRUE(opened) << (opened ? "" : opened.error().detail);
    return std::move(opened).value();
  }
  Account account(const std::string& name) {
    Account a;
    a.name = name;
    return store_->create(a).value();
  }
  Application application(const Account& owner, const std::string& name = "main") {
    Application a;
    a.account_id = owner.id, a.name = name, a.url = "ws://127.0.0.1:3000/";
    return store_->create(a).value();
  }
  Number number(const Application& app, const std::string& did) {
    Number n;
    n.account_id = app.account_id, n.application_id = app.id, n.did = did;
    return n;
  }

  TemporaryFolder folder_;
  std::string url_;
  std::unique_ptr<Store> store_;
};

TEST_P(SqlStoreTest, AccountsRoundTrip) {
  Account a;
  a.name = "Acme 'quoted' \"x\"; DROP TABLE accounts";
  a.max_concurrent_calls = 4'000'00, a.max_calls_per_second = 2.5, a.orphan_max_duration_ms = 1,
  a.max_call_duration_ms = 2000;
  const auto made = store_->create(a);
  ASSERT_TRUE(made) << made.error().detail;
  EXPECT_TRUE(model::AccountId::valid(made->id.str()));
  EXPECT_EQ(made->webhook_secret.size(), 64U);
  const auto list = store_->accounts().value();
  ASSERT_EQ(list.size(), 1U);
  EXPECT_EQ(list[0].name, a.name);
  EXPECT_EQ(list[0].webhook_secret, made->webhook_secret);
  EXPECT_EQ(list[0].max_concurrent_calls, 400'000U);
  EXPECT_DOUBLE_EQ(list[0].max_calls_per_second, 2.5);
  EXPECT_EQ(list[0].orphan_max_duration_ms, 1);
  EXPECT_EQ(list[0].max_call_duration_ms, 2000);
  EXPECT_EQ(list[0].created, made->created);
}

TEST_P(SqlStoreTest, AllKindsRoundTripAndFilterByAccount) {
  const auto a = account("A");
  const auto b = account("B");
  const auto app = application(a);
  const auto other = application(b);
  auto n = number(app, "+1 555");
  n.prefix = true, n.ani = "+1212*";
  const auto made = store_->create(n).value();
  ASSERT_TRUE(store_->create(number(other, "42")));
  Domain d;
  d.account_id = a.id, d.application_id = app.id, d.name = "ACME.example.";
  EXPECT_EQ(store_->create(d)->name, "acme.example");
  Trunk t;
  t.account_id = a.id, t.name = "carrier";
  t.addresses = {*model::IpBlock::parse("192.0.2.0/24"), *model::IpBlock::parse("2001:db8::/32")};
  ASSERT_TRUE(store_->create(t));

  const auto numbers = store_->numbers(a.id).value();
  ASSERT_EQ(numbers.size(), 1U);
  EXPECT_EQ(numbers[0].id, made.id);
  EXPECT_EQ(numbers[0].did, "+1 555");
  EXPECT_TRUE(numbers[0].prefix);
  EXPECT_EQ(numbers[0].ani, "+1212*");
  EXPECT_EQ(numbers[0].application_id, app.id);
  EXPECT_EQ(store_->numbers({})->size(), 2U);
  EXPECT_EQ(store_->applications(b.id)->at(0).id, other.id);
  EXPECT_EQ(store_->domains(a.id)->at(0).name, "acme.example");
  EXPECT_TRUE(store_->domains(b.id)->empty());
  const auto trunks = store_->trunks(a.id).value();
  ASSERT_EQ(trunks.size(), 1U);
  EXPECT_EQ(trunks[0].addresses, t.addresses);
  EXPECT_TRUE(trunks[0].application_id.empty());

  const auto rules = store_->rules().value();
  EXPECT_EQ(rules.accounts.size() + rules.applications.size() + rules.numbers.size() + rules.domains.size() +
                rules.trunks.size(),
            8U);
}

TEST_P(SqlStoreTest, ConflictsNameTheField) {
  const auto a = account("A");
  const auto b = account("B");
  Account twin;
  twin.name = "A";
  EXPECT_EQ(store_->create(twin).error().error, StoreError::conflict);
  EXPECT_EQ(store_->create(twin).error().field, "name");
  const auto app = application(a);
  const auto other = application(b);  // The same name under another account is fine.
  ASSERT_TRUE(store_->create(number(app, "+15550199")));
  const auto again = store_->create(number(app, "1-555-0199"));
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().error, StoreError::conflict);
  EXPECT_EQ(again.error().field, "did");
  EXPECT_TRUE(store_->create(number(other, "+15550199")));  // Two tenants may share a DID.
  auto by_caller = number(app, "+15550199");
  by_caller.ani = "+1212*";
  EXPECT_TRUE(store_->create(by_caller));
  Domain d;
  d.account_id = a.id, d.application_id = app.id, d.name = "acme.example";
  const auto first = store_->create(d).value();
  d.name = "Acme.Example";
  EXPECT_EQ(store_->create(d).error().field, "name");
  d.name = "b.example", d.id = first.id;
  EXPECT_EQ(store_->create(d).error().field, "id");
}

TEST_P(SqlStoreTest, OwnersMustExistAndMatch) {
  const auto a = account("A");
  const auto b = account("B");
  const auto app = application(a);
  auto n = number(app, "1");
  n.account_id = b.id;
  EXPECT_EQ(store_->create(n).error().error, StoreError::not_found);
  EXPECT_EQ(store_->create(n).error().field, "application_id");
  n.account_id = model::AccountId("ACnone");
  EXPECT_EQ(store_->create(n).error().field, "account_id");
  n = number(app, "not a number");
  EXPECT_EQ(store_->create(n).error().error, StoreError::invalid);
  EXPECT_TRUE(store_->numbers({})->empty());
}

TEST_P(SqlStoreTest, RemoveRefusesWhatIsInUse) {
  const auto a = account("A");
  const auto app = application(a);
  const auto n = store_->create(number(app, "1")).value();
  EXPECT_EQ(store_->remove(a.id).error().error, StoreError::in_use);
  const auto blocked = store_->remove(app.id);
  EXPECT_EQ(blocked.error().error, StoreError::in_use);
  EXPECT_EQ(blocked.error().detail, "1 of the numbers still refer to it: " + n.id.str());
  EXPECT_TRUE(store_->remove(n.id));
  EXPECT_EQ(store_->remove(n.id).error().error, StoreError::not_found);
  EXPECT_TRUE(store_->remove(app.id));
  EXPECT_TRUE(store_->remove(a.id));
  EXPECT_TRUE(store_->accounts()->empty());
}

TEST_P(SqlStoreTest, RulesVersionMovesWithEveryChangeSeenByOthers) {
  const auto other = open();
  const auto v0 = other->rules_version().value();
  const auto a = account("A");
  const auto v1 = other->rules_version().value();
  EXPECT_NE(v0, v1);
  Account twin;
  twin.name = "A";
  EXPECT_FALSE(store_->create(twin));
  EXPECT_EQ(other->rules_version().value(), v1);
  ASSERT_TRUE(store_->write_cdrs({sample_cdr("1")}));
  EXPECT_EQ(other->rules_version().value(), v1);
  ASSERT_TRUE(store_->remove(a.id));
  EXPECT_NE(other->rules_version().value(), v1);
}

TEST_P(SqlStoreTest, CdrsRoundTripNewestFirstAndOnce) {
  auto second = sample_cdr("2");
  second.started += std::chrono::seconds{1};
  second.account_id = model::AccountId("AC2");
  second.ringing.reset(), second.answered.reset();
  ASSERT_TRUE(store_->write_cdrs({sample_cdr("1"), second}));
  auto changed = sample_cdr("1");
  changed.from = "changed";
  ASSERT_TRUE(store_->write_cdrs({changed, sample_cdr("3")}));
  const auto all = store_->cdrs({})->cdrs;
  ASSERT_EQ(all.size(), 3U);
  expect_same(all[0], second);
  expect_same(all[1], sample_cdr("3"));
  expect_same(all[2], sample_cdr("1"));
  EXPECT_EQ(store_->cdrs({model::AccountId("AC2"), 50})->cdrs.size(), 1U);
  EXPECT_EQ(store_->cdrs({{}, 2})->cdrs.size(), 2U);
  EXPECT_TRUE(store_->cdrs({{}, 0})->cdrs.empty());
}

TEST_P(SqlStoreTest, OutboundSideOfAnAccountAndATrunkRoundTrips) {
  auto a = account("A");
  const auto app = application(a);
  a.outbound_application_id = app.id, a.max_outbound_calls_per_second = 0.5, a.intent_queue_size = 3;
  a.intent_expiry_ms = 5000, a.allowed_prefixes = {"49", "+1212"};
  EXPECT_EQ(store_->create(a).error().field, "outbound_application_id");
  ASSERT_TRUE(store_->update(a));
  const auto read = store_->accounts()->at(0);
  EXPECT_EQ(read.outbound_application_id, app.id);
  EXPECT_DOUBLE_EQ(read.max_outbound_calls_per_second, 0.5);
  EXPECT_EQ(read.intent_queue_size, 3U);
  EXPECT_EQ(read.intent_expiry_ms, 5000);
  EXPECT_EQ(read.allowed_prefixes, a.allowed_prefixes);
  EXPECT_EQ(read.webhook_secret, a.webhook_secret);
  a.outbound_application_id = application(account("B")).id;  // Another tenant's.
  EXPECT_EQ(store_->update(a).error().field, "outbound_application_id");
  EXPECT_EQ(store_->remove(app.id).error().error, StoreError::in_use);

  Trunk t;
  t.account_id = a.id, t.name = "carrier", t.realm = "Trunk.example", t.login = {"u", "secret", "r"};
  t.gateways = {{"sbc.example", 5070, model::SipTransport::tls, 1, 5, true},
                {"2001:db8::1", 0, model::SipTransport::udp, 2, 0, false}};
  t.registration = {true, "sip:reg.example:5080;transport=tcp", "sip:u@acme.example", "line1", 120};
  t.srtp = SrtpPolicy::offer, t.max_calls_per_second = 1.5, t.max_concurrent_calls = 9;
  t.outbound_format = {NumberStyle::national, "49", "0", "00", 1, "9"};
  t.inbound_format = {NumberStyle::e164_bare, "", "", "", 2, "+"};
  t.prefixes = {"49", "43"}, t.priority = 4, t.default_caller_id = "+4930";
  t.allowed_caller_ids = {"+4930*"}, t.trusted = true, t.first_response_timeout_ms = 700;
  t.ring_timeout_ms = 30'000;
  const auto made = store_->create(t);
  ASSERT_TRUE(made) << made.error().field << made.error().detail;
  const Trunk r = store_->rules()->trunks.at(0);
  EXPECT_EQ(r.realm, "trunk.example");
  EXPECT_EQ(r.gateways, t.gateways);
  EXPECT_EQ(r.login, t.login);
  EXPECT_EQ(r.registration, t.registration);
  EXPECT_EQ(r.srtp, t.srtp);
  EXPECT_DOUBLE_EQ(r.max_calls_per_second, 1.5);
  EXPECT_EQ(r.max_concurrent_calls, 9U);
  EXPECT_EQ(r.outbound_format, t.outbound_format);
  EXPECT_EQ(r.inbound_format, t.inbound_format);
  EXPECT_EQ(r.prefixes, t.prefixes);
  EXPECT_EQ(r.priority, 4U);
  EXPECT_EQ(r.default_caller_id, "+4930");
  EXPECT_EQ(r.allowed_caller_ids, t.allowed_caller_ids);
  EXPECT_TRUE(r.trusted);
  EXPECT_EQ(r.first_response_timeout_ms, 700U);
  EXPECT_EQ(r.ring_timeout_ms, 30'000U);
  ASSERT_TRUE(store_->remove(made->id));  // With its gateways.
  ASSERT_TRUE(store_->create(*made));
}

TEST_P(SqlStoreTest, CredentialsBelongToOneRealmOfTheirTenant) {
  const auto a = account("A");
  const auto b = account("B");
  Domain d;
  d.account_id = a.id, d.application_id = application(a).id, d.name = "acme.example";
  const auto domain = store_->create(d).value();
  Trunk t;
  t.account_id = b.id, t.name = "t", t.realm = "ACME.example";
  EXPECT_EQ(store_->create(t).error().field, "realm");  // Would answer for another tenant's domain.
  t.realm = "trunk.example";
  const auto trunk = store_->create(t).value();
  d.name = "trunk.example";
  EXPECT_EQ(store_->create(d).error().field, "name");
  t.name = "t2";
  EXPECT_EQ(store_->create(t).error().field, "realm");

  Credential c;
  c.account_id = a.id, c.domain_id = domain.id, c.username = "bob";
  c.ha1_md5 = std::string(32, 'a'), c.ha1_sha256 = std::string(64, 'b');
  const auto made = store_->create(c);
  ASSERT_TRUE(made) << made.error().detail;
  EXPECT_EQ(made->realm, "acme.example");
  EXPECT_EQ(store_->create(c).error().error, StoreError::conflict);
  c.account_id = b.id;
  EXPECT_EQ(store_->create(c).error().error, StoreError::not_found);
  c.trunk_id = trunk.id;
  EXPECT_EQ(store_->create(c).error().field, "domain_id");
  c.domain_id = {}, c.realm = "acme.example";
  EXPECT_EQ(store_->create(c).error().field, "realm");
  c.realm = "";
  ASSERT_TRUE(store_->create(c));
  EXPECT_EQ(store_->remove(trunk.id).error().error, StoreError::in_use);
  const auto list = store_->credentials(a.id).value();
  ASSERT_EQ(list.size(), 1U);
  EXPECT_EQ(list[0].id, made->id);
  EXPECT_EQ(list[0].ha1_sha256, c.ha1_sha256);
  EXPECT_EQ(store_->rules()->credentials.size(), 2U);
  EXPECT_TRUE(store_->remove(made->id));
}

TEST_P(SqlStoreTest, ApiKeysRoundTrip) {
  const auto a = account("A");
  ApiKey k;
  k.account_id = a.id, k.name = "ci", k.scopes = {Scope::worker, Scope::calls_write};
  k.expires = at_ms(5'000'000);
  const auto made = make_api_key(k);
  ASSERT_TRUE(store_->create(made.key));
  const auto version = store_->rules_version().value();
  ASSERT_TRUE(store_->touch({{made.key.id, at_ms(77)}, {model::ApiKeyId("AKgone"), at_ms(78)}}));
  EXPECT_EQ(store_->rules_version().value(), version);
  auto read = store_->api_keys(a.id)->at(0);
  EXPECT_EQ(read.secret_hash, made.key.secret_hash);
  EXPECT_EQ(read.scopes, k.scopes);
  EXPECT_EQ(read.expires, k.expires);
  EXPECT_EQ(read.last_used, at_ms(77));
  EXPECT_FALSE(read.revoked);
  ASSERT_TRUE(store_->revoke(made.key.id, at_ms(99)));
  ASSERT_TRUE(store_->revoke(made.key.id, at_ms(100)));
  EXPECT_EQ(store_->api_keys({})->at(0).revoked, at_ms(99));
  EXPECT_NE(store_->rules_version().value(), version);
  EXPECT_EQ(store_->revoke(model::ApiKeyId("AKgone"), at_ms(1)).error().error, StoreError::not_found);
  EXPECT_EQ(store_->remove(a.id).error().error, StoreError::in_use);
  ApiKey chief = made.key;
  chief.id = {}, chief.account_id = {};
  EXPECT_EQ(store_->create(chief).error().field, "account_id");
  chief.scopes = {Scope::admin};
  EXPECT_TRUE(store_->create(chief));
}

TEST_P(SqlStoreTest, QueuesRoundTripChangeAndAreRules) {
  const auto a = account("A"), b = account("B");
  Queue q;
  q.account_id = a.id, q.name = "support", q.max_size = 20, q.max_wait_ms = 60'000;
  q.overflow_action = model::QueueOverflow::queue, q.overflow_queue = "reserve";
  q.wait_urls = {"https://a.example/1.mp3", "file:///srv/2.wav"}, q.order = model::QueueOrdering::arrival;
  auto made = store_->create(q).value();
  EXPECT_TRUE(model::QueueId::valid(made.id.str()));
  EXPECT_EQ(store_->create(q).error().error, StoreError::conflict);
  q.account_id = b.id;
  EXPECT_TRUE(store_->create(q));
  const auto read = store_->queues(a.id)->at(0);
  EXPECT_EQ(read.id, made.id);
  EXPECT_EQ(read.max_size, 20U);
  EXPECT_EQ(read.max_wait_ms, 60'000);
  EXPECT_EQ(read.overflow_action, model::QueueOverflow::queue);
  EXPECT_EQ(read.overflow_queue, "reserve");
  EXPECT_EQ(read.wait_urls, made.wait_urls);
  EXPECT_EQ(read.order, model::QueueOrdering::arrival);
  EXPECT_EQ(store_->queues({})->size(), 2U);

  const RoutingTable table(store_->rules().value());
  ASSERT_NE(table.queue(a.id, "support"), nullptr);
  EXPECT_EQ(table.queue(a.id, "support")->id, made.id);
  EXPECT_EQ(table.queue(a.id, made.id)->name, "support");
  EXPECT_EQ(table.queue(b.id, made.id), nullptr);
  EXPECT_EQ(table.queue(a.id, "reserve"), nullptr);
  EXPECT_EQ(table.queues_of(a.id).size(), 1U);

  made.name = "sales", made.overflow_action = model::QueueOverflow::hangup, made.overflow_queue.clear();
  ASSERT_TRUE(store_->update(made));
  EXPECT_EQ(store_->queues(a.id)->at(0).name, "sales");
  made.account_id = b.id;  // Another's queue is not there.
  EXPECT_EQ(store_->update(made).error().error, StoreError::not_found);
  EXPECT_EQ(store_->remove(a.id).error().error, StoreError::in_use);
  EXPECT_TRUE(store_->remove(made.id));
  EXPECT_TRUE(store_->queues(a.id)->empty());
}

TEST_P(SqlStoreTest, AnAccountMayForbidQueuesOnFirstUse) {
  auto a = account("A");
  EXPECT_TRUE(store_->accounts()->at(0).queues_on_first_use);
  a.queues_on_first_use = false;
  ASSERT_TRUE(store_->update(a));
  EXPECT_FALSE(store_->accounts()->at(0).queues_on_first_use);
}

TEST_P(SqlStoreTest, CdrPagesFollowEachOtherWhateverIsAdded) {
  std::vector<Cdr> list;
  for (int i = 0; i < 25; ++i) {
    auto c = sample_cdr(std::to_string(100 + i));
    c.started = at_ms(1000 + i / 3);  // Three of the same time.
    list.push_back(c);
  }
  ASSERT_TRUE(store_->write_cdrs(list));
  CdrQuery query;
  query.account_id = model::AccountId("AC1"), query.limit = 10;
  std::vector<std::string> seen;
  for (int page = 0; page < 3; ++page) {
    const auto got = store_->cdrs(query).value();
    for (const auto& c : got.cdrs) seen.push_back(c.id.str());
    EXPECT_EQ(got.next.empty(), page == 2);
    query.cursor = got.next;
    auto newer = sample_cdr("9" + std::to_string(page));
    newer.started = at_ms(9000);
    ASSERT_TRUE(store_->write_cdrs({newer}));
  }
  ASSERT_EQ(seen.size(), 25U);
  for (int i = 0; i < 25; ++i) EXPECT_EQ(seen[static_cast<std::size_t>(i)], "CD" + std::to_string(124 - i));
  for (const char* bad : {"x", "12", "12.", "12.CD' OR 1=1", ".CD1", "99999999999999999999.CD1"}) {
    query.cursor = bad;
    EXPECT_EQ(store_->cdrs(query).error().field, "cursor") << bad;
  }
  query.cursor = "", query.limit = 28;
  EXPECT_TRUE(store_->cdrs(query)->next.empty());
}

TEST_P(SqlStoreTest, CdrFilters) {
  auto b = sample_cdr("2");
  b.from = "+1", b.to = "+2", b.direction = "outbound", b.session_id = model::SessionId("SE2");
  b.started = at_ms(5000), b.verdict.reason = model::EndReason::busy, b.call_id = model::CallId("CAb");
  b.account_id = model::AccountId("AC2");
  ASSERT_TRUE(store_->write_cdrs({sample_cdr("1"), b}));
  const auto count = [&](auto set) {
    CdrQuery query;
    set(query);
    return store_->cdrs(query)->cdrs.size();
  };
  EXPECT_EQ(count([](auto& q) { q.from = "+1"; }), 1U);
  EXPECT_EQ(count([](auto& q) { q.to = "+2", q.from = "+1"; }), 1U);
  EXPECT_EQ(count([](auto& q) { q.to = "+3", q.from = "+1"; }), 0U);
  EXPECT_EQ(count([](auto& q) { q.direction = "inbound"; }), 1U);
  EXPECT_EQ(count([](auto& q) { q.session_id = model::SessionId("SE2"); }), 1U);
  EXPECT_EQ(count([](auto& q) { q.reason = model::EndReason::busy; }), 1U);
  EXPECT_EQ(count([](auto& q) { q.started_from = at_ms(5000); }), 2U);
  EXPECT_EQ(count([](auto& q) { q.started_before = at_ms(5001); }), 1U);
  EXPECT_EQ(count([](auto& q) { q.started_before = at_ms(5000); }), 0U);
  EXPECT_EQ(store_->cdr({}, model::CallId("CAb"))->id, b.id);
  EXPECT_EQ(store_->cdr(b.account_id, model::CallId("CAb"))->id, b.id);
  EXPECT_EQ(store_->cdr(model::AccountId("AC1"), model::CallId("CAb")).error().error, StoreError::not_found);
}

TEST_P(SqlStoreTest, TextFromThePeerIsMadeUtf8) {
  auto c = sample_cdr("1");
  c.from = "a\xff" + std::string(1, '\0') + "b";
  ASSERT_TRUE(store_->write_cdrs({c}));
  EXPECT_EQ(store_->cdrs({})->cdrs.at(0).from,
            "a\xef\xbf\xbd\xef\xbf\xbd"
            "b");
}

INSTANTIATE_TEST_SUITE_P(Databases, SqlStoreTest, ::testing::Values("sqlite", "postgresql"),
                         [](const auto& test) { return std::string(test.param); });

}  // namespace
}  // namespace tandem::store
