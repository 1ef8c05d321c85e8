// Gives the events of agent and engine to the phones they are for. All phones of a process share one.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <unordered_map>

#include "server/phone/phone.h"

namespace tandem::phone {

/// On the loop's thread only. Outlives agent, engine and the loop's tasks.
class Switchboard final : public sip::Observer, public media::Observer {
 public:
  using Done = Function<void(const Phone&)>;

  explicit Switchboard(runtime::TimerExecutor& loop) : loop_(loop) {}
  /// Before anything else; null to detach, when the engine is about to go.
  void attach(sip::Agent* agent, media::Engine* engine, Sounds* sounds);

  /// Places a call now. `done` gets the phone with its outcome, which is gone after.
  void call(Script script, const model::IpAddress& towards, Timeline& timeline, Done done);
  /// The next incoming call that nobody waits for yet is for `script`. Calls beyond get 486.
  void await_call(Script script, Timeline& timeline, Done done);
  /// Forgets all phones: nothing is called back any more. Their legs and streams are left to agent and
  /// engine.
  void clear();
  void give_up_all(const std::string& why);
  [[nodiscard]] std::size_t phones() const { return phones_.size(); }

  void on_incoming(sip::IncomingCall call) override;
  void on_progress(const model::CallId& id, sip::Progress progress) override;
  void on_answered(const model::CallId& id, sip::Answered answered) override;
  void on_acknowledged(const model::CallId& id, std::optional<model::SessionDescription> session) override;
  void on_prack(const model::CallId&, std::optional<model::SessionDescription>) override {}
  void on_offer(const model::CallId& id, sip::PeerOffer offer) override;
  void on_reoffer_result(const model::CallId&, sip::ReofferResult) override {}
  void on_message(const model::CallId& id, sip::InDialogMessage message) override;
  void on_info_digit(const model::CallId& id, sip::InfoDigit digit) override;
  void on_request_result(const model::CallId&, std::uint64_t, int) override {}
  void on_refer_progress(const model::CallId&, std::uint64_t, sip::ReferProgress) override {}
  /// A phone that follows a script is not sent elsewhere.
  void on_refer(const model::CallId& id, sip::PeerRefer refer) override {
    if (agent_ != nullptr) agent_->answer_refer(id, refer.refer_id, 603);
  }
  void on_refused(sip::RefusedCall) override {}
  void on_ended(const model::CallId& id, sip::Ended ended) override;

  void on_digit(const media::StreamId& id, media::Digit digit) override;
  void on_play_started(const media::StreamId&, media::PlayId) override {}
  void on_play_ended(const media::StreamId& id, media::PlayId play, media::PlayResult result) override;
  void on_digits_sent(const media::StreamId& id, media::PlayId tag, bool complete) override;
  void on_media_started(const media::StreamId& id) override;
  void on_rtp_timeout(const media::StreamId& id) override;
  void on_rtp_resumed(const media::StreamId&) override {}
  void on_source_changed(const media::StreamId&, const model::SocketAddress&) override {}
  void on_mark(const media::StreamId&, media::PlayId, const std::string&, std::int64_t) override {}
  void on_quality(const media::StreamId&, model::StreamQuality) override {}
  void on_closed(const media::StreamId& id, model::StreamQuality quality) override;

 private:
  struct Waiting {
    Script script;
    std::reference_wrapper<Timeline> timeline;
    Done done;
  };
  Phone& add(const model::CallId& id, Script script, Timeline& timeline, Done done);
  [[nodiscard]] Phone* find(const model::CallId& id);

  runtime::TimerExecutor& loop_;
  sip::Agent* agent_ = nullptr;
  media::Engine* engine_ = nullptr;
  Sounds* sounds_ = nullptr;
  std::unordered_map<model::CallId, std::unique_ptr<Phone>> phones_;
  std::deque<Waiting> waiting_;
};

}  // namespace tandem::phone
