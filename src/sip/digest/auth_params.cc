#include "sip/digest/auth_params.h"

#include <algorithm>

#include "base/text.h"

namespace tandem::sip {
namespace {

constexpr std::size_t kMaxBytes = 8192;
constexpr std::size_t kMaxParams = 32;

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}
bool is_token_char(char c) {
  static constexpr std::string_view kMarks = "!#$%&'*+-.^_`{|}~";
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         kMarks.find(c) != std::string_view::npos;
}

class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  void spaces() {
    while (!rest_.empty() && is_space(rest_.front())) rest_.remove_prefix(1);
  }
  bool take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  std::string_view token() {
    const auto* end = std::find_if_not(rest_.begin(), rest_.end(), is_token_char);
    const std::string_view out = rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
    rest_.remove_prefix(out.size());
    return out;
  }
  std::optional<std::string> value() {
    if (!take('"')) {
      // Some write bare values with characters that no token has, such as "/" in a nonce.
      const std::size_t end = std::min(rest_.find_first_of(", \t\r\n\""), rest_.size());
      std::string out(rest_.substr(0, end));
      rest_.remove_prefix(end);
      return out;
    }
    for (std::size_t i = 0; i < rest_.size(); ++i) {
      const auto c = static_cast<unsigned char>(rest_[i]);
      if (c == '"') {
        std::string out(rest_.substr(0, i));
        rest_.remove_prefix(i + 1);
        return out;
      }
      if (c == '\\') ++i;
      if (c < ' ' && c != '\t') return std::nullopt;
    }
    return std::nullopt;
  }
  [[nodiscard]] bool at_end() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

}  // namespace

std::optional<AuthParams> parse_digest_params(std::string_view header_value) {
  if (header_value.size() > kMaxBytes) return std::nullopt;
  Reader in(header_value);
  in.spaces();
  if (!equal_no_case(in.token(), "Digest")) return std::nullopt;
  AuthParams out;
  while (true) {
    in.spaces();
    while (in.take(',')) in.spaces();  // Empty list members are legal.
    if (in.at_end()) return out;
    std::string name(in.token());
    std::transform(name.begin(), name.end(), name.begin(), lower);
    in.spaces();
    if (name.empty() || !in.take('=')) return std::nullopt;
    in.spaces();
    auto value = in.value();
    if (!value || out.size() >= kMaxParams) return std::nullopt;
    if (!out.emplace(std::move(name), std::move(*value)).second) return std::nullopt;
    in.spaces();
    if (!in.at_end() && !in.take(',')) return std::nullopt;
  }
}

const std::string& param(const AuthParams& params, std::string_view name) {
  static const std::string kNone;
  const auto found = params.find(name);
  return found == params.end() ? kNone : found->second;
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if ((static_cast<unsigned char>(c) < ' ' && c != '\t') || c == '\x7f') continue;
    if (c == '"' || c == '\\') out.push_back('\\');
    out.push_back(c);
  }
  out.push_back('"');
  return out;
}

std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) ++i;
    out.push_back(text[i]);
  }
  return out;
}

}  // namespace tandem::sip
