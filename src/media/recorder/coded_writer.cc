// Opus in Ogg and MP3, by libsndfile. Both are streams of packets: a file that nobody closed can be played to
// the last page or frame that was written.
#include <sndfile.h>

#include <algorithm>
#include <cstdio>
#include <vector>

#include "media/recorder/audio_writer.h"
#include "media/recorder/output_file.h"

namespace tandem::media {
namespace {

class CodedWriter final : public AudioWriter {
 public:
  CodedWriter(OutputFile file, AudioShape shape) : file_(std::move(file)), shape_(shape) {}
  ~CodedWriter() override {
    if (sound_ != nullptr) sf_close(sound_);
  }

  [[nodiscard]] Status<std::string> open(FileFormat format) {
    SF_INFO info{};
    info.samplerate = static_cast<int>(shape_.sample_rate_hz);
    info.channels = static_cast<int>(shape_.channels);
    info.format = format == FileFormat::mp3 ? SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III
                                            : SF_FORMAT_OGG | SF_FORMAT_OPUS;
    SF_VIRTUAL_IO io{};
    io.get_filelen = [](void* self) { return static_cast<sf_count_t>(of(self).file_.size()); };
    io.seek = [](sf_count_t offset, int whence, void* self) { return of(self).seek(offset, whence); };
    io.read = [](void* to, sf_count_t n, void* self) { return of(self).read(to, n); };
    io.write = [](const void* from, sf_count_t n, void* self) { return of(self).put(from, n); };
    io.tell = [](void* self) { return of(self).position_; };
    sound_ = sf_open_virtual(&io, SFM_WRITE, &info, this);
    if (sound_ == nullptr) return Err(problem(sf_strerror(nullptr)));
    if (format == FileFormat::mp3) {
      // A constant rate: the length of a file without its last header can be told from its size.
      int constant = SF_BITRATE_MODE_CONSTANT;
      sf_command(sound_, SFC_SET_BITRATE_MODE, &constant, sizeof constant);
    } else {
      double latency_ms = 500;  // What a crash may cost.
      sf_command(sound_, SFC_SET_OGG_PAGE_LATENCY_MS, &latency_ms, sizeof latency_ms);
    }
    return Unit{};
  }

  Status<std::string> write(std::span<const std::int16_t> samples) override {
    const auto frames = static_cast<sf_count_t>(samples.size() / shape_.channels);
    // As floats: libsndfile 1.2.0 loses every other sample of two channels of shorts in MP3.
    scaled_.resize(samples.size());
    std::transform(samples.begin(), samples.end(), scaled_.begin(),
                   [](std::int16_t v) { return static_cast<float>(v) / 32768.0F; });
    const sf_count_t written = sf_writef_float(sound_, scaled_.data(), frames);
    if (written == frames && error_.empty()) return Unit{};
    return Err(problem(sf_strerror(sound_)));
  }
  Status<std::string> flush() override { return Unit{}; }
  Result<std::uint64_t, std::string> finish() override {
    const int closed = sf_close(sound_);
    sound_ = nullptr;
    if (closed != 0 || !error_.empty()) return Err(problem(sf_error_number(closed)));
    const std::uint64_t size = file_.size();
    if (auto ok = file_.close(); !ok) return Err(ok.error());
    return size;
  }

 private:
  static CodedWriter& of(void* self) { return *static_cast<CodedWriter*>(self); }
  /// What the system said, where it said something.
  [[nodiscard]] std::string problem(const char* otherwise) const {
    return error_.empty() ? otherwise : error_;
  }

  sf_count_t seek(sf_count_t offset, int whence) {
    if (whence == SEEK_CUR) offset += position_;
    if (whence == SEEK_END) offset += static_cast<sf_count_t>(file_.size());
    return position_ = std::max<sf_count_t>(offset, 0);
  }
  sf_count_t read(void* to, sf_count_t n) {
    const std::span out(static_cast<std::uint8_t*>(to), static_cast<std::size_t>(n));
    const auto got = static_cast<sf_count_t>(file_.read_at(static_cast<std::uint64_t>(position_), out));
    position_ += got;
    return got;
  }
  sf_count_t put(const void* from, sf_count_t n) {
    const std::span bytes(static_cast<const std::uint8_t*>(from), static_cast<std::size_t>(n));
    if (auto ok = file_.write_at(static_cast<std::uint64_t>(position_), bytes); !ok) {
      error_ = ok.error();
      return 0;
    }
    position_ += n;
    return n;
  }

  OutputFile file_;
  const AudioShape shape_;
  SNDFILE* sound_ = nullptr;
  sf_count_t position_ = 0;
  std::string error_;
  std::vector<float> scaled_;
};

}  // namespace

Result<std::unique_ptr<AudioWriter>, std::string> make_coded_writer(const std::string& path,
                                                                    FileFormat format, AudioShape shape) {
  auto file = OutputFile::create(path);
  if (!file) return Err(file.error());
  auto writer = std::make_unique<CodedWriter>(std::move(*file), shape);
  if (auto ok = writer->open(format); !ok) return Err(ok.error());
  return std::unique_ptr<AudioWriter>(std::move(writer));
}

}  // namespace tandem::media
