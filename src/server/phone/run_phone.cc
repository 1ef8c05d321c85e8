#include "server/phone/run_phone.h"

#include <fmt/format.h>

#include <atomic>

#include "server/phone/options.h"
#include "server/phone/station.h"
#include "server/phone/timeline.h"
#include "server/phone/wait_for_end.h"
#include "server/phone/wav_file.h"

namespace tandem::phone {
namespace {

const char* name_of(Verdict v) {
  switch (v) {
    case Verdict::as_expected:
      return "as expected";
    case Verdict::unmet:
      return "not as expected";
    case Verdict::failed:
      break;
  }
  return "call failed";
}

std::string joined(const std::vector<std::string>& parts) {
  std::string out;
  for (const auto& p : parts) out += (out.empty() ? "" : "; ") + p;
  return out;
}

void print_result(Timeline& timeline, const Outcome& o) {
  std::string text = fmt::format("{}: {}", name_of(o.verdict), o.how);
  if (!o.unmet.empty()) text += "; " + joined(o.unmet);
  const auto& q = o.quality;
  if (q.packets_received > 0) {
    text += fmt::format("; {} packets heard, {:.1f} % lost, jitter {:.1f} ms, MOS {:.1f}", q.packets_received,
                        q.loss_percent, q.jitter_ms, q.mos);
  }
  timeline.add({"result",
                std::move(text),
                {{"verdict", name_of(o.verdict)},
                 {"exit_code", std::to_string(static_cast<int>(o.verdict))},
                 {"sip_code", std::to_string(o.sip_code)},
                 {"digits", o.digits},
                 {"setup_ms", o.setup ? std::to_string(o.setup->count()) : ""},
                 {"talked_ms", std::to_string(o.talked.count())},
                 {"unmet", joined(o.unmet)},
                 {"packets_received", std::to_string(q.packets_received)},
                 {"packets_lost", std::to_string(q.packets_lost)},
                 {"mos", fmt::format("{:.2f}", q.mos)}}});
}

/// One run of the subcommand: what loop and main thread share, in the order in which it must go.
class PhoneRun {
 public:
  PhoneRun(PhoneOptions options, const Clock& clock, WaitForEnd& end, Station& station)
      : options_(std::move(options)), end_(end), station_(station), timeline_(stdout, options_.json, clock) {}

  int run() {
    for (const auto& l : station_.listening()) {
      timeline_.add(
          {"listening",
           fmt::format("listening on {} ({})", l.address.str(), sip::to_string(l.transport)),
           {{"address", l.address.str()}, {"transport", std::string(sip::to_string(l.transport))}}});
    }
    station_.loop().post([this] { begin(); });
    const bool finished = end_.wait([this] {
      station_.loop().post([this] {
        if (station_.switchboard().phones() == 0) return no_call("interrupted");
        station_.switchboard().give_up_all("interrupted");
      });
    });
    return finished ? exit_code_.load() : static_cast<int>(Verdict::failed);
  }

 private:
  void begin() {
    auto done = [this](const Phone& phone) { finish(phone); };
    if (!options_.answer) {
      station_.switchboard().call(options_.script, options_.station.towards, timeline_, done);
      return;
    }
    station_.switchboard().await_call(options_.script, timeline_, done);
    if (options_.script.timeout <= Millis{0}) return;
    station_.loop().after(options_.script.timeout, [this] {
      if (station_.switchboard().phones() == 0) no_call("no call came");
    });
  }

  void finish(const Phone& phone) {
    Outcome outcome = phone.outcome();
    if (!options_.record_file.empty()) {
      const auto written =
          write_wav(options_.record_file, phone.ear().recording(), phone.ear().recording_rate());
      if (!written) {
        outcome.unmet.push_back("recording: " + written.error());
        if (outcome.verdict == Verdict::as_expected) outcome.verdict = Verdict::unmet;
      } else {
        timeline_.add({"recorded", "recorded " + options_.record_file, {{"file", options_.record_file}}});
      }
    }
    print_result(timeline_, outcome);
    exit_code_ = static_cast<int>(outcome.verdict);
    end_.done();
  }

  void no_call(const char* why) {
    Outcome outcome;
    outcome.how = why;
    print_result(timeline_, outcome);
    exit_code_ = static_cast<int>(outcome.verdict);
    end_.done();
  }

  const PhoneOptions options_;
  WaitForEnd& end_;
  Station& station_;
  PrintedTimeline timeline_;
  std::atomic<int> exit_code_{static_cast<int>(Verdict::failed)};
};

}  // namespace

int run_phone(int argc, char** argv) {
  auto options = parse_phone_options(argc, argv);
  if (!options) {
    std::fputs(options.error().text.c_str(), options.error().exit_code == 0 ? stdout : stderr);
    return options.error().exit_code;
  }
  const SystemClock clock;
  WaitForEnd end;
  auto station = Station::open(options->station, clock);
  if (!station) {
    fmt::print(stderr, "tandem phone: {}\n", station.error());
    return static_cast<int>(Verdict::failed);
  }
  PhoneRun run(std::move(*options), clock, end, **station);
  const int code = run.run();
  station->reset();  // Before `run`, on whose time line late events would be written.
  return code;
}

}  // namespace tandem::phone
