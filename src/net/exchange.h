// Exchange: one request of a Client from its URL to its last answer, redirects included. Subclasses: a
// WebSocket connect and a fetch. Lives on one net thread.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "net/client.h"

namespace tandem::net {

// Shared by its context (Member) and its operations under way.
class Exchange : public Member, public std::enable_shared_from_this<Exchange> {
 public:
  Exchange(std::shared_ptr<ClientCore> core, std::shared_ptr<Context> context);
  ~Exchange() override;
  void start();
  void shut() override;

 protected:
  struct Plan {
    std::string url;
    std::chrono::milliseconds timeout{};
    int max_redirects = 0;
    std::size_t max_body_bytes = 0;
    bool websocket_schemes = false;
  };
  /// Derived classes set it in their constructors.
  Plan plan_;

  /// The request's head and body for `url`; empty: failed with bad_request, said by `fault`.
  virtual std::string request_text(const Url& url, bool cross_origin, std::string& fault) = 0;
  [[nodiscard]] virtual HttpReader::Kind reader_kind() const = 0;
  /// A head that is no redirect, read as far as reader_kind() says. Calls end() or fail().
  virtual void on_answer(HttpHead head) = 0;
  virtual void on_redirect(int status) = 0;
  virtual void report(NetFailure failure) = 0;

  void fail(NetError error, std::string_view what, int status = 0);
  /// Ends the exchange and, unless the client is gone, runs `callback`.
  template <class F>
  void end(F&& callback) {
    if (!release()) return;
    core_->gates[context_->index()]->pass(std::forward<F>(callback));
  }
  [[nodiscard]] const std::shared_ptr<Context>& context() const { return context_; }
  [[nodiscard]] std::shared_ptr<Stream> take_stream() { return std::move(stream_); }
  [[nodiscard]] HttpReader& reader() { return *reader_; }
  [[nodiscard]] bool is_request_written() const { return is_written_; }
  [[nodiscard]] const Url& url() const { return *url_; }
  [[nodiscard]] const model::SocketAddress& peer() const { return dial_->peer(); }

 private:
  void begin_hop();
  void send_request();
  void read_more();
  void on_read(const error_code& error, std::size_t n);
  void on_progress(HttpReader::Progress progress);
  void on_done();
  void follow(const HttpHead& head);
  bool release();

  const std::shared_ptr<ClientCore> core_;
  const std::shared_ptr<Context> context_;
  runtime::Timer deadline_;
  std::optional<Url> url_;
  bool cross_origin_ = false;
  int redirects_ = 0;
  int interim_ = 0;                 // 1xx answers so far.
  std::shared_ptr<Dial> dial_;      // Shared with its own operations, see Dial.
  std::shared_ptr<Stream> stream_;  // Shared: see Stream.
  std::unique_ptr<HttpReader> reader_;
  std::string request_;
  std::string in_;
  std::optional<HttpHead> head_;  // Of the answer being read.
  bool is_written_ = false;
  bool ended_ = false;
};

}  // namespace tandem::net
