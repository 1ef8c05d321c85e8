// The parts without state: failover, circuit breaker, choice of trunks and gateways, numbers.
#include <gtest/gtest.h>

#include <map>

#include "trunk/api/failover.h"
#include "trunk/breaker.h"
#include "trunk/pace.h"
#include "trunk/selection.h"

namespace tandem::trunk {
namespace {

using namespace std::chrono_literals;

sip::Ended rejected(int code, std::optional<int> cause = {}, sip::Headers headers = {}) {
  sip::Ended ended;
  ended.how = sip::LegEnd::peer_reject;
  ended.sip_code = code, ended.q850_cause = cause, ended.headers = std::move(headers);
  return ended;
}

TEST(Failover, TheCalledSideStops) {
  for (const int code :
       {300, 302, 380, 404, 410, 480, 481, 482, 484, 485, 486, 487, 600, 603, 604, 606, 607, 608}) {
    EXPECT_EQ(judge(rejected(code)).next, Next::stop) << code;
    EXPECT_EQ(judge(rejected(code)).health, Health::alive) << code;
  }
}

TEST(Failover, FailuresOfTheWayGoOn) {
  for (const int code : {408, 500, 501, 502, 503, 504}) {
    EXPECT_EQ(judge(rejected(code)).next, Next::gateway) << code;
    EXPECT_EQ(judge(rejected(code)).health, code == 503 ? Health::failing : Health::alive) << code;
  }
  for (const int code : {401, 403, 407, 415, 420, 483, 488, 513}) {
    EXPECT_EQ(judge(rejected(code)).next, Next::trunk) << code;
  }
}

TEST(Failover, CauseOfTheNetworkOutranksAFiveHundred) {
  EXPECT_EQ(judge(rejected(503, 17)).next, Next::stop);
  EXPECT_EQ(judge(rejected(500, 1)).next, Next::stop);
  EXPECT_EQ(judge(rejected(503, 34)).next, Next::gateway);
  EXPECT_EQ(judge(rejected(503, 34)).health, Health::failing);
}

TEST(Failover, RetryAfterIsReadAndBounded) {
  const auto seconds = [](const char* name, const char* value) {
    return judge(rejected(503, {}, {{name, value}})).avoid_for.count();
  };
  EXPECT_EQ(seconds("Retry-After", "20"), 20);
  EXPECT_EQ(seconds("retry-after", "7 (maintenance);duration=3600"), 7);
  EXPECT_EQ(seconds("Retry-After", "86400"), 300);
  EXPECT_EQ(seconds("Retry-After", "99999999999999999999"), 300);
  EXPECT_EQ(seconds("Retry-After", "soon"), 0);
  EXPECT_EQ(seconds("Retry-After", "-5"), 0);
  EXPECT_EQ(seconds("Retry", "5"), 0);
}

TEST(Failover, EndsWithoutAResponse) {
  sip::Ended ended;
  ended.how = sip::LegEnd::timeout, ended.sip_code = 408, ended.no_response = true;
  EXPECT_EQ(judge(ended).next, Next::gateway);
  EXPECT_EQ(judge(ended).health, Health::failing);
  ended.no_response = false;
  EXPECT_EQ(judge(ended).next, Next::gateway);
  EXPECT_EQ(judge(ended).health, Health::unknown);
  ended.how = sip::LegEnd::transport_error;
  EXPECT_EQ(judge(ended).next, Next::gateway);
  EXPECT_EQ(judge(ended).health, Health::failing);
  for (const auto how : {sip::LegEnd::local_hangup, sip::LegEnd::peer_bye, sip::LegEnd::shutdown,
                         sip::LegEnd::bad_answer, sip::LegEnd::dialog_gone, sip::LegEnd::no_ack}) {
    ended.how = how;
    EXPECT_EQ(judge(ended).next, Next::stop);
    EXPECT_EQ(judge(ended).health, Health::unknown);
  }
}

// ---- breaker: every pair of state and event.

const TimePoint kNow{1000s};
const BreakerOptions kOptions{3, 15s, 60s};

std::string shown(const breaker::Step& s) {
  std::string text{breaker::name(s.state)};
  const auto seconds = [](Duration d) {
    return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(d).count());
  };
  if (const auto* up = std::get_if<breaker::Up>(&s.state)) text += " " + std::to_string(up->failures);
  if (const auto* down = std::get_if<breaker::Down>(&s.state)) {
    text += " " + seconds(down->until - kNow) + "/" + seconds(down->pause);
  }
  if (s.change == breaker::Change::went_down) text += " !down";
  if (s.change == breaker::Change::came_up) text += " !up";
  return text;
}

TEST(Breaker, EveryPair) {
  using breaker::Event;
  const std::vector<std::pair<Event, Duration>> events{{Event::success, 0s}, {Event::failure, 0s},
                                                       {Event::avoid, 40s},  {Event::due, 0s},
                                                       {Event::begin, 0s},   {Event::abandoned, 0s}};
  const std::vector<std::pair<breaker::State, std::vector<std::string>>> table{
      {breaker::Up{0}, {"up 0", "up 1", "down 40/15 !down", "up 0", "up 0", "up 0"}},
      {breaker::Up{2}, {"up 0", "down 15/15 !down", "down 40/15 !down", "up 2", "up 2", "up 2"}},
      {breaker::Down{kNow + 5s, 30s},
       {"down 5/30", "down 5/30", "down 40/30", "down 5/30", "down 5/30", "down 5/30"}},
      {breaker::Down{kNow, 30s},
       {"down 0/30", "down 0/30", "down 40/30", "half_open", "down 0/30", "down 0/30"}},
      {breaker::HalfOpen{15s}, {"up 0 !up", "down 30/30", "down 40/30", "half_open", "trying", "half_open"}},
      {breaker::Trying{40s}, {"up 0 !up", "down 60/60", "down 60/60", "trying", "trying", "half_open"}},
  };
  for (const auto& [state, expected] : table) {
    for (std::size_t i = 0; i < events.size(); ++i) {
      const auto step = breaker::step(state, {events[i].first, kNow, events[i].second}, kOptions);
      EXPECT_EQ(shown(step), expected[i]) << breaker::name(state) << " event " << i;
    }
  }
  EXPECT_TRUE(breaker::lets_through(breaker::Up{2}, kNow));
  EXPECT_FALSE(breaker::lets_through(breaker::Down{kNow + 1ns, 15s}, kNow));
  EXPECT_TRUE(breaker::lets_through(breaker::Down{kNow, 15s}, kNow));
  EXPECT_TRUE(breaker::lets_through(breaker::HalfOpen{15s}, kNow));
  EXPECT_FALSE(breaker::lets_through(breaker::Trying{15s}, kNow));
}

TEST(Pace, SpacesEvenly) {
  Pace pace;
  EXPECT_EQ(pace.take(kNow), 0s);
  EXPECT_EQ(pace.take(kNow), 0s);  // No limit yet.
  pace.set_rate(10);
  EXPECT_EQ(pace.take(kNow), 0s);
  EXPECT_EQ(pace.take(kNow), 100ms);
  EXPECT_EQ(pace.take(kNow + 100ms), 0s);
  EXPECT_EQ(pace.take(kNow + 150ms), 50ms);
  int passed = 0;
  for (int ms = 1000; ms < 11'000; ++ms)
    passed += pace.take(kNow + std::chrono::milliseconds{ms}) == 0s ? 1 : 0;
  EXPECT_NEAR(passed, 100, 1);
}

// ---- selection

store::Gateway gateway(const char* host, std::uint32_t priority = 0, std::uint32_t weight = 1) {
  store::Gateway g;
  g.host = host, g.priority = priority, g.weight = weight;
  return g;
}

TEST(Selection, LongestPrefixThenPriority) {
  std::vector<store::Trunk> trunks(5);
  const char* names[] = {"any", "de", "berlin", "berlin2", "inbound"};
  for (std::size_t i = 0; i < trunks.size(); ++i) {
    trunks[i].name = names[i];
    if (i < 4) trunks[i].gateways = {gateway("a")};
  }
  trunks[1].prefixes = {"49", "43"};
  trunks[2].prefixes = {"+49 30"}, trunks[2].priority = 2;
  trunks[3].prefixes = {"1", "4930"}, trunks[3].priority = 1;
  std::vector<const store::Trunk*> all;
  for (const auto& t : trunks) all.push_back(&t);
  const auto order = [&](const char* digits) {
    std::string text;
    for (const auto* t : trunks_for(all, digits)) text += t->name + " ";
    return text;
  };
  EXPECT_EQ(order("4930123"), "berlin2 berlin de any ");
  EXPECT_EQ(order("4989"), "de any ");
  EXPECT_EQ(order("1212"), "berlin2 any ");
  EXPECT_EQ(order("33"), "any ");
}

TEST(Selection, GatewaysByPriorityThenInProportionToWeight) {
  const std::vector<store::Gateway> gateways{gateway("backup", 1, 100), gateway("light", 0, 1),
                                             gateway("heavy", 0, 3), gateway("last", 0, 0)};
  std::uint32_t seed = 1;
  Function<double()> random = [&seed] {
    seed = seed * 1664525U + 1013904223U;
    return static_cast<double>(seed >> 8U) / static_cast<double>(1U << 24U);
  };
  std::map<std::size_t, int> first;
  for (int i = 0; i < 4000; ++i) {
    const auto order = gateway_order(gateways, random);
    ++first[order[0]];
    ASSERT_EQ(order[2], 3U);  // Weight 0 only when the others are through.
    ASSERT_EQ(order[3], 0U);
  }
  EXPECT_NEAR(first[2], 3000, 150);
  EXPECT_NEAR(first[1], 1000, 150);
}

TEST(Selection, Destinations) {
  EXPECT_EQ(read_destination("+49 (30) 123-4")->digits, "49301234");
  EXPECT_EQ(read_destination("tel:+4930;phone-context=x")->number, "+4930");
  EXPECT_EQ(read_destination("sip:+4930@pbx.example;user=phone")->digits, "4930");
  EXPECT_EQ(read_destination("sip:bob@pbx.example")->digits, "");
  for (const char* bad : {"", "bob", "sip:", "sip:a b@c", "sip:<x>@y", "+49x", "http://x"}) {
    EXPECT_FALSE(read_destination(bad)) << bad;
  }
  EXPECT_FALSE(read_destination("sip:a@b\r\nX: y"));
  EXPECT_FALSE(read_destination(std::string(600, '1')));
  store::Account account;
  EXPECT_TRUE(destination_allowed(account, "+882"));
  account.allowed_prefixes = {"49", "+1 212"};
  EXPECT_TRUE(destination_allowed(account, "+49301"));
  EXPECT_TRUE(destination_allowed(account, "tel:1-212-555"));
  EXPECT_TRUE(destination_allowed(account, "sip:+4930@x"));
  for (const char* no : {"+1213", "004930", "sip:bob@x", "bob", "sip:%2B49@x"}) {
    EXPECT_FALSE(destination_allowed(account, no)) << no;
  }
}

TEST(Selection, AttemptIsWrittenAsTheTrunkWantsIt) {
  store::Trunk trunk;
  trunk.id = model::TrunkId("TK1");
  trunk.outbound_format = {store::NumberStyle::national, "49", "0", "00", 0, "9#"};
  trunk.default_caller_id = "+4989100";
  trunk.allowed_caller_ids = {"+49891*", "+1212"};
  trunk.login = {"acme", "secret", "carrier.example"};
  trunk.trusted = true, trunk.ring_timeout_ms = 20'000;
  store::Gateway g = gateway("2001:db8::1");
  g.port = 5070, g.transport = model::SipTransport::tls;
  DialRequest request;
  request.privacy = sip::CallerPrivacy::withheld;
  const auto attempt = [&](const char* to, const char* from) {
    return make_attempt(trunk, g, *read_destination(to), *caller_id_for(trunk, from), request);
  };
  const Attempt a = attempt("+49 30 1234", "");
  EXPECT_EQ(a.gateway, "[2001:db8::1]:5070;transport=tls");
  EXPECT_EQ(a.call.target_uri, "sip:9%230301234@[2001:db8::1]:5070;transport=tls");
  EXPECT_EQ(a.call.outbound_proxy, "");
  EXPECT_EQ(a.call.from_uri, "sip:089100@[2001:db8::1]");
  EXPECT_EQ(a.call.asserted_identity, a.call.from_uri);
  EXPECT_EQ(a.call.privacy, sip::CallerPrivacy::withheld);
  EXPECT_TRUE(a.call.trusted);
  EXPECT_EQ(a.call.first_response_timeout, 6s);
  EXPECT_EQ(a.ring_timeout, 20s);
  EXPECT_EQ(a.call.credentials->realm, "carrier.example");
  EXPECT_EQ(attempt("+441", "+1212").call.target_uri, "sip:9%2300441@[2001:db8::1]:5070;transport=tls");
  EXPECT_EQ(attempt("+441", "+1212").call.from_uri, "sip:001212@[2001:db8::1]");
  const Attempt uri = attempt("sip:bob@pbx.example", "498911");
  EXPECT_EQ(uri.call.target_uri, "sip:bob@pbx.example");
  EXPECT_EQ(uri.call.outbound_proxy, "sip:[2001:db8::1]:5070;transport=tls");
  EXPECT_FALSE(caller_id_for(trunk, "+4930"));
  EXPECT_FALSE(caller_id_for(trunk, "alice"));
  trunk.registration = {true, "sip:reg.carrier.example:5080;transport=tcp", "", "", 600};
  EXPECT_EQ(attempt("112", "").call.from_uri, "sip:089100@reg.carrier.example");
  EXPECT_EQ(attempt("112", "").call.target_uri, "sip:9%23112@[2001:db8::1]:5070;transport=tls");
  trunk.default_caller_id = "", trunk.trusted = false;
  EXPECT_EQ(attempt("112", "").call.from_uri, "sip:anonymous@anonymous.invalid");
  EXPECT_EQ(attempt("112", "").call.asserted_identity, "");
}

TEST(Selection, NextAttemptSkipsTheTrunkThatRefused) {
  std::vector<Attempt> list(4);
  list[0].trunk_id = list[1].trunk_id = model::TrunkId("TK1");
  list[2].trunk_id = list[3].trunk_id = model::TrunkId("TK2");
  EXPECT_EQ(next_attempt(list, 0, Next::gateway), 1U);
  EXPECT_EQ(next_attempt(list, 0, Next::trunk), 2U);
  EXPECT_EQ(next_attempt(list, 2, Next::trunk), std::nullopt);
  EXPECT_EQ(next_attempt(list, 3, Next::gateway), std::nullopt);
  EXPECT_EQ(next_attempt(list, 0, Next::stop), std::nullopt);
}

}  // namespace
}  // namespace tandem::trunk
