// Offer/answer for one audio stream (RFC 3264) as pure functions over values. Any thread.
#pragma once

#include <cstdint>
#include <string_view>
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

/// The answer to `offer`: first usable audio line accepted, all others refused with port 0 (their order
/// kept); SAVP is not accepted as AVP. AVPF is, and stays AVPF in the answer: without a=rtcp-fb lines it asks
/// for no more than AVP. The offerer's preference decides the codec unless `prefer_local`. One codec is
/// answered, and telephone-event where offered at 8000 Hz, both under the offer's payload types. c=0.0.0.0 is
/// the old way of hold: nothing is sent there. RTCP multiplexing is never agreed.
[[nodiscard]] Result<Negotiated, NegotiationError> answer_offer(const model::SessionDescription& offer,
                                                                const LocalMedia& local,
                                                                bool prefer_local = false);
[[nodiscard]] model::SessionDescription make_offer(const LocalMedia& local);
/// An offer within a session, where ours was `current` last (offer or answer): m= lines stay in number and
/// order, and payload types keep their meaning (RFC 3264 section 8).
[[nodiscard]] model::SessionDescription make_reoffer(const model::SessionDescription& current,
                                                     const LocalMedia& local);
/// What the peer's `answer` to `offer` (made by make_offer or make_reoffer) agreed.
[[nodiscard]] Result<model::AgreedMedia, NegotiationError> read_answer(
    const model::SessionDescription& offer, const model::SessionDescription& answer, const LocalMedia& local);

}  // namespace tandem::sip
