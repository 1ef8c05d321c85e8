// Recordings as a fake: they end when the test says so.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "artifact/api/recordings.h"

namespace tandem::call::testing {

class FakeRecordings final : public artifact::Recordings {
 public:
  struct One {
    artifact::RecordingOrder order;
    Function<void(const artifact::RecordingEnd&)> ended;
    bool paused = false;
    std::vector<std::pair<TimePoint, bool>> pauses;
    bool stopped = false;
    bool discarded = false;
    bool pending = true;
  };
  std::map<model::RecordingId, One> all;
  std::vector<model::SessionId> closed;
  std::optional<model::Error> refuse;
  artifact::RecordingNews* news = nullptr;

  void set_news(artifact::RecordingNews* n) override { news = n; }
  Result<model::RecordingId, model::Error> begin(
      artifact::RecordingOrder order, Function<void(const artifact::RecordingEnd&)> ended) override {
    if (refuse) return Err(*refuse);
    const model::RecordingId id("RE" + std::to_string(all.size() + 1));
    all[id].order = std::move(order);
    all[id].ended = std::move(ended);
    return id;
  }
  void pause(const model::RecordingId& id, bool paused, TimePoint at) override {
    all.at(id).paused = paused;
    all.at(id).pauses.emplace_back(at, paused);
  }
  void stop(const model::RecordingId& id) override { all.at(id).stopped = true; }
  void discard(const model::RecordingId& id) override { all.at(id).discarded = true; }
  bool busy(const model::SessionId& session) const override {
    for (const auto& [id, one] : all) {
      if (one.pending && one.order.session == session) return true;
    }
    return false;
  }
  void session_closed(const model::SessionId& session) override { closed.push_back(session); }
  std::optional<std::string> file_of(const model::AccountId& account,
                                     const model::RecordingId& id) const override {
    const auto at = all.find(id);
    if (at == all.end() || at->second.pending || at->second.order.account != account) return std::nullopt;
    return "/spool/" + id.str() + ".wav";
  }
  std::vector<model::Recording> list(const model::AccountId&) const override { return {}; }
  std::optional<model::Recording> recording(const model::AccountId&,
                                            const model::RecordingId&) const override {
    return std::nullopt;
  }
  Status<model::Error> erase(const model::AccountId&, const model::RecordingId&) override { return Unit{}; }
  void read(artifact::ContentRequest,
            Function<void(Result<artifact::ContentPart, artifact::ContentFault>)>) override {}

  /// The file is closed.
  void end(const std::string& id, artifact::RecordingEnd how) { all.at(model::RecordingId(id)).ended(how); }
  /// Its hash is known.
  void settle(const std::string& id) {
    One& one = all.at(model::RecordingId(id));
    one.pending = false;
    model::Event event;
    event.call_id = one.order.call;
    event.op_id = one.order.op;
    model::RecordingReadyEvent ready;
    ready.recording.id = model::RecordingId(id);
    event.data = ready;
    if (news != nullptr) news->on_recording(one.order.session, std::move(event));
  }
};

}  // namespace tandem::call::testing
