#include "net/exchange.h"

#include <utility>

#include "net/http_text.h"

namespace tandem::net {
namespace {

constexpr std::size_t kReadBytes = 16 << 10;
constexpr std::size_t kHeadRead = 2 << 10;
constexpr int kMaxInterim = 8;

bool is_redirect(const HttpHead& head) {
  switch (head.status) {
    case 301:
    case 302:
    case 303:
    case 307:
    case 308:
      return !find_header(head.headers, "Location").empty();
    default:
      return false;
  }
}

}  // namespace

Exchange::Exchange(std::shared_ptr<ClientCore> core, std::shared_ptr<Context> context)
    : Member(core.get()), core_(std::move(core)), context_(std::move(context)), deadline_(*context_) {}

Exchange::~Exchange() {
  core_->concurrent.fetch_sub(1);
}

void Exchange::start() {
  context_->join(shared_from_this());
  deadline_.set(plan_.timeout, [self = shared_from_this()] {
    self->fail(NetError::timeout, fmt::format("not done within {} ms", self->plan_.timeout.count()));
  });
  auto url = Url::parse(plan_.url);
  if (!url) return fail(NetError::bad_url, url.error());
  if (!plan_.websocket_schemes && url->is_websocket())
    return fail(NetError::bad_url, "the scheme is not http(s)");
  url_ = std::move(*url);
  if (core_->concurrent.load() > core_->max_concurrent) {
    return fail(NetError::connect_failed,
                fmt::format("more than {} requests under way", core_->max_concurrent));
  }
  begin_hop();
}

void Exchange::begin_hop() {
  std::string fault;
  request_ = request_text(*url_, cross_origin_, fault);
  if (!fault.empty()) return fail(NetError::bad_request, fault);
  dial_ = std::make_shared<Dial>(context_, *core_->resolver, core_->settings, *url_);
  dial_->start([self = shared_from_this()](Result<std::shared_ptr<Stream>, NetFailure> stream) {
    if (self->ended_) return;
    if (!stream) {
      return self->end([&] { self->report(std::move(stream.error())); });
    }
    self->stream_ = std::move(*stream);
    self->send_request();
  });
}

void Exchange::send_request() {
  reader_ = std::make_unique<HttpReader>(reader_kind(), HttpLimits{16 << 10, plan_.max_body_bytes});
  in_.resize(reader_kind() == HttpReader::Kind::response_head ? kHeadRead : kReadBytes);
  const std::size_t gone = stream_->write_now(asio::buffer(request_));
  is_written_ = gone == request_.size();
  if (is_written_) return read_more();
  auto text = std::make_unique<std::string>(std::move(request_));
  const asio::const_buffer bytes = asio::buffer(*text) + gone;
  // A failed write shows as a failed read, unless the peer answered before it closed.
  stream_->write(bytes, [self = shared_from_this(), hop = redirects_, t = std::move(text)](
                            const error_code& e, std::size_t) {
    if (hop == self->redirects_) self->is_written_ = !e;
  });
  read_more();
}

void Exchange::read_more() {
  stream_->read_some(asio::buffer(in_), [self = shared_from_this()](const error_code& error, std::size_t n) {
    if (!self->ended_) self->on_read(error, n);
  });
}

void Exchange::on_read(const error_code& error, std::size_t n) {
  if (!error) return on_progress(reader_->feed(std::string_view(in_).substr(0, n)));
  const bool at_end = error == asio::error::eof;
  if (at_end && reader_->is_head_done()) return on_progress(reader_->finish());
  fail(NetError::closed, "the connection ended before the answer did: " + error.message());
}

void Exchange::on_progress(HttpReader::Progress progress) {
  // A redirect's body is of no interest, however long it is.
  if (!head_ && reader_->is_head_done()) head_ = reader_->head();
  const bool redirected = head_ && is_redirect(*head_);
  switch (progress) {
    case HttpReader::Progress::more:
      return redirected ? on_done() : read_more();
    case HttpReader::Progress::done:
      return on_done();
    case HttpReader::Progress::body_too_large:
      if (redirected) return on_done();
      return fail(NetError::too_large, fmt::format("the body is longer than {} bytes", plan_.max_body_bytes));
    case HttpReader::Progress::header_too_large:
      return fail(NetError::too_large, "the headers of the answer are longer than 16384 bytes");
    case HttpReader::Progress::bad:
      return fail(NetError::bad_response, "the answer is not HTTP/1.1: " + reader_->fault());
  }
}

void Exchange::on_done() {
  HttpHead head = *std::exchange(head_, std::nullopt);
  if (head.status >= 100 && head.status < 200 && head.status != 101) {
    if (++interim_ > kMaxInterim) return fail(NetError::bad_response, "too many interim answers");
    const std::string rest = reader_->take_rest();
    reader_ = std::make_unique<HttpReader>(reader_kind(), HttpLimits{16 << 10, plan_.max_body_bytes});
    return rest.empty() ? read_more() : on_progress(reader_->feed(rest));
  }
  if (is_redirect(head)) return follow(head);
  on_answer(std::move(head));
}

void Exchange::follow(const HttpHead& head) {
  if (redirects_++ >= plan_.max_redirects) {
    return fail(NetError::too_many_redirects, fmt::format("more than {} redirects", plan_.max_redirects));
  }
  auto target = url_->resolve(find_header(head.headers, "Location"));
  if (!target) return fail(NetError::bad_response, "redirected to a bad URL: " + target.error());
  if (!plan_.websocket_schemes && target->is_websocket()) {
    return fail(NetError::bad_response, "redirected to a WebSocket URL");
  }
  if (url_->is_secure() && !target->is_secure()) {
    return fail(NetError::bad_response,
                "redirected from TLS to " + target->scheme + ", which is not allowed");
  }
  cross_origin_ = cross_origin_ || !url_->same_origin(*target);
  stream_->close();
  stream_.reset();
  on_redirect(head.status);
  url_ = std::move(*target);
  begin_hop();
}

void Exchange::fail(NetError error, std::string_view what, int status) {
  const std::string where = url_ ? url_->redacted() : std::string("URL");
  end([&] { report({error, status, fmt::format("{}: {}", where, what)}); });
}

void Exchange::shut() {
  end([&] { report({NetError::shutting_down, 0, "the client is shutting down"}); });
}

bool Exchange::release() {
  if (std::exchange(ended_, true)) return false;
  const auto keep = shared_from_this();
  deadline_.cancel();
  if (dial_) dial_->cancel();
  if (stream_) stream_->close();
  context_->leave(*this);
  return true;
}

}  // namespace tandem::net
