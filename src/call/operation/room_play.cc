#include "call/operation/room_play.h"

#include "call/resource/conference.h"

namespace tandem::call {
namespace {

// The track that is made first; the room has the one of its best codec made when it begins to play.
constexpr model::Codec kPromptCodec = model::Codec::g722;

class RoomPlay final : public Operation {
 public:
  RoomPlay(Conference& conference, OperationTraits traits, PlayPlan plan, bool shown)
      : Operation(conference, traits), conference_(conference), plan_(std::move(plan)), shown_(shown) {}
  ~RoomPlay() override { *self_ = nullptr; }

  void begin() override {
    prompts_.resize(plan_.sources.size());
    missing_ = plan_.sources.size();
    for (std::size_t i = 0; i < plan_.sources.size(); ++i) {
      prepare_source(conference_.env(), plan_.sources[i], plan_.gain_db, kPromptCodec, plan_.fields[i],
                     [self = self_, i](Result<std::shared_ptr<media::Prompt>, model::Error> got) {
                       if (*self != nullptr) (*self)->on_prompt(i, std::move(got));
                     });
    }
  }

  void halt() override {
    if (play_ != 0) return conference_.env().deps.mixer.stop_room_play(conference_.id(), play_);
    over_ = true;
    finish(succeeded(model::OpReason::stopped, result_so_far()));
  }

  [[nodiscard]] model::OpResult result_so_far() const override {
    if (!shown_) return {};
    return model::ConferencePlayResult{.heard_ms = heard_ms_};
  }

  void on_room_play_ended(media::PlayId play, const media::PlayResult& result) override {
    if (play_ == 0 || play != play_) return;
    over_ = true;
    heard_ms_ = result.played_ms;
    switch (result.how) {
      case media::PlayEnd::finished:
        return finish(succeeded(model::OpReason::finished, result_so_far()));
      case media::PlayEnd::stopped:
        return finish(succeeded(model::OpReason::stopped, result_so_far()));
      case media::PlayEnd::max_duration:
        return finish(succeeded(model::OpReason::max_duration, result_so_far()));
      case media::PlayEnd::failed:
        return finish(failed(broken_source(plan_, prompts_, result.error), result_so_far()));
      case media::PlayEnd::stream_closed:
        return;  // The conference ends: the table completes what is open.
    }
  }

 private:
  void on_prompt(std::size_t index, Result<std::shared_ptr<media::Prompt>, model::Error> got) {
    if (over_ || play_ != 0 || prompts_[index]) return;
    if (!got) {
      over_ = true;
      return finish(failed(std::move(got.error()), result_so_far()));
    }
    prompts_[index] = std::move(*got);
    if (--missing_ > 0) return;
    media::PlaySpec spec;
    spec.prompts = prompts_;
    spec.loop = plan_.loop;
    spec.offset_ms = plan_.offset_ms;
    spec.max_duration_ms = plan_.max_duration_ms;
    play_ = conference_.next_play_id();
    conference_.env().deps.mixer.play_to_room(conference_.id(), play_, std::move(spec));
  }

  Conference& conference_;
  const PlayPlan plan_;
  const bool shown_;
  // Shared with the prompt cache and with calls that play the same.
  std::vector<std::shared_ptr<media::Prompt>> prompts_;
  std::size_t missing_ = 0;
  media::PlayId play_ = 0;
  std::int64_t heard_ms_ = 0;
  bool over_ = false;
  // Shared with prompts that are being made: null once this is gone.
  std::shared_ptr<RoomPlay*> self_ = std::make_shared<RoomPlay*>(this);
};

}  // namespace

std::unique_ptr<Operation> make_room_background(Conference& conference, PlayPlan plan, bool yields) {
  OperationTraits traits{.method = "room background", .lanes = machine::kSpeak};
  traits.yields = yields;
  return std::make_unique<RoomPlay>(conference, traits, std::move(plan), false);
}

std::unique_ptr<Operation> make_room_play(Conference& conference, OperationTraits traits, PlayPlan plan) {
  return std::make_unique<RoomPlay>(conference, traits, std::move(plan), true);
}

}  // namespace tandem::call
