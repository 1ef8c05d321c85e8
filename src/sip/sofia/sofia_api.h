// The one way into Sofia-SIP's headers: its "magic" context types are macros that must be set before the
// first include.
#pragma once

namespace tandem::sip {
class SofiaAgent;
class Leg;
struct ClientRequest;
}  // namespace tandem::sip

#define NTA_AGENT_MAGIC_T tandem::sip::SofiaAgent
#define NTA_INCOMING_MAGIC_T tandem::sip::Leg
#define NTA_OUTGOING_MAGIC_T tandem::sip::ClientRequest

#include <sofia-sip/msg_addr.h>
#include <sofia-sip/nta.h>
#include <sofia-sip/nta_stateless.h>
#include <sofia-sip/nta_tport.h>
#include <sofia-sip/sip_extra.h>
#include <sofia-sip/sip_header.h>
#include <sofia-sip/sip_parser.h>
#include <sofia-sip/sip_status.h>
#include <sofia-sip/sip_tag.h>
#include <sofia-sip/sip_util.h>
#include <sofia-sip/sres_sip.h>
#include <sofia-sip/sresolv.h>
#include <sofia-sip/su_log.h>
#include <sofia-sip/tport.h>
#include <sofia-sip/tport_tag.h>
