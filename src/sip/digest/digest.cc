#include "sip/digest/digest.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>

#include "base/random.h"
#include "base/text.h"
#include "sip/digest/auth_params.h"

namespace tandem::sip {
namespace {

bool is_sha256(DigestAlgorithm a) {
  return a == DigestAlgorithm::sha256 || a == DigestAlgorithm::sha256_sess;
}
bool is_sess(DigestAlgorithm a) {
  return a == DigestAlgorithm::md5_sess || a == DigestAlgorithm::sha256_sess;
}

std::string hash_hex(DigestAlgorithm a, std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> raw{};
  unsigned int size = 0;
  // MD5 may be switched off by policy (FIPS). The empty result then matches nothing.
  if (EVP_Digest(text.data(), text.size(), raw.data(), &size, is_sha256(a) ? EVP_sha256() : EVP_md5(),
                 nullptr) != 1) {
    return {};
  }
  std::string out;
  for (unsigned int i = 0; i < size; ++i) out += fmt::format("{:02x}", raw[i]);
  return out;
}

std::string_view to_string(DigestQop qop) {
  return qop == DigestQop::auth_int ? "auth-int" : "auth";
}

struct Challenge {
  DigestAlgorithm algorithm = DigestAlgorithm::md5;
  DigestQop qop = DigestQop::none;
  AuthParams params;
};

bool lists(std::string_view list, std::string_view wanted) {
  while (true) {
    const std::size_t comma = list.find(',');
    std::string_view word = list.substr(0, comma);
    while (word.starts_with(' ')) word.remove_prefix(1);
    while (word.ends_with(' ')) word.remove_suffix(1);
    if (equal_no_case(word, wanted)) return true;
    if (comma == std::string_view::npos) return false;
    list.remove_prefix(comma + 1);
  }
}

std::optional<Challenge> read_challenge(std::string_view text) {
  auto params = parse_digest_params(text);
  if (!params) return std::nullopt;
  const auto algorithm = digest_algorithm(param(*params, "algorithm"));
  if (!algorithm || param(*params, "nonce").empty() || !params->contains("realm")) return std::nullopt;
  Challenge out{*algorithm, DigestQop::none, std::move(*params)};
  if (out.params.contains("qop")) {
    const std::string& qop = param(out.params, "qop");
    if (!lists(qop, "auth") && !lists(qop, "auth-int")) return std::nullopt;
    out.qop = lists(qop, "auth") ? DigestQop::auth : DigestQop::auth_int;
  }
  return out;
}

std::optional<Challenge> strongest(const std::vector<std::string>& challenges, std::string realm) {
  std::optional<Challenge> best;
  for (const std::string& text : challenges) {
    auto candidate = read_challenge(text);
    if (!candidate) continue;
    const std::string theirs = unescaped(param(candidate->params, "realm"));
    if (realm.empty()) realm = theirs;
    if (theirs != realm) continue;
    if (!best || (is_sha256(candidate->algorithm) && !is_sha256(best->algorithm)))
      best = std::move(candidate);
  }
  return best;
}

}  // namespace

std::string_view to_string(DigestAlgorithm a) {
  switch (a) {
    case DigestAlgorithm::md5:
      return "MD5";
    case DigestAlgorithm::md5_sess:
      return "MD5-sess";
    case DigestAlgorithm::sha256:
      return "SHA-256";
    case DigestAlgorithm::sha256_sess:
      return "SHA-256-sess";
  }
  return "MD5";
}

std::optional<DigestAlgorithm> digest_algorithm(std::string_view text) {
  if (text.empty()) return DigestAlgorithm::md5;
  for (const auto a : {DigestAlgorithm::md5, DigestAlgorithm::md5_sess, DigestAlgorithm::sha256,
                       DigestAlgorithm::sha256_sess}) {
    if (equal_no_case(text, to_string(a))) return a;
  }
  return std::nullopt;
}

std::string digest_ha1(DigestAlgorithm a, std::string_view username, std::string_view realm,
                       std::string_view password) {
  return hash_hex(a, fmt::format("{}:{}:{}", username, realm, password));
}

std::string digest_response(const DigestInput& in) {
  std::string ha1(in.ha1);
  if (is_sess(in.algorithm))
    ha1 = hash_hex(in.algorithm, fmt::format("{}:{}:{}", in.ha1, in.nonce, in.cnonce));
  std::string a2 = fmt::format("{}:{}", in.method, in.uri);
  if (in.qop == DigestQop::auth_int) a2 += ":" + hash_hex(in.algorithm, in.body);
  const std::string ha2 = hash_hex(in.algorithm, a2);
  if (in.qop == DigestQop::none) return hash_hex(in.algorithm, fmt::format("{}:{}:{}", ha1, in.nonce, ha2));
  return hash_hex(in.algorithm, fmt::format("{}:{}:{}:{}:{}:{}", ha1, in.nonce, in.nonce_count, in.cnonce,
                                            to_string(in.qop), ha2));
}

std::optional<DigestAnswer> answer_digest(const std::vector<std::string>& challenges,
                                          const DigestRequest& request) {
  const auto challenge = strongest(challenges, request.realm);
  if (!challenge) return std::nullopt;
  const std::string& realm = param(challenge->params, "realm");
  const std::string& nonce = param(challenge->params, "nonce");
  const std::string ha1 = digest_ha1(challenge->algorithm, request.username, realm, request.password);
  const std::string cnonce = request.cnonce.empty() ? random_hex(16) : request.cnonce;
  const std::string count = fmt::format("{:08x}", request.nonce_count);
  const std::string response = digest_response({challenge->algorithm, ha1, nonce, count, cnonce,
                                                challenge->qop, request.method, request.uri, request.body});
  // Realm, nonce and opaque are echoed as they came, so that their escapes are right already.
  std::string out = fmt::format("Digest username={}, realm=\"{}\", nonce=\"{}\", uri={}, response=\"{}\"",
                                quoted(request.username), realm, nonce, quoted(request.uri), response);
  if (challenge->params.contains("algorithm"))
    out += fmt::format(", algorithm={}", to_string(challenge->algorithm));
  const bool sess = is_sess(challenge->algorithm);
  if (challenge->qop != DigestQop::none || sess) out += fmt::format(", cnonce=\"{}\"", cnonce);
  if (challenge->qop != DigestQop::none)
    out += fmt::format(", qop={}, nc={}", to_string(challenge->qop), count);
  if (challenge->params.contains("opaque"))
    out += fmt::format(", opaque=\"{}\"", param(challenge->params, "opaque"));
  return DigestAnswer{std::move(out), unescaped(realm)};
}

}  // namespace tandem::sip
