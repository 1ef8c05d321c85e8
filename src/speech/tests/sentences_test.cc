#include "speech/sentences.h"

#include <gmock/gmock.h>

#include "speech/document.h"
#include "speech/flite/plain_english.h"
#include "speech/language.h"

namespace tandem::speech {
namespace {

using testing::ElementsAre;

TEST(Sentences, EndAtMarksButNotAtAbbreviationsOrDecimals) {
  EXPECT_THAT(split_sentences("Hello there. How are you? Fine!  Good"),
              ElementsAre("Hello there.", "How are you?", "Fine!", "Good"));
  EXPECT_THAT(split_sentences("Dr. Smith paid 3.50 to J. Doe, etc. and left."),
              ElementsAre("Dr. Smith paid 3.50 to J. Doe, etc. and left."));
  EXPECT_THAT(split_sentences("Really?! Yes..."), ElementsAre("Really?!", "Yes..."));
  EXPECT_THAT(split_sentences("今日は。元気ですか？はい"), ElementsAre("今日は。", "元気ですか？", "はい"));
  EXPECT_TRUE(split_sentences(" \n\t ").empty());
}

TEST(Sentences, LongOnesAreCutWithoutBreakingCharacters) {
  std::string text;
  for (int i = 0; i < 300; ++i) text += "word ";
  for (const auto& s : split_sentences(text, 100)) {
    EXPECT_LE(s.size(), 100U);
    EXPECT_EQ(s.find("wor "), std::string::npos);
  }
  std::string accents;
  for (int i = 0; i < 500; ++i) accents += "é";
  std::string joined;
  for (const auto& s : split_sentences(accents, 101)) {
    EXPECT_EQ(s.size() % 2, 0U);
    joined += s;
  }
  EXPECT_EQ(joined, accents);
}

TEST(Sentences, PlainTextHasParagraphs) {
  const Document d = plain_document("One. Two.\n\nThree.\n\n\n...\n");
  ASSERT_EQ(d.size(), 3U);
  EXPECT_EQ(std::get<SpokenText>(d[0]).text, "One. Two.");
  EXPECT_GT(std::get<Pause>(d[1]).ms, 0);
  EXPECT_EQ(std::get<SpokenText>(d[2]).text, "Three.");
  EXPECT_TRUE(plain_document("  \n ").empty());
}

TEST(PlainEnglish, KeepsWhatCanBeRead) {
  EXPECT_EQ(plain_english("Zoë’s café costs €5"), "Zoe's cafe costs  euros 5");
  EXPECT_EQ(plain_english("Ærø Łódź Ďáblice Žižkov Őr ñ ÿ"), "aero Lodz Dablice Zizkov Or n y");
  EXPECT_EQ(plain_english("a\x01\xff\xc3"), "a   ");
  EXPECT_EQ(plain_english("日本"), "  ");
}

TEST(Language, Tags) {
  EXPECT_TRUE(valid_language("en-US"));
  EXPECT_TRUE(valid_language("es-419"));
  for (const char* bad : {"", "-", "en-", "en us", "en;rm", "../etc", "abcdefghi"})
    EXPECT_FALSE(valid_language(bad)) << bad;
  EXPECT_EQ(canonical_language("zh-CN"), "cmn-cn");
  EXPECT_EQ(canonical_language("pt_BR"), "pt-br");
  EXPECT_TRUE(same_primary_language("en-US", "EN"));
  EXPECT_FALSE(same_primary_language("de", "en"));
}

}  // namespace
}  // namespace tandem::speech
