// Whole messages through the stack's parser, our vetting and the views that legs read. What a leg would write
// back is written too.
#include <netinet/in.h>

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "sip/sdp/sdp.h"
#include "sip/sofia/message_send.h"
#include "sip/sofia/message_view.h"
#include "sip/sofia/vetting.h"

namespace {

void read_everything(const sip_t* sip) {
  using namespace tandem::sip;
  (void)headers_of(sip);
  (void)contact_uri(sip);
  (void)record_routes(sip, true);
  (void)q850_of(sip);
  (void)session_timer_of(sip);
  (void)unknown_requirements(sip);
  (void)allows(sip, "UPDATE");
  (void)header_lines(headers_of(sip));
  if (sip->sip_from != nullptr) {
    (void)party_of(sip->sip_from->a_url, sip->sip_from->a_display);
    (void)name_addr_text(sip->sip_from);
  }
  (void)header_value(sip, "Replaces");
  (void)has_bad_header(sip, "Replaces");
  (void)dialog::should_follow_source(peer_view(sip, {}));
  if (const auto text = sdp_of(sip)) (void)parse_sdp(*text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0 || size > 65'536) return 0;
  msg_t* msg = msg_make(sip_default_mclass(), 0, data, static_cast<ssize_t>(size));
  if (msg == nullptr) return 0;
  su_sockaddr_t* from = msg_addr(msg);
  from->su_sin.sin_family = AF_INET;
  from->su_sin.sin_port = htons(5060);
  from->su_sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  sip_t* sip = sip_object(msg);
  if (sip != nullptr && sip->sip_request != nullptr) {
    if (tandem::sip::vet_request(msg, sip, {}) && sip_sanity_check(sip) >= 0) read_everything(sip);
  } else if (sip != nullptr && sip->sip_status != nullptr && sip_sanity_check(sip) >= 0) {
    read_everything(sip);
  }
  msg_destroy(msg);
  return 0;
}
