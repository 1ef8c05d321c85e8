// An operation while it runs: one class a verb. The operation table owns it, begins it when its lane is free
// and tells it what happens; it says when it has finished. Control thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/result.h"
#include "call/machine/lane_scheduler.h"
#include "call/machine/operation_machine.h"
#include "media/api/engine.h"
#include "model/error.h"
#include "model/event.h"
#include "model/request.h"
#include "sip/api/agent.h"

namespace tandem::artifact {
struct RecordingEnd;
}

namespace tandem::call {

class Call;
class ConferenceMember;
class OpTable;
class Playback;

struct HostOver {
  model::OpReason reason = model::OpReason::call_ended;
  model::Error error;
};

/// What operations belong to: a call, a session (dial) or a conference. Owns the operation table.
class OpHost {
 public:
  OpHost() = default;
  OpHost(const OpHost&) = delete;
  OpHost& operator=(const OpHost&) = delete;
  virtual ~OpHost() = default;

  [[nodiscard]] virtual OpTable& ops() = 0;
  /// Sends an event to the session that holds the host, if there is one.
  virtual void emit(model::EventData data, const model::OpId& op = {}) = 0;
  /// Empty for a session or a conference.
  [[nodiscard]] virtual model::CallId op_call_id() const = 0;
  /// An operation has completed and nothing wants its lanes.
  virtual void on_lanes_free() {}
  /// Why operations complete that are open when the host is over.
  [[nodiscard]] virtual HostOver over_because() const;
};

/// What op.completed says.
struct Completion {
  model::OpOutcome outcome = model::OpOutcome::succeeded;
  model::OpReason reason = model::OpReason::finished;
  model::OpResult result;
  std::optional<model::Error> error;
};
[[nodiscard]] Completion succeeded(model::OpReason reason, model::OpResult result = {});
[[nodiscard]] Completion failed(model::Error error, model::OpResult result = {});
[[nodiscard]] model::Error make_error(model::ErrorCode code, std::string message, std::string field = {});

/// How the operation table treats a verb.
struct OperationTraits {
  const char* method = "";
  machine::LaneMask lanes = machine::kNoLane;
  machine::BusyRule when_busy = machine::BusyRule::queue;
  std::optional<std::int64_t> deadline_ms = std::nullopt;
  std::optional<std::int64_t> progress_interval_ms = std::nullopt;
  /// It will connect media when it succeeds: what speaks or listens may already wait behind it.
  bool opens_media = false;
  /// The application shows that it takes care of the call.
  bool acts_on_call = false;
  /// It ends the call, and waits for no lane.
  bool ends_call = false;
  /// Once begun it cannot be taken back: op.cancel and op.stop are no-ops.
  bool irrevocable = false;
  /// op.pause, op.resume and op.update of gain and loop have a meaning.
  bool plays = false;
  /// op.pause and op.resume go to the operation itself.
  bool pauses = false;
  /// Makes way at once for whatever else wants its lanes (music on hold, ringback).
  bool yields = false;
};

class Operation {
 public:
  Operation(OpHost& host, OperationTraits traits) : host_(host), traits_(traits) {}
  Operation(const Operation&) = delete;
  Operation& operator=(const Operation&) = delete;
  virtual ~Operation() = default;

  [[nodiscard]] const OperationTraits& traits() const { return traits_; }
  void bind(machine::LaneScheduler::Key key, model::OpId id) {
    key_ = key;
    id_ = std::move(id);
  }
  [[nodiscard]] const model::OpId& id() const { return id_; }

  /// Carries it out. May finish at once.
  virtual void begin() = 0;
  /// Makes it stop; calls finished() when it has, now or later. The outcome is the table's then, the result
  /// is ours.
  virtual void halt() { finish(succeeded(model::OpReason::stopped)); }
  /// The same for who must know what for.
  virtual void halt_as(machine::EndWish) { halt(); }
  /// With `pauses`: in effect at once.
  virtual void set_paused(bool) {}
  /// What there is so far: for a stop, an interruption, a call that ends.
  [[nodiscard]] virtual model::OpResult result_so_far() const { return {}; }

  /// The player of a playing operation that has begun.
  [[nodiscard]] virtual Playback* playback() { return nullptr; }
  /// Sends op.progress.
  virtual void progress(std::int64_t elapsed_ms);

  /// The position that the playback asked for is there.
  virtual void on_position() {}

  // What may happen meanwhile; ignored by whom it does not concern.
  virtual void on_digit(char) {}
  virtual void on_digits_sent(media::PlayId, bool) {}
  virtual void on_request_result(std::uint64_t, int) {}
  virtual void on_refer_progress(std::uint64_t, const sip::ReferProgress&) {}
  /// Our re-INVITE was answered, and whether hold or its end is agreed now.
  virtual void on_reoffer_done(int) {}
  /// The answer to an offer of ours was accepted (true) or not, by PRACK or ACK.
  virtual void on_offer_done(bool) {}
  /// Nothing speaks or waits to speak any more.
  virtual void on_lanes_free() {}
  virtual void on_recording_ended(const artifact::RecordingEnd&) {}
  /// The SIP leg is over; media is about to close.
  virtual void on_leg_ended(const sip::Ended&) {}
  // Of a conference.
  virtual void on_room_play_ended(media::PlayId, const media::PlayResult&) {}
  /// It has come, or its part has changed.
  virtual void on_member(ConferenceMember&) {}
  virtual void on_member_left(const ConferenceMember&) {}
  /// The room is closed; what is open then is completed by the table.
  virtual void on_conference_over() {}

 protected:
  /// Once; the operation may be gone when it returns to the loop, not before.
  void finish(Completion completion);
  [[nodiscard]] OpHost& host() { return host_; }
  [[nodiscard]] const char* method() const { return traits_.method; }

 private:
  OpHost& host_;
  const OperationTraits traits_;
  machine::LaneScheduler::Key key_ = 0;
  model::OpId id_;
};

/// An operation of a call.
class CallOperation : public Operation {
 public:
  CallOperation(Call& call, OperationTraits traits);

 protected:
  [[nodiscard]] Call& call() { return call_; }
  [[nodiscard]] const Call& call() const { return call_; }

 private:
  Call& call_;
};

using MadeOperation = Result<std::unique_ptr<Operation>, model::Error>;

}  // namespace tandem::call
