// An audio file as a customer's web server may send it: opened and decoded to its end.
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "media/player/audio_file.h"

// The packaged libsndfile forgets a few kilobytes when an Ogg file breaks off in its headers; that is not
// ours to mend, and it would hide what is.
extern "C" const char* __lsan_default_suppressions() {
  return "leak:libsndfile\nleak:libvorbis\nleak:libogg\n";
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t kMaxSamples =
      2'000'000;  // A small file may unfold to hours; the library has its own limit.
  auto source = tandem::media::open_audio_file(std::string(reinterpret_cast<const char*>(data), size), {});
  if (!source) return 0;
  std::vector<std::int16_t> pcm(4096);
  std::size_t total = 0;
  for (std::size_t n = (*source)->read(pcm); n > 0 && total < kMaxSamples; n = (*source)->read(pcm))
    total += n;
  (void)(*source)->error();
  return 0;
}
