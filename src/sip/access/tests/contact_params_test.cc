#include "sip/access/contact_params.h"

#include <gtest/gtest.h>

namespace tandem::sip {
namespace {

Result<RegisterContact, std::string> read(const std::vector<std::string_view>& params) {
  return read_contact("sip:a@192.0.2.1", params);
}

TEST(ContactParams, ReadsWhatCounts) {
  const auto c = read({"q=0.75", "EXPIRES = 120", "+sip.instance=\"<urn:uuid:1>\"", "reg-id=2",
                       "methods=\"INVITE\"", "expires=7", "audio"});
  ASSERT_TRUE(c);
  EXPECT_EQ(c->q_milli, 750);
  EXPECT_EQ(c->expires_s, 120U);
  EXPECT_EQ(c->instance, "<urn:uuid:1>");
  EXPECT_EQ(c->reg_id, 2U);
  EXPECT_EQ(contact_text(*c), "<sip:a@192.0.2.1>;q=0.75;expires=120;+sip.instance=\"<urn:uuid:1>\";reg-id=2");
}

TEST(ContactParams, QValues) {
  for (const auto& [text, milli] : std::vector<std::pair<std::string, int>>{
           {"0", 0}, {"1", 1000}, {"0.", 0}, {"1.0", 1000}, {"1.000", 1000}, {"0.5", 500}, {"0.123", 123}}) {
    const std::string param = "q=" + text;
    const auto c = read({param});
    ASSERT_TRUE(c) << text;
    EXPECT_EQ(c->q_milli, milli) << text;
  }
  for (const std::string text :
       {"", "2", "1.1", "1.001", "0.1234", "-0.1", ".5", "0,5", "abc", "0x1", "NaN"}) {
    const std::string param = "q=" + text;
    const auto c = read({param});
    ASSERT_FALSE(c) << text;
    EXPECT_EQ(c.error(), "q");
  }
  EXPECT_EQ(contact_text({"sip:a", 0, {}, {}, 0}), "<sip:a>;q=0");
  EXPECT_EQ(contact_text({"sip:a", 7, {}, {}, 0}), "<sip:a>;q=0.007");
}

TEST(ContactParams, MalformedExpiresIsAsNone) {
  EXPECT_EQ(read({"expires=0"})->expires_s, 0U);
  EXPECT_EQ(read({"expires=99999999999999999999"})->expires_s, 0xffffffffU);
  for (const char* text : {"expires=", "expires=abc", "expires=-1", "expires=1.5", "expires"})
    EXPECT_FALSE(read({text})->expires_s) << text;
}

TEST(ContactParams, RefusesWhatWouldHaveToBeEscaped) {
  EXPECT_FALSE(read({"+sip.instance=urn"}));
  EXPECT_FALSE(read({"+sip.instance=\"a\\\"b\""}));
  EXPECT_FALSE(read({"+sip.instance=\"a\rb\""}));
  const std::string huge = "+sip.instance=\"" + std::string(1000, 'x') + "\"";
  EXPECT_FALSE(read({huge}));
  EXPECT_FALSE(read({"reg-id=0"}));
  EXPECT_FALSE(read({"reg-id=4294967295"}));
  EXPECT_FALSE(read(std::vector<std::string_view>(100, "x")));
}

}  // namespace
}  // namespace tandem::sip
