// How many calls an account has and how fast they come. Control thread.
#pragma once

#include <cstdint>
#include <unordered_map>

#include "base/clock.h"
#include "model/ids.h"
#include "store/api/records.h"

namespace tandem::call {

class AccountLimits {
 public:
  enum class Answer : std::uint8_t { admitted, too_fast, too_many };

  /// Admitted calls hold a place until release().
  [[nodiscard]] Answer admit(const store::Account& account, TimePoint now);
  void release(const model::AccountId& account);

  [[nodiscard]] std::size_t live(const model::AccountId& account) const;

 private:
  struct Use {
    std::size_t live = 0;
    double tokens = 0;
    TimePoint filled;
    bool rated = false;  ///< `tokens` and `filled` mean something.
  };
  // Accounts that once had a call; as many as are provisioned at most.
  std::unordered_map<model::AccountId, Use> uses_;
};

}  // namespace tandem::call
