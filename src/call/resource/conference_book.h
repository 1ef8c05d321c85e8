// The conferences of this node: by id, by name within an account, and how many an account may have. Control
// thread.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "base/result.h"
#include "call/resource/conference.h"

namespace tandem::call {

class ConferenceBook {
 public:
  explicit ConferenceBook(Environment& env) : env_(env) {}
  ~ConferenceBook() { *alive_ = false; }
  ConferenceBook(const ConferenceBook&) = delete;
  ConferenceBook& operator=(const ConferenceBook&) = delete;

  /// `owner` may be empty. Errors: name_taken, concurrency_exceeded.
  Result<Conference*, model::Error> create(const model::AccountId& account, const model::SessionId& owner,
                                           ConferencePlan plan);
  /// Also one that is over and lingers.
  [[nodiscard]] Conference* find(const model::ConferenceId& id) const;
  /// One that lives and belongs to the account.
  [[nodiscard]] Conference* find(const model::AccountId& account, const model::ConferenceId& id) const;
  [[nodiscard]] Conference* named(const model::AccountId& account, const std::string& name) const;
  template <class F>
  void each(F f) const {
    std::vector<Conference*> all;  // A copy: what is asked may end it.
    all.reserve(by_id_.size());
    for (const auto& [id, conference] : by_id_) all.push_back(conference.get());
    for (Conference* conference : all) f(*conference);
  }
  /// `op` was submitted to it.
  void add_operation(const model::OpId& op, const model::ConferenceId& id);
  /// Those that know the operation; ids of operations are their askers' choice, so there may be several.
  template <class F>
  void each_with(const model::OpId& op, F f) const {
    const auto [first, last] = of_operation_.equal_range(op);
    for (auto at = first; at != last; ++at) {
      Conference* conference = find(at->second);
      if (conference != nullptr && conference->ops().params_of(op) != nullptr) f(*conference);
    }
  }
  /// It is over: its name is free, it can still be asked about its operations for `linger`.
  void over(Conference& conference);
  /// From a conference: the session made it or has a call in it, or no longer has.
  void concern(const model::SessionId& session, const model::ConferenceId& id);
  void unconcern(const model::SessionId& session, const model::ConferenceId& id);
  void session_over(const model::SessionId& session);
  /// The session made a conference that lives.
  [[nodiscard]] bool owned_by(const model::SessionId& session) const;

 private:
  Environment& env_;
  std::unordered_map<model::ConferenceId, std::unique_ptr<Conference>> by_id_;
  std::map<std::pair<model::AccountId, std::string>, Conference*> by_name_;
  std::unordered_map<model::AccountId, std::size_t> live_;
  /// Every session ends, few have to do with a conference: those are found without asking all of them.
  std::unordered_map<model::SessionId, std::unordered_set<model::ConferenceId>> of_session_;
  /// Some are forgotten by their conference already.
  std::unordered_multimap<model::OpId, model::ConferenceId> of_operation_;
  std::size_t tidy_at_ = 1024;
  // Shared with timers' tasks: false once the book is gone.
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace tandem::call
