#include "call/resource/op_table.h"

#include <fmt/format.h>

#include <algorithm>

#include "call/operation/playback.h"
#include "call/resource/call.h"

namespace tandem::call {

using machine::EndWish;
using machine::OpEffect;
using model::ErrorCode;
using model::OpOutcome;
using model::OpReason;
namespace op = machine::op;

struct OpTable::Entry {
  /// What it needs until it has completed; most of a call's entries have.
  struct Open {
    explicit Open(runtime::TimerExecutor& loop) : deadline(loop), progress(loop) {}
    runtime::Timer deadline;
    runtime::Timer progress;
    Function<void(const Completion&)> internal_done;
    std::vector<OpTable::Watcher> watchers;
  };

  Key key = 0;
  model::OpId id;
  OperationTraits traits;
  std::optional<Boxed<model::RequestParams>> params;  ///< Absent: internal, seen by nobody.
  machine::OpState state;
  std::unique_ptr<Operation> body;
  bool waited = false;  ///< It was shown as queued: op.started tells that it begins.
  WallTime created;
  bool pause_untold = false;  ///< op.paused waits for the engine's word on how much was heard.
  TimePoint begun;
  std::optional<Completion> done;
  WallTime completed;
  std::unique_ptr<Open> open;
};

namespace {

Completion completion_for(EndWish wish, model::OpResult result) {
  switch (wish) {
    case EndWish::stop:
      return succeeded(OpReason::stopped, std::move(result));
    case EndWish::cancel:
      return {OpOutcome::cancelled, OpReason::cancelled, std::move(result), std::nullopt};
    case EndWish::interrupt:
      return {OpOutcome::cancelled, OpReason::interrupted, std::move(result), std::nullopt};
    case EndWish::flush:
      return {OpOutcome::cancelled, OpReason::flushed, std::move(result), std::nullopt};
    case EndWish::deadline:
      break;
  }
  Completion c =
      failed(make_error(ErrorCode::timeout, "deadline_ms passed", "deadline_ms"), std::move(result));
  c.reason = OpReason::deadline;
  return c;
}

Completion host_over(const OpHost& host, OpOutcome outcome, model::OpResult result) {
  HostOver why = host.over_because();
  return {outcome, why.reason, std::move(result), std::move(why.error)};
}

model::OpState shown(const machine::OpState& state) {
  if (std::holds_alternative<op::Queued>(state)) return model::OpState::queued;
  if (std::holds_alternative<op::Paused>(state)) return model::OpState::paused;
  if (std::holds_alternative<op::Completed>(state)) return model::OpState::completed;
  return model::OpState::running;
}

model::Lane lane_of(const OperationTraits& traits) {
  const machine::LaneMask lanes = traits.lanes;
  // What ends the call belongs to the lane that it does not wait for.
  if ((lanes & machine::kSignalling) != 0 || traits.ends_call) return model::Lane::signalling;
  if ((lanes & machine::kSpeak) != 0) return model::Lane::speak;
  if ((lanes & machine::kListen) != 0) return model::Lane::listen;
  return model::Lane::none;
}

}  // namespace

OpTable::OpTable(Environment& env, OpHost& host)
    : env_(env), host_(host), lanes_(env.options.max_queued_operations) {}
OpTable::~OpTable() {
  *self_ = nullptr;
}

template <class F>
void OpTable::later(F f) {
  env_.deps.loop.post([self = self_, run = std::move(f)]() mutable {
    if (*self != nullptr) run(**self);
  });
}

OpTable::Entry* OpTable::find(Key key) {
  const auto found = entries_.find(key);
  return found == entries_.end() ? nullptr : found->second.get();
}
OpTable::Entry* OpTable::find(const model::OpId& id) {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : find(found->second);
}
Operation* OpTable::begun(Key key) {
  Entry* entry = find(key);
  return entry != nullptr && machine::under_way(entry->state) ? entry->body.get() : nullptr;
}
Operation* OpTable::begun(const model::OpId& id) {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : begun(found->second);
}

const Boxed<model::RequestParams>* OpTable::params_of(const model::OpId& id) const {
  const auto found = by_id_.find(id);
  if (found == by_id_.end()) return nullptr;
  const auto& params = entries_.at(found->second)->params;
  return params ? &*params : nullptr;
}

// ---- admission

OpTable::Entry& OpTable::add(model::OpId id, const model::RequestParams* params,
                             std::unique_ptr<Operation> body) {
  auto entry = std::make_unique<Entry>();
  entry->key = next_key_++;
  entry->id = std::move(id);
  entry->traits = body->traits();
  entry->open = std::make_unique<Entry::Open>(env_.deps.loop);
  if (params != nullptr) entry->params.emplace(*params);
  entry->state = op::Queued{};
  entry->created = env_.wall();
  body->bind(entry->key, entry->id);
  entry->body = std::move(body);
  Entry& added = *entry;
  by_id_.emplace(added.id, added.key);
  entries_.emplace(added.key, std::move(entry));
  return added;
}

Result<model::OperationView, model::Error> OpTable::submit(model::OpId id, const model::RequestParams& params,
                                                           std::unique_ptr<Operation> body) {
  const OperationTraits traits = body->traits();
  yield_to(traits);
  const auto admission = lanes_.admit(next_key_, traits.lanes, traits.when_busy);
  if (admission.verdict == machine::LaneScheduler::Verdict::busy) {
    return Err(make_error(ErrorCode::lane_busy, "another operation holds the lane", "when_busy"));
  }
  if (admission.verdict == machine::LaneScheduler::Verdict::full) {
    return Err(make_error(ErrorCode::queue_full,
                          fmt::format("{} operations wait already", env_.options.max_queued_operations)));
  }
  Entry& entry = add(std::move(id), &params, std::move(body));
  if (traits.opens_media) ++opening_media_;
  if (traits.deadline_ms) arm_deadline(entry, *traits.deadline_ms);
  env_.metrics.op_accepted();
  schedule(entry.key, admission);
  return view_of(entry);
}

OpTable::Key OpTable::submit_internal(std::unique_ptr<Operation> body, bool queue,
                                      Function<void(const Completion&)> done) {
  const OperationTraits traits = body->traits();
  const Key key = next_key_;
  if (queue) {
    yield_to(traits);
  } else {
    for (const Key holder : lanes_.holders(traits.lanes)) end_now(holder, EndWish::interrupt);
  }
  const auto admission =
      lanes_.admit(key, traits.lanes, queue ? machine::BusyRule::queue : machine::BusyRule::interrupt);
  if (admission.verdict == machine::LaneScheduler::Verdict::full) return 0;
  add(model::OpId::make(), nullptr, std::move(body)).open->internal_done = std::move(done);
  schedule(key, admission);
  return key;
}

void OpTable::stop_internal(Key key) {
  later([key](OpTable& table) { table.end_now(key, EndWish::stop); });
}

void OpTable::watch(const model::OpId& id, Watcher watcher) {
  Entry& entry = *find(id);
  if (!entry.done) {
    entry.open->watchers.push_back(std::move(watcher));
    return;
  }
  env_.deps.loop.post([w = std::move(watcher), view = view_of(entry)]() mutable { w(view); });
}

void OpTable::clear(machine::LaneMask lanes) {
  for (const Key holder : lanes_.holders(lanes)) {
    const Entry* entry = find(holder);
    if (entry == nullptr) continue;
    const bool waits = std::holds_alternative<op::Queued>(entry->state);
    end_now(holder, waits ? EndWish::flush : EndWish::interrupt);
  }
}

void OpTable::yield_to(const OperationTraits& traits) {
  for (const Key holder : lanes_.holders(traits.lanes)) {
    const Entry* entry = find(holder);
    if (entry != nullptr && entry->traits.yields) end_now(holder, EndWish::interrupt);
  }
}

void OpTable::schedule(Key key, const machine::LaneScheduler::Admission& admission) {
  Entry& entry = *find(key);
  if (admission.verdict == machine::LaneScheduler::Verdict::run) {
    entry.state = op::Starting{};
    running_.push_back(key);
    later([key](OpTable& table) { table.begin(key); });
    return;
  }
  entry.waited = true;
  for (const Key other : admission.flush) later([other](OpTable& t) { t.end_now(other, EndWish::flush); });
  for (const Key other : admission.interrupt)
    later([other](OpTable& t) { t.end_now(other, EndWish::interrupt); });
}

void OpTable::start_ready() {
  for (Key key = lanes_.take_ready(); key != 0; key = lanes_.take_ready()) {
    Entry* entry = find(key);
    if (entry == nullptr) continue;
    entry->state = machine::step(entry->state, op::Admit{}).next;
    running_.push_back(key);
    later([key](OpTable& table) { table.begin(key); });
  }
}

void OpTable::open_lanes(machine::LaneMask lanes) {
  lanes_.open(lanes);
  start_ready();
}

// ---- life cycle

void OpTable::begin(Key key) {
  Entry* entry = find(key);
  if (entry == nullptr || !std::holds_alternative<op::Starting>(entry->state)) return;
  if (frozen_ && !entry->traits.ends_call) return;
  apply(*entry, op::Begin{});
}

void OpTable::end_now(Key key, EndWish wish) {
  if (Entry* entry = find(key)) apply(*entry, op::End{wish});
}

void OpTable::finished(Key key, Completion completion) {
  if (Entry* entry = find(key)) apply(*entry, op::Finish{}, std::move(completion));
}

void OpTable::apply(Entry& entry, const machine::OpEvent& event, Completion own) {
  const machine::OpStep next = machine::step(entry.state, event);
  entry.state = next.next;
  switch (next.effect) {
    case OpEffect::none:
      break;
    case OpEffect::begin:
      entry.begun = env_.now();
      if (entry.waited && entry.params) host_.emit(model::OpStartedEvent{entry.traits.method}, entry.id);
      if (entry.traits.progress_interval_ms) arm_progress(entry, *entry.traits.progress_interval_ms);
      entry.body->begin();
      break;
    case OpEffect::pause:
      entry.pause_untold = entry.params.has_value();
      break;
    case OpEffect::resume:
      tell_paused(entry, std::nullopt);  // It did not last until the engine answered.
      if (Playback* playback = entry.body->playback()) playback->resume();
      if (entry.traits.pauses) entry.body->set_paused(false);
      if (entry.params) host_.emit(model::OpResumedEvent{entry.traits.method}, entry.id);
      break;
    case OpEffect::halt:
      entry.body->halt_as(std::get<op::End>(event).wish);
      break;
    case OpEffect::complete_own:
      complete(entry, std::move(own));
      break;
    case OpEffect::complete_wish: {
      // What was halted says itself what there is; what had not begun has nothing.
      const bool halted = std::holds_alternative<op::Finish>(event);
      complete(entry,
               completion_for(next.wish, halted ? std::move(own.result) : entry.body->result_so_far()));
      break;
    }
    case OpEffect::complete_call_ended:
      complete(entry, host_over(host_, OpOutcome::failed, entry.body->result_so_far()));
      break;
    case OpEffect::complete_never_started:
      complete(entry, host_over(host_, OpOutcome::cancelled, {}));
      break;
  }
}

void OpTable::complete(Entry& entry, Completion completion) {
  const Key key = entry.key;
  const machine::LaneMask lanes = entry.traits.lanes;
  // Its timers end here.
  const std::unique_ptr<Entry::Open> open = std::move(entry.open);
  entry.completed = env_.wall();
  if (entry.traits.opens_media && entry.params) --opening_media_;
  lanes_.release(key);
  std::erase(running_, key);
  bury(std::move(entry.body));
  if (!entry.params) {
    if (open->internal_done) {
      later(
          [done = std::move(open->internal_done), c = std::move(completion)](OpTable&) mutable { done(c); });
    }
    by_id_.erase(entry.id);
    entries_.erase(key);
  } else {
    env_.metrics.op_completed(entry.traits.method, to_string(completion.outcome));
    model::OpCompletedEvent event;
    event.method = entry.traits.method;
    event.outcome = completion.outcome;
    event.reason = completion.reason;
    if (!std::holds_alternative<std::monostate>(completion.result)) event.result = completion.result;
    event.error = completion.error;
    entry.done = std::move(completion);
    const model::OpId id = entry.id;
    for (Watcher& watcher : open->watchers) {
      env_.deps.loop.post([w = std::move(watcher), view = view_of(entry)]() mutable { w(view); });
    }
    completed_.push_back(key);
    host_.emit(std::move(event), id);
    forget_oldest();
  }
  if (frozen_) return;
  start_ready();
  if (lanes == machine::kNoLane || busy(lanes)) return;
  later([lanes](OpTable& table) {
    if (!table.frozen_ && !table.busy(lanes)) table.host_.on_lanes_free();
  });
}

void OpTable::bury(std::unique_ptr<Operation> body) {
  // It may be what is calling: it goes in a later turn. Kept here, not in the task: it refers to the call.
  if (graveyard_.empty()) later([](OpTable& table) { table.graveyard_.clear(); });
  graveyard_.push_back(std::move(body));
}

void OpTable::forget_oldest() {
  while (completed_.size() > env_.options.max_remembered_operations) {
    if (const Entry* entry = find(completed_.front())) by_id_.erase(entry->id);
    entries_.erase(completed_.front());
    completed_.erase(completed_.begin());  // Of a thousand at most; a deque would hold 600 bytes while empty.
  }
}

void OpTable::call_over() {
  frozen_ = true;
  std::vector<Key> open;
  for (const auto& [key, entry] : entries_) {
    if (!machine::completed(entry->state)) open.push_back(key);
  }
  std::sort(open.begin(), open.end());  // In the order in which they were asked for.
  for (const Key key : open) {
    if (Entry* entry = find(key)) apply(*entry, op::CallOver{});
  }
}

// ---- op.* and timers

Result<bool, model::Error> OpTable::end(const model::OpId& id, EndWish wish) {
  Entry& entry = *find(id);
  if (machine::completed(entry.state) || std::holds_alternative<op::Ending>(entry.state)) return true;
  if (entry.traits.irrevocable && machine::under_way(entry.state)) return true;
  later([key = entry.key, wish](OpTable& table) {
    Entry* now = table.find(key);
    if (now == nullptr || (now->traits.irrevocable && machine::under_way(now->state))) return;
    table.end_now(key, wish);
  });
  return false;
}

Result<bool, model::Error> OpTable::pause(const model::OpId& id) {
  Entry& entry = *find(id);
  if (machine::completed(entry.state) || std::holds_alternative<op::Paused>(entry.state)) return true;
  const bool runs = std::holds_alternative<op::Running>(entry.state);
  if (entry.traits.pauses && runs) {
    later([key = entry.key](OpTable& table) { table.pause_now(key); });
    return false;
  }
  const Playback* playback = machine::under_way(entry.state) ? entry.body->playback() : nullptr;
  if (playback == nullptr || !playback->active() || !std::holds_alternative<op::Running>(entry.state)) {
    return Err(make_error(ErrorCode::wrong_state, fmt::format("{} plays nothing now", entry.traits.method)));
  }
  later([key = entry.key](OpTable& table) { table.pause_now(key); });
  return false;
}

void OpTable::pause_now(Key key) {
  Operation* body = begun(key);
  if (body != nullptr && body->traits().pauses) {
    Entry& entry = *find(key);
    if (!std::holds_alternative<op::Running>(entry.state)) return;
    body->set_paused(true);
    apply(entry, op::Pause{});
    return tell_paused(entry, std::nullopt);
  }
  Playback* playback = body == nullptr ? nullptr : body->playback();
  if (playback == nullptr || !playback->pause()) return;
  Entry& entry = *find(key);
  apply(entry, op::Pause{});
  if (!playback->answers()) return tell_paused(entry, playback->heard_ms());
  playback->ask_position([self = self_, key](Operation& paused) {
    Entry* now = *self == nullptr ? nullptr : (*self)->find(key);
    if (now != nullptr) (*self)->tell_paused(*now, paused.playback()->heard_ms());
  });
}

void OpTable::tell_paused(Entry& entry, std::optional<std::int64_t> heard_ms) {
  if (!std::exchange(entry.pause_untold, false)) return;
  host_.emit(model::OpPausedEvent{.method = entry.traits.method, .heard_ms = heard_ms}, entry.id);
}

void OpTable::on_mark(media::PlayId play, const std::string& name, std::int64_t played_ms) {
  for (const Key key : running_) {
    Operation* body = begun(key);
    const Playback* playback = body == nullptr ? nullptr : body->playback();
    if (playback == nullptr || !playback->owns(play)) continue;
    const Entry& entry = *find(key);
    if (!entry.params) return;
    model::OpMarkEvent event;
    event.method = entry.traits.method;
    event.name = name;
    event.heard_ms = playback->heard_at(played_ms);
    return host_.emit(std::move(event), entry.id);
  }
}

Result<bool, model::Error> OpTable::resume(const model::OpId& id) {
  Entry& entry = *find(id);
  if (!entry.traits.plays && !entry.traits.pauses) {
    return Err(make_error(ErrorCode::wrong_state,
                          fmt::format("{} cannot be paused or resumed", entry.traits.method)));
  }
  if (machine::completed(entry.state)) return true;
  const bool paused = std::holds_alternative<op::Paused>(entry.state);
  // Also when it is not paused yet: a pause may be due in this very turn.
  later([key = entry.key](OpTable& table) {
    if (Entry* now = table.find(key)) table.apply(*now, op::Resume{});
  });
  return !paused;
}

Result<bool, model::Error> OpTable::update(const model::OpId& id, const model::OpUpdate& change) {
  Entry& entry = *find(id);
  if (machine::completed(entry.state) || std::holds_alternative<op::Ending>(entry.state)) return true;
  if ((change.gain_db || change.loop || change.progress_interval_ms) && !entry.traits.plays) {
    return Err(make_error(ErrorCode::wrong_state, fmt::format("{} does not play", entry.traits.method)));
  }
  if (change.gain_db || change.loop) {
    if (!machine::under_way(entry.state) || entry.body->playback() == nullptr) {
      return Err(
          make_error(ErrorCode::wrong_state, fmt::format("{} does not play now", entry.traits.method)));
    }
  }
  later([key = entry.key, change](OpTable& table) {
    Entry* now = table.find(key);
    if (now == nullptr || machine::completed(now->state)) return;
    if (change.deadline_ms) table.arm_deadline(*now, *change.deadline_ms);
    if (change.progress_interval_ms) table.arm_progress(*now, *change.progress_interval_ms);
    Playback* playback = machine::under_way(now->state) ? now->body->playback() : nullptr;
    if (playback == nullptr) return;
    if (change.gain_db) playback->set_gain(*change.gain_db);
    if (change.loop) playback->set_loop(static_cast<std::uint32_t>(*change.loop));
  });
  return false;
}

void OpTable::arm_deadline(Entry& entry, std::int64_t deadline_ms) {
  // Safe to capture: the timer dies with its entry.
  entry.open->deadline.set(std::chrono::milliseconds(deadline_ms),
                           [this, key = entry.key] { end_now(key, EndWish::deadline); });
}

void OpTable::arm_progress(Entry& entry, std::int64_t interval_ms) {
  if (!machine::under_way(entry.state)) return;
  entry.open->progress.set(std::chrono::milliseconds(interval_ms), [this, key = entry.key, interval_ms] {
    Entry* now = find(key);
    if (now == nullptr || !machine::under_way(now->state)) return;
    const auto elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(env_.now() - now->begun);
    arm_progress(*now, interval_ms);
    if (std::holds_alternative<op::Running>(now->state)) now->body->progress(elapsed.count());
  });
}

// ---- views

model::OperationView OpTable::view_of(const Entry& entry) const {
  model::OperationView view;
  view.id = entry.id;
  view.method = entry.traits.method;
  const model::CallId call = host_.op_call_id();
  if (!call.empty()) view.call_id = call;
  view.state = shown(entry.state);
  view.lane = lane_of(entry.traits);
  view.created_at = entry.created;
  if (entry.done) {
    view.outcome = entry.done->outcome;
    view.reason = entry.done->reason;
    if (!std::holds_alternative<std::monostate>(entry.done->result)) view.result = entry.done->result;
    view.error = entry.done->error;
    view.completed_at = entry.completed;
  }
  return view;
}

model::OperationView OpTable::view(const model::OpId& id) const {
  return view_of(*entries_.at(by_id_.at(id)));
}

std::vector<model::OperationView> OpTable::views() const {
  std::vector<const Entry*> list;
  for (const auto& [key, entry] : entries_) {
    if (entry->params) list.push_back(entry.get());
  }
  std::sort(list.begin(), list.end(), [](const Entry* a, const Entry* b) { return a->key < b->key; });
  std::vector<model::OperationView> out;
  out.reserve(list.size());
  for (const Entry* entry : list) out.push_back(view_of(*entry));
  return out;
}

}  // namespace tandem::call
