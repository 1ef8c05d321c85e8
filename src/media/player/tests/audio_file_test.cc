#include "media/player/audio_file.h"

#include <gtest/gtest.h>

#include "media/player/tests/audio_samples.h"
#include "media/player/wav_header.h"

namespace tandem::media {
namespace {

struct Heard {
  double hz = 0;
  double seconds = 0;
  double rms = 0;
  std::string error;
};

Heard heard(PcmSource& source) {
  std::vector<std::int16_t> pcm;
  std::vector<std::int16_t> block(1000);
  for (std::size_t n = source.read(block); n > 0; n = source.read(block)) {
    pcm.insert(pcm.end(), block.begin(), block.begin() + static_cast<std::ptrdiff_t>(n));
  }
  Heard out;
  out.error = source.error();
  out.seconds = static_cast<double>(pcm.size()) / source.sample_rate_hz();
  double sum = 0;
  int crossings = 0;
  // The middle half: encoders fade in and pad at the ends.
  const std::size_t from = pcm.size() / 4;
  const std::size_t to = pcm.size() * 3 / 4;
  for (std::size_t i = from + 1; i < to; ++i) {
    crossings += pcm[i - 1] < 0 && pcm[i] >= 0 ? 1 : 0;
    sum += static_cast<double>(pcm[i]) * pcm[i];
  }
  if (to > from) {
    out.hz = crossings * static_cast<double>(source.sample_rate_hz()) / static_cast<double>(to - from);
    out.rms = std::sqrt(sum / static_cast<double>(to - from));
  }
  return out;
}

void expect_tone(const std::string& bytes, double hz, double seconds, const std::string& what) {
  ASSERT_FALSE(bytes.empty()) << what;
  auto source = open_audio_file(bytes, {});
  ASSERT_TRUE(source) << what << ": " << source.error().message;
  const Heard h = heard(**source);
  EXPECT_EQ(h.error, "") << what;
  EXPECT_NEAR(h.hz, hz, 6) << what;
  EXPECT_NEAR(h.seconds, seconds, 0.15) << what;
  EXPECT_NEAR(h.rms, 9000 / std::numbers::sqrt2, 700) << what;
}

std::string refusal(const std::string& bytes, PromptErrorCode code = PromptErrorCode::unsupported_format) {
  auto source = open_audio_file(bytes, {});
  if (source) return "accepted";
  EXPECT_EQ(source.error().code, code);
  return source.error().message;
}

void put_le(std::string& bytes, std::size_t at, std::uint32_t value, std::size_t width) {
  for (std::size_t i = 0; i < width; ++i) bytes[at + i] = static_cast<char>(value >> (8 * i) & 0xff);
}

TEST(AudioFile, WavInEveryUsualForm) {
  for (const int rate : {8000, 11'025, 16'000, 22'050, 44'100, 48'000}) {
    for (const int channels : {1, 2}) {
      expect_tone(samples::wav(rate, 440, 1, SF_FORMAT_PCM_16, channels), 440, 1,
                  "PCM 16 at " + std::to_string(rate));
    }
  }
  for (const int subtype : {SF_FORMAT_PCM_U8, SF_FORMAT_PCM_24, SF_FORMAT_PCM_32, SF_FORMAT_FLOAT,
                            SF_FORMAT_ULAW, SF_FORMAT_ALAW, SF_FORMAT_IMA_ADPCM, SF_FORMAT_MS_ADPCM}) {
    expect_tone(samples::wav(8000, 300, 1, subtype), 300, 1, "subtype " + std::to_string(subtype));
  }
}

TEST(AudioFile, FlacOggAndMp3) {
  expect_tone(samples::encoded(SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 16'000, 2, 440, 2), 440, 2, "FLAC");
  expect_tone(samples::encoded(SF_FORMAT_OGG | SF_FORMAT_VORBIS, 44'100, 2, 440, 2), 440, 2, "Vorbis");
  expect_tone(samples::encoded(SF_FORMAT_OGG | SF_FORMAT_OPUS, 48'000, 1, 440, 2), 440, 2, "Opus");
  for (const int rate : {8000, 22'050, 44'100}) {
    expect_tone(samples::encoded(SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III, rate, 2, 440, 2), 440, 2,
                "MP3 at " + std::to_string(rate));
  }
}

TEST(AudioFile, AWavThatLiesIsRefusedWithTheReason) {
  const std::string good = samples::wav(8000, 440, 1);
  const std::size_t data = good.find("data");
  ASSERT_NE(data, std::string::npos);
  std::string lie = good;
  put_le(lie, data + 4, 500'000, 4);
  EXPECT_EQ(refusal(lie), "the WAV claims 500000 bytes of audio but holds 16000");
  std::string cut = good.substr(0, 8000);
  EXPECT_NE(refusal(cut).find("claims 16000 bytes"), std::string::npos);
  std::string channels = good;
  put_le(channels, 22, 0, 2);
  EXPECT_NE(refusal(channels).find("0 channels"), std::string::npos);
  put_le(channels, 22, 6, 2);
  EXPECT_NE(refusal(channels).find("6 channels"), std::string::npos);
  std::string rate = good;
  put_le(rate, 24, 0, 4);
  EXPECT_NE(refusal(rate).find("0 Hz"), std::string::npos);
  put_le(rate, 24, 4'000'000'000, 4);
  EXPECT_NE(refusal(rate).find("4000000000 Hz"), std::string::npos);
  std::string chunk = good;
  put_le(chunk, 16, 0xffffff, 4);
  EXPECT_NE(refusal(chunk).find("chunk claims"), std::string::npos);
  EXPECT_NE(refusal(good.substr(0, 36)).find("no audio chunk"), std::string::npos);
}

TEST(AudioFile, AWavFromAPipeHasNoLengthAndIsTaken) {
  std::string streamed = samples::wav(8000, 440, 1);
  put_le(streamed, 4, 0xffffffff, 4);
  put_le(streamed, streamed.find("data") + 4, 0xffffffff, 4);
  expect_tone(streamed, 440, 1, "streamed WAV");
}

TEST(AudioFile, RubbishIsRefused) {
  EXPECT_EQ(refusal(""), "the file is empty");
  EXPECT_NE(refusal("<html>404</html>").find("neither WAV"), std::string::npos);
  EXPECT_NE(refusal("RIFF").find("not a WAV"), std::string::npos);
  EXPECT_NE(refusal("fLaC" + std::string(100, 'x')).find("FLAC"), std::string::npos);
  EXPECT_NE(refusal("OggS" + std::string(100, 'x')).find("Ogg"), std::string::npos);
  EXPECT_NE(refusal("ID3" + std::string(200'000, 'x')).find("MP3"), std::string::npos);
  EXPECT_NE(refusal(std::string(1000, '\xff')).find("MP3"), std::string::npos);
}

TEST(AudioFile, TooLongIsTooLarge) {
  const std::string flac = samples::encoded(SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 8000, 1, 440, 3);
  const auto source = open_audio_file(flac, {2000});
  ASSERT_FALSE(source);
  EXPECT_EQ(source.error().code, PromptErrorCode::too_large);
}

TEST(AudioFile, ATruncatedFlacSaysSo) {
  const std::string flac = samples::encoded(SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 8000, 1, 440, 10);
  auto source = open_audio_file(flac.substr(0, flac.size() / 2), {});
  ASSERT_TRUE(source);
  const Heard h = heard(**source);
  EXPECT_NE(h.error, "");
  EXPECT_LT(h.seconds, 8);
}

TEST(AudioFile, ATruncatedMp3PlaysAsFarAsItGoes) {
  const std::string mp3 = samples::encoded(SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III, 16'000, 1, 440, 4);
  auto source = open_audio_file(mp3.substr(0, mp3.size() / 2), {});
  ASSERT_TRUE(source);
  EXPECT_NEAR(heard(**source).hz, 440, 6);
}

TEST(WavHeader, AcceptsOddChunksBetween) {
  const std::string good = samples::wav(8000, 440, 0.1);
  const std::size_t data = good.find("data");
  std::string odd = good.substr(0, data) + std::string("LIST\3\0\0\0abc\0", 12) + good.substr(data);
  EXPECT_FALSE(wav_problem(odd));
}

}  // namespace
}  // namespace tandem::media
