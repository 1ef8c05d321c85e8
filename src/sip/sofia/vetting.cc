#include "sip/sofia/vetting.h"

#include <arpa/inet.h>

#include <cstdlib>

namespace tandem::sip {
namespace {

std::size_t count_headers(const sip_t* sip, std::size_t enough) {
  std::size_t n = 0;
  for (auto* h = reinterpret_cast<const sip_header_t*>(sip->sip_request); h != nullptr && n <= enough;
       h = reinterpret_cast<const sip_header_t*>(h->sh_succ)) {
    ++n;
  }
  return n;
}

bool good_port(const char* port) {
  if (port == nullptr || *port == '\0') return true;
  char* end = nullptr;
  const long n = std::strtol(port, &end, 10);
  return *end == '\0' && n > 0 && n <= 65'535;
}

}  // namespace

Vetted vet_request(msg_t* msg, sip_t* sip, const VettingLimits& limits) {
  sip_via_t* via = sip->sip_via;
  if (via == nullptr || via->v_host == nullptr) return {400, "Missing Via"};
  const su_sockaddr_t* from = msg_addr(msg);
  const unsigned source_port = ntohs(from->su_port);
  if (source_port == 0) return {400, "Bad Source"};
  if (via->v_maddr != nullptr) msg_header_remove_param(via->v_common, "maddr");
  msg_header_replace_param(msg_home(msg), via->v_common, su_sprintf(msg_home(msg), "rport=%u", source_port));
  if (!good_port(via->v_port)) return {400, "Bad Via Port"};
  if (via->v_maddr != nullptr) return {400, "Bad Via"};

  std::size_t vias = 0;
  for (const sip_via_t* v = via; v != nullptr; v = v->v_next) ++vias;
  if (vias > limits.vias) return {400, "Too Many Via Headers"};
  if (count_headers(sip, limits.headers) > limits.headers) return {400, "Too Many Headers"};
  if (sip->sip_payload != nullptr && sip->sip_payload->pl_len > limits.body_bytes)
    return {413, "Body Too Large"};
  return {};
}

}  // namespace tandem::sip
