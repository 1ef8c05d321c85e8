// What a received message says, as our values. SIP thread only; nothing returned points into the message
// unless its type is a view.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/socket_address.h"
#include "sip/api/agent.h"
#include "sip/dialog/session_timer.h"
#include "sip/sofia/sofia_api.h"

namespace tandem::sip {

[[nodiscard]] std::string uri_text(const url_t* url);
[[nodiscard]] Party party_of(const url_t* url, const char* display);
/// A From or To value without its parameters, the tag among them.
[[nodiscard]] std::string name_addr_text(const sip_addr_t* address);
[[nodiscard]] model::SocketAddress address_of(const su_sockaddr_t& address);
[[nodiscard]] model::SocketAddress source_of(const msg_t* msg);
/// The Contact URI, or empty if there is none that requests can be sent to.
[[nodiscard]] std::string contact_uri(const sip_t* sip);
[[nodiscard]] std::vector<std::string> record_routes(const sip_t* sip, bool reversed);
/// All headers but those that route, frame or authenticate the message.
[[nodiscard]] Headers headers_of(const sip_t* sip);
[[nodiscard]] std::string_view body_of(const sip_t* sip);
[[nodiscard]] std::string content_type_of(const sip_t* sip);
[[nodiscard]] bool is_sdp(const sip_t* sip);
/// RFC 3326 cause of protocol Q.850.
[[nodiscard]] std::optional<int> q850_of(const sip_t* sip);
[[nodiscard]] dialog::SessionTimerRequest session_timer_of(const sip_t* sip);
[[nodiscard]] bool supports(const sip_t* sip, const char* option);
[[nodiscard]] bool requires_option(const sip_t* sip, const char* option);
[[nodiscard]] bool allows(const sip_t* sip, std::string_view method);
/// Option tags in Require that we do not know, comma-separated; empty when all are known.
[[nodiscard]] std::string unknown_requirements(const sip_t* sip);

}  // namespace tandem::sip
