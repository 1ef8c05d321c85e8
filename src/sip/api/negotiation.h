// Offer/answer for one audio stream (RFC 3264) as pure functions over values. Any thread.
#pragma once

#include <vector>

#include "base/result.h"
#include "model/media_description.h"

namespace tandem::sip {

/// What our side can do, in order of preference.
struct LocalMedia {
  model::SocketAddress rtp;
  model::SocketAddress rtcp;
  std::vector<model::Codec> codecs{model::Codec::pcmu, model::Codec::pcma, model::Codec::g722};
  bool telephone_event = true;
  model::Direction direction = model::Direction::send_recv;  ///< The most that we want to do.
  std::uint64_t session_id = 0;
  std::uint64_t session_version = 0;  ///< Raise by one with each new description (RFC 3264 section 8).
};

enum class NegotiationError : std::uint8_t { no_audio, no_common_codec, no_address, bad_answer };
[[nodiscard]] std::string_view to_string(NegotiationError e);

struct Negotiated {
  model::SessionDescription answer;
  model::AgreedMedia agreed;
};

/// The answer to `offer`: first usable audio line accepted, all others refused with port 0 (their order kept);
/// SAVP is not accepted as AVP. The offerer's preference decides the codec unless `prefer_local`.
[[nodiscard]] Result<Negotiated, NegotiationError> answer_offer(const model::SessionDescription& offer,
                                                                const LocalMedia& local, bool prefer_local = false);
[[nodiscard]] model::SessionDescription make_offer(const LocalMedia& local);
/// What the peer's `answer` to `offer` (made by make_offer) agreed.
[[nodiscard]] Result<model::AgreedMedia, NegotiationError> read_answer(const model::SessionDescription& offer,
                                                                       const model::SessionDescription& answer,
                                                                       const LocalMedia& local);

}  // namespace tandem::sip
