#include "call/resource/recording_order.h"

#include "call/resource/call.h"

namespace tandem::call {

artifact::RecordingOrder recording_order(const Call& call, const model::CallRecord& params) {
  artifact::RecordingOrder order;
  if (call.route()) {
    order.account = call.route()->account.id;
    order.application = call.route()->application.id;
  }
  order.session = call.session();
  order.call = call.id();
  order.format = params.format;
  order.channels = params.channels;
  order.tracks = params.tracks;
  const auto& agreed = call.media().agreed();
  order.sample_rate_hz = model::traits(agreed ? agreed->codec : model::Codec::pcmu).sample_rate_hz;
  order.skip_pauses = params.pause_mode == model::PauseMode::skip;
  order.max_duration_ms = params.max_duration_ms;
  order.initial_silence_ms = params.initial_silence_ms.value_or(0);
  order.end_silence_ms = params.end_silence_ms.value_or(0);
  return order;
}

}  // namespace tandem::call
