// The core's inside: one object, in five files by what it is asked (core.cc: arrivals and ends;
// core_sessions.cc: sessions and their operations; core_outbound.cc: outbound calls, bridges and the REST
// door; core_conferences.cc; core_queues.cc).
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <unordered_map>
#include <vector>

#include "call/core.h"
#include "call/operation/verbs.h"
#include "call/resource/account_limits.h"
#include "call/resource/bridge.h"
#include "call/resource/call.h"
#include "call/resource/conference_book.h"
#include "call/resource/environment.h"
#include "call/resource/exchange.h"
#include "call/resource/intent_book.h"
#include "call/resource/queue_book.h"
#include "call/resource/session_host.h"

namespace tandem::call {

using SubmitResult = Result<model::OperationView, model::Error>;

/// Finds calls, sessions and bridges, and hands to them what comes from the doors, from SIP and from media.
class CoreImpl final : public CoreHandle,
                       private CallOwner,
                       private Exchange,
                       private artifact::RecordingNews {
 public:
  explicit CoreImpl(CoreOptions options) : options_(std::move(options)) {}
  ~CoreImpl() override {
    if (env_) env_->finder->clear();
    if (env_) env_->deps.recordings.set_news(nullptr);
    sessions_.clear();  // Their operations let go of calls.
    bridges_.clear();
    conferences_.reset();
    calls_.clear();
  }

  void bind(Dependencies dependencies) override;
  std::size_t close_orphans() override;

  // Core.
  SubmitResult submit(const model::SessionId& session, const model::RequestParams& params) override;
  [[nodiscard]] model::SessionSnapshot snapshot(const model::SessionId& session) override;
  Result<model::Intent, model::Error> request_outbound(OutboundRequest request) override;
  [[nodiscard]] std::optional<model::Intent> intent(const model::AccountId& account,
                                                    const model::IntentId& id) override;
  [[nodiscard]] std::vector<model::Intent> intents(const model::AccountId& account) override;
  [[nodiscard]] std::vector<model::LiveCall> calls(const model::AccountId& account) override;
  [[nodiscard]] std::optional<model::LiveCall> call(const model::AccountId& account,
                                                    const model::CallId& id) override;
  [[nodiscard]] std::vector<model::LiveSession> sessions(const model::AccountId& account) override;
  SubmitResult submit(const model::AccountId& account, const model::RequestParams& params,
                      Function<void(const model::OperationView&)> done) override;
  [[nodiscard]] std::optional<model::OperationView> operation(const model::AccountId& account,
                                                              const model::CallId& call,
                                                              const model::OpId& id) override;
  [[nodiscard]] std::vector<model::ConferenceSnapshot> conferences(const model::AccountId& account) override;
  [[nodiscard]] std::optional<model::ConferenceSnapshot> conference(const model::AccountId& account,
                                                                    const model::ConferenceId& id) override;
  Result<model::ConferenceSnapshot, model::Error> create_conference(
      const model::AccountId& account, const model::ConferenceCreate& params) override;
  [[nodiscard]] std::optional<model::OperationView> operation(const model::AccountId& account,
                                                              const model::ConferenceId& conference,
                                                              const model::OpId& id) override;
  void subscribe(const model::SessionId& session, const model::SessionSubscribe& what) override;
  [[nodiscard]] std::vector<model::QueueInfo> queues(const model::AccountId& account) override;
  [[nodiscard]] std::optional<QueuePage> queue(const model::AccountId& account, const model::QueueId& id,
                                               std::size_t first_position, std::size_t limit) override;
  void on_endpoint(const model::AccountId& account, const model::EventData& event,
                   const std::optional<model::DomainId>& domain) override;
  void session_opened(const model::SessionId& session) override;
  void session_failed(const model::SessionId& session, SessionFailure why) override;
  void session_lost(const model::SessionId& session) override;
  void session_closed(const model::SessionId& session) override;
  void set_draining(bool draining) override;
  [[nodiscard]] std::size_t live_calls() const override { return live_; }

  // sip::Observer.
  void on_incoming(sip::IncomingCall call) override;
  void on_progress(const model::CallId& id, sip::Progress progress) override {
    if (Call* call = find(id)) call->on_progress(std::move(progress));
  }
  void on_answered(const model::CallId& id, sip::Answered answered) override;
  void on_acknowledged(const model::CallId& id, std::optional<model::SessionDescription> session) override {
    if (Call* call = find(id)) call->on_acknowledged(session);
  }
  void on_prack(const model::CallId& id, std::optional<model::SessionDescription> session) override {
    if (Call* call = find(id)) call->on_prack(session);
  }
  void on_offer(const model::CallId& id, sip::PeerOffer offer) override {
    if (Call* call = find(id)) call->on_offer(std::move(offer));
  }
  void on_reoffer_result(const model::CallId& id, sip::ReofferResult result) override {
    if (Call* call = find(id)) call->on_reoffer_result(result);
  }
  void on_refer_progress(const model::CallId& id, std::uint64_t tag, sip::ReferProgress progress) override {
    if (Call* call = find(id)) {
      call->ops().each_begun([&](Operation& op) { op.on_refer_progress(tag, progress); });
    }
  }
  void on_refer(const model::CallId& id, sip::PeerRefer refer) override {
    if (Call* call = find(id)) call->on_refer(std::move(refer));
  }
  void on_refused(sip::RefusedCall refused) override;
  void on_message(const model::CallId& id, sip::InDialogMessage message) override {
    if (Call* call = find(id)) call->on_message(std::move(message));
  }
  void on_info_digit(const model::CallId& id, sip::InfoDigit digit) override {
    // The engine merges it with digits that came in RTP and reports each once.
    if (find(id) != nullptr) env_->deps.engine.info_digit(id, digit.digit, digit.duration_ms);
  }
  void on_request_result(const model::CallId& id, std::uint64_t tag, int sip_code) override {
    if (Call* call = find(id)) {
      call->ops().each_begun([&](Operation& op) { op.on_request_result(tag, sip_code); });
    }
  }
  void on_ended(const model::CallId& id, sip::Ended ended) override {
    if (Call* call = find(id)) call->on_ended(std::move(ended));
  }

  // media::Observer.
  void on_digit(const media::StreamId& id, media::Digit digit) override {
    if (Call* call = find(id)) call->on_digit(digit);
  }
  void on_play_started(const media::StreamId& id, media::PlayId play) override {
    with_player(id, play, [](Playback& p) { p.on_play_started(); });
  }
  void on_play_ended(const media::StreamId& id, media::PlayId play, media::PlayResult result) override {
    with_player(id, play, [&](Playback& p) { p.on_play_ended(result); });
  }
  void on_mark(const media::StreamId& id, media::PlayId play, const std::string& name,
               std::int64_t played_ms) override {
    if (Call* call = find(id)) call->ops().on_mark(play, name, played_ms);
  }
  void on_digits_sent(const media::StreamId& id, media::PlayId tag, bool complete) override {
    if (Call* call = find(id)) {
      call->ops().each_begun([&](Operation& op) { op.on_digits_sent(tag, complete); });
    }
  }
  void on_media_started(const media::StreamId&) override {}
  void on_rtp_timeout(const media::StreamId& id) override {
    if (Call* call = find(id)) call->on_rtp_timeout();
  }
  void on_rtp_resumed(const media::StreamId& id) override {
    if (Call* call = find(id)) call->on_rtp_resumed();
  }
  void on_source_changed(const media::StreamId& id, const model::SocketAddress& source) override {
    if (Call* call = find(id)) call->on_source_changed(source);
  }
  void on_quality(const media::StreamId& id, model::StreamQuality quality) override {
    if (Call* call = find(id)) call->on_quality(quality);
  }
  void on_closed(const media::StreamId& id, model::StreamQuality quality) override {
    if (Call* call = find(id)) call->on_closed(quality);
  }

  // media::MixerObserver.
  void on_speaking(const media::RoomId& room, const media::StreamId& member, bool speaking) override;
  void on_room_play_started(const media::RoomId&, media::PlayId) override {}
  void on_room_play_ended(const media::RoomId& room, media::PlayId play, media::PlayResult result) override;

 private:
  using Session = SessionHost;

  // CallOwner.
  void call_finished(Call& call) override;
  void cdr_stored(const model::CallId& id) override;

  // artifact::RecordingNews.
  void on_recording(const model::SessionId& session, model::Event event) override;

  // Exchange.
  [[nodiscard]] Call* find_call(const model::AccountId& owner, const model::CallId& id) override;
  [[nodiscard]] Result<Call*, model::Error> place(CallFacts facts, store::Route owner,
                                                  const model::SessionId& session) override;
  Bridge& make_bridge(Call& first, BridgeTerms terms, Function<void(const BridgeEnd&)> on_end) override;
  void bridge_over(const model::BridgeId& id) override;
  [[nodiscard]] ConferenceBook& conferences() override { return *conferences_; }
  void conference_over(Conference& conference) override;
  [[nodiscard]] QueueBook& queues() override { return *queues_; }
  void tell_queue(const model::AccountId& account, const std::string& queue, const model::EventData& data,
                  const model::SessionId& except) override;

  [[nodiscard]] Call* find(const model::CallId& id) {
    const auto found = calls_.find(id);
    return found == calls_.end() ? nullptr : found->second.get();
  }
  [[nodiscard]] Session* find(const model::SessionId& id) {
    const auto found = sessions_.find(id);
    return found == sessions_.end() ? nullptr : found->second.get();
  }
  template <class F>
  void with_player(const model::CallId& id, media::PlayId play, F f) {
    Call* found = find(id);
    if (found == nullptr) return;
    found->ops().each_begun([&](Operation& op) {
      Playback* playback = op.playback();
      if (playback != nullptr && playback->owns(play)) f(*playback);
    });
  }
  /// Each call of the session that still exists.
  template <class F>
  void each_call(const Session& session, F f) {
    const std::vector<model::CallId> ids = session.calls;
    for (const model::CallId& id : ids) {
      if (Call* found = find(id)) f(*found);
    }
  }
  /// The table, of the session or of one of its calls, that knows the operation.
  [[nodiscard]] OpTable* table_with(Session& session, const model::OpId& op);

  template <class P>
  SubmitResult submit_call(Session& session, const P& params, const model::RequestParams& whole);
  template <class P>
  SubmitResult submit_to(Call* call, const P& params, const model::RequestParams& whole);
  /// queue.remove or queue.update of the REST door.
  template <class P>
  SubmitResult submit_queue(const model::AccountId& account, const P& params,
                            const model::RequestParams& whole,
                            Function<void(const model::OperationView&)> done);
  void tell_queue_statistics(const model::SessionId& id);
  template <class P>
  SubmitResult submit_control(Session& session, const P& params);
  /// Operations of sessions (dial, conference.create) and of conferences.
  template <class P>
  SubmitResult submit_session(Session& session, const P& params, const model::RequestParams& whole);
  template <class P>
  SubmitResult submit_conference(Conference* conference, const model::SessionId& asker, const P& params,
                                 const model::RequestParams& whole);
  /// Of the account, also one that is over and lingers; null if there is none.
  [[nodiscard]] Conference* conference_of(const model::AccountId& account, const model::ConferenceId& id) {
    Conference* found = conferences_->find(id);
    return found != nullptr && found->account() == account ? found : nullptr;
  }
  void conferences_into(const Session& session, model::SessionSnapshot& out);

  void routed(const model::CallId& id, std::optional<store::Route> route);
  void open_session(Call& call);
  Session& add_session(store::Route owner, model::SessionReason reason);
  [[nodiscard]] static SessionOpening opening_of(const Session& session, const char* reason);
  void replace_call(sip::IncomingCall incoming, Call& old);
  Call& add_call(std::unique_ptr<Call> call);
  void open_intent(const model::Intent& intent);
  void check_idle(const model::SessionId& id);
  [[nodiscard]] model::LiveCall view_of(const Call& call) const;
  void detach(const model::SessionId& id);
  void erase_later(const model::CallId& id);
  void drain_expired();

  const CoreOptions options_;
  std::unique_ptr<Environment> env_;
  std::unique_ptr<QueueBook> queues_;          ///< Outlives the operations in it.
  std::set<model::SessionId> queue_watchers_;  ///< Sessions that subscribed to queues.
  std::unordered_map<model::CallId, std::unique_ptr<Call>> calls_;
  std::unordered_map<model::SessionId, std::unique_ptr<Session>> sessions_;
  std::unordered_map<model::BridgeId, std::unique_ptr<Bridge>> bridges_;
  std::unique_ptr<ConferenceBook> conferences_;
  std::unique_ptr<IntentBook> intents_;
  AccountLimits limits_;
  std::unordered_map<model::CallId, model::AccountId> holding_;  ///< Calls that hold a place in limits_.
  std::size_t live_ = 0;
  bool draining_ = false;
  std::unique_ptr<runtime::Timer> drain_timer_;
};

}  // namespace tandem::call
