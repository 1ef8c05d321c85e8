#include "server/settings/setting_value.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <utility>

namespace tandem::server {
namespace {

constexpr std::pair<std::string_view, LogLevel> kLevels[] = {{"debug", LogLevel::debug},
                                                             {"info", LogLevel::info},
                                                             {"warn", LogLevel::warn},
                                                             {"error", LogLevel::error}};
constexpr std::pair<std::string_view, model::Codec> kCodecs[] = {
    {"pcmu", model::Codec::pcmu}, {"pcma", model::Codec::pcma}, {"g722", model::Codec::g722}};
constexpr std::pair<std::string_view, SipTransport> kTransports[] = {
    {"udp", SipTransport::udp}, {"tcp", SipTransport::tcp}, {"tls", SipTransport::tls}};

template <class T, std::size_t N>
bool look_up(const std::pair<std::string_view, T> (&table)[N], std::string_view text, T& out) {
  for (const auto& [name, value] : table) {
    if (name == text) return out = value, true;
  }
  return false;
}

bool has_control(std::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return true;
  }
  return false;
}

// parse_item: one element of a list, or a value written as text.
bool parse_item(std::string_view text, model::IpAddress& out) {
  const auto ip = model::IpAddress::parse(text);
  if (ip) out = *ip;
  return ip.has_value();
}
bool parse_item(std::string_view text, model::IpBlock& out) {
  const auto block = model::IpBlock::parse(text);
  if (block) out = *block;
  return block.has_value();
}
bool parse_item(std::string_view text, model::SocketAddress& out) {
  const auto address = model::SocketAddress::parse(text);
  if (!address || text.find(':') == std::string_view::npos || text.ends_with(']') || text.ends_with(':'))
    return false;
  if (model::IpAddress::parse(text)) return false;  // A bare IPv6 address, without a port.
  out = *address;
  return true;
}
bool parse_item(std::string_view text, SipListen& out) {
  const auto colon = text.find(':');
  return colon != std::string_view::npos && look_up(kTransports, text.substr(0, colon), out.transport) &&
         parse_item(text.substr(colon + 1), out.address);
}
bool parse_item(std::string_view text, model::Codec& out) {
  return look_up(kCodecs, text, out);
}

std::string bounds_text(const SettingSpec& spec) {
  return fmt::format("{} to {}", spec.min, spec.max);
}

/// Overloads of Setter::operator() return what is allowed instead, or nothing.
struct Setter {
  const SettingSpec& spec;
  const RawValue& raw;

  [[nodiscard]] std::string must_be() const { return "must be " + allowed(spec); }
  [[nodiscard]] bool in_bounds(double v) const { return v >= spec.min && v <= spec.max; }

