#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <vector>

#include "sip/sdp/rtp_formats.h"
#include "sip/sdp/sdp.h"

namespace tandem::sip {
namespace {

using model::Direction;
using model::IpAddress;
using model::MediaFormat;
using model::MediaLine;

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

/// Takes the next blank-separated word off the front; empty at the end.
std::string_view take_word(std::string_view& text) {
  text = trimmed(text);
  const auto* end = std::find_if(text.begin(), text.end(), is_blank);
  const std::string_view word = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  text.remove_prefix(word.size());
  text = trimmed(text);
  return word;
}

/// The same from the back.
std::string_view take_last_word(std::string_view& text) {
  text = trimmed(text);
  std::size_t start = text.size();
  while (start > 0 && !is_blank(text[start - 1])) --start;
  const std::string_view word = text.substr(start);
  text = trimmed(text.substr(0, start));
  return word;
}

template <class Int>
std::optional<Int> number(std::string_view text, Int least, Int most) {
  Int out{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (out < least || out > most) return std::nullopt;
  return out;
}

/// Session ids and versions are compared for equality only; peers that send more than 64 bits are taken
/// modulo 2^64.
std::optional<std::uint64_t> long_number(std::string_view text) {
  if (text.empty() || text.size() > 64) return std::nullopt;
  std::uint64_t out = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    out = out * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return out;
}

/// RFC 8866 section 9, token-char; the slash is allowed on top for protocols.
bool is_token(std::string_view text, bool slash_allowed = false) {
  static constexpr std::string_view kMarks = "!#$%&'*+-.^_`{|}~";
  const auto good = [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           kMarks.find(c) != std::string_view::npos || (slash_allowed && c == '/');
  };
  return !text.empty() && std::all_of(text.begin(), text.end(), good);
}

/// "IN IP4 192.0.2.1", multicast suffixes ("/127", "/127/3") dropped.
std::optional<IpAddress> network_address(std::string_view text) {
  const std::string_view net = take_word(text);
  const std::string_view type = take_word(text);
  const std::string_view literal = take_word(text);
  if (net != "IN" || (type != "IP4" && type != "IP6") || !text.empty()) return std::nullopt;
  const auto ip = IpAddress::parse(literal.substr(0, literal.find('/')));
  if (!ip || (type == "IP4" && ip->family != IpAddress::Family::v4)) return std::nullopt;
  return ip;
}

std::optional<Direction> direction_of(std::string_view name) {
  if (name == "sendrecv") return Direction::send_recv;
  if (name == "sendonly") return Direction::send_only;
  if (name == "recvonly") return Direction::recv_only;
  if (name == "inactive") return Direction::inactive;
  return std::nullopt;
}

MediaFormat* find_format(MediaLine& media, std::uint8_t payload_type) {
  const auto found = std::find_if(media.formats.begin(), media.formats.end(),
                                  [&](const MediaFormat& f) { return f.payload_type == payload_type; });
  return found == media.formats.end() ? nullptr : &*found;
}

class Parser {
 public:
  explicit Parser(const SdpLimits& limits) : limits_(limits) {}

  Result<model::SessionDescription, SdpError> parse(std::string_view text) {
    if (text.size() > limits_.bytes) return Err(SdpError{0, "larger than the limit"});
    while (!text.empty() && (text.back() == '\0' || text.back() == '\n' || text.back() == '\r'))
      text.remove_suffix(1);
    while (!text.empty() && !failed_) next_line(text);
    if (failed_) return Err(std::move(error_));
    if (!version_seen_) return Err(SdpError{0, "v= is missing"});
    finish_media();
    return std::move(session_);
  }

 private:
  void fail(std::string what) {
    failed_ = true;
    error_ = SdpError{line_, std::move(what)};
  }

  void next_line(std::string_view& rest) {
    const auto ends_line = [](char c) { return c == '\r' || c == '\n'; };
    const auto end =
        static_cast<std::size_t>(std::find_if(rest.begin(), rest.end(), ends_line) - rest.begin());
    const std::string_view line = trimmed(rest.substr(0, end));
    rest.remove_prefix(end);
    if (rest.starts_with("\r\n")) rest.remove_prefix(1);
    if (!rest.empty()) rest.remove_prefix(1);
    if (static_cast<std::size_t>(++line_) > limits_.lines) return fail("too many lines");
    if (line.empty()) return;
    const auto control = [](char c) { return (c >= 0 && c < ' ' && c != '\t') || c == '\x7f'; };
    if (std::any_of(line.begin(), line.end(), control)) return fail("control byte in a line");
    const bool field_shaped = line.size() >= 2 && line[1] == '=';
    // Junk is forgiven behind the last field only: between fields it means that something is not what we
    // think.
    if (!field_shaped) {
      if (!version_seen_) return fail("the first field must be v=0");
      if (junk_line_ == 0) junk_line_ = line_;
      return;
    }
    if (junk_line_ != 0) {
      line_ = junk_line_;
      return fail("a line that is no field");
    }
    field(line[0], trimmed(line.substr(2)));
  }

  void field(char type, std::string_view value) {
    if (!version_seen_) {
      if (type != 'v' || value != "0") return fail("the first field must be v=0");
      version_seen_ = true;
      return;
    }
    switch (type) {
      case 'v':
        return fail("a second v=");
      case 'o':
        return in_media() ? fail("o= after m=") : origin(value);
      case 's':
        return session_name(value);
      case 'c':
        return connection(value);
      case 'a':
        return attribute(value);
      case 'm':
        return media(value);
      default:
        return;  // Times, bandwidths, e-mail addresses: of no use to a call.
    }
  }

  [[nodiscard]] bool in_media() const { return !session_.media.empty(); }

  void origin(std::string_view value) {
    const std::string_view address = take_last_word(value);
    const std::string_view type = take_last_word(value);
    const std::string_view net = take_last_word(value);
    const auto version = long_number(take_last_word(value));
    const auto id = long_number(take_last_word(value));
    if (net != "IN" || (type != "IP4" && type != "IP6") || !version || !id) return fail("o= is malformed");
    session_.origin_user = value.empty() ? "-" : std::string(value);
    session_.session_id = *id;
    session_.session_version = *version;
    // A host name is legal here and common; nothing depends on the address.
    session_.origin_address = IpAddress::parse(address).value_or(IpAddress{});
  }

  void session_name(std::string_view value) {
    if (!in_media()) session_.session_name = value.empty() ? "-" : std::string(value);
  }

  void connection(std::string_view value) {
    const auto ip = network_address(value);
    if (!ip) return fail("c= is not IN IP4 or IN IP6 with an address literal");
    auto& place = in_media() ? session_.media.back().connection : session_.connection;
    if (!place) place = *ip;
  }

  void media(std::string_view value) {
    finish_media();
    if (session_.media.size() >= limits_.media_lines) return fail("too many m= lines");
    MediaLine out;
    const std::string_view kind = take_word(value);
    const std::string_view ports = take_word(value);
    const std::string_view protocol = take_word(value);
    const std::size_t slash = ports.find('/');
    const auto port = number<std::uint16_t>(ports.substr(0, slash), 0, 65'535);
    if (!is_token(kind)) return fail("m= has no valid media type");
    if (!port) return fail("m= has no valid port");
    if (slash != std::string_view::npos && !number<std::uint16_t>(ports.substr(slash + 1), 1, 65'535)) {
      return fail("m= has no valid number of ports");
    }
    if (!is_token(protocol, true)) return fail("m= has no valid protocol");
    out.kind = kind;
    out.port = *port;
    out.protocol = protocol;
    if (!formats(value, out)) return;
    session_.media.push_back(std::move(out));
    media_direction_.reset();
  }

  bool formats(std::string_view value, MediaLine& out) {
    const bool rtp = is_rtp_protocol(out.protocol);
    for (std::size_t count = 0; !value.empty(); ++count) {
      const std::string_view word = take_word(value);
      if (count >= limits_.formats) return fail("m= has too many formats"), false;
      if (!rtp) {
        if (!is_token(word)) return fail("m= has a format that is no token"), false;
        out.format_tokens.emplace_back(word);
        continue;
      }
      const auto payload_type = number<std::uint8_t>(word, 0, 127);
      if (!payload_type) return fail("m= has a payload type that is not 0 to 127"), false;
      if (find_format(out, *payload_type) == nullptr)
        out.formats.push_back(MediaFormat{*payload_type, "", 0, 1, ""});
    }
    return true;
  }

  void attribute(std::string_view text) {
    const std::size_t colon = text.find(':');
    const std::string_view name = trimmed(text.substr(0, colon));
    const std::string_view value = colon == std::string_view::npos ? "" : trimmed(text.substr(colon + 1));
    if (name.empty()) return;
    if (const auto direction = direction_of(name); direction && value.empty()) {
      auto& place = in_media() ? media_direction_ : session_direction_;
      if (!place) place = direction;
      return;
    }
    if (!in_media()) {
      session_.attributes.emplace_back(name, value);
    } else if (!known_media_attribute(session_.media.back(), name, value)) {
      session_.media.back().attributes.emplace_back(name, value);
    }
  }

  /// False when the attribute is unknown or its value malformed: then it is kept as text.
  static bool known_media_attribute(MediaLine& media, std::string_view name, std::string_view value) {
    if (name == "rtpmap") return rtpmap(media, value);
    if (name == "fmtp") return fmtp(media, value);
    if (name == "ptime") return milliseconds(value, media.ptime_ms);
    if (name == "maxptime") return milliseconds(value, media.maxptime_ms);
    if (name == "rtcp") return rtcp(media, value);
    if (name == "rtcp-mux" && value.empty()) return media.rtcp_mux = true;
    if (name == "crypto" && !value.empty()) return media.crypto.emplace_back(value), true;
    return false;
  }

  static bool rtpmap(MediaLine& media, std::string_view value) {
    const auto payload_type = number<std::uint8_t>(take_word(value), 0, 127);
    MediaFormat* format = payload_type ? find_format(media, *payload_type) : nullptr;
    if (format == nullptr) return false;
    const std::size_t slash = value.find('/');
    if (slash == std::string_view::npos || !is_token(value.substr(0, slash))) return false;
    std::string_view clock = value.substr(slash + 1);
    std::string_view channels = "1";
    if (const std::size_t next = clock.find('/'); next != std::string_view::npos) {
      if (next + 1 < clock.size()) channels = clock.substr(next + 1);
      clock = clock.substr(0, next);
    }
    const auto clock_hz = number<std::uint32_t>(clock, 1, 1'000'000'000);
    const auto channel_count = number<std::uint32_t>(channels, 1, 255);
    if (!clock_hz || !channel_count) return false;
    if (!format->encoding_name.empty()) return true;  // The first one holds.
    format->encoding_name = value.substr(0, slash);
    format->clock_hz = *clock_hz;
    format->channels = *channel_count;
    return true;
  }

  static bool fmtp(MediaLine& media, std::string_view value) {
    const auto payload_type = number<std::uint8_t>(take_word(value), 0, 127);
    MediaFormat* format = payload_type ? find_format(media, *payload_type) : nullptr;
    if (format == nullptr || value.empty()) return false;
    if (!format->fmtp.empty()) format->fmtp += ';';  // Some peers write one line a parameter.
    format->fmtp += value;
    return true;
  }

  static bool milliseconds(std::string_view value, std::optional<std::uint32_t>& place) {
    const auto ms = number<std::uint32_t>(value, 1, 10'000);
    if (ms && !place) place = ms;
    return ms.has_value();
  }

  static bool rtcp(MediaLine& media, std::string_view value) {
    const auto port = number<std::uint16_t>(take_word(value), 1, 65'535);
    std::optional<IpAddress> ip;
    if (!value.empty()) ip = network_address(value);
    if (!port || (!value.empty() && !ip)) return false;
    if (media.rtcp_port) return true;
    media.rtcp_port = port;
    media.rtcp_address = ip;
    return true;
  }

  /// What a media section inherits when it ends.
  void finish_media() {
    if (!in_media()) return;
    MediaLine& media = session_.media.back();
    if (!media.connection) media.connection = session_.connection;
    media.direction = media_direction_.value_or(session_direction_.value_or(Direction::send_recv));
    for (MediaFormat& f : media.formats) {
      const StaticFormat* known = f.encoding_name.empty() ? static_format(f.payload_type) : nullptr;
      if (known == nullptr) continue;
      f.encoding_name = known->encoding_name;
      f.clock_hz = known->clock_hz;
      f.channels = known->channels;
    }
  }

  const SdpLimits& limits_;
  model::SessionDescription session_;
  std::optional<Direction> session_direction_;
  std::optional<Direction> media_direction_;
  bool version_seen_ = false;
  int line_ = 0;
  int junk_line_ = 0;
  bool failed_ = false;
  SdpError error_;
};

}  // namespace

Result<model::SessionDescription, SdpError> parse_sdp(std::string_view text, const SdpLimits& limits) {
  return Parser(limits).parse(text);
}

}  // namespace tandem::sip
