// Where a phone's voice comes from.
#pragma once

#include <memory>
#include <string>

#include "base/function.h"
#include "base/result.h"
#include "media/api/prompt.h"
#include "model/media_description.h"
#include "server/phone/script.h"

namespace tandem::phone {

class Sounds {
 public:
  using Ready = Function<void(Result<std::shared_ptr<media::Prompt>, std::string>)>;

  Sounds() = default;
  Sounds(const Sounds&) = delete;
  Sounds& operator=(const Sounds&) = delete;
  virtual ~Sounds() = default;

  /// `ready` comes once, on the phone's loop, also within the call; with a track for `codec` if possible.
  virtual void say(const std::string& text, model::Codec codec, Ready ready) = 0;
  virtual void play(const std::string& file, model::Codec codec, Ready ready) = 0;
  virtual void tone(const ToneStep& tone, model::Codec codec, Ready ready) = 0;
};

}  // namespace tandem::phone
