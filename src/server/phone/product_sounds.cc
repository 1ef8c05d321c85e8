#include "server/phone/product_sounds.h"

#include <fmt/format.h>

#include <filesystem>

namespace tandem::phone {
namespace {

media::PromptReady with_text_errors(Sounds::Ready ready) {
  return
      [ready = std::move(ready)](Result<std::shared_ptr<media::Prompt>, media::PromptError> prompt) mutable {
        if (prompt) return ready(std::move(*prompt));
        ready(Err(prompt.error().message));
      };
}

}  // namespace

std::optional<std::string> file_url(const std::string& file) {
  std::error_code error;
  const std::string path = std::filesystem::canonical(file, error).string();
  if (error) return std::nullopt;
  std::string out = "file://";
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain =
        (std::isalnum(byte) != 0 && byte < 0x80) || c == '/' || c == '-' || c == '_' || c == '.';
    out += plain ? std::string(1, c) : fmt::format("%{:02X}", byte);
  }
  return out;
}

void ProductSounds::say(const std::string& text, model::Codec codec, Ready ready) {
  if (synthesizer_ == nullptr) return ready(Err(std::string("this station has no speech")));
  speech::SpeakRequest request;
  request.ssml = text.starts_with("<speak");
  request.text = text;
  if (const auto good = synthesizer_->check(request); !good) return ready(Err(good.error().message));
  synthesizer_->speak(
      request, codec,
      [ready = std::move(ready)](Result<std::shared_ptr<media::Prompt>, speech::SpeakError> p) mutable {
        if (p) return ready(std::move(*p));
        ready(Err(p.error().message));
      });
}

void ProductSounds::play(const std::string& file, model::Codec codec, Ready ready) {
  const auto url = file_url(file);
  if (!url) return ready(Err(file + ": no such file"));
  library_.url(*url, 0, codec, with_text_errors(std::move(ready)));
}

void ProductSounds::tone(const ToneStep& tone, model::Codec codec, Ready ready) {
  media::ToneSpec spec;
  spec.frequencies_hz = {tone.hz};
  spec.duration_ms = tone.duration.count();
  library_.tone(spec, 0, codec, with_text_errors(std::move(ready)));
}

}  // namespace tandem::phone
