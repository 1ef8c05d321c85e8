#include "store/sql/cdr_table.h"

#include <algorithm>
#include <charconv>

#include "store/spool/cdr_json.h"
#include "store/sql/columns.h"
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
  std::string display_name, number, trunk, user_agent, intent;
  int attempt = 0;
};

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
  r.display_name = clean_utf8(c.from_display_name), r.number = c.number_id.str(), r.trunk = c.trunk_id.str();
  r.user_agent = clean_utf8(c.user_agent), r.intent = c.intent_id.str(), r.attempt = c.attempt;
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
  c.from_display_name = r.display_name, c.number_id = model::NumberId(r.number);
  c.trunk_id = model::TrunkId(r.trunk), c.user_agent = r.user_agent;
  c.intent_id = model::IntentId(r.intent), c.attempt = r.attempt;
  return c;
}

constexpr const char* kColumns =
    "id, call_id, account_id, application_id, session_id, parent_call_id, direction, from_user, to_user, "
    "sip_call_id, "
    "source, transport, started_ms, ringing_ms, answered_ms, ended_ms, duration_ms, billable_ms, end_reason, "
    "end_party, sip_code, q850_cause, verdict_class, retryable, detail, codec, packets_received, "
    "packets_sent, "
    "packets_lost, packets_discarded, loss_percent, jitter_ms, remote_loss_percent, round_trip_ms, mos, "
    "tag_json, from_display_name, number_id, trunk_id, user_agent, intent_id, attempt";
constexpr const char* kPlaces =
    ":p1, :p2, :p3, :p4, :p5, :p6, :p7, :p8, :p9, :p10, :p11, :p12, :p13, :p14, :p15, :p16, :p17, :p18, "
    ":p19, :p20, "
    ":p21, :p22, :p23, :p24, :p25, :p26, :p27, :p28, :p29, :p30, :p31, :p32, :p33, :p34, :p35, :p36, :p37, "
    ":p38, :p39, :p40, :p41, :p42";

/// The place of a CDR in the order of lists, as text: "<started>.<id>".
std::string cursor_of(const Cdr& cdr) {
  return std::to_string(to_ms(cdr.started)) + "." + cdr.id.str();
}

/// The WHERE clause of a query and what its places hold.
struct Filter {
  std::string where;
  std::vector<std::string> texts;
  std::vector<long long> numbers;
  /// In the order of the places in `where`: true for the next text, false for the next number.
  std::vector<bool> is_text;
  std::size_t limit = 0;

  explicit Filter(const CdrQuery& q) : limit(std::min<std::size_t>(q.limit, 1'000'000)) {
    if (!q.account_id.empty()) add("account_id = ", q.account_id.str());
    if (!q.from.empty()) add("from_user = ", q.from);
    if (!q.to.empty()) add("to_user = ", q.to);
    if (!q.direction.empty()) add("direction = ", q.direction);
    if (!q.session_id.empty()) add("session_id = ", q.session_id.str());
    if (q.reason) add("end_reason = ", std::string(to_string(*q.reason)));
    if (q.started_from) add("started_ms >= ", to_ms(*q.started_from));
    if (q.started_before) add("started_ms < ", to_ms(*q.started_before));
  }
  void add(const char* condition, std::string value) {
    place(condition, true);
    texts.push_back(std::move(value));
  }
  void add(const char* condition, long long value) {
    place(condition, false);
    numbers.push_back(value);
  }
  /// Only what comes after that place. False when the cursor is malformed.
  bool go_on_after(std::string_view cursor) {
    long long started = 0;
    const auto [end, error] = std::from_chars(cursor.data(), cursor.data() + cursor.size(), started);
    const auto used = static_cast<std::size_t>(end - cursor.data());
    if (error != std::errc{} || used >= cursor.size() || cursor[used] != '.') return false;
    const std::string_view id = cursor.substr(used + 1);
    if (!model::CdrId::valid(id)) return false;
    // The first condition alone lets the index do it; the second settles equal times.
    add("started_ms <= ", started);
    add("(started_ms < ", started);
    add("OR id < ", std::string(id));
    where += ")";
    return true;
  }

 private:
  void place(const std::string& condition, bool text) {
    const bool joined = condition.starts_with("OR ");
    where += where.empty() ? " WHERE " : joined ? " " : " AND ";
    where += condition + ":p" + std::to_string(is_text.size() + 1);
    is_text.push_back(text);
  }
};

