#include "call/machine/operation_machine.h"

namespace tandem::call::machine {
namespace {

using op::Completed;
using op::Ending;
using op::Paused;
using op::Queued;
using op::Running;
using op::Starting;

OpStep to(OpState next, OpEffect effect = OpEffect::none) {
  return {next, effect, true, EndWish::stop};
}
OpStep done_by(EndWish wish) {
  return {Completed{}, OpEffect::complete_wish, true, wish};
}
template <class S>
OpStep refused(const S& same) {
  return {same, OpEffect::none, false, EndWish::stop};
}
template <class S>
OpStep ignored(const S& same) {
  return to(same);
}

// What has not begun can be dropped on the spot; pausing it makes no sense, resuming it changes nothing.
template <class S>
OpStep not_begun(const S& s, const OpEvent& event) {
  if (const auto* end = std::get_if<op::End>(&event)) return done_by(end->wish);
  if (std::holds_alternative<op::CallOver>(event)) return to(Completed{}, OpEffect::complete_never_started);
  if (std::holds_alternative<op::Pause>(event)) return refused(s);
  return ignored(s);
}
OpStep on(const Queued& s, const OpEvent& event) {
  if (std::holds_alternative<op::Admit>(event)) return to(Starting{});
  return not_begun(s, event);
}
OpStep on(const Starting& s, const OpEvent& event) {
  if (std::holds_alternative<op::Begin>(event)) return to(Running{}, OpEffect::begin);
  return not_begun(s, event);
}

template <class S>
OpStep begun(const S& s, const OpEvent& event) {
  if (const auto* end = std::get_if<op::End>(&event)) return to(Ending{end->wish}, OpEffect::halt);
  if (std::holds_alternative<op::Finish>(event)) return to(Completed{}, OpEffect::complete_own);
  if (std::holds_alternative<op::CallOver>(event)) return to(Completed{}, OpEffect::complete_call_ended);
  return ignored(s);
}
OpStep on(const Running& s, const OpEvent& event) {
  if (std::holds_alternative<op::Pause>(event)) return to(Paused{}, OpEffect::pause);
  return begun(s, event);
}
OpStep on(const Paused& s, const OpEvent& event) {
  if (std::holds_alternative<op::Resume>(event)) return to(Running{}, OpEffect::resume);
  return begun(s, event);
}
OpStep on(const Ending& s, const OpEvent& event) {
  // The first wish stands, whatever comes in between.
  if (std::holds_alternative<op::Finish>(event) || std::holds_alternative<op::CallOver>(event))
    return done_by(s.wish);
  if (std::holds_alternative<op::Pause>(event) || std::holds_alternative<op::Resume>(event))
    return refused(s);
  return ignored(s);
}
OpStep on(const Completed& s, const OpEvent&) {
  return ignored(s);
}

}  // namespace

OpStep step(const OpState& state, const OpEvent& event) {
  return std::visit([&event](const auto& s) { return on(s, event); }, state);
}

bool completed(const OpState& state) {
  return std::holds_alternative<Completed>(state);
}
bool under_way(const OpState& state) {
  return std::holds_alternative<Running>(state) || std::holds_alternative<Paused>(state) ||
         std::holds_alternative<Ending>(state);
}

}  // namespace tandem::call::machine
