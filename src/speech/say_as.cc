#include "speech/say_as.h"

#include <array>
#include <optional>
#include <vector>

#include "speech/sentences.h"

namespace tandem::speech {
namespace {

constexpr std::array<std::string_view, 20> kSmall = {
    "zero",     "one",     "two",     "three",     "four",     "five",    "six",
    "seven",    "eight",   "nine",    "ten",       "eleven",   "twelve",  "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"};
constexpr std::array<std::string_view, 10> kTens = {"",      "",      "twenty",  "thirty", "forty",
                                                    "fifty", "sixty", "seventy", "eighty", "ninety"};
constexpr std::array<std::string_view, 12> kMonths = {"January",   "February", "March",    "April",
                                                      "May",       "June",     "July",     "August",
                                                      "September", "October",  "November", "December"};
// As words that any English voice reads as the letter's name.
constexpr std::array<std::string_view, 26> kLetters = {
    "ay", "bee", "see", "dee", "ee",  "eff", "gee", "aitch", "eye", "jay",        "kay", "ell", "em",
    "en", "oh",  "pee", "cue", "are", "ess", "tee", "you",   "vee", "double you", "ex",  "why", "zee"};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t n = 0;
  if (text.empty()) return std::nullopt;
  for (const char c : text) {
    if (!is_digit(c)) return std::nullopt;
    n = n * 10 + static_cast<std::uint64_t>(c - '0');
    if (n > 999'999'999'999) return std::nullopt;
  }
  return n;
}

void add_word(std::string& out, std::string_view word) {
  if (word.empty()) return;
  if (!out.empty()) out += ' ';
  out += word;
}

std::string below_thousand(std::uint64_t n) {
  std::string out;
  if (n >= 100) {
    add_word(out, kSmall[n / 100]);
    add_word(out, "hundred");
    n %= 100;
    if (n == 0) return out;
  }
  if (n >= 20) {
    add_word(out, kTens[n / 10]);
    if (n % 10 != 0) add_word(out, kSmall[n % 10]);
  } else {
    add_word(out, kSmall[n]);
  }
  return out;
}

std::string ordinal_of(std::string_view word) {
  struct Irregular {
    std::string_view cardinal;
    std::string_view ordinal;
  };
  static constexpr std::array<Irregular, 7> kIrregular = {{{"one", "first"},
                                                           {"two", "second"},
                                                           {"three", "third"},
                                                           {"five", "fifth"},
                                                           {"eight", "eighth"},
                                                           {"nine", "ninth"},
                                                           {"twelve", "twelfth"}}};
  for (const Irregular& i : kIrregular) {
    if (i.cardinal == word) return std::string(i.ordinal);
  }
  if (word.ends_with('y')) return std::string(word.substr(0, word.size() - 1)) + "ieth";
  return std::string(word) + "th";
}

// 1984 -> "nineteen eighty four", 2005 -> "two thousand five", 1900 -> "nineteen hundred".
std::string year_words(std::uint64_t year) {
  if (year < 1000 || year > 9999 || (year >= 2000 && year < 2010) || year % 1000 == 0)
    return cardinal_words(year);
  std::string out = cardinal_words(year / 100);
  if (year % 100 == 0) {
    add_word(out, "hundred");
  } else {
    if (year % 100 < 10) add_word(out, "oh");
    add_word(out, cardinal_words(year % 100));
  }
  return out;
}

std::string characters(std::string_view text, bool english) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    const auto lead = static_cast<unsigned char>(c);
    std::size_t length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    length = std::min(length, text.size() - i);
    const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    if (english && lower >= 'a' && lower <= 'z') {
      add_word(out, kLetters[static_cast<std::size_t>(lower - 'a')]);
      out += ',';
    } else if (english && is_digit(c)) {
      add_word(out, kSmall[static_cast<std::size_t>(c - '0')]);
      out += ',';
    } else if (c != ' ') {
      add_word(out, text.substr(i, length));
    }
    i += length;
  }
  if (out.ends_with(',')) out.pop_back();
  return out;
}

std::string digits(std::string_view text, bool english) {
  std::string out;
  for (const char c : text) {
    if (is_digit(c)) {
      add_word(out, english ? kSmall[static_cast<std::size_t>(c - '0')] : std::string_view(&c, 1));
    } else if (c != ' ' && c != ',') {
      add_word(out, std::string_view(&c, 1));
    }
  }
  return out;
}

// Digits one by one; separators become short rests.
std::string telephone(std::string_view text, bool english) {
  std::string out;
  bool rest = false;
  for (const char c : text) {
    if (is_digit(c)) {
      if (rest && !out.empty()) out += ',';
      rest = false;
      add_word(out, english ? kSmall[static_cast<std::size_t>(c - '0')] : std::string_view(&c, 1));
    } else if (c == '+') {
      add_word(out, english ? std::string_view("plus") : std::string_view("+"));
    } else if (c == '#' || c == '*') {
      add_word(out, english ? std::string_view(c == '#' ? "pound" : "star") : std::string_view(&c, 1));
    } else if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) {
      return std::string(text);  // "ext. 12": better read as it stands.
    } else {
      rest = true;
    }
  }
  return out;
}

