// HttpSession: one accepted connection of an HttpServer, from the TLS handshake to the last response or the
// upgrade.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "net/http_reader.h"
#include "net/stream.h"
#include "net/tls.h"

namespace tandem::net {

// Shared by the server's handle and its sessions: these end on their net threads after the handle was
// destroyed.
struct ServerCore {
  ServerOptions options;
  TlsContext tls;  // Null: plain HTTP.
  // Constant after start(); the handlers themselves are called from every net thread.
  std::map<std::string, HttpServer::Handler, std::greater<>> handlers;
  std::map<std::string, HttpServer::Upgrade, std::greater<>> upgrades;
  std::vector<std::shared_ptr<Context>> contexts;  // Shared: see Context.
  std::vector<std::unique_ptr<Gate>> gates;        // One a context.
  std::atomic<std::size_t> connections{0};
};

// Shared by its context (Member) and its operations under way.
class HttpSession final : public Member, public std::enable_shared_from_this<HttpSession> {
 public:
  HttpSession(std::shared_ptr<ServerCore> core, std::shared_ptr<Context> context, Socket socket);
  ~HttpSession() override;
  void start();
  void shut() override { close(); }

  /// The answer to request number `serial`; late and second ones are ignored. Net thread.
  void respond(std::uint64_t serial, const HttpResponse& response);
  [[nodiscard]] const std::shared_ptr<Context>& context() const { return context_; }

 private:
  enum class Phase : std::uint8_t { reading, handling, writing, closed };

  void read_request();
  void read_more();
  void on_read(const error_code& error, std::size_t n);
  void on_progress(HttpReader::Progress progress);
  void on_request();
  void dispatch(HttpRequest request);
  void upgrade(HttpServer::Upgrade& upgrade, HttpRequest request);
  void switch_protocol(HttpServer::Upgrade& upgrade, HttpRequest request);
  void refuse(int status, std::string_view why);
  void write(std::string text);
  void on_written();
  void arm_deadline();
  void close();

  const std::shared_ptr<ServerCore> core_;
  const std::shared_ptr<Context> context_;
  std::shared_ptr<Stream> stream_;  // Shared: see Stream. Empty: it became a WebSocket's.
  SteadyTimer deadline_;
  model::SocketAddress peer_;
  std::unique_ptr<HttpReader> reader_;
  std::string in_;
  std::string out_;
  Phase phase_ = Phase::reading;
  std::uint64_t serial_ = 0;
  bool keep_alive_ = false;
  bool head_only_ = false;
  bool continued_ = false;  // 100 Continue was sent for this request.
};

}  // namespace tandem::net
