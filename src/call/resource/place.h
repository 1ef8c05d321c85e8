// Where a call is instead of in its ivr: in a bridge or in a conference. It is in one place at a time; the
// place decides what becomes of its audio, and of the call when the place is over. Control thread.
#pragma once

#include "model/event.h"
#include "model/verdict.h"

namespace tandem::call {

class Bridge;
class Call;

class Place {
 public:
  Place() = default;
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
  virtual ~Place() = default;

  /// The call's audio is there, and its ivr is closed; before that it only waits for the place to stand.
  [[nodiscard]] virtual bool active() const = 0;
  /// What ends the call's ivr when it enters.
  [[nodiscard]] virtual model::IvrEndReason ivr_end() const = 0;
  /// Hold of the call began or ended.
  virtual void hold_changed(Call& call) = 0;
  /// While a transfer of the call is tried it does not take part.
  virtual void suspend(Call& call, bool on) = 0;
  /// The transfer of the call is over.
  virtual void transfer_over() {}
  /// The call leaves and lives on (a transfer); its ivr is not opened again.
  virtual void take_out(Call& call) = 0;
  /// `with` takes the place of `old` (RFC 3891).
  virtual void replace(Call& old, Call& with) = 0;
  /// The call is over.
  virtual void left(Call& call, const model::Verdict& verdict) = 0;
  /// The application is told of digits that the call sends.
  [[nodiscard]] virtual bool reports_digits() const { return true; }
  /// Names itself there.
  virtual void describe(model::CallSnapshot& snapshot) const = 0;
  /// `call`, which is in it or enters it, meets the other one there.
  [[nodiscard]] virtual bool meets(const Call& call, const model::CallId& other) const = 0;
  /// Itself, if it is one.
  [[nodiscard]] virtual Bridge* bridge() { return nullptr; }
};

}  // namespace tandem::call
