#include <gtest/gtest.h>

#include "sip/api/header_rules.h"
#include "sip/dialog/dialog.h"
#include "sip/dialog/info_digit.h"
#include "sip/dialog/offer_answer.h"
#include "sip/dialog/reliable.h"
#include "sip/dialog/session_timer.h"

namespace tandem::sip::dialog {
namespace {

using std::chrono::milliseconds;

TEST(Dialog, CseqOrder) {
  Dialog d;
  EXPECT_EQ(check_remote_cseq(d, 5), CseqCheck::fresh);
  EXPECT_EQ(check_remote_cseq(d, 5), CseqCheck::merged);
  EXPECT_EQ(check_remote_cseq(d, 4), CseqCheck::out_of_order);
  EXPECT_EQ(check_remote_cseq(d, 9), CseqCheck::fresh);
}

TEST(Dialog, LooseAndStrictRouting) {
  Dialog d;
  d.remote_target = "sip:far@192.0.2.9";
  d.route_set = {"sip:p1.example.org;lr", "sip:p2.example.org;lr"};
  EXPECT_EQ(route_request(d).request_uri, "sip:far@192.0.2.9");
  EXPECT_EQ(route_request(d).routes, d.route_set);
  d.route_set = {"sip:p1.example.org;lru=1", "sip:p2.example.org;lr"};
  EXPECT_EQ(route_request(d).request_uri, "sip:p1.example.org;lru=1");
  EXPECT_EQ(route_request(d).routes,
            (std::vector<std::string>{"sip:p2.example.org;lr", "sip:far@192.0.2.9"}));
}

TEST(Dialog, NamesCannotForgeHeaders) {
  EXPECT_EQ(name_addr("sip:a@b", "A \"x\"\r\nEvil: 1"), "\"A \\\"x\\\"Evil: 1\" <sip:a@b>");
  EXPECT_EQ(name_addr("sip:a@b", ""), "<sip:a@b>");
}

TEST(OfferAnswer, WhoMayOffer) {
  const std::vector<OfferState> states{Stable{}, LocalOffer{}, LocalOfferInAnswer{}, RemoteOffer{1},
                                       OfferAsked{1}};
  const std::vector<OfferCheck> invite{OfferCheck::ok, OfferCheck::glare, OfferCheck::too_soon,
                                       OfferCheck::too_soon, OfferCheck::too_soon};
  const std::vector<OfferCheck> update{OfferCheck::ok, OfferCheck::glare, OfferCheck::glare,
                                       OfferCheck::too_soon, OfferCheck::too_soon};
  for (std::size_t i = 0; i < states.size(); ++i) {
    EXPECT_EQ(check_invite(states[i], {}), invite[i]) << i;
    EXPECT_EQ(check_update(states[i]), update[i]) << i;
    EXPECT_EQ(may_offer(states[i], {}), i == 0) << i;
  }
  EXPECT_EQ(check_invite(Stable{}, {.client_open = true}), OfferCheck::glare);
  EXPECT_EQ(check_invite(Stable{}, {.server_open = true}), OfferCheck::too_soon);
  EXPECT_FALSE(may_offer(Stable{}, {.client_open = true}));
  EXPECT_FALSE(may_offer(Stable{}, {.server_open = true}));
}

TEST(OfferAnswer, GlareDelays) {
  for (std::uint32_t r = 0; r < 1000; ++r) {
    EXPECT_GE(glare_delay(true, r), milliseconds(2100));
    EXPECT_LE(glare_delay(true, r), milliseconds(4000));
    EXPECT_LE(glare_delay(false, r), milliseconds(2000));
  }
}

TEST(SessionTimers, WhatWeAnswer) {
  const SessionTimerLimits limits{1800, 90};
  EXPECT_TRUE(interval_too_small(
      {.session_expires_s = 60, .min_se_s = {}, .refresher = {}, .timer_supported = true}, limits));
  EXPECT_FALSE(interval_too_small(
      {.session_expires_s = 60, .min_se_s = {}, .refresher = {}, .timer_supported = false}, limits));
  EXPECT_EQ(answer_session_timer({}, limits), (SessionTimer{1800, Refresher::uas, true}));
  EXPECT_EQ(answer_session_timer(
                {.session_expires_s = 600, .min_se_s = {}, .refresher = {}, .timer_supported = true}, limits),
            (SessionTimer{600, Refresher::uac, false}));
  EXPECT_EQ(
      answer_session_timer(
          {.session_expires_s = 7200, .min_se_s = 3600, .refresher = Refresher::uas, .timer_supported = true},
          limits),
      (SessionTimer{3600, Refresher::uas, true}));
}

TEST(SessionTimers, WhatThePeerAnswered) {
  EXPECT_FALSE(accept_session_timer(std::nullopt, std::nullopt).has_value());
  EXPECT_EQ(*accept_session_timer(600, std::nullopt), (SessionTimer{600, Refresher::uac, true}));
  EXPECT_EQ(*accept_session_timer(600, Refresher::uas), (SessionTimer{600, Refresher::uas, false}));
}

TEST(SessionTimers, Times) {
  const SessionTimer timer{1800, Refresher::uac, true};
  EXPECT_EQ(refresh_after(timer), std::chrono::seconds(900));
  EXPECT_EQ(expire_after(timer), std::chrono::seconds(1768));
  EXPECT_EQ(expire_after({90, Refresher::uac, true}), std::chrono::seconds(60));
}

TEST(Reliable, SenderRepeatsForSixtyFourT1) {
  ReliableSender sender(7, milliseconds(500));
  EXPECT_FALSE(sender.next_wait().has_value());
  EXPECT_EQ(sender.start(), 7U);
  milliseconds total{0};
  int times = 0;
  while (const auto wait = sender.next_wait()) {
    total += *wait;
    ++times;
  }
  EXPECT_EQ(total, std::chrono::seconds(32));
  EXPECT_EQ(times, 7);
  EXPECT_FALSE(sender.acknowledge(8, 1, 1));
  EXPECT_FALSE(sender.acknowledge(7, 2, 1));
  EXPECT_TRUE(sender.acknowledge(7, 1, 1));
  EXPECT_FALSE(sender.acknowledge(7, 1, 1));
  EXPECT_EQ(sender.start(), 8U);
}

TEST(Reliable, ReceiverTakesThemInOrder) {
  ReliableReceiver r;
  EXPECT_FALSE(r.take(0));
  EXPECT_TRUE(r.take(100));
  EXPECT_FALSE(r.take(100));
  EXPECT_FALSE(r.take(102));
  EXPECT_TRUE(r.take(101));
}

TEST(InfoDigits, BothBodies) {
  const auto relay = [](std::string_view body) { return parse_info_digit("application/dtmf-relay", body); };
  EXPECT_EQ(relay("Signal=5\r\nDuration=160\r\n")->digit, '5');
  EXPECT_EQ(relay("signal = * \nduration= 99999")->digit, '*');
  EXPECT_EQ(relay("signal = * \nduration= 99999")->duration_ms, 0U);
  EXPECT_EQ(relay("Duration=100\nSignal=11")->digit, '#');
  EXPECT_EQ(relay("Duration=100\nSignal=11")->duration_ms, 100U);
  EXPECT_FALSE(relay("Signal=55").has_value());
  EXPECT_FALSE(relay("").has_value());
  EXPECT_FALSE(relay(std::string(5000, '=')).has_value());
  EXPECT_EQ(parse_info_digit("Application/DTMF; x=y", " d ")->digit, 'D');
  EXPECT_FALSE(parse_info_digit("text/plain", "5").has_value());
}

TEST(HeaderRules, WhatAnApplicationMaySet) {
  for (const char* ok :
       {"X-Customer", "Subject", "P-Asserted-Identity", "Diversion", "Alert-Info", "Reason"}) {
    EXPECT_TRUE(settable_header(ok)) << ok;
  }
  for (const char* bad : {"",
                          "Via",
                          "v",
                          "VIA",
                          "route",
                          "Record-Route",
                          "Contact",
                          "Content-Type",
                          "content-foo",
                          "CSeq",
                          "Call-ID",
                          "From",
                          "To",
                          "Max-Forwards",
                          "Require",
                          "RSeq",
                          "RAck",
                          "Session-Expires",
                          "x",
                          "Min-SE",
                          "Authorization",
                          "Proxy-Require",
                          "Identity",
                          "A B",
                          "A:B",
                          "A\r\nB",
                          "Supported"}) {
    EXPECT_FALSE(settable_header(bad)) << bad;
  }
  EXPECT_FALSE(valid_header_value("a\r\nEvil: 1"));
  EXPECT_FALSE(valid_header_value(std::string_view("a\0b", 3)));
  EXPECT_FALSE(valid_header_value(std::string(1025, 'a')));
  EXPECT_TRUE(valid_header_value("\xC3\xA4 fine"));
  EXPECT_EQ(first_bad_header({{"X-A", "1"}, {"Via", "2"}}), "Via");
  EXPECT_EQ(first_bad_header({{"X-A", "1"}}), "");
}

}  // namespace
}  // namespace tandem::sip::dialog