/// Reads the CDRs that `filter`, which must outlive it, lets through; newest first.
class Reader {
 public:
  Reader(soci::session& sql, const Filter& filter)
      : limit_(static_cast<long long>(filter.limit) + 1), st_(sql) {
    exchange_columns();
    std::size_t text = 0, number = 0;
    for (const bool is_text : filter.is_text) {
      if (is_text) {
        st_.exchange(bind(filter.texts[text++]));
      } else {
        st_.exchange(bind(filter.numbers[number++]));
      }
    }
    st_.exchange(bind(limit_));
    st_.alloc();
    st_.prepare(std::string("SELECT ") + kColumns + " FROM cdrs" + filter.where +
                " ORDER BY started_ms DESC, id DESC LIMIT :count");
    st_.define_and_bind();
    st_.execute();
  }
  [[nodiscard]] bool next() { return st_.fetch(); }
  [[nodiscard]] Cdr cdr() const { return cdr_of(r_); }

 private:
  template <class... T>
  void exchange_all(T&... values) {
    (st_.exchange(into(values)), ...);
  }
  void exchange_columns() {
    exchange_all(r_.id, r_.call, r_.account, r_.application, r_.session, r_.parent, r_.direction, r_.from,
                 r_.to, r_.sip_call_id, r_.source, r_.transport, r_.started);
    st_.exchange(into(r_.ringing, r_.ringing_set));
    st_.exchange(into(r_.answered, r_.answered_set));
    exchange_all(r_.ended, r_.duration, r_.billable, r_.reason, r_.party, r_.sip_code, r_.q850,
                 r_.verdict_class, r_.retryable, r_.detail, r_.codec, r_.received, r_.sent, r_.lost,
                 r_.discarded, r_.loss, r_.jitter, r_.remote_loss, r_.round_trip, r_.mos, r_.tag,
                 r_.display_name, r_.number, r_.trunk, r_.user_agent, r_.intent, r_.attempt);
  }

  Row r_;
  long long limit_;
  soci::statement st_;
};

}  // namespace

struct CdrInsert::Prepared {
  explicit Prepared(soci::session& sql)
      : st((sql.prepare << "INSERT INTO cdrs (" << kColumns << ") VALUES (" << kPlaces
                        << ") ON CONFLICT (id) DO NOTHING",
            bind(r.id), bind(r.call), bind(r.account), bind(r.application), bind(r.session), bind(r.parent),
            bind(r.direction), bind(r.from), bind(r.to), bind(r.sip_call_id), bind(r.source),
            bind(r.transport), bind(r.started), bind(r.ringing, r.ringing_set),
            bind(r.answered, r.answered_set), bind(r.ended), bind(r.duration), bind(r.billable),
            bind(r.reason), bind(r.party), bind(r.sip_code), bind(r.q850), bind(r.verdict_class),
            bind(r.retryable), bind(r.detail), bind(r.codec), bind(r.received), bind(r.sent), bind(r.lost),
            bind(r.discarded), bind(r.loss), bind(r.jitter), bind(r.remote_loss), bind(r.round_trip),
            bind(r.mos), bind(r.tag), bind(r.display_name), bind(r.number), bind(r.trunk), bind(r.user_agent),
            bind(r.intent), bind(r.attempt))) {}
  Row r;
  soci::statement st;
};

CdrInsert::CdrInsert() = default;
CdrInsert::~CdrInsert() = default;

void CdrInsert::run(Connection& connection, const std::vector<Cdr>& cdrs) {
  // What throws leaves no statement behind: the next one is prepared anew.
  auto prepared = prepared_ ? std::move(prepared_) : std::make_unique<Prepared>(connection.sql());
  for (const Cdr& cdr : cdrs) {
    fill(prepared->r, cdr);
    prepared->st.execute(true);
  }
  if (connection.dialect() == Dialect::sqlite) prepared_ = std::move(prepared);
}

std::optional<CdrPage> select_cdrs(soci::session& sql, const CdrQuery& query) {
  CdrPage page;
  auto& found = page.cdrs;
  Filter filter(query);
  if (!query.cursor.empty() && !filter.go_on_after(query.cursor)) return std::nullopt;
  Reader reader(sql, filter);
  // One more than wanted tells whether there is a next page.
  while (found.size() <= filter.limit && reader.next()) found.push_back(reader.cdr());
  if (found.size() > filter.limit) {
    found.pop_back();
    if (!found.empty()) page.next = cursor_of(found.back());
  }
  return page;
}

std::optional<Cdr> select_cdr(soci::session& sql, const model::AccountId& account,
                              const model::CallId& call) {
  CdrQuery query;
  query.account_id = account, query.limit = 1;
  Filter filter(query);
  filter.add("call_id = ", call.str());
  Reader reader(sql, filter);
  return reader.next() ? std::optional(reader.cdr()) : std::nullopt;
}

}  // namespace tandem::store
