// One call of one phone: places or takes it, runs its script, judges what was heard. On the loop's thread
// only.
#pragma once

#include <memory>
#include <optional>
#include <variant>

#include "media/api/engine.h"
#include "runtime/executor.h"
#include "server/phone/ear.h"
#include "server/phone/script.h"
#include "server/phone/script_runner.h"
#include "server/phone/sounds.h"
#include "server/phone/timeline.h"
#include "sip/api/agent.h"
#include "sip/api/negotiation.h"

namespace tandem::phone {

class Phone {
 public:
  struct Parts {
    sip::Agent& agent;
    media::Engine& engine;
    Sounds& sounds;
    runtime::TimerExecutor& loop;
    Timeline& timeline;
  };
  /// `done` is called once, when leg and media are both gone; the phone must outlive the call of it.
  Phone(model::CallId id, Script script, Parts parts, Function<void(const Phone&)> done);
  ~Phone() { *alive_ = false; }
  Phone(const Phone&) = delete;
  Phone& operator=(const Phone&) = delete;

  /// Calls script.target_uri with media on the address that reaches `towards`.
  void dial(const model::IpAddress& towards);
  void take(sip::IncomingCall call);
  /// Hangs up, whatever the script says.
  void give_up(const std::string& why);

  void on_progress(sip::Progress progress);
  void on_answered(sip::Answered answered);
  void on_acknowledged(const std::optional<model::SessionDescription>& session);
  void on_offer(const sip::PeerOffer& offer);
  void on_message(const sip::InDialogMessage& message);
  void on_info_digit(sip::InfoDigit digit);
  void on_ended(const sip::Ended& ended);

  void on_digit(media::Digit digit);
  void on_play_ended(media::PlayId play, const media::PlayResult& result) {
    runner_.on_play_ended(play, result);
  }
  void on_digits_sent(media::PlayId tag, bool complete) { runner_.on_digits_sent(tag, complete); }
  void on_media_started();
  void on_rtp_timeout();
  void on_media_closed(const model::StreamQuality& quality);

  [[nodiscard]] const model::CallId& id() const { return id_; }
  [[nodiscard]] const Outcome& outcome() const { return outcome_; }  ///< Complete when done.
  [[nodiscard]] const Ear& ear() const { return ear_; }

 private:
  struct Idle {};
  struct Calling {
    TimePoint since;
  };
  struct Ringing {
    std::optional<model::SessionDescription> offer;
  };
  struct Answering {};  ///< 200 sent, not acknowledged.
  struct Talking {
    TimePoint since;
  };
  struct Closing {};  ///< The leg is gone, the media not yet.
  struct Done {};
  using State = std::variant<Idle, Calling, Ringing, Answering, Talking, Closing, Done>;

  [[nodiscard]] bool open_media(const model::IpAddress& towards);
  void answer();
  void agree(const model::AgreedMedia& media);
  /// False and the reason noted when the peer's answer is of no use.
  bool read_answer(const model::SessionDescription& answer);
  void talk();
  void set_timeout();
  void hang_up(const char* text);
  void heard(std::span<const std::int16_t> pcm, std::uint32_t rate);
  void fail(std::string how);
  void close();
  void finish();
  void judge(const sip::Ended& ended);
  void judge_expectations();
  void note(std::string_view name, std::string text,
            std::vector<std::pair<std::string_view, std::string>> fields = {}) {
    parts_.timeline.add({name, std::move(text), std::move(fields)});
  }

  const model::CallId id_;
  const Script script_;
  Parts parts_;
  Function<void(const Phone&)> done_;
  State state_ = Idle{};
  Outcome outcome_;
  Ear ear_;
  ScriptRunner runner_;
  sip::LocalMedia local_;
  std::optional<model::SessionDescription> sent_;  ///< Our last offer or answer.
  std::optional<model::AgreedMedia> agreed_;
  bool media_open_ = false;
  bool audio_noted_ = false;
  std::string failure_;  ///< Why we ended the call ourselves, if it was for a failure.
  runtime::Timer timeout_;
  runtime::Timer hangup_;
  // Shared with frames on their way from a media worker, which may arrive when the phone is gone.
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace tandem::phone
