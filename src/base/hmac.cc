#include "base/hmac.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <span>

namespace tandem {
namespace {

std::string hex(std::span<const unsigned char> bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const unsigned char b : bytes) {
    out.push_back(kDigits[b >> 4U]);
    out.push_back(kDigits[b & 15U]);
  }
  return out;
}

std::span<const unsigned char> bytes_of(std::string_view text) {
  return {reinterpret_cast<const unsigned char*>(text.data()), text.size()};
}

using Sha256 = std::array<unsigned char, SHA256_DIGEST_LENGTH>;
constexpr std::size_t kBlock = SHA256_CBLOCK;

/// Once fetched: OpenSSL 3 looks its algorithms up by name at each use, which costs more than a short digest.
const EVP_MD* algorithm() {
  static EVP_MD* const md = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  return md;
}

/// `ok`: what OpenSSL said. It fails out of memory, or as a libcrypto without SHA-256.
void must(bool ok) {
  if (!ok) std::abort();
}

/// SHA-256 of `first` and then `second`.
Sha256 sha256(std::span<const unsigned char> first, std::span<const unsigned char> second) {
  thread_local const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                                     &EVP_MD_CTX_free);
  Sha256 out{};
  must(EVP_DigestInit_ex2(context.get(), algorithm(), nullptr) == 1 &&
       EVP_DigestUpdate(context.get(), first.data(), first.size()) == 1 &&
       EVP_DigestUpdate(context.get(), second.data(), second.size()) == 1 &&
       EVP_DigestFinal_ex(context.get(), out.data(), nullptr) == 1);
  return out;
}

}  // namespace

std::string hmac_sha256_hex(std::string_view key, std::string_view message) {
  // RFC 2104 section 2.
  std::array<unsigned char, kBlock> inner{}, outer{};
  if (key.size() > kBlock) {
    const Sha256 short_key = sha256(bytes_of(key), {});
    std::copy(short_key.begin(), short_key.end(), inner.begin());
  } else {
    std::copy(key.begin(), key.end(), inner.begin());
  }
  for (std::size_t i = 0; i < kBlock; ++i) {
    outer[i] = inner[i] ^ 0x5cU;
    inner[i] ^= 0x36U;
  }
  const std::string out = hex(sha256(outer, sha256(inner, bytes_of(message))));
  OPENSSL_cleanse(inner.data(), inner.size());
  OPENSSL_cleanse(outer.data(), outer.size());
  return out;
}

std::string sha256_hex(std::string_view message) {
  return hex(sha256(bytes_of(message), {}));
}

void Sha256Stream::Free::operator()(evp_md_ctx_st* context) const {
  EVP_MD_CTX_free(context);
}

Sha256Stream::Sha256Stream() : context_(EVP_MD_CTX_new()) {
  must(EVP_DigestInit_ex2(context_.get(), algorithm(), nullptr) == 1);
}

void Sha256Stream::add(std::string_view piece) {
  must(EVP_DigestUpdate(context_.get(), piece.data(), piece.size()) == 1);
}

std::string Sha256Stream::hex() {
  Sha256 out{};
  must(EVP_DigestFinal_ex(context_.get(), out.data(), nullptr) == 1);
  return tandem::hex(out);
}

bool equal_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace tandem
