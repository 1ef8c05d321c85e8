#include "media/api/prompt.h"

#include <algorithm>
#include <cmath>

#include "media/codec/codec.h"
#include "media/codec/resampler.h"

namespace tandem::media {
namespace {

constexpr std::int64_t kMaxDurationMs = 4LL * 3600 * 1000;
constexpr std::size_t kCodecs = 3;

std::uint32_t bounded_rate(std::uint32_t hz) {
  return std::clamp<std::uint32_t>(hz, 8000, 48'000);
}

}  // namespace

struct EncodedTrack::Chunk {
  explicit Chunk(std::size_t bytes) : payloads(bytes) {}
  std::vector<std::uint8_t> payloads;
};

// Two levels, so that a short prompt does not pay for the table of a long one. A slot is written before
// ready_ is released past it and never after, hence readers need no lock.
struct EncodedTrack::Chunks {
  static constexpr std::size_t kGroup = 120;
  static_assert(kMaxChunks % kGroup == 0);
  using Group = std::array<std::unique_ptr<Chunk>, kGroup>;
  std::array<std::unique_ptr<Group>, kMaxChunks / kGroup> groups;
};

bool PromptMarks::add(PromptMark mark) {
  const std::size_t i = size_.load(std::memory_order_relaxed);
  if (i == kMax) return false;
  if (marks_ == nullptr) marks_ = std::make_unique<std::array<PromptMark, kMax>>();
  (*marks_)[i] = std::move(mark);
  size_.store(i + 1, std::memory_order_release);
  return true;
}

EncodedTrack::EncodedTrack(model::Codec codec, std::shared_ptr<const PromptMarks> marks)
    : codec_(codec), marks_(std::move(marks)), chunks_(std::make_unique<Chunks>()) {}
EncodedTrack::~EncodedTrack() = default;

std::span<const std::uint8_t> EncodedTrack::frame(std::size_t i) const {
  const std::size_t bytes = model::traits(codec_).bytes_per_frame;
  const std::size_t chunk = i / kFramesPerChunk;
  const auto& group = *chunks_->groups[chunk / Chunks::kGroup];
  return std::span(group[chunk % Chunks::kGroup]->payloads).subspan(i % kFramesPerChunk * bytes, bytes);
}

void EncodedTrack::append(std::span<const std::uint8_t> payload) {
  const std::size_t bytes = model::traits(codec_).bytes_per_frame;
  const std::size_t i = ready_.load(std::memory_order_relaxed);
  const std::size_t chunk = i / kFramesPerChunk;
  if (chunk >= kMaxChunks) return;
  auto& group = chunks_->groups[chunk / Chunks::kGroup];
  if (group == nullptr) group = std::make_unique<Chunks::Group>();
  auto& slot = (*group)[chunk % Chunks::kGroup];
  if (slot == nullptr) slot = std::make_unique<Chunk>(kFramesPerChunk * bytes);
  std::copy_n(payload.begin(), std::min(payload.size(), bytes),
              slot->payloads.begin() + static_cast<std::ptrdiff_t>(i % kFramesPerChunk * bytes));
  ready_.store(i + 1, std::memory_order_release);
}

struct Prompt::Impl {
  // What turns the stored PCM into one codec's payloads.
  struct Lane {
    Lane(model::Codec codec, std::uint32_t from_hz, std::shared_ptr<const PromptMarks> marks)
        : track(std::make_shared<EncodedTrack>(codec, std::move(marks))),
          encoder(make_encoder(codec)),
          resampler(from_hz, model::traits(codec).sample_rate_hz) {}
    std::shared_ptr<EncodedTrack> track;  // Shared: calls play it longer than the cache keeps the prompt.
    std::unique_ptr<Encoder> encoder;
    PromptResampler resampler;
    std::vector<std::int16_t> pending;  // Less than a frame between calls.

    void add(std::span<const std::int16_t> pcm) {
      resampler.convert(pcm, pending);
      encode();
    }
    void end() {
      resampler.flush(pending);
      encode();
      const std::size_t frame = samples_per_frame();
      // A resampler's rounding may leave a sample or two; they are not worth a frame.
      if (pending.size() > frame / 40) {
        pending.resize(frame);
        encode();
      }
      pending.clear();
      track->finish();
    }
    [[nodiscard]] std::size_t samples_per_frame() const {
      return model::traits(track->codec()).sample_rate_hz / 50;
    }
    void encode() {
      const std::size_t frame = samples_per_frame();
      std::vector<std::uint8_t> payload(model::traits(track->codec()).bytes_per_frame);
      std::size_t used = 0;
      for (; pending.size() - used >= frame; used += frame) {
        encoder->encode(std::span(pending).subspan(used, frame), payload);
        track->append(payload);
      }
      pending.erase(pending.begin(), pending.begin() + static_cast<std::ptrdiff_t>(used));
    }
  };

