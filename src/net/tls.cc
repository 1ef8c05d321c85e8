#include "net/tls.h"

#include <openssl/ssl.h>
#include <openssl/x509v3.h>

namespace tandem::net {
namespace {

constexpr unsigned char kAlpn[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};

TlsContext make_context() {
  auto context = std::make_shared<asio::ssl::context>(asio::ssl::context::tls);
  SSL_CTX* raw = context->native_handle();
  SSL_CTX_set_min_proto_version(raw, TLS1_2_VERSION);
  SSL_CTX_set_options(raw, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
  // Idle connections give their 34 KB of record buffers back.
  SSL_CTX_set_mode(raw, SSL_MODE_RELEASE_BUFFERS);
  return context;
}

}  // namespace

Result<TlsContext, std::string> make_client_tls(const std::string& ca_file) {
  TlsContext context = make_context();
  error_code error;
  if (ca_file.empty()) {
    context->set_default_verify_paths(error);
    if (error) return Err("the system's CA certificates cannot be read: " + error.message());
  } else {
    context->load_verify_file(ca_file, error);
    if (error) return Err("CA file " + ca_file + ": " + error.message());
  }
  context->set_verify_mode(asio::ssl::verify_peer);
  SSL_CTX_set_alpn_protos(context->native_handle(), kAlpn, sizeof kAlpn);
  return context;
}

Result<TlsContext, std::string> make_server_tls(const std::string& certificate_file,
                                                const std::string& key_file) {
  TlsContext context = make_context();
  error_code error;
  context->use_certificate_chain_file(certificate_file, error);
  if (error) return Err("certificate file " + certificate_file + ": " + error.message());
  context->use_private_key_file(key_file, asio::ssl::context::pem, error);
  if (error) return Err("key file " + key_file + ": " + error.message());
  if (SSL_CTX_check_private_key(context->native_handle()) != 1) {
    return Err("key file " + key_file + " does not belong to certificate file " + certificate_file);
  }
  return context;
}

bool expect_host(SSL* ssl, const Url& url) {
  if (const auto ip = url.literal()) {
    return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), url.host.c_str()) == 1;
  }
  SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  return SSL_set1_host(ssl, url.host.c_str()) == 1 && SSL_set_tlsext_host_name(ssl, url.host.c_str()) == 1;
}

std::string tls_fault(SSL* ssl, const error_code& error) {
  const long verdict = SSL_get_verify_result(ssl);
  if (verdict != X509_V_OK)
    return std::string("certificate refused: ") + X509_verify_cert_error_string(verdict);
  return error.message();
}

}  // namespace tandem::net
