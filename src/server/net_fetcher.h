// How the prompt library gets the bytes of a URL: through the net pool's client and its address policy.
#pragma once

#include <string>

#include "media/api/prompt_source.h"
#include "net/api/http.h"

namespace tandem::server {

struct NetFetcherOptions {
  std::chrono::milliseconds timeout{10'000};
  std::size_t max_bytes = 50 << 20;
};

class NetFetcher final : public media::Fetcher {
 public:
  /// `client` outlives it.
  NetFetcher(net::Client& client, NetFetcherOptions options) : client_(client), options_(options) {}
  void fetch(const std::string& url, const std::string& etag,
             Function<void(Result<Fetched, media::PromptError>)> done) override;

 private:
  net::Client& client_;
  const NetFetcherOptions options_;
};

/// Seconds of max-age in a Cache-Control value (RFC 9111 5.2.2.1); 0 when absent, no-store or no-cache.
[[nodiscard]] std::int64_t max_age_seconds(std::string_view cache_control);

}  // namespace tandem::server
