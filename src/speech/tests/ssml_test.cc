#include "speech/ssml.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "speech/prosody.h"

namespace tandem::speech {
namespace {

// A document in short: text in its style, pauses and marks.
std::string shown(const Document& document) {
  std::string out;
  for (const Piece& piece : document) {
    if (!out.empty()) out += ' ';
    if (const auto* pause = std::get_if<Pause>(&piece)) out += fmt::format("[{}]", pause->ms);
    if (const auto* mark = std::get_if<Mark>(&piece)) out += fmt::format("<{}>", mark->name);
    if (const auto* spoken = std::get_if<SpokenText>(&piece)) {
      out += spoken->text;
      const Style& s = spoken->style;
      if (s.rate != 1) out += fmt::format("|r{:.2f}", s.rate);
      if (s.pitch != 1) out += fmt::format("|p{:.2f}", s.pitch);
      if (s.gain_db != 0) out += fmt::format("|g{:.0f}", s.gain_db);
      if (!s.voice.empty()) out += "|v" + s.voice;
      if (s.language != "en-US") out += "|l" + s.language;
    }
  }
  return out;
}

std::string parsed(std::string_view ssml) {
  const auto document = parse_ssml(ssml, "en-US");
  return document ? shown(*document) : "error " + document.error().message;
}

TEST(Ssml, TextBreaksAndMarks) {
  EXPECT_EQ(parsed("<speak>Hello  <break time=\"500ms\"/> world<mark name=\"m1\"/></speak>"),
            "Hello [500] world <m1>");
  EXPECT_EQ(parsed("<speak>a<break/>b<break strength='none'/>c<break time='1.5s'/></speak>"),
            "a [400] b c [1500]");
  EXPECT_EQ(parsed("<speak><p><s>One.</s><s>Two.</s></p>Three</speak>"), "One. [150] Two. [150] [400] Three");
  EXPECT_EQ(parsed("Fish &amp; chips"), "Fish & chips");
  EXPECT_EQ(parsed("<?xml version=\"1.0\"?><speak xmlns=\"http://www.w3.org/2001/10/synthesis\" "
                   "version=\"1.1\">x</speak>"),
            "x");
  EXPECT_EQ(parsed("<speak> <!-- nothing --> </speak>"), "");
}

TEST(Ssml, Prosody) {
  EXPECT_EQ(parsed("<prosody rate='slow' pitch='high' volume='loud'>x</prosody>"), "x|r0.75|p1.15|g3");
  EXPECT_EQ(
      parsed("<prosody rate='50%'><prosody rate='50%'><prosody rate='50%'>x</prosody></prosody></prosody>y"),
      "x|r0.25 y");
  EXPECT_EQ(parsed("<prosody volume='silent'>x</prosody>"), "x|g-60");
  EXPECT_EQ(parsed("a <emphasis level='strong'>b</emphasis> c"), "a b|r0.90|p1.06|g2 c");
  EXPECT_EQ(parsed("<prosody rate='warp'>x</prosody>"),
            "error line 1, column 8: <prosody>: rate=\"warp\" is not understood");
}

TEST(Ssml, SayAsAndSubStayInTheSentence) {
  EXPECT_EQ(
      parsed(
          "Room <say-as interpret-as='digits'>12</say-as> at <sub alias='nine o clock'>9:00</sub> please."),
      "Room one two at nine o clock please.");
  EXPECT_EQ(parsed("<lang xml:lang='de'>Zimmer <say-as interpret-as='digits'>12</say-as></lang>"),
            "Zimmer 1 2|lde");
}

TEST(Ssml, VoicesAndLanguages) {
  EXPECT_EQ(parsed("<voice name='rms'>x</voice>"), "x|vrms|l");
  EXPECT_EQ(parsed("<voice xml:lang='de-DE'>x</voice>"), "x|lde-DE");
  EXPECT_EQ(parsed("<voice name='rms'>x <lang xml:lang='fr'>y</lang></voice>"), "x|vrms|l y|lfr");
}

TEST(Ssml, WhatIsRefusedIsNamedWithItsPlace) {
  EXPECT_EQ(parsed("<speak>\n <audio src='x'/></speak>"),
            "error line 2, column 2: <audio> is not supported: play files with their own operation");
  EXPECT_NE(parsed("<speak><blink>x</blink></speak>").find("<blink> is not supported"), std::string::npos);
  EXPECT_NE(parsed("<!DOCTYPE speak [<!ENTITY a 'b'>]><speak>&a;</speak>").find("DOCTYPE"),
            std::string::npos);
  EXPECT_NE(parsed("<speak>&unknown;</speak>").find("entity"), std::string::npos);
  EXPECT_NE(parsed("<speak>open").find("error"), std::string::npos);
  EXPECT_NE(parsed("<speak><speak/></speak>").find("must not be inside"), std::string::npos);
  EXPECT_NE(parsed("<p>a</speak>").find("error"), std::string::npos);
  EXPECT_NE(parsed("</speak><audio/>").find("error"), std::string::npos);
  EXPECT_NE(parsed("<say-as>1</say-as>").find("interpret-as"), std::string::npos);
  EXPECT_NE(parsed("<sub>1</sub>").find("alias"), std::string::npos);
  EXPECT_NE(parsed("<sub alias='x'><break/></sub>").find("must not be inside"), std::string::npos);
  EXPECT_NE(parsed("<break time='2h'/>").find("time=\"2h\""), std::string::npos);
  EXPECT_NE(parsed("<lang xml:lang='no such'>x</lang>").find("language tag"), std::string::npos);
}

TEST(Ssml, Limits) {
  std::string deep;
  for (int i = 0; i < 31; ++i) deep += "<p>";
  std::string close;
  for (int i = 0; i < 31; ++i) close += "</p>";
  EXPECT_EQ(parsed(deep + "x" + close).substr(0, 1), "x");
  EXPECT_NE(parsed("<p>" + deep + "x" + close + "</p>").find("too deep"), std::string::npos);
  EXPECT_NE(parsed(std::string(70'000, 'x')).find("at most 65536"), std::string::npos);
}

TEST(Prosody, Values) {
  EXPECT_EQ(break_ms("250ms"), 250);
  EXPECT_EQ(break_ms("60s"), 60'000);
  for (const char* bad : {"61s", "-1s", "s", "", "1e999s", "nans", "5"}) EXPECT_FALSE(break_ms(bad)) << bad;
  EXPECT_DOUBLE_EQ(*rate_ratio("+20%"), 1.2);
  EXPECT_DOUBLE_EQ(*rate_ratio("120%"), 1.2);
  EXPECT_FALSE(rate_ratio("-100%"));
  EXPECT_DOUBLE_EQ(*pitch_ratio("+12st"), 2);
  EXPECT_DOUBLE_EQ(*pitch_ratio("130Hz"), 1);
  EXPECT_DOUBLE_EQ(*volume_db("-6dB"), -6);
  EXPECT_FALSE(volume_db("11"));
}

}  // namespace
}  // namespace tandem::speech
