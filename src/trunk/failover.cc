#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

#include "trunk/api/failover.h"

#include "base/text.h"

namespace tandem::trunk {
namespace {

constexpr std::chrono::seconds kLongestAvoidance{300};

/// The leading number of Retry-After: "120 (maintenance);duration=60".
std::chrono::seconds retry_after(const sip::Headers& headers) {
  for (const auto& [name, value] : headers) {
    if (!equal_no_case(name, "Retry-After")) continue;
    unsigned seconds = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), seconds);
    if (error == std::errc{} && end != value.data()) {
      return std::min(std::chrono::seconds{seconds}, kLongestAvoidance);
    }
    if (error == std::errc::result_out_of_range) return kLongestAvoidance;
  }
  return std::chrono::seconds{0};
}

/// Causes by which the network says that the called side, not the way there, is
/// the reason (ITU-T Q.850): unallocated, busy, no user responding, no answer,
/// rejected, number changed, invalid number format.
bool called_side(int q850_cause) {
  constexpr std::array kCauses{1, 17, 18, 19, 21, 22, 28};
  return std::ranges::find(kCauses, q850_cause) != kCauses.end();
}

Judgement judge_server_error(const sip::Ended& ended) {
  if (ended.q850_cause && called_side(*ended.q850_cause)) return {Next::stop, Health::alive, {}};
  switch (ended.sip_code) {
    case 503:
      return {Next::gateway, Health::failing, retry_after(ended.headers)};
    case 505:
    case 513:
    case 555:
    case 580:
      return {Next::trunk, Health::alive, {}};
    default:
      return {Next::gateway, Health::alive, {}};
  }
}

Judgement judge_response(const sip::Ended& ended) {
  const int code = ended.sip_code;
  if (code >= 500 && code < 600) return judge_server_error(ended);
  switch (code) {
    case 408:  // From something behind the gateway.
    case 430:  // Flow failed (RFC 5626).
      return {Next::gateway, Health::alive, {}};
    case 400:
    case 401:
    case 402:
    case 403:
    case 405:
    case 406:
    case 407:
    case 413:
    case 414:
    case 415:
    case 416:
    case 420:
    case 421:
    case 422:
    case 428:
    case 429:
    case 433:
    case 436:
    case 437:
    case 438:
    case 483:
    case 488:
    case 493:
      return {Next::trunk, Health::alive, {}};
    default:  // 3xx, the other 4xx, and all 6xx, which speak for everywhere.
      return {Next::stop, Health::alive, {}};
  }
}

}  // namespace

std::string_view to_string(Next n) {
  switch (n) {
    case Next::stop:
      return "stop";
    case Next::gateway:
      return "gateway";
    case Next::trunk:
      return "trunk";
  }
  return "stop";
}

Judgement judge(const sip::Ended& ended) {
  switch (ended.how) {
    case sip::LegEnd::timeout:
      if (ended.no_response) return {Next::gateway, Health::failing, {}};
      // It rang, or at least was being tried: the called side did not answer.
      return {ended.sip_code == 408 ? Next::gateway : Next::stop, Health::unknown, {}};
    case sip::LegEnd::transport_error:
      return {Next::gateway, Health::failing, {}};
    case sip::LegEnd::peer_reject:
      return judge_response(ended);
    default:
      return {Next::stop, Health::unknown, {}};
  }
}

}  // namespace tandem::trunk
