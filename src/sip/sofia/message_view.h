// What a received message says, as our values. SIP thread only; nothing returned points into the message
// unless its type is a view.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/socket_address.h"
#include "sip/api/agent.h"
#include "sip/dialog/follow_source.h"
#include "sip/dialog/session_timer.h"
#include "sip/sofia/sofia_api.h"

namespace tandem::sip {

[[nodiscard]] std::string uri_text(const url_t* url);
[[nodiscard]] Party party_of(const url_t* url, const char* display);
/// A From or To value without its parameters, the tag among them.
[[nodiscard]] std::string name_addr_text(const sip_addr_t* address);
[[nodiscard]] model::SocketAddress address_of(const su_sockaddr_t& address);
[[nodiscard]] model::SocketAddress source_of(const msg_t* msg);
/// Where the last response of a transaction came from; port 0 when there was none.
[[nodiscard]] model::SocketAddress response_source(nta_outgoing_t* orq);
/// The Contact URI, or empty if there is none that requests can be sent to.
[[nodiscard]] std::string contact_uri(const sip_t* sip);
[[nodiscard]] std::vector<std::string> record_routes(const sip_t* sip, bool reversed);
/// All headers but those that route, frame or authenticate the message.
[[nodiscard]] Headers headers_of(const sip_t* sip);
[[nodiscard]] std::string_view body_of(const sip_t* sip);
[[nodiscard]] std::string content_type_of(const sip_t* sip);
/// The session description: the body, or the first such part of a multipart body (RFC 5621). A body without
/// Content-Type can only be meant as one.
[[nodiscard]] std::optional<std::string_view> sdp_of(const sip_t* sip);
/// The only value of this header; nothing when it is absent or there are several.
[[nodiscard]] std::optional<std::string> header_value(const sip_t* sip, std::string_view name);
/// True when the header was there but could not be read, or more often than it may be.
[[nodiscard]] bool has_bad_header(const sip_t* sip, std::string_view name);
/// What the message shows of where its sender is reached; `source` is where it came from.
[[nodiscard]] dialog::PeerView peer_view(const sip_t* sip, const model::SocketAddress& source);
/// RFC 3326 cause of protocol Q.850.
[[nodiscard]] std::optional<int> q850_of(const sip_t* sip);
[[nodiscard]] dialog::SessionTimerRequest session_timer_of(const sip_t* sip);
[[nodiscard]] bool supports(const sip_t* sip, const char* option);
[[nodiscard]] bool requires_option(const sip_t* sip, const char* option);
[[nodiscard]] bool allows(const sip_t* sip, std::string_view method);
/// Option tags in Require that we do not know, comma-separated; empty when all are known.
[[nodiscard]] std::string unknown_requirements(const sip_t* sip);

}  // namespace tandem::sip
