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
      if (!*alive) return;
      if (const Conference* gone = find(id)) unconcern(gone->owner(), id);
      by_id_.erase(id);
    });
  });
}

void ConferenceBook::add_operation(const model::OpId& op, const model::ConferenceId& id) {
  if (of_operation_.size() >= tidy_at_) {
    std::erase_if(of_operation_, [this](const auto& each) {
      Conference* conference = find(each.second);
      return conference == nullptr || conference->ops().params_of(each.first) == nullptr;
    });
    tidy_at_ = std::max<std::size_t>(1024, 2 * of_operation_.size());
  }
  of_operation_.emplace(op, id);
}

void ConferenceBook::concern(const model::SessionId& session, const model::ConferenceId& id) {
  if (!session.empty()) of_session_[session].insert(id);
}

void ConferenceBook::unconcern(const model::SessionId& session, const model::ConferenceId& id) {
  const auto found = of_session_.find(session);
  if (found == of_session_.end()) return;
  found->second.erase(id);
  if (found->second.empty()) of_session_.erase(found);
}

void ConferenceBook::session_over(const model::SessionId& session) {
  const auto found = of_session_.find(session);
  if (found == of_session_.end()) return;
  // Taken out first: a conference that ends with its session says so itself.
  const auto concerned = std::move(found->second);
  of_session_.erase(found);
  for (const model::ConferenceId& id : concerned) {
    if (Conference* conference = find(id)) conference->session_over(session);
  }
}

bool ConferenceBook::owned_by(const model::SessionId& session) const {
  const auto found = of_session_.find(session);
  if (found == of_session_.end()) return false;
  return std::any_of(found->second.begin(), found->second.end(), [&](const model::ConferenceId& id) {
    const Conference* conference = find(id);
    return conference != nullptr && !conference->over() && conference->owner() == session;
  });
}

}  // namespace tandem::call
