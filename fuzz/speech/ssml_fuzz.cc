// SSML and plain text as an application may send them, up to the sentences that an engine would get.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "speech/document.h"
#include "speech/flite/plain_english.h"
#include "speech/sentences.h"
#include "speech/ssml.h"

using tandem::speech::Document;
using tandem::speech::SpokenText;

namespace {

void consume(const Document& document) {
  for (const auto& piece : document) {
    const auto* spoken = std::get_if<SpokenText>(&piece);
    if (spoken == nullptr) continue;
    for (const auto& sentence : tandem::speech::split_sentences(spoken->text)) {
      if (sentence.empty() || sentence.size() > 400) __builtin_trap();
      (void)tandem::speech::plain_english(sentence);
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (auto document = tandem::speech::parse_ssml(text, size % 2 == 0 ? "en" : "de")) consume(*document);
  consume(tandem::speech::plain_document(std::string(text)));
  return 0;
}
