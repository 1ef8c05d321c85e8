#include "server/worker_door.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace tandem::server {
namespace {

constexpr std::string_view kPrefix = "/v1/Accounts/";
constexpr std::string_view kApplications = "/Applications/";
constexpr std::string_view kConnect = "/Connect";
/// Sessions share the socket; what one of them may queue, a few may.
constexpr std::size_t kQueueShare = 4;

struct Address {
  model::AccountId account;
  model::ApplicationId application;
};

/// Of a path exactly as it is to be; ids need no escaping, so an escaped one is another path.
std::optional<Address> address_of(std::string_view target) {
  std::string_view path = target.substr(0, target.find('?'));
  if (!path.starts_with(kPrefix) || !path.ends_with(kConnect)) return std::nullopt;
  path.remove_prefix(kPrefix.size());
  path.remove_suffix(kConnect.size());
  const auto middle = path.find(kApplications);
  if (middle == std::string_view::npos) return std::nullopt;
  const std::string_view account = path.substr(0, middle);
  const std::string_view application = path.substr(middle + kApplications.size());
  if (!model::AccountId::valid(account) || !model::ApplicationId::valid(application)) return std::nullopt;
  return Address{model::AccountId(std::string(account)), model::ApplicationId(std::string(application))};
}

net::HttpResponse problem(int status, model::ErrorCode code, std::string_view detail) {
  net::HttpResponse response;
  response.status = status;
  response.content_type = "application/problem+json";
  response.body =
      fmt::format(R"({{"status":{},"code":"{}","detail":"{}"}})", status, model::to_string(code), detail) +
      "\n";
  return response;
}

net::HttpResponse refusal(app::WorkerAuthority::Refusal why) {
  using enum app::WorkerAuthority::Refusal;
  switch (why) {
    case forbidden:
      return problem(403, model::ErrorCode::forbidden,
                     "the API key is another account's or lacks the scope worker");
    case not_found:
      return problem(404, model::ErrorCode::not_found, "the account has no such application");
    case unauthenticated:
      break;
  }
  auto response = problem(401, model::ErrorCode::unauthenticated,
                          "Authorization: Bearer and an API key that is valid are needed");
  response.headers.emplace_back("WWW-Authenticate", R"(Bearer realm="tandem")");
  return response;
}

Result<app::WorkerIdentity, net::HttpResponse> admit(const app::WorkerAuthority& authority,
                                                     const net::HttpRequest& request) {
  const auto address = address_of(request.target);
  if (!address) return Err(problem(404, model::ErrorCode::not_found, "no WebSocket address"));
  const std::string_view token = net::bearer_token(request);
  if (token.empty()) return Err(refusal(app::WorkerAuthority::Refusal::unauthenticated));
  auto identity = authority.admit(address->account, address->application, token);
  if (!identity) return Err(refusal(identity.error()));
  return std::move(*identity);
}

}  // namespace

void add_worker_door(net::HttpServer& http, app::WorkerHub& hub, const app::WorkerAuthority& authority,
                     const app::ChannelLimits& limits) {
  net::HttpServer::Upgrade upgrade;
  upgrade.subprotocol = "tandem.v1";
  upgrade.options.max_message_bytes = limits.max_frame_bytes;
  upgrade.options.send_queue_bytes = limits.send_queue_bytes * kQueueShare;
  upgrade.accept = [&authority](const net::HttpRequest& request) -> std::optional<net::HttpResponse> {
    auto identity = admit(authority, request);
    return identity ? std::nullopt : std::optional(std::move(identity.error()));
  };
  upgrade.opened = [&hub, &authority](const net::HttpRequest& request,
                                      std::unique_ptr<net::WebSocket> socket) {
    // Again, since nothing is carried over from accept(); a key revoked in between is no worker's.
    auto identity = admit(authority, request);
    if (identity) {
      hub.attach(std::move(*identity), std::move(socket));
    } else {
      socket->close(1008, "the key is no longer valid");
    }
  };
  http.handle_upgrade(std::string(kPrefix), std::move(upgrade));
}

}  // namespace tandem::server
