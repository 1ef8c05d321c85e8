// What a received message says of who sent it, and what a REGISTER asks for. SIP thread only.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "sip/access/access_control.h"
#include "sip/api/registrar.h"
#include "sip/sofia/sofia_api.h"

namespace tandem::sip {

/// The values of a list of Authorization or WWW-Authenticate headers.
[[nodiscard]] std::vector<std::string> auth_values(const msg_auth_t* list);
/// The user part without %-escapes.
[[nodiscard]] std::string decoded_user(const url_t* url);
/// `claimed` is From for a call, To for REGISTER.
[[nodiscard]] AccessRequest access_request(const msg_t* msg, const sip_t* sip, const sip_addr_t* claimed);

/// How a REGISTER is refused before anything else is looked at.
struct BadRegister {
  int sip_code = 400;
  std::string phrase;
  std::string headers;  ///< Whole lines.
};
/// Contacts, Expires, Path, options and sender; the caller adds who proved to be whom, ticket and times.
[[nodiscard]] std::variant<RegisterRequest, BadRegister> register_view(const msg_t* msg, const sip_t* sip);
/// The header lines of its answer.
[[nodiscard]] std::string register_reply_headers(const RegisterReply& reply);

}  // namespace tandem::sip
