// The engine's rooms, seen from the control thread.
#include <algorithm>

#include "media/engine/engine_impl.h"

namespace tandem::media {

void EngineImpl::with_room(const RoomId& id, Function<void(Room&, Worker&)> command) {
  const auto at = rooms_.find(id);
  if (at == rooms_.end()) return;
  at->second.worker->post([key = at->second.key, c = std::move(command)](Worker& w) mutable {
    if (Room* room = w.find_room(key)) c(*room, w);
  });
}

void EngineImpl::open_room(const RoomId& id, RoomOptions options) {
  if (rooms_.contains(id)) return;
  // The least loaded by streams; among equals by rooms, whose members are yet to come.
  const auto less = [this](const auto& a, const auto& b) {
    return std::pair(a->load(), rooms_on_[a.get()]) < std::pair(b->load(), rooms_on_[b.get()]);
  };
  Worker* const home = std::min_element(workers_.begin(), workers_.end(), less)->get();
  ++rooms_on_[home];
  const RoomKey key = next_key_++;
  auto room = std::make_unique<Room>(
      id, options, reporter_, [this, inbox = home->inbox(), key](const Play& play, model::Codec codec) {
        prepare_for_room(inbox, key, play, codec);
      });
  home->post([key, r = std::move(room)](Worker& w) mutable { w.add_room(key, std::move(r)); });
  rooms_.emplace(id, RoomHandle{home, key, {}});
}

void EngineImpl::close_room(const RoomId& id) {
  const auto at = rooms_.find(id);
  if (at == rooms_.end()) return;
  with_room(id, [key = at->second.key](Room& room, Worker& w) {
    room.close();
    w.remove_room(key);
  });
  for (const StreamId& member : at->second.members) handles_.at(member).room.reset();
  --rooms_on_[at->second.worker];
  rooms_.erase(at);
}

// Runs on a worker.
void EngineImpl::prepare_for_room(const std::shared_ptr<Inbox>& inbox, RoomKey key, const Play& play,
                                  model::Codec codec) {
  const bool posted = encode_pool_.try_post([inbox, key, id = play.id, prompts = play.spec.prompts, codec]() {
    for (std::size_t i = 0; i < prompts.size(); ++i) {
      inbox->post([key, id, i, track = prompts[i]->track(codec)](Worker& w) mutable {
        if (Room* room = w.find_room(key)) room->plays().set_track(id, i, std::move(track));
      });
    }
  });
  if (posted) return;
  inbox->post([key, id = play.id](Worker& w) {
    if (Room* room = w.find_room(key)) room->plays().fail(id, "too many prompts are being prepared");
  });
}

void EngineImpl::join_room(const RoomId& id, const StreamId& member, MemberAudio audio) {
  const auto room = rooms_.find(id);
  const auto stream = handles_.find(member);
  if (room == rooms_.end() || stream == handles_.end()) return;
  if (stream->second.room == id) {
    set_member(id, member, std::move(audio));
    return;
  }
  disconnect(member);
  stream->second.room = id;
  room->second.members.insert(member);
  move(stream->second, *room->second.worker);
  with_stream(member, [key = room->second.key, a = std::move(audio)](Stream&, Worker& w,
                                                                     StreamKey stream_key) mutable {
    w.join(stream_key, key, std::move(a));
  });
}

void EngineImpl::set_member(const RoomId& id, const StreamId& member, MemberAudio audio) {
  const auto room = rooms_.find(id);
  if (room == rooms_.end() || !room->second.members.contains(member)) return;
  with_stream(member,
              [key = room->second.key, a = std::move(audio)](Stream& s, Worker& w, StreamKey) mutable {
                if (const Room* r = w.find_room(key)) s.set_member(*r, std::move(a));
              });
}

bool EngineImpl::leave_room(const StreamId& member, Handle& handle) {
  if (!handle.room) return false;
  if (const auto room = rooms_.find(*handle.room); room != rooms_.end()) room->second.members.erase(member);
  handle.room.reset();
  dispatch(member, [](Stream& s) { s.leave_room(); });
  return true;
}

void EngineImpl::play_to_room(const RoomId& id, PlayId play, PlaySpec spec) {
  with_room(id, [play, s = std::move(spec)](Room& room, Worker&) mutable { room.play(play, std::move(s)); });
}

void EngineImpl::stop_room_play(const RoomId& id, PlayId play) {
  with_room(id, [play](Room& room, Worker&) { room.plays().stop(play); });
}

void EngineImpl::add_room_tap(const RoomId& id, std::optional<StreamId> member,
                              std::shared_ptr<StreamTap> tap) {
  with_room(id, [m = std::move(member), t = std::move(tap)](Room& room, Worker&) mutable {
    room.add_tap(std::move(m), std::move(t));
  });
}

void EngineImpl::remove_room_tap(const RoomId& id, const std::shared_ptr<StreamTap>& tap) {
  with_room(id, [tap](Room& room, Worker&) { room.remove_tap(*tap); });
}

}  // namespace tandem::media
