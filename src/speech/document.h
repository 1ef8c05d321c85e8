// What is to be spoken, as pieces in order: the result of parsing SSML or plain text, engine neutral.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace tandem::speech {

/// How a piece of text is to sound. Ratios are relative to the voice's own way.
struct Style {
  double rate = 1;       ///< 0.25 to 4.
  double pitch = 1;      ///< 0.5 to 2.
  double gain_db = 0;    ///< -60 (silent) to 12.
  std::string voice;     ///< Empty: by language.
  std::string language;  ///< BCP 47; empty: of the request.
  friend bool operator==(const Style&, const Style&) = default;
};

struct SpokenText {
  std::string text;  ///< UTF-8, not empty, single spaces.
  Style style;
};
struct Pause {
  std::int64_t ms = 0;
};
struct Mark {
  std::string name;
};

using Piece = std::variant<SpokenText, Pause, Mark>;
using Document = std::vector<Piece>;

/// Plain text as a document: sentence by sentence, paragraphs with a pause between.
[[nodiscard]] Document plain_document(const std::string& text);

}  // namespace tandem::speech
