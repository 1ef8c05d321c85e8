#include "sip/api/negotiation.h"

#include <strings.h>

#include <algorithm>
#include <optional>

namespace tandem::sip {
namespace {

using model::AgreedMedia;
using model::Codec;
using model::Direction;
using model::IpAddress;
using model::MediaFormat;
using model::MediaLine;
using model::SessionDescription;
using model::SocketAddress;

constexpr std::uint8_t kTelephoneEventType = 101;
constexpr std::uint32_t kTelephoneEventClock = 8000;
constexpr const char* kTelephoneEvents = "0-15";  // Digits, *, #, A to D (RFC 4733 section 3.2).

bool same_name(const std::string& a, const char* b) {
  return strcasecmp(a.c_str(), b) == 0;
}

bool is_audio(const MediaLine& m) {
  return same_name(m.kind, "audio");
}

bool is_plain_rtp(const MediaLine& m) {
  return same_name(m.protocol, "RTP/AVP") || same_name(m.protocol, "RTP/AVPF");
}

std::optional<Codec> codec_of(const MediaFormat& f) {
  if (f.channels != 1) return std::nullopt;
  for (const Codec codec : {Codec::pcmu, Codec::pcma, Codec::g722}) {
    const model::CodecTraits& t = model::traits(codec);
    if (!same_name(f.encoding_name, t.encoding_name)) continue;
    // Static type 9 written with the sample rate is a known mistake; its RTP clock is 8000 all the same.
    const bool mistaken =
        codec == Codec::g722 && f.payload_type == t.static_payload_type && f.clock_hz == 16'000;
    if (f.clock_hz == t.rtp_clock_hz || mistaken) return codec;
  }
  return std::nullopt;
}

const MediaFormat* telephone_event(const MediaLine& m) {
  const auto found = std::find_if(m.formats.begin(), m.formats.end(), [](const MediaFormat& f) {
    return same_name(f.encoding_name, "telephone-event") && f.clock_hz == kTelephoneEventClock;
  });
  return found == m.formats.end() ? nullptr : &*found;
}

struct Choice {
  const MediaFormat* format;
  Codec codec;
};

std::optional<Choice> choose(const MediaLine& m, const std::vector<Codec>& codecs, bool by_order_of_codecs) {
  std::optional<Choice> best;
  std::ptrdiff_t best_rank = 0;
  for (const MediaFormat& f : m.formats) {
    const auto codec = codec_of(f);
    if (!codec) continue;
    const auto place = std::find(codecs.begin(), codecs.end(), *codec);
    if (place == codecs.end()) continue;
    const std::ptrdiff_t rank = place - codecs.begin();
    if (best && rank >= best_rank) continue;
    best = Choice{&f, *codec};
    best_rank = rank;
    if (!by_order_of_codecs) break;
  }
  return best;
}

Direction direction_from(bool sending, bool receiving) {
  if (sending) return receiving ? Direction::send_recv : Direction::send_only;
  return receiving ? Direction::recv_only : Direction::inactive;
}

/// Our direction towards a peer that wrote `line`, where we want `most`.
Direction our_direction(const MediaLine& line, Direction most) {
  const bool old_hold = line.connection && line.connection->is_unspecified();  // RFC 3264 section 8.4.
  return direction_from(model::sends(most) && model::receives(line.direction) && !old_hold,
                        model::receives(most) && model::sends(line.direction));
}

/// One host: no audio goes to a group or a whole network because a stranger wrote its address.
bool is_unicast(const IpAddress& ip) {
  if (ip.family == IpAddress::Family::v6) return ip.bytes[0] != 0xff;
  return ip.bytes[0] < 224;
}

std::uint32_t usable_ptime(const MediaLine& m) {
  std::uint32_t ms = m.ptime_ms.value_or(20);
  if (m.maxptime_ms) ms = std::min(ms, *m.maxptime_ms);
  return std::clamp(ms / 10 * 10, 10U, 60U);
}

SocketAddress remote_rtcp(const MediaLine& m) {
  // Another host in a=rtcp is not believed: reports would go to whomever the peer names.
  if (m.rtcp_port) return {*m.connection, *m.rtcp_port};
  return {*m.connection, static_cast<std::uint16_t>(m.port == 65'535 ? 0 : m.port + 1)};
}

MediaFormat format_of(Codec codec, std::uint8_t payload_type) {
  const model::CodecTraits& t = model::traits(codec);
  return {payload_type, t.encoding_name, t.rtp_clock_hz, 1, ""};
}

MediaFormat telephone_event_format(std::uint8_t payload_type) {
  return {payload_type, "telephone-event", kTelephoneEventClock, 1, kTelephoneEvents};
}

MediaLine refused(const MediaLine& offered) {
  MediaLine out;
  out.kind = offered.kind;
  out.protocol = offered.protocol;
  // The grammar wants one format, and says nothing about which (RFC 3264 section 6).
  if (!offered.formats.empty()) out.formats.push_back({offered.formats.front().payload_type, "", 0, 1, ""});
  if (!offered.format_tokens.empty()) out.format_tokens.push_back(offered.format_tokens.front());
  if (out.formats.empty() && out.format_tokens.empty()) out.format_tokens.emplace_back("0");
  out.direction = Direction::inactive;
  return out;
}

MediaLine audio_line(const LocalMedia& local, std::string protocol) {
  MediaLine out;
  out.kind = "audio";
  out.port = local.rtp.port;
  out.protocol = std::move(protocol);
  out.connection = local.rtp.ip;
  out.direction = local.direction;
  if (local.rtcp.port != 0 && local.rtcp.port != local.rtp.port + 1) out.rtcp_port = local.rtcp.port;
  out.ptime_ms = 20;
  return out;
}

SessionDescription frame(const LocalMedia& local) {
  SessionDescription out;
  out.session_id = local.session_id;
  out.session_version = local.session_version;
  out.origin_address = local.rtp.ip;
  out.connection = local.rtp.ip;
  return out;
}

AgreedMedia agree(const MediaLine& peer, const Choice& choice, Direction direction) {
  AgreedMedia out;
  out.codec = choice.codec;
  out.payload_type = choice.format->payload_type;
  out.remote_rtp = {*peer.connection, peer.port};
  out.remote_rtcp = remote_rtcp(peer);
  out.direction = direction;
  out.ptime_ms = usable_ptime(peer);
  return out;
}

struct Accepted {
  MediaLine line;
  AgreedMedia agreed;
};

Result<Accepted, NegotiationError> accept(const MediaLine& offered, const LocalMedia& local,
                                          bool prefer_local) {
  if (!is_audio(offered) || offered.port == 0 || !is_plain_rtp(offered))
    return Err(NegotiationError::no_audio);
  const auto choice = choose(offered, local.codecs, prefer_local);
  if (!choice) return Err(NegotiationError::no_common_codec);
  if (!offered.connection || !is_unicast(*offered.connection)) return Err(NegotiationError::no_address);
  Accepted out;
  out.agreed = agree(offered, *choice, our_direction(offered, local.direction));
  out.line = audio_line(local, offered.protocol);
  out.line.direction = out.agreed.direction;
  out.line.ptime_ms = out.agreed.ptime_ms;
  out.line.formats.push_back(format_of(choice->codec, choice->format->payload_type));
  const MediaFormat* event = local.telephone_event ? telephone_event(offered) : nullptr;
  if (event != nullptr) {
    out.agreed.telephone_event_payload_type = event->payload_type;
    out.line.formats.push_back(telephone_event_format(event->payload_type));
  }
  return out;
}

/// The type under which `mapped` already knows this format, else `otherwise`, else a free dynamic one.
std::uint8_t keep_type(const std::vector<MediaFormat>& known, const std::vector<MediaFormat>& taken,
                       const char* name, std::uint8_t otherwise) {
  for (const MediaFormat& f : known) {
    if (same_name(f.encoding_name, name) && f.clock_hz == 8000) return f.payload_type;
  }
  const auto used = [&](std::uint8_t type) {
    const auto has = [&](const MediaFormat& f) { return f.payload_type == type; };
    return std::any_of(known.begin(), known.end(), has) || std::any_of(taken.begin(), taken.end(), has);
  };
  for (std::uint8_t type = 96; used(otherwise) && type < 128; ++type) otherwise = type;
  return otherwise;
}

std::vector<MediaFormat> offered_formats(const LocalMedia& local, const std::vector<MediaFormat>& known) {
  std::vector<MediaFormat> out;
  for (const Codec codec : local.codecs) {
    const model::CodecTraits& t = model::traits(codec);
    out.push_back(format_of(codec, keep_type(known, out, t.encoding_name, t.static_payload_type)));
  }
  if (local.telephone_event) {
    out.push_back(telephone_event_format(keep_type(known, out, "telephone-event", kTelephoneEventType)));
  }
  return out;
}

}  // namespace

std::string_view to_string(NegotiationError e) {
  switch (e) {
    case NegotiationError::no_audio:
      return "no usable audio line";
    case NegotiationError::no_common_codec:
      return "no common codec";
    case NegotiationError::no_address:
      return "no usable media address";
    case NegotiationError::bad_answer:
      return "answer does not fit the offer";
  }
  return "unknown";
}

Result<Negotiated, NegotiationError> answer_offer(const SessionDescription& offer, const LocalMedia& local,
                                                  bool prefer_local) {
  Negotiated out{frame(local), {}};
  bool accepted_one = false;
  // When several audio lines fail, the one that came closest names the error.
  NegotiationError error = NegotiationError::no_audio;
  for (const MediaLine& offered : offer.media) {
    if (!accepted_one) {
      auto accepted = accept(offered, local, prefer_local);
      if (accepted) {
        accepted_one = true;
        out.answer.media.push_back(std::move(accepted->line));
        out.agreed = accepted->agreed;
        continue;
      }
      error = std::max(error, accepted.error());
    }
    out.answer.media.push_back(refused(offered));
  }
  if (!accepted_one) return Err(error);
  return out;
}

SessionDescription make_offer(const LocalMedia& local) {
  SessionDescription out = frame(local);
  MediaLine audio = audio_line(local, "RTP/AVP");
  audio.formats = offered_formats(local, {});
  out.media.push_back(std::move(audio));
  return out;
}

SessionDescription make_reoffer(const SessionDescription& current, const LocalMedia& local) {
  SessionDescription out = frame(local);
  bool placed = false;
  for (const MediaLine& line : current.media) {
    if (placed || !is_audio(line) || line.port == 0) {
      out.media.push_back(refused(line));
      continue;
    }
    placed = true;
    MediaLine audio = audio_line(local, line.protocol);
    audio.formats = offered_formats(local, line.formats);
    out.media.push_back(std::move(audio));
  }
  if (placed) return out;
  MediaLine audio = audio_line(local, "RTP/AVP");
  audio.formats = offered_formats(local, {});
  out.media.push_back(std::move(audio));
  return out;
}

Result<AgreedMedia, NegotiationError> read_answer(const SessionDescription& offer,
                                                  const SessionDescription& answer, const LocalMedia& local) {
  const auto ours = std::find_if(offer.media.begin(), offer.media.end(),
                                 [](const MediaLine& m) { return is_audio(m) && m.port != 0; });
  if (ours == offer.media.end()) return Err(NegotiationError::no_audio);
  const auto index = static_cast<std::size_t>(ours - offer.media.begin());
  if (index >= answer.media.size()) return Err(NegotiationError::bad_answer);
  const MediaLine& theirs = answer.media[index];
  if (!is_audio(theirs) || !is_plain_rtp(theirs)) return Err(NegotiationError::bad_answer);
  if (theirs.port == 0) return Err(NegotiationError::no_audio);
  const auto choice = choose(theirs, local.codecs, false);
  if (!choice || !choose(*ours, {choice->codec}, false)) return Err(NegotiationError::no_common_codec);
  if (!theirs.connection || !is_unicast(*theirs.connection)) return Err(NegotiationError::no_address);
  AgreedMedia out = agree(theirs, *choice, our_direction(theirs, ours->direction));
  const MediaFormat* event = telephone_event(*ours) != nullptr ? telephone_event(theirs) : nullptr;
  if (event != nullptr) out.telephone_event_payload_type = event->payload_type;
  return out;
}

}  // namespace tandem::sip
