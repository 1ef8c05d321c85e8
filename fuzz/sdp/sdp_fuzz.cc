// Any text: parsed without harm, and what was understood survives writing. Answers to it are written and read
// too.
#include <cstdint>
#include <cstdlib>

#include "sip/api/negotiation.h"
#include "sip/sdp/sdp.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tandem;
  const auto first = sip::parse_sdp({reinterpret_cast<const char*>(data), size});
  if (!first) return 0;
  // Writing spells out what the text left implicit, so that it may need more room than the peer's limits
  // give.
  const sip::SdpLimits wide{1U << 22U, 100'000, 32, 64};
  const auto second = sip::parse_sdp(sip::write_sdp(*first), wide);
  if (!second || !(*second == *first)) std::abort();

  sip::LocalMedia local;
  local.rtp = *model::SocketAddress::parse("192.0.2.1:20000");
  local.rtcp = *model::SocketAddress::parse("192.0.2.1:20001");
  if (const auto negotiated = sip::answer_offer(*first, local)) {
    const auto& answer = negotiated->answer;
    if (answer.media.size() != first->media.size()) std::abort();
    if (!sip::parse_sdp(sip::write_sdp(answer), wide)) std::abort();
    (void)sip::read_answer(*first, answer, local);
  }
  (void)sip::read_answer(sip::make_offer(local), *first, local);
  return 0;
}
