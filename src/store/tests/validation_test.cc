#include "store/validation/validation.h"

#include <gtest/gtest.h>

#include <functional>

#include "store/validation/utf8.h"

namespace tandem::store {
namespace {

TEST(Validation, Urls) {
  for (const char* good : {"ws://127.0.0.1:3000/voice", "wss://app.example/voice?x=1&y=%20",
                           "https://[2001:db8::1]:8443/", "HTTP://localhost", "wss://a-b.example"}) {
    EXPECT_EQ(url_problem(good), "") << good;
  }
  const std::string long_url = "ws://a/" + std::string(2048, 'x');
  for (const std::string& bad : {std::string(),
                                 std::string("app.example"),
                                 std::string("ftp://a/"),
                                 std::string("ws:///x"),
                                 std::string("ws://"),
                                 std::string("ws://a b/"),
                                 std::string("ws://a/\r\nX: y"),
                                 std::string("ws://user:pw@a/"),
                                 std::string("ws://a/#f"),
                                 std::string("ws://a:0/"),
                                 std::string("ws://a:65536/"),
                                 std::string("ws://a:/"),
                                 std::string("ws://a:8x/"),
                                 std::string("ws://[::1/"),
                                 std::string("ws://[::1]x/"),
                                 std::string("ws://-a/"),
                                 std::string("ws://a..b/"),
                                 std::string("ws://a/%zz"),
                                 std::string("ws://a/%2"),
                                 std::string("ws://1.2.3.4.5/"),
                                 std::string("ws://\xc3\xa4/"),
                                 std::string("ws://a/\0b", 9),
                                 std::string("javascript://a"),
                                 std::string("ws://a/<b>"),
                                 long_url}) {
    EXPECT_NE(url_problem(bad), "") << bad;
  }
}

TEST(Validation, Domains) {
  for (const char* good :
       {"acme.example", "a", "sip_1.acme.example.", "192.0.2.1", "xn--bcher-kva.example", "::1"}) {
    EXPECT_EQ(domain_problem(good), "") << good;
  }
  for (const std::string& bad :
       {std::string(), std::string("."), std::string("a..b"), std::string(".a"), std::string("a b"),
        std::string("-a.b"), std::string(64, 'a'), std::string("a\nb"), std::string("300.1.1.1"),
        "a." + std::string(252, 'b')}) {
    EXPECT_NE(domain_problem(bad), "") << bad;
  }
}

TEST(Validation, NamesAreUtf8WithoutControls) {
  Account a;
  a.name = "Müller & Söhne \xf0\x9f\x98\x80";
  EXPECT_FALSE(check(a));
  std::string two_hundred;
  for (int i = 0; i < 200; ++i) two_hundred += "ü";
  a.name = two_hundred;
  EXPECT_FALSE(check(a));
  for (const std::string& bad :
       {std::string(), two_hundred + "x", std::string("a\nb"), std::string("\xff"),
        std::string("\xed\xa0\x80"), std::string("\xc0\x80"), std::string("a\x7f")}) {
    a.name = bad;
    ASSERT_TRUE(check(a)) << bad;
    EXPECT_EQ(check(a)->field, "name");
    EXPECT_EQ(check(a)->error, StoreError::invalid);
  }
}

TEST(Validation, AccountBounds) {
  const auto field = [](auto change) {
    Account a;
    a.name = "x";
    change(a);
    const auto f = check(a);
    return f ? f->field : "";
  };
  EXPECT_EQ(field([](Account&) {}), "");
  EXPECT_EQ(field([](Account& a) { a.webhook_secret = "short"; }), "webhook_secret");
  EXPECT_EQ(field([](Account& a) { a.webhook_secret = std::string(257, 'a'); }), "webhook_secret");
  EXPECT_EQ(field([](Account& a) { a.orphan_max_duration_ms = -1; }), "orphan_max_duration_ms");
  EXPECT_EQ(field([](Account& a) { a.max_call_duration_ms = 0; }), "max_call_duration_ms");
  EXPECT_EQ(field([](Account& a) { a.max_calls_per_second = -1; }), "max_calls_per_second");
  EXPECT_EQ(field([](Account& a) { a.id = model::AccountId("XX1"); }), "id");
}

TEST(Validation, NumbersAndTrunks) {
  Number n;
  n.account_id = model::AccountId("AC1");
  n.application_id = model::ApplicationId("AP1");
  const auto field = [&](const char* did, const char* ani) {
    n.did = did, n.ani = ani;
    const auto f = check(n);
    return f ? f->field : "";
  };
  EXPECT_EQ(field("+1 555", ""), "");
  EXPECT_EQ(field("+1555", "+1212*"), "");
  EXPECT_EQ(field("", ""), "did");
  EXPECT_EQ(field("bob", ""), "did");
  EXPECT_EQ(field("+1;x=1", ""), "did");
  EXPECT_EQ(field("1", "*"), "ani");
  EXPECT_EQ(field("1", "12*3"), "ani");
  EXPECT_EQ(field("1", "bob"), "ani");

  Trunk t;
  t.account_id = model::AccountId("AC1");
  t.name = "carrier";
  EXPECT_EQ(check(t)->field, "addresses");
  t.addresses.assign(65, *model::IpBlock::parse("192.0.2.1"));
  EXPECT_EQ(check(t)->field, "addresses");
  t.addresses.resize(1);
  EXPECT_FALSE(check(t));
}

TEST(Validation, TrunksThatDialOut) {
  const auto field = [](auto change) {
    Trunk t;
    t.account_id = model::AccountId("AC1"), t.name = "carrier";
    t.gateways.emplace_back().host = "sbc.example";
    change(t);
    const auto f = check(t);
    return f ? f->field : "";
  };
  const auto registered = [&](const char* registrar, const char* address, const char* contact) {
    return field([&](Trunk& t) {
      t.login.username = "u", t.registration = {true, registrar, address, contact, 600};
    });
  };
  EXPECT_EQ(field([](Trunk&) {}), "");
  EXPECT_EQ(field([](Trunk& t) { t.gateways[0].host = "a b"; }), "gateways");
  EXPECT_EQ(field([](Trunk& t) { t.gateways[0].host = "2001:db8::1"; }), "");
  EXPECT_EQ(field([](Trunk& t) { t.gateways.resize(17, t.gateways[0]); }), "gateways");
  EXPECT_EQ(field([](Trunk& t) { t.gateways[0].weight = 65'536; }), "gateways");
  EXPECT_EQ(field([](Trunk& t) { t.realm = "a\"b"; }), "realm");
  EXPECT_EQ(field([](Trunk& t) { t.login.password = "x"; }), "login_username");
  EXPECT_EQ(field([](Trunk& t) { t.login.username = "a\r\nb"; }), "login_username");
  EXPECT_EQ(registered("sip:reg.example:5080;transport=tls", "", ""), "");
  EXPECT_EQ(registered("sip:[2001:db8::1]:5080", "sip:+49@acme.example", "line1"), "");
  EXPECT_EQ(registered("sip:u@reg.example", "", ""), "registrar_uri");
  EXPECT_EQ(registered("reg.example", "", ""), "registrar_uri");
  EXPECT_EQ(registered("sip:reg.example;x=y", "", ""), "registrar_uri");
  EXPECT_EQ(registered("sip:reg.example:99999", "", ""), "registrar_uri");
  EXPECT_EQ(registered("sip:reg.example\r\nX: y", "", ""), "registrar_uri");
  EXPECT_EQ(registered("sip:reg.example", "sip:acme.example", ""), "address_uri");
  EXPECT_EQ(registered("sip:reg.example", "", "a@b"), "contact_user");
  EXPECT_EQ(field([](Trunk& t) { t.registration = {true, "sip:r", "", "", 600}; }), "address_uri");
  EXPECT_EQ(field([](Trunk& t) { t.outbound_format.style = NumberStyle::national; }), "outbound_format");
  EXPECT_EQ(field([](Trunk& t) { t.inbound_format.add_prefix = "a"; }), "inbound_format");
  EXPECT_EQ(field([](Trunk& t) { t.prefixes = {"49", ""}; }), "prefixes");
  EXPECT_EQ(field([](Trunk& t) { t.prefixes = {"4 9"}; }), "prefixes");  // Lists are stored as words.
  EXPECT_EQ(field([](Trunk& t) { t.allowed_caller_ids = {"+49*"}; }), "");
  EXPECT_EQ(field([](Trunk& t) { t.allowed_caller_ids = {"*"}; }), "allowed_caller_ids");
  EXPECT_EQ(field([](Trunk& t) { t.default_caller_id = "a b"; }), "default_caller_id");
  EXPECT_EQ(field([](Trunk& t) { t.max_calls_per_second = -1; }), "max_calls_per_second");
  EXPECT_EQ(field([](Trunk& t) { t.first_response_timeout_ms = 0; }), "first_response_timeout_ms");
  EXPECT_EQ(field([](Trunk& t) { t.ring_timeout_ms = 5; }), "ring_timeout_ms");
}

TEST(Utf8, CleansWhatIsNot) {
  EXPECT_EQ(clean_utf8("a\xffü\xc3"), "a\xef\xbf\xbdü\xef\xbf\xbd");
  EXPECT_EQ(clean_utf8(std::string_view("a\0b", 3)),
            "a\xef\xbf\xbd"
            "b");
}

TEST(Validation, Queues) {
  const auto field = [](const std::function<void(Queue&)>& edit) {
    Queue q;
    q.account_id = model::AccountId("AC1"), q.name = "support";
    edit(q);
    const auto failure = check(q);
    return failure ? failure->field : std::string();
  };
  EXPECT_EQ(field([](Queue&) {}), "");
  EXPECT_EQ(field([](Queue& q) { q.name = "a b"; }), "name");
  EXPECT_EQ(field([](Queue& q) { q.name = "-a"; }), "name");
  EXPECT_EQ(field([](Queue& q) { q.name.assign(65, 'a'); }), "name");
  EXPECT_EQ(field([](Queue& q) { q.max_size = 100'001; }), "max_size");
  EXPECT_EQ(field([](Queue& q) { q.max_wait_ms = 999; }), "max_wait_ms");
  EXPECT_EQ(field([](Queue& q) { q.overflow_action = model::QueueOverflow::queue; }), "overflow_queue");
  EXPECT_EQ(field([](Queue& q) { q.overflow_queue = "other"; }), "overflow_queue");
  EXPECT_EQ(field([](Queue& q) {
              q.overflow_action = model::QueueOverflow::queue;
              q.overflow_queue = "support";
            }),
            "overflow_queue");
  EXPECT_EQ(field([](Queue& q) { q.wait_urls = {"ftp://a/b"}; }), "wait_urls");
  EXPECT_EQ(field([](Queue& q) { q.wait_urls = {"http://a/b c"}; }), "wait_urls");
  EXPECT_EQ(field([](Queue& q) { q.wait_urls = {"http://"}; }), "wait_urls");
  EXPECT_EQ(field([](Queue& q) { q.wait_urls.assign(17, "http://a/b"); }), "wait_urls");
}

}  // namespace
}  // namespace tandem::store
