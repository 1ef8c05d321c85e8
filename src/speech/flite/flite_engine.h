// flite in process: English, first audio within some 20 ms.
#pragma once

#include <memory>

#include "speech/engine.h"

namespace tandem::speech {

/// Loads the voices slt, rms, awb, kal16 and kal. Make one a process: the library registers into tables of
/// its own.
[[nodiscard]] std::unique_ptr<Engine> make_flite_engine();

}  // namespace tandem::speech
