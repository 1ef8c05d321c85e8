// Generated from protocol/ by tools/gen. Do not edit.
#pragma once

#include <boost/json/fwd.hpp>

#include "model/generated/rest.h"
#include "wire/writer.h"

namespace tandem::wire {

class Complaint;

void encode(JsonWriter& w, const model::RestAccount& e);
void encode(JsonWriter& w, const model::RestApplication& e);
void encode(JsonWriter& w, const model::RestNumber& e);
void encode(JsonWriter& w, const model::RestDomain& e);
void encode(JsonWriter& w, const model::RestTrunkGateway& e);
void encode(JsonWriter& w, const model::RestTrunkLogin& e);
void encode(JsonWriter& w, const model::RestTrunkRegistration& e);
void encode(JsonWriter& w, const model::RestTrunkNumberFormat& e);
void encode(JsonWriter& w, const model::RestTrunk& e);
void encode(JsonWriter& w, const model::RestCredential& e);
void encode(JsonWriter& w, const model::RestApiKey& e);
void encode(JsonWriter& w, const model::RestAuditEntry& e);
void encode(JsonWriter& w, const model::RestRouteCandidate& e);
void encode(JsonWriter& w, const model::RestRouteExplanation& e);
void decode(const boost::json::value& v, model::RestAccountBody& out, Complaint& c);
void decode(const boost::json::value& v, model::RestApplicationBody& out, Complaint& c);
void decode(const boost::json::value& v, model::RestNumberBody& out, Complaint& c);
void decode(const boost::json::value& v, model::RestDomainBody& out, Complaint& c);
void decode(const boost::json::value& v, model::RestTrunkBody& out, Complaint& c);
void decode(const boost::json::value& v, model::RestCredentialBody& out, Complaint& c);
void decode(const boost::json::value& v, model::RestApiKeyBody& out, Complaint& c);
void decode(const boost::json::value& v, model::RestRotateApiKey& out, Complaint& c);
void decode(const boost::json::value& v, model::RestExplainRoute& out, Complaint& c);

}  // namespace tandem::wire
