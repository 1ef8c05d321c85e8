#include "server/phone/options.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>

namespace tandem::phone {
namespace {

using model::Codec;

CLI::Option* step(CLI::App& app, std::vector<Step>& steps, const std::string& name, const std::string& help,
                  std::function<Step(const std::string&)> make) {
  // Run at each occurrence, so that steps stay in the order of the command line.
  return app
      .add_option_function<std::string>(
          name,
          [&steps, make = std::move(make)](const std::string& text) {
            if (steps.size() >= 1000) throw CLI::ValidationError("more than 1000 steps");
            steps.push_back(make(text));
          },
          help)
      ->trigger_on_parse()
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast)
      ->group("Steps, in the order given, from the answer on");
}

Millis milliseconds(const std::string& name, const std::string& text) {
  std::int64_t ms = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), ms);
  if (text.empty() || error != std::errc() || end != text.data() + text.size() || ms < 0 || ms > 86'400'000) {
    throw CLI::ValidationError(name, "needs milliseconds");
  }
  return Millis(ms);
}

DigitsStep digits(const std::string& text) {
  if (text.empty() || text.size() > 500 ||
      text.find_first_not_of("0123456789*#ABCDabcdwW") != std::string::npos) {
    throw CLI::ValidationError("--digits", "takes 0-9 * # A-D, w (0.5 s) and W (1 s)");
  }
  return {text};
}

ToneStep tone(const std::string& text) {
  const auto parsed = parse_tone(text, Millis{2000});
  if (!parsed) throw CLI::ValidationError("--tone", "takes HZ[:MS], 20 to 3800 Hz");
  return {parsed->hz, parsed->at_least};
}

void add_steps(CLI::App& app, std::vector<Step>& steps) {
  step(app, steps, "--say", "Speak this text", [](const std::string& t) -> Step { return SayStep{t}; });
  step(app, steps, "--play", "Play this audio file (WAV, MP3, FLAC, Ogg)",
       [](const std::string& t) -> Step { return PlayStep{t}; });
  step(app, steps, "--tone", "Play a tone: HZ[:MS], 2000 ms without",
       [](const std::string& t) -> Step { return tone(t); });
  step(app, steps, "--digits", "Send digits: 0-9 * # A-D, w and W pause 0.5 and 1 s",
       [](const std::string& t) -> Step { return digits(t); });
  step(app, steps, "--wait-silence", "Wait until nothing was heard for MS",
       [](const std::string& t) -> Step { return WaitSilenceStep{milliseconds("--wait-silence", t)}; });
  step(app, steps, "--pause", "Wait for MS",
       [](const std::string& t) -> Step { return PauseStep{milliseconds("--pause", t)}; });
  step(app, steps, "--wait-digits", "Wait until N digits came", [](const std::string& t) -> Step {
    return WaitDigitsStep{static_cast<std::size_t>(milliseconds("--wait-digits", t).count())};
  });
  app.add_flag_callback(
         "--wait-for-audio", [&steps] { steps.emplace_back(WaitAudioStep{}); },
         "Wait until something is heard")
      ->trigger_on_parse()
      ->group("Steps, in the order given, from the answer on");
}

std::optional<Codec> codec_named(std::string name) {
  std::transform(name.begin(), name.end(), name.begin(),
                 [](char c) { return static_cast<char>(std::toupper(static_cast<unsigned char>(c))); });
  for (const Codec c : {Codec::pcmu, Codec::pcma, Codec::g722}) {
    if (name == model::traits(c).encoding_name) return c;
  }
  return std::nullopt;
}

std::optional<sip::Transport> transport_named(const std::string& name) {
  for (const auto t : {sip::Transport::udp, sip::Transport::tcp, sip::Transport::tls}) {
    if (name == sip::to_string(t)) return t;
  }
  return std::nullopt;
}

std::string bracketed(const model::IpAddress& ip) {
  return ip.family == model::IpAddress::Family::v6 ? "[" + ip.str() + "]" : ip.str();
}

}  // namespace

