#include "cluster/single/single_location.h"

#include <gtest/gtest.h>

namespace tandem::cluster {
namespace {

using std::chrono::seconds;

const WallTime kNow{seconds{1'767'225'600}};

EndpointContact contact(const std::string& uri, const std::string& source,
                        const std::string& transport = "udp") {
  EndpointContact c;
  c.uri = uri;
  c.source = *model::SocketAddress::parse(source);
  c.transport = transport;
  c.expires = kNow + seconds(60);
  c.registered = c.refreshed = kNow;
  return c;
}

Endpoint endpoint(const std::string& user, const std::string& account = "ACa") {
  Endpoint e;
  e.id = endpoint_id(user, "acme.example");
  e.account_id = model::AccountId(account);
  e.user = user;
  e.domain = "acme.example";
  e.contacts = {contact("sip:" + user + "@192.0.2.1", "192.0.2.1:5060")};
  return e;
}

TEST(Location, KeepsFindsReplacesAndForgets) {
  SingleLocation all;
  all.put(endpoint("alice"));
  EXPECT_EQ(all.find("alice", "acme.example")->user, "alice");
  EXPECT_EQ(all.find("Alice", "acme.example"), nullptr) << "user parts are told apart by case";
  EXPECT_TRUE(model::EndpointId::valid(all.find("alice", "acme.example")->id.str()));
  all.put(endpoint("alice", "ACb"));
  EXPECT_EQ(all.size(), 1U);
  EXPECT_TRUE(all.list(model::AccountId("ACa"), "", 10).endpoints.empty()) << "moved to another account";
  EXPECT_EQ(all.list(model::AccountId("ACb"), "", 10).endpoints.size(), 1U);
  all.remove(endpoint_id("alice", "acme.example"));
  all.remove(endpoint_id("alice", "acme.example"));
  EXPECT_EQ(all.size(), 0U);
}

TEST(Location, PagesThroughAnAccountWhileItChanges) {
  SingleLocation all;
  for (int i = 0; i < 25; ++i) all.put(endpoint("user" + std::to_string(i)));
  all.put(endpoint("other", "ACb"));
  std::size_t seen = 0;
  std::string cursor;
  int pages = 0;
  do {
    const EndpointPage page = all.list(model::AccountId("ACa"), cursor, 10);
    seen += page.endpoints.size();
    cursor = page.next_cursor;
    // The endpoint that the cursor names may go meanwhile.
    if (!cursor.empty()) all.remove(model::EndpointId(cursor));
    ++pages;
  } while (!cursor.empty());
  EXPECT_EQ(seen, 25U);
  EXPECT_EQ(pages, 3);
}

TEST(Location, ReachesPhonesWhereTheyRegisteredFrom) {
  EXPECT_EQ(target_of(contact("sip:a@192.0.2.1:5070", "192.0.2.1:5060")).next_hop, "") << "its own port";
  EXPECT_EQ(target_of(contact("sip:a@10.0.0.7:5060", "192.0.2.1:31000")).next_hop,
            "sip:192.0.2.1:31000;transport=udp");
  EXPECT_EQ(target_of(contact("sip:a@victim.example", "192.0.2.1:31000")).next_hop,
            "sip:192.0.2.1:31000;transport=udp");
  EXPECT_EQ(target_of(contact("sip:a@[2001:db8::1]:5066", "[2001:db8::1]:5060")).next_hop, "");
  EXPECT_EQ(target_of(contact("sip:a@192.0.2.1:5060;transport=tls", "192.0.2.1:31000", "tls")).next_hop,
            "sip:192.0.2.1:31000;transport=tls");
  EndpointContact behind = contact("sip:a@10.0.0.7", "192.0.2.9:5060");
  behind.path = {"sip:edge.example;lr"};
  EXPECT_EQ(target_of(behind).next_hop, "sip:192.0.2.9:5060;transport=udp");
  EXPECT_EQ(target_of(behind).route, behind.path);
  behind.path = {"sip:192.0.2.9:5080;transport=tcp;lr"};
  EXPECT_EQ(target_of(behind).next_hop, "");
}

TEST(Location, OrdersTargetsByPreference) {
  Endpoint e = endpoint("alice");
  e.contacts.clear();
  const auto add = [&](const std::string& name, std::uint16_t q, int age_s,
                       const std::string& instance = "") {
    EndpointContact c = contact("sip:" + name + "@192.0.2.1", "192.0.2.1:5060");
    c.q_milli = q;
    c.refreshed = kNow - seconds(age_s);
    c.instance = instance;
    e.contacts.push_back(c);
  };
  add("low", 100, 0);
  add("old", 1000, 20);
  add("new", 1000, 10);
  add("flow1", 500, 30, "<urn:uuid:1>");
  add("flow2", 500, 5, "<urn:uuid:1>");
  const auto names = [&] {
    std::string out;
    for (const auto& t : targets_of(e)) out += t.uri.substr(4, t.uri.find('@') - 4) + " ";
    return out;
  };
  EXPECT_EQ(names(), "new old flow2 low ");
  e.contacts[4].reachable = false;
  e.contacts[2].reachable = false;
  EXPECT_EQ(names(), "old flow1 low ");
  for (auto& c : e.contacts) c.reachable = false;
  EXPECT_EQ(names(), "new old flow2 low ") << "better a doubtful phone than none";
}

}  // namespace
}  // namespace tandem::cluster
