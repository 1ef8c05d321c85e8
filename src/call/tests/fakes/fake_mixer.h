// Rooms as a fake: the matrix as it was written, and plays that end when told to.
#pragma once

#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "call/tests/fakes/fake_media.h"
#include "media/api/mixer.h"

namespace tandem::call::testing {

class FakeMixer final : public media::Mixer {
 public:
  FakeMixer(runtime::ManualLoop& loop, FakeEngine& engine) : loop_(loop) {
    engine.on_disconnect = [this](const model::CallId& id) {
      for (auto& [room, r] : rooms) r.members.erase(id);
    };
  }
  void bind(media::MixerObserver& observer) { observer_ = &observer; }

  struct Room {
    media::RoomOptions options;
    std::map<model::CallId, media::MemberAudio> members;
    std::deque<std::pair<media::PlayId, media::PlaySpec>> plays;
  };
  std::map<media::RoomId, Room> rooms;
  std::size_t opened = 0;

  void open_room(const media::RoomId& room, media::RoomOptions options) override {
    rooms[room].options = options;
    ++opened;
  }
  void close_room(const media::RoomId& room) override {
    const auto found = rooms.find(room);
    if (found == rooms.end()) return;
    for (const auto& [play, spec] : found->second.plays) report(room, play, media::PlayEnd::stream_closed);
    rooms.erase(found);
  }
  void join_room(const media::RoomId& room, const model::CallId& member, media::MemberAudio audio) override {
    for (auto& [id, each] : rooms) each.members.erase(member);
    if (rooms.contains(room)) rooms[room].members[member] = std::move(audio);
  }
  void set_member(const media::RoomId& room, const model::CallId& member, media::MemberAudio audio) override {
    const auto found = rooms.find(room);
    if (found != rooms.end() && found->second.members.contains(member))
      found->second.members[member] = std::move(audio);
  }
  void play_to_room(const media::RoomId& room, media::PlayId play, media::PlaySpec spec) override {
    if (rooms.contains(room)) rooms[room].plays.emplace_back(play, std::move(spec));
  }
  void stop_room_play(const media::RoomId& room, media::PlayId play) override {
    end(room, play, media::PlayEnd::stopped);
  }

  void add_room_tap(const media::RoomId&, std::optional<model::CallId>,
                    std::shared_ptr<media::StreamTap>) override {}
  void remove_room_tap(const media::RoomId&, const std::shared_ptr<media::StreamTap>&) override {}

  /// The one room there is.
  [[nodiscard]] const Room& only() const { return rooms.begin()->second; }
  [[nodiscard]] media::RoomId only_id() const { return rooms.begin()->first; }
  [[nodiscard]] bool hears(const model::CallId& listener, const model::CallId& speaker) const {
    for (const auto& [id, room] : rooms) {
      const auto l = room.members.find(listener);
      const auto s = room.members.find(speaker);
      if (l == room.members.end() || s == room.members.end() || listener == speaker) continue;
      return covers(l->second.hears, speaker) && covers(s->second.heard_by, listener);
    }
    return false;
  }
  [[nodiscard]] static bool covers(const media::Audience& audience, const model::CallId& id) {
    using Kind = media::Audience::Kind;
    if (audience.kind != Kind::only) return audience.kind == Kind::everyone;
    return std::find(audience.members.begin(), audience.members.end(), id) != audience.members.end();
  }
  /// Ends what plays in the one room.
  bool end_current(media::PlayEnd how = media::PlayEnd::finished) {
    if (rooms.empty() || rooms.begin()->second.plays.empty()) return false;
    end(rooms.begin()->first, rooms.begin()->second.plays.front().first, how);
    return true;
  }
  void speaks(const model::CallId& member, bool speaking) {
    observer_->on_speaking(only_id(), member, speaking);
  }

 private:
  void end(const media::RoomId& room, media::PlayId play, media::PlayEnd how) {
    const auto found = rooms.find(room);
    if (found == rooms.end()) return;
    if (std::erase_if(found->second.plays, [play](const auto& each) { return each.first == play; }) > 0)
      report(room, play, how);
  }
  void report(const media::RoomId& room, media::PlayId play, media::PlayEnd how) {
    loop_.post([this, room, play, how] {
      observer_->on_room_play_ended(room, play, media::PlayResult{how, 1000, {}});
    });
  }
  runtime::ManualLoop& loop_;
  media::MixerObserver* observer_ = nullptr;
};

}  // namespace tandem::call::testing
