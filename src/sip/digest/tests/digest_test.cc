#include "sip/digest/digest.h"

#include <gtest/gtest.h>

#include "sip/digest/auth_params.h"

namespace tandem::sip {
namespace {

// RFC 7616 section 3.9.1.
const std::string kNonce = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v";
const std::string kOpaque = "FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS";

std::string mufasa_challenge(const std::string& algorithm) {
  return "Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", algorithm=" + algorithm +
         ", nonce=\"" + kNonce + "\", opaque=\"" + kOpaque + "\"";
}

DigestRequest mufasa() {
  DigestRequest r{"Mufasa", "Circle of Life", "", "GET", "/dir/index.html", "", 1, ""};
  r.cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";
  return r;
}

std::string response_of(const std::optional<DigestAnswer>& answer) {
  if (!answer) return "no answer";
  return param(*parse_digest_params(answer->authorization), "response");
}

TEST(Digest, VectorsOfRfc7616) {
  EXPECT_EQ(response_of(answer_digest({mufasa_challenge("MD5")}, mufasa())),
            "8ca523f5e9506fed4657c9700eebdbec");
  EXPECT_EQ(response_of(answer_digest({mufasa_challenge("SHA-256")}, mufasa())),
            "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1");
}

TEST(Digest, VectorsOfRfc2617And2069) {
  DigestRequest r{"Mufasa", "Circle Of Life", "", "GET", "/dir/index.html", "", 1, "0a4f113b"};
  const std::string rest = "realm=\"testrealm@host.com\", nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\"";
  EXPECT_EQ(response_of(answer_digest({"Digest " + rest + ", qop=\"auth,auth-int\""}, r)),
            "6629fae49393a05397450978507c4ef1");
  EXPECT_EQ(response_of(answer_digest({"digest " + rest}, r)), "670fd8c2df070c60b045671b8b24ff02");
}

TEST(Digest, EchoesWhatTheChallengeSaid) {
  const auto answer = answer_digest({mufasa_challenge("SHA-256")}, mufasa());
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->realm, "http-auth@example.org");
  const auto params = parse_digest_params(answer->authorization);
  ASSERT_TRUE(params.has_value());
  EXPECT_EQ(param(*params, "username"), "Mufasa");
  EXPECT_EQ(param(*params, "opaque"), kOpaque);
  EXPECT_EQ(param(*params, "nonce"), kNonce);
  EXPECT_EQ(param(*params, "algorithm"), "SHA-256");
  EXPECT_EQ(param(*params, "qop"), "auth");
  EXPECT_EQ(param(*params, "nc"), "00000001");
}

TEST(Digest, TakesTheStrongest) {
  const auto answer = answer_digest({mufasa_challenge("MD5"), mufasa_challenge("SHA-512-256"),
                                     mufasa_challenge("SHA-256"), mufasa_challenge("MD5-sess")},
                                    mufasa());
  EXPECT_EQ(response_of(answer), "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1");
}

TEST(Digest, SessionAlgorithmsBindTheNonce) {
  auto r = mufasa();
  const std::string ha1 =
      digest_ha1(DigestAlgorithm::sha256_sess, "Mufasa", "http-auth@example.org", "Circle of Life");
  EXPECT_EQ(ha1, digest_ha1(DigestAlgorithm::sha256, "Mufasa", "http-auth@example.org", "Circle of Life"));
  EXPECT_EQ(response_of(answer_digest({mufasa_challenge("SHA-256-sess")}, r)),
            digest_response({DigestAlgorithm::sha256_sess, ha1, kNonce, "00000001", r.cnonce, DigestQop::auth,
                             "GET", "/dir/index.html", ""}));
  EXPECT_NE(response_of(answer_digest({mufasa_challenge("MD5-sess")}, r)),
            "8ca523f5e9506fed4657c9700eebdbec");
}

TEST(Digest, AnswersItsRealmOnly) {
  auto r = mufasa();
  r.realm = "other";
  EXPECT_FALSE(answer_digest({mufasa_challenge("MD5")}, r));
  r.realm = "http-auth@example.org";
  EXPECT_TRUE(answer_digest({mufasa_challenge("MD5")}, r));
  // Without a realm the first challenge decides; a stronger one of another realm does not lure.
  r.realm = "";
  const auto answer =
      answer_digest({mufasa_challenge("MD5"), "Digest realm=\"b\", nonce=\"n\", algorithm=SHA-256"}, r);
  EXPECT_EQ(answer->realm, "http-auth@example.org");
}

TEST(Digest, LeavesTheUnusableUnanswered) {
  const std::string rest = "realm=\"a\", nonce=\"n\"";
  for (const auto& bad : std::vector<std::string>{
           std::string(), std::string("Digest"), "Basic " + rest, "Digest realm=\"a\"",
           std::string("Digest nonce=\"n\""), "Digest " + rest + ", qop=\"auth-conf\"",
           "Digest " + rest + ", algorithm=AKAv1-MD5", "Digest " + rest + ", realm=\"b\"",
           "Digest " + rest + " x=1", "Digest realm=\"a, nonce=n", "Digest " + rest + ", x",
           "Digest " + rest + ", opaque=\"" + std::string(9000, 'x') + "\"",
           "Digest realm=\"a\\\", nonce=\"n\"", std::string("Digest realm=\"a\r\nb\", nonce=\"n\"")}) {
    EXPECT_FALSE(answer_digest({bad}, mufasa())) << bad;
  }
  std::string many = "Digest " + rest;
  for (int i = 0; i < 40; ++i) many += ", p" + std::to_string(i) + "=1";
  EXPECT_FALSE(answer_digest({many}, mufasa()));
  EXPECT_TRUE(answer_digest({"Digest , realm=\"a\" ,, nonce = n/1== , stale=FALSE,"}, mufasa()))
      << "odd but legal";
}

TEST(Digest, QuotesWhatNeedsIt) {
  auto r = mufasa();
  r.username = "a\"b\\c\r\nd";
  const auto answer = answer_digest({mufasa_challenge("MD5")}, r);
  EXPECT_NE(answer->authorization.find("username=\"a\\\"b\\\\cd\""), std::string::npos)
      << answer->authorization;
}

}  // namespace
}  // namespace tandem::sip
