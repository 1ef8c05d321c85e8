#include "sip/digest/digest_server.h"

#include <gtest/gtest.h>

namespace tandem::sip {
namespace {

class DigestServerTest : public testing::Test {
 protected:
  static DigestServerOptions options() {
    DigestServerOptions o;
    o.secret = "a secret of the node";
    return o;
  }

  [[nodiscard]] static std::string answer(const std::vector<std::string>& challenges, std::uint32_t count = 1,
                                          const std::string& password = "pass",
                                          const std::string& user = "alice") {
    const DigestRequest r{user, password, "tandem.example", "REGISTER", "sip:tandem.example", "", count, ""};
    const auto a = answer_digest(challenges, r);
    return a ? a->authorization : std::string();
  }

  Result<std::string, DigestFailure> verify(const std::string& authorization,
                                            std::string_view method = "REGISTER",
                                            std::string_view uri = "sip:tandem.example") {
    DigestServer::Lookup lookup = [](const std::string& user,
                                     DigestAlgorithm a) -> std::optional<std::string> {
      if (user != "alice") return std::nullopt;
      return digest_ha1(a, user, "tandem.example", "pass");
    };
    const auto claim = server_.read(authorization);
    if (!claim) return Err(claim.error());
    const auto proven = server_.verify(*claim, {"tandem.example", method, uri}, lookup);
    if (!proven) return Err(proven.error());
    return claim->username;
  }

  void expect(DigestFailure failure, const std::string& authorization) {
    const auto result = verify(authorization);
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(to_string(result.error()), to_string(failure));
  }

  ManualClock clock_;
  DigestServer server_{options(), clock_};
};

TEST_F(DigestServerTest, KnowsItsUser) {
  const auto challenges = server_.challenge("tandem.example", false);
  ASSERT_EQ(challenges.size(), 2U);
  EXPECT_NE(challenges[0].find("SHA-256"), std::string::npos);
  EXPECT_EQ(challenges[0].find("stale"), std::string::npos);
  EXPECT_NE(server_.challenge("tandem.example", true)[0].find("stale=true"), std::string::npos);
  EXPECT_EQ(verify(answer(challenges)).value_or("nobody"), "alice");
  EXPECT_EQ(verify(answer({challenges[1]})).value_or("nobody"), "alice") << "MD5";
}

TEST_F(DigestServerTest, RefusesTheWrong) {
  const auto challenges = server_.challenge("tandem.example", false);
  const std::string good = answer(challenges);
  expect(DigestFailure::wrong_secret, answer(challenges, 1, "guess"));
  expect(DigestFailure::wrong_secret, answer(challenges, 1, "pass", "mallory"));
  expect(DigestFailure::malformed, "");
  expect(DigestFailure::malformed, "Basic YTpi");
  expect(DigestFailure::malformed, "Digest username=\"alice\"");
  EXPECT_EQ(verify(good, "INVITE").error(), DigestFailure::wrong_secret) << "another method";
  EXPECT_EQ(verify(good, "REGISTER", "sip:elsewhere").error(), DigestFailure::other_uri);
  EXPECT_EQ(server_.nonces_in_use(), 0U) << "nothing is remembered of the unproven";

  const auto altered = [&](const std::string& what, const std::string& with) {
    std::string text = good;
    text.replace(text.find(what), what.size(), with);
    return text;
  };
  expect(DigestFailure::other_realm, altered("realm=\"tandem", "realm=\"tendem"));
  expect(DigestFailure::algorithm_refused, altered("SHA-256", "SHA-1"));
  expect(DigestFailure::qop_required, altered("qop=auth", "qop=auth-int"));
  expect(DigestFailure::malformed, altered("nc=00000001", "nc=1"));
  expect(DigestFailure::wrong_secret, altered("nc=00000001", "nc=00000002"));
  const std::size_t nonce = good.find("nonce=\"") + 7;
  std::string forged = good;
  forged[nonce + 20] = forged[nonce + 20] == '0' ? '1' : '0';
  expect(DigestFailure::forged_nonce, forged);
  EXPECT_TRUE(verify(good).has_value()) << "and the original is still good";
}

TEST_F(DigestServerTest, TheUriMayLackParametersOnly) {
  const std::string good = answer(server_.challenge("tandem.example", false));
  EXPECT_TRUE(verify(good, "REGISTER", "sip:tandem.example;transport=tls"));
  EXPECT_EQ(verify(good, "REGISTER", "sip:tandem.example:5070").error(), DigestFailure::other_uri);
}

TEST_F(DigestServerTest, ANonceNamesItsOwner) {
  const auto challenges = server_.challenge("tandem.example", false, 0xfedcba9876543210U);
  EXPECT_EQ(server_.read(answer(challenges))->nonce_owner, 0xfedcba9876543210U);
}

TEST_F(DigestServerTest, CountsEachUseOfANonceOnce) {
  const auto challenges = server_.challenge("tandem.example", false);
  const auto use = [&](std::uint32_t count) { return verify(answer(challenges, count)); };
  EXPECT_TRUE(use(1));
  EXPECT_EQ(use(1).error(), DigestFailure::replayed);
  EXPECT_TRUE(is_stale(DigestFailure::replayed));
  EXPECT_TRUE(use(5)) << "gaps are lost requests";
  EXPECT_TRUE(use(3)) << "reordered";
  EXPECT_EQ(use(3).error(), DigestFailure::replayed);
  EXPECT_TRUE(use(100));
  EXPECT_EQ(use(36).error(), DigestFailure::replayed) << "below the window";
  EXPECT_TRUE(use(37));
  EXPECT_EQ(use(0).error(), DigestFailure::replayed);
  EXPECT_TRUE(use(0xffffffffU));
}

TEST_F(DigestServerTest, NoncesGrowStale) {
  const auto challenges = server_.challenge("tandem.example", false);
  clock_.advance(std::chrono::seconds(299));
  EXPECT_TRUE(verify(answer(challenges, 1)));
  clock_.advance(std::chrono::seconds(2));
  EXPECT_EQ(verify(answer(challenges, 2)).error(), DigestFailure::stale_nonce);
  expect(DigestFailure::wrong_secret, answer(challenges, 3, "guess"));
}

TEST(NonceBook, ForgettingNeverOpensAReplay) {
  ManualClock clock;
  NonceBook book("secret", std::chrono::minutes(5), 3, clock);
  std::vector<std::string> nonces;
  for (int i = 0; i < 6; ++i) {
    nonces.push_back(book.issue());
    EXPECT_EQ(book.use(nonces.back(), 1), NonceState::good);
    clock.advance(std::chrono::milliseconds(10));
  }
  EXPECT_EQ(book.remembered(), 3U);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(book.use(nonces[static_cast<std::size_t>(i)], 1), NonceState::stale);
  for (std::size_t i = 3; i < 6; ++i) EXPECT_EQ(book.use(nonces[i], 1), NonceState::replayed);
  clock.advance(std::chrono::minutes(6));
  EXPECT_EQ(book.use(book.issue(), 1), NonceState::good);
  EXPECT_EQ(book.remembered(), 1U);
  EXPECT_EQ(book.check("short"), NonceState::forged);
}

}  // namespace
}  // namespace tandem::sip
