// Calls and the other lists: what is in them, filters, pages.
#include "rest/tests/fixture.h"

namespace tandem::rest::test {
namespace {

using testing::Test;
using Ids = std::vector<std::string>;

class CallsTest : public DoorTest {
 protected:
  Answer list(const std::string& query) { return get(std::string(kCalls) + "?" + query); }
  /// All pages, one after the other.
  Ids walk(const std::string& query) {
    Ids all;
    std::string cursor;
    for (int n = 0; n < 20; ++n) {
      const Answer page = list(query + (cursor.empty() ? "" : "&cursor=" + cursor));
      EXPECT_EQ(page.status(), 200);
      for (auto& id : ids(page)) all.push_back(std::move(id));
      cursor = page.text("next_cursor");
      if (cursor.empty()) return all;
    }
    ADD_FAILURE() << "there is no last page";
    return all;
  }
};

TEST_F(CallsTest, LiveOnesComeFirstThenThoseThatAreOver) {
  core_.all_calls = {live("CA1", 1), live("CA3", 3), live("CA2", 2)};
  history_.cdrs = {ended("CA9"), ended("CA8"), ended("CA7")};
  EXPECT_EQ(ids(get(kCalls)), (Ids{"CA3", "CA2", "CA1", "CA9", "CA8", "CA7"}));
  for (int limit = 1; limit <= 7; ++limit) {
    EXPECT_EQ(walk("limit=" + std::to_string(limit)), (Ids{"CA3", "CA2", "CA1", "CA9", "CA8", "CA7"}))
        << limit;
  }
}

TEST_F(CallsTest, CallsOfOneInstantAreAllSeen) {
  core_.all_calls = {live("CA1", 1), live("CA2", 1), live("CA3", 1)};
  EXPECT_EQ(walk("limit=1"), (Ids{"CA3", "CA2", "CA1"}));
}

TEST_F(CallsTest, ACallWhoseRecordIsBeingWrittenIsSeenOnce) {
  core_.all_calls = {live("CA1", 1, model::CallState::ended), live("CA2", 2)};
  EXPECT_EQ(ids(get(kCalls)), (Ids{"CA2", "CA1"}));
  history_.cdrs = {ended("CA1"), ended("CA0")};
  EXPECT_EQ(ids(get(kCalls)), (Ids{"CA2", "CA1", "CA0"}));
  EXPECT_EQ(ids(list("status=ended")), (Ids{"CA1", "CA0"}));
  EXPECT_EQ(ids(list("status=live")), (Ids{"CA2"}));
}

TEST_F(CallsTest, FiltersHoldForBothParts) {
  core_.all_calls = {live("CA1", 1), live("CA2", 2, model::CallState::ringing)};
  core_.all_calls[1].call.direction = model::CallDirection::outbound;
  core_.all_calls[1].call.from = "sip:bob@acme.example";
  core_.all_calls[1].session_id = model::SessionId("SE2");
  EXPECT_EQ(ids(list("status=ringing")), (Ids{"CA2"}));
  EXPECT_TRUE(history_.queries.empty());  // Records are of calls that have ended.
  EXPECT_EQ(ids(list("direction=inbound")), (Ids{"CA1"}));
  EXPECT_EQ(ids(list("from=+15550100")), (Ids{"CA1"}));
  EXPECT_EQ(ids(list("from=%2B15550100&to=+15550199")), (Ids{"CA1"}));
  EXPECT_EQ(ids(list("from=sip:bob@acme.example")), (Ids{"CA2"}));
  EXPECT_EQ(ids(list("session_id=SE2")), (Ids{"CA2"}));
  EXPECT_EQ(ids(list("started_after=2026-01-01T00:00:02Z")), (Ids{"CA2"}));
  EXPECT_EQ(ids(list("started_before=2026-01-01T01:00:02.000%2B01:00")), (Ids{"CA1"}));
  const HistoryQuery& last = history_.queries.back();
  EXPECT_EQ(last.account, kAccount);
  EXPECT_EQ(last.started_before, WallTime(std::chrono::seconds(1'767'225'602)));
  EXPECT_EQ(last.limit, 49U);
}

TEST_F(CallsTest, FiltersThatAreWrongAreNamed) {
  for (const char* query :
       {"status=gone", "direction=up", "session_id=CA1", "started_after=yesterday",
        "started_before=2026-02-30T00:00:00Z", "limit=0", "limit=201", "limit=-1", "limit=1.5",
        "limit=99999999999999999999", "cursor=zz", "cursor=4c0", "cursor=ff"}) {
    const std::string name = std::string(query).substr(0, std::string(query).find('='));
    EXPECT_EQ(list(query).problem(), "400 invalid_params " + name) << query;
  }
  EXPECT_EQ(list("from=" + std::string(257, '1')).problem(), "400 invalid_params from");
}

TEST_F(CallsTest, ACursorBelongsToItsFilters) {
  history_.cdrs = {ended("CA9"), ended("CA8")};
  const std::string cursor = list("limit=1").text("next_cursor");
  ASSERT_FALSE(cursor.empty());
  EXPECT_EQ(list("status=answered&cursor=" + cursor).problem(), "400 invalid_params cursor");
  history_.fault = HistoryFault::bad_cursor;
  EXPECT_EQ(list("cursor=" + cursor).problem(), "400 invalid_params cursor");
}

TEST_F(CallsTest, RecordsThatCannotBeReadAreSaidToBe) {
  history_.fault = HistoryFault::unavailable;
  core_.all_calls = {live("CA1", 1)};
  EXPECT_EQ(get(kCalls).problem(), "503 no_capacity");
  EXPECT_EQ(ids(list("status=live")), (Ids{"CA1"}));
  EXPECT_EQ(get("/v1/Accounts/AC1/Calls/CA1").status(), 200);
  EXPECT_EQ(get("/v1/Accounts/AC1/Calls/CA2").problem(), "503 no_capacity");
}

TEST_F(CallsTest, OneCall) {
  core_.all_calls = {live("CA1", 1), live("CA2", 2, model::CallState::ended)};
  const Answer first = get("/v1/Accounts/AC1/Calls/CA1");
  EXPECT_EQ(first.text("status"), "answered");
  EXPECT_EQ(first.text("created_at"), "2026-01-01T00:00:01.000Z");
  EXPECT_EQ(get("/v1/Accounts/AC1/Calls/CA2").text("cdr"), "");
  history_.cdrs = {ended("CA2")};
  const Answer second = get("/v1/Accounts/AC1/Calls/CA2");
  EXPECT_EQ(second.text("status"), "ended");
  EXPECT_NE(second.text("cdr"), "");
  EXPECT_EQ(second.text("live"), "");
  EXPECT_EQ(get("/v1/Accounts/AC1/Calls/CA3").problem(), "404 call_not_found");
}

TEST_F(CallsTest, Sessions) {
  for (int i = 1; i <= 3; ++i) {
    model::LiveSession session;
    session.id = model::SessionId("SE" + std::to_string(i));
    session.application_id = kApplication;
    session.created_at = WallTime(std::chrono::seconds(i));
    session.call_ids = {kCall};
    core_.all_sessions.push_back(session);
  }
  const Answer page = get("/v1/Accounts/AC1/Sessions?limit=2");
  EXPECT_EQ(ids(page), (Ids{"SE3", "SE2"}));
  EXPECT_EQ(ids(get("/v1/Accounts/AC1/Sessions?limit=2&cursor=" + page.text("next_cursor"))), (Ids{"SE1"}));
}

TEST_F(CallsTest, Endpoints) {
  for (int i = 1; i <= 3; ++i) {
    cluster::Endpoint e;
    e.id = model::EndpointId("EP" + std::to_string(i));
    e.account_id = i == 3 ? model::AccountId("AC2") : kAccount;
    e.domain_id = model::DomainId("DO1");
    e.user = "alice";
    e.domain = "acme.example";
    cluster::EndpointContact contact;
    contact.uri = "sip:alice@192.0.2.1";
    contact.transport = "tls";
    contact.source = *model::SocketAddress::parse("192.0.2.1:5061");
    contact.q_milli = 700;
    contact.reachable = i == 1;
    e.contacts.push_back(contact);
    locations_.endpoints.push_back(e);
  }
  const Answer page = get("/v1/Accounts/AC1/Endpoints?limit=1");
  EXPECT_EQ(ids(page), (Ids{"EP1"}));
  const auto body = page.json();
  const auto& first = body.at("items").as_array()[0];
  EXPECT_EQ(first.at("address"), "alice@acme.example");
  EXPECT_EQ(first.at("state"), "registered");
  EXPECT_EQ(first.at("contacts").as_array()[0].at("q"), 0.7);
  EXPECT_EQ(first.at("contacts").as_array()[0].at("transport"), "tls");
  const Answer next = get("/v1/Accounts/AC1/Endpoints?limit=1&cursor=" + page.text("next_cursor"));
  EXPECT_EQ(ids(next), (Ids{"EP2"}));
  EXPECT_EQ(next.json().at("items").as_array()[0].at("state"), "unreachable");
  EXPECT_EQ(next.text("next_cursor"), "");
}

}  // namespace
}  // namespace tandem::rest::test
