#include "net/http_text.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <ctime>

#include "base/text.h"

namespace tandem::net {
namespace {

bool is_token_character(char c) {
  if ((c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z')) return true;
  return c != '\0' && std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

bool is_value_character(char c) {
  const auto u = static_cast<unsigned char>(c);
  return c == '\t' || (u >= 0x20 && u != 0x7f);
}

constexpr std::array<std::string_view, 9> kOurs{"host",       "content-length",  "transfer-encoding",
                                                "connection", "upgrade",         "te",
                                                "trailer",    "accept-encoding", "expect"};

constexpr std::string_view kSecWebSocket = "sec-websocket-";

/// Framing, routing and the upgrade are ours; a second copy would let one peer read a message differently.
bool is_ours(std::string_view name) {
  return equal_no_case(name.substr(0, kSecWebSocket.size()), kSecWebSocket) ||
         std::any_of(kOurs.begin(), kOurs.end(), [name](auto ours) { return equal_no_case(name, ours); });
}

constexpr std::array<const char*, 7> kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};

constexpr std::array<const char*, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                              "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

constexpr std::array<std::pair<int, std::string_view>, 31> kPhrases{{{100, "Continue"},
                                                                     {101, "Switching Protocols"},
                                                                     {200, "OK"},
                                                                     {201, "Created"},
                                                                     {202, "Accepted"},
                                                                     {204, "No Content"},
                                                                     {301, "Moved Permanently"},
                                                                     {302, "Found"},
                                                                     {303, "See Other"},
                                                                     {304, "Not Modified"},
                                                                     {307, "Temporary Redirect"},
                                                                     {308, "Permanent Redirect"},
                                                                     {400, "Bad Request"},
                                                                     {401, "Unauthorized"},
                                                                     {403, "Forbidden"},
                                                                     {404, "Not Found"},
                                                                     {405, "Method Not Allowed"},
                                                                     {406, "Not Acceptable"},
                                                                     {408, "Request Timeout"},
                                                                     {409, "Conflict"},
                                                                     {410, "Gone"},
                                                                     {412, "Precondition Failed"},
                                                                     {413, "Content Too Large"},
                                                                     {415, "Unsupported Media Type"},
                                                                     {422, "Unprocessable Content"},
                                                                     {426, "Upgrade Required"},
                                                                     {429, "Too Many Requests"},
                                                                     {431, "Request Header Fields Too Large"},
                                                                     {500, "Internal Server Error"},
                                                                     {501, "Not Implemented"},
                                                                     {503, "Service Unavailable"}}};

/// RFC 9110 section 5.6.7, independent of the locale.
std::string http_date() {
  const std::time_t now = std::time(nullptr);
  std::tm t{};
  gmtime_r(&now, &t);
  return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} GMT", kDays[static_cast<std::size_t>(t.tm_wday)],
                     t.tm_mday, kMonths[static_cast<std::size_t>(t.tm_mon)], t.tm_year + 1900, t.tm_hour,
                     t.tm_min, t.tm_sec);
}

}  // namespace

std::string_view find_header(const HeaderList& headers, std::string_view name) {
  for (const auto& [key, value] : headers) {
    if (equal_no_case(key, name)) return value;
  }
  return {};
}

bool has_token(const HeaderList& headers, std::string_view name, std::string_view token) {
  for (const auto& [key, value] : headers) {
    if (!equal_no_case(key, name)) continue;
    std::string_view rest = value;
    while (true) {
      const std::size_t comma = rest.find(',');
      if (equal_no_case(trim(rest.substr(0, comma)), token)) return true;
      if (comma == std::string_view::npos) break;
      rest.remove_prefix(comma + 1);
    }
  }
  return false;
}

bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_token_character);
}

std::string header_fault(std::string_view name, std::string_view value) {
  if (!is_token(name)) return "a header name is not a token (RFC 9110)";
  if (!std::all_of(value.begin(), value.end(), is_value_character)) {
    return fmt::format("the value of header {} has a control character", name);
  }
  return {};
}

std::string headers_fault(const HeaderList& headers) {
  for (const auto& [name, value] : headers) {
    if (auto fault = header_fault(name, value); !fault.empty()) return fault;
    if (is_ours(name)) return fmt::format("header {} is set by the HTTP client itself", name);
  }
  return {};
}

void append_header(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).append("\r\n");
}

std::string_view reason_phrase(int status) {
  for (const auto& [code, phrase] : kPhrases) {
    if (code == status) return phrase;
  }
  return "Status";
}

std::string response_text(const HttpResponse& response, bool keep_alive, bool head_only) {
  bool sendable = response.status >= 200 && response.status <= 599 &&
                  header_fault("Content-Type", response.content_type).empty();
  for (const auto& [name, value] : response.headers) sendable = sendable && header_fault(name, value).empty();
  if (!sendable) {
    HttpResponse broken;
    broken.status = 500;
    broken.body = "The response could not be sent.\n";
    return response_text(broken, keep_alive, head_only);
  }
  const bool bodiless = response.status == 204 || response.status == 304;
  std::string out = fmt::format("HTTP/1.1 {} {}\r\n", response.status, reason_phrase(response.status));
  append_header(out, "Date", http_date());
  for (const auto& [name, value] : response.headers) append_header(out, name, value);
  if (!bodiless) {
    if (!response.content_type.empty()) append_header(out, "Content-Type", response.content_type);
    append_header(out, "Content-Length", std::to_string(response.body.size()));
  }
  if (!keep_alive) append_header(out, "Connection", "close");
  out += "\r\n";
  if (!bodiless && !head_only) out += response.body;
  return out;
}

std::string base64(std::string_view bytes) {
  std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int n =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                      reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(n));
  return out;
}

std::string_view to_string(NetError e) {
  switch (e) {
    case NetError::bad_url:
      return "bad_url";
    case NetError::forbidden_address:
      return "forbidden_address";
    case NetError::dns_failed:
      return "dns_failed";
    case NetError::connect_failed:
      return "connect_failed";
    case NetError::tls_failed:
      return "tls_failed";
    case NetError::timeout:
      return "timeout";
    case NetError::bad_response:
      return "bad_response";
    case NetError::http_status:
      return "http_status";
    case NetError::too_many_redirects:
      return "too_many_redirects";
    case NetError::too_large:
      return "too_large";
    case NetError::wrong_subprotocol:
      return "wrong_subprotocol";
    case NetError::closed:
      return "closed";
    case NetError::shutting_down:
      return "shutting_down";
    case NetError::bad_request:
      return "bad_request";
  }
  return "unknown";
}

std::string_view bearer_token(const HttpRequest& request) {
  constexpr std::string_view kScheme = "Bearer ";
  std::string_view found;
  int count = 0;
  for (const auto& [name, value] : request.headers) {
    if (!equal_no_case(name, "Authorization")) continue;
    ++count;
    found = trim(value);
  }
  if (count != 1 || !equal_no_case(found.substr(0, kScheme.size()), kScheme)) return {};
  return trim(found.substr(kScheme.size()));
}

std::string_view HttpRequest::header(std::string_view name) const {
  return find_header(headers, name);
}

}  // namespace tandem::net