std::vector<std::string_view> fields(std::string_view text, std::string_view separators) {
  std::vector<std::string_view> out;
  std::size_t begin = 0;
  while (begin <= text.size()) {
    const std::size_t end = std::min(text.find_first_of(separators, begin), text.size());
    if (end > begin) out.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return out;
}

// Without a format: a year in front tells ymd; else month first, as Americans write it.
std::string date(std::string_view format, std::string_view text) {
  const auto parts = fields(text, "/-. ");
  if (format.empty()) format = !parts.empty() && parts[0].size() == 4 ? "ymd" : "mdy";
  if (parts.empty() || parts.size() > format.size() || parts.size() > 3) return std::string(text);
  std::string month;
  std::string day;
  std::string year;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto n = number(parts[i]);
    if (!n) return std::string(text);
    if (format[i] == 'm' && *n >= 1 && *n <= 12) {
      month = kMonths[*n - 1];
    } else if (format[i] == 'd' && *n >= 1 && *n <= 31) {
      day = ordinal_words(*n);
    } else if (format[i] == 'y') {
      year = year_words(parts[i].size() == 2 ? *n + (*n < 70 ? 2000 : 1900) : *n);
    } else {
      return std::string(text);
    }
  }
  std::string out = month;
  add_word(out, day);
  if (!out.empty() && !year.empty()) out += ',';
  add_word(out, year);
  return out;
}

// "14:30", "2:30pm", "14:30:05".
std::string time(std::string_view format, std::string_view text) {
  std::string clock;
  std::string half;
  for (const char c : text) {
    if (is_digit(c) || c == ':') clock += c;
    const char lower = static_cast<char>(c | 0x20);
    if (lower == 'a' || lower == 'p') half = lower;
    if (!is_digit(c) && c != ':' && c != ' ' && c != '.' && lower != 'a' && lower != 'p' && lower != 'm') {
      return std::string(text);
    }
  }
  const auto parts = fields(clock, ":");
  if (parts.empty() || parts.size() > 3) return std::string(text);
  const auto hour = number(parts[0]);
  const auto minute = parts.size() > 1 ? number(parts[1]) : std::optional<std::uint64_t>(0);
  const auto second = parts.size() > 2 ? number(parts[2]) : std::optional<std::uint64_t>(0);
  if (!hour || !minute || !second || *hour > 24 || *minute > 59 || *second > 60) return std::string(text);
  std::uint64_t shown = *hour;
  if (format == "hms12" && half.empty()) {
    half = *hour >= 12 && *hour < 24 ? "p" : "a";
    shown = *hour % 12 == 0 ? 12 : *hour % 12;
  }
  std::string out = cardinal_words(shown);
  if (*minute == 0) {
    if (half.empty()) add_word(out, shown <= 12 && shown > 0 ? "o'clock" : "hundred hours");
  } else {
    if (*minute < 10) add_word(out, "oh");
    add_word(out, cardinal_words(*minute));
  }
  if (*second > 0) out += " and " + cardinal_words(*second) + (*second == 1 ? " second" : " seconds");
  if (!half.empty()) add_word(out, half == "a" ? "ay em" : "pee em");
  return out;
}

// "-1,234.5": sign, grouped digits, decimals.
std::string cardinal(std::string_view text) {
  std::string out;
  if (text.starts_with('-')) out = "minus";
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  const std::size_t point = text.find('.');
  std::string whole;
  for (const char c : text.substr(0, point)) {
    if (c != ',') whole += c;
  }
  const auto n = number(whole);
  if (!n) return {};
  add_word(out, cardinal_words(*n));
  if (point != std::string_view::npos && point + 1 < text.size()) {
    const std::string_view decimals = text.substr(point + 1);
    if (!number(decimals)) return {};
    add_word(out, "point");
    add_word(out, digits(decimals, true));
  }
  return out;
}

}  // namespace

std::string cardinal_words(std::uint64_t n) {
  if (n < 1000) return below_thousand(n);
  struct Scale {
    std::uint64_t size;
    std::string_view name;
  };
  static constexpr std::array<Scale, 3> kScales = {
      {{1'000'000'000, "billion"}, {1'000'000, "million"}, {1000, "thousand"}}};
  std::string out;
  for (const Scale& scale : kScales) {
    if (n < scale.size) continue;
    add_word(out, below_thousand(n / scale.size % 1000));
    add_word(out, scale.name);
    n %= scale.size;
  }
  if (n > 0) add_word(out, below_thousand(n));
  return out;
}

std::string ordinal_words(std::uint64_t n) {
  std::string out = cardinal_words(n);
  const std::size_t last = out.rfind(' ') + 1;  // npos + 1 is 0.
  return out.substr(0, last) + ordinal_of(std::string_view(out).substr(last));
}

std::string say_as(std::string_view interpret_as, std::string_view format, std::string_view raw,
                   bool english) {
  const std::string text = single_spaced(raw);
  if (interpret_as == "characters" || interpret_as == "spell-out" || interpret_as == "verbatim") {
    return characters(text, english);
  }
  if (interpret_as == "digits") return digits(text, english);
  if (interpret_as == "telephone") return telephone(text, english);
  if (!english) return text;
  if (interpret_as == "date") return date(format, text);
  if (interpret_as == "time") return time(format, text);
  if (interpret_as == "cardinal" || interpret_as == "number") {
    std::string words = cardinal(text);
    return words.empty() ? text : words;
  }
  if (interpret_as == "ordinal") {
    const auto n = number(std::string_view(text).substr(0, text.find_first_not_of("0123456789")));
    return n ? ordinal_words(*n) : text;
  }
  return text;
}

}  // namespace tandem::speech
