#include "call/resource/conference_book.h"

#include <fmt/format.h>

#include <algorithm>

namespace tandem::call {

using model::ErrorCode;

Result<Conference*, model::Error> ConferenceBook::create(const model::AccountId& account,
                                                         const model::SessionId& owner, ConferencePlan plan) {
  if (!plan.name.empty() && named(account, plan.name) != nullptr)
    return Err(make_error(ErrorCode::name_taken, "a conference of this name lives", "name"));
  std::size_t& live = live_[account];
  if (live >= env_.options.max_conferences) {
    return Err(make_error(ErrorCode::concurrency_exceeded,
                          fmt::format("the account has {} conferences already", live)));
  }
  ++live;
  auto made = std::make_unique<Conference>(env_, account, owner, std::move(plan));
  Conference& conference = *made;
  if (!conference.name().empty()) by_name_[{account, conference.name()}] = &conference;
  by_id_.emplace(conference.id(), std::move(made));
  return &conference;
}

Conference* ConferenceBook::find(const model::ConferenceId& id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : found->second.get();
}

Conference* ConferenceBook::find(const model::AccountId& account, const model::ConferenceId& id) const {
  Conference* found = find(id);
  return found == nullptr || found->over() || found->account() != account ? nullptr : found;
}

Conference* ConferenceBook::named(const model::AccountId& account, const std::string& name) const {
  const auto found = by_name_.find({account, name});
  return found == by_name_.end() ? nullptr : found->second;
}

void ConferenceBook::over(Conference& conference) {
  by_name_.erase({conference.account(), conference.name()});
  const auto live = live_.find(conference.account());
  if (live != live_.end() && --live->second == 0) live_.erase(live);
  conference.linger().set(env_.options.linger, [this, id = conference.id()] {
    // Its own timer calls.
    env_.deps.loop.post([this, alive = alive_, id] {
      if (*alive) by_id_.erase(id);
    });
  });
}

void ConferenceBook::session_over(const model::SessionId& session) {
  each([&session](Conference& conference) { conference.session_over(session); });
}

bool ConferenceBook::owned_by(const model::SessionId& session) const {
  return std::any_of(by_id_.begin(), by_id_.end(), [&session](const auto& each) {
    return !each.second->over() && each.second->owner() == session;
  });
}

}  // namespace tandem::call