std::optional<ToneExpectation> parse_tone(const std::string& text, Millis default_duration) {
  ToneExpectation out{0, default_duration};
  const std::size_t colon = text.find(':');
  const std::string hz = text.substr(0, colon);
  const auto [end, error] = std::from_chars(hz.data(), hz.data() + hz.size(), out.hz);
  if (hz.empty() || error != std::errc() || end != hz.data() + hz.size() ||
      !(out.hz >= 20 && out.hz <= 3800)) {
    return std::nullopt;
  }
  if (colon == std::string::npos) return out;
  std::int64_t ms = 0;
  const std::string rest = text.substr(colon + 1);
  const auto [ms_end, ms_error] = std::from_chars(rest.data(), rest.data() + rest.size(), ms);
  if (rest.empty() || ms_error != std::errc() || ms_end != rest.data() + rest.size() || ms < 1 ||
      ms > 3'600'000) {
    return std::nullopt;
  }
  out.at_least = Millis(ms);
  return out;
}

void CommonOptions::add_to(CLI::App& app) {
  app.add_option("target", target_, "Whom to call: sip:user@host[:port]");
  app.add_option("--transport", transport_, "udp, tcp or tls")->capture_default_str();
  app.add_option("--listen", listen_, "Own SIP address, ADDR:PORT; port 0 takes a free one");
  app.add_option("--from", from_, "Own number or SIP URI");
  app.add_option("--proxy", proxy_, "Send calls here: sip:host:port;transport=tcp");
  app.add_option("--auth", auth_, "Answer digest challenges as USER:PASSWORD");
  app.add_option("--codec", codecs_, "PCMU, PCMA or G722, in order of preference")
      ->delimiter(',')
      ->allow_extra_args(false);
  app.add_option("--header", headers_, "Add 'Name: value' to the INVITE")->allow_extra_args(false);
  app.add_option("--hangup-after", hangup_after_s_,
                 "Hang up so many seconds after the last step, or after the answer if there is none");
  app.add_option("--timeout", timeout_s_, "Give up after so many seconds; 0: never")->capture_default_str();
  app.add_option("--tls-cert", tls_certificate_file_, "Own certificate chain, PEM");
  app.add_option("--tls-key", tls_key_file_, "Its key, PEM");
  app.add_option("--tls-ca", tls_ca_file_, "Trusted roots, PEM");
  app.add_flag("--tls-insecure", tls_insecure_, "Trust every certificate");
  app.add_flag("--verbose", verbose_, "Log what the modules do");
  add_steps(app, steps_);
}

