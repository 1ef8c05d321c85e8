// Which operation of a call may run when: each lane carries one at a time, in the order of asking; an
// operation may need two lanes (prompt speaks and listens). A value without effects: the call does what it
// says.
#pragma once

#include <cstdint>
#include <vector>

namespace tandem::call::machine {

using LaneMask = std::uint8_t;
inline constexpr LaneMask kNoLane = 0;
inline constexpr LaneMask kSignalling = 1;
inline constexpr LaneMask kSpeak = 2;
inline constexpr LaneMask kListen = 4;
inline constexpr LaneMask kAllLanes = kSignalling | kSpeak | kListen;

enum class BusyRule : std::uint8_t { queue, interrupt, reject };

class LaneScheduler {
 public:
  /// The owner's name for an operation; unique within the scheduler.
  using Key = std::uint64_t;
  enum class Verdict : std::uint8_t { run, wait, busy, full };
  struct Admission {
    Verdict verdict = Verdict::run;
    std::vector<Key> interrupt;  ///< Running ones to be ended; they keep their lanes until release().
    std::vector<Key> flush;      ///< Waiting ones that are dropped; they are forgotten already.
  };

  explicit LaneScheduler(std::size_t max_waiting) : max_waiting_(max_waiting) {}

  /// A closed lane starts nothing (speak and listen before there is media). Signalling is open from the
  /// beginning.
  void open(LaneMask lanes) { open_ |= lanes; }
  void close(LaneMask lanes) { open_ &= static_cast<LaneMask>(~lanes); }

  [[nodiscard]] Admission admit(Key key, LaneMask lanes, BusyRule rule);
  /// It completed, or is not wanted any more. Unknown keys are ignored.
  void release(Key key);
  /// Takes the next waiting operation whose lanes are free, open and wanted by none before it; 0 if there is
  /// none.
  [[nodiscard]] Key take_ready();

  [[nodiscard]] std::size_t waiting() const { return waiting_.size(); }
  /// Every key that runs or waits on one of `lanes`.
  [[nodiscard]] std::vector<Key> holders(LaneMask lanes) const;

 private:
  struct Entry {
    Key key = 0;
    LaneMask lanes = kNoLane;
  };
  [[nodiscard]] LaneMask busy() const;

  std::size_t max_waiting_;
  LaneMask open_ = kSignalling;
  std::vector<Entry> running_;
  std::vector<Entry> waiting_;
};

}  // namespace tandem::call::machine
