#include "media/engine/engine_impl.h"

#include <algorithm>

namespace tandem::media {

EngineImpl::EngineImpl(EngineOptions options, Observer& observer, runtime::Executor& observer_executor,
                       runtime::BlockingPool& encode_pool, const Clock& clock, Log log, Metrics& metrics,
                       MixerObserver* mixer_observer)
    : options_(std::move(options)),
      clock_(clock),
      log_(std::move(log)),
      encode_pool_(encode_pool),
      streams_gauge_(metrics.gauge("tandem_media_streams", "RTP streams open now")),
      gate_(std::make_shared<ObserverGate>(ObserverGate{&observer, mixer_observer})),
      reporter_(gate_, observer_executor),
      ports_(std::make_shared<PortStock>(options_, encode_pool, clock, log_)) {
  const std::size_t n =
      options_.workers != 0 ? options_.workers : std::max(1U, std::thread::hardware_concurrency());
  for (std::size_t i = 0; i < n; ++i) workers_.push_back(std::make_unique<Worker>(clock_, metrics, i));
}

EngineImpl::~EngineImpl() {
  gate_->observer = nullptr;
  gate_->mixer_observer = nullptr;
  for (auto& w : workers_) w->stop();
}

void EngineImpl::start() {
  ports_->start();
  for (std::size_t i = 0; i < workers_.size(); ++i) workers_[i]->start(fmt::format("media-{}", i));
}

Result<LocalAddresses, MediaError> EngineImpl::open(const StreamId& id, const model::IpAddress& towards) {
  const auto local = std::find_if(options_.addresses.begin(), options_.addresses.end(),
                                  [&](const auto& a) { return a.family == towards.family; });
  if (local == options_.addresses.end()) return Err(MediaError::no_address);
  if (handles_.contains(id)) return Err(MediaError::overloaded);
  auto ports = ports_->take(*local);
  if (!ports) return Err(ports.error());
  const auto& advertised =
      towards.family == model::IpAddress::Family::v4 ? options_.advertised_v4 : options_.advertised_v6;
  const model::IpAddress shown = advertised.value_or(*local);
  const LocalAddresses out{{shown, (*ports)->rtp.port()}, {shown, (*ports)->rtcp.port()}};

  Worker& worker = **std::min_element(workers_.begin(), workers_.end(),
                                      [](const auto& a, const auto& b) { return a->load() < b->load(); });
  const StreamKey key = next_key_++;
  worker.reserve();
  worker.post([key, s = std::make_unique<Stream>(id, std::move(*ports), options_, reporter_, clock_)](
                  Worker& w) mutable { w.add(key, std::move(s)); });
  handles_.emplace(id, Handle{&worker, key});
  streams_gauge_.set(static_cast<double>(++open_));
  return out;
}

void EngineImpl::dispatch(const StreamId& id, Function<void(Stream&)> command) {
  with_stream(id, [c = std::move(command)](Stream& s, Worker&, StreamKey) mutable { c(s); });
}

void EngineImpl::configure(const StreamId& id, const model::AgreedMedia& media) {
  with_stream(id, [this, media](Stream& s, Worker& w, StreamKey key) {
    const bool tracks_needed = !s.configured() || s.codec() != media.codec;
    s.configure(media);
    if (!tracks_needed) return;
    for (const auto& p : s.plays().plays()) prepare(w, key, *p, media.codec);
  });
}

void EngineImpl::close(const StreamId& id) {
  disconnect(id);
  if (!with_stream(id, [](Stream& s, Worker& w, StreamKey key) {
        s.close();
        w.remove(key);
      })) {
    return;
  }
  const Handle& handle = handles_.at(id);
  for (Worker* w : handle.earlier) w->post([key = handle.key](Worker& there) { there.forget(key); });
  handles_.erase(id);
  streams_gauge_.set(static_cast<double>(--open_));
}

void EngineImpl::prepare(Worker& worker, StreamKey key, const Play& play, model::Codec codec) {
  // The job may outlive worker and engine, hence the shared inbox.
  const bool posted = encode_pool_.try_post(
      [inbox = worker.inbox(), key, id = play.id, prompts = play.spec.prompts, codec]() {
        for (std::size_t i = 0; i < prompts.size(); ++i) {
          inbox->post([key, id, i, track = prompts[i]->track(codec)](Worker& w) mutable {
            w.with(key, [id, i, t = std::move(track)](Stream& s, Worker&) mutable {
              s.plays().set_track(id, i, std::move(t));
            });
          });
        }
      });
  if (posted) return;
  worker.post([key, id = play.id](Worker& w) {
    w.with(key, [id](Stream& s, Worker&) { s.plays().fail(id, "too many prompts are being prepared"); });
  });
}

void EngineImpl::play(const StreamId& id, PlayId play, PlaySpec spec) {
  with_stream(id, [this, play, sp = std::move(spec)](Stream& s, Worker& w, StreamKey key) mutable {
    s.add_play(play, std::move(sp));
    if (s.configured()) prepare(w, key, *s.plays().plays().back(), s.codec());
  });
}

void EngineImpl::stop_play(const StreamId& id, PlayId play) {
  dispatch(id, [play](Stream& s) { s.plays().stop(play); });
}

void EngineImpl::pause_play(const StreamId& id, PlayId play, bool paused) {
  dispatch(id, [play, paused](Stream& s) { s.plays().pause(play, paused); });
}

void EngineImpl::play_position(const StreamId& id, PlayId play, Function<void(std::int64_t)> done) {
  // Shared: the answer is given either by the worker or, for a stream that is gone, here.
  auto answer = std::make_shared<Function<void(std::int64_t)>>(std::move(done));
  const auto post = [reporter = reporter_, answer](std::int64_t ms) {
    reporter.post([answer, ms](Observer&) { (*answer)(ms); });
  };
  if (!with_stream(id, [post, play](Stream& s, Worker&, StreamKey) { post(s.plays().position_ms(play)); }))
    post(-1);
}

void EngineImpl::send_digits(const StreamId& id, PlayId tag, std::string digits, std::uint32_t duration_ms,
                             std::uint32_t gap_ms) {
  dispatch(id, [tag, d = std::move(digits), duration_ms, gap_ms](Stream& s) mutable {
    s.digits().add(tag, std::move(d), duration_ms, gap_ms);
  });
}

void EngineImpl::stop_digits(const StreamId& id, PlayId tag) {
  dispatch(id, [tag](Stream& s) { s.digits().stop(tag); });
}

void EngineImpl::set_audio(const StreamId& id, AudioControl control) {
  dispatch(id, [control](Stream& s) { s.set_audio(control); });
}

void EngineImpl::set_inband_digits(const StreamId& id, bool enabled) {
  dispatch(id, [enabled](Stream& s) { s.receiver().set_inband_digits(enabled); });
}

void EngineImpl::info_digit(const StreamId& id, char digit, std::uint32_t duration_ms) {
  dispatch(id, [this, digit, duration_ms](Stream& s) {
    s.receiver().info_digit(digit, duration_ms, clock_.now());
  });
}

void EngineImpl::set_tap(const StreamId& id,
                         Function<void(std::span<const std::int16_t>, std::uint32_t)> tap) {
  dispatch(id, [t = std::move(tap)](Stream& s) mutable { s.receiver().set_tap(std::move(t)); });
}

void EngineImpl::move(Handle& handle, Worker& to) {
  if (handle.worker == &to) return;
  // First the mailbox of the new home, so that no command can come there unexpected.
  to.reserve();
  to.post([key = handle.key](Worker& w) { w.expect(key); });
  handle.worker->post([key = handle.key, inbox = to.inbox()](Worker& w) { w.move(key, inbox); });
  std::erase(handle.earlier, &to);
  handle.earlier.push_back(handle.worker);
  handle.worker = &to;
}

void EngineImpl::bring_together(Handle& a, Handle& b) {
  if (a.worker == b.worker) return;
  Worker& home = a.worker->load() <= b.worker->load() ? *a.worker : *b.worker;
  move(a, home);
  move(b, home);
}

void EngineImpl::add_tap(const StreamId& id, std::shared_ptr<StreamTap> tap) {
  dispatch(id, [t = std::move(tap)](Stream& s) { s.add_tap(t); });
}

void EngineImpl::remove_tap(const StreamId& id, const std::shared_ptr<StreamTap>& tap) {
  dispatch(id, [tap](Stream& s) { s.remove_tap(*tap); });
}

void EngineImpl::with_pair(const Handle& a, const Handle& b, Function<void(Stream&, Stream&)> command) {
  a.worker->post([a_key = a.key, b_key = b.key, c = std::move(command)](Worker& w) mutable {
    w.with(a_key, [a_key, b_key, c = std::move(c)](Stream&, Worker& home) mutable {
      home.with(b_key, [a_key, c = std::move(c)](Stream& second, Worker& place) mutable {
        if (Stream* first = place.find(a_key)) c(*first, second);
      });
    });
  });
}

void EngineImpl::connect(const StreamId& a, const StreamId& b, Connection what) {
  const auto first = handles_.find(a);
  const auto second = handles_.find(b);
  if (first == handles_.end() || second == handles_.end() || a == b) return;
  if (first->second.peer != b) disconnect(a);
  if (second->second.peer != a) disconnect(b);
  first->second.peer = b;
  second->second.peer = a;
  bring_together(first->second, second->second);
  with_pair(first->second, second->second,
            [what](Stream& s, Stream& other) { Stream::connect(s, other, what); });
}

void EngineImpl::disconnect(const StreamId& id) {
  const auto at = handles_.find(id);
  if (at == handles_.end() || leave_room(id, at->second) || !at->second.peer) return;
  const auto other = handles_.find(*at->second.peer);
  at->second.peer.reset();
  if (other == handles_.end()) return;
  other->second.peer.reset();
  with_pair(at->second, other->second, [](Stream& s, Stream& peer) {
    if (s.peer() == &peer) s.disconnect();
  });
}

std::unique_ptr<MixingEngine> make_engine(EngineOptions options, Observer& observer,
                                          runtime::Executor& observer_executor,
                                          runtime::BlockingPool& encode_pool, const Clock& clock, Log log,
                                          Metrics& metrics, MixerObserver* mixer_observer) {
  auto engine = std::make_unique<EngineImpl>(std::move(options), observer, observer_executor, encode_pool,
                                             clock, std::move(log), metrics, mixer_observer);
  engine->start();
  return engine;
}

}  // namespace tandem::media
