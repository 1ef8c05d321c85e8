#include "speech/espeak/espeak_engine.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <mutex>
#include <set>

#include "speech/espeak/child_process.h"
#include "speech/espeak/wav_stream.h"
#include "speech/language.h"

namespace tandem::speech {
namespace {

constexpr std::chrono::milliseconds kExitTimeout{1000};
constexpr double kNormalWordsPerMinute = 160;
constexpr double kNormalPitch = 50;
constexpr std::size_t kMaxTable = 1 << 20;

// The columns of a line, which blanks separate.
std::vector<std::string_view> columns(std::string_view line) {
  std::vector<std::string_view> out;
  std::size_t at = 0;
  while (at < line.size()) {
    const std::size_t begin = line.find_first_not_of(" \t", at);
    if (begin == std::string_view::npos) break;
    at = std::min(line.find_first_of(" \t", begin), line.size());
    out.push_back(line.substr(begin, at - begin));
  }
  return out;
}

class Slots {
 public:
  explicit Slots(std::size_t free) : free_(free) {}
  bool take() {
    const std::lock_guard lock(mutex_);
    if (free_ == 0) return false;
    --free_;
    return true;
  }
  void give() {
    const std::lock_guard lock(mutex_);
    ++free_;
  }

 private:
  std::mutex mutex_;
  std::size_t free_;  // under mutex_
};

class Slot {
 public:
  explicit Slot(Slots& slots) : slots_(slots), taken_(slots.take()) {}
  Slot(const Slot&) = delete;
  Slot& operator=(const Slot&) = delete;
  ~Slot() {
    if (taken_) slots_.give();
  }
  [[nodiscard]] bool taken() const { return taken_; }

 private:
  Slots& slots_;
  const bool taken_;
};

class EspeakEngine final : public Engine {
 public:
  explicit EspeakEngine(EspeakOptions options)
      : options_(std::move(options)), slots_(options_.max_processes) {
    for (EspeakVoice& v : parse_espeak_voices(table())) {
      voices_.push_back(std::move(v.voice));
      files_.push_back(std::move(v.file));
    }
  }

  [[nodiscard]] const std::vector<Voice>& voices() const override { return voices_; }

  Status<EngineError> synthesize(const Utterance& utterance, PcmSink& sink) override {
    const auto voice = std::find_if(voices_.begin(), voices_.end(),
                                    [&](const Voice& v) { return v.name == utterance.voice; });
    if (voice == voices_.end()) return Err(EngineError{false, "espeak-ng has no voice " + utterance.voice});
    const Slot slot(slots_);
    if (!slot.taken()) return Err(EngineError{true, "too many espeak-ng processes"});
    auto child =
        ChildProcess::start(arguments(utterance, files_[static_cast<std::size_t>(voice - voices_.begin())]),
                            utterance.text + "\n");
    if (!child) return Err(EngineError{false, std::move(child).error()});
    return relay(*child, sink);
  }

 private:
  [[nodiscard]] std::vector<std::string> arguments(const Utterance& utterance,
                                                   const std::string& file) const {
    const int speed = static_cast<int>(std::clamp(kNormalWordsPerMinute * utterance.rate, 80.0, 450.0));
    const int pitch = static_cast<int>(std::clamp(kNormalPitch * utterance.pitch, 0.0, 99.0));
    return {
        options_.program,     "--stdout", "--stdin", "-b", "1", "-v", file, "-s", std::to_string(speed), "-p",
        std::to_string(pitch)};
  }

  Status<EngineError> relay(ChildProcess& child, PcmSink& sink) const {
    WavStream wav;
    std::array<char, 16'384> block{};
    std::vector<std::int16_t> pcm;
    for (;;) {
      const auto n = child.read(block, options_.silence_timeout);
      if (!n) return Err(EngineError{false, "espeak-ng did not answer in time"});
      if (*n == 0) break;
      pcm.clear();
      if (!wav.feed(std::string_view(block.data(), *n), pcm)) {
        return Err(EngineError{false, "espeak-ng sent something that is not the WAV expected"});
      }
      if (!pcm.empty() && !sink(pcm, wav.sample_rate_hz()))
        return Unit{};  // Enough: its destructor ends the child.
    }
    const auto code = child.exit_code(kExitTimeout);
    if (!code || *code != 0) {
      return Err(EngineError{false, fmt::format("espeak-ng ended with status {}", code.value_or(-1))});
    }
    if (wav.sample_rate_hz() == 0) return Err(EngineError{false, "espeak-ng sent no audio"});
    return Unit{};
  }

  [[nodiscard]] std::string table() const {
    std::string out;
    auto child = ChildProcess::start({options_.program, "--voices"}, "");
    if (!child) return out;
    std::array<char, 16'384> block{};
    while (out.size() < kMaxTable) {
      const auto n = child->read(block, options_.silence_timeout);
      if (!n || *n == 0) break;
      out.append(block.data(), *n);
    }
    return out;
  }

  const EspeakOptions options_;
  Slots slots_;
  std::vector<Voice> voices_;
  std::vector<std::string> files_;  // As voices_.
};

}  // namespace

std::vector<EspeakVoice> parse_espeak_voices(std::string_view table) {
  std::vector<EspeakVoice> out;
  std::set<std::string> names;
  std::size_t begin = 0;
  while (begin < table.size()) {
    const std::size_t end = std::min(table.find('\n', begin), table.size());
    const auto words = columns(table.substr(begin, end - begin));
    begin = end + 1;
    // Priority, language, age/gender, name, file, other languages.
    if (words.size() < 5 || words[0].find_first_not_of("0123456789") != std::string_view::npos) continue;
    const std::string language(words[1]);
    if (!valid_language(language) || words[4].starts_with("mb/")) continue;  // mbrola needs data of its own.
    std::string name = "espeak-" + language;
    if (!names.insert(name).second) continue;
    out.push_back({{std::move(name), language, "espeak"}, std::string(words[4])});
  }
  return out;
}

std::unique_ptr<Engine> make_espeak_engine(EspeakOptions options) {
  return std::make_unique<EspeakEngine>(std::move(options));
}

}  // namespace tandem::speech
