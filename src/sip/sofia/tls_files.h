// The folder in which Sofia-SIP expects its TLS material, made for the moment in which it reads it.
#pragma once

#include <string>

#include "base/result.h"
#include "sip/api/agent.h"

namespace tandem::sip {

/// A private folder with agent.pem (key and leaf) and cafile.pem (trusted roots, and the intermediates of our
/// own chain: Sofia loads no chain from agent.pem and sends what OpenSSL can build from there). Removed on
/// destruction.
class TlsFolder {
 public:
  /// Without certificate and key the folder serves outbound connections only.
  [[nodiscard]] static Result<TlsFolder, AgentFailure> make(const AgentOptions& options);
  TlsFolder(TlsFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  TlsFolder& operator=(TlsFolder&&) = delete;
  TlsFolder(const TlsFolder&) = delete;
  TlsFolder& operator=(const TlsFolder&) = delete;
  ~TlsFolder();
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  explicit TlsFolder(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

}  // namespace tandem::sip
