#include "sip/sdp/multipart.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

#include "base/text.h"

namespace tandem::sip {
namespace {

constexpr std::size_t kMaxParts = 16;
constexpr int kMaxDepth = 3;
constexpr std::size_t kMaxBoundary = 70;  // RFC 2046 5.1.1.

constexpr std::string_view kBlanks = " \t\r\n";

std::string_view media_type(std::string_view content_type) {
  return trim(content_type.substr(0, content_type.find(';')), kBlanks);
}

bool is_multipart(std::string_view content_type) {
  constexpr std::array<std::string_view, 3> kKnown{"multipart/mixed", "multipart/alternative",
                                                   "multipart/related"};
  return std::any_of(kKnown.begin(), kKnown.end(), [type = media_type(content_type)](std::string_view known) {
    return equal_no_case(type, known);
  });
}

// The boundary parameter, or empty.
std::string boundary_of(std::string_view content_type) {
  std::size_t at = content_type.find(';');
  while (at != std::string_view::npos) {
    std::string_view rest = content_type.substr(at + 1);
    const std::size_t equals = rest.find_first_of("=;");
    if (equals == std::string_view::npos) return {};
    const std::string_view name = trim(rest.substr(0, equals), kBlanks);
    if (rest[equals] == ';') {
      at += 1 + equals;
      continue;
    }
    rest = trim(rest.substr(equals + 1), kBlanks);
    std::string value;
    std::size_t end = 0;
    if (!rest.empty() && rest.front() == '"') {
      for (end = 1; end < rest.size() && rest[end] != '"'; ++end) {
        if (rest[end] == '\\' && end + 1 < rest.size()) ++end;
        value.push_back(rest[end]);
      }
      end = std::min(end + 1, rest.size());
    } else {
      end = std::min(rest.find(';'), rest.size());
      value = trim(rest.substr(0, end), kBlanks);
    }
    if (equal_no_case(name, "boundary")) return value.size() <= kMaxBoundary ? value : std::string();
    const auto consumed = static_cast<std::size_t>(rest.data() + end - content_type.data());
    at = content_type.find(';', consumed);
  }
  return {};
}

struct Part {
  std::string_view content_type;
  std::string_view body;
  bool encoded = false;
};

Part split_part(std::string_view text) {
  Part out;
  for (;;) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    line = trim(line, kBlanks);
    if (line.empty()) break;
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    const std::string_view name = trim(line.substr(0, colon), kBlanks);
    const std::string_view value = trim(line.substr(colon + 1), kBlanks);
    if (equal_no_case(name, "Content-Type") || equal_no_case(name, "c")) {
      out.content_type = value;
    } else if (equal_no_case(name, "Content-Transfer-Encoding")) {
      out.encoded =
          !equal_no_case(value, "7bit") && !equal_no_case(value, "8bit") && !equal_no_case(value, "binary");
    } else if (equal_no_case(name, "Content-Encoding") || equal_no_case(name, "e")) {
      out.encoded = out.encoded || !equal_no_case(value, "identity");
    }
  }
  out.body = text;
  return out;
}

// Where the next delimiter line begins, and where what follows it begins.
struct Delimiter {
  std::size_t begin = std::string_view::npos;
  std::size_t after = 0;
  bool last = false;
};

Delimiter next_delimiter(std::string_view body, const std::string& dashes, std::size_t from) {
  for (std::size_t at = body.find(dashes, from); at != std::string_view::npos;
       at = body.find(dashes, at + 1)) {
    if (at != 0 && body[at - 1] != '\n') continue;
    Delimiter out{at, at + dashes.size(), false};
    if (body.substr(out.after, 2) == "--") return {at, out.after + 2, true};
    // Only blanks may stand behind it; else it is the text of a longer line.
    const std::size_t end = body.find('\n', out.after);
    if (end == std::string_view::npos || !trim(body.substr(out.after, end - out.after), kBlanks).empty())
      continue;
    out.after = end + 1;
    return out;
  }
  return {};
}

// The line break before a delimiter belongs to the delimiter.
std::string_view without_last_break(std::string_view text) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

std::optional<std::string_view> find_within(std::string_view content_type, std::string_view body,
                                            std::string_view wanted, int depth) {
  if (depth > kMaxDepth || !is_multipart(content_type)) return std::nullopt;
  const std::string boundary = boundary_of(content_type);
  if (boundary.empty()) return std::nullopt;
  const std::string dashes = "--" + boundary;
  Delimiter at = next_delimiter(body, dashes, 0);
  for (std::size_t i = 0; i < kMaxParts && at.begin != std::string_view::npos && !at.last; ++i) {
    const Delimiter end = next_delimiter(body, dashes, at.after);
    if (end.begin == std::string_view::npos) return std::nullopt;  // Cut off.
    const Part part = split_part(without_last_break(body.substr(at.after, end.begin - at.after)));
    if (!part.encoded) {
      if (equal_no_case(media_type(part.content_type), wanted)) return part.body;
      if (const auto inner = find_within(part.content_type, part.body, wanted, depth + 1)) return inner;
    }
    at = end;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string_view> find_part(std::string_view content_type, std::string_view body,
                                          std::string_view wanted) {
  return find_within(content_type, body, wanted, 1);
}

}  // namespace tandem::sip
