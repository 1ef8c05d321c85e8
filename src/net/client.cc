#include "net/client.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "net/exchange.h"
#include "net/http_text.h"
#include "net/ws_connection.h"

namespace tandem::net {
namespace {

using Connected = Result<std::unique_ptr<WebSocket>, NetFailure>;
using Fetched = Result<FetchResponse, NetFailure>;

/// Credentials are meant for the host they were given for.
bool is_credential(std::string_view name) {
  return equal_no_case(name, "Authorization") || equal_no_case(name, "Cookie") ||
         equal_no_case(name, "Proxy-Authorization");
}

void append_headers(std::string& out, const HeaderList& headers, bool cross_origin) {
  for (const auto& [name, value] : headers) {
    if (!cross_origin || !is_credential(name)) append_header(out, name, value);
  }
}

void append_user_info(std::string& out, const Url& url) {
  if (!url.user_info.empty()) append_header(out, "Authorization", "Basic " + base64(url.user_info));
}

class Connect final : public Exchange {
 public:
  using Done = Function<void(Connected)>;
  Connect(std::shared_ptr<ClientCore> core, std::shared_ptr<Context> context, ConnectRequest request,
          HeaderMaker extra, Done done)
      : Exchange(std::move(core), std::move(context)),
        request_(std::move(request)),
        extra_(std::move(extra)),
        done_(std::move(done)) {
    plan_ = {request_.url, request_.timeout, request_.max_redirects, 0, true};
  }

 private:
  std::string request_text(const Url& to, bool cross_origin, std::string& fault) override {
    // The signature covers the URL as the customer wrote it; after a redirect as the redirect made it.
    const HeaderList extra = extra_ ? extra_(is_redirected_ ? to.str() : request_.url) : HeaderList{};
    fault = headers_fault(request_.headers);
    if (fault.empty()) fault = headers_fault(extra);
    if (fault.empty() && !request_.subprotocol.empty() && !is_token(request_.subprotocol)) {
      fault = "the subprotocol is not a token";
    }
    if (!fault.empty()) return {};
    key_ = make_ws_key();
    std::string out = "GET " + to.path_and_query + " HTTP/1.1\r\n";
    append_header(out, "Host", to.authority());
    append_header(out, "Connection", "Upgrade");
    append_header(out, "Upgrade", "websocket");
    append_header(out, "Sec-WebSocket-Version", "13");
    append_header(out, "Sec-WebSocket-Key", key_);
    if (!request_.subprotocol.empty()) append_header(out, "Sec-WebSocket-Protocol", request_.subprotocol);
    if (request_.options.permessage_deflate) append_header(out, "Sec-WebSocket-Extensions", kDeflateOffer);
    append_user_info(out, to);
    append_headers(out, request_.headers, cross_origin);
    append_headers(out, extra, false);
    return out + "\r\n";
  }

  [[nodiscard]] HttpReader::Kind reader_kind() const override { return HttpReader::Kind::response_head; }
  void on_redirect(int /*status*/) override { is_redirected_ = true; }

  void on_answer(HttpHead head) override {
    if (head.status != 101) {
      return fail(NetError::http_status, fmt::format("answered {} instead of 101", head.status), head.status);
    }
    const bool upgraded = head.http_1_1 && has_token(head.headers, "Connection", "upgrade") &&
                          has_token(head.headers, "Upgrade", "websocket") &&
                          find_header(head.headers, "Sec-WebSocket-Accept") == ws_accept(key_);
    if (!upgraded || !is_request_written())
      return fail(NetError::bad_response, "not a WebSocket handshake answer");
    const std::string_view chosen = find_header(head.headers, "Sec-WebSocket-Protocol");
    if (chosen != request_.subprotocol) {
      return fail(NetError::wrong_subprotocol,
                  fmt::format("the subprotocol is \"{}\" instead of \"{}\"", chosen, request_.subprotocol));
    }
    const ClientDeflate deflate = read_deflate_answer(head.headers, request_.options.permessage_deflate);
    if (deflate == ClientDeflate::violation)
      return fail(NetError::bad_response, "unusable WebSocket extensions");
    WsSetup setup{WsRole::client, request_.options, request_.subprotocol, peer(), reader().take_rest(), {}};
    if (deflate == ClientDeflate::on) setup.deflate = DeflateAgreement{};
    auto stream = take_stream();
    end([&] { done_(open_websocket(context(), std::move(stream), std::move(setup))); });
    if (stream) stream->close();  // The client is gone.
  }

  void report(NetFailure failure) override { done_(Err(std::move(failure))); }

