#include "store/spool/cdr_json.h"

#include "store/spool/flat_json.h"

namespace tandem::store {
namespace {

/// One list of fields serves both directions: `Visitor` writes each or reads each.
template <class Visitor, class CdrRef>
void visit_fields(Visitor& v, CdrRef& c) {
  v.id("id", c.id), v.id("call_id", c.call_id), v.id("account_id", c.account_id);
  v.id("application_id", c.application_id), v.id("session_id", c.session_id);
  v.id("parent_call_id", c.parent_call_id);
  v.text("direction", c.direction), v.text("from", c.from), v.text("to", c.to);
  v.text("sip_call_id", c.sip_call_id), v.text("source", c.source), v.text("transport", c.transport);
  v.time("started_unix_ms", c.started), v.time("ended_unix_ms", c.ended);
  v.time("ringing_unix_ms", c.ringing), v.time("answered_unix_ms", c.answered);
  v.whole("duration_ms", c.duration_ms), v.whole("billable_ms", c.billable_ms);
  v.choice("reason", c.verdict.reason, end_reason_of), v.choice("party", c.verdict.party, party_of);
  v.choice("class", c.verdict.verdict_class, verdict_class_of);
  v.whole("sip_code", c.verdict.sip_code), v.whole("q850_cause", c.verdict.q850_cause);
  v.flag("retryable", c.verdict.retryable), v.text("detail", c.verdict.detail);
  v.text("codec", c.codec);
  v.whole("packets_received", c.quality.packets_received), v.whole("packets_sent", c.quality.packets_sent);
  v.whole("packets_lost", c.quality.packets_lost), v.whole("packets_discarded", c.quality.packets_discarded);
  v.real("loss_percent", c.quality.loss_percent), v.real("jitter_ms", c.quality.jitter_ms);
  v.real("remote_loss_percent", c.quality.remote_loss_percent),
      v.real("round_trip_ms", c.quality.round_trip_ms);
  v.real("mos", c.quality.mos), v.text("tag_json", c.tag_json);
  v.text("from_display_name", c.from_display_name), v.id("number_id", c.number_id);
  v.id("trunk_id", c.trunk_id), v.text("user_agent", c.user_agent), v.id("intent_id", c.intent_id);
  v.whole("attempt", c.attempt);
}

struct Writer {
  FlatJsonWriter out;
  template <class T>
  void id(const char* key, const T& value) {
    out.add(key, value.str());
  }
  void text(const char* key, const std::string& value) { out.add(key, value); }
  void time(const char* key, WallTime value) { out.add(key, std::int64_t{value.time_since_epoch().count()}); }
  void time(const char* key, const std::optional<WallTime>& value) {
    if (value) time(key, *value);
  }
  template <class T>
  void whole(const char* key, T value) {
    out.add(key, static_cast<std::int64_t>(value));
  }
  void real(const char* key, double value) { out.add(key, value); }
  void flag(const char* key, bool value) { out.add(key, value); }
  template <class T, class Parse>
  void choice(const char* key, T value, Parse) {
    out.add(key, to_string(value));
  }
};

struct Loader {
  const FlatJson& in;
  [[nodiscard]] const JsonScalar* get(const char* key) const {
    const auto it = in.find(key);
    return it == in.end() ? nullptr : &it->second;
  }
  template <class T>
  void id(const char* key, T& value) const {
    if (const auto* s = get(key)) value = T(s->text);
  }
  void text(const char* key, std::string& value) const {
    if (const auto* s = get(key)) value = s->text;
  }
  void time(const char* key, WallTime& value) const {
    if (const auto* s = get(key)) value = WallTime{std::chrono::milliseconds{s->integer().value_or(0)}};
  }
  void time(const char* key, std::optional<WallTime>& value) const {
    if (get(key) != nullptr) time(key, value.emplace());
  }
  template <class T>
  void whole(const char* key, T& value) const {
    if (const auto* s = get(key)) value = static_cast<T>(s->integer().value_or(0));
  }
  void real(const char* key, double& value) const {
    if (const auto* s = get(key)) value = s->number().value_or(0);
  }
  void flag(const char* key, bool& value) const {
    if (const auto* s = get(key)) value = s->text == "true";
  }
  template <class T, class Parse>
  void choice(const char* key, T& value, Parse parse) const {
    if (const auto* s = get(key)) value = parse(s->text).value_or(value);
  }
};

/// The enumerator up to `last` that prints as `text`.
template <class E>
std::optional<E> enumerator_of(std::string_view text, E last) {
  for (int i = 0; i <= static_cast<int>(last); ++i) {
    if (to_string(static_cast<E>(i)) == text) return static_cast<E>(i);
  }
  return std::nullopt;
}

}  // namespace

std::string cdr_to_json(const Cdr& cdr) {
  Writer writer;
  visit_fields(writer, cdr);
  return writer.out.str();
}

std::optional<Cdr> cdr_from_json(std::string_view line) {
  const auto object = parse_flat_json(line);
  if (!object) return std::nullopt;
  Cdr cdr;
  Loader loader{*object};
  visit_fields(loader, cdr);
  if (!model::CdrId::valid(cdr.id.str()) || cdr.call_id.empty()) return std::nullopt;
  return cdr;
}

std::optional<model::EndReason> end_reason_of(std::string_view text) {
  return enumerator_of(text, model::EndReason::internal);
}
std::optional<model::Party> party_of(std::string_view text) {
  return enumerator_of(text, model::Party::platform);
}
std::optional<model::VerdictClass> verdict_class_of(std::string_view text) {
  return enumerator_of(text, model::VerdictClass::indeterminate);
}

}  // namespace tandem::store
