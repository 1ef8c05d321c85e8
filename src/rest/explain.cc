// Which rule a call would take, and why.
#include "rest/resources.h"
#include "wire/generated/rest_codec.h"
#include "wire/rest_body.h"

namespace tandem::rest {
namespace {

using model::ErrorCode;

model::RestRouteCandidate shown(const store::Candidate& c) {
  model::RestRouteCandidate out;
  out.rule = c.rule, out.record_id = c.record_id, out.why = c.why;
  if (!c.application_id.empty()) out.application_id = c.application_id;
  out.outcome = c.outcome == store::Candidate::Outcome::taken    ? model::RestRouteCandidateOutcome::taken
                : c.outcome == store::Candidate::Outcome::beaten ? model::RestRouteCandidateOutcome::beaten
                                                                 : model::RestRouteCandidateOutcome::unfit;
  return out;
}

}  // namespace

void explain_route(Desk& desk, ExchangePtr exchange) {
  auto body = wire::decode_body<model::RestExplainRoute>(exchange->request.body);
  if (!body) return exchange->refuse(body.error());
  if (desk.store == nullptr) return exchange->refuse(fault(ErrorCode::no_capacity, {}, "there are no rules"));
  const auto rules = desk.store->snapshot();
  store::RouteQuery query{body->to, body->from, body->domain, {}};
  if (!body->source.empty()) {
    const auto source = model::IpAddress::parse(body->source);
    if (!source) return exchange->refuse(fault(ErrorCode::invalid_params, "source", "must be an IP address"));
    query.source = *source;
  }
  if (body->trunk_id) {
    const auto* trunk = rules->trunk(*body->trunk_id);
    if (trunk == nullptr || trunk->account_id != exchange->account || trunk->realm.empty()) {
      return exchange->refuse(
          fault(ErrorCode::invalid_params, "trunk_id", "the account has no trunk with this id that logs in"));
    }
    query.authenticated_realm = trunk->realm;
  }
  const auto explained = rules->explain(query, exchange->account);
  model::RestRouteExplanation out;
  out.taken = explained.taken, out.why = explained.why;
  if (!explained.application_id.empty()) out.application_id = explained.application_id;
  for (const auto& candidate : explained.candidates) out.candidates.push_back(shown(candidate));
  std::string text;
  wire::JsonWriter w(text);
  wire::encode(w, out);
  exchange->answer(200, std::move(text));
}

}  // namespace tandem::rest
