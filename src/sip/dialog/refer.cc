#include "sip/dialog/refer.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "base/text.h"

namespace tandem::sip::dialog {
namespace {

constexpr std::size_t kMaxReplacesBytes = 512;
constexpr std::size_t kMaxUriHeaderBytes = 4096;
constexpr std::size_t kMaxUriHeaders = 32;
constexpr std::size_t kMaxReasonBytes = 128;

bool starts_with(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size() && equal_no_case(text.substr(0, prefix.size()), prefix);
}

bool visible(std::string_view text, std::string_view but_not) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    const auto u = static_cast<unsigned char>(c);
    return u > 0x20 && u < 0x7f && but_not.find(c) == std::string_view::npos;
  });
}

// Cuts the next piece off at `separator`, but not at one within quotes.
std::string_view cut(std::string_view& text, char separator) {
  bool quoted = false;
  std::size_t i = 0;
  for (; i < text.size(); ++i) {
    if (quoted && text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      quoted = !quoted;
    } else if (!quoted && text[i] == separator) {
      break;
    }
  }
  const std::string_view piece = text.substr(0, i);
  text = i < text.size() ? text.substr(i + 1) : std::string_view();
  return piece;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char l = lower(c);
  return l >= 'a' && l <= 'f' ? l - 'a' + 10 : -1;
}

std::optional<std::string> unescape(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out.push_back(text[i]);
      continue;
    }
    if (i + 2 >= text.size()) return std::nullopt;
    const int high = hex_digit(text[i + 1]);
    const int low = hex_digit(text[i + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    out.push_back(static_cast<char>(high * 16 + low));
    i += 2;
  }
  return out;
}

}  // namespace

std::optional<ReplacesInfo> parse_replaces(std::string_view value) {
  if (value.size() > kMaxReplacesBytes) return std::nullopt;
  ReplacesInfo out;
  std::string_view rest = value;
  const std::string_view call_id = trim(cut(rest, ';'));
  if (!visible(call_id, ";,")) return std::nullopt;
  out.call_id = call_id;
  while (!rest.empty()) {
    std::string_view param = cut(rest, ';');
    const std::string_view name = trim(cut(param, '='));
    const std::string_view text = trim(param);
    const bool to = equal_no_case(name, "to-tag");
    if (to || equal_no_case(name, "from-tag")) {
      std::string& tag = to ? out.to_tag : out.from_tag;
      if (!tag.empty() || !visible(text, ";,\"<>=")) return std::nullopt;
      tag = text;
    } else if (equal_no_case(name, "early-only")) {
      out.early_only = true;
    } else if (!visible(name, ",")) {
      return std::nullopt;
    } else if (text.find(',') != std::string_view::npos && text.find('"') == std::string_view::npos) {
      return std::nullopt;  // A second value in one line: Replaces has but one.
    }
  }
  if (out.to_tag.empty() || out.from_tag.empty()) return std::nullopt;
  return out;
}

std::optional<StatusLine> parse_sipfrag(std::string_view body) {
  while (!body.empty() && (body.front() == '\r' || body.front() == '\n')) body.remove_prefix(1);
  std::string_view line = body.substr(0, body.find_first_of("\r\n"));
  constexpr std::string_view kVersion = "SIP/2.0 ";
  if (!starts_with(line, kVersion)) return std::nullopt;
  line.remove_prefix(kVersion.size());
  if (line.size() < 3 || (line.size() > 3 && line[3] != ' ')) return std::nullopt;
  StatusLine out;
  for (const char c : line.substr(0, 3)) {
    if (c < '0' || c > '9') return std::nullopt;
    out.code = out.code * 10 + (c - '0');
  }
  if (out.code < 100 || out.code > 699) return std::nullopt;
  for (const char c : trim(line.substr(3)).substr(0, kMaxReasonBytes)) {
    if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f) out.reason.push_back(c);
  }
  return out;
}

std::optional<Headers> parse_uri_headers(std::string_view text) {
  if (text.size() > kMaxUriHeaderBytes) return std::nullopt;
  Headers out;
  while (!text.empty()) {
    const std::size_t end = text.find('&');
    const std::string_view piece = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    const std::size_t equals = piece.find('=');
    if (equals == std::string_view::npos || equals == 0 || out.size() >= kMaxUriHeaders) return std::nullopt;
    auto name = unescape(piece.substr(0, equals));
    auto value = unescape(piece.substr(equals + 1));
    if (!name || !value) return std::nullopt;
    out.emplace_back(std::move(*name), std::move(*value));
  }
  return out;
}

std::string escape_uri_header(std::string_view value) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (const char c : value) {
    const auto u = static_cast<unsigned char>(c);
    if (std::isalnum(u) != 0 || std::string_view("-_.!~*'()").find(c) != std::string_view::npos) {
      out.push_back(c);
    } else {
      out.push_back('%');
      out.push_back(kHex[u >> 4U]);
      out.push_back(kHex[u & 15U]);
    }
  }
  return out;
}

bool plain_uri(std::string_view uri) {
  if (uri.size() > 1024 || !visible(uri, "<>\"?")) return false;
  constexpr std::array<std::string_view, 3> kSchemes{"sip:", "sips:", "tel:"};
  return std::any_of(kSchemes.begin(), kSchemes.end(), [&](std::string_view scheme) {
    return uri.size() > scheme.size() && starts_with(uri, scheme);
  });
}

namespace {

ReferStep finish(int code, std::string reason) {
  return {ReferDone{}, ReferProgress{code, std::move(reason), true}};
}

struct Stepper {
  const ReferState& state;

  ReferStep operator()(const ReferResponse& e) const {
    if (e.code < 200) return {state, std::nullopt};
    if (e.code >= 300) return finish(e.code, e.reason);
    if (!e.reports) return finish(202, "Accepted");
    if (std::holds_alternative<ReferSent>(state)) return {ReferAccepted{}, std::nullopt};
    return {state, std::nullopt};
  }
  ReferStep operator()(const ReferNotify& e) const {
    if (e.status.code >= 200 || e.terminated) return finish(e.status.code, e.status.reason);
    return {ReferReporting{}, ReferProgress{e.status.code, e.status.reason, false}};
  }
  ReferStep operator()(const ReferTimeout&) const { return finish(408, "No Report"); }
  ReferStep operator()(const ReferLegEnded&) const { return finish(481, "Call Ended"); }
};

}  // namespace

ReferStep step(const ReferState& state, const ReferEvent& event) {
  if (std::holds_alternative<ReferDone>(state)) return {state, std::nullopt};
  return std::visit(Stepper{state}, event);
}

}  // namespace tandem::sip::dialog
