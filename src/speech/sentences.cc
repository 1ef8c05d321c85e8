#include "speech/sentences.h"

#include <algorithm>
#include <array>

#include "speech/document.h"

namespace tandem::speech {
namespace {

constexpr std::int64_t kParagraphPauseMs = 400;

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// The word that ends just before `end`, without the point.
std::string_view last_word(std::string_view text, std::size_t end) {
  std::size_t begin = end;
  while (begin > 0 && !is_space(text[begin - 1])) --begin;
  return text.substr(begin, end - begin);
}

bool abbreviation(std::string_view word) {
  static constexpr std::array<std::string_view, 22> kKnown = {
      "Mr", "Mrs", "Ms",  "Dr", "Prof", "St",  "Mt",     "Jr",   "Sr",  "vs",  "etc",
      "No", "Inc", "Ltd", "Co", "e.g",  "i.e", "approx", "dept", "est", "tel", "ext"};
  if (word.size() == 1 && is_letter(word[0])) return true;  // An initial.
  return std::find(kKnown.begin(), kKnown.end(), word) != kKnown.end();
}

// True when the mark at `i` ends a sentence; what follows it must be a space or the end.
bool ends_sentence(std::string_view text, std::size_t i) {
  const char c = text[i];
  if (c != '.' && c != '!' && c != '?') return false;
  if (i + 1 < text.size() && !is_space(text[i + 1])) return false;
  return c != '.' || !abbreviation(last_word(text, i));
}

// The full stops of Chinese, Japanese and Hindi stand without a space after them.
std::size_t wide_stop(std::string_view text, std::size_t i) {
  for (const std::string_view stop : {"\u3002", "\uff01", "\uff1f", "\u0964"}) {
    if (text.substr(i).starts_with(stop)) return stop.size();
  }
  return 0;
}

std::size_t cut_point(std::string_view text, std::size_t max_bytes) {
  const std::string_view head = text.substr(0, max_bytes);
  for (const std::string_view marks : {",;:", " "}) {
    const std::size_t at = head.find_last_of(marks);
    if (at != std::string_view::npos && at > max_bytes / 4) return at + 1;
  }
  std::size_t at = max_bytes;
  while (at > 1 && (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80) --at;
  return at;
}

void add_sentence(std::string_view sentence, std::size_t max_bytes, std::vector<std::string>& out) {
  std::string clean = single_spaced(sentence);
  std::string_view rest = clean;
  while (rest.size() > max_bytes) {
    const std::size_t at = cut_point(rest, max_bytes);
    out.push_back(single_spaced(rest.substr(0, at)));
    rest.remove_prefix(at);
  }
  std::string last = single_spaced(rest);
  if (!last.empty()) out.push_back(std::move(last));
}

}  // namespace

std::string single_spaced(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (!is_space(c)) {
      out += c;
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
  }
  if (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

bool speakable(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    return is_letter(c) || is_digit(c) || (static_cast<unsigned char>(c) & 0x80) != 0;
  });
}

std::vector<std::string> split_sentences(std::string_view text, std::size_t max_bytes) {
  std::vector<std::string> out;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t length = ends_sentence(text, i) ? 1 : wide_stop(text, i);
    if (length == 0) {
      ++i;
      continue;
    }
    i += length;
    add_sentence(text.substr(begin, i - begin), max_bytes, out);
    begin = i;
  }
  add_sentence(text.substr(begin), max_bytes, out);
  return out;
}

Document plain_document(const std::string& text) {
  Document out;
  std::size_t begin = 0;
  while (begin <= text.size()) {
    const std::size_t end = std::min(text.find("\n\n", begin), text.size());
    const std::string paragraph = single_spaced(std::string_view(text).substr(begin, end - begin));
    if (speakable(paragraph)) {
      if (!out.empty()) out.emplace_back(Pause{kParagraphPauseMs});
      out.emplace_back(SpokenText{paragraph, {}});
    }
    begin = end + 2;
  }
  return out;
}

}  // namespace tandem::speech
