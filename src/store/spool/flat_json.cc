#include "store/spool/flat_json.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "store/validation/utf8.h"

namespace tandem::store {
namespace {

void append_utf8(std::string& out, unsigned code) {
  const auto put = [&](unsigned byte) { out.push_back(static_cast<char>(byte)); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xc0 | (code >> 6)), put(0x80 | (code & 0x3f));
  } else if (code < 0x10000) {
    put(0xe0 | (code >> 12)), put(0x80 | ((code >> 6) & 0x3f)), put(0x80 | (code & 0x3f));
  } else {
    put(0xf0 | (code >> 18)), put(0x80 | ((code >> 12) & 0x3f)), put(0x80 | ((code >> 6) & 0x3f));
    put(0x80 | (code & 0x3f));
  }
}

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  void skip_blanks() {
    while (!text_.empty() && std::string_view(" \t\r\n").find(text_[0]) != std::string_view::npos)
      text_.remove_prefix(1);
  }
  bool take(char c) {
    skip_blanks();
    if (!text_.starts_with(c)) return false;
    text_.remove_prefix(1);
    return true;
  }
  [[nodiscard]] bool at_end() {
    skip_blanks();
    return text_.empty();
  }

  std::optional<std::string> string() {
    if (!take('"')) return std::nullopt;
    std::string out;
    while (!text_.empty()) {
      const char c = text_[0];
      text_.remove_prefix(1);
      if (c == '"') return out;
      if (static_cast<unsigned char>(c) < 0x20) return std::nullopt;
      if (c != '\\') {
        out.push_back(c);
      } else if (!escape(out)) {
        return std::nullopt;
      }
    }
    return std::nullopt;
  }

  std::optional<JsonScalar> scalar() {
    skip_blanks();
    if (text_.starts_with('"')) {
      auto text = string();
      if (!text) return std::nullopt;
      return JsonScalar{true, std::move(*text)};
    }
    const std::string_view literal = text_.substr(0, text_.find_first_of(",} \t\r\n"));
    text_.remove_prefix(literal.size());
    JsonScalar value{false, std::string(literal)};
    if (literal == "true" || literal == "false" || literal == "null" || value.number()) return value;
    return std::nullopt;
  }

 private:
  std::optional<unsigned> hex4() {
    unsigned code = 0;
    if (text_.size() < 4) return std::nullopt;
    const auto [end, error] = std::from_chars(text_.data(), text_.data() + 4, code, 16);
    if (error != std::errc{} || end != text_.data() + 4) return std::nullopt;
    text_.remove_prefix(4);
    return code;
  }

  bool unicode_escape(std::string& out) {
    auto code = hex4();
    if (!code || (*code >= 0xdc00 && *code < 0xe000)) return false;
    if (*code >= 0xd800 && *code < 0xdc00) {
      if (!text_.starts_with("\\u")) return false;
      text_.remove_prefix(2);
      const auto low = hex4();
      if (!low || *low < 0xdc00 || *low >= 0xe000) return false;
      code = 0x10000 + ((*code - 0xd800) << 10) + (*low - 0xdc00);
    }
    append_utf8(out, *code);
    return true;
  }

  bool escape(std::string& out) {
    if (text_.empty()) return false;
    const char c = text_[0];
    text_.remove_prefix(1);
    if (c == 'u') return unicode_escape(out);
    const auto at = std::string_view("\"\\/bfnrt").find(c);
    if (at == std::string_view::npos) return false;
    out.push_back("\"\\/\b\f\n\r\t"[at]);
    return true;
  }

  std::string_view text_;
};

}  // namespace

std::string json_quoted(std::string_view text) {
  std::string out = "\"";
  while (!text.empty()) {
    const char c = text[0];
    const std::size_t n = utf8_sequence(text);
    if (n == 0) {
      out += "\\ufffd";
    } else if (n == 1 && (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      if (c == '"' || c == '\\') out += '\\';
      out += text.substr(0, n);
    }
    text.remove_prefix(n == 0 ? 1 : n);
  }
  return out + "\"";
}

void FlatJsonWriter::key(std::string_view name) {
  if (text_.size() > 1) text_ += ',';
  text_ += json_quoted(name) + ":";
}

FlatJsonWriter& FlatJsonWriter::add(std::string_view name, std::string_view value) {
  return add_raw(name, json_quoted(value));
}
FlatJsonWriter& FlatJsonWriter::add(std::string_view name, std::int64_t value) {
  return add_raw(name, std::to_string(value));
}
FlatJsonWriter& FlatJsonWriter::add(std::string_view name, double value) {
  return std::isfinite(value) ? add_raw(name, fmt::format("{}", value)) : add_null(name);
}
FlatJsonWriter& FlatJsonWriter::add(std::string_view name, bool value) {
  return add_raw(name, value ? "true" : "false");
}
FlatJsonWriter& FlatJsonWriter::add_null(std::string_view name) {
  return add_raw(name, "null");
}
FlatJsonWriter& FlatJsonWriter::add_raw(std::string_view name, std::string_view json) {
  key(name);
  text_ += json;
  return *this;
}

std::optional<std::int64_t> JsonScalar::integer() const {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (is_text || text.empty() || error != std::errc{} || end != text.data() + text.size())
    return std::nullopt;
  return value;
}

std::optional<double> JsonScalar::number() const {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (is_text || text.empty() || error != std::errc{} || end != text.data() + text.size())
    return std::nullopt;
  return std::isfinite(value) ? std::optional(value) : std::nullopt;
}

std::optional<FlatJson> parse_flat_json(std::string_view line) {
  Reader in(line);
  FlatJson object;
  if (!in.take('{')) return std::nullopt;
  if (!in.take('}')) {
    do {
      in.skip_blanks();
      auto key = in.string();
      if (!key || !in.take(':')) return std::nullopt;
      auto value = in.scalar();
      if (!value) return std::nullopt;
      object.insert_or_assign(std::move(*key), std::move(*value));
    } while (in.take(','));
    if (!in.take('}')) return std::nullopt;
  }
  if (!in.at_end()) return std::nullopt;
  return object;
}

}  // namespace tandem::store
