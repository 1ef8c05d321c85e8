// Plays to a conference: what conference.play asks for, and sounds of the conference's own.
#pragma once

#include <memory>

#include "call/operation/operation.h"
#include "call/operation/playback.h"

namespace tandem::call {

class Conference;

/// A sound of the conference's own. `yields`: it makes way for all others (wait music).
[[nodiscard]] std::unique_ptr<Operation> make_room_background(Conference& conference, PlayPlan plan,
                                                              bool yields = true);
/// The plan's end is the operation's; its result is that of conference.play.
[[nodiscard]] std::unique_ptr<Operation> make_room_play(Conference& conference, OperationTraits traits,
                                                        PlayPlan plan);

}  // namespace tandem::call