  std::string operator()(bool& out) const {
    const auto* v = std::get_if<bool>(&raw);
    if (v == nullptr) return must_be();
    out = *v;
    return {};
  }
  std::string operator()(std::int64_t& out) const {
    const auto* v = std::get_if<std::int64_t>(&raw);
    if (v == nullptr) return must_be();
    if (!in_bounds(static_cast<double>(*v))) return fmt::format("{}, but is {}", must_be(), *v);
    out = *v;
    return {};
  }
  std::string operator()(double& out) const {
    double value = NAN;
    if (const auto* whole = std::get_if<std::int64_t>(&raw)) value = static_cast<double>(*whole);
    if (const auto* real = std::get_if<double>(&raw)) value = *real;
    if (std::isnan(value)) return must_be();
    if (!in_bounds(value)) return fmt::format("{}, but is {}", must_be(), value);
    out = value;
    return {};
  }
  std::string operator()(std::string& out) const {
    const auto* v = std::get_if<std::string>(&raw);
    if (v == nullptr || !in_bounds(static_cast<double>(v->size())) || has_control(*v)) return must_be();
    out = *v;
    return {};
  }
  std::string operator()(LogLevel& out) const {
    const auto* v = std::get_if<std::string>(&raw);
    return v != nullptr && look_up(kLevels, *v, out) ? std::string() : must_be();
  }
  std::string operator()(model::SocketAddress& out) const {
    const auto* v = std::get_if<std::string>(&raw);
    return v != nullptr && parse_item(*v, out) ? std::string() : must_be();
  }
  std::string operator()(std::optional<model::IpAddress>& out) const {
    const auto* v = std::get_if<std::string>(&raw);
    if (v == nullptr) return must_be();
    out.reset();
    return v->empty() || parse_item(*v, out.emplace()) ? std::string() : must_be();
  }
  template <class T>
  std::string operator()(std::vector<T>& out) const {
    const auto* list = std::get_if<std::vector<std::string>>(&raw);
    if (list == nullptr) return must_be();
    if (!in_bounds(static_cast<double>(list->size())))
      return fmt::format("{}, but has {} elements", must_be(), list->size());
    std::vector<T> items;
    for (const auto& text : *list) {
      T item{};
      if (!parse_item(text, item))
        return fmt::format("\"{}\" is not allowed: {}", text.substr(0, 100), must_be());
      for (const T& earlier : items) {
        if (earlier == item) return fmt::format("\"{}\" occurs twice", text.substr(0, 100));
      }
      items.push_back(item);
    }
    out = std::move(items);
    return {};
  }
};

struct Describer {
  const SettingSpec& spec;
  [[nodiscard]] std::string list_of(std::string_view what) const {
    return fmt::format("a list of {} {}", bounds_text(spec), what);
  }
  std::string operator()(FieldOf<bool>) const { return "true or false"; }
  std::string operator()(FieldOf<std::int64_t>) const { return "a whole number, " + bounds_text(spec); }
  std::string operator()(FieldOf<double>) const { return "a number, " + bounds_text(spec); }
  std::string operator()(FieldOf<std::string>) const {
    return fmt::format("text of {} characters, none of them a control character", bounds_text(spec));
  }
  std::string operator()(FieldOf<LogLevel>) const { return R"("debug", "info", "warn" or "error")"; }
  std::string operator()(FieldOf<model::SocketAddress>) const {
    return R"(an address and a port such as "127.0.0.1:8080" or "[::1]:8080")";
  }
  std::string operator()(FieldOf<std::optional<model::IpAddress>>) const {
    return R"(an IP address, or "" for none)";
  }
  std::string operator()(FieldOf<std::vector<model::IpAddress>>) const { return list_of("IP addresses"); }
  std::string operator()(FieldOf<std::vector<model::IpBlock>>) const {
    return list_of(R"(address blocks such as "10.1.0.0/16" or "2001:db8::/32")");
  }
  std::string operator()(FieldOf<std::vector<SipListen>>) const {
    return list_of(R"(texts such as "udp:192.0.2.1:5060", "tcp:[::]:5060" or "tls:0.0.0.0:5061")");
  }
  std::string operator()(FieldOf<std::vector<model::Codec>>) const {
    return list_of(R"(of "pcmu", "pcma", "g722")");
  }
};

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> items;
  while (!text.empty()) {
    const auto comma = std::min(text.find(','), text.size());
    std::string_view item = text.substr(0, comma);
    while (item.starts_with(' ')) item.remove_prefix(1);
    while (item.ends_with(' ')) item.remove_suffix(1);
    items.emplace_back(item);
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return items;
}

template <class T>
RawValue number(std::string_view text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return {};
  return value;
}

struct TextReader {
  std::string_view text;
  RawValue operator()(FieldOf<bool>) const {
    if (text == "true" || text == "1") return true;
    if (text == "false" || text == "0") return false;
    return {};
  }
  RawValue operator()(FieldOf<std::int64_t>) const { return number<std::int64_t>(text); }
  RawValue operator()(FieldOf<double>) const { return number<double>(text); }
  template <class T>
  RawValue operator()(FieldOf<std::vector<T>>) const {
    return split(text);
  }
  template <class T>
  RawValue operator()(FieldOf<T>) const {
    return std::string(text);
  }
};

}  // namespace

std::string assign(const SettingSpec& spec, const RawValue& value, Settings& settings) {
  return std::visit([&](auto field) { return Setter{spec, value}(field(settings)); }, spec.field);
}

std::string allowed(const SettingSpec& spec) {
  return std::visit(Describer{spec}, spec.field);
}

RawValue raw_from_text(const SettingSpec& spec, std::string_view text) {
  return std::visit(TextReader{text}, spec.field);
}

}  // namespace tandem::server
