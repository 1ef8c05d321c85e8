#include "sip/sofia/tls_files.h"

#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sys/stat.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <sstream>
#include <vector>

namespace tandem::sip {
namespace {

constexpr const char* kSystemRoots = "/etc/ssl/certs/ca-certificates.crt";
constexpr std::string_view kBegin = "-----BEGIN CERTIFICATE-----";
constexpr std::string_view kEnd = "-----END CERTIFICATE-----";

struct Freer {
  void operator()(X509* p) const { X509_free(p); }
  void operator()(EVP_PKEY* p) const { EVP_PKEY_free(p); }
  void operator()(BIO* p) const { BIO_free(p); }
};
using X509Ptr = std::unique_ptr<X509, Freer>;
using KeyPtr = std::unique_ptr<EVP_PKEY, Freer>;
using BioPtr = std::unique_ptr<BIO, Freer>;

std::optional<std::string> read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

bool write_private(const std::string& path, const std::string& text) {
  std::ofstream out(path, std::ios::binary);
  out << text;
  out.close();
  return out.good() && chmod(path.c_str(), S_IRUSR | S_IWUSR) == 0;
}

std::vector<std::string> certificates(std::string_view pem) {
  std::vector<std::string> out;
  for (;;) {
    const std::size_t begin = pem.find(kBegin);
    const std::size_t end = pem.find(kEnd, begin == std::string_view::npos ? 0 : begin);
    if (begin == std::string_view::npos || end == std::string_view::npos) return out;
    out.push_back(std::string(pem.substr(begin, end + kEnd.size() - begin)) + "\n");
    pem.remove_prefix(end + kEnd.size());
  }
}

Err<AgentFailure> bad(std::string detail) {
  return Err(AgentFailure{AgentError::bad_tls_files, std::move(detail)});
}

BioPtr memory(const std::string& text) {
  return BioPtr(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

struct OwnChain {
  std::string agent_pem;
  std::string intermediates;
};

Result<OwnChain, AgentFailure> own_chain(const AgentOptions& options) {
  OwnChain out;
  if (options.tls_certificate_file.empty() && options.tls_key_file.empty()) return out;
  const auto chain = read_file(options.tls_certificate_file);
  if (!chain) return bad("cannot read " + options.tls_certificate_file);
  const auto key_text = read_file(options.tls_key_file);
  if (!key_text) return bad("cannot read " + options.tls_key_file);
  const auto certs = certificates(*chain);
  if (certs.empty()) return bad("no certificate in " + options.tls_certificate_file);
  const BioPtr cert_bio = memory(certs.front());
  const X509Ptr leaf(PEM_read_bio_X509(cert_bio.get(), nullptr, nullptr, nullptr));
  if (!leaf) return bad("bad certificate in " + options.tls_certificate_file);
  const BioPtr key_bio = memory(*key_text);
  const KeyPtr key(PEM_read_bio_PrivateKey(key_bio.get(), nullptr, nullptr, nullptr));
  if (!key) return bad("no usable private key in " + options.tls_key_file);
  if (X509_check_private_key(leaf.get(), key.get()) != 1) {
    return bad(options.tls_key_file + " is not the key of " + options.tls_certificate_file);
  }
  out.agent_pem = *key_text + "\n" + certs.front();
  for (std::size_t i = 1; i < certs.size(); ++i) out.intermediates += certs[i];
  return out;
}

}  // namespace

Result<TlsFolder, AgentFailure> TlsFolder::make(const AgentOptions& options) {
  auto own = own_chain(options);
  if (!own) return Err(own.error());
  const std::string roots_file = options.tls_ca_file.empty() ? kSystemRoots : options.tls_ca_file;
  const auto roots = read_file(roots_file);
  if (!roots && !options.tls_ca_file.empty()) return bad("cannot read " + roots_file);

  std::error_code none;
  std::string pattern = (std::filesystem::temp_directory_path(none) / "tandem-tls-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) return bad("cannot make a folder in " + pattern);
  TlsFolder folder(pattern);
  const std::string trusted = own->intermediates + roots.value_or("");
  if ((!own->agent_pem.empty() && !write_private(pattern + "/agent.pem", own->agent_pem)) ||
      (!trusted.empty() && !write_private(pattern + "/cafile.pem", trusted))) {
    return bad("cannot write in " + pattern);
  }
  return folder;
}

TlsFolder::~TlsFolder() {
  if (path_.empty()) return;
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace tandem::sip
