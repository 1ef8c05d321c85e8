#include "server/net_fetcher.h"

#include <algorithm>
#include <cctype>
#include <charconv>

#include "base/text.h"

namespace tandem::server {
namespace {

std::string header(const net::HeaderList& headers, std::string_view name) {
  for (const auto& [key, value] : headers) {
    if (equal_no_case(key, name)) return value;
  }
  return {};
}

media::PromptError error_of(const net::NetFailure& failure) {
  media::PromptErrorCode code = media::PromptErrorCode::fetch_failed;
  if (failure.error == net::NetError::forbidden_address) code = media::PromptErrorCode::forbidden_url;
  if (failure.error == net::NetError::too_large) code = media::PromptErrorCode::too_large;
  return {code, failure.detail.empty() ? std::string(net::to_string(failure.error)) : failure.detail};
}

}  // namespace

std::int64_t max_age_seconds(std::string_view cache_control) {
  const std::string text = lower_case(cache_control);
  if (text.find("no-store") != std::string::npos || text.find("no-cache") != std::string::npos) return 0;
  static constexpr std::string_view kKey = "max-age=";
  const std::size_t at = text.find(kKey);
  if (at == std::string::npos) return 0;
  std::int64_t seconds = 0;
  std::from_chars(text.data() + at + kKey.size(), text.data() + text.size(), seconds);
  return std::clamp<std::int64_t>(seconds, 0, 31'536'000);
}

void NetFetcher::fetch(const std::string& url, const std::string& etag,
                       Function<void(Result<Fetched, media::PromptError>)> done) {
  net::FetchRequest request;
  request.url = url;
  request.timeout = options_.timeout;
  request.max_body_bytes = options_.max_bytes;
  request.headers.emplace_back("Accept", "audio/*");
  if (!etag.empty()) request.headers.emplace_back("If-None-Match", etag);
  client_.fetch(std::move(request),
                [d = std::move(done)](Result<net::FetchResponse, net::NetFailure> result) mutable {
                  if (!result) {
                    d(Err(error_of(result.error())));
                    return;
                  }
                  if (result->status != 200 && result->status != 304) {
                    d(Err(media::PromptError{media::PromptErrorCode::fetch_failed,
                                             "the server answered " + std::to_string(result->status)}));
                    return;
                  }
                  Fetched fetched;
                  fetched.not_modified = result->status == 304;
                  fetched.content_type = header(result->headers, "content-type");
                  fetched.etag = header(result->headers, "etag");
                  fetched.max_age_s = max_age_seconds(header(result->headers, "cache-control"));
                  fetched.body = std::move(result->body);
                  d(std::move(fetched));
                });
}

}  // namespace tandem::server
