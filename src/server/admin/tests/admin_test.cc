#include "server/admin/admin.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "server/admin/print.h"
#include "sip/digest/digest.h"
#include "store/sql/open_store.h"

namespace tandem::server {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class AdminTest : public ::testing::Test {
 protected:
  AdminTest() {
    std::string name = (std::filesystem::temp_directory_path() / "tandem-test-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
    std::ofstream(folder_ + "/t.toml") << "data_dir = \"" << folder_ << "/data\"\n";
  }
  ~AdminTest() override { std::filesystem::remove_all(folder_); }
  /// Runs the command and returns its standard output without the last line end; code_ and err_ hold the
  /// rest.
  std::string run(std::vector<std::string> args) {
    args.insert(args.begin(), {"admin", "--config", folder_ + "/t.toml"});
    std::vector<char*> argv;
    for (auto& a : args) argv.push_back(a.data());
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    code_ = run_admin(static_cast<int>(argv.size()), argv.data());
    err_ = testing::internal::GetCapturedStderr();
    std::string out = testing::internal::GetCapturedStdout();
    if (out.ends_with('\n')) out.pop_back();
    return out;
  }
  std::string folder_;
  int code_ = -1;
  std::string err_;
};

TEST_F(AdminTest, ProvisionsFromAccountToNumberAndBack) {
  const std::string account = run({"account", "create", "--name", "Acme"});
  EXPECT_EQ(code_, 0) << err_;
  EXPECT_THAT(account, StartsWith("AC"));
  const std::string app =
      run({"application", "create", "--account", account, "--name", "main", "--url", "ws://127.0.0.1:3000/"});
  EXPECT_THAT(app, StartsWith("AP"));
  const std::string number = run({"number", "create", "--did", "+15550199", "--application", app});
  EXPECT_THAT(number, StartsWith("PN")) << err_;
  EXPECT_THAT(
      run({"number", "create", "--did", "+1666", "--prefix", "--ani", "+1212*", "--application", app}),
      StartsWith("PN"));
  EXPECT_THAT(run({"domain", "create", "--name", "acme.example", "--application", app}), StartsWith("DO"));
  EXPECT_THAT(run({"trunk", "create", "--name", "t", "--address", "192.0.2.0/24", "--address", "::1",
                   "--account", account}),
              StartsWith("TK"));
  const std::string numbers = run({"number", "list"});
  EXPECT_THAT(numbers, HasSubstr("+15550199"));
  EXPECT_THAT(numbers, HasSubstr("+1212*"));
  EXPECT_THAT(run({"trunk", "list", "--json"}), HasSubstr(R"("addresses":["192.0.2.0/24","::1/128"])"));
  EXPECT_THAT(run({"account", "list"}), Not(HasSubstr("secret")));
  EXPECT_THAT(run({"--json", "account", "list"}), HasSubstr("webhook_secret"));
  run({"account", "delete", account});
  EXPECT_EQ(code_, 1);
  EXPECT_THAT(err_, HasSubstr("in_use"));
  EXPECT_EQ(run({"number", "delete", number}), "deleted " + number);
  EXPECT_EQ(code_, 0);
  run({"number", "delete", number});
  EXPECT_EQ(code_, 1);
  EXPECT_THAT(err_, HasSubstr("not_found"));
}

TEST_F(AdminTest, ErrorsNameTheField) {
  run({"account", "create", "--name", ""});
  EXPECT_EQ(code_, 1);
  EXPECT_THAT(err_, HasSubstr("invalid: name: must not be empty"));
  const std::string account = run({"account", "create", "--name", "A"});
  run({"account", "create", "--name", "A"});
  EXPECT_THAT(err_, HasSubstr("conflict: name"));
  run({"application", "create", "--account", account, "--name", "x", "--url", "ftp://x"});
  EXPECT_THAT(err_, HasSubstr("invalid: url: must begin with ws://"));
  run({"number", "create", "--did", "1", "--application", "APnone"});
  EXPECT_EQ(code_, 1);
  EXPECT_THAT(err_, HasSubstr("APnone"));
  run({"trunk", "create", "--name", "t", "--address", "example.com", "--account", account});
  EXPECT_THAT(err_, HasSubstr("example.com"));
}

TEST_F(AdminTest, WrongCommandLinesAreUsageErrors) {
  for (const std::vector<std::string>& args : std::vector<std::vector<std::string>>{{},
                                                                                    {"account"},
                                                                                    {"account", "create"},
                                                                                    {"nonsense"},
                                                                                    {"cdrs", "--limit", "0"},
                                                                                    {"number", "delete"}}) {
    run(args);
    EXPECT_EQ(code_, 2);
    EXPECT_NE(err_, "");
  }
  std::ofstream(folder_ + "/t.toml") << "data_dri = 1\n";
  run({"account", "list"});
  EXPECT_EQ(code_, 2);
  EXPECT_THAT(err_, HasSubstr("did you mean data_dir?"));
}

TEST_F(AdminTest, CdrsAreShownAndCannotWriteOnTheTerminal) {
  EXPECT_EQ(run({"cdrs"}), "(none)");
  auto store = std::move(store::open_store({"sqlite://" + folder_ + "/data/tandem.db", true})).value();
  store::Cdr c;
  c.id = model::CdrId("CD1"), c.call_id = model::CallId("CA1"), c.account_id = model::AccountId("AC1");
  c.from = "\x1b[31mevil\n", c.to = "+1555", c.codec = "PCMU";
  c.started = WallTime{std::chrono::milliseconds{1'767'225'600'042}}, c.duration_ms = 61'250;
  c.verdict.reason = model::EndReason::hangup, c.verdict.party = model::Party::caller,
  c.verdict.sip_code = 200;
  c.quality.packets_received = 10, c.quality.loss_percent = 1.25, c.quality.mos = 4.3;
  ASSERT_TRUE(store->write_cdrs({c}));
  const std::string text = run({"cdrs"});  // While another connection is open.
  EXPECT_THAT(text,
              HasSubstr("2026-01-01T00:00:00.042Z  ?[31mevil?  +1555  61.2s     hangup   caller  200  PCMU"));
  EXPECT_THAT(text, HasSubstr("4.3"));
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  const std::string json = run({"cdrs", "--json", "--account", "AC1"});
  EXPECT_THAT(json, HasSubstr(R"("from":"\u001b[31mevil\n")"));
  EXPECT_THAT(json, HasSubstr(R"("reason":"hangup","party":"caller","sip_code":200)"));
  EXPECT_EQ(run({"cdrs", "--account", "AC2"}), "(none)");
}

TEST_F(AdminTest, OutboundIsProvisioned) {
  const std::string account =
      run({"account", "create", "--name", "A", "--allowed-prefix", "49", "--allowed-prefix", "43"});
  const std::string application =
      run({"application", "create", "--account", account, "--name", "x", "--url", "ws://a/"});
  EXPECT_EQ(run({"account", "set", account, "--outbound-application", application,
                 "--max-outbound-calls-per-second", "2.5", "--intent-queue-size", "7"}),
            account);
  std::string json = run({"--json", "account", "list"});
  EXPECT_THAT(json, HasSubstr("\"outbound_application_id\":\"" + application + "\""));
  EXPECT_THAT(json, HasSubstr(R"("max_outbound_calls_per_second":2.5,"intent_queue_size":7)"));
  EXPECT_THAT(json, HasSubstr(R"("allowed_prefixes":["49","43"])"));
  EXPECT_THAT(json, HasSubstr(R"("name":"A")"));
  run({"application", "delete", application});
  EXPECT_THAT(err_, HasSubstr("1 of the accounts still refer to it"));
  run({"account", "set", "ACnone", "--name", "B"});
  EXPECT_THAT(err_, HasSubstr("not_found"));

  const std::string trunk = run({"trunk",          "create",
                                 "--name",         "t",
                                 "--account",      account,
                                 "--realm",        "Trunk.example",
                                 "--gateway",      "sbc.example:5070;transport=tls;priority=1;weight=3",
                                 "--gateway",      "[2001:db8::1];probe=no",
                                 "--username",     "u",
                                 "--password",     "hidden-secret",
                                 "--prefix",       "49",
                                 "--number-style", "national",
                                 "--country-code", "49",
                                 "--trunk-prefix", "0",
                                 "--caller-id",    "+4930",
                                 "--trusted",      "--register",
                                 "--registrar",    "sip:reg.example"});
  ASSERT_EQ(code_, 0) << err_;
  json = run({"--json", "trunk", "list"});
  EXPECT_THAT(json, HasSubstr(R"("realm":"trunk.example")"));
  EXPECT_THAT(json, HasSubstr("sbc.example:5070;transport=tls;priority=1;weight=3"));
  EXPECT_THAT(json, HasSubstr("[2001:db8::1];probe=no"));
  EXPECT_THAT(json, HasSubstr(R"("style":"national","country_code":"49","trunk_prefix":"0")"));
  EXPECT_THAT(json, Not(HasSubstr("hidden")));
  for (const char* bad :
       {"sbc:0", "sbc:x", "sbc;transport=sctp", "sbc;foo=1", "sbc;probe=maybe", "bad host", ""}) {
    run({"trunk", "create", "--name", "u", "--account", account, "--gateway", bad});
    EXPECT_EQ(code_, 1) << bad;
    EXPECT_THAT(err_, HasSubstr("gateway")) << bad;
  }
}

TEST_F(AdminTest, CredentialsAndKeys) {
  const std::string account = run({"account", "create", "--name", "A"});
  const std::string application =
      run({"application", "create", "--account", account, "--name", "x", "--url", "ws://a/"});
  const std::string domain =
      run({"domain", "create", "--name", "acme.example", "--application", application});
  const std::string id = run(
      {"credential", "create", "--domain", "acme.example", "--username", "bob", "--password", "zanzibar1"});
  EXPECT_THAT(id, StartsWith("CR"));
  EXPECT_THAT(run({"credential", "list"}), HasSubstr("bob"));
  EXPECT_THAT(run({"--json", "credential", "list"}), Not(HasSubstr("ha1")));
  auto store = std::move(store::open_store({"sqlite://" + folder_ + "/data/tandem.db", true})).value();
  const auto made = store->credentials({}).value().at(0);
  // RFC 2617's way: MD5 and SHA-256 of "bob:acme.example:zanzibar1".
  EXPECT_EQ(made.ha1_md5, sip::digest_ha1(sip::DigestAlgorithm::md5, "bob", "acme.example", "zanzibar1"));
  EXPECT_EQ(made.ha1_sha256,
            sip::digest_ha1(sip::DigestAlgorithm::sha256, "bob", "acme.example", "zanzibar1"));
  run({"credential", "create", "--domain", domain, "--username", "bob", "--password", "zanzibar1"});
  EXPECT_THAT(err_, HasSubstr("conflict"));
  run({"credential", "create", "--domain", domain, "--username", "al", "--password", "short"});
  EXPECT_THAT(err_, HasSubstr("password"));
  run({"credential", "create", "--username", "al", "--password", "long enough"});
  EXPECT_THAT(err_, HasSubstr("either --domain or --trunk"));
  run({"domain", "delete", domain});
  EXPECT_THAT(err_, HasSubstr("1 of the credentials"));
  EXPECT_EQ(run({"credential", "delete", id}), "deleted " + id);

  const std::string token = run({"api-key", "create", "--account", account, "--name", "ci", "--scope",
                                 "calls:write", "--scope", "worker", "--expires-days", "1"});
  EXPECT_THAT(token, StartsWith("AK"));
  const std::string key = token.substr(0, token.find('.'));
  EXPECT_THAT(run({"api-key", "list"}), HasSubstr("calls:write worker"));
  EXPECT_THAT(run({"--json", "api-key", "list"}), Not(HasSubstr(token.substr(token.find('.') + 1))));
  const store::RoutingTable table(store->rules().value());
  const WallTime now = table.api_key(model::ApiKeyId(key))->created;
  EXPECT_TRUE(store::authenticate(table, token, now));
  EXPECT_EQ(run({"api-key", "revoke", key}), "revoked " + key);
  const store::RoutingTable later(store->rules().value());
  EXPECT_EQ(store::authenticate(later, token, now).error(), store::ApiKeyError::revoked);
  run({"api-key", "create", "--account", account, "--name", "x", "--scope", "everything"});
  EXPECT_THAT(err_, HasSubstr("everything"));
  run({"api-key", "create", "--name", "x", "--scope", "calls:read"});
  EXPECT_THAT(err_, HasSubstr("account_id"));
}

TEST_F(AdminTest, QueuesAreProvisioned) {
  const std::string account = run({"account", "create", "--name", "A", "--queues-on-first-use", "false"});
  EXPECT_THAT(run({"--json", "account", "list"}), HasSubstr(R"("queues_on_first_use":false)"));
  const std::string queue = run({"queue", "create", "--account", account, "--name", "support", "--max-size",
                                 "5", "--max-wait-ms", "60000", "--overflow", "queue", "--overflow-queue",
                                 "reserve", "--wait-url", "https://a.example/m.mp3", "--order", "arrival"});
  ASSERT_EQ(code_, 0) << err_;
  EXPECT_EQ(run({"queue", "set", queue, "--overflow", "hangup", "--max-size", "6"}), queue);
  const std::string json = run({"--json", "queue", "list", "--account", account});
  EXPECT_THAT(json, HasSubstr(R"("name":"support","max_size":6,"max_wait_ms":60000)"));
  EXPECT_THAT(json, HasSubstr(R"("overflow_action":"hangup","overflow_queue":"")"));
  EXPECT_THAT(json, HasSubstr(R"("wait_urls":["https://a.example/m.mp3"],"order":"arrival")"));
  run({"queue", "create", "--account", account, "--name", "support"});
  EXPECT_THAT(err_, HasSubstr("conflict"));
  run({"queue", "create", "--account", account, "--name", "bad name"});
  EXPECT_THAT(err_, HasSubstr("name"));
  EXPECT_EQ(run({"queue", "delete", queue}), "deleted " + queue);
  EXPECT_EQ(run({"queue", "list"}), "(none)");
}

}  // namespace
}  // namespace tandem::server
