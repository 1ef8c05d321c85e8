#include "server/settings/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>

#include "server/settings/reference.h"
#include "server/settings/setting_value.h"
#include "server/settings/toml_reader.h"

namespace tandem::server {
namespace {

using ::testing::HasSubstr;

std::vector<std::string> errors(std::string_view text,
                                const EnvironmentLookup& environment = no_environment()) {
  const auto result = parse_settings(text, "t.toml", environment);
  std::vector<std::string> out;
  if (!result) {
    for (const auto& e : result.error()) out.push_back(e.str());
  }
  return out;
}

TEST(Settings, EveryDefaultIsValid) {
  for (const auto& spec : setting_table()) {
    const auto parsed = read_toml("v = " + std::string(spec.fallback));
    ASSERT_TRUE(parsed) << spec.name;
    Settings s;
    EXPECT_EQ(assign(spec, parsed->at(0).value, s), "") << spec.name;
    EXPECT_FALSE(spec.help.empty()) << spec.name;
  }
  EXPECT_TRUE(parse_settings("", "", no_environment()));
}

TEST(Settings, DefaultsServeThisMachineOnly) {
  const Settings s;
  for (const auto& l : s.sip.listen) EXPECT_TRUE(l.address.ip.is_loopback());
  EXPECT_EQ(s.sip.listen.size(), 2U);
  EXPECT_EQ(s.sip.listen[0].address.str(), "127.0.0.1:5060");
  EXPECT_TRUE(s.http.listen.ip.is_loopback());
  EXPECT_TRUE(s.media.addresses.at(0).is_loopback());
  EXPECT_TRUE(s.net.allowed_addresses.empty());
  EXPECT_EQ(s.app.resume_ttl_ms, 30'000);
  EXPECT_EQ(store_url(s), "sqlite://tandem-data/tandem.db");
}

TEST(Settings, ReadsEveryKind) {
  const auto s = parse_settings(R"(
data_dir = "/var/lib/tandem"
[log]
level = "debug"
json = true
[sip]
listen = ["udp:192.0.2.1:5060", "tls:[2001:db8::1]:5061"]
advertised_address = "198.51.100.1"
tls_certificate = "c.pem"
tls_key = "k.pem"
max_invites_per_second = 12.5
[media]
addresses = ["192.0.2.1", "2001:db8::1"]
port_min = 30000
[http]
listen = "[::1]:9090"
[net]
allowed_addresses = ["127.0.0.0/8", "10.1.2.3"]
[call]
codecs = ["g722", "pcma"]
)",
                                "t.toml", no_environment());
  ASSERT_TRUE(s) << s.error()[0].str();
  EXPECT_EQ(s->log.level, LogLevel::debug);
  EXPECT_TRUE(s->log.json);
  EXPECT_EQ(s->sip.listen[1].transport, SipTransport::tls);
  EXPECT_EQ(s->sip.listen[1].address.str(), "[2001:db8::1]:5061");
  EXPECT_EQ(s->sip.advertised_address->str(), "198.51.100.1");
  EXPECT_DOUBLE_EQ(s->sip.max_invites_per_second, 12.5);
  EXPECT_EQ(s->media.addresses.size(), 2U);
  EXPECT_EQ(s->media.port_min, 30'000);
  EXPECT_EQ(s->http.listen.str(), "[::1]:9090");
  EXPECT_EQ(s->net.allowed_addresses.size(), 2U);
  EXPECT_EQ(s->call.codecs, (std::vector{model::Codec::g722, model::Codec::pcma}));
  EXPECT_EQ(store_url(*s), "sqlite:///var/lib/tandem/tandem.db");
}

TEST(Settings, TyposNameTheNearest) {
  EXPECT_THAT(errors("[sip]\nlisten_udp = 1\n\n[medai]\nworkers = 1\n"),
              testing::ElementsAre(
                  testing::StartsWith(
                      "t.toml:5: medai.workers: there is no such setting; did you mean media.workers?"),
                  testing::StartsWith(
                      "t.toml:2: sip.listen_udp: there is no such setting; did you mean sip.listen?")));
  EXPECT_THAT(errors("workers = 3"), testing::ElementsAre(HasSubstr("did you mean media.workers?")));
  EXPECT_THAT(errors("zzzzqqqqxxxx = 3"),
              testing::ElementsAre("t.toml:1: zzzzqqqqxxxx: there is no such setting"));
  EXPECT_THAT(errors("sip = 3"), testing::ElementsAre(HasSubstr("is a section")));
  EXPECT_TRUE(errors("[sip]\n[media]\n").empty());
  EXPECT_THAT(errors("[sip.listen.deeper]\na = 1\n"),
              testing::ElementsAre(HasSubstr("t.toml:1: sip.listen: must be")));
}

TEST(Settings, AllErrorsAtOnceWithLineAndWhatIsAllowed) {
  const auto list = errors(R"([media]
port_min = 80
workers = "four"
idle_packets = 1
addresses = ["localhost"]
[log]
level = "loud"
[sip]
listen = []
[net]
allowed_addresses = ["10.0.0.0/33"]
[http]
listen = "127.0.0.1"
)");
  EXPECT_THAT(list, testing::UnorderedElementsAre(
                        "t.toml:2: media.port_min: must be a whole number, 1024 to 65534, but is 80",
                        "t.toml:3: media.workers: must be a whole number, 0 to 256",
                        "t.toml:4: media.idle_packets: must be true or false",
                        HasSubstr("t.toml:5: media.addresses: \"localhost\" is not allowed"),
                        HasSubstr("t.toml:7: log.level: must be \"debug\""),
                        HasSubstr("t.toml:9: sip.listen: must be a list of 1 to 16"),
                        HasSubstr("t.toml:11: net.allowed_addresses: \"10.0.0.0/33\" is not allowed"),
                        HasSubstr("t.toml:13: http.listen: must be an address and a port")));
}

TEST(Settings, WhatOnlyTogetherMakesSense) {
  EXPECT_THAT(errors("[media]\nport_min = 30001\n"),
              testing::ElementsAre(HasSubstr("t.toml:2: media.port_min: must be even")));
  EXPECT_THAT(errors("[media]\nport_min = 40000\n"),
              testing::ElementsAre(HasSubstr("must not be below media.port_min")));
  EXPECT_THAT(errors("[media]\naddresses = [\"192.0.2.1\", \"192.0.2.2\"]\n"),
              testing::ElementsAre(HasSubstr("two of a kind")));
  EXPECT_THAT(errors("[media]\nadvertised_address_v4 = \"::1\"\n"),
              testing::ElementsAre(HasSubstr("must be an IPv4")));
  EXPECT_EQ(errors("[sip]\nlisten = [\"tls:0.0.0.0:5061\"]\n").size(), 2U);
  EXPECT_EQ(errors("[sip]\nsession_expires_s = 100\nmin_session_expires_s = 200\n").size(), 1U);
  EXPECT_EQ(errors("[http]\ntls_key = \"k\"\n").size(), 1U);
  EXPECT_EQ(errors("[sip]\nlisten = [\"udp:1.2.3.4:5060\", \"udp:1.2.3.4:5060\"]\n").size(), 1U);
}

TEST(Settings, SyntaxErrorsHaveALine) {
  EXPECT_THAT(errors("[sip]\nlisten = \n"), testing::ElementsAre(testing::StartsWith("t.toml:2: ")));
  EXPECT_THAT(errors("[sip]\n[sip]\n"), testing::ElementsAre(testing::StartsWith("t.toml:2: ")));
  EXPECT_EQ(errors(std::string(2 << 20, '#')).size(), 1U);
  EXPECT_EQ(errors(std::string_view("\0\xff\xfe", 3)).size(), 1U);
  EXPECT_EQ(errors("a = " + std::string(10'000, '[')).size(), 1U);
}

TEST(Settings, EnvironmentGoesBeforeTheFile) {
  const std::map<std::string, std::string> vars = {
      {"TANDEM_SIP_LISTEN", "udp:127.0.0.1:6060, tcp:127.0.0.1:6061"},
      {"TANDEM_MEDIA_WORKERS", "3"},
      {"TANDEM_LOG_JSON", "true"},
      {"TANDEM_DATA_DIR", "/x"},
      {"TANDEM_APP_MAX_OPS_PER_SECOND", "7.5"}};
  const auto lookup = [&](const std::string& n) {
    const auto it = vars.find(n);
    return it == vars.end() ? std::nullopt : std::optional(it->second);
  };
  const auto s = parse_settings("data_dir = \"/y\"\n", "t.toml", lookup);
  ASSERT_TRUE(s);
  EXPECT_EQ(s->sip.listen[1].address.port, 6061);
  EXPECT_EQ(s->media.workers, 3);
  EXPECT_TRUE(s->log.json);
  EXPECT_EQ(s->data_dir, "/x");
  EXPECT_DOUBLE_EQ(s->app.max_ops_per_second, 7.5);
  const auto bad = errors("", [](const std::string& n) {
    return n == "TANDEM_MEDIA_WORKERS" ? std::optional<std::string>("many") : std::nullopt;
  });
  EXPECT_THAT(
      bad, testing::ElementsAre(
               "environment variable TANDEM_MEDIA_WORKERS: media.workers: must be a whole number, 0 to 256"));
}

TEST(Settings, FilesThatCannotBeReadSaySo) {
  EXPECT_FALSE(load_settings("/nonexistent/x.toml", no_environment()));
  EXPECT_THAT(load_settings("/tmp", no_environment()).error()[0].str(), HasSubstr("is a folder"));
  EXPECT_TRUE(load_settings("", no_environment()));
}

std::string file_text(const std::string& path) {
  std::ifstream in(std::string(TANDEM_ROOT) + path);
  std::stringstream s;
  s << in.rdbuf();
  return s.str();
}

TEST(SettingsReference, FilesInTheTreeAreUpToDate) {
  EXPECT_EQ(file_text("/docs/reference/settings.md"), settings_markdown())
      << "run: tandem check --settings-markdown";
  EXPECT_EQ(file_text("/protocol/settings/settings.schema.json"), settings_schema())
      << "run: tandem check --settings-schema";
}

TEST(SettingsReference, NamesEverySetting) {
  for (const auto& spec : setting_table())
    EXPECT_THAT(settings_text(), HasSubstr(std::string(spec.name) + " = "));
}

}  // namespace
}  // namespace tandem::server