Result<Unit, std::string> CommonOptions::finish(StationOptions& station, Script& script,
                                                bool answering) const {
  const auto transport = transport_named(transport_);
  if (!transport) return Err(std::string("--transport: udp, tcp or tls"));
  station.transport = *transport;
  if (!listen_.empty()) {
    station.listen = model::SocketAddress::parse(listen_);
    if (!station.listen) return Err(std::string("--listen: needs ADDR:PORT, for example 127.0.0.1:5070"));
  }
  if (target_.empty() == !answering) return Err(std::string("needs either a target or --answer"));
  if (!answering) {
    if (!target_.starts_with("sip:") && !target_.starts_with("sips:")) {
      return Err(std::string("target: must begin with sip: or sips:"));
    }
    const auto towards = host_address(proxy_.empty() ? target_ : proxy_);
    if (!towards) return Err(std::string("target: its host cannot be resolved"));
    station.towards = *towards;
    script.target_uri = target_;
    const bool says_transport =
        target_.find(";transport=") != std::string::npos || target_.starts_with("sips:");
    if (*transport != sip::Transport::udp && !says_transport) script.target_uri += ";transport=" + transport_;
  }
  script.outbound_proxy = proxy_;
  const model::IpAddress own = station.listen && !station.listen->ip.is_unspecified()
                                   ? station.listen->ip
                                   : local_address_towards(station.towards);
  const std::string user = from_.empty() ? "phone" : from_;
  script.from_uri =
      from_.starts_with("sip:") || from_.starts_with("sips:") ? from_ : "sip:" + user + "@" + bracketed(own);
  if (!auth_.empty()) {
    const std::size_t colon = auth_.find(':');
    if (colon == std::string::npos || colon == 0) return Err(std::string("--auth: needs USER:PASSWORD"));
    script.credentials = sip::Credentials{auth_.substr(0, colon), auth_.substr(colon + 1), ""};
  }
  if (!codecs_.empty()) script.codecs.clear();
  for (const std::string& name : codecs_) {
    const auto codec = codec_named(name);
    if (!codec) return Err("--codec: " + name + " is none of PCMU, PCMA, G722");
    script.codecs.push_back(*codec);
  }
  for (const std::string& line : headers_) {
    const std::size_t colon = line.find(':');
    if (colon == std::string::npos || colon == 0) return Err(std::string("--header: needs 'Name: value'"));
    const std::size_t value = line.find_first_not_of(' ', colon + 1);
    script.headers.emplace_back(line.substr(0, colon), value == std::string::npos ? "" : line.substr(value));
  }
  if (hangup_after_s_) script.hangup_after = Millis(static_cast<std::int64_t>(*hangup_after_s_ * 1000));
  script.timeout = Millis(static_cast<std::int64_t>(timeout_s_ * 1000));
  script.steps = steps_;
  station.tls_certificate_file = tls_certificate_file_;
  station.tls_key_file = tls_key_file_;
  station.tls_ca_file = tls_ca_file_;
  station.tls_verify = !tls_insecure_;
  station.verbose = verbose_;
  station.speech = std::any_of(steps_.begin(), steps_.end(),
                               [](const Step& s) { return std::holds_alternative<SayStep>(s); });
  return Unit{};
}

Result<PhoneOptions, Usage> parse_phone_options(int argc, const char* const* argv) {
  CLI::App app{
      "A scriptable terminal softphone: dials or answers, speaks, sends digits, and judges what it hears.\n"
      "Exit code: 0 as expected, 1 an expectation was not met, 2 the call failed, 3 wrong usage.",
      "tandem phone"};
  PhoneOptions out;
  CommonOptions common;
  common.add_to(app);
  std::vector<std::string> tones;
  std::int64_t ring_ms = 0;
  app.add_flag("--answer", out.answer, "Wait for a call instead of placing one");
  app.add_option("--ring-for", ring_ms, "Ring for MS before answering")->check(CLI::Range(0, 600'000));
  app.add_option("--reject", out.script.reject_code, "Answer the call with this code")
      ->check(CLI::Range(300, 699));
  app.add_option("--record", out.record_file, "Write what was heard to this WAV file");
  app.add_option("--expect-tone", tones, "HZ[:MIN_MS] must be heard")->allow_extra_args(false);
  app.add_option("--expect-digits", out.script.expect_digits, "Exactly these digits must come");
  app.add_option("--expect-code", out.script.expect_code, "Final response of the INVITE")
      ->capture_default_str();
  app.add_flag("--json", out.json, "Print the time line as JSON lines");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    if (e.get_exit_code() == 0) return Err(Usage{app.help(), 0});
    return Err(Usage{std::string("tandem phone: ") + e.what() + "\n", 3});
  }
  for (const std::string& text : tones) {
    const auto tone = parse_tone(text, Millis{200});
    if (!tone) return Err(Usage{"tandem phone: --expect-tone: takes HZ[:MIN_MS], 20 to 3800 Hz\n", 3});
    out.script.expect_tones.push_back(*tone);
  }
  if (const auto done = common.finish(out.station, out.script, out.answer); !done) {
    return Err(Usage{"tandem phone: " + done.error() + "\n", 3});
  }
  out.script.ring_for = Millis(ring_ms);
  out.script.record = !out.record_file.empty();
  return out;
}

}  // namespace tandem::phone