  Impl(std::uint32_t rate, double gain_db)
      : stored_hz(rate > 8000 ? 16'000 : 8000),
        gain(static_cast<float>(std::pow(10.0, gain_db / 20))),
        source_hz(rate),
        resampler(std::make_unique<PromptResampler>(rate, stored_hz)) {}

  const std::uint32_t stored_hz;  // No codec wants more than 16 kHz.
  const float gain;
  const std::shared_ptr<PromptMarks> marks = std::make_shared<PromptMarks>();  // Shared with the tracks.

  mutable std::mutex mutex;  // All below but the atomics.
  std::uint32_t source_hz;
  double source_ms = 0;  // Of what was appended; some of it may wait in the resampler.
  std::unique_ptr<PromptResampler> resampler;
  std::vector<std::vector<std::int16_t>> seconds;  // At stored_hz; all but the last are full.
  std::array<std::unique_ptr<Lane>, kCodecs> lanes;
  std::string error;
  std::atomic<bool> ended{false};
  std::atomic<std::size_t> samples{0};
  std::atomic<std::size_t> bytes{sizeof(Impl)};

  void store(std::vector<std::int16_t> pcm);
  void flush_source() {
    std::vector<std::int16_t> rest;
    resampler->flush(rest);
    store(std::move(rest));
  }
  void end();
  void count_memory();
};

// Amplifies, keeps and encodes `pcm`, which is at stored_hz.
void Prompt::Impl::store(std::vector<std::int16_t> pcm) {
  if (gain != 1) {
    for (std::int16_t& s : pcm) {
      s = static_cast<std::int16_t>(std::clamp(std::lround(static_cast<float>(s) * gain), -32768L, 32767L));
    }
  }
  std::span<const std::int16_t> rest = pcm;
  while (!rest.empty()) {
    if (seconds.empty() || seconds.back().size() == stored_hz) seconds.emplace_back();
    const auto part = rest.first(std::min(rest.size(), stored_hz - seconds.back().size()));
    seconds.back().insert(seconds.back().end(), part.begin(), part.end());
    rest = rest.subspan(part.size());
  }
  samples += pcm.size();
  for (auto& lane : lanes) {
    if (lane != nullptr) lane->add(pcm);
  }
  count_memory();
}

void Prompt::Impl::end() {
  if (ended) return;
  flush_source();
  for (auto& lane : lanes) {
    if (lane != nullptr) lane->end();
  }
  if (!seconds.empty()) seconds.back().shrink_to_fit();
  ended = true;
  count_memory();
}

void Prompt::Impl::count_memory() {
  std::size_t total = sizeof(Impl) + samples * sizeof(std::int16_t);
  for (const auto& lane : lanes) {
    if (lane != nullptr) {
      total += sizeof(Lane) + lane->track->ready() * model::traits(lane->track->codec()).bytes_per_frame;
    }
  }
  bytes = total;
}

Prompt::Prompt(std::uint32_t sample_rate_hz, double gain_db)
    : impl_(std::make_unique<Impl>(bounded_rate(sample_rate_hz), gain_db)) {}
Prompt::~Prompt() = default;

void Prompt::set_sample_rate(std::uint32_t sample_rate_hz) {
  const std::lock_guard lock(impl_->mutex);
  if (impl_->ended) return;
  impl_->flush_source();
  impl_->source_hz = bounded_rate(sample_rate_hz);
  impl_->resampler = std::make_unique<PromptResampler>(bounded_rate(sample_rate_hz), impl_->stored_hz);
}

bool Prompt::append(std::span<const std::int16_t> pcm) {
  const std::lock_guard lock(impl_->mutex);
  // What one append brings is short beside the limit; the tracks refuse what is past it all the same.
  if (impl_->ended || duration_ms() >= kMaxDurationMs) return false;
  impl_->source_ms += static_cast<double>(pcm.size()) * 1000 / impl_->source_hz;
  std::vector<std::int16_t> converted;
  impl_->resampler->convert(pcm, converted);
  impl_->store(std::move(converted));
  return true;
}

bool Prompt::add_mark(std::string name) {
  const std::lock_guard lock(impl_->mutex);
  if (impl_->ended) return false;
  return impl_->marks->add({std::move(name), static_cast<std::size_t>(impl_->source_ms / 20)});
}

void Prompt::finish() {
  const std::lock_guard lock(impl_->mutex);
  impl_->end();
}

void Prompt::fail(std::string error) {
  const std::lock_guard lock(impl_->mutex);
  if (impl_->ended) return;
  impl_->error = error.empty() ? "unknown error" : std::move(error);
  impl_->end();
}

bool Prompt::finished() const {
  return impl_->ended;
}

std::string Prompt::error() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->error;
}

std::int64_t Prompt::duration_ms() const {
  return static_cast<std::int64_t>(impl_->samples.load()) * 1000 / impl_->stored_hz;
}

std::shared_ptr<const EncodedTrack> Prompt::track(model::Codec codec) {
  const std::lock_guard lock(impl_->mutex);
  auto& lane = impl_->lanes[static_cast<std::size_t>(codec)];
  if (lane == nullptr) {
    auto made = std::make_unique<Impl::Lane>(codec, impl_->stored_hz, impl_->marks);
    for (const auto& second : impl_->seconds) made->add(second);
    if (impl_->ended) made->end();
    lane = std::move(made);
    impl_->count_memory();
  }
  return lane->track;
}

std::size_t Prompt::memory_bytes() const {
  return impl_->bytes;
}

}  // namespace tandem::media
