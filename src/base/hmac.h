// HMAC-SHA256 (RFC 2104) and SHA-256 as lower-case hexadecimal, for signatures and tokens. Any thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>

struct evp_md_ctx_st;  // OpenSSL's EVP_MD_CTX.

namespace tandem {

[[nodiscard]] std::string hmac_sha256_hex(std::string_view key, std::string_view message);
[[nodiscard]] std::string sha256_hex(std::string_view message);
/// SHA-256 of a text that comes in pieces. One thread.
class Sha256Stream {
 public:
  Sha256Stream();
  void add(std::string_view piece);
  /// Once, at the end.
  [[nodiscard]] std::string hex();

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const;
  };
  std::unique_ptr<evp_md_ctx_st, Free> context_;
};
/// Compares in a time that does not depend on where the texts differ.
[[nodiscard]] bool equal_constant_time(std::string_view a, std::string_view b);

}  // namespace tandem
