// Generated from protocol/ by tools/gen. Do not edit.
#include "model/generated/rest.h"

namespace tandem::model {

std::string_view to_string(RestTrunkGatewayTransport v) {
  switch (v) {
    case RestTrunkGatewayTransport::udp: return "udp";
    case RestTrunkGatewayTransport::tcp: return "tcp";
    case RestTrunkGatewayTransport::tls: return "tls";
  }
  return {};
}

std::string_view to_string(RestTrunkBodySrtp v) {
  switch (v) {
    case RestTrunkBodySrtp::never: return "never";
    case RestTrunkBodySrtp::offer: return "offer";
    case RestTrunkBodySrtp::require: return "require";
  }
  return {};
}

std::string_view to_string(RestTrunkNumberFormatStyle v) {
  switch (v) {
    case RestTrunkNumberFormatStyle::as_is: return "as_is";
    case RestTrunkNumberFormatStyle::e164_plus: return "e164_plus";
    case RestTrunkNumberFormatStyle::e164_bare: return "e164_bare";
    case RestTrunkNumberFormatStyle::national: return "national";
  }
  return {};
}

std::string_view to_string(RestTrunkSrtp v) {
  switch (v) {
    case RestTrunkSrtp::never: return "never";
    case RestTrunkSrtp::offer: return "offer";
    case RestTrunkSrtp::require: return "require";
  }
  return {};
}

std::string_view to_string(RestAuditEntryAction v) {
  switch (v) {
    case RestAuditEntryAction::created: return "created";
    case RestAuditEntryAction::updated: return "updated";
    case RestAuditEntryAction::deleted: return "deleted";
  }
  return {};
}

std::string_view to_string(RestRouteCandidateOutcome v) {
  switch (v) {
    case RestRouteCandidateOutcome::taken: return "taken";
    case RestRouteCandidateOutcome::beaten: return "beaten";
    case RestRouteCandidateOutcome::unfit: return "unfit";
  }
  return {};
}

}  // namespace tandem::model
