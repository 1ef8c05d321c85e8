#include "store/sql/cdr_table.h"

#include <algorithm>

#include "store/spool/cdr_json.h"
#include "store/sql/connection.h"
#include "store/validation/utf8.h"

namespace tandem::store {
namespace {

using soci::into;

/// One row in types that SOCI exchanges; the same variables serve every row of a batch.
struct Row {
  std::string id, call, account, application, session, parent, direction, from, to, sip_call_id, source,
      transport;
  long long started = 0, ringing = 0, answered = 0, ended = 0, duration = 0, billable = 0;
  soci::indicator ringing_set = soci::i_null, answered_set = soci::i_null;
  std::string reason, party, verdict_class, detail, codec, tag;
  int sip_code = 0, q850 = 0, retryable = 0;
  long long received = 0, sent = 0, lost = 0, discarded = 0;
  double loss = 0, jitter = 0, remote_loss = 0, round_trip = 0, mos = 0;
};

long long to_ms(WallTime t) {
  return t.time_since_epoch().count();
}
WallTime from_ms(long long ms) {
  return WallTime{std::chrono::milliseconds{ms}};
}

void set_optional(const std::optional<WallTime>& from, long long& value, soci::indicator& set) {
  value = from ? to_ms(*from) : 0;
  set = from ? soci::i_ok : soci::i_null;
}

void fill(Row& r, const Cdr& c) {
  r.id = c.id.str(), r.call = c.call_id.str(), r.account = c.account_id.str();
  r.application = c.application_id.str(), r.session = c.session_id.str(), r.parent = c.parent_call_id.str();
  r.direction = clean_utf8(c.direction), r.from = clean_utf8(c.from), r.to = clean_utf8(c.to),
  r.sip_call_id = clean_utf8(c.sip_call_id);
  r.source = clean_utf8(c.source), r.transport = clean_utf8(c.transport);
  r.started = to_ms(c.started), r.ended = to_ms(c.ended), r.duration = c.duration_ms,
  r.billable = c.billable_ms;
  set_optional(c.ringing, r.ringing, r.ringing_set);
  set_optional(c.answered, r.answered, r.answered_set);
  r.reason = to_string(c.verdict.reason), r.party = to_string(c.verdict.party);
  r.verdict_class = to_string(c.verdict.verdict_class), r.detail = clean_utf8(c.verdict.detail);
  r.sip_code = c.verdict.sip_code, r.q850 = c.verdict.q850_cause, r.retryable = c.verdict.retryable ? 1 : 0;
  r.codec = clean_utf8(c.codec), r.tag = clean_utf8(c.tag_json);
  r.received = static_cast<long long>(c.quality.packets_received);
  r.sent = static_cast<long long>(c.quality.packets_sent);
  r.lost = static_cast<long long>(c.quality.packets_lost);
  r.discarded = static_cast<long long>(c.quality.packets_discarded);
  r.loss = c.quality.loss_percent, r.jitter = c.quality.jitter_ms;
  r.remote_loss = c.quality.remote_loss_percent, r.round_trip = c.quality.round_trip_ms,
  r.mos = c.quality.mos;
}

Cdr cdr_of(const Row& r) {
  Cdr c;
  c.id = model::CdrId(r.id), c.call_id = model::CallId(r.call), c.account_id = model::AccountId(r.account);
  c.application_id = model::ApplicationId(r.application), c.session_id = model::SessionId(r.session);
  c.parent_call_id = model::CallId(r.parent);
  c.direction = r.direction, c.from = r.from, c.to = r.to, c.sip_call_id = r.sip_call_id;
  c.source = r.source, c.transport = r.transport;
  c.started = from_ms(r.started), c.ended = from_ms(r.ended);
  if (r.ringing_set == soci::i_ok) c.ringing = from_ms(r.ringing);
  if (r.answered_set == soci::i_ok) c.answered = from_ms(r.answered);
  c.duration_ms = r.duration, c.billable_ms = r.billable;
  c.verdict.reason = end_reason_of(r.reason).value_or(model::EndReason::internal);
  c.verdict.party = party_of(r.party).value_or(model::Party::platform);
  c.verdict.verdict_class = verdict_class_of(r.verdict_class).value_or(model::VerdictClass::indeterminate);
  c.verdict.sip_code = r.sip_code, c.verdict.q850_cause = r.q850, c.verdict.retryable = r.retryable != 0;
  c.verdict.detail = r.detail, c.codec = r.codec, c.tag_json = r.tag;
  c.quality.packets_received = static_cast<std::uint64_t>(r.received);
  c.quality.packets_sent = static_cast<std::uint64_t>(r.sent);
  c.quality.packets_lost = static_cast<std::uint64_t>(r.lost);
  c.quality.packets_discarded = static_cast<std::uint64_t>(r.discarded);
  c.quality.loss_percent = r.loss, c.quality.jitter_ms = r.jitter;
  c.quality.remote_loss_percent = r.remote_loss, c.quality.round_trip_ms = r.round_trip,
  c.quality.mos = r.mos;
  return c;
}

constexpr const char* kColumns =
    "id, call_id, account_id, application_id, session_id, parent_call_id, direction, from_user, to_user, "
    "sip_call_id, "
    "source, transport, started_ms, ringing_ms, answered_ms, ended_ms, duration_ms, billable_ms, end_reason, "
    "end_party, sip_code, q850_cause, verdict_class, retryable, detail, codec, packets_received, "
    "packets_sent, "
    "packets_lost, packets_discarded, loss_percent, jitter_ms, remote_loss_percent, round_trip_ms, mos, "
    "tag_json";
constexpr const char* kPlaces =
    ":p1, :p2, :p3, :p4, :p5, :p6, :p7, :p8, :p9, :p10, :p11, :p12, :p13, :p14, :p15, :p16, :p17, :p18, "
    ":p19, :p20, "
    ":p21, :p22, :p23, :p24, :p25, :p26, :p27, :p28, :p29, :p30, :p31, :p32, :p33, :p34, :p35, :p36";

}  // namespace

void insert_cdrs(soci::session& sql, const std::vector<Cdr>& cdrs) {
  Row r;
  soci::statement st =
      (sql.prepare << "INSERT INTO cdrs (" << kColumns << ") VALUES (" << kPlaces
                   << ") ON CONFLICT (id) DO NOTHING",
       bind(r.id), bind(r.call), bind(r.account), bind(r.application), bind(r.session), bind(r.parent),
       bind(r.direction), bind(r.from), bind(r.to), bind(r.sip_call_id), bind(r.source), bind(r.transport),
       bind(r.started), bind(r.ringing, r.ringing_set), bind(r.answered, r.answered_set), bind(r.ended),
       bind(r.duration), bind(r.billable), bind(r.reason), bind(r.party), bind(r.sip_code), bind(r.q850),
       bind(r.verdict_class), bind(r.retryable), bind(r.detail), bind(r.codec), bind(r.received),
       bind(r.sent), bind(r.lost), bind(r.discarded), bind(r.loss), bind(r.jitter), bind(r.remote_loss),
       bind(r.round_trip), bind(r.mos), bind(r.tag));
  for (const Cdr& cdr : cdrs) {
    fill(r, cdr);
    st.execute(true);
  }
}

std::vector<Cdr> select_cdrs(soci::session& sql, const Store::CdrQuery& query) {
  std::vector<Cdr> found;
  Row r;
  const std::string account = query.account_id.str();
  const long long limit = static_cast<long long>(std::min<std::size_t>(query.limit, 1'000'000));
  const std::string text = std::string("SELECT ") + kColumns + " FROM cdrs" +
                           (account.empty() ? " WHERE :account = ''" : " WHERE account_id = :account") +
                           " ORDER BY started_ms DESC, id DESC LIMIT :count";
  soci::statement st =
      (sql.prepare << text, into(r.id), into(r.call), into(r.account), into(r.application), into(r.session),
       into(r.parent), into(r.direction), into(r.from), into(r.to), into(r.sip_call_id), into(r.source),
       into(r.transport), into(r.started), into(r.ringing, r.ringing_set), into(r.answered, r.answered_set),
       into(r.ended), into(r.duration), into(r.billable), into(r.reason), into(r.party), into(r.sip_code),
       into(r.q850), into(r.verdict_class), into(r.retryable), into(r.detail), into(r.codec),
       into(r.received), into(r.sent), into(r.lost), into(r.discarded), into(r.loss), into(r.jitter),
       into(r.remote_loss), into(r.round_trip), into(r.mos), into(r.tag), bind(account), bind(limit));
  st.execute();
  while (st.fetch()) found.push_back(cdr_of(r));
  return found;
}

}  // namespace tandem::store
