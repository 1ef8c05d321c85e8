// Calls: live ones from the core, those that are over from their records.
#include <unordered_set>

#include "rest/paging.h"
#include "rest/query.h"
#include "rest/resources.h"

namespace tandem::rest {
namespace {

using model::ErrorCode;

// A cursor begins with the part of the list that it continues.
constexpr char kLivePart = 'L';
constexpr char kEndedPart = 'E';

enum class Which : std::uint8_t { all, live, in_state };

struct Filter {
  Which which = Which::all;
  model::CallState state{};  ///< With in_state.
  std::optional<model::CallDirection> direction;
  std::string from;
  std::string to;
  model::SessionId session_id;
  std::optional<WallTime> started_after;
  std::optional<WallTime> started_before;

  [[nodiscard]] bool takes(const model::LiveCall& live) const {
    const model::CallSnapshot& call = live.call;
    if (which == Which::live && call.state == model::CallState::ended) return false;
    if (which == Which::in_state && call.state != state) return false;
    if (direction && call.direction != *direction) return false;
    if (!from.empty() && call.from != from) return false;
    if (!to.empty() && call.to != to) return false;
    if (!session_id.empty() && live.session_id != session_id) return false;
    if (started_after && call.created_at < *started_after) return false;
    return !started_before || call.created_at < *started_before;
  }
  [[nodiscard]] bool takes_ended() const {
    return which == Which::all || (which == Which::in_state && state == model::CallState::ended);
  }
};

struct Listing {
  Filter filter;
  std::size_t limit = 0;
  char part = kLivePart;
  std::string key;  ///< Where that part goes on; empty: from its start.
};

Listing listing_of(Query& query) {
  using enum model::CallState;
  Listing out;
  Filter& f = out.filter;
  if (query.text("status", 16) == "live") {
    f.which = Which::live;
  } else if (const auto state =
                 query.one_of("status", {incoming, dialing, ringing, early, answered, held, ended})) {
    f.which = Which::in_state;
    f.state = *state;
  }
  f.direction = query.one_of("direction", {model::CallDirection::inbound, model::CallDirection::outbound});
  f.from = query.text("from", 256);
  f.to = query.text("to", 256);
  f.session_id = query.id<model::SessionTag>("session_id");
  f.started_after = query.time("started_after");
  f.started_before = query.time("started_before");
  out.limit = query.limit();
  std::string key = cursor_key(query);
  if (key.empty()) return out;
  out.part = key.front();
  out.key = key.substr(1);
  const bool known = out.part == kLivePart || (out.part == kEndedPart && f.takes_ended());
  if (!known) query.wrong("cursor", "is none that a page with these filters has given out");
  return out;
}

struct Found {
  std::vector<model::LiveCall> live;
  std::vector<model::Cdr> ended;
  std::string next;
};

/// The fields that live and past calls share.
void begin_call(wire::JsonWriter& w, const model::CallId& id, model::CallState state,
                model::CallDirection direction, const std::string& from, const std::string& to) {
  w.begin_object();
  w.key("id");
  w.string(id.str());
  w.key("status");
  w.string(to_string(state));
  w.key("direction");
  w.string(to_string(direction));
  w.key("from");
  w.string(from);
  w.key("to");
  w.string(to);
}

void write_time(wire::JsonWriter& w, std::string_view name, const std::optional<WallTime>& time) {
  if (!time) return;
  w.key(name);
  w.time(*time);
}

template <class Tag>
void write_id(wire::JsonWriter& w, std::string_view name, const std::optional<Id<Tag>>& id) {
  if (!id || id->empty()) return;
  w.key(name);
  w.string(id->str());
}

void write_call(wire::JsonWriter& w, const model::LiveCall& live) {
  const model::CallSnapshot& call = live.call;
  begin_call(w, call.id, call.state, call.direction, call.from, call.to);
  write_time(w, "created_at", call.created_at);
  write_time(w, "answered_at", call.answered_at);
  write_id(w, "session_id", live.session_id);
  write_id(w, "application_id", std::optional(live.application_id));
  write_id(w, "intent_id", live.intent_id);
  write_id(w, "parent_call_id", call.parent_call_id);
  w.key("live");
  wire::encode(w, call);
  w.end_object();
}

void write_call(wire::JsonWriter& w, const model::Cdr& cdr) {
  begin_call(w, cdr.call_id, model::CallState::ended, cdr.direction, cdr.from, cdr.to);
  write_time(w, "created_at", cdr.created_at);
  write_time(w, "answered_at", cdr.answered_at);
  write_time(w, "ended_at", cdr.ended_at);
  write_id(w, "session_id", cdr.session_id);
  write_id(w, "application_id", cdr.application_id);
  write_id(w, "intent_id", cdr.intent_id);
  write_id(w, "parent_call_id", cdr.parent_call_id);
  w.key("cdr");
  wire::encode(w, cdr);
  w.end_object();
}

template <class Call>
std::string call_text(const Call& call) {
  std::string out;
  wire::JsonWriter w(out);
  write_call(w, call);
  return out;
}

void answer_page(Exchange& exchange, const Found& found) {
  exchange.answer(200, page_text(
                           [&](wire::JsonWriter& w) {
                             for (const auto& call : found.live) write_call(w, call);
                             for (const auto& cdr : found.ended) write_call(w, cdr);
                           },
                           make_cursor(found.next)));
}

model::Error unavailable() {
  return fault(ErrorCode::no_capacity, {}, "the records of past calls cannot be read now");
}

HistoryQuery history_query(const model::AccountId& account, const Listing& listing, std::size_t limit) {
  const Filter& f = listing.filter;
  HistoryQuery out{account, limit};
  if (listing.part == kEndedPart) out.cursor = listing.key;
  out.from = f.from;
  out.to = f.to;
  out.direction = f.direction;
  out.started_after = f.started_after;
  out.started_before = f.started_before;
  out.session_id = f.session_id;
  return out;
}

/// Adds those that are over. A call that the core still knows is listed in the other part, so that one whose
/// record is just being written is seen as well.
void add_ended(Desk& desk, ExchangePtr exchange, const Listing& listing, Found found,
               std::unordered_set<model::CallId> known) {
  using Listed = Result<HistoryPage, HistoryFault>;
  auto query = history_query(exchange->account, listing, listing.limit - found.live.size());
  desk.history.list(std::move(query), desk.back_here<Listed>([x = std::move(exchange), f = std::move(found),
                                                              known = std::move(known)](Listed page) mutable {
    if (!page && page.error() == HistoryFault::bad_cursor) {
      return x->refuse(fault(ErrorCode::invalid_params, "cursor", "is none that a page has given out"));
    }
    if (!page) return x->refuse(unavailable());
    std::erase_if(page->cdrs, [&](const model::Cdr& cdr) { return known.contains(cdr.call_id); });
    f.ended = std::move(page->cdrs);
    if (!page->next.empty()) f.next = kEndedPart + page->next;
    answer_page(*x, f);
  }));
}

void list_from(Desk& desk, ExchangePtr exchange, const Listing& listing, std::vector<model::LiveCall> all) {
  Found found;
  std::unordered_set<model::CallId> known;
  for (const auto& live : all) known.insert(live.call.id);
  if (listing.part == kLivePart) {
    std::erase_if(all, [&](const auto& live) { return !listing.filter.takes(live); });
    auto page = newest_below(
        std::move(all), [](const auto& l) { return time_key(l.call.created_at, l.call.id.str()); },
        listing.key, listing.limit);
    found.live = std::move(page.items);
    if (!page.next_key.empty()) {
      found.next = kLivePart + page.next_key;
      return answer_page(*exchange, found);
    }
  }
  if (!listing.filter.takes_ended()) return answer_page(*exchange, found);
  if (found.live.size() == listing.limit) {
    found.next = kEndedPart;  // The other part begins with the next page.
    return answer_page(*exchange, found);
  }
  add_ended(desk, std::move(exchange), listing, std::move(found), std::move(known));
}

}  // namespace

void list_calls(Desk& desk, ExchangePtr exchange) {
  Query query(std::move(exchange->target.query), exchange->route->query);
  Listing listing = listing_of(query);
  if (query.error()) return exchange->refuse(*query.error());
  const model::AccountId account = exchange->account;
  desk.ask(
      [account](call::Core& core) { return core.calls(account); },
      [&desk, l = std::move(listing), x = std::move(exchange)](std::vector<model::LiveCall> all) mutable {
        list_from(desk, std::move(x), l, std::move(all));
      });
}

void get_call(Desk& desk, ExchangePtr exchange) {
  const model::AccountId account = exchange->account;
  const model::CallId id = exchange->call;
  using Recorded = Result<std::optional<model::Cdr>, HistoryFault>;
  desk.ask([account, id](call::Core& core) { return core.call(account, id); },
           [&desk, account, id, x = std::move(exchange)](std::optional<model::LiveCall> live) mutable {
             if (live && live->call.state != model::CallState::ended) return x->answer(200, call_text(*live));
             desk.history.find(
                 account, id,
                 desk.back_here<Recorded>([x = std::move(x), live = std::move(live)](const Recorded& record) {
                   if (record && *record) return x->answer(200, call_text(**record));
                   if (live) return x->answer(200, call_text(*live));
                   x->refuse(record ? fault(ErrorCode::call_not_found, {}, "there is no such call")
                                    : unavailable());
                 }));
           });
}

}  // namespace tandem::rest
