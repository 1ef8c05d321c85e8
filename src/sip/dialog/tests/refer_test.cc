#include "sip/dialog/refer.h"

#include <gtest/gtest.h>

namespace tandem::sip::dialog {
namespace {

TEST(Replaces, IsReadAndWrittenBack) {
  const auto r =
      parse_replaces(" 12adf2f34456gs5@host ;to-tag=12345; from-tag = 54321;early-only;x=\"a;b,c\"");
  ASSERT_TRUE(r.has_value());
  EXPECT_EQ(r->call_id, "12adf2f34456gs5@host");
  EXPECT_EQ(r->to_tag, "12345");
  EXPECT_EQ(r->from_tag, "54321");
  EXPECT_TRUE(r->early_only);
  EXPECT_EQ(replaces_value(*r), "12adf2f34456gs5@host;to-tag=12345;from-tag=54321;early-only");
}

TEST(Replaces, MalformedOnesAreRefused) {
  for (const char* text :
       {"", ";to-tag=1;from-tag=2", "a;to-tag=1", "a;from-tag=1", "a;to-tag=1;to-tag=2;from-tag=3",
        "a;to-tag=;from-tag=3", "a b;to-tag=1;from-tag=2", "a;to-tag=1;from-tag=2, b;to-tag=1;from-tag=2",
        "a;to-tag=1;from-tag=2;x=y,b;to-tag=3", "a\r\nX: y;to-tag=1;from-tag=2", "a;to-tag=<1>;from-tag=2"}) {
    EXPECT_FALSE(parse_replaces(text).has_value()) << text;
  }
  EXPECT_FALSE(parse_replaces(std::string(600, 'a') + ";to-tag=1;from-tag=2").has_value());
}

TEST(Sipfrag, StatusLine) {
  const auto s = parse_sipfrag("SIP/2.0 180 Ringing\r\nTo: x\r\n");
  ASSERT_TRUE(s.has_value());
  EXPECT_EQ(s->code, 180);
  EXPECT_EQ(s->reason, "Ringing");
  EXPECT_EQ(parse_sipfrag("sip/2.0 603")->code, 603);
  for (const char* text : {"", "INVITE sip:a SIP/2.0", "SIP/2.0 ", "SIP/2.0 99 x", "SIP/2.0 1000 x",
                           "SIP/2.0 700 x", "SIP/2.0 2x0 OK", "SIP/2.0 200OK"}) {
    EXPECT_FALSE(parse_sipfrag(text).has_value()) << text;
  }
}

TEST(UriHeaders, EscapedBothWays) {
  const std::string value = "a@b;to-tag=1;from-tag=\"2\" %&=?";
  const auto h = parse_uri_headers("Replaces=" + escape_uri_header(value) + "&X-A=1&Empty=");
  ASSERT_TRUE(h.has_value());
  ASSERT_EQ(h->size(), 3U);
  EXPECT_EQ((*h)[0], (std::pair<std::string, std::string>("Replaces", value)));
  EXPECT_EQ((*h)[2].second, "");
  for (const char* text : {"a", "=b", "a=%4", "a=%zz", "a=1&&b=2"}) {
    EXPECT_FALSE(parse_uri_headers(text).has_value()) << text;
  }
}

TEST(PlainUri, OnlyWhatFitsBetweenBrackets) {
  EXPECT_TRUE(plain_uri("sip:a@b;transport=tcp"));
  EXPECT_TRUE(plain_uri("TEL:+15550100"));
  for (const char* text : {"", "sip:", "http://a", "sip:a@b?X=1", "sip:a>@b", "sip:a@b\r\nX: y", "sip:a b"}) {
    EXPECT_FALSE(plain_uri(text)) << text;
  }
}

// Whatever comes in whatever order: exactly one final report, and nothing after it.
TEST(ReferState, OneFinalReportOnEveryPath) {
  const std::vector<ReferEvent> events{ReferResponse{202, "Accepted", true},
                                       ReferResponse{200, "OK", false},
                                       ReferResponse{603, "Decline", true},
                                       ReferNotify{{100, "Trying"}, false},
                                       ReferNotify{{180, "Ringing"}, true},
                                       ReferNotify{{200, "OK"}, false},
                                       ReferTimeout{},
                                       ReferLegEnded{}};
  struct Walk {
    ReferState state;
    int finals;
  };
  std::vector<Walk> open{{ReferSent{}, 0}};
  for (int depth = 0; depth < 4; ++depth) {
    std::vector<Walk> next;
    for (const Walk& w : open) {
      for (const ReferEvent& e : events) {
        const ReferStep s = step(w.state, e);
        const int finals = w.finals + (s.report && s.report->final ? 1 : 0);
        EXPECT_EQ(finals, std::holds_alternative<ReferDone>(s.next) ? 1 : 0);
        EXPECT_FALSE(w.finals == 1 && s.report.has_value());
        next.push_back({s.next, finals});
      }
    }
    open = std::move(next);
  }
}

TEST(ReferState, NotifyMayOvertakeTheResponse) {
  const auto first = step(ReferSent{}, ReferNotify{{100, "Trying"}, false});
  EXPECT_TRUE(std::holds_alternative<ReferReporting>(first.next));
  EXPECT_EQ(first.report->sip_code, 100);
  const auto second = step(first.next, ReferResponse{202, "Accepted", true});
  EXPECT_TRUE(std::holds_alternative<ReferReporting>(second.next));
  EXPECT_FALSE(second.report.has_value());
  const auto third = step(second.next, ReferNotify{{486, "Busy Here"}, false});
  EXPECT_TRUE(third.report->final);
}

}  // namespace
}  // namespace tandem::sip::dialog
