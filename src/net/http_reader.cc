#include "net/http_reader.h"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

namespace tandem::net {
namespace http = boost::beast::http;
namespace {

std::string text(boost::beast::string_view s) {
  return {s.data(), s.size()};
}

void fill(HttpHead& head, const http::request<http::string_body>& m) {
  head.method = text(m.method_string());
  head.target = text(m.target());
}
void fill(HttpHead& head, const http::response<http::string_body>& m) {
  head.status = static_cast<int>(m.result_int());
}

}  // namespace

struct HttpReader::Parser {
  using Progress = HttpReader::Progress;
  Parser() = default;
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;
  virtual ~Parser() = default;
  virtual Progress feed(std::string_view bytes) = 0;
  virtual Progress finish() = 0;
  [[nodiscard]] virtual bool is_head_done() const = 0;
  [[nodiscard]] virtual bool has_begun() const = 0;
  [[nodiscard]] virtual HttpHead head() const = 0;
  virtual std::string take_body() = 0;
  std::string buffer_;  // Bytes that the parser has not taken yet.
  std::string fault_;
};

namespace {

template <bool is_request>
class BeastParser final : public HttpReader::Parser {
 public:
  BeastParser(HttpReader::Kind kind, HttpLimits limits)
      : limits_(limits), head_only_(kind == HttpReader::Kind::response_head) {
    parser_.header_limit(static_cast<std::uint32_t>(limits.header_bytes));
    // Checked here instead, since redirects with a large body are fine: the body is not read.
    parser_.body_limit(boost::none);
    parser_.eager(false);
    if constexpr (!is_request) parser_.skip(kind == HttpReader::Kind::response_to_head);
  }

  Progress feed(std::string_view bytes) override {
    begun_ = begun_ || !bytes.empty();
    buffer_.append(bytes);
    while (true) {
      if (parser_.is_header_done() && head_only_) return Progress::done;
      if (parser_.is_done()) return Progress::done;
      boost::system::error_code error;
      const std::size_t taken = parser_.put(boost::asio::const_buffer(buffer_.data(), buffer_.size()), error);
      buffer_.erase(0, taken);
      if (error == http::error::need_more) return stalled();
      if (error) return failed(error);
      if (const Progress p = checked(Progress::more); p != Progress::more) return p;
      if (parser_.is_header_done() && !head_only_) parser_.eager(true);
      if (buffer_.empty() && !parser_.is_done() && !(head_only_ && is_head_done())) return Progress::more;
    }
  }

  Progress finish() override {
    boost::system::error_code error;
    parser_.put_eof(error);
    return error ? failed(error) : Progress::done;
  }

  [[nodiscard]] bool is_head_done() const override { return parser_.is_header_done(); }
  [[nodiscard]] bool has_begun() const override { return begun_; }

  [[nodiscard]] HttpHead head() const override {
    HttpHead out;
    const auto& message = parser_.get();
    fill(out, message);
    out.http_1_1 = message.version() >= 11;
    out.keep_alive = parser_.keep_alive();
    for (const auto& field : message.base())
      out.headers.emplace_back(text(field.name_string()), text(field.value()));
    return out;
  }

  std::string take_body() override { return std::move(parser_.get().body()); }

 private:
  /// Before the body: what is announced; while it comes: what is there.
  Progress checked(Progress otherwise) {
    if (!parser_.is_header_done() || head_only_) return otherwise;
    const auto announced = parser_.content_length();
    const bool too_large = announced && *announced > limits_.body_bytes;
    return too_large || parser_.get().body().size() > limits_.body_bytes ? Progress::body_too_large
                                                                         : otherwise;
  }

  /// The parser takes chunk headers and trailers whole; what it leaves must not grow without end.
  Progress stalled() {
    if (buffer_.size() > limits_.header_bytes) return Progress::header_too_large;
    return checked(Progress::more);
  }

  Progress failed(const boost::system::error_code& error) {
    fault_ = error.message();
    return error == http::error::header_limit ? Progress::header_too_large : Progress::bad;
  }

  const HttpLimits limits_;
  const bool head_only_;
  bool begun_ = false;
  http::parser<is_request, http::string_body> parser_;
};

}  // namespace

HttpReader::HttpReader(Kind kind, HttpLimits limits) {
  if (kind == Kind::request) {
    parser_ = std::make_unique<BeastParser<true>>(kind, limits);
  } else {
    parser_ = std::make_unique<BeastParser<false>>(kind, limits);
  }
}
HttpReader::~HttpReader() = default;

HttpReader::Progress HttpReader::feed(std::string_view bytes) {
  return parser_->feed(bytes);
}
HttpReader::Progress HttpReader::finish() {
  return parser_->finish();
}
bool HttpReader::is_head_done() const {
  return parser_->is_head_done();
}
bool HttpReader::has_begun() const {
  return parser_->has_begun();
}
HttpHead HttpReader::head() const {
  return parser_->head();
}
std::string HttpReader::take_body() {
  return parser_->take_body();
}
std::string HttpReader::take_rest() {
  return std::move(parser_->buffer_);
}
const std::string& HttpReader::fault() const {
  return parser_->fault_;
}

}  // namespace tandem::net
