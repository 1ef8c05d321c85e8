// WAV, 16-bit PCM: a header of 44 bytes whose two lengths are brought up to date at each flush.
#include <array>
#include <vector>

#include "media/recorder/audio_writer.h"
#include "media/recorder/output_file.h"

namespace tandem::media {
namespace {

constexpr std::size_t kHeaderBytes = 44;
constexpr std::size_t kBufferBytes = 32 << 10;

class Bytes {
 public:
  void text(const char* four) {
    for (int i = 0; i < 4; ++i) bytes_.push_back(static_cast<std::uint8_t>(four[i]));
  }
  void u16(std::uint32_t v) {
    bytes_.push_back(static_cast<std::uint8_t>(v));
    bytes_.push_back(static_cast<std::uint8_t>(v >> 8));
  }
  void u32(std::uint64_t v) {
    u16(static_cast<std::uint32_t>(v & 0xffff));
    u16(static_cast<std::uint32_t>(v >> 16 & 0xffff));
  }
  [[nodiscard]] std::span<const std::uint8_t> view() const { return bytes_; }

 private:
  std::vector<std::uint8_t> bytes_;
};

class WavWriter final : public AudioWriter {
 public:
  WavWriter(OutputFile file, AudioShape shape) : file_(std::move(file)), shape_(shape) {
    buffer_.reserve(kBufferBytes);
  }

  Status<std::string> write(std::span<const std::int16_t> samples) override {
    for (const std::int16_t s : samples) {
      buffer_.push_back(static_cast<std::uint8_t>(s));
      buffer_.push_back(static_cast<std::uint8_t>(static_cast<std::uint16_t>(s) >> 8));
    }
    return buffer_.size() >= kBufferBytes ? write_out() : Status<std::string>(Unit{});
  }
  Status<std::string> flush() override {
    if (buffer_.empty() && header_fits_) return Unit{};
    if (auto ok = write_out(); !ok) return ok;
    return write_header();
  }
  Result<std::uint64_t, std::string> finish() override {
    if (auto ok = flush(); !ok) return Err(ok.error());
    if (auto ok = file_.close(); !ok) return Err(ok.error());
    return kHeaderBytes + data_bytes_;
  }
  Status<std::string> write_header() {
    const std::uint32_t frame_bytes = 2 * shape_.channels;
    Bytes b;
    b.text("RIFF");
    b.u32(kHeaderBytes - 8 + data_bytes_);
    b.text("WAVE");
    b.text("fmt ");
    b.u32(16);
    b.u16(1);
    b.u16(shape_.channels);
    b.u32(shape_.sample_rate_hz);
    b.u32(std::uint64_t{shape_.sample_rate_hz} * frame_bytes);
    b.u16(frame_bytes);
    b.u16(16);
    b.text("data");
    b.u32(data_bytes_);
    header_fits_ = true;
    return file_.write_at(0, b.view());
  }

 private:
  Status<std::string> write_out() {
    if (auto ok = file_.write_at(kHeaderBytes + data_bytes_, buffer_); !ok) return ok;
    data_bytes_ += buffer_.size();
    header_fits_ = false;
    buffer_.clear();
    return Unit{};
  }

  OutputFile file_;
  const AudioShape shape_;
  std::vector<std::uint8_t> buffer_;
  std::uint64_t data_bytes_ = 0;
  bool header_fits_ = false;
};

}  // namespace

Result<std::unique_ptr<AudioWriter>, std::string> make_wav_writer(const std::string& path, AudioShape shape) {
  auto file = OutputFile::create(path);
  if (!file) return Err(file.error());
  auto writer = std::make_unique<WavWriter>(std::move(*file), shape);
  if (auto ok = writer->write_header(); !ok) return Err(ok.error());
  return std::unique_ptr<AudioWriter>(std::move(writer));
}

}  // namespace tandem::media
