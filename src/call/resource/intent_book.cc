#include "call/resource/intent_book.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "call/operation/operation.h"

namespace tandem::call {

using model::IntentState;
using std::chrono::milliseconds;

namespace {

constexpr std::size_t kRemembered = 10'000;
constexpr milliseconds kShortest{1};
constexpr double kBurst = 1;

bool over(IntentState state) {
  return state == IntentState::completed || state == IntentState::failed || state == IntentState::expired;
}

}  // namespace

IntentBook::IntentBook(runtime::TimerExecutor& loop, Function<void(const model::Intent&)> open)
    : loop_(loop), open_(std::move(open)), timer_(loop) {}

IntentBook::~IntentBook() {
  *alive_ = false;
}

Result<model::Intent, model::Error> IntentBook::add(const store::Account& account,
                                                    model::ApplicationId application, std::string data_json) {
  Lane& lane = lanes_[account.id];
  if (lane.waiting.size() >= account.intent_queue_size) {
    return Err(make_error(model::ErrorCode::queue_full,
                          fmt::format("{} outbound calls wait already", account.intent_queue_size)));
  }
  lane.per_second = account.max_outbound_calls_per_second;
  model::Intent intent;
  intent.id = model::IntentId::make();
  intent.account_id = account.id;
  intent.application_id = std::move(application);
  intent.state = IntentState::queued;
  intent.requested_at = loop_.clock().wall();
  intent.expires_at = intent.requested_at + milliseconds(account.intent_expiry_ms);
  if (!data_json.empty()) intent.data = model::RawJson{std::move(data_json)};
  const model::IntentId id = intent.id;
  intents_.emplace(id, std::move(intent));
  lane.waiting.push_back(id);
  number(lane);
  if (!std::exchange(pumping_, true)) {
    loop_.post([this, alive = alive_] {
      if (*alive) pump();
    });
  }
  return intents_.at(id);
}

const model::Intent* IntentBook::find(const model::AccountId& account, const model::IntentId& id) const {
  const auto found = intents_.find(id);
  return found == intents_.end() || found->second.account_id != account ? nullptr : &found->second;
}

std::vector<model::Intent> IntentBook::of(const model::AccountId& account) const {
  std::vector<model::Intent> out;
  for (const auto& [id, intent] : intents_) {
    if (intent.account_id == account) out.push_back(intent);
  }
  std::sort(out.begin(), out.end(), [](const model::Intent& a, const model::Intent& b) {
    return a.requested_at != b.requested_at ? a.requested_at > b.requested_at : a.id < b.id;
  });
  return out;
}

// ---- queue

bool IntentBook::expire(Lane& lane) {
  const WallTime now = loop_.clock().wall();
  bool any = false;
  while (!lane.waiting.empty() && intents_.at(lane.waiting.front()).expires_at <= now) {
    model::Intent& intent = intents_.at(lane.waiting.front());
    lane.waiting.pop_front();
    intent.state = IntentState::expired;
    intent.position.reset();
    intent.error = make_error(model::ErrorCode::cps_exceeded, "its turn did not come in time");
    finish(intent);
    any = true;
  }
  return any;
}

bool IntentBook::start_next(Lane& lane) {
  if (lane.waiting.empty()) return false;
  if (lane.per_second > 0) {
    const TimePoint now = loop_.clock().now();
    const double passed = std::chrono::duration<double>(now - lane.filled).count();
    lane.tokens = std::min(std::max(kBurst, lane.per_second), lane.tokens + passed * lane.per_second);
    lane.filled = now;
    if (lane.tokens < 1) return false;
    lane.tokens -= 1;
  }
  model::Intent& intent = intents_.at(lane.waiting.front());
  lane.waiting.pop_front();
  intent.state = IntentState::opening;
  intent.position.reset();
  const model::Intent copy = intent;
  open_(copy);
  return true;
}

void IntentBook::number(Lane& lane) {
  for (std::size_t i = 0; i < lane.waiting.size(); ++i)
    intents_.at(lane.waiting[i]).position = static_cast<std::int64_t>(i + 1);
}

void IntentBook::pump() {
  pumping_ = false;
  std::optional<Duration> next;
  const auto wait = [&next](Duration d) {
    if (!next || d < *next) next = d;
  };
  for (auto& [account, lane] : lanes_) {
    bool changed = expire(lane);
    while (start_next(lane)) changed = true;
    if (changed) number(lane);
    if (lane.waiting.empty()) continue;
    wait(intents_.at(lane.waiting.front()).expires_at - loop_.clock().wall());
    if (lane.per_second > 0)
      wait(std::chrono::duration_cast<Duration>(
          std::chrono::duration<double>((1 - lane.tokens) / lane.per_second)));
  }
  if (next) timer_.set(std::max<Duration>(*next, kShortest), [this] { pump(); });
}

// ---- outcome

void IntentBook::advance(IntentState state, const model::IntentId& id) {
  const auto found = intents_.find(id);
  if (found == intents_.end() || over(found->second.state) || found->second.state >= state) return;
  found->second.state = state;
  if (over(state)) finish(found->second);
}

void IntentBook::opening(const model::IntentId& id, const model::SessionId& session) {
  const auto found = intents_.find(id);
  if (found != intents_.end()) found->second.session_id = session;
}
void IntentBook::delivered(const model::IntentId& id) {
  advance(IntentState::delivered, id);
}
void IntentBook::dialed(const model::IntentId& id, const model::CallId& call) {
  const auto found = intents_.find(id);
  if (found == intents_.end()) return;
  found->second.call_ids.push_back(call);
  advance(IntentState::dialing, id);
}
void IntentBook::answered(const model::IntentId& id) {
  advance(IntentState::answered, id);
}
void IntentBook::completed(const model::IntentId& id) {
  advance(IntentState::completed, id);
}
void IntentBook::failed(const model::IntentId& id, model::Error error) {
  const auto found = intents_.find(id);
  if (found == intents_.end() || over(found->second.state)) return;
  found->second.error = std::move(error);
  advance(IntentState::failed, id);
}

void IntentBook::finish(model::Intent& intent) {
  finished_.push_back(intent.id);
  if (finished_.size() <= kRemembered) return;
  intents_.erase(finished_.front());
  finished_.pop_front();
}

}  // namespace tandem::call
