#include "registrar/bindings.h"

#include <gtest/gtest.h>

namespace tandem::registrar {
namespace {

using std::chrono::seconds;

const WallTime kNow{seconds{1'767'225'600}};

class BindingsTest : public testing::Test {
 protected:
  sip::RegisterRequest request(std::vector<sip::RegisterContact> contacts,
                               const std::string& call_id = "c1") {
    sip::RegisterRequest r;
    r.user = "alice";
    r.domain = "acme.example";
    r.sip_call_id = call_id;
    r.cseq = ++cseq_;
    r.contacts = std::move(contacts);
    r.source = *model::SocketAddress::parse("192.0.2.1:5060");
    r.received = now_;
    return r;
  }
  static sip::RegisterContact contact(const std::string& uri, std::optional<std::uint32_t> expires = {},
                                      std::uint16_t q = 1000, const std::string& instance = "",
                                      std::uint32_t reg_id = 0) {
    return {uri, q, expires, instance, reg_id};
  }
  int apply(const sip::RegisterRequest& r) {
    last_ = apply_register(bound_, r, policy_);
    bound_ = last_.contacts;
    return last_.reply.sip_code;
  }
  std::string bound() const {
    std::string out;
    for (const auto& c : bound_) out += c.uri.substr(4, c.uri.find('@') - 4) + " ";
    return out;
  }
  std::string changes() const {
    std::string out;
    for (const auto& c : last_.changes) {
      out += c.contact.uri.substr(4, c.contact.uri.find('@') - 4) + ":";
      out += c.change == EndpointChange::registered ? "in " : std::string(to_string(c.reason)) + " ";
    }
    return out;
  }

  WallTime now_ = kNow;
  std::uint32_t cseq_ = 0;
  BindingPolicy policy_;
  std::vector<cluster::EndpointContact> bound_;
  RegisterOutcome last_;
};

TEST_F(BindingsTest, SeveralContactsByPreference) {
  EXPECT_EQ(apply(request({contact("sip:desk@192.0.2.1", 600, 300), contact("sip:cell@192.0.2.2", {}, 900)})),
            200);
  EXPECT_EQ(bound(), "cell desk ");
  EXPECT_EQ(changes(), "desk:in cell:in ");
  ASSERT_EQ(last_.reply.contacts.size(), 2U);
  EXPECT_EQ(last_.reply.contacts[0].q_milli, 900);
  EXPECT_EQ(last_.reply.contacts[0].expires_s, 3600U) << "the default";
  EXPECT_EQ(last_.reply.contacts[1].expires_s, 600U);
  EXPECT_EQ(last_.reply.keep_flow_s, 3600U);

  now_ += seconds(100);
  EXPECT_EQ(apply(request({})), 200) << "asking only";
  EXPECT_EQ(last_.reply.contacts[1].expires_s, 500U);
  EXPECT_EQ(changes(), "");
}

TEST_F(BindingsTest, ExpiresFromParameterHeaderDefaultAndLimits) {
  auto r = request(
      {contact("sip:a@192.0.2.1", 100), contact("sip:b@192.0.2.1"), contact("sip:c@192.0.2.1", 99'999)});
  r.expires_s = 200;
  EXPECT_EQ(apply(r), 200);
  EXPECT_EQ(last_.reply.contacts[0].expires_s, 100U);
  EXPECT_EQ(last_.reply.contacts[1].expires_s, 200U);
  EXPECT_EQ(last_.reply.contacts[2].expires_s, 7200U);

  EXPECT_EQ(apply(request({contact("sip:d@192.0.2.1", 300), contact("sip:e@192.0.2.1", 59)})), 423);
  EXPECT_EQ(last_.reply.min_expires_s, 60U);
  EXPECT_EQ(bound(), "a b c ") << "all or nothing";
  EXPECT_EQ(apply(request({contact("sip:a@192.0.2.1", 0)})), 200);
  EXPECT_EQ(changes(), "a:removed ");
  EXPECT_EQ(apply(request({contact("sip:never@192.0.2.1", 0)})), 200) << "nothing to remove";
  EXPECT_EQ(bound(), "b c ");
}

TEST_F(BindingsTest, Wildcard) {
  EXPECT_EQ(apply(request({contact("sip:a@192.0.2.1"), contact("sip:b@192.0.2.1")})), 200);
  auto all = request({});
  all.wildcard = true;
  EXPECT_EQ(apply(all), 400) << "needs Expires 0";
  all.expires_s = 10;
  EXPECT_EQ(apply(all), 400);
  all.expires_s = 0;
  all.contacts = {contact("sip:c@192.0.2.1")};
  EXPECT_EQ(apply(all), 400) << "alone";
  all.contacts.clear();
  EXPECT_EQ(apply(all), 200);
  EXPECT_EQ(changes(), "a:removed b:removed ");
  EXPECT_TRUE(bound_.empty());
}

TEST_F(BindingsTest, OrderWithinACallId) {
  const auto first = request({contact("sip:a@192.0.2.1", 600)});
  const auto second = request({contact("sip:a@192.0.2.1", 0)});
  EXPECT_EQ(apply(request({contact("sip:a@192.0.2.1", 600)})), 200);
  EXPECT_EQ(apply(first), 500) << "delayed on the way";
  EXPECT_EQ(apply(second), 500);
  auto wildcard = second;
  wildcard.contacts.clear();
  wildcard.wildcard = true;
  wildcard.expires_s = 0;
  EXPECT_EQ(apply(wildcard), 500);
  EXPECT_EQ(bound(), "a ");
  auto rebooted = request({contact("sip:a@192.0.2.1", 700)}, "c2");
  rebooted.cseq = 1;
  EXPECT_EQ(apply(rebooted), 200) << "another Call-ID starts anew";
  EXPECT_EQ(changes(), "");
  EXPECT_EQ(apply(request({contact("sip:twice@192.0.2.1"), contact("sip:twice@192.0.2.1", 70)})), 200);
  EXPECT_EQ(bound(), "a twice ");
}

TEST_F(BindingsTest, LimitsContacts) {
  policy_.max_contacts = 2;
  EXPECT_EQ(
      apply(request({contact("sip:a@192.0.2.1"), contact("sip:b@192.0.2.1"), contact("sip:c@192.0.2.1")})),
      403);
  EXPECT_EQ(bound(), "");
  EXPECT_EQ(apply(request({contact("sip:a@192.0.2.1"), contact("sip:b@192.0.2.1")})), 200);
  EXPECT_EQ(apply(request({contact("sip:c@192.0.2.1")})), 403);
  EXPECT_EQ(apply(request({contact("sip:a@192.0.2.1")})), 200) << "refreshing is no new one";
  EXPECT_EQ(apply(request({contact("sip:a@192.0.2.1", 0), contact("sip:c@192.0.2.1")})), 200);
  EXPECT_EQ(apply(request({contact("sip:" + std::string(600, 'x') + "@192.0.2.1")})), 400);
}

TEST_F(BindingsTest, SameInstanceReplaces) {
  EXPECT_EQ(apply(request({contact("sip:old@192.0.2.1", {}, 1000, "<urn:uuid:1>", 1)})), 200);
  auto moved = request({contact("sip:new@192.0.2.9", {}, 1000, "<urn:uuid:1>", 1)}, "after-reboot");
  moved.supports_outbound = true;
  EXPECT_EQ(apply(moved), 200);
  EXPECT_EQ(changes(), "old:replaced new:in ");
  EXPECT_TRUE(last_.reply.outbound);
  EXPECT_EQ(apply(request({contact("sip:new@192.0.2.9", {}, 1000, "<urn:uuid:1>", 2)})), 200);
  EXPECT_EQ(bound(), "new new ") << "a second flow of the same phone";
  EXPECT_EQ(apply(request({contact("sip:other@192.0.2.1", {}, 1000, "<urn:uuid:2>", 1)})), 200);
  EXPECT_EQ(bound_.size(), 3U);
  EXPECT_EQ(apply(request({contact("sip:plain@192.0.2.1", {}, 1000, "<urn:uuid:3>")})), 200);
  EXPECT_EQ(apply(request({contact("sip:plain2@192.0.2.1", {}, 1000, "<urn:uuid:3>")})), 200);
  EXPECT_EQ(changes(), "plain:replaced plain2:in ") << "without reg-id too";
}

TEST_F(BindingsTest, PathAndFlowGoWithTheBinding) {
  auto r = request({contact("sip:a@10.0.0.1")});
  r.path = {"sip:edge.example;lr"};
  r.supports_path = true;
  r.transport = sip::Transport::tcp;
  r.user_agent = "Phone/1";
  EXPECT_EQ(apply(r), 200);
  EXPECT_EQ(bound_[0].path, r.path);
  EXPECT_EQ(bound_[0].transport, "tcp");
  EXPECT_EQ(bound_[0].user_agent, "Phone/1");
  EXPECT_EQ(last_.reply.path, r.path);
  auto elsewhere = request({contact("sip:b@10.0.0.2", 60)});
  elsewhere.source = *model::SocketAddress::parse("192.0.2.2:5060");
  EXPECT_EQ(apply(elsewhere), 200);
  EXPECT_EQ(last_.reply.keep_flow_s, 60U) << "its own connection only";
  EXPECT_TRUE(last_.reply.path.empty());
}

TEST_F(BindingsTest, TakesOutTheExpired) {
  EXPECT_EQ(apply(request({contact("sip:a@192.0.2.1", 60), contact("sip:b@192.0.2.1", 120)})), 200);
  EXPECT_TRUE(take_expired(bound_, kNow + seconds(59)).empty());
  const auto gone = take_expired(bound_, kNow + seconds(60));
  ASSERT_EQ(gone.size(), 1U);
  EXPECT_EQ(gone[0].uri, "sip:a@192.0.2.1");
  EXPECT_EQ(bound(), "b ");
}

TEST(SameUri, AsFarAsItMatters) {
  EXPECT_TRUE(
      same_uri("sip:a@HOST.example:5060;transport=TCP;ob", "SIP:a@host.example:5060;ob;transport=tcp"));
  EXPECT_FALSE(same_uri("sip:a@host", "sip:A@host"));
  EXPECT_FALSE(same_uri("sip:a@host", "sips:a@host"));
  EXPECT_FALSE(same_uri("sip:a@host", "sip:a@host:5060"));
  EXPECT_FALSE(same_uri("sip:a@host;x=1", "sip:a@host"));
}

}  // namespace
}  // namespace tandem::registrar
