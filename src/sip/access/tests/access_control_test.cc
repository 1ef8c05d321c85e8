#include "sip/access/access_control.h"

#include <gtest/gtest.h>

#include <map>

namespace tandem::sip {
namespace {

using namespace std::chrono_literals;

class FakeDirectory final : public AccessDirectory {
 public:
  void add(const std::string& realm, const std::string& user, const std::string& password,
           bool trunk = false) {
    Secrets s;
    s.ha1_md5 = digest_ha1(DigestAlgorithm::md5, user, realm, password);
    s.ha1_sha256 = digest_ha1(DigestAlgorithm::sha256, user, realm, password);
    s.account_id = model::AccountId("AC1");
    if (trunk) s.trunk_id = model::TrunkId("TK1");
    users_[realm][user] = s;
  }
  [[nodiscard]] bool is_realm(std::string_view host) const override {
    return users_.contains(std::string(host));
  }
  [[nodiscard]] std::optional<Secrets> find(std::string_view realm,
                                            std::string_view username) const override {
    const auto domain = users_.find(std::string(realm));
    if (domain == users_.end()) return std::nullopt;
    const auto user = domain->second.find(std::string(username));
    return user == domain->second.end() ? std::nullopt : std::optional(user->second);
  }
  [[nodiscard]] bool is_trusted(const model::IpAddress& source) const override {
    return source == *model::IpAddress::parse("192.0.2.99");
  }

 private:
  std::map<std::string, std::map<std::string, Secrets>> users_;
};

class AccessTest : public testing::Test {
 protected:
  AccessTest() {
    directory_.add("acme.example", "alice", "pass");
    directory_.add("acme.example", "bob", "secret");
    directory_.add("trunk.example", "pbx", "deep", true);
  }

  AccessRequest request(const std::string& user, const std::string& proof = "",
                        const std::string& ip = "192.0.2.1", const std::string& host = "acme.example") {
    AccessRequest out;
    out.method = "REGISTER";
    out.uri = "sip:acme.example";
    out.claimed_user = user;
    out.claimed_host = host;
    if (!proof.empty()) out.proofs = {proof};
    out.source = *model::IpAddress::parse(ip);
    return out;
  }
  std::vector<std::string> challenges(const std::string& ip = "192.0.2.1") {
    return std::get<Challenged>(access_.check_register(request("alice", "", ip))).values;
  }
  static std::string proof(const std::vector<std::string>& values, const std::string& user,
                           const std::string& password, std::uint32_t count = 1,
                           const std::string& method = "REGISTER") {
    const auto answer =
        answer_digest(values, {user, password, "", method, "sip:acme.example", "", count, ""});
    return answer ? answer->authorization : "";
  }
  AccessVerdict attempt(const std::string& user, const std::string& password,
                        const std::string& ip = "192.0.2.1") {
    const auto first = access_.check_register(request(user, "", ip));
    if (!std::holds_alternative<Challenged>(first)) return first;
    return access_.check_register(
        request(user, proof(std::get<Challenged>(first).values, user, password), ip));
  }
  static bool admitted(const AccessVerdict& v) { return std::holds_alternative<Admitted>(v); }
  static bool stale(const AccessVerdict& v) {
    const auto* c = std::get_if<Challenged>(&v);
    return c != nullptr && c->values[0].find("stale=true") != std::string::npos;
  }
  static int refused(const AccessVerdict& v) {
    const auto* r = std::get_if<Refused>(&v);
    return r == nullptr ? 0 : r->sip_code;
  }

