#include "server/phone/station.h"

#include <future>

#include "base/log.h"
#include "base/metrics.h"
#include "media/engine/engine_factory.h"
#include "media/player/prompt_library.h"
#include "runtime/blocking_pool.h"
#include "runtime/loop.h"
#include "server/phone/product_sounds.h"
#include "sip/sofia/agent_factory.h"
#include "speech/synthesizer.h"

namespace tandem::phone {
namespace {

/// Phones play files of their user, nothing from the network.
class NoFetcher final : public media::Fetcher {
 public:
  void fetch(const std::string&, const std::string&,
             Function<void(Result<Fetched, media::PromptError>)> done) override {
    done(Err(media::PromptError{media::PromptErrorCode::forbidden_url, "phones play local files only"}));
  }
};

sip::AgentOptions agent_options(const StationOptions& o, const model::SocketAddress& listen) {
  sip::AgentOptions out;
  // Without a certificate a phone can call by TLS but not be called: answers come back on its connection.
  const bool serves_tls = o.transport == sip::Transport::tls && !o.tls_certificate_file.empty();
  const bool tls = o.transport == sip::Transport::tls;
  out.listen.push_back({tls && !serves_tls ? sip::Transport::tcp : o.transport, listen});
  if (listen.ip.is_unspecified()) out.advertised = local_address_towards(o.towards);
  out.tls_certificate_file = o.tls_certificate_file;
  out.tls_key_file = o.tls_key_file;
  out.tls_ca_file = o.tls_ca_file;
  out.tls_verify_server = o.tls_verify;
  out.user_agent = "Tandem phone";
  return out;
}

media::EngineOptions engine_options(const StationOptions& o, const model::IpAddress& own) {
  media::EngineOptions out;
  out.workers = o.media_workers;
  out.port_min = o.media_port_min;
  out.port_max = o.media_port_max;
  out.addresses.push_back(own);
  return out;
}

}  // namespace

struct Station::Impl {
  Impl(const StationOptions& o, const Clock& clock)
      : log(o.verbose ? make_log({LogLevel::debug, "", false}) : Log()),
        pool("phone-blocking", 2, 4096),
        loop("phone", clock),
        switchboard(loop) {}

  // What is below borrows what is above.
  Metrics metrics;
  Log log;
  runtime::BlockingPool pool;
  NoFetcher fetcher;
  runtime::Loop loop;
  Switchboard switchboard;
  std::unique_ptr<media::PromptLibrary> library;
  std::unique_ptr<speech::Synthesizer> synthesizer;
  std::unique_ptr<ProductSounds> sounds;
  std::unique_ptr<media::Engine> engine;
  std::unique_ptr<sip::Agent> agent;
};

Station::Station(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Result<std::unique_ptr<Station>, std::string> Station::open(const StationOptions& options,
                                                            const Clock& clock) {
  const model::SocketAddress listen =
      options.listen.value_or(model::SocketAddress{local_address_towards(options.towards), 0});
  const model::IpAddress own =
      listen.ip.is_unspecified() ? local_address_towards(options.towards) : listen.ip;
  auto impl = std::make_unique<Impl>(options, clock);
  Impl& s = *impl;
  media::PromptLibraryOptions library;
  library.prompt_folder = "/";
  s.library =
      media::make_prompt_library(library, s.pool, s.fetcher, s.loop, clock, s.log.with("prompts"), s.metrics);
  if (options.speech) {
    s.synthesizer = speech::make_synthesizer({}, s.pool, s.loop, clock, s.log.with("speech"), s.metrics);
  }
  s.sounds = std::make_unique<ProductSounds>(*s.library, s.synthesizer.get());
  s.engine = media::make_engine(engine_options(options, own), s.switchboard, s.loop, s.pool, clock,
                                s.log.with("media"), s.metrics);
  std::unique_ptr<Station> station(new Station(std::move(impl)));
  auto agent = sip::make_agent(agent_options(options, listen), s.switchboard, s.loop, clock,
                               s.log.with("sip"), s.metrics);
  if (!agent) return Err(agent.error().detail);
  s.agent = std::move(*agent);
  station->run_on_loop([&s] { s.switchboard.attach(s.agent.get(), s.engine.get(), s.sounds.get()); });
  return station;
}

Station::~Station() {
  // Nobody listens any more; then the legs are ended in an orderly way, and the media goes last.
  run_on_loop([this] {
    impl_->switchboard.attach(nullptr, nullptr, nullptr);
    impl_->switchboard.clear();
  });
  impl_->agent.reset();
  run_on_loop([this] { impl_->engine.reset(); });
  impl_->loop.stop();
}

void Station::run_on_loop(Function<void()> task) {
  std::promise<void> ran;
  impl_->loop.post([&] {
    task();
    ran.set_value();
  });
  ran.get_future().wait();
}

runtime::TimerExecutor& Station::loop() {
  return impl_->loop;
}
Switchboard& Station::switchboard() {
  return impl_->switchboard;
}
std::vector<sip::Agent::Listening> Station::listening() const {
  return impl_->agent->listening();
}

}  // namespace tandem::phone
