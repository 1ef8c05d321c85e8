// The command line of `tandem phone`, and what it shares with `tandem load`.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "model/socket_address.h"
#include "server/phone/script.h"
#include "sip/api/agent.h"

namespace CLI {  // NOLINT(readability-identifier-naming)
class App;
}

namespace tandem::phone {

/// What a station of phones is made from.
struct StationOptions {
  sip::Transport transport = sip::Transport::udp;
  std::optional<model::SocketAddress>
      listen;                ///< Else the address that reaches the target, with a free port.
  model::IpAddress towards;  ///< Whom media will go to; unspecified when only answering.
  std::string tls_certificate_file;
  std::string tls_key_file;
  std::string tls_ca_file;
  bool tls_verify = true;
  bool verbose = false;
  bool speech = false;  ///< Some script speaks.
  std::size_t media_workers = 1;
  std::uint16_t media_port_min = 40'000;  ///< Apart from the server's own, which may run on the same machine.
  std::uint16_t media_port_max = 59'998;
};

struct PhoneOptions {
  StationOptions station;
  Script script;
  bool answer = false;
  std::string record_file;
  bool json = false;
};

/// Text for people and the exit code to leave with (0: help was asked for).
struct Usage {
  std::string text;
  int exit_code = 3;
};
[[nodiscard]] Result<PhoneOptions, Usage> parse_phone_options(int argc, const char* const* argv);

/// Holds the texts of a CLI::App's options until finish() makes values of them.
class CommonOptions {
 public:
  /// Adds the options of station and script. `this` must stay in place until the app has parsed.
  void add_to(CLI::App& app);
  /// After parsing; the error says which option is wrong.
  [[nodiscard]] Result<Unit, std::string> finish(StationOptions& station, Script& script,
                                                 bool answering) const;

 private:
  std::string target_;
  std::string transport_ = "udp";
  std::string listen_;
  std::string from_;
  std::string proxy_;
  std::string auth_;
  std::vector<std::string> codecs_;
  std::vector<std::string> headers_;
  std::vector<Step> steps_;
  std::optional<double> hangup_after_s_;
  double timeout_s_ = 120;
  std::string tls_certificate_file_;
  std::string tls_key_file_;
  std::string tls_ca_file_;
  bool tls_insecure_ = false;
  bool verbose_ = false;
};

/// "440" or "440:300"; null when it is not that, or beyond 20 to 3800 Hz.
[[nodiscard]] std::optional<ToneExpectation> parse_tone(const std::string& text, Millis default_duration);
/// Host of a SIP URI as an address: literals, and names through the system's resolver (blocks).
[[nodiscard]] std::optional<model::IpAddress> host_address(const std::string& uri);
/// The local address that the kernel takes towards `peer`; loopback when there is no route.
[[nodiscard]] model::IpAddress local_address_towards(const model::IpAddress& peer);

}  // namespace tandem::phone