  ManualClock clock_;
  FakeDirectory directory_;
  AccessControl access_{directory_, AccessPolicy{}, clock_};
};

TEST_F(AccessTest, ProvesBySha256AndMd5) {
  const auto values = challenges();
  ASSERT_EQ(values.size(), 2U);
  EXPECT_NE(values[0].find("SHA-256"), std::string::npos);
  EXPECT_NE(values[1].find("MD5"), std::string::npos);
  for (const auto& value : values) {
    const auto verdict = access_.check_register(request("alice", proof({value}, "alice", "pass")));
    ASSERT_TRUE(admitted(verdict));
    EXPECT_EQ(std::get<Admitted>(verdict).who->username, "alice");
    EXPECT_EQ(std::get<Admitted>(verdict).who->realm, "acme.example");
    EXPECT_EQ(std::get<Admitted>(verdict).identity.account_id.str(), "AC1");
    EXPECT_EQ(std::get<Admitted>(verdict).identity.ha1_md5, "");
  }
}

TEST_F(AccessTest, UnknownUserAndWrongPasswordLookTheSame) {
  const auto shape = [](const AccessVerdict& v) {
    std::string out;
    for (std::string value : std::get<Challenged>(v).values) {
      const std::size_t at = value.find("nonce=\"") + 7;
      out += value.erase(at, value.find('"', at) - at) + "\n";
    }
    return out;
  };
  const auto wrong = attempt("alice", "guess");
  const auto unknown = attempt("nobody", "guess");
  const auto first = access_.check_register(request("zoe"));
  EXPECT_EQ(shape(wrong), shape(unknown));
  EXPECT_EQ(shape(wrong), shape(first));
  EXPECT_FALSE(stale(wrong));
}

TEST_F(AccessTest, RefusesOtherDomainsAndOtherNames) {
  EXPECT_EQ(refused(access_.check_register(request("alice", "", "192.0.2.1", "elsewhere.example"))), 403);
  EXPECT_EQ(refused(access_.check_register(request("bob", proof(challenges(), "alice", "pass")))), 403);
  EXPECT_TRUE(admitted(access_.check_register(
      request("alice", proof(challenges(), "alice", "pass"), "192.0.2.1", "ACME.example."))));
}

TEST_F(AccessTest, RefusesReplays) {
  const auto values = challenges();
  const std::string once = proof(values, "alice", "pass");
  EXPECT_TRUE(admitted(access_.check_register(request("alice", once))));
  EXPECT_TRUE(stale(access_.check_register(request("alice", once))));
  EXPECT_TRUE(admitted(access_.check_register(request("alice", proof(values, "alice", "pass", 2)))));
  clock_.advance(301s);
  EXPECT_TRUE(stale(access_.check_register(request("alice", proof(values, "alice", "pass", 3)))));
}

TEST_F(AccessTest, NoncesOfAnotherLifeAreStale) {
  AccessControl other(directory_, AccessPolicy{}, clock_);
  const auto values = std::get<Challenged>(other.check_register(request("alice"))).values;
  EXPECT_TRUE(stale(access_.check_register(request("alice", proof(values, "alice", "pass")))));
  EXPECT_EQ(access_.counts().failed, 0U);
}

TEST_F(AccessTest, CallersFromOurDomainsProveThemselves) {
  AccessRequest call = request("alice");
  call.method = "INVITE";
  EXPECT_TRUE(std::holds_alternative<Challenged>(access_.check_caller(call)));
  call.proofs = {proof(challenges(), "alice", "pass", 1, "INVITE")};
  EXPECT_TRUE(admitted(access_.check_caller(call)));
  call.claimed_user = "bob";
  call.proofs = {proof(challenges(), "alice", "pass", 1, "INVITE")};
  EXPECT_EQ(refused(access_.check_caller(call)), 403);

  AccessRequest stranger = request("someone", "", "192.0.2.1", "elsewhere.example");
  EXPECT_FALSE(std::get<Admitted>(access_.check_caller(stranger)).who);
  AccessRequest trunk = request("alice", "", "192.0.2.99");
  EXPECT_FALSE(std::get<Admitted>(access_.check_caller(trunk)).who);
  EXPECT_TRUE(std::holds_alternative<Challenged>(access_.check_register(trunk)))
      << "REGISTER is always proven";
}

TEST_F(AccessTest, TrunksThatLogInCallFromAnyNumber) {
  AccessRequest call = request("+15550100", "", "192.0.2.1", "trunk.example");
  call.method = "INVITE";
  const auto values = std::get<Challenged>(access_.check_caller(call)).values;
  call.proofs = {proof(values, "pbx", "deep", 1, "INVITE")};
  EXPECT_EQ(std::get<Admitted>(access_.check_caller(call)).identity.trunk_id.str(), "TK1");
  // Unasked, from a host that is not ours.
  call.claimed_host = "10.0.0.5";
  call.proofs = {proof(values, "pbx", "deep", 2, "INVITE")};
  EXPECT_EQ(std::get<Admitted>(access_.check_caller(call)).who->username, "pbx");
  AccessRequest reg = request("+15550100", "", "192.0.2.1", "trunk.example");
  reg.proofs = {proof(values, "pbx", "deep", 3)};
  EXPECT_EQ(refused(access_.check_register(reg)), 403) << "but registers itself only";
}

TEST_F(AccessTest, GuessingFromOneAddressIsHeldUpAndLonger) {
  int tries = 0;
  while (!refused(attempt("user" + std::to_string(tries), "guess"))) ASSERT_LT(++tries, 100);
  EXPECT_EQ(tries, 31) << "the burst and the one that empties it";
  EXPECT_EQ(refused(attempt("alice", "pass")), 403) << "nobody is looked at";
  EXPECT_TRUE(admitted(attempt("alice", "pass", "192.0.2.2"))) << "others are not concerned";
  for (int i = 0; i < 30; ++i) (void)attempt("alice", "guess");
  EXPECT_TRUE(std::holds_alternative<Ignored>(attempt("alice", "guess"))) << "told often enough";
  clock_.advance(10s);
  EXPECT_TRUE(std::holds_alternative<Challenged>(attempt("alice", "guess"))) << "one more, or two,";
  (void)attempt("alice", "guess");
  clock_.advance(10s);
  EXPECT_EQ(refused(attempt("alice", "pass")), 403) << "then twice as long";
  clock_.advance(10s);
  EXPECT_TRUE(admitted(attempt("alice", "pass")));
}

TEST_F(AccessTest, FailuresCountForTheAddressThatGotTheNonce) {
  // One who cannot read what is sent to 192.0.2.1 cannot get it held up, whatever source he writes.
  const auto values = challenges("203.0.113.200");
  for (int i = 0; i < 200; ++i) {
    const std::string user = "user" + std::to_string(i);
    (void)access_.check_register(request(user, proof(values, user, "guess")));
  }
  EXPECT_TRUE(admitted(attempt("alice", "pass", "192.0.2.1")));
  EXPECT_TRUE(std::holds_alternative<Ignored>(access_.check_register(request("alice", "", "203.0.113.200"))));
}

TEST_F(AccessTest, GuessingOneUserFromManyAddressesLeavesHimIn) {
  EXPECT_TRUE(admitted(attempt("alice", "pass", "192.0.2.7")));
  for (int i = 0; i < 30; ++i) (void)attempt("alice", "guess", "198.51.100." + std::to_string(i));
  EXPECT_EQ(refused(attempt("alice", "pass", "198.51.100.77")), 403) << "from anywhere else he waits";
  EXPECT_TRUE(admitted(attempt("alice", "pass", "192.0.2.7")));
  for (int i = 0; i < 30; ++i) (void)attempt("nobody", "guess", "198.51.100." + std::to_string(i + 100));
  EXPECT_EQ(refused(attempt("nobody", "guess", "198.51.100.78")), 403) << "the same for one unknown";
}

TEST_F(AccessTest, MemoryIsBounded) {
  AccessPolicy small;
  small.max_tracked = 100;
  small.max_nonces = 50;
  FailureLimiter limiter(small.per_source, small.max_tracked, 1);
  for (int i = 0; i < 1000; ++i) limiter.fail(std::to_string(i), clock_.now());
  EXPECT_EQ(limiter.tracked(), 100U);
}

TEST_F(AccessTest, NonsenseIsChallenged) {
  for (const std::string& text : {std::string("Digest"), std::string("Basic YTpi"), std::string(10'000, 'x'),
                                  std::string("Digest username=\"alice\", realm=\"acme.example\"")}) {
    EXPECT_TRUE(std::holds_alternative<Challenged>(access_.check_register(request("alice", text))));
  }
  const std::string long_name(500, 'a');
  EXPECT_TRUE(std::holds_alternative<Challenged>(attempt(long_name, "guess")));
}

}  // namespace
}  // namespace tandem::sip
