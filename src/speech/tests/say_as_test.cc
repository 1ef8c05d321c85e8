#include "speech/say_as.h"

#include <gtest/gtest.h>

namespace tandem::speech {
namespace {

struct Case {
  const char* interpret_as;
  const char* format;
  const char* text;
  const char* spoken;
};

TEST(SayAs, English) {
  const Case cases[] = {
      {"characters", "", "aB3", "ay, bee, three"},
      {"spell-out", "", "W-9", "double you, - nine"},
      {"digits", "", "4711", "four seven one one"},
      {"digits", "", "1 2", "one two"},
      {"cardinal", "", "1,234", "one thousand two hundred thirty four"},
      {"cardinal", "", "-3.14", "minus three point one four"},
      {"cardinal", "", "1000000", "one million"},
      {"cardinal", "", "many", "many"},
      {"ordinal", "", "1", "first"},
      {"ordinal", "", "22nd", "twenty second"},
      {"ordinal", "", "40", "fortieth"},
      {"ordinal", "", "112", "one hundred twelfth"},
      {"date", "", "2026-01-02", "January second, twenty twenty six"},
      {"date", "mdy", "12/31/1999", "December thirty first, nineteen ninety nine"},
      {"date", "dmy", "3.4.2005", "April third, two thousand five"},
      {"date", "md", "7/4", "July fourth"},
      {"date", "y", "1905", "nineteen oh five"},
      {"date", "mdy", "13/13/2000", "13/13/2000"},
      {"date", "", "soon", "soon"},
      {"time", "", "14:30", "fourteen thirty"},
      {"time", "", "2:05pm", "two oh five pee em"},
      {"time", "hms12", "00:15", "twelve fifteen ay em"},
      {"time", "", "9:00", "nine o'clock"},
      {"time", "", "10:20:30", "ten twenty and thirty seconds"},
      {"time", "", "25:00", "25:00"},
      {"time", "", "noon", "noon"},
      {"telephone", "", "+1 (555) 0199", "plus one, five five five, zero one nine nine"},
      {"telephone", "", "555 ext 9", "555 ext 9"},
      {"unheard-of", "", "x", "x"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(say_as(c.interpret_as, c.format, c.text, true), c.spoken) << c.interpret_as << " " << c.text;
  }
}

TEST(SayAs, OtherLanguagesKeepTheirDigits) {
  EXPECT_EQ(say_as("digits", "", "4711", false), "4 7 1 1");
  EXPECT_EQ(say_as("characters", "", "aä1", false), "a ä 1");
  EXPECT_EQ(say_as("date", "", "2026-01-02", false), "2026-01-02");
  EXPECT_EQ(say_as("telephone", "", "+49 30 1", false), "+ 4 9, 3 0, 1");
}

TEST(SayAs, Numbers) {
  EXPECT_EQ(cardinal_words(0), "zero");
  EXPECT_EQ(cardinal_words(19), "nineteen");
  EXPECT_EQ(cardinal_words(300), "three hundred");
  EXPECT_EQ(cardinal_words(999'999'999'999),
            "nine hundred ninety nine billion nine hundred ninety nine million nine hundred ninety nine "
            "thousand nine "
            "hundred ninety nine");
  EXPECT_EQ(ordinal_words(0), "zeroth");
  EXPECT_EQ(ordinal_words(1000), "one thousandth");
}

}  // namespace
}  // namespace tandem::speech
