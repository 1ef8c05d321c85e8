#include "sip/sofia/message_view.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstring>

#include "model/sip_uri.h"
#include "sip/sdp/multipart.h"

namespace tandem::sip {
namespace {

constexpr const char* kSdpType = "application/sdp";

std::string_view or_empty(const char* s) {
  return s == nullptr ? std::string_view() : std::string_view(s);
}

std::string unquote(std::string_view text) {
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') return std::string(text);
  std::string out;
  text = text.substr(1, text.size() - 2);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) ++i;
    out.push_back(text[i]);
  }
  return out;
}

// Decodes %xx and drops user parameters (";phone-context=..."). A number loses its visual separators (RFC
// 3966 5.1.1).
std::string user_text(std::string_view user) {
  user = user.substr(0, user.find(';'));
  std::string out = model::unescaped_user(user);
  const bool number = !out.empty() && out.find_first_not_of("+0123456789-.() ") == std::string::npos &&
                      out.find_first_of("0123456789") != std::string::npos;
  if (number) std::erase_if(out, [](char c) { return std::strchr("-.() ", c) != nullptr; });
  return out;
}

bool hidden(std::string_view name) {
  static constexpr std::array<std::string_view, 14> kHidden{
      "Via",     "Route",        "Record-Route",  "CSeq",         "Call-ID", "From", "To",
      "Contact", "Max-Forwards", "Authorization", "MIME-Version", "RAck",    "RSeq", "Session-Expires"};
  return name.starts_with("Content-") || name.starts_with("Proxy-") ||
         std::find(kHidden.begin(), kHidden.end(), name) != kHidden.end();
}

std::string field_text(const sip_header_t* h) {
  std::array<char, 1024> room{};
  auto* header = reinterpret_cast<const msg_header_t*>(h);
  const issize_t n = msg_header_field_e(room.data(), room.size(), header, 0);
  if (n < 0) return {};
  if (static_cast<std::size_t>(n) < room.size()) return {room.data(), static_cast<std::size_t>(n)};
  std::string big(static_cast<std::size_t>(n) + 1, '\0');
  msg_header_field_e(big.data(), static_cast<isize_t>(big.size()), header, 0);
  big.resize(static_cast<std::size_t>(n));
  return big;
}

}  // namespace

std::string uri_text(const url_t* url) {
  if (url == nullptr) return {};
  std::array<char, 512> room{};
  const issize_t n = url_e(room.data(), room.size(), url);
  if (n < 0) return {};
  if (static_cast<std::size_t>(n) < room.size()) return {room.data(), static_cast<std::size_t>(n)};
  std::string big(static_cast<std::size_t>(n) + 1, '\0');
  url_e(big.data(), static_cast<isize_t>(big.size()), url);
  big.resize(static_cast<std::size_t>(n));
  return big;
}

Party party_of(const url_t* url, const char* display) {
  Party out;
  out.uri = uri_text(url);
  out.user = user_text(or_empty(url->url_user));
  out.host = or_empty(url->url_host);
  out.display_name = unquote(or_empty(display));
  return out;
}

std::string name_addr_text(const sip_addr_t* address) {
  std::string out;
  const std::string_view display = or_empty(address->a_display);
  if (!display.empty()) out.append(display).append(" ");
  return out.append("<").append(uri_text(address->a_url)).append(">");
}

model::SocketAddress address_of(const su_sockaddr_t& address) {
  if (address.su_family == AF_INET) {
    model::IpAddress ip;
    std::memcpy(ip.bytes.data(), &address.su_sin.sin_addr, 4);
    return {ip, ntohs(address.su_port)};
  }
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (address.su_family == AF_INET6)
    inet_ntop(AF_INET6, &address.su_sin6.sin6_addr, text.data(), text.size());
  return {model::IpAddress::parse(text.data()).value_or(model::IpAddress{}), ntohs(address.su_port)};
}

model::SocketAddress source_of(const msg_t* msg) {
  return address_of(*msg_addr(const_cast<msg_t*>(msg)));
}

model::SocketAddress response_source(nta_outgoing_t* orq) {
  msg_t* msg = orq != nullptr ? nta_outgoing_getresponse(orq) : nullptr;
  if (msg == nullptr) return {};
  const model::SocketAddress out = source_of(msg);
  msg_destroy(msg);
  return out;
}

std::string contact_uri(const sip_t* sip) {
  const sip_contact_t* m = sip->sip_contact;
  if (m == nullptr || m->m_url->url_host == nullptr) return {};
  if (m->m_url->url_type != url_sip && m->m_url->url_type != url_sips) return {};
  url_t target = *m->m_url;
  target.url_headers = nullptr;  // Not part of a target (RFC 3261 19.1.5).
  return uri_text(&target);
}

std::vector<std::string> record_routes(const sip_t* sip, bool reversed) {
  std::vector<std::string> out;
  for (const sip_record_route_t* r = sip->sip_record_route; r != nullptr; r = r->r_next) {
    out.push_back(uri_text(r->r_url));
  }
  if (reversed) std::reverse(out.begin(), out.end());
  return out;
}

Headers headers_of(const sip_t* sip) {
  Headers out;
  const sip_header_t* h = sip->sip_request != nullptr
                              ? reinterpret_cast<const sip_header_t*>(sip->sip_request)
                              : reinterpret_cast<const sip_header_t*>(sip->sip_status);
  for (; h != nullptr; h = reinterpret_cast<const sip_header_t*>(h->sh_succ)) {
    if (h->sh_class == sip_unknown_class) {
      out.emplace_back(or_empty(h->sh_unknown->un_name), or_empty(h->sh_unknown->un_value));
      continue;
    }
    const std::string_view name = or_empty(h->sh_class->hc_name);
    if (name.empty() || h->sh_class == sip_request_class || h->sh_class == sip_status_class || hidden(name))
      continue;
    out.emplace_back(std::string(name), field_text(h));
  }
  return out;
}

