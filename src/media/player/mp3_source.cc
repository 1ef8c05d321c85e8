#include "media/player/mp3_source.h"

#include <fmt/format.h>
#include <mpg123.h>

#include <algorithm>
#include <vector>

namespace tandem::media {
namespace {

constexpr std::size_t kFeedBytes = 16'384;
constexpr long kResyncBytes = 65'536;  // Garbage skipped in search of a frame.

struct HandleFree {
  void operator()(mpg123_handle* h) const { mpg123_delete(h); }
};

class Mp3Source final : public PcmSource {
 public:
  explicit Mp3Source(std::string bytes) : bytes_(std::move(bytes)) {
    int code = MPG123_OK;
    handle_.reset(mpg123_new(nullptr, &code));
    if (handle_ == nullptr) {
      fail(mpg123_plain_strerror(code));
      return;
    }
    mpg123_param(handle_.get(), MPG123_ADD_FLAGS, MPG123_QUIET | MPG123_MONO_MIX, 0);
    mpg123_param(handle_.get(), MPG123_REMOVE_FLAGS, MPG123_AUTO_RESAMPLE, 0);
    mpg123_param(handle_.get(), MPG123_RESYNC_LIMIT, kResyncBytes, 0);
    mpg123_format_none(handle_.get());
    const long* rates = nullptr;
    std::size_t count = 0;
    mpg123_rates(&rates, &count);
    for (std::size_t i = 0; i < count; ++i) {
      mpg123_format(handle_.get(), rates[i], MPG123_MONO, MPG123_ENC_SIGNED_16);
    }
    if (mpg123_open_feed(handle_.get()) != MPG123_OK) fail(mpg123_strerror(handle_.get()));
  }

  /// Decodes up to the first frame, whose format counts for the whole.
  void start() {
    std::vector<std::int16_t> first(4608);
    first.resize(decode(first));
    ahead_ = std::move(first);
    if (rate_ == 0 && error_.empty()) fail("no audio frame was found");
  }

  [[nodiscard]] std::uint32_t sample_rate_hz() const override { return rate_; }
  [[nodiscard]] std::string error() const override { return error_; }

  std::size_t read(std::span<std::int16_t> pcm) override {
    if (ahead_.empty()) return decode(pcm);
    const std::size_t n = std::min(ahead_.size(), pcm.size());
    std::copy_n(ahead_.begin(), n, pcm.begin());
    ahead_.erase(ahead_.begin(), ahead_.begin() + static_cast<std::ptrdiff_t>(n));
    return n;
  }

 private:
  void fail(std::string_view why) {
    if (error_.empty()) error_ = fmt::format("the MP3 file cannot be decoded: {}", why);
  }

  std::size_t decode(std::span<std::int16_t> pcm) {
    while (error_.empty()) {
      std::size_t made = 0;
      const int code = mpg123_read(handle_.get(), pcm.data(), pcm.size() * sizeof(std::int16_t), &made);
      if (code == MPG123_NEW_FORMAT) {
        take_format();
      } else if (code == MPG123_NEED_MORE && made == 0) {
        if (!feed()) return 0;
      } else if (code == MPG123_DONE) {
        return made / sizeof(std::int16_t);
      } else if (code != MPG123_OK && code != MPG123_NEED_MORE) {
        fail(mpg123_strerror(handle_.get()));
      }
      if (made > 0) return made / sizeof(std::int16_t);
    }
    return 0;
  }

  void take_format() {
    long rate = 0;
    int channels = 0;
    int encoding = 0;
    if (mpg123_getformat(handle_.get(), &rate, &channels, &encoding) != MPG123_OK || rate < 8000 ||
        rate > 48'000 || channels != 1 || encoding != MPG123_ENC_SIGNED_16) {
      fail("its audio format is not supported");
    } else if (rate_ != 0 && rate_ != static_cast<std::uint32_t>(rate)) {
      fail("its sample rate changes on the way");
    } else {
      rate_ = static_cast<std::uint32_t>(rate);
    }
  }

  // False at the end of the file.
  bool feed() {
    const std::size_t n = std::min(kFeedBytes, bytes_.size() - fed_);
    if (n == 0) return false;
    const auto* from = reinterpret_cast<const unsigned char*>(bytes_.data()) + fed_;
    fed_ += n;
    if (mpg123_feed(handle_.get(), from, n) != MPG123_OK) fail(mpg123_strerror(handle_.get()));
    return true;
  }

  std::string bytes_;
  std::size_t fed_ = 0;
  std::unique_ptr<mpg123_handle, HandleFree> handle_;
  std::uint32_t rate_ = 0;
  std::vector<std::int16_t> ahead_;
  std::string error_;
};

}  // namespace

Result<std::unique_ptr<PcmSource>, PromptError> open_mp3(std::string bytes) {
  auto source = std::make_unique<Mp3Source>(std::move(bytes));
  source->start();
  if (source->sample_rate_hz() == 0)
    return Err(PromptError{PromptErrorCode::unsupported_format, source->error()});
  return std::unique_ptr<PcmSource>(std::move(source));
}

}  // namespace tandem::media
