// TLS contexts and per-connection checks on OpenSSL.
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <string>

#include "base/result.h"
#include "net/api/url.h"
#include "net/context.h"

typedef struct ssl_st SSL;

namespace tandem::net {

// Shared: a client's or server's connections, which outlive its handle by their last operation, still use it.
using TlsContext = std::shared_ptr<asio::ssl::context>;

/// TLS 1.2 and later, peer verified against `ca_file` or, if empty, the system's roots. Throws nothing.
[[nodiscard]] Result<TlsContext, std::string> make_client_tls(const std::string& ca_file);
/// TLS 1.2 and later with this certificate chain and key (PEM).
[[nodiscard]] Result<TlsContext, std::string> make_server_tls(const std::string& certificate_file,
                                                              const std::string& key_file);
/// Host name (or address) check, and SNI for names (RFC 6066 section 3). False: out of memory.
[[nodiscard]] bool expect_host(SSL* ssl, const Url& url);
/// Why the certificate was refused, or the error's own text.
[[nodiscard]] std::string tls_fault(SSL* ssl, const error_code& error);

}  // namespace tandem::net
