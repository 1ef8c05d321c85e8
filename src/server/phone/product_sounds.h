// Sounds from the product's own prompt library and synthesizer.
#pragma once

#include <optional>
#include <string>

#include "media/api/prompt_source.h"
#include "server/phone/sounds.h"
#include "speech/api/synthesizer.h"

namespace tandem::phone {

class ProductSounds final : public Sounds {
 public:
  /// Both outlive this, and call back on the phone's loop. Without a synthesizer say() fails.
  ProductSounds(media::PromptLibrary& library, speech::Synthesizer* synthesizer)
      : library_(library), synthesizer_(synthesizer) {}

  void say(const std::string& text, model::Codec codec, Ready ready) override;
  void play(const std::string& file, model::Codec codec, Ready ready) override;
  void tone(const ToneStep& tone, model::Codec codec, Ready ready) override;

 private:
  media::PromptLibrary& library_;
  speech::Synthesizer* synthesizer_;
};

/// "file:///..." of an existing file, escaped, without symbolic links; null if there is none.
[[nodiscard]] std::optional<std::string> file_url(const std::string& file);

}  // namespace tandem::phone
