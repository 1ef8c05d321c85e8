#include "media/player/audio_file.h"

#include "media/player/mp3_source.h"
#include "media/player/sndfile_source.h"
#include "media/player/wav_header.h"

namespace tandem::media {
namespace {

bool starts_like_mpeg_audio(std::string_view bytes) {
  if (bytes.starts_with("ID3")) return true;
  return bytes.size() >= 2 && static_cast<unsigned char>(bytes[0]) == 0xff &&
         (static_cast<unsigned char>(bytes[1]) & 0xe0) == 0xe0;
}

}  // namespace

Result<std::unique_ptr<PcmSource>, PromptError> open_audio_file(std::string bytes,
                                                                const AudioFileLimits& limits) {
  const std::string_view head = bytes;
  if (head.empty()) return Err(PromptError{PromptErrorCode::unsupported_format, "the file is empty"});
  if (head.starts_with("RIFF")) {
    if (auto problem = wav_problem(head)) {
      return Err(PromptError{PromptErrorCode::unsupported_format, std::move(*problem)});
    }
    return open_sndfile(std::move(bytes), "WAV", limits);
  }
  if (head.starts_with("fLaC")) return open_sndfile(std::move(bytes), "FLAC", limits);
  if (head.starts_with("OggS")) return open_sndfile(std::move(bytes), "Ogg", limits);
  if (starts_like_mpeg_audio(head)) return open_mp3(std::move(bytes));
  return Err(PromptError{PromptErrorCode::unsupported_format, "the file is neither WAV, FLAC, Ogg nor MP3"});
}

}  // namespace tandem::media
