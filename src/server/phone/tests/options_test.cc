#include "server/phone/options.h"

#include <gtest/gtest.h>

namespace tandem::phone {
namespace {

Result<PhoneOptions, Usage> parse(std::vector<const char*> words) {
  words.insert(words.begin(), "phone");
  return parse_phone_options(static_cast<int>(words.size()), words.data());
}

std::vector<std::string> steps_of(const PhoneOptions& o) {
  std::vector<std::string> out;
  for (const Step& s : o.script.steps) out.push_back(to_string(s));
  return out;
}

TEST(PhoneOptions, StepsKeepTheOrderOfTheCommandLine) {
  const auto o = parse({"sip:+15550199@127.0.0.1:5060", "--digits", "w1w2#", "--wait-for-audio", "--pause",
                        "1500", "--say", "hello there", "--digits", "3", "--tone=440:500", "--wait-silence",
                        "700", "--play", "a.wav", "--wait-digits", "4", "--wait-for-audio"});
  ASSERT_TRUE(o.has_value()) << o.error().text;
  EXPECT_EQ(steps_of(*o), (std::vector<std::string>{"--digits w1w2#", "--wait-for-audio", "--pause 1500",
                                                    "--say 'hello there'", "--digits 3", "--tone 440:500",
                                                    "--wait-silence 700", "--play a.wav", "--wait-digits 4",
                                                    "--wait-for-audio"}));
  EXPECT_EQ(o->script.target_uri, "sip:+15550199@127.0.0.1:5060");
  EXPECT_EQ(o->script.from_uri, "sip:phone@127.0.0.1");
  EXPECT_TRUE(o->station.speech);
  EXPECT_FALSE(o->script.hangup_after);
}

TEST(PhoneOptions, ReadsTheRest) {
  const auto o = parse({"sip:bob@[::1]:5060",
                        "--transport",
                        "tcp",
                        "--listen",
                        "[::1]:0",
                        "--from",
                        "+15550100",
                        "--codec",
                        "g722,PCMA",
                        "--header",
                        "X-A: b: c",
                        "--header",
                        "X-B:d",
                        "--auth",
                        "u:p:q",
                        "--hangup-after",
                        "0.5",
                        "--timeout",
                        "7",
                        "--record",
                        "out.wav",
                        "--expect-tone",
                        "1000:400",
                        "--expect-tone",
                        "500",
                        "--expect-digits",
                        "12#",
                        "--json"});
  ASSERT_TRUE(o.has_value()) << o.error().text;
  EXPECT_EQ(o->script.target_uri, "sip:bob@[::1]:5060;transport=tcp");
  EXPECT_EQ(o->script.from_uri, "sip:+15550100@[::1]");
  EXPECT_EQ(o->station.transport, sip::Transport::tcp);
  EXPECT_EQ(o->script.codecs, (std::vector<model::Codec>{model::Codec::g722, model::Codec::pcma}));
  EXPECT_EQ(o->script.headers, (sip::Headers{{"X-A", "b: c"}, {"X-B", "d"}}));
  EXPECT_EQ(o->script.credentials->username, "u");
  EXPECT_EQ(o->script.credentials->password, "p:q");
  EXPECT_EQ(o->script.hangup_after, Millis(500));
  EXPECT_EQ(o->script.timeout, Millis(7000));
  ASSERT_EQ(o->script.expect_tones.size(), 2U);
  EXPECT_EQ(o->script.expect_tones[0].at_least, Millis(400));
  EXPECT_EQ(o->script.expect_tones[1].hz, 500);
  EXPECT_EQ(o->script.expect_digits, "12#");
  EXPECT_TRUE(o->json);
  EXPECT_TRUE(o->script.record);
}

TEST(PhoneOptions, SaysWhatIsWrong) {
  const std::vector<std::pair<std::vector<const char*>, const char*>> cases = {
      {{}, "target or --answer"},
      {{"sip:a@127.0.0.1", "--answer"}, "target or --answer"},
      {{"127.0.0.1"}, "target"},
      {{"sip:a@127.0.0.1", "--digits", "12x"}, "--digits"},
      {{"sip:a@127.0.0.1", "--tone", "5"}, "--tone"},
      {{"sip:a@127.0.0.1", "--pause", "soon"}, "--pause"},
      {{"sip:a@127.0.0.1", "--codec", "opus"}, "--codec"},
      {{"sip:a@127.0.0.1", "--header", "nonsense"}, "--header"},
      {{"sip:a@127.0.0.1", "--auth", "user"}, "--auth"},
      {{"sip:a@127.0.0.1", "--listen", "here"}, "--listen"},
      {{"sip:a@127.0.0.1", "--transport", "sctp"}, "--transport"},
      {{"sip:a@127.0.0.1", "--expect-tone", "x"}, "--expect-tone"},
      {{"sip:a@127.0.0.1", "--unknown"}, "unknown"},
      {{"sip:a@127.0.0.1", "--reject", "200"}, "--reject"},
  };
  for (const auto& [words, names] : cases) {
    const auto o = parse(words);
    ASSERT_FALSE(o.has_value()) << names;
    EXPECT_EQ(o.error().exit_code, 3);
    EXPECT_NE(o.error().text.find(names), std::string::npos) << o.error().text;
  }
  EXPECT_EQ(parse({"--help"}).error().exit_code, 0);
  EXPECT_NE(parse({"--help"}).error().text.find("--wait-for-audio"), std::string::npos);
}

TEST(PhoneOptions, FindsHosts) {
  EXPECT_EQ(host_address("sip:a@192.0.2.1:5060;transport=tcp"), model::IpAddress::parse("192.0.2.1"));
  EXPECT_EQ(host_address("sips:[2001:db8::1]"), model::IpAddress::parse("2001:db8::1"));
  EXPECT_TRUE(host_address("sip:localhost")->is_loopback());
  EXPECT_FALSE(host_address("sip:"));
  EXPECT_FALSE(host_address("sip:a@["));
  EXPECT_TRUE(local_address_towards(*model::IpAddress::parse("127.0.0.1")).is_loopback());
}

}  // namespace
}  // namespace tandem::phone
