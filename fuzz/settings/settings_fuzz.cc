// A settings file of any content is either taken or refused with errors that say something.
#include <cstdlib>

#include "server/settings/settings.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(data, data + size);
  const auto result = tandem::server::parse_settings(text, "fuzz.toml", tandem::server::no_environment());
  if (result) return 0;
  if (result.error().empty()) std::abort();
  for (const auto& e : result.error()) {
    if (e.message.empty() || e.str().empty()) std::abort();
  }
  return 0;
}
