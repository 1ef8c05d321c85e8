// Calls that are over, as their records. Implemented over the store by server/.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/function.h"
#include "base/result.h"
#include "model/generated/protocol.h"

namespace tandem::rest {

/// Empty fields do not filter; all filters together must hold.
struct HistoryQuery {
  model::AccountId account;
  std::size_t limit = 50;
  std::string cursor{};  ///< HistoryPage::next of the page before.
  std::string from{};
  std::string to{};
  std::optional<model::CallDirection> direction{};
  std::optional<WallTime> started_after{};   ///< At or after.
  std::optional<WallTime> started_before{};  ///< Before.
  model::SessionId session_id{};
};

/// Newest first.
struct HistoryPage {
  std::vector<model::Cdr> cdrs;
  std::string next;  ///< Empty: that was all.
};

enum class HistoryFault : std::uint8_t { unavailable, bad_cursor };

class CallHistory {
 public:
  using Listed = Function<void(Result<HistoryPage, HistoryFault>)>;
  using Found = Function<void(Result<std::optional<model::Cdr>, HistoryFault>)>;

  CallHistory() = default;
  CallHistory(const CallHistory&) = delete;
  CallHistory& operator=(const CallHistory&) = delete;
  virtual ~CallHistory() = default;

  /// `done` comes once, on any thread. Any thread.
  virtual void list(HistoryQuery query, Listed done) = 0;
  /// The record of a call of this account, if there is one.
  virtual void find(model::AccountId account, model::CallId call, Found done) = 0;
};

}  // namespace tandem::rest
