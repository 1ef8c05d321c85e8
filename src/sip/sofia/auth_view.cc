#include "sip/sofia/auth_view.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "model/sip_uri.h"
#include "sip/access/contact_params.h"
#include "sip/sofia/message_view.h"

namespace tandem::sip {
namespace {

constexpr std::size_t kMaxContacts = 64;
constexpr std::size_t kMaxPath = 8;
constexpr std::size_t kMaxUriBytes = 1024;
constexpr std::size_t kMaxUserAgent = 256;

std::string lower_host(const url_t* url) {
  return url->url_host == nullptr ? std::string() : host_key(url->url_host);
}

bool safe_uri(const std::string& uri) {
  return !uri.empty() && uri.size() <= kMaxUriBytes && std::none_of(uri.begin(), uri.end(), [](char c) {
    const auto u = static_cast<unsigned char>(c);
    return u <= 0x20 || u == 0x7f || c == '<' || c == '>' || c == '"';
  });
}

bool is_sip(const url_t* url) {
  return (url->url_type == url_sip || url->url_type == url_sips) && url->url_host != nullptr &&
         *url->url_host != '\0';
}

/// Option tags in Require that a registrar does not know.
std::string unknown_options(const sip_t* sip) {
  std::string out;
  for (const sip_require_t* r = sip->sip_require; r != nullptr;
       r = reinterpret_cast<const sip_require_t*>(r->k_next)) {
    for (const msg_param_t* item = r->k_items; item != nullptr && *item != nullptr; ++item) {
      if (su_casematch(*item, "path") != 0 || su_casematch(*item, "outbound") != 0) continue;
      out.append(out.empty() ? "" : ", ").append(*item);
    }
  }
  return out;
}

/// Empty when all is well, else what is wrong.
std::string read_contacts(const sip_t* sip, RegisterRequest& out) {
  for (const sip_contact_t* m = sip->sip_contact; m != nullptr; m = m->m_next) {
    if (m->m_url->url_type == url_any) {
      out.wildcard = true;
      continue;
    }
    if (out.contacts.size() == kMaxContacts) return "Too Many Contacts";
    if (!is_sip(m->m_url)) return "Bad Contact URI";
    url_t url = *m->m_url;
    url.url_headers = nullptr;
    std::string uri = uri_text(&url);
    if (!safe_uri(uri)) return "Bad Contact URI";
    std::vector<std::string_view> params;
    for (const msg_param_t* p = m->m_params; p != nullptr && *p != nullptr; ++p) params.emplace_back(*p);
    auto contact = read_contact(std::move(uri), params);
    if (!contact) return "Bad Contact Parameter: " + contact.error();
    out.contacts.push_back(std::move(*contact));
  }
  return has_bad_header(sip, "Contact") ? "Bad Contact" : "";
}

std::string read_path(const sip_t* sip, RegisterRequest& out) {
  for (const sip_path_t* p = sip->sip_path; p != nullptr; p = p->r_next) {
    if (out.path.size() == kMaxPath) return "Path Too Long";
    if (!is_sip(p->r_url)) return "Bad Path";
    out.path.push_back(uri_text(p->r_url));
    if (!safe_uri(out.path.back())) return "Bad Path";
  }
  return has_bad_header(sip, "Path") ? "Bad Path" : "";
}

}  // namespace

std::vector<std::string> auth_values(const msg_auth_t* list) {
  std::vector<std::string> out;
  for (const msg_auth_t* a = list; a != nullptr; a = a->au_next) {
    std::string text = a->au_scheme == nullptr ? "" : a->au_scheme;
    const char* separator = " ";
    for (const msg_param_t* p = a->au_params; p != nullptr && *p != nullptr; ++p)
      text.append(std::exchange(separator, ", ")).append(*p);
    out.push_back(std::move(text));
  }
  return out;
}

std::string decoded_user(const url_t* url) {
  const std::string_view user = url->url_user == nullptr ? std::string_view() : url->url_user;
  return model::unescaped_user(user);
}

AccessRequest access_request(const msg_t* msg, const sip_t* sip, const sip_addr_t* claimed) {
  AccessRequest out;
  out.method = sip->sip_request->rq_method_name;
  out.uri = uri_text(sip->sip_request->rq_url);
  out.claimed_user = decoded_user(claimed->a_url);
  out.claimed_host = lower_host(claimed->a_url);
  out.proofs = auth_values(sip->sip_authorization);
  out.source = source_of(msg).ip;
  return out;
}

std::variant<RegisterRequest, BadRegister> register_view(const msg_t* msg, const sip_t* sip) {
  const url_t* target = sip->sip_request->rq_url;
  if (!is_sip(target)) return BadRegister{416, {}, {}};
  if (!is_sip(sip->sip_to->a_url)) return BadRegister{400, "Bad To", {}};
  if (const std::string unknown = unknown_options(sip); !unknown.empty())
    return BadRegister{420, {}, "Unsupported: " + unknown + "\r\n"};
  RegisterRequest out;
  out.user = decoded_user(sip->sip_to->a_url);
  out.domain = lower_host(sip->sip_to->a_url);
  // RFC 3261 10.3 step 1: for this registrar, by its domain or by its address.
  if (lower_host(target) != out.domain && !model::IpAddress::parse(lower_host(target)))
    return BadRegister{403, {}, {}};
  if (std::string problem = read_contacts(sip, out); !problem.empty())
    return BadRegister{400, std::move(problem), {}};
  if (std::string problem = read_path(sip, out); !problem.empty())
    return BadRegister{400, std::move(problem), {}};
  if (sip->sip_expires != nullptr) {
    out.expires_s = static_cast<std::uint32_t>(std::min<sip_time_t>(sip->sip_expires->ex_delta, 0xffffffffU));
  }
  out.sip_call_id = sip->sip_call_id->i_id;
  out.cseq = sip->sip_cseq->cs_seq;
  out.supports_path = supports(sip, "path") || requires_option(sip, "path");
  out.supports_outbound = supports(sip, "outbound") || requires_option(sip, "outbound");
  out.source = source_of(msg);
  if (sip->sip_user_agent != nullptr && sip->sip_user_agent->g_string != nullptr)
    out.user_agent = std::string(sip->sip_user_agent->g_string).substr(0, kMaxUserAgent);
  return out;
}

std::string register_reply_headers(const RegisterReply& reply) {
  std::string out;
  for (const RegisterContact& c : reply.contacts)
    out.append("Contact: ").append(contact_text(c)).append("\r\n");
  for (const std::string& p : reply.path) out.append("Path: <").append(p).append(">\r\n");
  if (reply.outbound) out.append("Require: outbound\r\n");
  if (reply.sip_code == 200) out.append("Supported: path, outbound\r\n");
  if (reply.min_expires_s)
    out.append("Min-Expires: ").append(std::to_string(*reply.min_expires_s)).append("\r\n");
  if (reply.retry_after_s > 0)
    out.append("Retry-After: ").append(std::to_string(reply.retry_after_s)).append("\r\n");
  return out;
}

}  // namespace tandem::sip
