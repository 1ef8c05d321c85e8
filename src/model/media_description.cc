#include "model/media_description.h"

namespace tandem::model {

const CodecTraits& traits(Codec codec) {
  static constexpr CodecTraits kPcmu{"PCMU", 0, 8000, 8000, 160};
  static constexpr CodecTraits kPcma{"PCMA", 8, 8000, 8000, 160};
  static constexpr CodecTraits kG722{"G722", 9, 8000, 16000, 160};
  switch (codec) {
    case Codec::pcmu:
      return kPcmu;
    case Codec::pcma:
      return kPcma;
    case Codec::g722:
      return kG722;
  }
  return kPcmu;
}

Direction reversed(Direction d) {
  switch (d) {
    case Direction::send_only:
      return Direction::recv_only;
    case Direction::recv_only:
      return Direction::send_only;
    case Direction::send_recv:
    case Direction::inactive:
      break;
  }
  return d;
}

bool sends(Direction d) {
  return d == Direction::send_recv || d == Direction::send_only;
}
bool receives(Direction d) {
  return d == Direction::send_recv || d == Direction::recv_only;
}

}  // namespace tandem::model
