// What a call hears while it waits in a queue: sources that go on where they stopped, and announcements in
// between. Both make way for whatever else the call is to play. Control thread.
#pragma once

#include <memory>
#include <optional>

#include "call/machine/queue_rules.h"
#include "call/operation/playback.h"
#include "call/resource/op_table.h"
#include "model/request.h"

namespace tandem::call {

class WaitMedia {
 public:
  /// `facts`: what announcements tell; asked for each.
  WaitMedia(Call& call, std::optional<PlayPlan> music, std::optional<model::QueueAnnouncement> announce,
            Function<machine::QueueFacts()> facts);
  ~WaitMedia();
  WaitMedia(const WaitMedia&) = delete;
  WaitMedia& operator=(const WaitMedia&) = delete;

  void start();
  void stop();
  /// Nothing speaks any more.
  void lanes_free();

  /// The sources of an announcement with the facts filled in; empty when nothing is to be told now. Errors
  /// name their field below `wait.announce`.
  [[nodiscard]] static Result<std::optional<PlayPlan>, model::Error> plan_of(
      Call& call, const model::QueueAnnouncement& announce, const machine::QueueFacts& facts);

 private:
  void play();
  void announce_after(std::int64_t ms);
  void announce();
  void on_music_done(const Completion& done);

  Call& call_;
  std::optional<PlayPlan> music_;
  std::optional<model::QueueAnnouncement> announce_;
  Function<machine::QueueFacts()> facts_;
  bool started_ = false;
  OpTable::Key music_key_ = 0;
  OpTable::Key announcement_key_ = 0;
  std::int64_t place_ms_ = 0;  ///< Where the sources go on.
  runtime::Timer next_;
  // Shared with what plays, which may outlive this: null then.
  std::shared_ptr<WaitMedia*> self_ = std::make_shared<WaitMedia*>(this);
};

}  // namespace tandem::call
