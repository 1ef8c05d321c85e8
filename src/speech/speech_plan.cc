#include "speech/speech_plan.h"

#include <fmt/format.h>

#include "speech/document.h"
#include "speech/language.h"
#include "speech/sentences.h"
#include "speech/ssml.h"

namespace tandem::speech {
namespace {

constexpr std::size_t kMaxTextBytes = 65'536;

Result<Document, SpeakError> document_of(const SpeakRequest& request, const std::string& language) {
  if (request.text.size() > kMaxTextBytes) {
    return Err(
        SpeakError{request.ssml ? SpeakErrorCode::bad_ssml : SpeakErrorCode::engine_failed,
                   request.ssml ? "ssml" : "text",
                   fmt::format("{} bytes; at most {} are allowed", request.text.size(), kMaxTextBytes)});
  }
  if (!request.ssml) return plain_document(request.text);
  auto document = parse_ssml(request.text, language);
  if (!document)
    return Err(SpeakError{SpeakErrorCode::bad_ssml, "ssml", std::move(document).error().message});
  return std::move(document).value();
}

// The voice for one piece: as the SSML says, else as the request says.
Result<VoiceChoice, SpeakError> voice_for(const Style& style, const SpeakRequest& request,
                                          const VoiceChoice& main, const VoiceCatalogue& catalogue) {
  const bool same_language = style.language.empty() || style.language == main.voice.language ||
                             canonical_language(style.language) == canonical_language(request.language);
  if (style.voice.empty() && same_language) return main;
  // An engine asked for by name need not have the other voice or language.
  auto choice = catalogue.choose(request.engine, style.voice, style.language);
  if (!choice && !request.engine.empty()) choice = catalogue.choose("", style.voice, style.language);
  if (!choice) choice.error().field = "ssml";
  return choice;
}

}  // namespace

Result<std::vector<Step>, SpeakError> plan_speech(const SpeakRequest& request,
                                                  const VoiceCatalogue& catalogue) {
  if (!request.language.empty() && !valid_language(request.language)) {
    return Err(SpeakError{SpeakErrorCode::unknown_language, "language",
                          "\"" + request.language.substr(0, 40) + "\" is not a language tag"});
  }
  auto main = catalogue.choose(request.engine, request.voice, request.language);
  if (!main) return Err(std::move(main).error());
  auto document = document_of(request, main->voice.language);
  if (!document) return Err(std::move(document).error());
  std::vector<Step> steps;
  for (const Piece& piece : *document) {
    if (const auto* pause = std::get_if<Pause>(&piece)) steps.emplace_back(PauseStep{pause->ms});
    const auto* mark = std::get_if<Mark>(&piece);
    if (mark != nullptr && !mark->name.empty()) steps.emplace_back(MarkStep{mark->name});
    const auto* spoken = std::get_if<SpokenText>(&piece);
    if (spoken == nullptr) continue;
    auto choice = voice_for(spoken->style, request, *main, catalogue);
    if (!choice) return Err(std::move(choice).error());
    for (std::string& sentence : split_sentences(spoken->text)) {
      if (!speakable(sentence)) continue;
      steps.emplace_back(
          SpeakStep{choice->engine,
                    {std::move(sentence), choice->voice.name, spoken->style.rate, spoken->style.pitch},
                    spoken->style.gain_db});
    }
  }
  return steps;
}

}  // namespace tandem::speech
