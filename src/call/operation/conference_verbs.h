// What the verbs of conferences share: their parameters checked, and the conference that a join names.
#pragma once

#include <optional>
#include <string>

#include "call/operation/operation.h"
#include "call/operation/verbs.h"
#include "call/resource/conference.h"

namespace tandem::call {

/// Errors name parameters below `field`.
[[nodiscard]] Result<ConferencePlan, model::Error> checked_conference(const SourceOwner& owner,
                                                                      std::string name,
                                                                      const model::ConferenceOptions& options,
                                                                      const std::string& field);
/// `dialled`: the call is dialled for it, and is hung up with it unless told otherwise.
[[nodiscard]] Result<JoinPlan, model::Error> checked_join(const SourceOwner& owner,
                                                          const model::JoinTerms& terms, bool dialled,
                                                          const std::string& field);

/// The conference that call.join and dial's `then` name: by id, or by name and perhaps to be made.
struct JoinTarget {
  std::optional<model::ConferenceId> id;
  std::string name;
  std::optional<ConferencePlan> create;
};
template <class P>
[[nodiscard]] Result<JoinTarget, model::Error> checked_target(const SourceOwner& owner, const P& p,
                                                              const std::string& field) {
  JoinTarget out;
  out.id = p.conference_id;
  out.name = p.name.value_or("");
  if (!p.create) return out;
  auto plan = checked_conference(owner, out.name, *p.create, field.empty() ? "create" : field + ".create");
  if (!plan) return Err(std::move(plan.error()));
  out.create = std::move(*plan);
  return out;
}
/// One that lives; null if there is none (yet).
[[nodiscard]] Conference* find_target(Environment& env, const model::AccountId& account,
                                      const JoinTarget& target);
/// The same, made if the target says so. Errors: conference_not_found, concurrency_exceeded.
[[nodiscard]] Result<Conference*, model::Error> find_or_make(Environment& env,
                                                             const model::AccountId& account,
                                                             const model::SessionId& session,
                                                             const JoinTarget& target);
/// Why a call would not get in, as far as it can be said now. `call` may be null.
[[nodiscard]] std::optional<model::Error> cannot_enter(Environment& env, const model::AccountId& account,
                                                       const JoinTarget& target, const JoinPlan& plan,
                                                       Call* call);

[[nodiscard]] MadeOperation make_operation(Conference& conference, const model::ConferenceUpdate& p);
[[nodiscard]] MadeOperation make_operation(Conference& conference, const model::ConferenceEnd& p);
[[nodiscard]] MadeOperation make_operation(Conference& conference, const model::ConferencePlay& p);
[[nodiscard]] MadeOperation make_operation(Conference& conference, const model::ConferenceRecord& p);
[[nodiscard]] MadeOperation make_operation(Conference& conference,
                                           const model::ConferenceUpdateParticipant& p);

}  // namespace tandem::call