  const ConnectRequest request_;
  HeaderMaker extra_;
  Done done_;
  std::string key_;
  bool is_redirected_ = false;
};

class Fetch final : public Exchange {
 public:
  using Done = Function<void(Fetched)>;
  Fetch(std::shared_ptr<ClientCore> core, std::shared_ptr<Context> context, FetchRequest request, Done done)
      : Exchange(std::move(core), std::move(context)), request_(std::move(request)), done_(std::move(done)) {
    plan_ = {request_.url, request_.timeout, request_.max_redirects, request_.max_body_bytes, false};
  }

 private:
  std::string request_text(const Url& to, bool cross_origin, std::string& fault) override {
    fault = is_token(request_.method) ? headers_fault(request_.headers) : "the method is not a token";
    if (!fault.empty()) return {};
    std::string out = request_.method + " " + to.path_and_query + " HTTP/1.1\r\n";
    append_header(out, "Host", to.authority());
    append_header(out, "Connection", "close");
    // Limits count what is delivered; a coding would let a small answer become a large one.
    append_header(out, "Accept-Encoding", "identity");
    append_user_info(out, to);
    append_headers(out, request_.headers, cross_origin);
    if (!request_.body.empty() || (request_.method != "GET" && request_.method != "HEAD")) {
      append_header(out, "Content-Length", std::to_string(request_.body.size()));
    }
    return out + "\r\n" + request_.body;
  }

  [[nodiscard]] HttpReader::Kind reader_kind() const override {
    return request_.method == "HEAD" ? HttpReader::Kind::response_to_head : HttpReader::Kind::response;
  }

  void on_redirect(int status) override {
    const bool to_get = status == 303 ? request_.method != "HEAD" : status < 303 && request_.method == "POST";
    if (!to_get) return;  // RFC 9110 section 15.4: 307 and 308 keep method and body.
    request_.method = "GET";
    request_.body.clear();
    std::erase_if(request_.headers,
                  [](const auto& h) { return equal_no_case(h.first.substr(0, 8), "Content-"); });
  }

  void on_answer(HttpHead head) override {
    if (head.status == 101) return fail(NetError::bad_response, "answered 101 to a plain request");
    const std::string_view coding = find_header(head.headers, "Content-Encoding");
    if (!coding.empty() && !equal_no_case(coding, "identity")) {
      return fail(NetError::bad_response, fmt::format("content coding \"{}\" was not asked for", coding));
    }
    FetchResponse response{head.status, std::move(head.headers), reader().take_body()};
    end([&] { done_(std::move(response)); });
  }

  void report(NetFailure failure) override { done_(Err(std::move(failure))); }

  FetchRequest request_;
  Done done_;
};

class ClientHandle final : public Client {
 public:
  explicit ClientHandle(std::shared_ptr<ClientCore> core) : core_(std::move(core)) {}
  ~ClientHandle() override {
    for (const auto& gate : core_->gates) gate->close();
    for (const auto& context : core_->contexts) {
      context->post([context = context.get(), core = core_] { context->shut_owned_by(core.get()); });
    }
  }

  void connect(ConnectRequest request, HeaderMaker extra_headers, Function<void(Connected)> done) override {
    const auto context = pick();
    post(context, std::make_shared<Connect>(core_, context, std::move(request), std::move(extra_headers),
                                            std::move(done)));
  }

  void fetch(FetchRequest request, Function<void(Fetched)> done) override {
    const auto context = pick();
    post(context, std::make_shared<Fetch>(core_, context, std::move(request), std::move(done)));
  }

 private:
  std::shared_ptr<Context> pick() {
    return core_
        ->contexts[core_->next_context.fetch_add(1, std::memory_order_relaxed) % core_->contexts.size()];
  }

  void post(const std::shared_ptr<Context>& context, std::shared_ptr<Exchange> exchange) {
    core_->concurrent.fetch_add(1);
    context->post([exchange = std::move(exchange)] { exchange->start(); });
  }

  std::shared_ptr<ClientCore> core_;  // Shared with the exchanges, see ClientCore.
};

}  // namespace

std::unique_ptr<Client> make_client(std::vector<std::shared_ptr<Context>> contexts, Resolver& resolver,
                                    ClientOptions options, const Log& log) {
  auto settings = std::make_shared<DialSettings>();
  settings->policy = std::move(options.policy);
  auto tls = make_client_tls(options.ca_file);
  if (tls) {
    settings->tls = *std::move(tls);
  } else {
    settings->tls_fault = tls.error();
    log.error("no TLS connection can be made: {}", tls.error());
  }
  auto core = std::make_shared<ClientCore>();
  core->settings = std::move(settings);
  core->resolver = &resolver;
  core->max_concurrent = options.max_concurrent_connects;
  for (std::size_t i = 0; i < contexts.size(); ++i) core->gates.push_back(std::make_unique<Gate>());
  core->contexts = std::move(contexts);
  return std::make_unique<ClientHandle>(std::move(core));
}

}  // namespace tandem::net
