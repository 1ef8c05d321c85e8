// One HTTP/1.1 message out of a stream of bytes, with limits; Beast's parser behind a plain interface. One
// thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "net/api/http.h"

namespace tandem::net {

/// What stands above the body.
struct HttpHead {
  std::string method;  ///< Requests.
  std::string target;  ///< Requests.
  int status = 0;      ///< Responses.
  bool http_1_1 = true;
  bool keep_alive = false;
  HeaderList headers;
};

struct HttpLimits {
  std::size_t header_bytes = 16 << 10;
  std::size_t body_bytes = 0;
};

class HttpReader {
 public:
  /// `response_to_head` has no body whatever its headers say; `response_head` stops after the head of any
  /// response.
  enum class Kind : std::uint8_t { request, response, response_to_head, response_head };
  enum class Progress : std::uint8_t { more, done, header_too_large, body_too_large, bad };

  HttpReader(Kind kind, HttpLimits limits);
  HttpReader(const HttpReader&) = delete;
  HttpReader& operator=(const HttpReader&) = delete;
  ~HttpReader();

  /// Takes bytes; call no more after anything but `more`. Bytes after the message stay in rest().
  [[nodiscard]] Progress feed(std::string_view bytes);
  /// The peer closed its side.
  [[nodiscard]] Progress finish();
  [[nodiscard]] bool is_head_done() const;
  [[nodiscard]] bool has_begun() const;  ///< At least one byte of the message came.
  [[nodiscard]] HttpHead head() const;   ///< When is_head_done().
  [[nodiscard]] std::string take_body();
  [[nodiscard]] std::string take_rest();
  [[nodiscard]] const std::string& fault() const;  ///< With `bad`: what the parser says.

  struct Parser;  ///< In http_reader.cc, for that file only.

 private:
  std::unique_ptr<Parser> parser_;
};

}  // namespace tandem::net