std::string_view body_of(const sip_t* sip) {
  if (sip == nullptr || sip->sip_payload == nullptr || sip->sip_payload->pl_data == nullptr) return {};
  return {sip->sip_payload->pl_data, sip->sip_payload->pl_len};
}

std::string content_type_of(const sip_t* sip) {
  return sip->sip_content_type == nullptr ? std::string()
                                          : std::string(or_empty(sip->sip_content_type->c_type));
}

std::optional<std::string_view> sdp_of(const sip_t* sip) {
  const std::string_view body = body_of(sip);
  if (body.empty()) return std::nullopt;
  const sip_content_type_t* type = sip->sip_content_type;
  if (type == nullptr || su_casematch(type->c_type, kSdpType) != 0) return body;
  if (type->c_type == nullptr || su_casenmatch(type->c_type, "multipart/", 10) == 0) return std::nullopt;
  std::string text = type->c_type;
  for (const msg_param_t* p = type->c_params; p != nullptr && *p != nullptr; ++p) {
    text.append(";").append(*p);
  }
  return find_part(text, body, kSdpType);
}

std::optional<std::string> header_value(const sip_t* sip, std::string_view name) {
  std::optional<std::string> out;
  for (auto& [key, value] : headers_of(sip)) {
    if (!su_casematch(key.c_str(), std::string(name).c_str())) continue;
    if (out) return std::nullopt;
    out = std::move(value);
  }
  return out;
}

bool has_bad_header(const sip_t* sip, std::string_view name) {
  const std::string wanted(name);
  for (const sip_error_t* e = sip->sip_error; e != nullptr; e = e->er_next) {
    const auto* h = reinterpret_cast<const sip_header_t*>(e);
    const char* bad = h->sh_class == sip_error_class ? e->er_name : h->sh_class->hc_name;
    if (bad != nullptr && su_casematch(bad, wanted.c_str()) != 0) return true;
  }
  return false;
}

dialog::PeerView peer_view(const sip_t* sip, const model::SocketAddress& source) {
  dialog::PeerView out;
  if (sip->sip_contact != nullptr) out.contact_host = or_empty(sip->sip_contact->m_url->url_host);
  if (sip->sip_request != nullptr) {
    if (sip->sip_via != nullptr) out.via_sent_by = model::IpAddress::parse(or_empty(sip->sip_via->v_host));
    for (const sip_via_t* v = sip->sip_via; v != nullptr; v = v->v_next) ++out.vias;
  }
  out.record_routed = sip->sip_record_route != nullptr;
  out.source = source;
  return out;
}

std::optional<int> q850_of(const sip_t* sip) {
  for (const sip_reason_t* r = sip->sip_reason; r != nullptr; r = r->re_next) {
    if (su_casematch(r->re_protocol, "Q.850") == 0 || r->re_cause == nullptr) continue;
    const int cause = std::atoi(r->re_cause);
    if (cause > 0 && cause < 128) return cause;
  }
  return std::nullopt;
}

dialog::SessionTimerRequest session_timer_of(const sip_t* sip) {
  dialog::SessionTimerRequest out;
  if (const auto* x = sip->sip_session_expires) {
    out.session_expires_s = static_cast<std::uint32_t>(std::min<unsigned long>(x->x_delta, 86'400));
    if (x->x_refresher != nullptr) {
      out.refresher =
          su_casematch(x->x_refresher, "uac") != 0 ? dialog::Refresher::uac : dialog::Refresher::uas;
    }
  }
  if (const auto* m = sip->sip_min_se) {
    out.min_se_s = static_cast<std::uint32_t>(std::min<unsigned long>(m->min_delta, 86'400));
  }
  out.timer_supported = supports(sip, "timer") || requires_option(sip, "timer");
  return out;
}

bool supports(const sip_t* sip, const char* option) {
  return sip->sip_supported != nullptr && sip_has_feature(sip->sip_supported, option) != 0;
}

bool requires_option(const sip_t* sip, const char* option) {
  return sip->sip_require != nullptr && sip_has_feature(sip->sip_require, option) != 0;
}

bool allows(const sip_t* sip, std::string_view method) {
  for (const sip_allow_t* a = sip->sip_allow; a != nullptr;
       a = reinterpret_cast<const sip_allow_t*>(a->k_next)) {
    for (const msg_param_t* item = a->k_items; item != nullptr && *item != nullptr; ++item) {
      if (method == *item) return true;
    }
  }
  return false;
}

std::string unknown_requirements(const sip_t* sip) {
  std::string out;
  for (const sip_require_t* r = sip->sip_require; r != nullptr;
       r = reinterpret_cast<const sip_require_t*>(r->k_next)) {
    for (const msg_param_t* item = r->k_items; item != nullptr && *item != nullptr; ++item) {
      if (su_casematch(*item, "100rel") != 0 || su_casematch(*item, "timer") != 0 ||
          su_casematch(*item, "replaces") != 0 || su_casematch(*item, "norefersub") != 0) {
        continue;
      }
      out.append(out.empty() ? "" : ", ").append(*item);
    }
  }
  return out;
}

}  // namespace tandem::sip
