#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "sip/sdp/rtp_formats.h"
#include "sip/sdp/sdp.h"

namespace tandem::sip {
namespace {

using model::Direction;
using model::IpAddress;

const char* family_name(const IpAddress& ip) {
  return ip.family == IpAddress::Family::v6 ? "IP6" : "IP4";
}

const char* direction_name(Direction d) {
  switch (d) {
    case Direction::send_recv:
      return "sendrecv";
    case Direction::send_only:
      return "sendonly";
    case Direction::recv_only:
      return "recvonly";
    case Direction::inactive:
      return "inactive";
  }
  return "sendrecv";
}

class Writer {
 public:
  void session(const model::SessionDescription& s) {
    out_.reserve(512);
    line("v=0");
    line(fmt::format("o={} {} {} IN {} {}", s.origin_user.empty() ? "-" : s.origin_user, s.session_id,
                     s.session_version, family_name(s.origin_address), s.origin_address.str()));
    line(fmt::format("s={}", s.session_name.empty() ? "-" : s.session_name));
    if (s.connection) connection(*s.connection);
    line("t=0 0");
    for (const auto& [name, value] : s.attributes) attribute(name, value);
    for (const auto& m : s.media) media(m, s.connection);
  }

  std::string take() { return std::move(out_); }

 private:
  // The one door for text: nothing that ends a line gets through.
  void line(std::string_view text) {
    const std::size_t start = out_.size();
    out_ += text;
    const auto ends_line = [](char c) { return c == '\r' || c == '\n' || c == '\0'; };
    out_.erase(std::remove_if(out_.begin() + static_cast<std::ptrdiff_t>(start), out_.end(), ends_line),
               out_.end());
    out_ += "\r\n";
  }

  void connection(const IpAddress& ip) { line(fmt::format("c=IN {} {}", family_name(ip), ip.str())); }

  void attribute(std::string_view name, std::string_view value) {
    line(value.empty() ? fmt::format("a={}", name) : fmt::format("a={}:{}", name, value));
  }

  void media(const model::MediaLine& m, const std::optional<IpAddress>& session_connection) {
    std::string head = fmt::format("m={} {} {}", m.kind, m.port, m.protocol);
    for (const auto& f : m.formats) fmt::format_to(std::back_inserter(head), " {}", f.payload_type);
    for (const auto& token : m.format_tokens) fmt::format_to(std::back_inserter(head), " {}", token);
    line(head);
    if (m.connection && m.connection != session_connection) connection(*m.connection);
    for (const auto& f : m.formats) format(f);
    if (m.ptime_ms) line(fmt::format("a=ptime:{}", *m.ptime_ms));
    if (m.maxptime_ms) line(fmt::format("a=maxptime:{}", *m.maxptime_ms));
    if (m.rtcp_port) rtcp(*m.rtcp_port, m.rtcp_address);
    if (m.rtcp_mux) line("a=rtcp-mux");
    for (const auto& key : m.crypto) attribute("crypto", key);
    const bool is_rtp = is_rtp_protocol(m.protocol);
    if (is_rtp || m.direction != Direction::send_recv) line(fmt::format("a={}", direction_name(m.direction)));
    for (const auto& [name, value] : m.attributes) attribute(name, value);
  }

  void format(const model::MediaFormat& f) {
    if (!f.encoding_name.empty()) {
      const std::string channels = f.channels == 1 ? "" : fmt::format("/{}", f.channels);
      line(fmt::format("a=rtpmap:{} {}/{}{}", f.payload_type, f.encoding_name, f.clock_hz, channels));
    }
    if (!f.fmtp.empty()) line(fmt::format("a=fmtp:{} {}", f.payload_type, f.fmtp));
  }

  void rtcp(std::uint16_t port, const std::optional<IpAddress>& ip) {
    line(ip ? fmt::format("a=rtcp:{} IN {} {}", port, family_name(*ip), ip->str())
            : fmt::format("a=rtcp:{}", port));
  }

  std::string out_;
};

}  // namespace

std::string write_sdp(const model::SessionDescription& session) {
  Writer writer;
  writer.session(session);
  return writer.take();
}

}  // namespace tandem::sip
