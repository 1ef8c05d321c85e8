#include "store/api/cdr_record.h"

#include "model/sip_transport.h"

namespace tandem::store {
namespace {

template <class T>
std::optional<T> unless_empty(const T& value) {
  return value.empty() ? std::nullopt : std::optional<T>(value);
}

std::optional<model::Codec> codec_named(const std::string& name) {
  for (const model::Codec codec : {model::Codec::pcmu, model::Codec::pcma, model::Codec::g722}) {
    if (name == model::traits(codec).encoding_name) return codec;
  }
  return std::nullopt;
}

}  // namespace

model::Cdr cdr_record(const Cdr& c) {
  model::Cdr record;
  record.cdr_id = c.id;
  record.account_id = unless_empty(c.account_id);
  record.application_id = unless_empty(c.application_id);
  record.number_id = unless_empty(c.number_id);
  record.session_id = unless_empty(c.session_id);
  record.call_id = c.call_id;
  record.parent_call_id = unless_empty(c.parent_call_id);
  record.trunk_id = unless_empty(c.trunk_id);
  record.intent_id = unless_empty(c.intent_id);
  if (c.attempt > 0) record.attempt = c.attempt;
  record.direction =
      c.direction == "outbound" ? model::CallDirection::outbound : model::CallDirection::inbound;
  record.from = c.from;
  record.to = c.to;
  record.from_display_name = c.from_display_name;
  record.sip_call_id = c.sip_call_id;
  record.source = c.source;
  record.transport = model::sip_transport_named(c.transport);
  record.user_agent = unless_empty(c.user_agent);
  record.created_at = c.started;
  record.ringing_at = c.ringing;
  record.answered_at = c.answered;
  record.ended_at = c.ended;
  record.duration_ms = c.duration_ms;
  record.billable_ms = c.billable_ms;
  record.verdict = c.verdict;
  record.codec = codec_named(c.codec);
  if (record.codec) record.quality = c.quality;
  if (!c.tag_json.empty()) record.tag = model::RawJson{c.tag_json};
  return record;
}

}  // namespace tandem::store
