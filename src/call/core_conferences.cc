// Conferences: what sessions and the REST door ask of them, and what the mixer tells of them.
#include "call/core_impl.h"
#include "call/operation/conference_verbs.h"

namespace tandem::call {

void CoreImpl::on_speaking(const media::RoomId& room, const media::StreamId& member, bool speaking) {
  if (Conference* conference = conferences_->find(room)) conference->on_speaking(member, speaking);
}

void CoreImpl::on_room_play_ended(const media::RoomId& room, media::PlayId play, media::PlayResult result) {
  Conference* conference = conferences_->find(room);
  if (conference == nullptr) return;
  conference->ops().each_begun([&](Operation& op) { op.on_room_play_ended(play, result); });
}

void CoreImpl::conference_over(Conference& conference) {
  const model::SessionId owner = conference.owner();
  conferences_->over(conference);
  if (owner.empty()) return;
  env_->deps.loop.post([this, finder = env_->finder, owner] {
    if (finder->alive()) check_idle(owner);
  });
}

void CoreImpl::conferences_into(const Session& session, model::SessionSnapshot& out) {
  conferences_->each([&](Conference& conference) {
    if (!conference.over() && conference.concerns(session.id()))
      out.conferences.push_back(conference.snapshot());
    conference.add_views(session.id(), out.operations);
  });
}

// ---- the REST door

std::vector<model::ConferenceSnapshot> CoreImpl::conferences(const model::AccountId& account) {
  std::vector<model::ConferenceSnapshot> out;
  conferences_->each([&](Conference& conference) {
    if (!conference.over() && conference.account() == account) out.push_back(conference.snapshot());
  });
  return out;
}

std::optional<model::ConferenceSnapshot> CoreImpl::conference(const model::AccountId& account,
                                                              const model::ConferenceId& id) {
  const Conference* found = conferences_->find(account, id);
  return found == nullptr ? std::nullopt : std::optional(found->snapshot());
}

Result<model::ConferenceSnapshot, model::Error> CoreImpl::create_conference(
    const model::AccountId& account, const model::ConferenceCreate& params) {
  auto plan = checked_conference({*env_, account}, params.name.value_or(""), params.options, "");
  if (!plan) return Err(std::move(plan.error()));
  if (params.name && params.if_exists == model::IfExists::use) {
    if (const Conference* found = conferences_->named(account, *params.name)) return found->snapshot();
  }
  auto made = conferences_->create(account, {}, std::move(*plan));
  if (!made) return Err(std::move(made.error()));
  return (*made)->snapshot();
}

std::optional<model::OperationView> CoreImpl::operation(const model::AccountId& account,
                                                        const model::ConferenceId& conference,
                                                        const model::OpId& id) {
  Conference* found = conferences_->find(conference);
  if (found == nullptr || found->account() != account) return std::nullopt;
  if (found->ops().params_of(id) == nullptr) return std::nullopt;
  return found->ops().view(id);
}

}  // namespace tandem::call
