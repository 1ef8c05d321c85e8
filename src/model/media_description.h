// What a session description (SDP, RFC 8866) says, as values. Parsed and written in sip/sdp; no network byte
// reaches another module as text.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/socket_address.h"

namespace tandem::model {

enum class Codec : std::uint8_t { pcmu, pcma, g722 };

/// RFC 3551 section 6 static payload type, RTP clock (8000 for G.722 too: RFC 3551 4.5.2) and audio sample
/// rate.
struct CodecTraits {
  const char* encoding_name;
  std::uint8_t static_payload_type;
  std::uint32_t rtp_clock_hz;
  std::uint32_t sample_rate_hz;
  std::size_t bytes_per_frame;  ///< Of 20 ms.
};
[[nodiscard]] const CodecTraits& traits(Codec codec);

/// As seen by the party that wrote it (RFC 3264): send_only means "I send".
enum class Direction : std::uint8_t { send_recv, send_only, recv_only, inactive };
/// The same seen from the other side.
[[nodiscard]] Direction reversed(Direction d);
[[nodiscard]] bool sends(Direction d);
[[nodiscard]] bool receives(Direction d);

/// One payload format of an m= line with its rtpmap and fmtp.
struct MediaFormat {
  std::uint8_t payload_type = 0;
  std::string
      encoding_name;  ///< As written; compared without case. Filled in for static types without rtpmap.
  std::uint32_t clock_hz = 0;
  std::uint32_t channels = 1;
  std::string fmtp;
  friend bool operator==(const MediaFormat&, const MediaFormat&) = default;
};

/// One m= section. `format_tokens` holds the formats as text for media that is not RTP audio.
struct MediaLine {
  std::string kind;        ///< "audio", "video", "image", ...
  std::uint16_t port = 0;  ///< 0: refused or disabled.
  std::string protocol;    ///< "RTP/AVP", "RTP/SAVP", ...
  std::vector<MediaFormat> formats;
  std::vector<std::string> format_tokens;
  std::optional<IpAddress> connection;  ///< This line's c=, else the session's.
  Direction direction = Direction::send_recv;
  std::optional<std::uint16_t> rtcp_port;
  std::optional<IpAddress> rtcp_address;
  bool rtcp_mux = false;
  std::optional<std::uint32_t> ptime_ms;
  std::optional<std::uint32_t> maxptime_ms;
  std::vector<std::string> crypto;                              ///< a=crypto values (RFC 4568), unparsed.
  std::vector<std::pair<std::string, std::string>> attributes;  ///< The rest, in order.
  friend bool operator==(const MediaLine&, const MediaLine&) = default;
};

struct SessionDescription {
  std::string origin_user = "-";
  std::uint64_t session_id = 0;
  std::uint64_t session_version = 0;
  IpAddress origin_address;
  std::string session_name = "-";
  std::optional<IpAddress> connection;
  std::vector<MediaLine> media;
  std::vector<std::pair<std::string, std::string>> attributes;
  friend bool operator==(const SessionDescription&, const SessionDescription&) = default;
};

/// What offer/answer agreed for the one audio stream, from our side.
struct AgreedMedia {
  Codec codec = Codec::pcmu;
  std::uint8_t payload_type = 0;
  std::optional<std::uint8_t> telephone_event_payload_type;
  SocketAddress remote_rtp;
  SocketAddress remote_rtcp;
  Direction direction = Direction::send_recv;  ///< Ours: send_only means that we send.
  std::uint32_t ptime_ms = 20;  ///< What the peer wants to receive: 10 to 60, a multiple of 10.
  friend bool operator==(const AgreedMedia&, const AgreedMedia&) = default;
};

}  // namespace tandem::model
